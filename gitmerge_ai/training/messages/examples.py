"""Examples for the pointer network: commits of a repository, with what it reads of each.

In use the nearest subjects are those of the commits that `messages.memory` weighs most. To ask it
of every commit of a long history would take hours, so here they are those of earlier commits that
share most paths, folders and words, or the author.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gitmerge_ai.messages.archive import without_host
from gitmerge_ai.messages.reading import LATEST, SUBJECTS, Item, beginnings, items, sizes
from gitmerge_ai.messages.words import tokens
from gitmerge_ai.repository.commits import Commit, Footprint

EARLIEST = 30
"""Commits at the beginning of a history that nothing is learned from."""

READ_AGAIN = 50
"""Commits after which it is looked anew how subjects begin."""

PATHS, NEW, OLD = 10, 12, 8
"""What commits can share: paths and their folders, words of each side."""

WORTH = {"path": 1.0, "folder": 0.3, "word": 0.15, "author": 0.3, "late": 0.15}
"""How near commits are that share something; a path or folder counts less in a large change."""

KEPT = {"path": 6, "folder": 6, "word": 3, "author": 4}
"""Of all commits that have something in common the last ones."""

LATE = 3


class Example(NamedTuple):
    """A subject's tokens, what is read of its change and history, and the change's sizes."""

    tokens: list[str]
    items: list[Item]
    sizes: list[float]


class _Shared:
    """Which earlier commits share something with a change."""

    def __init__(self) -> None:
        self._where: dict[tuple[str, str], deque[int]] = {}
        self._count = 0

    def add(self, commit: Commit) -> None:
        for key, _ in _keys(commit):
            self._where.setdefault(key, deque(maxlen=KEPT[key[0]])).append(self._count)
        self._count += 1

    def nearest(self, commit: Commit) -> list[int]:
        """Give the numbers of the nearest commits, the nearest first."""
        scores: defaultdict[int, float] = defaultdict(float)
        for key, worth in _keys(commit):
            for number in self._where.get(key, ()):
                scores[number] += worth
        for number in range(max(0, self._count - LATE), self._count):
            scores[number] += WORTH["late"]
        return sorted(scores, key=lambda number: (-scores[number], -number))[:SUBJECTS]


def examples(commits: Iterable[Commit]) -> Iterator[Example]:
    """Give an example for each commit of a history, but for the first ones.

    Args:
        commits: oldest first.
    """
    shared, cut, latest = _Shared(), list[list[str]](), deque[str](maxlen=LATEST)
    usual: list[str] = []
    for commit in commits:
        subject = without_host(commit.subject)
        said = tokens(subject)
        if not said or commit.footprint.is_empty:
            continue
        if len(cut) % READ_AGAIN == 0:
            usual = beginnings(latest)
        if len(cut) >= EARLIEST:
            history = (cut[number] for number in shared.nearest(commit))
            read = items(commit.footprint, history, usual)
            yield Example(said, read, sizes(commit.footprint))
        shared.add(commit)
        cut.append(said)
        latest.append(subject)


def _keys(commit: Commit) -> Iterator[tuple[tuple[str, str], float]]:
    """Give what others can share with a commit, and how near that makes them."""
    footprint: Footprint = commit.footprint
    share = 1 / len(footprint.paths) ** 0.5
    for path in footprint.paths[:PATHS]:
        yield ("path", path), WORTH["path"] * share
        yield ("folder", path.rpartition("/")[0]), WORTH["folder"] * share
    for word in (*footprint.added[:NEW], *footprint.removed[:OLD]):
        yield ("word", word), WORTH["word"]
    yield ("author", commit.author), WORTH["author"]
