"""Grows the trees that say how a subject may go on, on the commits of many repositories.

Each commit is asked about with only what came before it, as in `messages.backtesting`, at several
places of its subject. Of the tokens that could stand next the trees learn which one does, by
softmax cross-entropy over them (as Cao et al. 2007, ListNet).
"""

from collections.abc import Iterable, Iterator, Sequence

import lightgbm
import numpy as np

from gitmerge_ai.messages.backtesting import Asking
from gitmerge_ai.messages.following import Following
from gitmerge_ai.messages.openings import Openings, split_typed
from gitmerge_ai.messages.words import END, tokens
from gitmerge_ai.resolving.ranking.boosting import Boosted
from gitmerge_ai.training.learning.boosting import softmax_of
from gitmerge_ai.training.messages.growing import Array, Row, grown, tabled

SHARES = (0, 10, 18, 25, 33, 50)
"""Per cent of the characters of a subject that are typed."""

ROUNDS, LEAVES, RATE = 300, 31, 0.06


def rows(asked: Iterable[Asking]) -> Iterator[list[Row]]:
    """Compare what could stand next with what does: the rows of each question."""
    for one in asked:
        subject, (change, memory, *_) = one.commit.subject, one.question
        if change.footprint.is_empty or not len(memory):
            continue
        openings = Openings(Following(memory, change, memory.weigh(change)), memory, change)
        for cut in sorted({len(subject) * share // 100 for share in SHARES}):
            typed = subject[:cut]
            found = openings.found(typed)
            at = len(split_typed(typed)[0])
            written = (*tokens(subject), END)[at:]
            yield [
                Row(features, float(written[: len(each.tokens)] == each.tokens))
                for each, features in zip(found, openings.features(typed, found), strict=True)
            ]


def grow(questions: Iterable[Sequence[Row]], rounds: int = ROUNDS) -> Boosted:
    """Grow trees.

    Args:
        questions: the rows of each, of all repositories that train.
        rounds: how many trees.

    Raises:
        ValueError: there are no rows.
    """
    table = tabled(each for each in questions if any(row.worth for row in each))

    def slopes(scores: Array, _: lightgbm.Dataset) -> tuple[Array, Array]:
        chances = softmax_of(scores, table.sizes)
        return chances - table.worth, np.maximum(chances * (1 - chances), 1e-4)

    return grown(table, slopes, rounds, LEAVES, RATE)
