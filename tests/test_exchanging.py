"""Exchanging conflicts and what resolved them, over generated texts."""

from hypothesis import given
from hypothesis import strategies as st

from gitmerge_ai.resolving.journal.exchanging import Alignment, Marked, exchange, hunks

LINES = st.sampled_from(["a\n", "b\n", "c\n", "}\n", "\n"])
BLOCKS = st.lists(LINES, max_size=3).map("".join)
CONFLICTS = st.builds("<<<<<<< HEAD\n{}=======\n{}>>>>>>> side\n".format, BLOCKS, BLOCKS)
CLEAN = st.lists(LINES, max_size=12).map("".join)
TEXTS = st.lists(st.one_of(LINES, CONFLICTS), max_size=10).map("".join)


def both(old: str, new: str) -> tuple[Marked, Marked]:
    return Marked(old, 7), Marked(new, 7)


@given(TEXTS, CLEAN)
def test_exchanging_all_gives_the_other_text(old: str, new: str) -> None:
    before, after = both(old, new)
    found = hunks(before, after)
    assert exchange(before, before, after, found).text == new
    assert exchange(after, after, before, [hunk.back for hunk in found]).text == old


@given(TEXTS, CLEAN)
def test_what_stands_around_stays(old: str, new: str) -> None:
    before, after = both(old, new)
    edited = Marked(f"first\n{old}last\n", 7)
    done = exchange(edited, before, after, hunks(before, after))
    assert done.text in (f"first\n{new}last\n", edited.text) or done.spans
    assert done.text.startswith("first\n")
    assert done.text.endswith("last\n")


@given(TEXTS, CLEAN, TEXTS)
def test_lines_that_are_said_to_be_exchanged_are(old: str, new: str, now: str) -> None:
    before, after = both(old, new)
    found = hunks(before, after)
    done = exchange(Marked(now, 7), before, after, found)
    lines = done.text.splitlines(keepends=True)
    texts = {after.source(hunk.new.start, hunk.new.stop) for hunk in found}
    for first, end in done.spans:
        assert "".join(lines[first - 1 : end - 1]) in texts
    if not done.spans:
        assert done.text == now


def test_one_of_two() -> None:
    one, two = (f"<<<<<<< HEAD\n{n}\n=======\n{n}{n}\n>>>>>>> side\n" for n in "12")
    before, after = both(f"x\n{one}y\n{two}z\n", "x\none\ny\ntwo\nz\n")
    found = hunks(after, before)
    done = exchange(after, after, before, found, line=4)
    assert done.text == f"x\none\ny\n{two}z\n"
    assert done.spans == ((4, 9),)
    assert exchange(after, after, before, found, line=3).spans == ()


def test_a_line_inside_of_a_conflict_is_not_taken_for_the_resolution() -> None:
    """`ours` was taken; once undone, its line stands in the conflict and is not to be exchanged."""
    conflict = "<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> side\n"
    before, after = both(f"x\n{conflict}", "x\nours\n")
    found = hunks(after, before)
    assert exchange(before, after, before, found).spans == ()


def test_what_was_deleted_comes_back_between_its_neighbours() -> None:
    conflict = "<<<<<<< HEAD\nours\n=======\n>>>>>>> side\n"
    before, after = both(f"x\n{conflict}y\n", "x\ny\n")
    found = hunks(after, before)
    edited = Marked("new\nx\ny\n", 7)
    assert exchange(edited, after, before, found).text == f"new\nx\n{conflict}y\n"
    assert exchange(Marked("x\nnew\ny\n", 7), after, before, found).spans == ()


def test_places_of_lines() -> None:
    text, later = both("a\nb\nc\n", "new\na\nb\nx\nc\n")
    alignment = Alignment(text, later)
    assert alignment.span((1, 3)) == (2, 4)
    assert alignment.span((2, 4)) is None
    assert [alignment.line_before(line) for line in range(1, 7)] == [None, 1, 2, None, 3, None]
