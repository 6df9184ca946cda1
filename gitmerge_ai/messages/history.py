"""The index of a repository's own commits, brought up to date from git.

Bounded in commits and in time: what there was no time for is read by the next call. What another
branch brought stays in it: that is how people write here, too.
"""

from contextlib import suppress
from pathlib import Path
from time import monotonic

from gitmerge_ai.messages.archive import Archive, Listed
from gitmerge_ai.messages.index import BrokenIndexError, Index, opened
from gitmerge_ai.repository.commits import Commit, Position, commits, names, position

MOST = 4_000
"""Commits that are kept, the newest that are no merges."""

BUDGET = 3.0
"""Seconds that reading new commits may take."""

UNKEPT = 0.5
"""Seconds that it may take where what is read is lost again."""


def history(folder: Path, budget: float = BUDGET, place: Position | None = None) -> Archive:
    """Give the repository's commits as far as they are known, and learn the new ones.

    Args:
        folder: in the repository.
        budget: seconds that reading what is new may take.
        place: where the work tree is, if that is known.
    """
    here = place or position(folder)
    if here is None or not here.head:
        return Listed()
    for _ in range(2):
        index = opened(here.git_dir)
        try:
            _refresh(index, folder, here.head, budget)
            return index
        except BrokenIndexError:
            continue
    return Listed()


def _refresh(index: Index, folder: Path, head: str, budget: float) -> None:
    """Read the commits that are not in the index yet, as far as there is time for it."""
    tips = index.tips()
    if head in tips:
        return
    deadline = monotonic() + (budget if index.is_kept else min(budget, UNKEPT))
    wanted = names(folder, MOST, head, known=tips)
    there = index.known(wanted)
    missing = [name for name in wanted if name not in there]
    found: list[Commit] = []
    for commit in commits(folder, missing):
        found.append(commit)
        if monotonic() > deadline:
            break
    with suppress(OSError):
        index.add(found[::-1], head if len(found) == len(missing) else None, MOST)
