"""What histories and habits tell of mined conflicts, before anything is learned from them.

    gitmerge-ai mine REPOSITORY... -o MINED
    python benchmarks/history.py MINED

The first table has for each sign in a file's history how often it stands and what people then made
of the conflict; "own" is the side that the sign speaks of. The second tells how often the outcome
that a repository's habits make likeliest is what people chose: from all merges before, and from
the first half of the merges, judged on the second, as `gitmerge-ai adapt` would have it.
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from gitmerge_ai.resolving.knowledge.habits import (
    OUTCOMES,
    PRIOR,
    Habits,
    Settled,
    branch_kind,
    outcome,
)
from gitmerge_ai.training.learning.adapting import with_habits
from gitmerge_ai.training.mining import records
from gitmerge_ai.training.mining.records import MinedRegion

SIGNS = (
    "stood",
    "stood in base",
    "stands elsewhere",
    "lines dropped by other",
    "lines elsewhere in other",
    "touched last",
    "tip later",
    "by merge",
)
SIDES = {"ours": "theirs", "theirs": "ours"}
ANY = "any of the first four"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("folder", type=Path, help="what `gitmerge-ai mine` wrote")
    options.add_argument("--json", action="store_true", help="print JSON")
    given = options.parse_args()
    signs: dict[str, Counter[str]] = {}
    habits: dict[str, Counter[bool]] = {}
    for file in sorted(given.folder.glob(f"*{records.SUFFIX}")):
        if file.name.endswith(records.PATHS_SUFFIX):
            continue
        regions = list(records.read(file))
        for sign, chosen in told(regions):
            signs.setdefault(sign, Counter())[chosen] += 1
        for name, right in expected(regions):
            habits.setdefault(name, Counter())[right] += 1
    if given.json:
        named = {name: {str(right): n for right, n in of.items()} for name, of in habits.items()}
        print(json.dumps({"signs": signs, "habits": named}, indent=1))
    else:
        show(signs, habits)


def told(regions: Iterable[MinedRegion]) -> Iterator[tuple[str, str]]:
    """Give each sign in each conflict's history, and whose text people chose."""
    for region in regions:
        chosen = chosen_of(region)
        yield "all conflicts", chosen
        for own, other in SIDES.items():
            whose = {own: "own", other: "other"}.get(chosen, chosen)
            found = [sign for sign in SIGNS if region.facts.get(f"past {own} {sign}", 0) >= 0.5]
            found += [ANY] if set(found) & set(SIGNS[:4]) else []
            yield from ((sign, whose) for sign in found)


def expected(regions: Sequence[MinedRegion]) -> Iterator[tuple[str, bool]]:
    """Say of each conflict whether its repository's habits expect what people chose."""
    in_time = with_habits(regions)
    for region in in_time:
        if "habit ours" in region.facts:
            yield "all merges before", likeliest(region.facts) == chosen_of(region)
            yield "  of these, always ours", chosen_of(region) == "ours"
    middle = len(in_time) // 2
    commits = {region.merge.commit for region in in_time[:middle]}
    learned = Habits({}).learn(map(settled, in_time[:middle]))
    for region in in_time[middle:]:
        if region.merge.commit not in commits:
            facts = learned.features(region.path, branch_kind(region.merge.message))
            yield "the first half of them", likeliest(facts) == chosen_of(region)
            yield "  of these, always ours ", chosen_of(region) == "ours"


def likeliest(facts: Mapping[str, float]) -> str:
    shares = zip(OUTCOMES, PRIOR, strict=True)
    return max(shares, key=lambda of: math.log(of[1]) + facts.get(f"habit {of[0]}", 0.0))[0]


def settled(region: MinedRegion) -> Settled:
    return Settled(region.path, branch_kind(region.merge.message), chosen_of(region))


def chosen_of(region: MinedRegion) -> str:
    return outcome(region.base, region.ours, region.theirs, region.resolution)


def show(signs: dict[str, Counter[str]], habits: dict[str, Counter[bool]]) -> None:
    columns = ("own", "other", *OUTCOMES)
    print(f"{'sign':28}{'conflicts':>10}", *(f"{name:>8}" for name in columns))
    for sign, chosen in signs.items():
        shares = (chosen[name] / chosen.total() for name in columns)
        print(f"{sign:28}{chosen.total():10}", *(f"{share:8.1%}" for share in shares))
    print(f"\n{'habits from':28}{'conflicts':>10}{'right':>9}")
    for name, of in habits.items():
        print(f"{name:28}{of.total():10}{of[True] / of.total():9.1%}")


if __name__ == "__main__":
    main()
