"""The token merge of one region: what merges, what is left, and whose white space it gets."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitmerge_ai.merging.pieces import Note, Open, is_open, text_of
from gitmerge_ai.merging.tokens import merge_tokens, settle_tokens

words = st.lists(st.sampled_from(["a", "b", "c", ",", "(", ")", "\n", "\n  ", " "]), max_size=12)
region_texts = words.map(lambda parts: " ".join(parts).encode())
quickly = settings(deadline=None, derandomize=True, max_examples=150, database=None)


def merged(base: str, ours: str, theirs: str) -> str | None:
    found = merge_tokens(Open(base.encode(), ours.encode(), theirs.encode(), ""))
    return None if found is None else text_of(found).decode()


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("f(a, b)\n", "g(a, b)\n", "f(a, c)\n", "g(a, c)\n"),
        ("x = 1  # one\n", "x = 2  # one\n", "x = 1  # uno\n", "x = 2  # uno\n"),
        ('say("a b", c)\n', 'say("a b", d)\n', 'ask("a b", c)\n', 'ask("a b", d)\n'),
        ("f( a )\n", "f(a)\n", "g( a )\n", "g(a)\n"),
        ("call(a, b, c)\n", "call(b, c)\n", "call(a, b, d)\n", "call(b, d)\n"),
        ("a é c\n", "b é c\n", "a é d\n", "b é d\n"),
        ("a b c\r\n", "x b c\r\n", "a b y\r\n", "x b y\r\n"),
    ],
)
def test_different_tokens_merge(base: str, ours: str, theirs: str, expected: str) -> None:
    assert merged(base, ours, theirs) == expected
    assert merged(base, theirs, ours) == expected


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ("x = 1\n", "x = 2\n", "x = 3\n"),
        ("", "a\n", "b\n"),
        ("f(a)\n", "f(b)\n", ""),
        ("a b\n", "a x b\n", "a y b\n"),
        ("return a\n", "return x and a\n", "return a or c\n"),
        ("f(x)\n", "g(f(x))\n", "h(f(x))\n"),
        ('s = "a b"\n', 's = "x b"\n', 's = "a y"\n'),
        ("f(a)\n", "# f(a)\n", "f(b)\n"),
        ("f(a);\n", "// f(a);\n", "f(b);\n"),
    ],
    ids=[
        "one token twice",
        "nothing to go by",
        "deleted and changed",
        "two additions",
        "around one operand",
        "around the whole",
        "inside one string",
        "commented out",
        "commented out in C",
    ],
)
def test_what_has_two_readings_is_left(base: str, ours: str, theirs: str) -> None:
    assert merged(base, ours, theirs) is None
    assert merged(base, theirs, ours) is None


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("await g(a);\n", "g(a);\n", "await h(a);\n", "h(a);\n"),
        (
            "b c d\n  not g a b\nh\n",
            "x b c d\n  g a b\nh\n",
            "b c d\n  not gg a b\nh\n",
            "x b c d\n  gg a b\nh\n",
        ),
        (
            "public int x;\n",
            "int x;\n",
            "public static int x;\n",
            "static int x;\n",
        ),
    ],
    ids=["first of all", "first of a line", "an addition"],
)
def test_what_becomes_the_first_of_a_line_begins_it(
    base: str, ours: str, theirs: str, expected: str
) -> None:
    assert merged(base, ours, theirs) == expected
    assert merged(base, theirs, ours) == expected


def test_lines_that_one_side_moved_in_take_the_other_sides_changes_along() -> None:
    base = "a = 1\nb = 2\nc = 3\n"
    ours = "  a = 1\n  b = 2\n  c = 3\n"
    theirs = "a = 1\nb = 20\nc = 3\n"
    assert merged(base, ours, theirs) == "  a = 1\n  b = 20\n  c = 3\n"
    assert merged(base, theirs, ours) == "  a = 1\n  b = 20\n  c = 3\n"


@quickly
@given(region_texts, region_texts, region_texts)
def test_every_token_of_a_merge_is_a_sides(base: bytes, ours: bytes, theirs: bytes) -> None:
    pieces = merge_tokens(Open(base, ours, theirs, ""))
    if pieces is not None:
        assert not is_open(pieces)
        assert set(text_of(pieces).split()) <= {*base.split(), *ours.split(), *theirs.split()}


@quickly
@given(region_texts, region_texts)
def test_a_side_that_changed_nothing_leaves_the_other(base: bytes, side: bytes) -> None:
    for region in (Open(base, side, base, ""), Open(base, base, side, "")):
        pieces = merge_tokens(region)
        assert pieces is None or text_of(pieces).split() == side.split()


def test_only_what_merges_is_settled() -> None:
    stays = Open(b"x = 1\n", b"x = 2\n", b"x = 3\n", "k")
    goes = Open(b"f(a, b)\n", b"g(a, b)\n", b"f(a, c)\n", "k")
    settled = settle_tokens([b"head\n", stays, goes])
    assert settled[:2] == [b"head\n", stays]
    assert "token" in {each.pattern for each in settled if isinstance(each, Note)}
    assert text_of(settled) == b"head\ng(a, c)\n"
