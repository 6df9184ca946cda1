"""The report of a backtest: what `--json` prints, and what the page and the tables are drawn from.

Everything is counted here once, so that all three say the same. `docs/backtest.md` explains each
field; a change of their meaning raises `FORMAT`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import gmtime
from typing import TypeVar

from gitmerge_ai.training.backtesting import scores
from gitmerge_ai.training.backtesting.replaying import Backtest, Merges
from gitmerge_ai.training.backtesting.scores import Conflicts, Files, Point, Seconds, Tally
from gitmerge_ai.training.backtesting.verdicts import Case, JudgedFile

FORMAT = 1

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Paths:
    """Paths that git left unmerged, which add up: `judged` and those that could not be.

    `unmerged` have no conflict inside, by kind (one side deleted the file, say); `dropped` have,
    and are not compared, by reason.
    """

    count: int
    unmerged: Mapping[str, int]
    dropped: Mapping[str, int]
    judged: int


@dataclass(frozen=True, slots=True)
class Stage:
    """What a stage resolved: files of which it was the last one, and conflicts."""

    name: str
    files: Files
    conflicts: Conflicts


@dataclass(frozen=True, slots=True)
class Language:
    """The files in one language."""

    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Year:
    """The merges of one year, by the time of their commits in UTC."""

    year: int
    merges: Merges
    tally: Tally


@dataclass(frozen=True, slots=True)
class Run:
    """How the replaying went: seconds for one file, and for all in so many processes."""

    merge: Seconds
    suggest: Seconds
    seconds: float
    jobs: int


@dataclass(frozen=True, slots=True)
class Report:
    """A backtest, counted.

    `untold` conflicts are those of which it cannot be told what people made of them. `people` are
    the others, by the pattern of what was made. `left` says why files were left as git has them.
    `cases` are the newest of all `differing` differences.
    """

    format: int
    repository: str
    since: str | None
    limit: int | None
    min_confidence: float
    merges: Merges
    paths: Paths
    total: Tally
    untold: int
    people: Mapping[str, int]
    left: Mapping[str, int]
    stages: Sequence[Stage]
    languages: Sequence[Language]
    years: Sequence[Year]
    curve: Sequence[Point]
    run: Run
    differing: int
    cases: Sequence[Case]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the repository's name, the options, and what counts in it."""

    repository: str
    since: str | None
    limit: int | None
    min_confidence: float
    jobs: int


def report(asked: Asked, found: Backtest, seconds: float) -> Report:
    """Count what a backtest found.

    Args:
        asked: what was asked for.
        found: what the replaying gave.
        seconds: how long all of it took.
    """
    files = found.files

    def tally(some: Sequence[JudgedFile]) -> Tally:
        return scores.tally(some, asked.min_confidence)

    by_language = _grouped(files, lambda file: file.language)
    by_year = _grouped(files, lambda file: gmtime(file.time).tm_year)
    people = Counter(each.people for file in files for each in file.conflicts)
    left_out = found.unmerged.total() + found.dropped.total()
    return Report(
        format=FORMAT,
        repository=asked.repository,
        since=asked.since,
        limit=asked.limit,
        min_confidence=asked.min_confidence,
        merges=_added(found.years.values()),
        paths=Paths(
            left_out + len(files), _sorted(found.unmerged), _sorted(found.dropped), len(files)
        ),
        total=tally(files),
        untold=people.pop("", 0),
        people=_sorted(people),
        left=_sorted(Counter(file.note for file in files if file.note)),
        stages=[Stage(*row) for row in scores.by_stage(files)],
        languages=[
            Language(name, tally(some))
            for name, some in sorted(by_language.items(), key=lambda item: (-len(item[1]), item[0]))
        ],
        years=[
            Year(year, merges, tally(by_year.get(year, []))) for year, merges in found.years.items()
        ],
        curve=scores.curve(files),
        run=Run(
            scores.seconds([file.merge_seconds for file in files]),
            scores.seconds([s for file in files if (s := file.suggest_seconds) is not None]),
            round(seconds, 3),
            asked.jobs,
        ),
        differing=found.differing,
        cases=found.cases,
    )


def _grouped(
    files: Iterable[JudgedFile], key: Callable[[JudgedFile], Key]
) -> dict[Key, list[JudgedFile]]:
    groups: dict[Key, list[JudgedFile]] = {}
    for file in files:
        groups.setdefault(key(file), []).append(file)
    return groups


def _added(years: Iterable[Merges]) -> Merges:
    known = list(years)
    return Merges(
        sum(year.replayed for year in known),
        sum(year.conflicted for year in known),
        sum(year.failed for year in known),
    )


def _sorted(counts: Counter[str]) -> dict[str, int]:
    """Give counts with the most frequent first."""
    return dict(counts.most_common())
