"""Aligning two and three sequences: what is paired is equal, in order, and nothing is left out."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitmerge_ai.differ.sequences import (
    MOST_DIFFERENCES,
    Change,
    Chunk,
    Pairs,
    diff3,
    increasing,
    matches,
)

words = st.text(alphabet="abcde", max_size=12)
triples = st.tuples(words, words, words)
quickly = settings(deadline=None, derandomize=True, max_examples=150, database=None)
both_ways = pytest.mark.parametrize("adjacent", [False, True])


def longest_common(a: str, b: str) -> int:
    """The length of a longest common subsequence, by the textbook."""
    row = [0] * (len(b) + 1)
    for x in a:
        before = row[:]
        for j, y in enumerate(b):
            row[j + 1] = before[j] + 1 if x == y else max(row[j], before[j + 1])
    return row[-1]


def rises(pairs: Pairs) -> bool:
    return all(i < p and j < q for (i, j), (p, q) in pairwise(pairs))


@quickly
@given(words, words)
def test_matches_are_equal_and_in_order(a: str, b: str) -> None:
    pairs = matches(a, b)
    assert all(a[i] == b[j] for i, j in pairs)
    assert rises(pairs)


@quickly
@given(words)
def test_a_sequence_matches_itself_whole(a: str) -> None:
    assert matches(a, a) == [(i, i) for i in range(len(a))]


@quickly
@given(words, words)
def test_an_insertion_leaves_all_else_matched(a: str, b: str) -> None:
    assert len(matches(a, a[: len(a) // 2] + b + a[len(a) // 2 :])) == len(a)


@quickly
@given(st.text(alphabet="ab", max_size=10), st.text(alphabet="ab", max_size=10))
def test_without_unique_elements_the_longest_common_subsequence_is_found(a: str, b: str) -> None:
    a, b = a + a, b + b  # nothing is unique
    assert len(matches(a, b)) == longest_common(a, b)


def test_unique_elements_anchor_the_alignment() -> None:
    assert (3, 0) in matches("xyxUyx", "Uxyxyx")


def test_texts_with_nothing_in_common_are_given_up_early() -> None:
    a = ["a", "b"] * MOST_DIFFERENCES
    b = ["b", "c", "c"] * MOST_DIFFERENCES
    assert len(matches(a, b)) <= len(a)


@quickly
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))))
def test_an_increasing_run_is_a_longest_one(pairs: Pairs) -> None:
    pairs = [(i, j) for i, (_, j) in enumerate(sorted(pairs))]
    run = increasing(pairs)
    assert rises(run)
    assert set(run) <= set(pairs)
    best = [1] * len(pairs)
    for at, (_, j) in enumerate(pairs):
        best[at] += max((best[k] for k in range(at) if pairs[k][1] < j), default=0)
    assert len(run) == max(best, default=0)


def covers(chunks: list[Chunk], version: str, text: str) -> bool:
    return [i for chunk in chunks for i in getattr(chunk, version)] == list(range(len(text)))


def part(text: str, places: range) -> str:
    return text[places.start : places.stop]


@both_ways
@quickly
@given(triples)
def test_chunks_cover_all_three_in_order(adjacent: bool, triple: tuple[str, str, str]) -> None:
    chunks = diff3(*triple, adjacent=adjacent)
    names = ("base", "ours", "theirs")
    assert all(covers(chunks, name, text) for name, text in zip(names, triple, strict=True))


@both_ways
@quickly
@given(triples)
def test_a_chunk_says_who_changed_it(adjacent: bool, triple: tuple[str, str, str]) -> None:
    base, ours, theirs = triple
    for chunk in diff3(base, ours, theirs, adjacent=adjacent):
        b, o, t = part(base, chunk.base), part(ours, chunk.ours), part(theirs, chunk.theirs)
        assert b or o or t
        match chunk.change:
            case Change.NOBODY:
                assert b == o == t
            case Change.OURS:
                assert b == t
            case Change.THEIRS:
                assert b == o
            case Change.ALIKE:
                assert o == t
            case Change.BOTH:
                assert o != t


@both_ways
@quickly
@given(triples)
def test_chunks_are_the_same_from_the_other_side(
    adjacent: bool, triple: tuple[str, str, str]
) -> None:
    base, ours, theirs = triple
    swapped = {Change.OURS: Change.THEIRS, Change.THEIRS: Change.OURS}
    there = diff3(base, ours, theirs, adjacent=adjacent)
    back = diff3(base, theirs, ours, adjacent=adjacent)
    # Two changes that touch may be told apart in either order; what conflicts is the same.
    assert [c for c in there if c.change is Change.BOTH] == [
        Chunk(c.change, c.base, c.theirs, c.ours) for c in back if c.change is Change.BOTH
    ]
    assert {swapped.get(c.change, c.change) for c in there} == {c.change for c in back}


@both_ways
@quickly
@given(words, words)
def test_one_side_alone_never_conflicts(adjacent: bool, base: str, ours: str) -> None:
    changes = {chunk.change for chunk in diff3(base, ours, base, adjacent=adjacent)}
    assert changes <= {Change.NOBODY, Change.OURS}
    alike = {chunk.change for chunk in diff3(base, ours, ours, adjacent=adjacent)}
    assert alike <= {Change.NOBODY, Change.ALIKE}


def changes(base: str, ours: str, theirs: str, *, adjacent: bool) -> list[Change]:
    found = [chunk.change for chunk in diff3(base, ours, theirs, adjacent=adjacent)]
    return [change for change in found if change is not Change.NOBODY]


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "apart", "together"),
    [
        ("abcd", "aXcd", "abYd", [Change.OURS, Change.THEIRS], [Change.BOTH]),
        ("abcd", "aXbcd", "aYcd", [Change.OURS, Change.THEIRS], [Change.BOTH]),
        ("ab", "aXb", "aYb", [Change.BOTH], [Change.BOTH]),
        ("abcd", "aXXd", "aYcd", [Change.BOTH], [Change.BOTH]),
        ("abc", "Xbc", "abY", [Change.OURS, Change.THEIRS], [Change.OURS, Change.THEIRS]),
        ("ab", "aXb", "aXb", [Change.ALIKE], [Change.ALIKE]),
    ],
)
def test_what_touches_is_told_apart_on_request(
    base: str, ours: str, theirs: str, apart: list[Change], together: list[Change]
) -> None:
    assert changes(base, ours, theirs, adjacent=True) == apart
    assert changes(base, ours, theirs, adjacent=False) == together


def test_long_texts_align_in_the_end() -> None:
    lines = random.Random(1).choices(range(2_000), k=20_000)
    other = [line for line in lines if line % 7]
    pairs = matches(lines, other)
    assert rises(pairs)
    assert all(lines[i] == other[j] for i, j in pairs)
