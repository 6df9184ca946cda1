"""What a merge lost, doubled or brought back, and what is none of these."""

import pytest

from gitmerge_ai.merging.losses import losses
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.values import Sides

HEAD = "import os\n\n\ndef first(a):\n    return call(a)\n\n\n"
OLD = "def old(x):\n    y = x + 1\n    return y\n\n\n"
LAST = "def last(a):\n    b = other(a)\n    return b\n"
MINE = "\n\ndef mine(q):\n    z = q + 1\n    return z\n"

BASE = HEAD + OLD + LAST
OURS = BASE.replace("import os\n", "import os\nimport sys\n") + MINE
THEIRS = HEAD + LAST
MERGED = HEAD.replace("import os\n", "import os\nimport sys\n") + LAST + MINE


def told(result: str, sides: tuple[str, str, str] = (BASE, OURS, THEIRS), path: str = "a.py"):
    found = losses(Sides(*sides, path), result, for_path(path, result))
    return [(loss.kind, loss.side, loss.name) for loss in found]


def test_a_merge_that_kept_everything():
    assert told(MERGED) == []


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (MERGED.replace(MINE, ""), ("lost", "ours", "function mine")),
        (MERGED.replace("import sys\n", ""), ("lost", "ours", "'import sys'")),
        (MERGED + MINE, ("doubled", "both", "function mine")),
        (MERGED.replace(LAST, OLD + LAST), ("resurrected", "theirs", "function old")),
    ],
)
@pytest.mark.parametrize("swapped", [False, True])
def test_mis_merges_are_named(result, expected, swapped):
    sides = (BASE, THEIRS, OURS) if swapped else (BASE, OURS, THEIRS)
    other = {"ours": "theirs", "theirs": "ours", "both": "both"}
    kind, side, name = expected
    assert told(result, sides) == [(kind, other[side] if swapped else side, name)]


def test_the_line_is_where_it_stands():
    (lost,) = losses(Sides(BASE, OURS, THEIRS), MERGED.replace(MINE, ""), for_path("a.py", BASE))
    assert OURS.splitlines()[lost.line - 1] == "def mine(q):"
    (back,) = losses(Sides(BASE, OURS, THEIRS), MERGED.replace(LAST, OLD + LAST))
    assert MERGED.replace(LAST, OLD + LAST).splitlines()[back.line - 1] == "def old(x):"


def test_both_sides_add_one_function_and_both_stand():
    """Git's line merge does this where they added it in two places."""
    ours, theirs = HEAD + MINE + LAST, HEAD + LAST + MINE
    assert told(HEAD + MINE + LAST + MINE, (HEAD + LAST, ours, theirs)) == [
        ("doubled", "both", "function mine")
    ]


def test_a_change_that_was_taken_back():
    ours = BASE.replace("other(a)", "better(a, 1)")
    theirs = BASE.replace("import os", "import re")
    result = theirs
    assert told(result, (BASE, ours, theirs)) == [("lost", "ours", "'b = better(a, 1)'")]


@pytest.mark.parametrize(
    "result",
    [
        MERGED.replace("z = q + 1", "z = q + 1  # why"),
        MERGED.replace("def mine(q):\n    z = q + 1\n", "def mine(query):\n    z = query + 1\n"),
        MERGED.replace(MINE, "").replace(HEAD[9:], MINE + HEAD[9:]),
        MERGED.replace("    ", "\t"),
    ],
    ids=["edited", "renamed", "moved", "indented"],
)
def test_what_a_person_rewrote_is_not_lost(result):
    assert told(result) == []


def test_one_side_taken_whole_in_a_conflict_is_a_decision():
    base = "a = 1\nb = 2\nc = 3\n"
    ours, theirs = base.replace("b = 2", "b = 3"), base.replace("b = 2", "b = four()")
    assert told(ours, (base, ours, theirs)) == []
    assert told(theirs, (base, ours, theirs)) == []


def test_a_file_without_a_language():
    base = "one line\nanother line\nthe last line\n"
    ours = "new words\nmore new words\n" + base
    theirs = base.replace("the last line", "the very last line")
    merged = "new words\nmore new words\n" + theirs
    assert told(merged, (base, ours, theirs), "notes") == []
    ((kind, side, name),) = told(theirs, (base, ours, theirs), "notes")
    assert (kind, side, name) == ("lost", "ours", "'new words' and 1 more line")


def test_what_both_sides_did_alike_is_told_once():
    theirs = OURS.replace("call(a)", "better(a)")
    result = theirs.replace(MINE, "")
    assert told(result, (BASE, OURS, theirs)) == [("lost", "ours", "function mine")]
