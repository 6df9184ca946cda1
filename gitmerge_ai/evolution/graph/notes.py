"""Notes as git keeps them: a tree in which a path, without its slashes, is what a note is on.

Git spreads notes over folders by the first digits of their names and changes that as it likes; all
its ways are read here, and 2/38 is written, so that a note costs the same whether there are ten or
ten thousand. What notes say is not known here, but that two of them can become one.
"""

import re
from collections.abc import Iterator, Mapping

import pygit2

from gitmerge_ai.evolution.graph.events import union
from gitmerge_ai.repository.trees import with_files

_NAME = re.compile("[0-9a-f]{40}(?:[0-9a-f]{24})?")


def changed(old: pygit2.Tree | None, new: pygit2.Tree | None, start: str = "") -> Iterator[str]:
    """Give what has another note in one tree than in another; equal folders are passed over.

    Args:
        old, new: trees of notes, `None` for an empty one.
        start: the first digits, for a folder of such a tree.
    """
    before, after = _entries(old), _entries(new)
    for name in before.keys() | after.keys():
        was, now = before.get(name), after.get(name)
        if was is not None and now is not None and was.id == now.id:
            continue
        if _NAME.fullmatch(start + name):
            yield start + name
        elif len(start) + len(name) < 40:
            yield from changed(_folder(was), _folder(now), start + name)


def read(repository: pygit2.Repository, notes: pygit2.Tree | None, on: str) -> bytes:
    """Give the note on an object, b"" where there is none.

    Args:
        repository: that has it.
        notes: the tree of notes.
        on: the object's name.
    """
    paths = _paths(on) if notes is not None else ()
    found = [notes[path] for path in paths if path in notes]  # type: ignore[index, operator]
    return b"\n".join(each.data for each in found if isinstance(each, pygit2.Blob))


def add(
    repository: pygit2.Repository, notes: pygit2.Tree | None, more: Mapping[str, bytes]
) -> pygit2.Tree:
    """Write a tree of notes with lines added.

    Args:
        repository: where it is written.
        notes: the tree to start from, `None` for an empty one.
        more: lines by the name of the object that they are on.
    """
    files: dict[str, bytes | None] = {}
    for on, lines in more.items():
        first, *others = _paths(on)
        files[first] = union(read(repository, notes, on), lines)
        files.update({path: None for path in others if notes is not None and path in notes})
    written = repository[with_files(repository, notes, files)]
    assert isinstance(written, pygit2.Tree)
    return written


def merge(repository: pygit2.Repository, ours: pygit2.Tree, theirs: pygit2.Tree) -> pygit2.Tree:
    """Write the tree of notes that has all lines of two.

    Args:
        repository: that has them, and where it is written.
        ours, theirs: trees of notes.
    """
    names = list(changed(ours, theirs))
    return add(repository, ours, {on: read(repository, theirs, on) for on in names})


def _paths(on: str) -> tuple[str, str, str]:
    """Give the paths that a note can have, the one that is written first."""
    return f"{on[:2]}/{on[2:]}", on, f"{on[:2]}/{on[2:4]}/{on[4:]}"


def _entries(tree: pygit2.Tree | None) -> dict[str, pygit2.Object]:
    return {each.name or "": each for each in tree} if tree is not None else {}


def _folder(entry: pygit2.Object | None) -> pygit2.Tree | None:
    return entry if isinstance(entry, pygit2.Tree) else None
