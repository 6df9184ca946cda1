"""A conflict's candidates as arrays: what the classifier's heads get beside the pieces.

The same functions serve training and a merge, so that the two cannot drift apart. They need numpy
and are imported only when a classifier runs.
"""

import numpy as np
from numpy.typing import NDArray

from gitmerge_ai.resolving.ranking.reading import PLACES

# Groups of changed words: ours followed, ours left, theirs followed, theirs left.
GROUPS = 4
# Numbers about an option beside the text: see `numbers_of`.
NUMBERS = 6


def numbers_of(scores: NDArray[np.float64], ours: int, theirs: int) -> NDArray[np.float32]:
    """Give the numbers about each option that enter the candidate head.

    Args:
        scores: the trees' scores of the options, "none of these" last.
        ours, theirs: which options they are, -1 for none.

    Returns:
        Shape (options, NUMBERS): the log of the trees' probability first.
    """
    shifted = scores - scores.max()
    logs = shifted - np.log(np.exp(shifted).sum())
    count = len(scores)
    found = np.zeros((count, NUMBERS), np.float32)
    found[:, 0] = logs
    found[:, 1] = np.exp(logs)
    found[:, 2] = np.log(count) / 4
    found[-1, 3] = 1.0
    for column, at in ((4, ours), (5, theirs)):
        if at >= 0:
            found[at, column] = 1.0
    return found


def pools_of(
    at: NDArray[np.int16], sides: NDArray[np.int8], follows: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Give the weights of the pieces in each group of each option.

    Args:
        at: which changed word each piece is part of, -1 for none; (n,).
        sides: of the changed words, (m,).
        follows: which changed words each candidate follows, (candidates, m).

    Returns:
        Shape (candidates + 1, GROUPS, n); "none of these", the last, follows and leaves nothing.
    """
    n, c = len(at), len(follows)
    pools = np.zeros((c + 1, GROUPS, n), np.float32)
    read = np.flatnonzero(at >= 0)
    if len(read):
        words = at[read]
        theirs = sides[words].astype(bool)
        followed = follows[:, words]
        for group in range(GROUPS):
            of_side = theirs if group >= 2 else ~theirs
            inside = (followed if group % 2 == 0 else ~followed) & of_side
            pools[:c, group, read] = inside
    return _shares(pools)


def places_of(at: NDArray[np.int16], places: NDArray[np.int8]) -> NDArray[np.float32]:
    """Give the weights of the pieces in each place that both sides changed, (PLACES, n)."""
    found = np.zeros((PLACES, len(at)), np.float32)
    of_piece = np.where(at >= 0, places[np.maximum(at, 0)] if len(places) else -1, -1)
    for place in range(PLACES):
        found[place] = of_piece == place
    return _shares(found)


def _shares(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Let the last axis sum to one, where there is anything."""
    sums = weights.sum(-1, keepdims=True)
    shares: NDArray[np.float32] = weights / np.maximum(sums, 1)
    return shares
