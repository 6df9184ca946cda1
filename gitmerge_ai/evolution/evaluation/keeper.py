"""Runs commands for another process and lets none of them, nor what they start, outlive its bounds.

A script of its own, started as `python keeper.py` with nothing but the standard library: it stands
between the one that asks and what is run, so that whatever ends the one that asks, the keeper
notices, and leaves nothing behind. Every descendant is found and killed, those too that became a
session of their own or that lost their parent, since the keeper adopts orphans (a "subreaper").

A request is a line of JSON (see `Request` in `sandbox`), the answer a line of JSON and then the
bytes of standard output and standard error. The end of the requests ends it.

Memory, processes and disk are watched every few hundredths of a second for all descendants
together; resource limits on each stand behind that. Watching takes Linux's /proc; elsewhere only
time, output and the resource limits bind.
"""

import ctypes
import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

TICK = 0.02
"""Seconds between two looks at what runs; a look takes some tenths of a millisecond."""
WALKS = 20
"""Times as long as the last walk of the folders took, the next one waits."""
ENTRY = 4096
"""Bytes that a file takes in its folder, however empty it is."""
NICE = 5
"""What runs yields to the keeper, so that even a thousand processes cannot hold it up."""
PATIENCE = 5.0
"""Seconds to wait for killed processes to be gone; who hangs in the kernel is left then."""

SUBREAPER, DEATH_SIGNAL = 36, 1
"""`PR_SET_CHILD_SUBREAPER` and `PR_SET_PDEATHSIG` of prctl(2)."""

PAGE = resource.getpagesize()
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Gone(Exception):
    """Who asks has gone."""


def main() -> None:
    """Run what is asked for until there is nobody to ask."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    adopt_orphans()
    with suppress(Gone, BrokenPipeError):
        while line := sys.stdin.buffer.readline():
            answer, output, errors = run(json.loads(line))
            head = json.dumps({**answer, "output": len(output), "errors": len(errors)})
            sys.stdout.buffer.write(head.encode() + b"\n" + output + errors)
            sys.stdout.buffer.flush()
    end_all(None)


def run(request: dict[str, Any]) -> tuple[dict[str, Any], bytes, bytes]:
    """Run one command to its end or to the first bound that it meets.

    Returns:
        The outcome ("" if no bound was met), exit status and seconds; standard output and error.

    Raises:
        Gone: nobody waits for it any more.
    """
    begun = time.monotonic()
    pipes = os.pipe(), os.pipe()
    child = _start(request, pipes)
    for read, write in pipes:
        os.close(write)
        os.set_blocking(read, False)
    watch = _Watch(request)
    streams = {read: bytearray() for read, _ in pipes}
    try:
        outcome, status = _follow(request, child, streams, watch, begun + request["seconds"])
    finally:
        status_then = end_all(child)
        for read in streams:
            _drain(read, streams[read], request["output"])
            os.close(read)
    seconds = time.monotonic() - begun
    status = status_then if status is None else status
    output, errors = streams.values()
    return {"outcome": outcome, "status": status, "seconds": seconds}, bytes(output), bytes(errors)


def _follow(
    request: dict[str, Any],
    child: int,
    streams: dict[int, bytearray],
    watch: "_Watch",
    deadline: float,
) -> tuple[str, int | None]:
    """Read what a child prints until it ends or meets a bound: the outcome, and its status."""
    open_ones = [0, *streams]
    ends = _end_of(child)
    try:
        while True:
            now = time.monotonic()
            pause = max(0.0, min(watch.next, deadline) - now)
            ready, _, _ = select.select([*open_ones, *ends], [], [], pause)
            if 0 in ready:
                raise Gone
            for stream in ready:
                if stream in streams and not _drain(stream, streams[stream], request["output"]):
                    open_ones.remove(stream)
            if sum(map(len, streams.values())) > request["output"]:
                return "output", None
            status, _ = _reap(child)
            if status is not None:
                return "", status
            now = time.monotonic()
            if now >= deadline:
                return "timeout", None
            if now >= watch.next and (met := watch.look()):
                return met, None
    finally:
        for end in ends:
            os.close(end)


def _end_of(child: int) -> list[int]:
    """Give what becomes readable when a child ends, where the system has such a thing."""
    if not hasattr(os, "pidfd_open"):
        return []
    with suppress(OSError):
        return [os.pidfd_open(child)]
    return []


def _drain(stream: int, into: bytearray, most: int) -> bool:
    """Read what there is, up to one more than may be kept; whether more can come."""
    with suppress(BlockingIOError):
        while len(into) <= most:
            data = os.read(stream, 1 << 16)
            if not data:
                return False
            into += data
    return True


def _start(request: dict[str, Any], pipes: tuple[tuple[int, int], tuple[int, int]]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        os.setsid()
        _prctl(DEATH_SIGNAL, signal.SIGKILL)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        with suppress(OSError):
            os.nice(NICE)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for at, stream in enumerate((nothing, pipes[0][1], pipes[1][1])):
            os.dup2(stream, at)
        for name, bound in request["rlimits"].items():
            _limit(name, bound)
        os.chdir(request["folder"])
        os.execvpe(request["argv"][0], request["argv"], request["environment"])
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    os._exit(127)


def _limit(name: str, bound: int) -> None:
    kind = getattr(resource, name, None)
    if kind is None:
        return
    _, hard = resource.getrlimit(kind)
    bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
    with suppress(OSError, ValueError):
        resource.setrlimit(kind, (bound, bound))


class _Watch:
    """Looks from time to time at what all descendants use."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.request = request
        self.next = time.monotonic() + TICK
        self.next_walk = time.monotonic() + 5 * TICK

    def look(self) -> str:
        """Name the bound that was met; "" for none."""
        begun = time.monotonic()
        met = self._processes() or (self._disk() if begun >= self.next_walk else "")
        now = time.monotonic()
        self.next = now + max(TICK, 10 * (now - begun))
        return met

    def _processes(self) -> str:
        tasks = resident = 0
        found = []
        for process in descendants(os.getpid()):
            found.append(process)
            tasks += len(_tasks(process))
            if tasks > self.request["processes"]:
                return "processes"
            resident += _resident(process)
        # What is resident counts shared pages more than once, but is quick to read.
        bound = self.request["memory"]
        return "memory" if resident > bound and sum(map(_own, found)) > bound else ""

    def _disk(self) -> str:
        begun = time.monotonic()
        used = -self.request["disk_before"]
        for folder in self.request["folders"]:
            used += size(folder)
        self.next_walk = time.monotonic() + max(5 * TICK, WALKS * (time.monotonic() - begun))
        return "disk" if used > self.request["disk"] else ""


