"""How often the first, or one of the first three, suggestions is what the people committed.

    python benchmarks/suggest.py DIR            print the figures for the cases under DIR
    python benchmarks/suggest.py DIR --fit      learn gitmerge_ai/resolving/weights.py from them

DIR holds case folders at any depth, each with base.EXT, ours.EXT, theirs.EXT and expected.EXT. The
conflicts are those that `git merge-file --diff3` leaves; what the people made of one is what
stands in its place in expected.EXT. White space does not count, nor do conflicts of a
file past its tenth.
"""

import argparse
import json
import math
import os
import random
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from gitmerge_ai.resolving import weights
from gitmerge_ai.resolving.alignment import aligned
from gitmerge_ai.resolving.candidates import candidates
from gitmerge_ai.resolving.features import Features, Scale
from gitmerge_ai.resolving.rules import softmax
from gitmerge_ai.resolving.suggesting import contexts, suggest
from gitmerge_ai.resolving.tokens import squeezed
from gitmerge_ai.text.markers import Region, parse, regions

PASSES = 12
RATE = 0.1
RIDGE = 1e-5
LEAST = 0.02
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
    token_merge: bool
    covered: bool
    seconds: float


@dataclass(frozen=True)
class Lesson:
    """One conflict's options with their features, the last being "none", and which is right."""

    options: list[Features]
    right: int


def cases(folder: Path) -> Iterator[Path]:
    yield from sorted({path.parent for path in folder.rglob("expected*")})


def marked(case: Path) -> tuple[str, str, str]:
    """Give a case's marked text, its expected text and its path."""
    files = {name: next(case.glob(f"{name}*")) for name in ("ours", "base", "theirs", "expected")}
    command = ["git", "merge-file", "-p", "--diff3", *map(str, list(files.values())[:3])]
    text = subprocess.run(command, capture_output=True, check=False).stdout
    expected = files["expected"].read_bytes()
    facts = case / "meta.json"
    name = "file" + files["ours"].suffix
    if facts.exists():
        name = json.loads(facts.read_text(encoding="utf-8"))["path"]
    decoded = (data.decode("utf-8", "surrogateescape") for data in (text, expected))
    return *decoded, name


def language_of(case: Path) -> str:
    return case.parent.name


def answers(case: Path) -> list[Answer]:
    text, expected, path = marked(case)
    segments = parse(text, 7)
    truths = aligned(segments, expected)
    start = time.perf_counter()
    given = suggest(text, path=path, top=100, size=7)
    seconds = (time.perf_counter() - start) / max(1, len(given))
    found = []
    for region, suggestions, truth in zip(regions(segments), given, truths, strict=True):
        if truth is None:
            continue
        right = squeezed(truth)
        all_of = [squeezed(r.text) for r in suggestions.resolutions]
        at = all_of.index(right) + 1 if right in all_of else 0
        merged = [r.text for r in suggestions.resolutions if r.pattern == "merged tokens"]
        found.append(
            Answer(
                language_of(case),
                at,
                suggestions.resolutions[0].confidence,
                squeezed(region.ours) == right,
                squeezed(region.theirs) == right,
                squeezed(merged[0] if merged else region.ours) == right,
                at > 0,
                seconds,
            )
        )
    return found[:MOST_PER_FILE]


def lessons(case: Path) -> list[Lesson]:
    text, expected, path = marked(case)
    segments = parse(text, 7)
    found = []
    around = contexts(segments, path)
    truths = aligned(segments, expected)
    for region, context, truth in zip(regions(segments), around, truths, strict=True):
        if truth is not None:
            found.append(lesson(region, context, squeezed(truth)))
    return found[:MOST_PER_FILE]


def lesson(region: Region, context, right: str) -> Lesson:  # type: ignore[no-untyped-def]
    options = candidates(region, context)
    scale = Scale(region, context)
    texts = [squeezed(option.text) for option in options]
    at = texts.index(right) if right in texts else len(options)
    return Lesson([*(scale.of(option) for option in options), scale.none()], at)


