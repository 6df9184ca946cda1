"""What words claim of a change, and whether it does so."""

import math

import pytest

from gitmerge_ai.messages.claims import ACTIONS, NATURES, Claims
from gitmerge_ai.messages.phrasing import TYPES, VERBS


@pytest.mark.parametrize(
    ("actions", "nature", "word", "share"),
    [
        (("add", "change"), "code", "added", 0.5),
        (("add", "change"), "code", "deleted", 0.0),
        (("change",), "docs", "docs", 1.0),
        (("change",), "docs", "tests", 0.0),
        (("rename", "rename"), "renames", "moved", 1.0),
        (("change",), "code", "parser", math.nan),
        ((), "code", "fix", math.nan),
    ],
)
def test_a_claim_holds_of_what_a_change_does(actions, nature, word, share):
    assert Claims(actions, nature).holds(word) == pytest.approx(share, nan_ok=True)


def test_what_is_said_of_an_action_or_a_nature_claims_it():
    claimed = {action: words.split() for action, words in (*ACTIONS.items(), *NATURES.items())}
    for action in ("add", "remove", "rename", "move", "replace", "bump"):
        assert set(VERBS[action]) <= set(claimed[action])
    for nature in ("tests", "docs", "formatting"):
        assert set(TYPES[nature]) & set(claimed[nature])
