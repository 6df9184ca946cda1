"""Running git, or another program, without what `subprocess` takes to import."""

import os
from itertools import islice

TYPE_CHECKING = False  # as in typing; what most driver calls need imports nothing that is slow

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

    Finish = Callable[[], tuple[int, bytes]]
    """Waits for a program and gives its exit status and what it printed."""


AT_ONCE = 4096
"""Bytes that can be given to a program before it reads any."""


def capture(
    arguments: list[str], *, errors: str = "show", given: bytes = b"", most: int | None = None
) -> tuple[int, bytes]:
    """Run a program and give its exit status and what it printed.

    Args:
        arguments: the program and its arguments.
        errors: what becomes of its standard error: "show" leaves it to the person, "drop" hides
            it, "join" gives it with the output.
        given: to the program, to read; if it is nothing, the program reads what we do.
        most: lines that are read; a program that prints more is ended.

    Raises:
        OSError: the program could not be started.
    """
    return start(arguments, errors=errors, given=given, most=most)()


def start(
    arguments: list[str], *, errors: str = "show", given: bytes = b"", most: int | None = None
) -> "Finish":
    """Start a program, so that there is something else to be done while it runs.

    Args:
        arguments, errors, given, most: as for `capture`.

    Raises:
        OSError: the program could not be started.
    """
    if not hasattr(os, "posix_spawnp") or len(given) > AT_ONCE:
        return _by_subprocess(arguments, errors, given, most)
    read, write = os.pipe()
    stdin = _holding(given) if given else None
    try:
        actions = [(os.POSIX_SPAWN_DUP2, write, 1), *_for_errors(errors, write)]
        actions += [(os.POSIX_SPAWN_DUP2, stdin, 0)] if stdin is not None else []
        pid = os.posix_spawnp(arguments[0], arguments, os.environ, file_actions=actions)
    except BaseException:
        os.close(read)
        raise
    finally:
        os.close(write)
        if stdin is not None:
            os.close(stdin)

    def finish() -> tuple[int, bytes]:
        with open(read, "rb") as pipe:
            output = _read(pipe, most, lambda: os.kill(pid, 9))
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), output

    return finish


def _holding(given: bytes) -> int:
    """Give the end to read of a pipe that holds some bytes and will hold no more."""
    read, write = os.pipe()
    os.write(write, given)
    os.close(write)
    return read


def _read(pipe: "IO[bytes]", most: int | None, end: "Callable[[], None]") -> bytes:
    """Read lines, all of them where nothing else is said, and end who prints more."""
    if most is None:
        return pipe.read()
    output = b"".join(islice(pipe, most))
    if pipe.read(1):
        end()
    return output


def _for_errors(errors: str, write: int) -> list[tuple[int, ...] | tuple[int, int, str, int, int]]:
    if errors == "join":
        return [(os.POSIX_SPAWN_DUP2, write, 2)]
    if errors == "drop":
        return [(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
    return []


def _by_subprocess(arguments: list[str], errors: str, given: bytes, most: int | None) -> "Finish":
    import subprocess
    import tempfile

    stderr = {"join": subprocess.STDOUT, "drop": subprocess.DEVNULL}.get(errors)
    with tempfile.TemporaryFile() as stdin:  # a pipe would have to be filled while it is emptied
        stdin.write(given)
        stdin.seek(0)
        process = subprocess.Popen(
            arguments,
            stdin=stdin if given else None,
            stdout=subprocess.PIPE,
            stderr=stderr,
        )

    def finish() -> tuple[int, bytes]:
        with process:
            assert process.stdout
            output = _read(process.stdout, most, process.kill)
        return process.returncode, output

    return finish
