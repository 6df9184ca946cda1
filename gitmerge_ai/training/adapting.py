"""Learns from one repository's own merges what it does with its conflicts: `Adapted`.

The newest merges come first and a time limit ends it, so that it is as quick as it is asked to be.
For training, `with_habits` tells of each mined conflict what could have been known before it: what
the merges earlier than its own had done. Nothing is written here.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from time import monotonic

from gitmerge_ai.repository.replay import Merge, replaying
from gitmerge_ai.resolving.adapted import Adapted
from gitmerge_ai.resolving.habits import Habits, Settled, branch_kind, outcome
from gitmerge_ai.training.mining import Caps, Mined, mine_merges, name_of
from gitmerge_ai.training.records import MinedRegion

# Merges that one task runs: few, so that the limit is kept.
CHUNK = 16
# Tasks that wait for a process.
AHEAD = 8

CAPS = Caps(per_merge=50, per_file=20)

NOTHING = Habits({})


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
    deadline = monotonic() + seconds
    with replaying(repository) as replay:
        merges = list(replay.merges())
    begin(len(merges))
    regions: dict[bytes, MinedRegion] = {}
    run = 0
    for mined in _mined(repository, merges, executor, deadline):
        regions |= {region.digest: region for region in mined.regions}
        run += mined.counts["merges", "run"]
        advance(mined.counts["merges", "run"])
    return learned(list(regions.values()), run)


def _mined(
    repository: Path, merges: Sequence[Merge], executor: Executor, deadline: float
) -> Iterator[Mined]:
    """Mine merges in their order until the time is over."""
    work = partial(mine_merges, repository, name_of(repository), caps=CAPS)
    left = iter(range(0, len(merges), CHUNK))
    tasks: deque[Future[Mined]] = deque()
    try:
        while True:
            if monotonic() > deadline:  # what runs already is waited for
                tasks = deque(task for task in tasks if not task.cancel())
                left = iter(())
            for at in islice(left, AHEAD - len(tasks)):
                tasks.append(executor.submit(work, [(m, True) for m in merges[at : at + CHUNK]]))
            if not tasks:
                return
            yield tasks.popleft().result()
    finally:
        for task in tasks:
            task.cancel()


def learned(regions: Sequence[MinedRegion], merges: int) -> Adapted:
    """Give what mined conflicts teach.

    Args:
        regions: conflicts of one repository.
        merges: how many merges were run to find them.
    """
    newest = max((region.merge.time for region in regions), default=0)
    return Adapted(NOTHING.learn(map(settled, regions)), merges, len(regions), newest)


def settled(region: MinedRegion) -> Settled:
    """Say in short what people made of a conflict, and where."""
    return Settled(
        path=region.path,
        branch=branch_kind(region.merge.message),
        outcome=outcome(region.base, region.ours, region.theirs, region.resolution),
    )


def with_habits(regions: Iterable[MinedRegion]) -> list[MinedRegion]:
    """Add to each conflict's facts what its repository had done in the merges before.

    Args:
        regions: conflicts of one repository.

    Returns:
        The conflicts by the time of their merges; none knows of its own merge, or of a later one.
    """
    in_time = sorted(regions, key=lambda region: (region.merge.time, region.merge.commit))
    habits, known = NOTHING, []
    for _, group in groupby(in_time, key=lambda region: region.merge.commit):
        of_merge = list(group)
        for region in of_merge:
            found = habits.features(region.path, branch_kind(region.merge.message))
            known.append(replace(region, facts={**region.facts, **found}))
        habits = habits.learn(map(settled, of_merge))
    return known
