"""Boosted trees, as plain numbers: what scores a candidate by its features.

The trees are grown elsewhere (`gitmerge_ai.training.learning.boosting`). A file of them is read in
a few milliseconds and summing them up takes no library, so that a merge driver can ask them: this
module imports nothing that is slow.
"""

import math
import os
from collections.abc import Mapping, Sequence
from itertools import islice
from struct import Struct, error, pack, unpack_from
from typing import NamedTuple

from gitmerge_ai.sealed import UnreadableModel, sealed, unsealed

TREES = "trees.bin"
"""What the file is called in a model's folder."""

MARK = b"gitmerge-ai trees 2\n"
"""What a file begins with; the number is raised when its meaning changes, and others not read."""

# How many bytes of names, trees, nodes and leaves there are.
_HEAD = Struct("<4I")
# Of each tree, how many nodes and leaves it has.
_SIZE = Struct("<2H")
_NODE = Struct("<Hd3h")

Node = tuple[int, float, int, int, int]
"""Column, threshold, and where to go: at most the threshold, above it, not known.

The places are indices of nodes; a negative one is leaf number `-1 - place`.
"""


class Tree(NamedTuple):
    """One tree; a tree of a single leaf has no nodes."""

    nodes: tuple[Node, ...]
    leaves: tuple[float, ...]


class Boosted(NamedTuple):
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
        found = []
        for nodes, leaves in self.trees:
            at = 0 if nodes else -1
            while at >= 0:
                column, threshold, low, high, unknown = nodes[at]
                value = row[column]
                # What is not known is "not a number", which is not equal to itself.
                at = low if value <= threshold else high if value == value else unknown
            found.append(leaves[-1 - at])
        return math.fsum(found)


def absent(name: str) -> float:
    """Give the value that a feature has where it is absent."""
    return 0.0 if name.startswith(("is ", "first ", "extension ")) or name == "none" else math.nan


def softmax(scores: Sequence[float]) -> list[float]:
    """Turn scores into probabilities that sum to one."""
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def to_bytes(model: Boosted) -> bytes:
    """Write a model; the same one gives the same bytes.

    Behind the numbers stand the names of the columns, the sizes of the trees, all nodes and all
    leaves, little-endian.
    """
    names = "\0".join(name for name, _ in model.columns).encode()
    nodes = [node for tree in model.trees for node in tree.nodes]
    leaves = [leaf for tree in model.trees for leaf in tree.leaves]
    rest = b"".join(
        (
            _HEAD.pack(len(names), len(model.trees), len(nodes), len(leaves)),
            names,
            *(_SIZE.pack(len(tree.nodes), len(tree.leaves)) for tree in model.trees),
            *(_NODE.pack(*node) for node in nodes),
            pack(f"<{len(leaves)}d", *leaves),
        )
    )
    return sealed(MARK, rest)


def from_bytes(data: bytes) -> Boosted:
    """Read a model from what `to_bytes` gave.

    Raises:
        UnreadableModel: it is something else.
    """
    rest = unsealed(MARK, data)
    named, *counts = _HEAD.unpack_from(rest)
    at_sizes = _HEAD.size + named
    at_nodes = at_sizes + counts[0] * _SIZE.size
    at_leaves = at_nodes + counts[1] * _NODE.size
    names = str(rest[_HEAD.size : at_sizes], "utf-8").split("\0")
    sizes = _SIZE.iter_unpack(rest[at_sizes:at_nodes])
    nodes = _NODE.iter_unpack(rest[at_nodes:at_leaves])
    leaves = iter(unpack_from(f"<{counts[2]}d", rest, at_leaves))
    trees = tuple(Tree(tuple(islice(nodes, n)), tuple(islice(leaves, m))) for n, m in sizes)
    return Boosted(tuple((name, absent(name)) for name in names if name), trees)


def read(file: str | os.PathLike[str]) -> Boosted:
    """Read a model from a file that `write` wrote.

    Raises:
        UnreadableModel: the file is missing, damaged or of another format.
    """
    try:
        with open(file, "rb") as opened:
            return from_bytes(opened.read())
    except (OSError, ValueError, error) as reason:
        raise UnreadableModel(f"{os.fspath(file)}: {reason}") from reason


def write(model: Boosted, file: str | os.PathLike[str]) -> None:
    """Write a model to a file.

    Raises:
        OSError: it cannot be written.
    """
    with open(file, "wb") as opened:
        opened.write(to_bytes(model))
