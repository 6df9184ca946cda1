"""Git's own line merge of three files, and how a merged file is put in place.

This is all that most driver calls need, so it imports only what Python has loaded anyway.
"""

import os

from gitmerge_ai.repository.process import capture

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
    status, output = capture([*command, *options, *files], errors="drop" if options else "show")
    if status == USAGE_ERROR and options:
        status, output = capture([*command, *files])
    if not 0 <= status <= MAX_CONFLICTS or (status and not output):
        raise LineMergeError(f"git merge-file failed with status {status}")
    return status == 0, output


def is_binary(path: str) -> bool:
    """Tell whether git takes a file for binary: a NUL byte near its start."""
    return b"\0" in read(path, FIRST_BYTES)


def read(path: str, size: int = -1) -> bytes:
    """Give the content of a file, or its first bytes."""
    with open(path, "rb") as file:
        return file.read(size)


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
