"""Grows the trees that say what a proposed subject is worth, on the commits of many repositories.

Each commit is asked about with only what came before it, as in `messages.backtesting`, some of its
subject typed, and all drafts are compared with what was written. The trees learn two things at
once: which draft of a question is worth most (softmax cross-entropy, as Cao et al. 2007, ListNet)
and how much it is worth (logistic loss), so that their score both ranks and is a confidence.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import lightgbm
import numpy as np

from gitmerge_ai.messages.backtesting import Asking
from gitmerge_ai.messages.measures import likeness
from gitmerge_ai.messages.proposing import drafts
from gitmerge_ai.messages.ranking import Ranker
from gitmerge_ai.messages.slots import Slots
from gitmerge_ai.resolving.ranking.boosting import Boosted
from gitmerge_ai.training.learning.boosting import softmax_of
from gitmerge_ai.training.messages.growing import Array, Row, grown, tabled

SHARES = (0, 25)
"""Per cent of the characters of a subject that are typed."""

WHOLE: Mapping[str, float] = {"em1": 0.1, "em2": 0.1, "b_norm": 0.5, "edit_similarity": 0.3}
REST: Mapping[str, float] = {"em1": 0.7, "em2": 0.2, "b_norm": 0.05, "edit_similarity": 0.05}
"""What a draft is worth, so much of each measure: a whole subject, and the rest of one begun, of
which people look at the next word first."""

SHARPNESS = 20.0
"""How much of a question's softmax goes to its best draft."""

SURE = 0.3
"""How much the confidence counts beside the order."""

ROUNDS, LEAVES, RATE = 400, 15, 0.03


def rows(asked: Iterable[Asking]) -> Iterator[list[Row]]:
    """Compare the drafts for commits with what was written: the rows of each question."""
    for one in asked:
        subject = one.commit.subject
        slots = Slots(one.question.memory, one.question.asked)
        for share in SHARES:
            typed = subject[: len(subject) * share // 100]
            question = one.question._replace(typed=typed)
            found = drafts(question, slots)
            features = Ranker(question, slots).features(found)
            yield [
                Row(each, worth(draft.text[len(typed) :], subject[len(typed) :], bool(typed)))
                for draft, each in zip(found, features, strict=True)
            ]


def worth(rest: str, written: str, begun: bool) -> float:
    """Say what a proposal is worth beside what was written, from 0 to 1.

    Args:
        rest: what was proposed behind what was typed.
        written: what was written there.
        begun: whether anything was typed.
    """
    found = likeness(rest, written)
    shares = REST if begun else WHOLE
    whole = sum(shares[measure] for measure in found)
    return sum(shares[measure] * value for measure, value in found.items()) / whole


def grow(questions: Iterable[Sequence[Row]], rounds: int = ROUNDS) -> Boosted:
    """Grow trees.

    Args:
        questions: the rows of each, of all repositories that train.
        rounds: how many trees.

    Raises:
        ValueError: there are no rows.
    """
    table = tabled(questions)
    wanted = table.worth
    shares = softmax_of(SHARPNESS * wanted, table.sizes)

    def slopes(scores: Array, _: lightgbm.Dataset) -> tuple[Array, Array]:
        chances, sure = softmax_of(scores, table.sizes), 1 / (1 + np.exp(-scores))
        first = chances - shares + SURE * (sure - wanted)
        second = np.maximum(chances * (1 - chances), 1e-4) + SURE * np.maximum(
            sure * (1 - sure), 1e-3
        )
        return first, second

    return grown(table, slopes, rounds, LEAVES, RATE)
