"""The table of languages: one row each, by family, and how a path finds its row.

To add a language, add a row to the family it is nearest to and a fixture folder;
`docs/languages.md` walks through it.
"""

from collections.abc import Iterator
from functools import cache
from importlib import import_module

from gitmerge_ai.syntax.language import Language

FAMILIES = ("cfamily", "systems", "jvm", "scripting", "web", "data", "build", "extra")


def rows() -> Iterator[Language]:
    """Give every row of the table, family by family."""
    for family in FAMILIES:
        yield from import_module(f"{__name__}.{family}").ROWS


@cache
def table() -> dict[str, Language]:
    """Give every row by its name."""
    return {row.name: row for row in rows()}


@cache
def _by_path() -> dict[str, Language]:
    names = ((key, row) for row in rows() for key in (*row.filenames, *row.extensions))
    return {key.lower(): row for key, row in names}


def for_path(path: str, text: str = "") -> Language | None:
    """Find the row of a path: by its whole name, its longest extension, or its `#!` line.

    Args:
        path: as git names it, with slashes.
        text: the file's text, only looked at for an interpreter where the name says nothing.
    """
    name = path.rpartition("/")[2].lower()
    known = _by_path()
    if name in known:
        return known[name]
    for at in [i for i, c in enumerate(name) if c == "."]:
        if name[at:] in known:
            return known[name[at:]]
    if not text.startswith("#!"):
        return None
    words = text.split("\n", 1)[0].replace("/", " ").split()
    return next((row for row in rows() if any(w in row.interpreters for w in words)), None)


def name_of(path: str) -> str:
    """Give the name of a path's language, "" if it has none."""
    row = for_path(path)
    return row.name if row else ""
