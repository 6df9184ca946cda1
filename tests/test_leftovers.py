"""Markers that were left, and markers that are shown."""

import pytest

from gitmerge_ai.merging.leftovers import leftovers
from gitmerge_ai.syntax.languages import for_path

CONFLICT = "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> side\n"


def found(text: str, path: str, *known: str, merged: bool = False, size: int = 7) -> list[int]:
    row = for_path(path, text)
    return leftovers(text, known, path=path, row=row, merged=merged, size=size)


@pytest.mark.parametrize("path", ["a.py", "a.unknown", "README.md", "a.txt"])
def test_a_conflict_is_found(path):
    assert found("x\n" + CONFLICT, path) == [2]
    assert found("x\n" + CONFLICT + "y\n" + CONFLICT, path) == [2, 8]


@pytest.mark.parametrize("line", ["<<<<<<< HEAD\n", ">>>>>>> side\n"])
def test_half_a_conflict_is_found_in_code(line):
    assert found("a = 1\n" + line + "b = 2\n", "a.py") == [2]
    assert found("a = 1\n" + line + "b = 2\n", "a.md") == []
    assert found("a = 1\n" + line + "b = 2\n", "a.md", merged=True) == [2]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("README.md", "Like this:\n\n```\n" + CONFLICT + "```\n"),
        ("notes.rst", "Title\n=======\n\ntext\n"),
        ("test_it.py", 'TEXT = """\\\n' + CONFLICT + '"""\n'),
        ("t.js", "const text = `\n" + CONFLICT + "`;\n"),
        ("a.c", "/*\n" + CONFLICT + "*/\n"),
    ],
)
def test_an_example_is_none(path, text):
    assert found(text, path) == []


def test_an_example_that_no_side_had_is_one_in_a_merge():
    text = 'TEXT = """\\\n' + CONFLICT + '"""\n'
    assert found(text, "a.py", 'TEXT = ""\n', merged=True) == [2]
    assert found(text, "a.py", text, merged=True) == []


def test_what_stood_there_before_is_none():
    assert found(CONFLICT, "a.py", CONFLICT) == []
    assert found(CONFLICT + CONFLICT, "a.py", CONFLICT) == [6]


def test_a_stash_leaves_its_own_words():
    stashed = CONFLICT.replace("HEAD", "Updated upstream").replace("side", "Stashed changes")
    assert found('"""\n' + stashed + '"""\n', "a.py") == [2]


def test_markers_of_another_size_are_text():
    assert found(CONFLICT, "a.py", size=12) == []
    longer = (
        CONFLICT.replace("<" * 7, "<" * 12).replace("=" * 7, "=" * 12).replace(">" * 7, ">" * 12)
    )
    assert found(longer, "a.py", size=12) == [1]
