"""Which commit is about to be made, or was made, as a merge of two sides that share bases.

A cherry-pick is a merge of the picked commit with its parent as base, a revert the other way round.
A commit that merges nothing, and one of more than two sides, is a merge of its parent with itself.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from gitmerge_ai.repository.merged import INDEX, MergedError, merge_bases
from gitmerge_ai.repository.process import capture
from gitmerge_ai.repository.steps import merged_heads


class Commit(NamedTuple):
    """A commit by its sides: names of commits, and the tree that came of them, or `INDEX`.

    `bases` are more than one after a criss-cross; the same as `ours` where nothing is merged.
    """

    root: Path
    bases: tuple[str, ...]
    ours: str
    theirs: str
    result: str

    @property
    def merges(self) -> bool:
        """Whether two sides come together."""
        return self.ours != self.theirs


def under_way(folder: Path) -> Commit:
    """Give the commit that `git commit` would make.

    Raises:
        MergedError: the folder is in no work tree.
    """
    said = _git(folder, "rev-parse", "--show-toplevel", "--absolute-git-dir")
    if said is None:
        raise MergedError(f"{folder} is in no work tree of a git repository")
    root, git_dir = map(Path, said.split("\n"))
    head = _git(root, "rev-parse", "-q", "--verify", "HEAD")
    if head is None:
        nothing = _git(root, "hash-object", "-t", "tree", os.devnull) or ""
        return Commit(root, (nothing,), nothing, nothing, INDEX)
    for bases, theirs in _sides(root, git_dir, head):
        if bases:
            return Commit(root, bases, head, theirs, INDEX)
    return Commit(root, (head,), head, head, INDEX)


def made(folder: Path, revision: str) -> Commit:
    """Give a commit that was made.

    Raises:
        MergedError: there is no such commit.
    """
    said = _git(folder, "rev-list", "--parents", "-n", "1", revision, "--")
    root = _git(folder, "rev-parse", "--show-toplevel") or os.fspath(folder)
    if said is None:
        raise MergedError(f"there is no commit {revision}")
    commit, *parents = said.split()
    if len(parents) == 2:
        ours, theirs = parents
        bases = merge_bases(Path(root), ours, theirs)
        if bases:
            return Commit(Path(root), bases, ours, theirs, commit)
    first = parents[0] if parents else _git(folder, "hash-object", "-t", "tree", os.devnull) or ""
    return Commit(Path(root), (first,), first, first, commit)


def _sides(root: Path, git_dir: Path, head: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give the bases and the other side of what is unfinished."""
    # Before a hook of `git merge` runs, the other side stands in its environment only.
    named = [commit for commit, _ in merged_heads(os.environ)]
    merging = _heads(git_dir / "MERGE_HEAD") or named
    if len(merging) == 1:
        yield merge_bases(root, head, merging[0]), merging[0]
    names = ["CHERRY_PICK_HEAD"]
    names += ["REBASE_HEAD"] if (git_dir / "rebase-merge").is_dir() else []
    for name in names:
        for picked in _heads(git_dir / name):
            yield _parent(root, picked), picked
    for reverted in _heads(git_dir / "REVERT_HEAD"):
        for parent in _parent(root, reverted):
            yield (reverted,), parent


def _heads(file: Path) -> list[str]:
    return file.read_text().split() if file.is_file() else []


def _parent(root: Path, commit: str) -> tuple[str, ...]:
    """Give the parent of a commit that has one."""
    said = _git(root, "rev-list", "--parents", "-n", "1", commit, "--") or ""
    parents = said.split()[1:]
    return tuple(parents) if len(parents) == 1 else ()


def _git(folder: Path, *arguments: str) -> str | None:
    status, said = capture(["git", "-C", os.fspath(folder), *arguments], errors="drop")
    return os.fsdecode(said).removesuffix("\n") if status == 0 else None
