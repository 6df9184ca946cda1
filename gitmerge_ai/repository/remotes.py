"""A remote through the user's own git, with its credentials: its refs, objects, and moves of refs.

Refs move on the remote as they do here, by compare and swap, all or none: each is pushed with the
value that was seen there (`--force-with-lease=REF:VALUE`), and git refuses the push where one is
another by now. Nothing is fetched but the objects asked for, no ref, tag or `FETCH_HEAD` is
written here, and nobody is asked for a password. The user's `pre-push` hook is for what people
push, and is not run.
"""

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from gitmerge_ai.repository.index import RepositoryError
from gitmerge_ai.repository.refs import Move

TIMEOUT = 300.0
"""Seconds that one exchange with a remote may take."""

_FETCH = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-gc", "--no-prune"]
_FETCH += ["--no-recurse-submodules", "--refmap="]
_PUSH = ["push", "--porcelain", "--atomic", "--no-verify", "--no-follow-tags"]
_PUSH += ["--recurse-submodules=no"]


class Remote:
    """A remote of a repository."""

    def __init__(self, folder: Path, name: str) -> None:
        """Name a remote, which is not asked anything yet.

        Args:
            folder: in the repository.
            name: as the repository's configuration has it, or an address.

        Raises:
            RepositoryError: it cannot be the name of one.
        """
        if not name or name.startswith("-"):
            raise RepositoryError(f"{name!r} cannot be a remote")
        self._folder = folder
        self.name = name

    def refs(self, *patterns: str) -> dict[str, str]:
        """Ask for the refs that match some patterns, and what they name.

        Raises:
            RepositoryError: the remote cannot be reached.
        """
        done = self._git("ls-remote", "--quiet", self.name, *patterns)
        if done.returncode:
            raise self._error(done)
        lines = (line.split("\t") for line in os.fsdecode(done.stdout).splitlines())
        return {ref: target for target, ref in lines}

    def fetch(self, *objects: str) -> bool:
        """Bring objects here with all that they need; no ref names them yet.

        Args:
            objects: that a ref of the remote names.

        Returns:
            Whether they are here; if not, none of the remote's refs names one of them any more.

        Raises:
            RepositoryError: the remote cannot be reached.
        """
        done = self._git(*_FETCH, self.name, *objects)
        if done.returncode and b"not our ref" not in done.stderr and b"unadvert" not in done.stderr:
            raise self._error(done)
        return not done.returncode

    def push(self, moves: Sequence[Move]) -> str:
        """Move refs of the remote, all or none.

        Args:
            moves: one for each ref.

        Returns:
            Why they were rejected, "" if they moved.

        Raises:
            RepositoryError: the remote cannot be reached.
        """
        leases = [f"--force-with-lease={move.ref}:{move.old or ''}" for move in moves]
        specs = [f"{move.new or ''}:{move.ref}" for move in moves]
        done = self._git(*_PUSH, *leases, self.name, *specs)
        lines = done.stdout.decode("utf-8", "replace").splitlines()
        rejected = [line.split("\t")[2] for line in lines if line.startswith("!\t")]
        if done.returncode and not rejected:
            raise self._error(done)
        return min(rejected, key=lambda line: "atomic" in line) if rejected else ""

    def _git(self, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        """Run git and end all that it started if it takes too long, or we are ended."""
        environment = {"GIT_TERMINAL_PROMPT": "0", **os.environ, "LC_ALL": "C"}
        process = subprocess.Popen(
            ["git", *arguments],
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env=environment,
        )
        try:
            output, errors = process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired as error:
            raise RepositoryError(f"{self.name} did not answer in {TIMEOUT:.0f} s") from error
        finally:
            if process.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
        return subprocess.CompletedProcess(arguments, process.returncode, output, errors)

    def _error(self, done: "subprocess.CompletedProcess[bytes]") -> RepositoryError:
        words = " ".join(done.stderr.decode("utf-8", "replace").split())
        return RepositoryError(f"{self.name}: {words or f'git ended with {done.returncode}'}")
