"""Laying out a merge: conflicts become whole lines, and no byte of either side is lost by it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitmerge_ai.merging.pieces import (
    Note,
    Open,
    Piece,
    Pieces,
    is_open,
    lay_out,
    merge_lines,
    open_size,
    text_of,
    trim,
)

texts = st.text(alphabet="ab\n ", max_size=6).map(str.encode)
pieces = st.lists(
    st.one_of(
        texts, st.builds(Open, texts, texts, texts, st.just("k")), st.builds(Note, st.text())
    ),
    max_size=8,
)
quickly = settings(deadline=None, derandomize=True, max_examples=150, database=None)


def taking(pieces: Pieces, side: str) -> bytes:
    return text_of(getattr(p, side) if isinstance(p, Open) else p for p in pieces)


def ends_a_line(text: bytes) -> bool:
    return not text or text.endswith(b"\n")


@quickly
@given(pieces)
def test_taking_a_side_gives_what_it_gave_before(before: list[Piece]) -> None:
    laid = lay_out(before)
    assert taking(laid, "ours") == taking(before, "ours")
    assert taking(laid, "theirs") == taking(before, "theirs")


@quickly
@given(pieces)
def test_a_conflict_is_made_of_whole_lines(before: list[Piece]) -> None:
    laid = [piece for piece in lay_out(before) if not isinstance(piece, Note)]
    for at, piece in enumerate(laid):
        if isinstance(piece, Open):
            assert at == 0 or isinstance(laid[at - 1], Open) or ends_a_line(laid[at - 1])
            if at + 1 < len(laid):
                assert ends_a_line(piece.ours)
                assert ends_a_line(piece.theirs)


@quickly
@given(pieces)
def test_a_conflict_shows_two_things(before: list[Piece]) -> None:
    for piece in lay_out(before):
        assert not isinstance(piece, Open) or piece.ours != piece.theirs


@quickly
@given(pieces)
def test_laying_out_keeps_the_notes(before: list[Piece]) -> None:
    notes = [piece for piece in before if isinstance(piece, Note)]
    assert [piece for piece in lay_out(before) if isinstance(piece, Note)] == notes


@quickly
@given(texts, texts, texts)
def test_a_line_merge_holds_all_of_both_sides(base: bytes, ours: bytes, theirs: bytes) -> None:
    assert text_of(merge_lines(base, base, theirs)) == theirs
    assert text_of(merge_lines(base, ours, base)) == ours
    assert text_of(merge_lines(base, ours, ours)) == ours
    merged = merge_lines(base, ours, theirs)
    if not is_open(merged):
        known = {*base.splitlines(), *ours.splitlines(), *theirs.splitlines()}
        assert set(text_of(merged).splitlines()) <= known


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            [b"a = ", Open(b"1", b"2", b"3", "k"), b";\nb\n"],
            [Open(b"a = 1;\n", b"a = 2;\n", b"a = 3;\n", "k"), b"b\n"],
        ),
        (
            [b"f(", Open(b"a", b"b", b"c", "k"), b", ", Open(b"x", b"y", b"z", "l"), b")\n"],
            [Open(b"f(a, x)\n", b"f(b, y)\n", b"f(c, z)\n", "k")],
        ),
        ([Open(b"o\n", b"o\na\n", b"o\nb\n", "k")], [b"o\n", Open(b"", b"a\n", b"b\n", "k")]),
        ([Open(b"x\n", b"a\nx\n", b"b\nx\n", "k")], [Open(b"", b"a\n", b"b\n", "k"), b"x\n"]),
        ([Open(b"", b"x\na\n", b"x\nb\n", "k")], [Open(b"", b"x\na\n", b"x\nb\n", "k")]),
        ([Open(b"o\n", b"a\n", b"a\n", "k")], [b"a\n"]),
        ([b"a\n", Open(b"", b"b", b"c", "k")], [b"a\n", Open(b"", b"b", b"c", "k")]),
        ([b"", b""], []),
    ],
    ids=[
        *("widened", "joined", "head alike", "tail alike", "head new"),
        *("all alike", "no final newline", "empty"),
    ],
)  # fmt: skip
def test_conflicts_are_as_small_as_lines_allow(before: Pieces, after: Pieces) -> None:
    assert lay_out(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([Open(b"", b"x\na\n", b"x\nb\n", "k")], [b"x\n", Open(b"", b"a\n", b"b\n", "k")]),
        ([Open(b"o\n", b"a\nx\n", b"b\nx\n", "k")], [Open(b"o\n", b"a\n", b"b\n", "k"), b"x\n"]),
    ],
    ids=["head", "tail"],
)  # fmt: skip
def test_what_both_sides_begin_or_end_with_can_be_taken_out(before: Pieces, after: Pieces) -> None:
    assert trim(before) == after


def test_the_blank_line_stays_behind_what_one_side_alone_has() -> None:
    laid = lay_out([b"a\n", Open(b"\nold\n", b"", b"\nnew\n", "k"), b"\nz\n"])
    assert laid == [b"a\n", b"\n", Open(b"old\n\n", b"", b"new\n\n", "k"), b"z\n"]


def test_open_regions_are_counted_by_what_is_to_be_read() -> None:
    pieces: Pieces = [b"abc", Note("union"), Open(b"base", b"ours", b"th", "k")]
    assert is_open(pieces)
    assert open_size(pieces) == 6
    assert text_of(pieces) == b"abc"
    assert not is_open(pieces[:2])
