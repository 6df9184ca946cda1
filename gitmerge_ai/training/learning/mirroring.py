"""Exchanges ours and theirs in what the network learns from.

What an edit means does not depend on whose it is, so each conflict can be read twice. What people
prefer does: the trees' scores, which know the sides, stay those of the same candidates.
"""

import numpy as np
from numpy.typing import NDArray

from gitmerge_ai.resolving.ranking.reading import Edit
from gitmerge_ai.training.learning.dataset import Input
from gitmerge_ai.training.learning.labels import NAMES

EDITS = np.array(
    [
        Edit.NONE,
        Edit.CONTEXT,
        Edit.THEIRS_KEPT,
        Edit.THEIRS_ADDED,
        Edit.THEIRS_DELETED,
        Edit.OURS_KEPT,
        Edit.OURS_ADDED,
        Edit.OURS_DELETED,
    ],
    np.int8,
)
"""For each edit the other side's."""


def _other(name: str) -> str:
    return name.replace("ours", "OURS").replace("theirs", "ours").replace("OURS", "theirs")


OTHER = np.array([*(NAMES.index(_other(name)) for name in NAMES), -2, -1], np.int8)
"""For each pattern the one with the sides exchanged; -1 and -2 stay (they count from the end)."""


def mirror(one: Input) -> Input:
    """Read a conflict with ours and theirs exchanged, in their new order."""
    of_ours = np.flatnonzero((one.edits >= Edit.OURS_KEPT) & (one.edits <= Edit.OURS_DELETED))
    of_theirs = np.flatnonzero(one.edits >= Edit.THEIRS_KEPT)
    order = np.arange(len(one.edits))
    if len(of_ours) and len(of_theirs):
        start, end = of_ours[0], of_ours[-1] + 1
        other, last = of_theirs[0], of_theirs[-1] + 1
        order = np.concatenate(
            [order[:start], order[other:last], order[end:other], order[start:end], order[last:]]
        )
    return Input(
        pieces=one.pieces[order],
        edits=EDITS[one.edits[order]],
        at=one.at[order],
        sides=(1 - one.sides).astype(np.int8),
        places=one.places,
        follows=one.follows,
    )


def exchanged(numbers: NDArray[np.float32]) -> NDArray[np.float32]:
    """Exchange what says which option is ours and which is theirs."""
    found = numbers.copy()
    found[:, [4, 5]] = numbers[:, [5, 4]]
    return found
