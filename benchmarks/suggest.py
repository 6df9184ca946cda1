"""How often the first, or one of the first three, suggestions is what the people committed.

    python benchmarks/suggest.py DIR            print the figures for the cases under DIR
    python benchmarks/suggest.py DIR --fit      learn gitmerge_ai/resolving/weights.py from them

DIR holds case folders at any depth, as `benchmarks/cases.py` writes them: base.EXT, ours.EXT,
theirs.EXT and expected.EXT. The conflicts are those that `git merge-file --diff3` leaves; what
people made of one is what stands in its place in expected.EXT. White space does not count, nor do
conflicts of a file past its tenth.
"""

import argparse
import json
import math
import os
import random
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from gitmerge_ai.resolving import weights
from gitmerge_ai.resolving.alignment import aligned
from gitmerge_ai.resolving.candidates import Context, candidates
from gitmerge_ai.resolving.features import Features, Scale
from gitmerge_ai.resolving.rules import softmax
from gitmerge_ai.resolving.suggesting import contexts, suggest
from gitmerge_ai.resolving.tokens import squeezed
from gitmerge_ai.text.markers import Region, Segment, parse, regions

# One file with hundreds of conflicts of a kind must not outweigh the others.
MOST_PER_FILE = 10
# So many lessons, one is given a second time as it looks where the markers do not show the base.
BASELESS = 4
# Of the learning: passes over the lessons, step, ridge, how often a feature must be seen.
PASSES, RATE, RIDGE, RAREST = 14, 0.1, 2e-5, 30


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


@dataclass(frozen=True)
class Lesson:
    """One conflict's options with their features, the last being "none", and which is right."""

    options: list[Features]
    right: int


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


def answers(case: Path) -> list[Answer]:
    text, segments, truths, path = read(case)
    start = time.perf_counter()
    given = suggest(text, path=path, top=100, size=7)
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


def lessons(case: Path) -> list[Lesson]:
    _, segments, truths, path = read(case)
    around = contexts(segments, path)
    known = [
        (region, context, squeezed(truth))
        for region, context, truth in zip(regions(segments), around, truths, strict=True)
        if truth is not None
    ][:MOST_PER_FILE]
    baseless = [
        (region._replace(base=None), replace(context, merged=None), right)
        for region, context, right in known
        if hash_of(region) % BASELESS == 0
    ]
    return [lesson(*one) for one in known + baseless]


def hash_of(region: Region) -> int:
    return sum(map(ord, region.ours + region.theirs))


def lesson(region: Region, context: Context, right: str) -> Lesson:
    options = candidates(region, context)
    scale = Scale(region, context)
    texts = [squeezed(option.text) for option in options]
    at = texts.index(right) if right in texts else len(options)
    return Lesson([*(scale.of(option) for option in options), scale.none()], at)


def fit(given: list[Lesson]) -> dict[str, float]:
    """Learn weights by maximum likelihood (Adagrad, a small ridge, the later passes averaged)."""
    seen = Counter(name for one in given for option in one.options for name in option)
    table = {name: 0.0 for name, count in sorted(seen.items()) if count >= RAREST}
    squares = dict.fromkeys(table, 1e-6)
    total = dict.fromkeys(table, 0.0)
    data = [
        ([[(n, v) for n, v in o.items() if n in table] for o in one.options], one.right)
        for one in given
    ]
    order = random.Random(1)
    for turn in range(PASSES):
        order.shuffle(data)
        loss = 0.0
        for options, right in data:
            chances = softmax([sum(table[n] * v for n, v in o) for o in options])
            loss -= math.log(max(chances[right], 1e-9))
            for name, slope in slopes(options, right, chances).items():
                slope += RIDGE * table[name]
                squares[name] += slope * slope
                table[name] -= RATE * slope / math.sqrt(squares[name])
        if turn >= PASSES // 2:
            total = {name: total[name] + value for name, value in table.items()}
        print(f"pass {turn + 1}: log loss {loss / len(data):.4f}", flush=True)
    return {name: round(value / (PASSES - PASSES // 2), 3) for name, value in total.items()}


def slopes(
    options: list[list[tuple[str, float]]], right: int, chances: list[float]
) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for at, (option, chance) in enumerate(zip(options, chances, strict=True)):
        error = chance - (at == right)
        for name, value in option:
            found[name] += error * value
    return found


def write(table: dict[str, float], count: int) -> None:
    rows = "".join(f'    "{name}": {value},\n' for name, value in table.items() if value)
    Path(weights.__file__).write_text(
        '"""The weights of `rules.py`: a table of numbers, learned and not made up.\n\n'
        f"Learned from {count} conflicts that people settled (`benchmarks/cases.py`) by\n"
        "`python benchmarks/suggest.py DIR --fit`.\n"
        f'"""\n\nWEIGHTS: dict[str, float] = {{\n{rows}}}\n'
    )


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
    reader.add_argument("--fit", action="store_true", help="learn the weights and write them")
    reader.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    options = reader.parse_args()
    with ProcessPoolExecutor(options.jobs) as pool:
        if options.fit:
            found = [x for xs in pool.map(lessons, cases(options.folder), chunksize=8) for x in xs]
            write(fit(found), len(found))
        else:
            report([x for xs in pool.map(answers, cases(options.folder), chunksize=8) for x in xs])


if __name__ == "__main__":
    main()
