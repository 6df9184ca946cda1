"""Grows boosted trees over rows that compete with the others of their question."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import lightgbm
import numpy as np
from numpy.typing import NDArray

from gitmerge_ai.resolving.ranking.boosting import Boosted, absent
from gitmerge_ai.training.learning.boosting import IN_LEAF, OF_FEW, PARAMETERS, trees_of

Array = NDArray[np.float64]

Slopes = Callable[[Array, lightgbm.Dataset], tuple[Array, Array]]
"""Of all rows' scores, the first and second derivative of what is to be small."""

SETTINGS = {**PARAMETERS, "feature_fraction": 0.4, "num_threads": 1}


class Row(NamedTuple):
    """The features of something proposed and what it is worth, from 0 to 1."""

    features: Mapping[str, float]
    worth: float


class Table(NamedTuple):
    """Rows as numbers: the names of the columns, a line for each row, its worth, and how many rows
    each question has."""

    columns: Sequence[str]
    lines: NDArray[np.float32]
    worth: Array
    sizes: NDArray[np.int64]


def tabled(questions: Iterable[Sequence[Row]]) -> Table:
    """Put the rows of questions into a table, each as it comes: as mappings they take much memory.

    Raises:
        ValueError: there are no rows.
    """
    places: dict[str, int] = {}
    parts, worth, sizes = [], [], []
    for question in filter(None, questions):
        for row in question:
            for name in row.features:
                places.setdefault(name, len(places))
        part = np.full((len(question), len(places)), math.nan, np.float32)
        for line, row in zip(part, question, strict=True):
            line[[places[name] for name in row.features]] = list(row.features.values())
        parts.append(part)
        worth += [row.worth for row in question]
        sizes.append(len(question))
    if not parts:
        raise ValueError("there is no commit to learn from")
    lines = np.full((len(worth), len(places)), math.nan, np.float32)
    for end, part in zip(np.cumsum(sizes), parts, strict=True):
        lines[end - len(part) : end, : part.shape[1]] = part
    columns = sorted(places)
    ordered = lines[:, [places[name] for name in columns]]
    return Table(columns, ordered, np.array(worth), np.array(sizes))


def grown(table: Table, slopes: Slopes, rounds: int, leaves: int, rate: float) -> Boosted:
    """Grow trees.

    Args:
        table: of the rows.
        slopes: by which their scores are judged.
        rounds: how many trees.
        leaves: of each tree.
        rate: how much of what is still wrong each tree mends.
    """
    least = max(1, min(IN_LEAF, len(table.lines) // OF_FEW))
    settings = {
        **SETTINGS,
        "num_leaves": leaves,
        "learning_rate": rate,
        "min_data_in_leaf": least,
        "objective": slopes,
    }
    booster = lightgbm.train(settings, lightgbm.Dataset(table.lines), rounds)
    return Boosted(tuple((name, absent(name)) for name in table.columns), trees_of(booster))
