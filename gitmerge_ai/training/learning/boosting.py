"""Grows the boosted trees that rank candidates by their features: the yardstick of any model.

Each conflict is one multiple choice among its candidates and "none of these"; the trees learn to
give the right one the highest score (softmax cross-entropy over the options, LightGBM's trees with
a gradient of our own). Reading and measuring conflicts is `dataset`'s.
"""

import math
from collections.abc import Sequence
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from gitmerge_ai.resolving.ranking.boosting import Boosted, Tree, absent

Array = NDArray[np.float64]

PARAMETERS: dict[str, Any] = {
    "learning_rate": 0.04,
    "num_leaves": 31,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 127,
    "verbosity": -1,
    "seed": 1,
    "deterministic": True,
    "num_threads": 2,
}
ROUNDS = 600
# The fewest options in a leaf: so many, or that part of few.
IN_LEAF, OF_FEW = 60, 50


def softmax_of(scores: Array, sizes: NDArray[np.int64]) -> Array:
    """Turn scores into probabilities that sum to one over each conflict's options."""
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    shifted = scores - np.repeat(np.maximum.reduceat(scores, starts), sizes)
    powers = np.exp(shifted)
    chances: Array = powers / np.repeat(np.add.reduceat(powers, starts), sizes)
    return chances


def grow(
    table: NDArray[np.float32],
    sizes: NDArray[np.int64],
    right: NDArray[np.int64],
    columns: Sequence[str],
    rounds: int = ROUNDS,
) -> Boosted:
    """Grow trees.

    Args:
        table: the options' features, shape (options in all, columns).
        sizes: how many options each conflict has.
        right: which of a conflict's options is right, counted from 0.
        columns: the features' names.
        rounds: how many trees.
    """
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    wanted = np.zeros(len(table))
    wanted[starts + right] = 1.0

    def slopes(scores: Array, _: lightgbm.Dataset) -> tuple[Array, Array]:
        chances = softmax_of(scores, sizes)
        return chances - wanted, np.maximum(chances * (1 - chances), 1e-4)

    data = lightgbm.Dataset(table, free_raw_data=True)
    least = max(1, min(IN_LEAF, len(table) // OF_FEW))
    settings = {**PARAMETERS, "min_data_in_leaf": least, "objective": slopes}
    booster = lightgbm.train(settings, data, rounds)
    return Boosted(tuple((name, absent(name)) for name in columns), trees_of(booster))


def trees_of(booster: lightgbm.Booster) -> tuple[Tree, ...]:
    """Give the trees that LightGBM has grown."""
    return tuple(_tree(one["tree_structure"]) for one in booster.dump_model()["tree_info"])


def _tree(root: dict[str, Any]) -> Tree:
    """Flatten a tree as LightGBM prints it."""
    nodes: list[tuple[int, float, int, int, int]] = []
    leaves: list[float] = []

    def place(node: dict[str, Any]) -> int:
        if "leaf_value" in node:
            leaves.append(round(node["leaf_value"], 6))
            return -len(leaves)
        at = len(nodes)
        nodes.append((0, 0.0, 0, 0, 0))
        low, high = place(node["left_child"]), place(node["right_child"])
        threshold = float(node["threshold"])
        if node["missing_type"] == "NaN":
            unknown = low if node["default_left"] else high
        else:  # none was unknown in training: LightGBM takes it for zero
            unknown = low if threshold >= 0 else high
        # Rounded upwards in single precision, as the features are: the order stays the same.
        nodes[at] = (node["split_feature"], _short(threshold), low, high, unknown)
        return at

    place(root)
    return Tree(tuple(nodes), tuple(leaves))


def _short(value: float) -> float:
    """Write a threshold with few digits, never below itself by more than a rounding."""
    return value if not math.isfinite(value) else float(f"{value:.7g}")


def scores_of(model: Boosted, table: NDArray[np.float32]) -> Array:
    """Score a table's rows: what `Boosted.score` gives for each, but all at once.

    Args:
        model: trees over the table's columns.
        table: shape (rows, columns).
    """
    total = np.zeros(len(table))
    for tree in model.trees:
        if not tree.nodes:
            total += tree.leaves[0]
            continue
        nodes = np.array([node[2:] for node in tree.nodes])
        columns = np.array([node[0] for node in tree.nodes])
        thresholds = np.array([node[1] for node in tree.nodes])
        leaves = np.array(tree.leaves)
        at = np.zeros(len(table), np.int64)
        inside = np.arange(len(table))
        while len(inside):
            node = at[inside]
            values = table[inside, columns[node]]
            way = np.where(np.isnan(values), 2, (values > thresholds[node]).astype(np.int64))
            at[inside] = nodes[node, way]
            inside = inside[at[inside] >= 0]
        total += leaves[-1 - at]
    return total
