"""Where evaluated code runs: it sees no network, no secret, and writes nowhere but where it may.

With bubblewrap: no network, a read-only system, a private home and /tmp, sockets of services out of
sight, and the worktree, writable, in the place of the user's own, so that what was installed for
that one ("editable") runs the candidate. Without it: a scrubbed environment, resource limits and a
session of its own, which keep honest code within its bounds but not hostile code. In both a keeper
(see `keeper`) watches what all of it together uses, and ends all of it.
"""

import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from gitmerge_ai.evolution.evaluation import keeper
from gitmerge_ai.evolution.evaluation.mounts import PRIVATE, Mount, bubblewrap_options, managers
from gitmerge_ai.evolution.values import Limits

WARNING = (
    "evaluated code is not isolated, as bubblewrap (bwrap) {problem}: it runs with limits and "
    "without your environment, but can read your files and use the network"
)

PASSED_ON = frozenset({"PATH", "LANG", "LANGUAGE", "TZ", "JAVA_HOME", "GOROOT", "SYSTEMROOT"})
"""What evaluated code gets of the environment, with the `LC_` ones: the rest may be secret."""

ADDED = {
    # Compiled files are matched by second and size: one of another candidate could pass for one.
    "PYTHONDONTWRITEBYTECODE": "1",
    # Equal candidates have to behave alike.
    "PYTHONHASHSEED": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_NOSYSTEM": "1",
    # One worker is meant to take one core.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "USER": "gitmerge-ai",
    "TERM": "dumb",
}

RESERVE = 2
"""Times what all may use together that one process may take by itself, before the keeper looks."""


BORROWED = "objects"
"""In a worker's folder, where its git directory finds the user's objects."""


class SandboxError(Exception):
    """Commands cannot be run; the message says why."""


class Ran(NamedTuple):
    """What running a command gave.

    outcome: as of an `Evaluation`. status: the exit status, negative for a signal, `None` if it
    was killed at a bound. output, errors: standard output and standard error. seconds: it took.
    """

    outcome: str
    status: int | None
    output: str
    errors: str
    seconds: float


class Place(NamedTuple):
    """The folders of one worker.

    root: holds the others. tree: the worktree. home, tmp, shm: private ones. git: the git directory
    of the worktree. objects: the user's, which it borrows. shown: where code in the sandbox finds
    the worktree. hidden: what it must not see, beside homes. readable: what it must, though it lies
    in what is hidden.
    """

    root: Path
    tree: Path
    home: Path
    tmp: Path
    shm: Path
    git: Path
    objects: Path
    shown: Path
    hidden: tuple[Path, ...] = ()
    readable: tuple[Path, ...] = ()


class Request(NamedTuple):
    """What the keeper is asked, as JSON; see `keeper` for what it does with it."""

    argv: Sequence[str]
    folder: str
    environment: Mapping[str, str]
    rlimits: Mapping[str, int]
    folders: Sequence[str]
    disk_before: int
    seconds: float
    memory: int
    disk: int
    processes: int
    output: int


