"""How often the first, or one of the first three, suggestions is what the people committed.

    python benchmarks/suggest.py DIR                 by what ships
    python benchmarks/suggest.py DIR --model none    by the trees alone, the yardstick

DIR holds case folders at any depth, as `benchmarks/cases.py` writes them: base.EXT, ours.EXT,
theirs.EXT and expected.EXT. The conflicts are those that `git merge-file --diff3` leaves; what
people made of one is what stands in its place in expected.EXT. White space does not count, nor do
conflicts of a file past its tenth.
"""

import argparse
import json
import os
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gitmerge_ai.resolving.alignment import aligned
from gitmerge_ai.resolving.proposing.candidates import Context, candidates
from gitmerge_ai.resolving.suggesting import suggest
from gitmerge_ai.text.markers import Region, Segment, parse, regions
from gitmerge_ai.text.words import squeezed

# One file with hundreds of conflicts of a kind must not outweigh the others.
MOST_PER_FILE = 10


@dataclass(frozen=True)
class Answer:
    """What became of one conflict: the rank of the right suggestion (0 if none), and baselines."""

    language: str
    rank: int
    confidence: float
    ours: bool
    theirs: bool
    tokens: bool
    seconds: float


def cases(folder: Path) -> Iterator[Path]:
    yield from sorted({path.parent for path in folder.rglob("expected*")})


def read(case: Path) -> tuple[str, list[Segment], list[str | None], str]:
    """Give a case's marked text, its segments, what people made of each conflict, and its path."""
    ours, base, theirs, expected = (
        next(case.glob(f"{name}*")) for name in ("ours", "base", "theirs", "expected")
    )
    command = ["git", "merge-file", "-p", "--diff3", ours, base, theirs]
    merged = subprocess.run(command, capture_output=True, check=False).stdout
    text = merged.decode("utf-8", "surrogateescape")
    segments = parse(text, 7)
    facts = case / "meta.json"
    path = json.loads(facts.read_bytes())["path"] if facts.exists() else ours.name
    truth = aligned(segments, expected.read_bytes().decode("utf-8", "surrogateescape"))
    return text, segments, truth, path


def answers(case: Path, model: str) -> list[Answer]:
    text, segments, truths, path = read(case)
    start = time.perf_counter()
    given = suggest(text, path=path, top=100, size=7, model=model)
    seconds = (time.perf_counter() - start) / max(1, len(given))
    found = []
    for region, one, truth in zip(regions(segments), given, truths, strict=True):
        if truth is None or len(found) == MOST_PER_FILE:
            continue
        right = squeezed(truth)
        texts = [squeezed(resolution.text) for resolution in one.resolutions]
        found.append(
            Answer(
                case.parent.name,
                texts.index(right) + 1 if right in texts else 0,
                one.resolutions[0].confidence,
                squeezed(region.ours) == right,
                squeezed(region.theirs) == right,
                squeezed(token_merge(region) or region.ours) == right,
                seconds,
            )
        )
    return found


def token_merge(region: Region) -> str | None:
    for candidate in candidates(region, Context()):
        if "merged tokens" in candidate.patterns:
            return candidate.text
    return None


def report(given: list[Answer]) -> None:
    rows: dict[str, list[Answer]] = defaultdict(list)
    for one in given:
        rows[one.language].append(one)
    rows["source"] = [one for one in given if one.language != "other"]
    rows["all"] = given
    columns = ("ours", "theirs", "tokens", "top-1", "top-3", "any", "ms")
    print(f"{'':12}{'regions':>8}" + "".join(f"{name:>8}" for name in columns))
    for language, some in rows.items():
        times = sorted(one.seconds for one in some) or [0.0]
        figures = [
            share(one.ours for one in some),
            share(one.theirs for one in some),
            share(one.tokens for one in some),
            share(one.rank == 1 for one in some),
            share(1 <= one.rank <= 3 for one in some),
            share(one.rank > 0 for one in some),
            1000 * times[len(times) // 2],
        ]
        print(f"{language:12}{len(some):8}" + "".join(f"{each:8.1f}" for each in figures))
    print(f"\n{'confidence':12}{'regions':>8}{'mean':>8}{'right':>8}")
    for low in range(10):
        some = [one for one in given if low <= 10 * one.confidence < low + 1 + (low == 9)]
        mean = 100 * sum(one.confidence for one in some) / max(1, len(some))
        right = share(one.rank == 1 for one in some)
        print(f"{10 * low:3} to {10 * low + 10:3}  {len(some):8}{mean:8.1f}{right:8.1f}")
    print(f"\n{'surest':12}{'right':>8}")
    best = sorted(given, key=lambda one: -one.confidence)
    for percent in (5, 10, 20, 30, 50):
        some = best[: max(1, len(best) * percent // 100)]
        print(f"{percent:10} %{share(one.rank == 1 for one in some):8.1f}")


def share(values: Iterable[bool]) -> float:
    found = list(values)
    return 100 * sum(found) / max(1, len(found))


def main() -> None:
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("folder", type=Path, metavar="DIR")
    reader.add_argument("--model", default="", help="as gitmerge-ai.model has it")
    reader.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    options = reader.parse_args()
    work = partial(answers, model=options.model)
    with ProcessPoolExecutor(options.jobs) as pool:
        report([x for xs in pool.map(work, cases(options.folder), chunksize=8) for x in xs])


if __name__ == "__main__":
    main()