def size(folder: str) -> int:
    """Count the bytes that a folder takes, with all in it."""
    total = 0
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                facts = entry.stat(follow_symlinks=False)
                total += facts.st_blocks * 512 + ENTRY
                if entry.is_dir(follow_symlinks=False):
                    total += size(entry.path)
    return total


def adopt_orphans() -> None:
    """Become the parent of every descendant that loses its own, where the system can do that."""
    _prctl(SUBREAPER, 1)


def end_orphans() -> None:
    """Kill what a keeper that was killed left to this process, which asked it."""
    own = os.getsid(0)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        orphans = [one for one in descendants(os.getpid()) if _session(one) not in {own, None}]
        if not orphans:
            return
        for process in orphans:
            _signal(process, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(process, os.WNOHANG)
        time.sleep(0.001)


def _session(process: int) -> int | None:
    with suppress(ProcessLookupError, PermissionError):
        return os.getsid(process)
    return None


def end_all(child: int | None) -> int | None:
    """Kill every descendant of this process and wait until they are gone.

    Args:
        child: the one whose exit status is of interest.

    Returns:
        Its status, `None` if it had ended before.
    """
    if child:
        # First, as one that holds the others in a namespace takes them all with it.
        _signal(child, signal.SIGKILL)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)
    status = None
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        stopped: set[int] = set()
        # Stopped first: who is stopped starts nothing while the others are looked for.
        while new := [one for one in descendants(os.getpid()) if one not in stopped]:
            for process in new:
                _signal(process, signal.SIGSTOP)
            stopped.update(new)
        for process in stopped:
            _signal(process, signal.SIGKILL)
        said, left = _reap(child)
        status = status if said is None else said
        if not left:
            break
        time.sleep(0.001)
    return status


def _reap(child: int | None) -> tuple[int | None, bool]:
    """Take leave of all that ended: the child's status if it did, and whether any is left."""
    status = None
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if ended[0] == child:
                status = os.waitstatus_to_exitcode(ended[1])
        return status, True
    return status, False


def descendants(process: int) -> Iterator[int]:
    """Find all that a process started, and what these started."""
    for task in _tasks(process):
        for child in _read(f"/proc/{process}/task/{task}/children").split():
            yield int(child)
            yield from descendants(int(child))


def _tasks(process: int) -> list[str]:
    with suppress(OSError):
        return os.listdir(f"/proc/{process}/task")
    return []


def _resident(process: int) -> int:
    facts = _read(f"/proc/{process}/statm").split()
    return int(facts[1]) * PAGE if len(facts) > 1 else 0


def _own(process: int) -> int:
    """Count the bytes of a process with each shared page counted by its share."""
    for line in _read(f"/proc/{process}/smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return _resident(process)


def _read(file: str) -> str:
    with suppress(OSError), open(file, encoding="ascii") as opened:
        return opened.read()
    return ""


def _signal(process: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(process, number)


def _prctl(option: int, value: int) -> None:
    if _LIBC:
        _LIBC.prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    main()
