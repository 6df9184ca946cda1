"""Learns from one repository's own merges what it does with its conflicts: `Adapted`.

The newest merges come first and a time limit ends it, so that it is as quick as it is asked to be.
For training, `with_habits` tells of each mined conflict what could have been known before it: what
the merges earlier than its own had done. Nothing is written here.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from itertools import groupby, islice
from pathlib import Path
from time import time

from gitmerge_ai.repository.replay import Merge, Replay, ReplayedMerge, replaying
from gitmerge_ai.resolving.alignment import aligned
from gitmerge_ai.resolving.knowledge.adapted import Adapted, becomes_of
from gitmerge_ai.resolving.knowledge.habits import (
    Habits,
    Settled,
    branch_kind,
    kind_features,
    outcome,
)
from gitmerge_ai.resolving.proposing.candidates import Context, candidates
from gitmerge_ai.resolving.ranking.features import Scale
from gitmerge_ai.resolving.ranking.trees import trees_of
from gitmerge_ai.resolving.suggesting import contexts
from gitmerge_ai.text.markers import Region
from gitmerge_ai.text.words import squeezed
from gitmerge_ai.training.learning.refitting import Scored, refit
from gitmerge_ai.training.mining.records import MinedRegion
from gitmerge_ai.training.mining.regions import ConflictedFile, read

# Merges that one task runs: few, so that the limit is kept.
CHUNK = 16
# Tasks that are under way or wait for a process.
AHEAD = 8
# Conflicts that count of one file and of one merge, so that none outweighs the others.
PER_FILE, PER_MERGE = 10, 50
# Characters of a conflict, and seconds for the structured merge of a file, beyond which it is not
# ranked.
LARGEST, TIMEOUT = 20_000, 2.0

NOTHING = Habits({})


@dataclass(frozen=True, slots=True)
class _Case:
    """A conflict that people settled, as it is ranked, and what tells it from its repetitions."""

    settled: Settled
    scored: Scored | None
    time: int
    key: tuple[str, bytes]


def adapt(
    repository: Path,
    *,
    executor: Executor,
    seconds: float,
    begin: Callable[[int], None],
    advance: Callable[[int], None],
) -> Adapted:
    """Learn from a repository's merges, the newest first.

    Args:
        repository: a repository, bare or not, or any folder in its work tree.
        executor: what runs the merges.
        seconds: after which no further merges are run.
        begin: told how many merges there are.
        advance: told of every few merges how many were run.

    Raises:
        ReplayError: git cannot read the repository.
    """
    deadline = time() + seconds  # a clock that all processes share
    with replaying(repository) as replay:
        merges = list(replay.merges())
    begin(len(merges))
    cases: dict[tuple[str, bytes], _Case] = {}
    run = 0
    for number, found in _results(repository, merges, executor, deadline):
        # A merge that was made again, on another branch, teaches nothing new.
        cases = {each.key: each for each in found} | cases
        run += number
        advance(number)
    return Adapted(
        habits=NOTHING.learn(case.settled for case in cases.values()),
        merges=run,
        regions=len(cases),
        newest=max((case.time for case in cases.values()), default=0),
        refit=refit([case.scored for case in cases.values() if case.scored]),
    )


def _results(
    repository: Path, merges: Sequence[Merge], executor: Executor, deadline: float
) -> Iterator[tuple[int, list[_Case]]]:
    """Run merges in their order until the time is over: how many, and what they taught."""
    work = partial(_cases, repository, deadline)
    left = iter(range(0, len(merges), CHUNK))
    tasks: deque[Future[tuple[int, list[_Case]]]] = deque()
    try:
        while True:
            room = AHEAD - len(tasks) if time() < deadline else 0
            for at in islice(left, room):
                tasks.append(executor.submit(work, merges[at : at + CHUNK]))
            if not tasks:
                return
            yield tasks.popleft().result()
    finally:
        for task in tasks:
            task.cancel()


def _cases(repository: Path, deadline: float, merges: Sequence[Merge]) -> tuple[int, list[_Case]]:
    """Run some merges again, none after the deadline: what an executor's process does at a time."""
    if time() > deadline:
        return 0, []
    found: list[_Case] = []
    with replaying(repository) as replay:
        for replayed in replay.replay(merges):
            found += islice(_of_merge(replay, replayed), PER_MERGE)
    return len(merges), found


def _of_merge(replay: Replay, replayed: ReplayedMerge) -> Iterator[_Case]:
    commit = replay.commit(replayed.merge.commit) if replayed.conflicted else None
    if commit is None:
        return
    for path in replayed.conflicted:
        file = read(replay, replayed, path) if path.is_text_conflict else None
        if isinstance(file, ConflictedFile):
            kind = branch_kind(commit.message)
            yield from islice(_of_file(file, kind, commit.time), PER_FILE)


def _of_file(file: ConflictedFile, branch: str, when: int) -> Iterator[_Case]:
    path = file.path.path
    texts = aligned(file.segments, file.committed)
    around = contexts(file.segments, path, TIMEOUT)
    for region, text, context in zip(file.regions, texts, around, strict=True):
        if text is not None:
            sides = (region.base or "", region.ours, region.theirs, text)
            settled = Settled(path, branch, outcome(*sides))
            key = path, sha256(repr(sides).encode()).digest()
            yield _Case(settled, _scored(region, context, text, when), when, key)


def _scored(region: Region, context: Context, text: str, when: int) -> Scored | None:
    """Rank a conflict by its texts; `None` for one that would take long."""
    if len(region.ours) + len(region.theirs) > LARGEST:
        return None
    trees, scale = trees_of(""), Scale(region, context)
    found = candidates(region, context)
    wanted = squeezed(text)
    right = next((n for n, c in enumerate(found) if squeezed(c.text) == wanted), len(found))
    scores = (*(trees.score(scale.of(one)) for one in found), trees.score(scale.none()))
    return Scored(scores, tuple(becomes_of(region, [one.text for one in found])), right, when)


def in_time(regions: Iterable[MinedRegion]) -> list[MinedRegion]:
    """Sort conflicts by the time of their merges."""
    return sorted(regions, key=lambda region: (region.merge.time, region.merge.commit))


def with_habits(regions: Iterable[MinedRegion]) -> list[MinedRegion]:
    """Add to each conflict's facts the kind of its merge, and what was done in the merges before.

    Args:
        regions: conflicts of one repository.

    Returns:
        The conflicts by the time of their merges; none knows of its own merge, or of a later one.
    """
    habits, known = NOTHING, []
    for _, group in groupby(in_time(regions), key=lambda region: region.merge.commit):
        of_merge = list(group)
        for region in of_merge:
            kind = branch_kind(region.merge.message)
            found = kind_features(kind) | habits.features(region.path, kind)
            known.append(replace(region, facts={**region.facts, **found}))
        habits = habits.learn(map(_settled, of_merge))
    return known


def _settled(region: MinedRegion) -> Settled:
    chosen = outcome(region.base, region.ours, region.theirs, region.resolution)
    return Settled(region.path, branch_kind(region.merge.message), chosen)
