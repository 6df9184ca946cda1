"""Boosted trees, as plain numbers: what scores a candidate by its features.

The trees are grown elsewhere (`gitmerge_ai.training.learning.boosting`) and read from JSON; summing
them up takes no library, so that a conflict can be ranked before anything slow is imported.
"""

import gzip
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORMAT = 1
"""Raised when the file's meaning changes; a file of another format is not read."""

Node = tuple[int, float, int, int, int]
"""Column, threshold, and where to go: at most the threshold, above it, not known.

The places are indices of nodes; a negative one is leaf number `-1 - place`.
"""


class UnreadableModel(Exception):
    """A model's file is missing, damaged or of another format; the message says which."""


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree; a tree of a single leaf has no nodes."""

    nodes: tuple[Node, ...]
    leaves: tuple[float, ...]

    def value(self, row: Sequence[float]) -> float:
        """Give the leaf that a row of features ends in."""
        nodes = self.nodes
        at = 0 if nodes else -1
        while at >= 0:
            column, threshold, low, high, unknown = nodes[at]
            value = row[column]
            # What is not known is "not a number", which is not equal to itself.
            at = unknown if value != value else low if value <= threshold else high
        return self.leaves[-1 - at]


@dataclass(frozen=True, slots=True)
class Boosted:
    """A sum of trees over named features.

    `columns` gives each feature's name and what it is where it is absent: zero for one that is
    only set where it applies, "not a number" for one that is not known.
    """

    columns: tuple[tuple[str, float], ...]
    trees: tuple[Tree, ...]

    def score(self, features: Mapping[str, float]) -> float:
        """Sum up the trees for a candidate's features; those without a column do not count."""
        get = features.get
        row = [get(name, absent) for name, absent in self.columns]
        return math.fsum(tree.value(row) for tree in self.trees)


def absent(name: str) -> float:
    """Give the value that a feature has where it is absent."""
    return 0.0 if name.startswith(("is ", "first ", "extension ")) or name == "none" else math.nan


def to_json(model: Boosted) -> dict[str, Any]:
    """Give a model as JSON has it."""
    return {
        "format": FORMAT,
        "columns": [name for name, _ in model.columns],
        "trees": [[tree.nodes, tree.leaves] for tree in model.trees],
    }


def from_json(found: Any) -> Boosted:
    """Read a model from what `to_json` gave.

    Raises:
        UnreadableModel: it is something else.
    """
    try:
        if found["format"] != FORMAT:
            raise UnreadableModel(f"format {found['format']} is not {FORMAT}")
        columns = tuple((str(name), absent(name)) for name in found["columns"])
        trees = tuple(
            Tree(
                tuple((int(c), float(t), int(lo), int(hi), int(un)) for c, t, lo, hi, un in nodes),
                tuple(map(float, leaves)),
            )
            for nodes, leaves in found["trees"]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableModel(f"{type(error).__name__}: {error}") from error
    return Boosted(columns, trees)


def read(file: Path) -> Boosted:
    """Read a model from a file that `write` wrote.

    Raises:
        UnreadableModel: the file is missing, damaged or of another format.
    """
    try:
        return from_json(json.loads(gzip.decompress(file.read_bytes())))
    except (OSError, EOFError, ValueError) as error:
        raise UnreadableModel(f"{file}: {error}") from error


def write(model: Boosted, file: Path) -> None:
    """Write a model to a file; the same model gives the same bytes."""
    text = json.dumps(to_json(model), separators=(",", ":"))
    file.write_bytes(gzip.compress(text.encode(), mtime=0))
