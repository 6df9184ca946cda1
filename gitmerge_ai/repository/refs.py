"""Refs moved by compare and swap, several in one transaction, by the user's own git.

A ref moves only from the value that the caller saw, so that any number of processes can work on
one repository. One `git update-ref` serves many transactions. What the refs mean is not known here.
"""

import errno
import os
import random
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

import pygit2

from gitmerge_ai.repository.common_dir import common_dir
from gitmerge_ai.repository.index import RepositoryError, git

STALE = 10.0
"""Seconds that one lock of a ref may be in the way before it counts as left by a dead process;
git holds one for milliseconds."""

PATIENCE = 60.0
"""Seconds until a transaction that others keep from happening is given up."""


LASTING = (
    "cannot create",
    "couldn't write",
    *map(os.strerror, (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EIO)),
)
"""What git says of a lock that is in nobody's hand: `a/b` where there is `a`, and what a full disk
or one that may not be written to makes it say. To wait is in vain."""


class Move(NamedTuple):
    """What becomes of a ref: from one object to another; `None` where there is no ref."""

    ref: str
    old: str | None
    new: str | None


class Refs:
    """The refs of a repository.

    It can be used in a process that was forked, which then has a git of its own.
    """

    def __init__(self, git_dir: str | os.PathLike[str]) -> None:
        """Make ready for reading and moving refs.

        Args:
            git_dir: of a repository or of one of its work trees.
        """
        self._folder = common_dir(git_dir)
        self._repository = pygit2.Repository(str(self._folder))
        self._git: _Git | None = None

    def read(self, ref: str) -> str | None:
        """Give the object that a ref names, `None` where there is no such ref."""
        found = self._repository.references.get(ref)
        return None if found is None else str(found.target)

    def below(self, prefix: str) -> dict[str, str]:
        """Give the refs below a prefix and what they name.

        Args:
            prefix: ends with a slash.

        Raises:
            RepositoryError: git cannot list them.
        """
        said = git(self._folder, "for-each-ref", "--format=%(objectname) %(refname)", prefix)
        pairs = (line.split(" ", 1) for line in os.fsdecode(said).splitlines())
        return {ref: target for target, ref in pairs}

    def move(self, moves: Sequence[Move]) -> bool:
        """Move all of these refs, in this order, or none.

        A move that changes nothing holds the others back unless the ref is as it says.

        Args:
            moves: one for each ref.

        Returns:
            Whether they moved; if not, one of them is not where its move starts.

        Raises:
            RepositoryError: git cannot move them, for another reason.
        """
        for move in moves:
            if not pygit2.reference_is_valid_name(move.ref):
                raise RepositoryError(f"{move.ref!r} cannot be the name of a ref")
        locks = _Locks(self._folder, [move.ref for move in moves])
        start = time.monotonic()
        while not (said := self._try(moves)).done:
            if any(self.read(move.ref) != move.old for move in moves):
                return False
            if time.monotonic() - start > PATIENCE or not said.locked:
                raise RepositoryError(f"git update-ref: {said.words}")
            locks.break_stale()
            time.sleep(random.uniform(0.001, 0.02))
        return True

    def close(self) -> None:
        """End the git that serves."""
        if self._git is not None:
            self._git.close()
            self._git = None

    def _try(self, moves: Sequence[Move]) -> "_Said":
        if self._git is None or self._git.owner != os.getpid():
            self._git = _Git(self._folder)
        said = self._git.transact("".join(map(_line, moves)))
        if not said.done:
            self.close()
        return said


def _line(move: Move) -> str:
    none = "0" * len(move.old or move.new or "")
    if move.old == move.new:
        return f"verify {move.ref} {move.old or none}\n"
    if move.new is None:
        return f"delete {move.ref} {move.old}\n"
    return f"update {move.ref} {move.new} {move.old or none}\n"


class _Said(NamedTuple):
    """What git says to a transaction."""

    done: bool
    words: str = ""

    @property
    def locked(self) -> bool:
        """Whether another process was at it, or git ended without a reason."""
        lasts = any(reason in self.words for reason in LASTING)
        return not self.words or ("lock" in self.words and not lasts)


class _Git:
    """A `git update-ref` that makes transactions until one fails.

    It stands in a session of its own: what ends our process group must not end it in the middle
    of a transaction, which would leave a lock. It ends by itself when our end of the pipe closes.
    """

    _ANSWER = (b"start: ok\n", b"prepare: ok\n", b"commit: ok\n")

    def __init__(self, folder: Path) -> None:
        self.owner = os.getpid()
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - as long as git lives
        command = ["git", f"--git-dir={folder}", "-c", "core.logAllRefUpdates=false"]
        self._process = subprocess.Popen(
            [*command, "update-ref", "--stdin"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
            env={**os.environ, "LC_ALL": "C"},
        )

    def transact(self, lines: str) -> _Said:
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(f"start\n{lines}prepare\ncommit\n".encode())
            self._process.stdin.flush()
        except BrokenPipeError:
            return _Said(False, self._words())
        if all(self._process.stdout.readline() == answer for answer in self._ANSWER):
            return _Said(True)
        return _Said(False, self._words())

    def _words(self) -> str:
        self.close()
        self._errors.seek(0)
        return " ".join(self._errors.read().decode("utf-8", "replace").split())

    def close(self) -> None:
        with suppress(BrokenPipeError):
            self._process.communicate()


class _Locks:
    """The lock files of refs; one that has not changed for long was left by a dead process."""

    def __init__(self, folder: Path, refs: Sequence[str]) -> None:
        self._files = [folder / f"{ref}.lock" for ref in refs]
        self._seen: dict[Path, tuple[object, float]] = {}

    def break_stale(self) -> None:
        """Remove those that were there, the same, for as long as we have been looking."""
        now = time.monotonic()
        for file in self._files:
            with suppress(OSError):
                found = file.stat()
                mark = (found.st_ino, found.st_mtime_ns)
                known, since = self._seen.get(file, (None, now))
                if known != mark:
                    self._seen[file] = (mark, now)
                elif now - since > STALE:
                    file.unlink()
