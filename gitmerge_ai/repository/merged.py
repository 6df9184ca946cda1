"""What a merge commit, made or about to be made, holds beside what its sides hold.

Gives the files in which a merge could have gone wrong: those that both sides changed, and those
that did not come out as the one side that changed them has them. Renames are followed. A commit
that is no merge is one of its parent with itself. All is read from trees and the index by the
user's own git; nothing is written.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from gitmerge_ai.repository.changes import REGULAR, Change, changes_in
from gitmerge_ai.repository.process import capture, start

INDEX = ""
"""Names what is staged, where a commit could be named."""

_SHOW = ["--raw", "-z", "-r", "--no-abbrev", "--no-ext-diff"]


class MergedError(Exception):
    """Git could not tell of a merge; the message says why."""


class MergedFile(NamedTuple):
    """A file of a merge: its path and its blobs, `None` where there is no regular file.

    aside: whether neither side touched it, so that the merge alone changed it.
    """

    path: str
    base: str | None
    ours: str | None
    theirs: str | None
    result: str | None
    aside: bool = False

    @property
    def blobs(self) -> tuple[str, ...]:
        """The blobs that there are."""
        return tuple(b for b in (self.base, self.ours, self.theirs, self.result) if b)


def merge_bases(root: Path, ours: str, theirs: str) -> tuple[str, ...]:
    """Give the best common ancestors of two commits; more than one after a criss-cross."""
    status, said = start(_git(root, "merge-base", "--all", ours, theirs), errors="drop")()
    return tuple(os.fsdecode(said).split()) if status == 0 else ()


def merged_files(root: Path, base: str, ours: str, theirs: str, result: str) -> list[MergedFile]:
    """Give the files of a merge that could have lost something.

    Args:
        root: where git is run.
        base, ours, theirs: the commits.
        result: the commit or tree that came of it, or `INDEX`.

    Raises:
        MergedError: git could not compare them.
    """
    compared = ["diff-index", "--cached"] if result == INDEX else ["diff-tree"]
    commands = [
        *(["diff-tree", "-M", *_SHOW, base, side] for side in (ours, theirs) if side != base),
        [*compared, *_SHOW, ours, *([] if result == INDEX else [result])],
    ]
    running = [start(_git(root, *command), errors="drop") for command in commands]
    done = [finish() for finish in running]
    if any(status for status, _ in done):
        raise MergedError(f"git could not compare {ours} and {theirs} with what came of them")
    *by_sides, since = (list(changes_in(said)) for _, said in done)
    by_ours = by_sides.pop(0) if ours != base else []
    by_theirs = by_sides.pop(0) if theirs != base else []
    return list(_files(by_ours, by_theirs, since))


def staged(root: Path, names: Sequence[str]) -> list[MergedFile]:
    """Give files as they are staged, with nothing to compare them with.

    Args:
        root: of the work tree.
        names: of files and folders, from the root.

    Raises:
        MergedError: git could not list them.
    """
    command = _git(root, "--literal-pathspecs", "ls-files", "-z", "--stage", "--", *names)
    status, said = start(command, errors="drop")()
    if status:
        raise MergedError("git could not list what is staged")
    files = []
    for entry in os.fsdecode(said).split("\0")[:-1]:
        facts, _, path = entry.partition("\t")
        mode, blob, stage = facts.split()
        if mode in REGULAR and stage == "0":
            files.append(MergedFile(path, None, None, None, blob, aside=True))
    return files


def contents(root: Path, blobs: Iterable[str], most: int) -> dict[str, bytes]:
    """Read blobs; those that are larger than asked for, or missing, are left out.

    Args:
        root: where git is run.
        blobs: their names.
        most: bytes that one may have.

    Raises:
        MergedError: git could not read them.
    """
    sizes = _cat_file(root, "--batch-check", sorted(set(blobs))).decode().split("\n")
    facts = (line.split() for line in sizes)
    wanted = [fact[0] for fact in facts if len(fact) == 3 and int(fact[2]) <= most]
    return dict(_batch(_cat_file(root, "--batch", wanted)))


def _cat_file(root: Path, how: str, blobs: list[str]) -> bytes:
    if not blobs:
        return b""
    given = "".join(f"{blob}\n" for blob in blobs).encode()
    status, found = capture(_git(root, "cat-file", how), errors="drop", given=given)
    if status:
        raise MergedError(f"git cat-file could not read what {root} holds ({status})")
    return found


def _git(root: Path, *arguments: str) -> list[str]:
    return ["git", "-C", os.fspath(root), *arguments]


def _batch(output: bytes) -> Iterator[tuple[str, bytes]]:
    at = 0
    while at < len(output):
        end = output.index(b"\n", at)
        name, *facts = output[at:end].decode().split()
        at = end + 1
        if len(facts) == 2:
            size = int(facts[1])
            yield name, output[at : at + size]
            at += size + 1


def _files(
    by_ours: list[Change], by_theirs: list[Change], since: list[Change]
) -> Iterator[MergedFile]:
    """Put together what each side and the result did to each file."""
    result = {change.old or change.new: change.after for change in since}
    more = {change.old or change.new: change for change in since}
    ours = {change.old or change.new: change for change in by_ours}
    theirs = {change.old or change.new: change for change in by_theirs}
    for key in ours.keys() | theirs.keys():
        o, t = ours.get(key), theirs.get(key)
        change = o or t
        assert change
        base = change.before if change.old else None
        of_ours, of_theirs = (c.after if c else base for c in (o, t))
        path = _path(key or "", o, t)
        more.pop(key, None)
        if path is None:
            continue
        more.pop(path, None)
        # What did not change since ours is as ours has it, if ours has it there.
        stayed = of_ours if path == (o.new if o else key) else None
        came = result.get(path, stayed)
        expected = of_theirs if o is None else of_ours
        if (o and t) or came != expected:
            yield MergedFile(path, base, of_ours, of_theirs, came)
    for path, change in more.items():
        before = change.before
        yield MergedFile(path or "", before, before, before, change.after, aside=True)


def _path(key: str, ours: Change | None, theirs: Change | None) -> str | None:
    """Say where the result should have a file, `None` if both sides moved or deleted it."""
    names = {change.new for change in (ours, theirs) if change} - {key}
    if len(names) > 1 or (None in names and ours and theirs):
        return None
    return next(iter(names), key) or key
