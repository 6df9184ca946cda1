"""Runs the engine where it can do no harm: in a child process with limits of time and memory.

A grammar is native code and an input may be hostile, so a merge may crash, hang or eat memory.
The child then dies alone, and the caller still holds what git gave. Windows has no fork; there
the work runs in this process and only exceptions are caught.
"""

import gc
import os
import signal
from collections.abc import Callable, Sequence

MEMORY = 2 << 30
"""Bytes of address space that the child may have."""

# Before what a child tells: whether it is an answer, with its size, or why there is none.
ANSWER, WORDS = b"+", b"-"
SIZE = 8

Work = Callable[[], bytes]


class Abandoned(Exception):
    """The work gave no result; the message says why in a few words."""


def run(work: Work, *, timeout: float, memory: int = MEMORY) -> bytes:
    """Do the work in a child process and give the bytes that it returned.

    Args:
        work: what to do; what it prints goes to standard error.
        timeout: seconds after which the child is killed.
        memory: bytes of address space that it may have.

    Raises:
        Abandoned: it raised, crashed, was killed, ran out of time or of memory.
    """
    [answer] = run_all([work], timeout=timeout, memory=memory)
    if isinstance(answer, Abandoned):
        raise answer
    return answer


def run_all(
    works: Sequence[Work], *, timeout: float, memory: int = MEMORY
) -> list[bytes | Abandoned]:
    """Do several works, one after the other, in as few child processes as that takes.

    To fork for each costs a third of a usual merge: both processes copy every page that they touch.
    So a child goes on until a work ends it, and another does the rest.

    Args:
        works: what to do.
        timeout, memory: of each work.

    Returns:
        For each work what `run` gives, or would raise.
    """
    if not hasattr(os, "fork"):
        return [_here(work) for work in works]
    answers: list[bytes | Abandoned] = []
    while len(answers) < len(works):
        answers += _forked(works[len(answers) :], timeout, memory)
    return answers


def _here(work: Work) -> bytes | Abandoned:
    try:
        return work()
    except Exception as error:
        return Abandoned(_words(error))


def _forked(works: Sequence[Work], timeout: float, memory: int) -> list[bytes | Abandoned]:
    """Do works up to and with the first that gives no result."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        _child(works, write, timeout, memory)
    os.close(write)
    try:
        with open(read, "rb") as pipe:
            told = pipe.read()
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    answers, words = _told(told)
    if len(answers) < len(works):
        return [*answers, Abandoned(_reason(status, words, timeout))]
    return [*answers]


def _told(told: bytes) -> tuple[list[bytes], bytes]:
    """Read what a child wrote: whole answers, and the words in which it said why it ended."""
    answers: list[bytes] = []
    at = 0
    while told[at : at + 1] == ANSWER:
        start = at + 1 + SIZE
        end = start + int.from_bytes(told[at + 1 : start])
        if len(told) < max(start, end):
            return answers, b""  # it was ended while it wrote
        answers.append(told[start:end])
        at = end
    return answers, told[at + 1 :]


def _child(works: Sequence[Work], write: int, timeout: float, memory: int) -> None:
    """Do the works and end this process; its caller's code must never run twice."""
    status = 1
    try:
        with open(write, "wb") as pipe:
            try:
                os.dup2(2, 1)
                gc.disable()  # What a merge builds is needed to its end.
                gc.freeze()  # What was there before is its parent's.
                for number, work in enumerate(works):
                    if number:
                        gc.collect()
                    _limit(timeout, memory)
                    answer = work()
                    pipe.write(ANSWER + len(answer).to_bytes(SIZE) + answer)
                    pipe.flush()
                status = 0
            except BaseException as error:
                pipe.write(WORDS + _words(error).encode(errors="replace"))
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
    used = resource.getrusage(resource.RUSAGE_SELF)
    limits = (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + timeout) + 2),
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
