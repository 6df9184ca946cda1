"""Crossover: two individuals merged by this project's own engine.

What both sides did stays, as in any merge. Where the engine leaves a conflict, one of the ranked
suggestions is drawn, by how likely each is; a person would have to be asked, a population need not.
Files that merge cleanly by lines, which is the engine's first step, are merged here all at once.
"""

import random
from collections.abc import Callable
from typing import NamedTuple

import pygit2
from pygit2.enums import FileMode, MergeFlag

from gitmerge_ai.evolution.values import Change
from gitmerge_ai.merging import pipeline  # noqa: F401 - once, not in the process of every merge
from gitmerge_ai.merging.files import merge_files_guarded
from gitmerge_ai.merging.guard import Abandoned
from gitmerge_ai.resolving.suggesting import source_with, suggest
from gitmerge_ai.syntax.grammar import MissingGrammar
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.syntax.tree import Source
from gitmerge_ai.text import encoding
from gitmerge_ai.text.markers import parse

OPERATOR = "crossover"

TIMEOUT = 5.0
"""Seconds that merging one file may take."""

DRAWN_FROM = 5
"""Suggestions for a conflict, of which one is drawn."""

_FILES = (FileMode.BLOB, FileMode.BLOB_EXECUTABLE)


class _Versions(NamedTuple):
    """What one path is in the base, in ours and in theirs; `None` where it is not."""

    base: bytes | None
    ours: bytes | None
    theirs: bytes | None


def crossed(
    repository: pygit2.Repository, ours: str, theirs: str, rng: random.Random
) -> Change | None:
    """Merge two commits.

    Args:
        repository: where they are.
        ours, theirs: the commits; the change is one of the first one's tree.
        rng: what draws, where the merge leaves a choice.

    Returns:
        What the merge changes in ours; `None` if it changes nothing, is theirs again, or a file
        cannot be merged.
    """
    base = repository.merge_base(pygit2.Oid(hex=ours), pygit2.Oid(hex=theirs))
    if base is None or str(base) in (ours, theirs):
        return None
    trees = [repository[name].peel(pygit2.Tree) for name in (str(base), ours, theirs)]
    by_lines = _by_lines(repository, trees)
    files: dict[str, bytes | None] = {}
    alike = True
    drawn = 0
    for path in sorted(_changed(trees[0], trees[2])):
        versions = _Versions(*(_content(tree, path) for tree in trees))
        merged = _merged(path, versions, by_lines(path), rng)
        if merged is None:
            return None
        drawn += merged.drawn
        if merged.content != versions.ours:
            files[path] = merged.content
        alike = alike and merged.content == versions.theirs
    only_ours = _changed(trees[0], trees[1]) - _changed(trees[0], trees[2])
    if not files or (alike and not only_ours):
        return None
    choices = f", {drawn} of its conflicts drawn" if drawn else ""
    return Change(files, OPERATOR, f"Merge {theirs[:10]} into {ours[:10]}{choices}")


class _Merged(NamedTuple):
    content: bytes | None
    drawn: int = 0


def _merged(
    path: str, versions: _Versions, by_lines: bytes | None, rng: random.Random
) -> _Merged | None:
    base, ours, theirs = versions
    if ours in (base, theirs):
        return _Merged(theirs)
    if ours is None or theirs is None:
        return _Merged(rng.choice((ours, theirs)), 1)
    if by_lines is not None:
        return _Merged(by_lines)
    try:
        data, result = merge_files_guarded(
            base or b"", ours, theirs, path=path, timeout=TIMEOUT, style="diff3"
        )
    except Abandoned:
        return _Merged(rng.choice((ours, theirs)), 1)
    if result.clean:
        return _Merged(data)
    decoded = encoding.decode(data)
    text = _drawn(decoded.text, path, rng)
    content = encoding.encode(decoded._replace(text=text))
    most = max(_errors(path, ours), _errors(path, theirs))
    return _Merged(content, len(result.conflicts)) if _errors(path, content) <= most else None


def _by_lines(
    repository: pygit2.Repository, trees: list[pygit2.Tree]
) -> Callable[[str], bytes | None]:
    """Merge three trees by lines, and give what says how a path came out."""
    base, ours, theirs = trees
    index = repository.merge_trees(base, ours, theirs, flags=MergeFlag(0))

    def merged(path: str) -> bytes | None:
        try:
            found = repository[index[path].id]
        except KeyError:  # a conflict
            return None
        return found.data if isinstance(found, pygit2.Blob) else None

    return merged


def _drawn(text: str, path: str, rng: random.Random) -> str:
    """Settle every conflict by one of its suggestions."""
    chosen = []
    for suggestions in suggest(text, path=path, top=DRAWN_FROM, merged=text):
        weights = [max(each.confidence, 0.01) for each in suggestions.resolutions]
        chosen.append(rng.choices(suggestions.resolutions, weights)[0].text)
    return source_with(parse(text), chosen)


def _errors(path: str, content: bytes) -> int:
    row = for_path(path)
    try:
        return Source(row, content).error_count() if row else 0
    except MissingGrammar:
        return 0


def _changed(before: pygit2.Tree, after: pygit2.Tree) -> set[str]:
    deltas = before.diff_to_tree(after, context_lines=0).deltas
    return {side.path for delta in deltas for side in (delta.old_file, delta.new_file)}


def _content(tree: pygit2.Tree, path: str) -> bytes | None:
    try:
        found = tree[path]
    except KeyError:
        return None
    return found.data if isinstance(found, pygit2.Blob) and found.filemode in _FILES else None