def fit(given: list[Lesson]) -> dict[str, float]:
    """Learn weights by maximum likelihood (Adagrad, a small ridge, the later passes averaged)."""
    seen = Counter(name for one in given for option in one.options for name in option)
    table = {name: 0.0 for name, count in seen.items() if count >= 30}
    squares = dict.fromkeys(table, 1e-6)
    data = [
        ([[(n, v) for n, v in o.items() if n in table] for o in one.options], one.right)
        for one in given
    ]
    order = random.Random(1)
    total = dict.fromkeys(table, 0.0)
    for turn in range(PASSES):
        order.shuffle(data)
        loss = 0.0
        for options, right in data:
            chances = softmax([sum(table[n] * v for n, v in o) for o in options])
            loss -= math.log(max(chances[right], 1e-9))
            gradient: dict[str, float] = defaultdict(float)
            for at, (option, chance) in enumerate(zip(options, chances, strict=True)):
                error = chance - (at == right)
                if abs(error) > 1e-4:
                    for name, value in option:
                        gradient[name] += error * value
            for name, slope in gradient.items():
                slope += RIDGE * table[name]
                squares[name] += slope * slope
                table[name] -= RATE * slope / math.sqrt(squares[name])
        if turn >= PASSES // 2:
            for name, value in table.items():
                total[name] += value
        print(f"pass {turn + 1}: log loss {loss / len(data):.4f}", flush=True)
    averaged = {n: v / (PASSES - PASSES // 2) for n, v in total.items()}
    return {n: round(v, 2) for n, v in sorted(averaged.items()) if abs(v) >= LEAST}


def report(given: list[Answer]) -> None:
    rows = defaultdict(list)
    for one in given:
        rows[one.language].append(one)
    rows["all"] = given
    head = f"{'':14}{'regions':>8}{'ours':>7}{'theirs':>7}{'tokens':>7}"
    print(head + f"{'top-1':>7}{'top-3':>7}{'in it':>7}{'ms':>7}")
    for language, some in rows.items():
        shares = [
            share(a.ours for a in some),
            share(a.theirs for a in some),
            share(a.token_merge for a in some),
            share(a.rank == 1 for a in some),
            share(0 < a.rank <= 3 for a in some),
            share(a.covered for a in some),
            1000 * sum(a.seconds for a in some) / len(some),
        ]
        print(f"{language:14}{len(some):8}" + "".join(f"{s:7.1f}" for s in shares))
    print("\nconfidence      n   mean  right")
    for low in range(10):
        bucket = [a for a in given if low / 10 <= a.confidence < low / 10 + 0.1 + (low == 9)]
        if bucket:
            mean = 100 * sum(a.confidence for a in bucket) / len(bucket)
            right = share(a.rank == 1 for a in bucket)
            print(f"{low / 10:.1f}-{low / 10 + 0.1:.1f} {len(bucket):8}{mean:7.1f}{right:7.1f}")
    best = sorted(given, key=lambda a: -a.confidence)
    for coverage in (0.05, 0.1, 0.2, 0.3, 0.5):
        some = best[: max(1, int(coverage * len(best)))]
        print(f"surest {coverage:4.0%}: right {share(a.rank == 1 for a in some):.1f}%")


def share(values) -> float:  # type: ignore[no-untyped-def]
    found = list(values)
    return 100 * sum(found) / max(1, len(found))


def write(table: dict[str, float], folder: Path, count: int) -> None:
    rows = "".join(f'    "{name}": {value},\n' for name, value in table.items())
    Path(weights.__file__).write_text(
        '"""The weights of `rules.py`: a table of numbers, learned and not made up.\n\n'
        f"Learned from {count} conflicts that people settled, by\n"
        f"`python benchmarks/suggest.py {folder.name} --fit`.\n"
        f'"""\n\nWEIGHTS: dict[str, float] = {{\n{rows}}}\n'
    )


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("folder", type=Path)
    reader.add_argument("--fit", action="store_true")
    reader.add_argument("--jobs", type=int, default=os.cpu_count())
    options = reader.parse_args()
    work = lessons if options.fit else answers
    with ProcessPoolExecutor(options.jobs) as pool:
        found = [one for some in pool.map(work, cases(options.folder), chunksize=8) for one in some]
    if options.fit:
        write(fit(found), options.folder, len(found))
    else:
        report(found)


if __name__ == "__main__":
    main()
