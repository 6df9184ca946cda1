"""What was renamed among unmerged paths: from where, by whom, and what the other side did.

The index does not tell. A path that one side renamed and the other deleted stands in it as if it
was deleted where it is now; one that both renamed stands in it three times. So the commits that are
merged are asked, where an unfinished operation names them, and only what agrees with the index
counts. Nothing is written.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from gitmerge_ai.repository.index import RepositoryError, Unmerged, git, open_repository
from gitmerge_ai.repository.operation import operation


class Move(NamedTuple):
    """A file that a side renamed: its name at the base and on both sides, "" where deleted."""

    base: str
    ours: str
    theirs: str

    @property
    def deleted_by(self) -> str:
        """The side that deleted it, "" if both renamed it."""
        return "" if self.ours and self.theirs else "theirs" if self.ours else "ours"

    def reason(self, path: str) -> str:
        """Say what happened to a path, as `Unmerged.reason` does.

        Args:
            path: one of the file's names.
        """
        if self.deleted_by:
            side = "theirs" if self.ours else "ours"
            by = "ours" if self.ours else "theirs"
            return f"renamed from {self.base} by {by}, deleted by {side}"
        if path == self.base:
            return f"renamed to {self.ours} by ours, to {self.theirs} by theirs"
        by, other, name = (
            ("ours", "theirs", self.theirs) if path == self.ours else ("theirs", "ours", self.ours)
        )
        return f"renamed from {self.base} by {by}, to {name} by {other}"


class _Left(NamedTuple):
    """An unmerged path that a side does not have: the base's blob and the side that has it, ""
    where there is none."""

    path: str
    base: str
    side: str


def reason_of(one: Unmerged, moves: Mapping[str, Move]) -> str:
    """Say why a path cannot be merged as a text, "" if it can.

    Args:
        one: the path.
        moves: what `moves_of` gave.
    """
    return moves[one.path].reason(one.path) if one.path in moves else one.reason


def moves_of(root: Path, found: Sequence[Unmerged]) -> dict[str, Move]:
    """Find the renames behind unmerged paths.

    Args:
        root: the work tree.
        found: all of its unmerged paths.

    Returns:
        By path what became of its file; only of paths that one side, or both, no longer have.
        Nothing where git cannot tell: the paths can be settled without knowing it.
    """
    try:
        return _moves_of(root, found)
    except RepositoryError:
        return {}


def _moves_of(root: Path, found: Sequence[Unmerged]) -> dict[str, Move]:
    asked = [one for one in found if one.ours is None or one.theirs is None]
    commits = _merged(root) if asked else ()
    if not commits:
        return {}
    base, *tips = commits
    of_ours, of_theirs = (dict(_renames(root, base, tip)) for tip in tips)
    known: dict[_Left, Move] = {}
    for old, blob in of_ours.keys() | of_theirs.keys():
        move = Move(old, of_ours.get((old, blob), ""), of_theirs.get((old, blob), ""))
        known |= dict.fromkeys(_left_by(move, blob), move)
    pairs = ((one.path, known.get(_left(one))) for one in asked)
    return {path: move for path, move in pairs if move}


def _merged(root: Path) -> tuple[str, ...]:
    """Name base, ours and theirs of what is unfinished, nothing if that is unclear."""
    unfinished = operation(open_repository(root))
    if unfinished is None or unfinished.base is None or unfinished.theirs is None:
        return ()
    # A revert merges the state before the commit that it takes back.
    theirs = unfinished.theirs + ("~" if unfinished.name == "revert" else "")
    return unfinished.base, "HEAD", theirs


def _renames(root: Path, base: str, tip: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Give the renames between two commits: the old name with its blob, and the new name."""
    said = git(root, "diff-tree", "-r", "-z", "-M", "--diff-filter=R", base, tip)
    fields = iter(os.fsdecode(said).split("\0")[:-1])
    for facts in fields:
        yield (next(fields), facts.split()[2]), next(fields)


def _left_by(move: Move, blob: str) -> Iterator[_Left]:
    """Give what git leaves in the index of a file that one side renamed and the other did not keep.

    Args:
        move: the file.
        blob: its content at the base.
    """
    if move.deleted_by:
        yield _Left(move.ours or move.theirs, blob, "ours" if move.ours else "theirs")
        return
    yield _Left(move.base, blob, "")
    yield _Left(move.ours, "", "ours")
    yield _Left(move.theirs, "", "theirs")


def _left(one: Unmerged) -> _Left:
    side = "ours" if one.ours else "theirs" if one.theirs else ""
    return _Left(one.path, one.base.blob if one.base else "", side)
