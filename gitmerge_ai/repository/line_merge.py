"""Git's own line merge of three files, and how a merged file is put in place.

This is all that most driver calls need, so it imports only what Python has loaded anyway.
"""

import os

FIRST_BYTES = 8000
"""How far git looks for a NUL byte to tell a binary file."""

MAX_CONFLICTS = 127
"""The highest exit status by which `git merge-file` counts conflicts; above are its errors."""

USAGE_ERROR = 129
"""How git exits on an option that it does not know yet."""

STYLES = {"merge": "--no-diff3", "diff3": "--diff3", "zdiff3": "--zdiff3"}
"""The option for each style of conflicts."""

Merged = tuple[bool, bytes]
"""Whether a merge is clean, and its bytes."""


class LineMergeError(Exception):
    """`git merge-file` failed, so git itself would have."""


def capture(arguments: list[str], *, quiet: bool = False) -> tuple[int, bytes]:
    """Run a program and give its exit status and what it printed.

    Args:
        arguments: the program and its arguments.
        quiet: drop what it says on standard error.

    Raises:
        OSError: the program could not be started.
    """
    if not hasattr(os, "posix_spawnp"):
        import subprocess

        errors = subprocess.DEVNULL if quiet else None
        done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=errors, check=False)
        return done.returncode, done.stdout
    read, write = os.pipe()
    with open(read, "rb") as pipe:
        actions: list[tuple[int, ...] | tuple[int, int, str, int, int]]
        actions = [(os.POSIX_SPAWN_DUP2, write, 1)]
        if quiet:
            actions.append((os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0))
        try:
            pid = os.posix_spawnp(arguments[0], arguments, os.environ, file_actions=actions)
        finally:
            os.close(write)
        output = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), output


def line_merge(
    base: str,
    ours: str,
    theirs: str,
    *,
    labels: tuple[str, str, str] = ("base", "ours", "theirs"),
    marker_size: int = 7,
    style: str | None = None,
    options: tuple[str, ...] = (),
) -> Merged:
    """Merge three files with `git merge-file`.

    Args:
        base, ours, theirs: paths of the three versions.
        labels: what markers call base, ours and theirs.
        marker_size: length of a conflict marker.
        style: of conflicts; `None` is git's `merge.conflictStyle`.
        options: further ones, which are left out where git does not know them.

    Raises:
        LineMergeError: git cannot merge these files.
    """
    of_base, of_ours, of_theirs = labels
    names = [part for label in (of_ours, of_base, of_theirs) for part in ("-L", label)]
    command = ["git", "merge-file", "-p", "-q", f"--marker-size={marker_size}", *names]
    command += [STYLES[style]] if style else []
    files = ["--", ours, base, theirs]
    status, output = capture([*command, *options, *files], quiet=bool(options))
    if status == USAGE_ERROR and options:
        status, output = capture([*command, *files])
    if not 0 <= status <= MAX_CONFLICTS or (status and not output):
        raise LineMergeError(f"git merge-file failed with status {status}")
    return status == 0, output


def is_binary(path: str) -> bool:
    """Tell whether git takes a file for binary: a NUL byte near its start."""
    with open(path, "rb") as file:
        return b"\0" in file.read(FIRST_BYTES)


def replace(path: str, data: bytes) -> None:
    """Give a file new content in one step, with its mode and owner.

    The new content is written next to it, or in the git directory where that is on the same
    file system, so that being killed here leaves nothing in a work tree.

    Args:
        path: the file, which exists.
        data: what it is to hold.

    Raises:
        OSError: it could not be written; the file is as it was.
    """
    target = os.path.realpath(path)
    before = os.stat(target)
    folder = os.path.dirname(target)
    git_dir = os.path.abspath(os.environ.get("GIT_DIR", ".git"))
    if os.path.isdir(git_dir) and os.stat(git_dir).st_dev == before.st_dev:
        folder = git_dir
    temporary = os.path.join(folder, f".gitmerge-ai-{os.urandom(6).hex()}")
    try:
        with open(temporary, "xb") as file:
            file.write(data)
        _like(before, temporary)
        os.replace(temporary, target)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise


def _like(before: os.stat_result, path: str) -> None:
    """Give a file the owner, as far as this user may, and the mode of another."""
    now = os.stat(path)
    if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
        from contextlib import suppress

        with suppress(OSError, AttributeError):
            os.chown(path, before.st_uid, before.st_gid)
    os.chmod(path, before.st_mode & 0o7777)