@cache
def problem() -> str:
    """Say why bubblewrap cannot be used; "" if it can. Tried in earnest, once."""
    program = shutil.which("bwrap")
    if not program:
        return "is not installed"
    options = "--unshare-all --die-with-parent --ro-bind / / --dev /dev --proc /proc --tmpfs /tmp"
    try:
        done = subprocess.run(
            [program, *options.split(), "--", "/bin/sh", "-c", "exit 0"],
            capture_output=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"does not start ({error})"
    if not done.returncode:
        return ""
    words = os.fsdecode(done.stderr).strip().splitlines()
    return f"is not allowed here ({words[-1] if words else 'no reason given'})"


class Sandbox:
    """Runs commands in one worker's folders, one at a time, until it is closed."""

    def __init__(self, place: Place, *, isolated: bool | None = None) -> None:
        """Start the keeper.

        Args:
            place: the worker's folders.
            isolated: whether to use bubblewrap; where it works, if not given.
        """
        self.place = place
        self.isolated = not problem() if isolated is None else isolated
        self._options = _options(place) if self.isolated else []
        self._environment = environment(place)
        # What escapes from a keeper that was killed comes to this process, which ends it, too.
        keeper.adopt_orphans()
        self._keeper: subprocess.Popen[bytes] | None = None

    def run(
        self,
        command: str,
        limits: Limits,
        *,
        disk_before: int = 0,
        extra: Mapping[str, str] | None = None,
    ) -> Ran:
        """Run a shell command in the worktree; nothing of it is left afterwards.

        Args:
            command: for `/bin/sh`.
            limits: what it may use.
            disk_before: bytes that the folders take already.
            extra: variables to add to its environment.

        Raises:
            SandboxError: the keeper cannot be started.
        """
        folder = self.place.shown if self.isolated else self.place.tree
        shell = ["/bin/sh", "-c", command]
        # bubblewrap's own two processes count.
        processes = limits.processes + 2 * self.isolated
        request = Request(
            argv=[*self._options, *shell],
            folder="/" if self.isolated else str(folder),
            environment={**self._environment, **(extra or {})},
            rlimits=_rlimits(limits),
            folders=[str(self.place.tree), *map(str, self._private())],
            disk_before=disk_before,
            seconds=limits.seconds,
            memory=limits.memory,
            disk=limits.disk,
            processes=processes,
            output=limits.output,
        )
        try:
            return self._ask(request)
        except (BrokenPipeError, EOFError):
            self.close()
            return Ran("crashed", None, "", "what ran it was killed", 0.0)

    def _private(self) -> tuple[Path, ...]:
        return self.place.home, self.place.tmp, self.place.shm

    def _ask(self, request: Request) -> Ran:
        running = self._running()
        assert running.stdin
        assert running.stdout
        running.stdin.write(json.dumps(request._asdict()).encode() + b"\n")
        running.stdin.flush()
        head = running.stdout.readline()
        if not head:
            raise EOFError
        answer: dict[str, Any] = json.loads(head)
        output = running.stdout.read(answer["output"])
        errors = running.stdout.read(answer["errors"])
        status = answer["status"]
        return Ran(
            answer["outcome"] or _outcome(status),
            None if answer["outcome"] else status,
            output.decode("utf-8", "replace"),
            errors.decode("utf-8", "replace"),
            answer["seconds"],
        )

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._keeper is None:
            try:
                self._keeper = subprocess.Popen(
                    [sys.executable, "-I", "-S", keeper.__file__],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                    env={"PATH": os.environ.get("PATH", os.defpath)},
                )
            except OSError as error:
                raise SandboxError(f"commands cannot be run: {error}") from error
        return self._keeper

    def close(self) -> None:
        """End the keeper and whatever it has not ended itself."""
        running, self._keeper = self._keeper, None
        if running:
            for stream in (running.stdin, running.stdout):
                if stream:
                    with suppress(BrokenPipeError):
                        stream.close()
            try:
                running.wait(keeper.PATIENCE)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()
            if running.returncode:
                keeper.end_orphans()


def _outcome(status: int) -> str:
    """Name what an exit status says, also as a shell gives that of what it ran."""
    number = -status if status < 0 else status - 128
    if number == _FILE_TOO_LARGE:
        return "disk"
    return "crashed" if 0 < number <= 64 else "failed" if status else "passed"


_FILE_TOO_LARGE = 25
"""SIGXFSZ: one file has grown past the limit."""


def _rlimits(limits: Limits) -> dict[str, int]:
    return {
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": math.ceil(limits.seconds * 4) + 1,
        "RLIMIT_DATA": limits.memory * RESERVE,
        "RLIMIT_FSIZE": limits.disk,
        "RLIMIT_NOFILE": 4096,
    }


def environment(place: Place) -> dict[str, str]:
    """Give the variables that code in the sandbox sees.

    Args:
        place: the worker's folders.
    """
    kept = {k: v for k, v in os.environ.items() if k in PASSED_ON or k.startswith("LC_")}
    own = {"HOME": str(place.home), "TMPDIR": str(place.tmp)}
    return {"PATH": os.defpath, **managers(), **kept, **ADDED, **own}


def _options(place: Place) -> list[str]:
    """Give the command line of bubblewrap up to the command."""
    program = shutil.which("bwrap")
    assert program
    mounts = [
        *(Mount(place.tmp, Path(folder), writable=True) for folder in PRIVATE),
        Mount(place.shm, Path("/dev/shm"), writable=True),
        Mount(place.home, place.home, writable=True),
        Mount(place.tmp, place.tmp, writable=True),
        Mount(place.git, place.git),
        Mount(place.objects, place.root / BORROWED),
        Mount(place.tree, place.shown, writable=True),
        Mount(place.tree / ".git", place.shown / ".git"),
    ]
    options = bubblewrap_options(mounts, place.hidden, place.readable)
    return [program, *options, "--chdir", str(place.shown), "--"]
