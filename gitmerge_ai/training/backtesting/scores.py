"""Counts over judged files: outcomes, stages, suggestions, times. Pure arithmetic.

The same tally is made of all files, of those in one language, and of those of one year, so that
every table of a report has the same columns and adds up the same way.
"""

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from gitmerge_ai.training.backtesting.verdicts import (
    DIFFERENT,
    EXACT,
    LEFT,
    SPACE,
    STAGES,
    UNALIGNED,
    Judged,
    JudgedFile,
    Suggested,
)

POINTS = 50
"""Most points of a curve."""


@dataclass(frozen=True, slots=True)
class Files:
    """Whole files: the four outcomes, which add up to `count`."""

    count: int
    exact: int
    space: int
    left: int
    different: int

    @property
    def right(self) -> int:
        """Those that are as people committed them, white space apart."""
        return self.exact + self.space


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Conflicts of git's: what became of them, which adds up to `count`.

    `unaligned` are resolved, but what people made of them cannot be told.
    """

    count: int
    exact: int
    space: int
    left: int
    different: int
    unaligned: int

    @property
    def right(self) -> int:
        """Those that are as people committed them, white space apart."""
        return self.exact + self.space


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Of `count` conflicts for which suggestions can be compared, how many came out how.

    `top1` and `top3` do not count white space, `exact1` and `exact3` do. `ours` and `theirs` are
    what always taking one side would have given. `answered` had a first suggestion of at least the
    minimum confidence, and of those `right` was right.
    """

    count: int
    top1: int
    top3: int
    exact1: int
    exact3: int
    ours: int
    theirs: int
    answered: int
    right: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Some files, their conflicts, and the suggestions for these."""

    files: Files
    conflicts: Conflicts
    suggestions: Suggestions


@dataclass(frozen=True, slots=True)
class Point:
    """Of the surest `coverage` of all suggestions, the share `precision` is right.

    `confidence` is that of the least sure among them.
    """

    coverage: float
    precision: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long one file took; all 0 where there was none."""

    median: float
    percentile95: float
    longest: float


def tally(files: Iterable[JudgedFile], min_confidence: float) -> Tally:
    """Count what became of files and their conflicts.

    Args:
        files: the files.
        min_confidence: from which on a suggestion counts as an answer.
    """
    known = list(files)
    conflicts = [each for file in known for each in file.conflicts]
    return Tally(_files(known), _conflicts(conflicts), _suggestions(conflicts, min_confidence))


def by_stage(files: Sequence[JudgedFile]) -> Iterator[tuple[str, Files, Conflicts]]:
    """Count what each stage resolved: files of which it was the last one, and conflicts."""
    conflicts = [each for file in files for each in file.conflicts]
    others = {each.stage for each in conflicts} - {"", *STAGES}
    for stage in (*STAGES, *sorted(others)):
        yield (
            stage,
            _files([file for file in files if file.stage == stage]),
            _conflicts([each for each in conflicts if each.stage == stage]),
        )


def curve(files: Iterable[JudgedFile]) -> list[Point]:
    """Tell how right suggestions are, from the surest few to all of them."""
    offers = [s for file in files for c in file.conflicts if (s := c.suggested)]
    offers.sort(key=lambda offer: -offer.confidence)
    right = 0
    points = []
    marks = {max(1, round(len(offers) * at / POINTS)) for at in range(1, POINTS + 1)}
    for number, offer in enumerate(offers, 1):
        right += offer.rank == 1
        if number in marks:
            points.append(Point(number / len(offers), right / number, offer.confidence))
    return points


def seconds(times: Sequence[float]) -> Seconds:
    """Give median, 95th percentile and longest of some times."""
    if len(times) < 2:
        return Seconds(*[sum(times)] * 3)
    of20 = statistics.quantiles(times, n=20, method="inclusive")
    return Seconds(statistics.median(times), of20[18], max(times))


def interval(right: int, count: int) -> tuple[float, float]:
    """Give the range that a share of so many cases leaves open, at 95% (Wilson's)."""
    if not count:
        return 0.0, 1.0
    z = 1.96
    share = right / count
    middle = share + z * z / (2 * count)
    spread = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    whole = 1 + z * z / count
    return (middle - spread) / whole, (middle + spread) / whole


def _files(files: Sequence[JudgedFile]) -> Files:
    seen = Counter(file.outcome for file in files)
    return Files(len(files), seen[EXACT], seen[SPACE], seen[LEFT], seen[DIFFERENT])


def _conflicts(conflicts: Sequence[Judged]) -> Conflicts:
    seen = Counter(each.outcome for each in conflicts)
    outcomes = (seen[name] for name in (EXACT, SPACE, LEFT, DIFFERENT, UNALIGNED))
    return Conflicts(len(conflicts), *outcomes)


def _suggestions(conflicts: Sequence[Judged], min_confidence: float) -> Suggestions:
    offered = [(each.people, each.suggested) for each in conflicts if each.suggested]
    offers: list[Suggested] = [offer for _, offer in offered]
    answers = [offer for offer in offers if offer.confidence >= min_confidence]
    return Suggestions(
        count=len(offers),
        top1=sum(offer.rank == 1 for offer in offers),
        top3=sum(offer.rank > 0 for offer in offers),
        exact1=sum(offer.exact_rank == 1 for offer in offers),
        exact3=sum(offer.exact_rank > 0 for offer in offers),
        ours=sum(people == "ours" for people, _ in offered),
        theirs=sum(people == "theirs" for people, _ in offered),
        answered=len(answers),
        right=sum(offer.rank == 1 for offer in answers),
    )
