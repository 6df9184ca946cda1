"""What a conflict and a candidate are measured by, against the same told in multisets."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitmerge_ai.resolving.proposing.candidates import Candidate, Context
from gitmerge_ai.resolving.ranking.features import Scale
from gitmerge_ai.text.markers import Region

TEXTS = st.lists(st.sampled_from(["a b", "a", "b b c", "d", ""]), max_size=6).map("\n".join)


def _words(text: str) -> Counter[str]:
    return Counter(text.split())


def _lines(text: str) -> Counter[str]:
    return Counter(line.replace(" ", "") for line in text.split("\n") if line)


def _part(some: Counter[str], of: Counter[str], nothing: float) -> float:
    return some.total() / of.total() if of else nothing


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_what_texts_have_in_common_is_counted_as_often_as_it_stands_there(
    base: str, ours: str, theirs: str, text: str
) -> None:
    found = Scale(Region(base, ours, theirs), Context()).of(Candidate(text, ("ours",)))
    b, o, t, c = map(_words, (base, ours, theirs, text))
    both = c | o
    assert found["likeness to ours"] == ((c & o).total() / both.total() if both else 1)
    assert found["ours: lost"] == 1 - _part(c & (o - b), o - b, 1.0)
    assert found["ours: words lost"] == math.log1p((o - b - c).total())
    assert found["theirs: brought back"] == _part((c - o) & (b - t), b - t, 0.0)
    added = (o - b) | (t - b)
    assert found["lost of all"] == 1 - (c & added).total() / max(1, added.total())
    assert found["doubled words"] == (c - (o | t)).total() / (c.total() + 1)
    b, o, t, c = map(_lines, (base, ours, theirs, text))
    assert found["ours: lines lost"] == _part(o - b - c, o - b, 0.0)
    assert found["theirs: lines back"] == _part((b - t) - ((o | t) - c), b - t, 0.0)


@pytest.mark.parametrize(("text", "new"), [("a b", 0), ("b a", 3 / math.sqrt(3)), ("", 1)])
def test_neighbours_that_no_side_has_are_new(text: str, new: float) -> None:
    scale = Scale(Region("a b", "a b", "a b"), Context("(", ")"))
    assert scale.of(Candidate(text, ("ours",)))["new pairs"] == new
