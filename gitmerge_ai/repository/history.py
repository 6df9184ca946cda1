"""What each side of a merge did to a file since they parted: its versions and who made them.

Read from the object database in this process: one walk for both sides, then a look at the file in
each commit. All of it ends when a budget of time is spent, and then gives what it has: a history
here is evidence for a guess and never what a merge stands on. Missing objects (shallow and partial
clones) end it just so. A rename is followed where one commit made it. What the versions mean for a
conflict is asked in `resolving.knowledge.past`.
"""

import heapq
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path
from time import monotonic

import pygit2

from gitmerge_ai.repository.index import RepositoryError, open_repository
from gitmerge_ai.text import encoding

__all__ = ["Change", "FileHistory", "Histories", "RepositoryError", "SideHistory", "history_of"]

BUDGET = 0.15
"""Seconds that one file's history may take."""

MOST_CHANGES = 50
"""Changes of a file that are read on each side, the newest."""

LARGEST_FILE = 1_000_000
"""Bytes of a version; a larger one is given as an empty text."""

# A commit in which the file appears is searched for the name it had before only if it touches no
# more files than this: a rename amid an import of a whole tree would cost the budget.
MOST_DELTAS = 300

KEPT_WALKS = 4

_OURS, _THEIRS, _BOTH = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Change:
    """A commit that changed the file, and the file's text after it ("" where it deleted it).

    `author` is an address, `time` when the author made it, in seconds since 1970. `merge` says
    that it has several parents, and the file is like that of none.
    """

    commit: str
    author: str
    time: int
    subject: str
    merge: bool
    text: str


@dataclass(frozen=True, slots=True)
class SideHistory:
    """What one side did since the sides parted.

    `commits` and `merges` count what only this side has, `time` is when its tip was committed and
    `changes` are the commits that touched the file, newest first.
    """

    commits: int = 0
    merges: int = 0
    time: int = 0
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class FileHistory:
    """A file's history on both sides of a merge.

    `base` is the file where the sides parted, "" where that is not known or the file was not there
    yet. `complete` is false where time, a count or a missing object ended the reading.
    """

    base: str = ""
    ours: SideHistory = SideHistory()
    theirs: SideHistory = SideHistory()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class _Walk:
    """The commits that only one side has, newest first, and where the sides parted."""

    ours: tuple[pygit2.Commit, ...]
    theirs: tuple[pygit2.Commit, ...]
    base: pygit2.Commit | None
    complete: bool


class Histories:
    """A repository opened for reading many files' histories; the last few walks are kept."""

    def __init__(self, repository: Path) -> None:
        """Open a repository, bare or not.

        Raises:
            RepositoryError: there is none, or it cannot be read.
        """
        self._repository = open_repository(repository)
        self._walks: dict[tuple[pygit2.Oid, pygit2.Oid], _Walk] = {}

    def of(
        self, base: str | None, ours: str, theirs: str, path: str, budget: float = BUDGET
    ) -> FileHistory:
        """Read a file's history on both sides.

        Args:
            base: the commit that the merge starts from; `None` to find it.
            ours, theirs: the commits that are merged, named in any way git knows.
            path: what the merge calls the file, after a rename by either side.
            budget: seconds that it may take.

        Raises:
            RepositoryError: there is no such commit.
        """
        start = monotonic()
        deadline = start + budget
        tips = self._commit(ours), self._commit(theirs)
        # Half the time is kept for the file: its newest changes tell the most.
        walk = self._walk(*tips, start + budget / 2)
        origin = self._commit(base) if base else walk.base
        reading = _Reading(self._repository, path, deadline)
        sides = [(tips[0], walk.ours), (tips[1], walk.theirs)]
        changes: dict[int, tuple[Change, ...]] = {}
        # The side that has the file by this name knows what it was called before.
        for at in sorted((0, 1), key=lambda at: reading.blob(tips[at]) is None):
            changes[at] = tuple(reading.changes(sides[at][1]))
        return FileHistory(
            base=reading.text(reading.blob(origin)) if origin else "",
            ours=_side(*sides[0], changes[0]),
            theirs=_side(*sides[1], changes[1]),
            complete=walk.complete and reading.complete,
        )

    def _commit(self, name: str) -> pygit2.Commit:
        try:
            return self._repository.revparse_single(name).peel(pygit2.Commit)
        except (KeyError, ValueError, pygit2.GitError) as error:
            where = self._repository.path
            raise RepositoryError(f"there is no commit {name} in {where}") from error

    def _walk(self, ours: pygit2.Commit, theirs: pygit2.Commit, deadline: float) -> _Walk:
        key = (ours.id, theirs.id)
        if key not in self._walks:
            walk = _walk(self._repository, ours, theirs, deadline)
            if not walk.complete:
                return walk
            for old in list(self._walks)[: 1 - KEPT_WALKS]:
                del self._walks[old]
            self._walks[key] = walk
        return self._walks[key]


def history_of(
    repository: Path,
    base: str | None,
    ours: str,
    theirs: str,
    path: str,
    budget: float = BUDGET,
) -> FileHistory:
    """Read a file's history on both sides of a merge; the repository stays open for the next one.

    Args:
        repository: it, or any folder in its work tree.
        base: the commit that the merge starts from; `None` to find it.
        ours, theirs: the commits that are merged, named in any way git knows.
        path: what the merge calls the file, after a rename by either side.
        budget: seconds that it may take.

    Raises:
        RepositoryError: there is no such repository, or no such commit in it.
    """
    return _opened(repository).of(base, ours, theirs, path, budget)


@lru_cache(maxsize=1)
def _opened(repository: Path) -> Histories:
    return Histories(repository)


