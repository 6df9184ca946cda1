"""How near a text is to another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitmerge_ai.messages.measures import b_norm, edit_similarity, next_words

TEXT = st.text(alphabet="ab c.", max_size=20)


@given(TEXT, TEXT)
def test_measures_are_shares_and_one_for_equal_texts(a, b):
    assert 0 <= b_norm(a, b) <= 1
    assert 0 <= edit_similarity(a, b) <= 1
    assert edit_similarity(a, b) == edit_similarity(b, a)
    assert edit_similarity(a, a) == 1
    assert b_norm(a, a) == pytest.approx(1)


def test_b_norm_forgives_case_and_not_words():
    assert b_norm("Fix the Bug!", "fix the bug!") == 1
    assert 0 < b_norm("fix the bug", "fix a bug") < 1
    assert b_norm("one", "two") == 0


def test_edits_are_counted():
    assert edit_similarity("abcd", "abxd") == 0.75
    assert edit_similarity("", "abcd") == 0


@pytest.mark.parametrize(
    ("rest", "count", "words"),
    [("po in a", 1, ("po",)), (" in a", 2, (" in", "a")), ("x", 2, None), ("", 1, None)],
)
def test_next_words_keep_a_cut_word_apart(rest, count, words):
    assert next_words(rest, count) == words
