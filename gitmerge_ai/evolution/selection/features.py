"""What tells individuals of an archive apart: each feature puts an individual in one of few bins.

A feature is one of `FEATURES`, or the name of a score. The cell of an individual is all its bins
together, as the name of a ref.
"""

import math
from collections.abc import Callable, Mapping
from hashlib import sha256

import pygit2

from gitmerge_ai.evolution.graph import Graph, Record

DEFAULT = ("size", "files", "behaviour")

KINDS_OF_BEHAVIOUR = 8
"""There are as many behaviours as ways to fail; in as many bins everybody would be its own."""

MOST_FILES = 4


def cell(graph: Graph, record: Record) -> str:
    """Name the cell of an individual.

    Args:
        graph: of the run.
        record: of an individual that passed.
    """
    names = graph.plan.features or DEFAULT
    diff = _Change(graph, record)
    return ",".join(f"{name}={_bin(name, diff)}" for name in names)


class _Change:
    """An individual against the base; compared once, and only if a feature asks."""

    def __init__(self, graph: Graph, record: Record) -> None:
        self.graph = graph
        self.record = record
        self._counted: tuple[int, int] | None = None

    def counted(self) -> tuple[int, int]:
        """Give how many files are changed, and how many lines."""
        if self._counted is None:
            repository = self.graph.repository
            trees = [repository[each.tree] for each in (self.graph.base, self.record.individual)]
            assert isinstance(trees[0], pygit2.Tree)
            assert isinstance(trees[1], pygit2.Tree)
            stats = trees[0].diff_to_tree(trees[1], context_lines=0).stats
            self._counted = stats.files_changed, stats.insertions + stats.deletions
        return self._counted


def _size(change: _Change) -> str:
    return str(change.counted()[1].bit_length())


def _files(change: _Change) -> str:
    return str(min(change.counted()[0], MOST_FILES))


def _behaviour(change: _Change) -> str:
    found = change.record.evaluation
    digest = sha256((found.behaviour if found else "").encode()).digest()
    return str(digest[0] % KINDS_OF_BEHAVIOUR)


FEATURES: Mapping[str, Callable[[_Change], str]] = {
    "size": _size,
    "files": _files,
    "behaviour": _behaviour,
}
"""By name: the size of the change, the number of files it touches, and what the checks printed."""


def _bin(name: str, change: _Change) -> str:
    if name in FEATURES:
        return FEATURES[name](change)
    found = change.record.evaluation
    score = found.scores.get(name) if found else None
    if score is None or not math.isfinite(score):
        return "none"
    # Half a power of two wide: what is a quarter less is another kind.
    power = round(2 * math.log2(abs(score))) if score else 0
    return f"{'-' if score < 0 else '+'}{power}" if score else "0"