def _side(
    tip: pygit2.Commit, commits: Sequence[pygit2.Commit], changes: tuple[Change, ...]
) -> SideHistory:
    merges = sum(len(commit.parent_ids) > 1 for commit in commits)
    return SideHistory(len(commits), merges, tip.commit_time, changes)


def _walk(
    repository: pygit2.Repository, ours: pygit2.Commit, theirs: pygit2.Commit, deadline: float
) -> _Walk:
    """Go back from both tips, newest first, until all that is left is on both sides."""
    sides: dict[pygit2.Oid, int] = {}
    open_ends: set[pygit2.Oid] = set()
    waiting: list[tuple[int, int, pygit2.Commit]] = []
    passed: dict[pygit2.Oid, pygit2.Commit] = {}
    order = count()
    complete = True

    def reach(commit: pygit2.Commit, side: int) -> None:
        before = sides.get(commit.id, 0)
        if before | side == before:
            return
        sides[commit.id] = before | side
        # Where clocks differ, a commit turns out to be on both sides after its parents were told.
        is_open = before | side != _BOTH or commit.id in passed
        (open_ends.add if is_open else open_ends.discard)(commit.id)
        heapq.heappush(waiting, (-commit.commit_time, next(order), commit))

    reach(ours, _OURS)
    reach(theirs, _THEIRS)
    while open_ends:
        if monotonic() > deadline:
            complete = False
            break
        commit = heapq.heappop(waiting)[2]
        open_ends.discard(commit.id)
        passed[commit.id] = commit
        parents = _parents(repository, commit)
        complete &= len(parents) == len(commit.parent_ids)
        for parent in parents:
            reach(parent, sides[commit.id])
    reached = [*passed.values(), *(commit for _, _, commit in sorted(waiting)[:1])]
    return _Walk(
        ours=tuple(each for name, each in passed.items() if sides[name] == _OURS),
        theirs=tuple(each for name, each in passed.items() if sides[name] == _THEIRS),
        base=next((each for each in reached if sides[each.id] == _BOTH), None),
        complete=complete,
    )


def _parents(repository: pygit2.Repository, commit: pygit2.Commit) -> list[pygit2.Commit]:
    """Give the parents that the repository has."""
    parents: list[pygit2.Commit] = []
    for name in commit.parent_ids:
        parent = repository.get(name)
        if isinstance(parent, pygit2.Commit):
            parents.append(parent)
    return parents


class _Reading:
    """One file, looked up in many commits until the time is over."""

    def __init__(self, repository: pygit2.Repository, path: str, deadline: float) -> None:
        self.complete = True
        self._repository = repository
        self._names = [path]
        self._deadline = deadline
        self._blobs: dict[pygit2.Oid, pygit2.Oid | None] = {}
        self._texts: dict[pygit2.Oid, str] = {}

    def changes(self, commits: Sequence[pygit2.Commit]) -> Iterator[Change]:
        """Give the commits that changed the file, in their order."""
        found = 0
        for commit in commits:
            if found == MOST_CHANGES or monotonic() > self._deadline:
                self.complete = False
                return
            if self._changed(commit):
                found += 1
                yield self._change(commit)

    def blob(self, commit: pygit2.Commit) -> pygit2.Oid | None:
        """Find the file in a commit; `None` where it is not there."""
        if commit.id not in self._blobs:
            self._blobs[commit.id] = self._look_up(commit)
        return self._blobs[commit.id]

    def text(self, blob: pygit2.Oid | None) -> str:
        """Read a version; "" where it is none, too large or not there."""
        if blob is None:
            return ""
        if blob not in self._texts:
            found = self._repository.get(blob)
            data = found.data if isinstance(found, pygit2.Blob) else b""
            self.complete &= found is not None
            self._texts[blob] = encoding.decode(data).text if len(data) <= LARGEST_FILE else ""
        return self._texts[blob]

    def _look_up(self, commit: pygit2.Commit) -> pygit2.Oid | None:
        try:
            tree = commit.tree
        except (KeyError, pygit2.GitError):  # a partial clone lacks it
            self.complete = False
            return None
        for name in self._names:
            with suppress(KeyError):
                return tree[name].id
        return None

    def _changed(self, commit: pygit2.Commit) -> bool:
        """Say whether the file is like that of no parent; learn its older name on the way."""
        parents = _parents(self._repository, commit)
        if len(parents) < len(commit.parent_ids) or (not parents and self._repository.is_shallow):
            self.complete = False
            return False
        blob = self.blob(commit)
        if blob and parents and not any(map(self.blob, parents)):
            self._learn_name(parents[0], commit)
        before = [self.blob(parent) for parent in parents] or [None]
        return blob not in before

    def _learn_name(self, parent: pygit2.Commit, commit: pygit2.Commit) -> None:
        try:
            diff = parent.tree.diff_to_tree(commit.tree)
            if len(diff) > MOST_DELTAS:
                return
            diff.find_similar()
        except (KeyError, pygit2.GitError):
            self.complete = False
            return
        for delta in diff.deltas:
            if delta.status_char() == "R" and delta.new_file.path in self._names:
                self._names.append(delta.old_file.path)
                self._blobs = {name: blob for name, blob in self._blobs.items() if blob}
                return

    def _change(self, commit: pygit2.Commit) -> Change:
        return Change(
            commit=str(commit.id),
            author=commit.author.raw_email.decode("utf-8", "replace"),
            time=commit.author.time,
            subject=commit.raw_message.decode("utf-8", "replace").strip().partition("\n")[0],
            merge=len(commit.parent_ids) > 1,
            text=self.text(self.blob(commit)),
        )
