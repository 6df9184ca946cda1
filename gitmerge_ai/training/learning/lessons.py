"""The trees' half of a run: conflicts with the trees' scores of their options.

The training repositories are scored out of fold, so that what is learned on top of the scores is
learned on scores as good as they will be elsewhere. Evaluating needs this module too: it imports no
torch.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gitmerge_ai.resolving.ranking import boosting as boosted
from gitmerge_ai.resolving.ranking.arrays import numbers_of
from gitmerge_ai.resolving.ranking.boosting import TREES, Boosted
from gitmerge_ai.training.learning import dataset
from gitmerge_ai.training.learning.boosting import Array, grow, scores_of
from gitmerge_ai.training.learning.dataset import Dataset

OUT_OF_FOLD = "out-of-fold.npz"
"""What a run's folder holds beside the trees: scores by what is known in `ASKED`."""

MIXED = "mixed"
ASKED: dict[str, bool] = {"texts": False, "history": True}
"""Whether the histories are known; with `MIXED` that differs from conflict to conflict."""

FOLDS = 3
# How often a training conflict's history is hidden, its repository's habits, and the merge's other
# decisions: in use each may be unknown.
HIDDEN = 0.4, 0.6, 0.5


@dataclass(frozen=True, slots=True)
class Lessons:
    """The conflicts of one part of the split, with the trees' scores of their options."""

    data: Dataset
    numbers: list[NDArray[np.float32]]


def lessons_of(data: Dataset, scores: Array) -> Lessons:
    """Put conflicts and the trees' scores of their options together."""
    ends = np.cumsum(data.sizes)
    each = np.split(scores, ends[:-1])
    numbers = [
        numbers_of(one, int(ours), int(theirs))
        for one, ours, theirs in zip(each, data.ours, data.theirs, strict=True)
    ]
    return Lessons(data, numbers)


def training_table(data: Dataset, seed: int) -> NDArray[np.float32]:
    """Lay the options out with some histories, habits and decisions known, as in use."""
    draw = np.random.default_rng(seed)
    history, habits, decisions = (draw.random(len(data)) >= hidden for hidden in HIDDEN)
    facts = dataset.known(data, history=history, habits=habits)
    table = dataset.seen_with(data, facts=facts)
    partly = dataset.seen_with(data, facts=facts, decided="partly")
    return np.where(np.repeat(decisions, data.sizes)[:, None], partly, table)


def out_of_fold(
    data: Dataset, table: NDArray[np.float32], rounds: int, asked: Sequence[NDArray[np.float32]]
) -> list[Array]:
    """Score each repository's options by trees grown on the others.

    Args:
        data: the training repositories.
        table: what the trees are grown on.
        rounds: how many trees.
        asked: tables of the same options that are scored.

    Raises:
        ValueError: there are no others.
    """
    repositories = sorted({about[0] for about in data.about})
    if len(repositories) < 2:
        raise ValueError("at least two repositories are needed to train on")
    random.Random(1).shuffle(repositories)
    fold = {name: at % FOLDS for at, name in enumerate(repositories)}
    of_conflict = np.array([fold[about[0]] for about in data.about])
    of_row = np.repeat(of_conflict, data.sizes)
    scores = [np.zeros(len(table)) for _ in asked]
    for number in range(FOLDS):
        inside, outside = of_row == number, of_row != number
        if inside.any():
            learn = of_conflict != number
            trees = grow(table[outside], data.sizes[learn], data.right[learn], data.columns, rounds)
            for of_table, other in zip(scores, asked, strict=True):
                of_table[inside] = scores_of(trees, other[inside])
    return scores


def grow_trees(data: Dataset, out: Path, rounds: int, seed: int) -> Boosted:
    """Grow the trees that ship, unless that is done.

    Args:
        data: the training repositories.
        out: the run's folder.
        rounds: how many trees.
        seed: of what is known in training.
    """
    if not (out / TREES).exists():
        table = training_table(data, seed)
        boosted.write(grow(table, data.sizes, data.right, data.columns, rounds), out / TREES)
    return boosted.read(out / TREES)


def training_scores(data: Dataset, out: Path, rounds: int, seed: int) -> dict[str, Array]:
    """Score the training conflicts out of fold, unless that is done.

    Args:
        data: the training repositories.
        out: the run's folder.
        rounds: how many trees.
        seed: of what is known in training.

    Returns:
        The scores by what is known: `MIXED`, and the ways in `ASKED`.

    Raises:
        ValueError: there is only one repository.
    """
    kept = out / OUT_OF_FOLD
    if not kept.exists():
        table = training_table(data, seed)
        tables = [
            dataset.seen_with(data, facts=dataset.known(data, history=known, habits=False))
            for known in ASKED.values()
        ]
        scores = out_of_fold(data, table, rounds, [table, *tables])
        named: dict[str, Any] = dict(zip((MIXED, *ASKED), scores, strict=True))
        np.savez(kept, **named)
    with np.load(kept) as found:
        return dict(found)
