"""Running git, or another program, without what `subprocess` takes to import."""

import os


def capture(arguments: list[str], *, errors: str = "show") -> tuple[int, bytes]:
    """Run a program and give its exit status and what it printed.

    Args:
        arguments: the program and its arguments.
        errors: what becomes of its standard error: "show" leaves it to the person, "drop" hides
            it, "join" gives it with the output.

    Raises:
        OSError: the program could not be started.
    """
    if not hasattr(os, "posix_spawnp"):
        return _by_subprocess(arguments, errors)
    read, write = os.pipe()
    with open(read, "rb") as pipe:
        try:
            actions = [(os.POSIX_SPAWN_DUP2, write, 1), *_for_errors(errors, write)]
            pid = os.posix_spawnp(arguments[0], arguments, os.environ, file_actions=actions)
        finally:
            os.close(write)
        output = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), output


def _for_errors(errors: str, write: int) -> list[tuple[int, ...] | tuple[int, int, str, int, int]]:
    if errors == "join":
        return [(os.POSIX_SPAWN_DUP2, write, 2)]
    if errors == "drop":
        return [(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
    return []


def _by_subprocess(arguments: list[str], errors: str) -> tuple[int, bytes]:
    import subprocess

    stderr = {"join": subprocess.STDOUT, "drop": subprocess.DEVNULL}.get(errors)
    done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=stderr, check=False)
    return done.returncode, done.stdout
