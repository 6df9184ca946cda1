"""Runs the engine where it can do no harm: in a child process with limits of time and memory.

A grammar is native code and an input may be hostile, so a merge may crash, hang or eat memory.
The child then dies alone, and the caller still holds what git gave. Windows has no fork; there
the work runs in this process and only exceptions are caught.
"""

import gc
import os
import signal
from collections.abc import Callable

MEMORY = 2 << 30
"""Bytes of address space that the child may have."""


class Abandoned(Exception):
    """The work gave no result; the message says why in a few words."""


def run(work: Callable[[], bytes], *, timeout: float, memory: int = MEMORY) -> bytes:
    """Do the work in a child process and give the bytes that it returned.

    Args:
        work: what to do; what it prints goes to standard error.
        timeout: seconds after which the child is killed.
        memory: bytes of address space that it may have.

    Raises:
        Abandoned: it raised, crashed, was killed, ran out of time or of memory.
    """
    if not hasattr(os, "fork"):
        return _here(work)
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        _child(work, write, timeout, memory)
    os.close(write)
    try:
        with open(read, "rb") as pipe:
            answer = pipe.read()
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status == 0:
        return answer
    raise Abandoned(_reason(status, answer, timeout))


def _here(work: Callable[[], bytes]) -> bytes:
    try:
        return work()
    except Abandoned:
        raise
    except Exception as error:
        raise Abandoned(_words(error)) from error


def _child(work: Callable[[], bytes], write: int, timeout: float, memory: int) -> None:
    """Do the work and end this process; its caller's code must never run twice."""
    status = 1
    try:
        try:
            os.dup2(2, 1)
            _limit(timeout, memory)
            gc.disable()  # What a merge builds is needed to its end, and that is this one's too.
            answer = work()
            status = 0
        except BaseException as error:
            answer = _words(error).encode(errors="replace")
        with open(write, "wb") as pipe:
            pipe.write(answer)
    except BaseException:
        status = 1
    finally:
        os._exit(status)


def _limit(timeout: float, memory: int) -> None:
    """Let the kernel end this process: its own timer does not need a living parent."""
    import resource

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
    signal.setitimer(signal.ITIMER_REAL, timeout)
    limits = (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, int(timeout) + 2),
        (resource.RLIMIT_CORE, 0),
    )
    for what, most in limits:
        hard = resource.getrlimit(what)[1]
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(what, (soft, hard))
        except (OSError, ValueError):
            continue  # macOS refuses to limit the address space


def _words(error: BaseException) -> str:
    if isinstance(error, Abandoned):
        return str(error)
    if isinstance(error, MemoryError):
        return "not enough memory"
    return f"{type(error).__name__}: {error}".split("\n", 1)[0]


def _reason(status: int, answer: bytes, timeout: float) -> str:
    if status == -signal.SIGALRM:
        return f"it took longer than {timeout:g} s"
    if status < 0:
        return f"the engine was ended by a signal ({signal.strsignal(-status)})"
    return answer.decode(errors="replace") or f"the engine ended with status {status}"
