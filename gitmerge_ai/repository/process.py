"""Running git, or another program, without what `subprocess` takes to import."""

import os

TYPE_CHECKING = False  # as in typing; what most driver calls need imports nothing that is slow

if TYPE_CHECKING:
    from collections.abc import Callable

    Finish = Callable[[], tuple[int, bytes]]
    """Waits for a program and gives its exit status and what it printed."""


def capture(arguments: list[str], *, errors: str = "show") -> tuple[int, bytes]:
    """Run a program and give its exit status and what it printed.

    Args:
        arguments: the program and its arguments.
        errors: what becomes of its standard error: "show" leaves it to the person, "drop" hides
            it, "join" gives it with the output.

    Raises:
        OSError: the program could not be started.
    """
    return start(arguments, errors=errors)()


def start(arguments: list[str], *, errors: str = "show") -> "Finish":
    """Start a program, so that there is something else to be done while it runs.

    Args:
        arguments, errors: as for `capture`.

    Raises:
        OSError: the program could not be started.
    """
    if not hasattr(os, "posix_spawnp"):
        return _by_subprocess(arguments, errors)
    read, write = os.pipe()
    try:
        actions = [(os.POSIX_SPAWN_DUP2, write, 1), *_for_errors(errors, write)]
        pid = os.posix_spawnp(arguments[0], arguments, os.environ, file_actions=actions)
    except BaseException:
        os.close(read)
        raise
    finally:
        os.close(write)

    def finish() -> tuple[int, bytes]:
        with open(read, "rb") as pipe:
            output = pipe.read()
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), output

    return finish


def _for_errors(errors: str, write: int) -> list[tuple[int, ...] | tuple[int, int, str, int, int]]:
    if errors == "join":
        return [(os.POSIX_SPAWN_DUP2, write, 2)]
    if errors == "drop":
        return [(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
    return []


def _by_subprocess(arguments: list[str], errors: str) -> "Finish":
    import subprocess

    stderr = {"join": subprocess.STDOUT, "drop": subprocess.DEVNULL}.get(errors)
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=stderr)

    def finish() -> tuple[int, bytes]:
        output, _ = process.communicate()
        return process.returncode, output

    return finish
