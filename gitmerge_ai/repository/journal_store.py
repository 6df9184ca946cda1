"""The journal's files: one for each record, in the git directory of a work tree.

A record is written beside its place and renamed into it, so that processes that write at once
never meet and a reader sees whole records only. The oldest go when there are too many. What a
record means is not known here.
"""

import os
import time
from contextlib import suppress

from gitmerge_ai.repository.line_merge import read as read_file

TYPE_CHECKING = False  # as in typing, which takes longer to import than a record to write

if TYPE_CHECKING:
    from typing import Any

FOLDER = "gitmerge-ai/journal"
"""Where the records are, inside a git directory."""

MOST_RECORDS = 1000
MOST_BYTES = 32 << 20

SUFFIX = ".json"
PREPARED = "~"
KEPT = ".kept"


def git_dir_here() -> str | None:
    """Find the git directory of the work tree whose root this process is in, without asking git.

    Git runs a merge driver in the root of the work tree; in a bare repository there is none.
    """
    given = os.environ.get("GIT_DIR")
    place = given or ".git"
    if os.path.isdir(place):
        return place
    with suppress(OSError):
        mark, _, path = os.fsdecode(read_file(place)).partition(": ")
        if mark == "gitdir" and not given:
            return path.rstrip("\n")
    return None


def write(git_dir: str, record: bytes, kept: bytes | None = None) -> str:
    """Add a record and drop the oldest beyond what the journal may hold.

    Args:
        git_dir: of the work tree.
        record: one JSON object.
        kept: the content of a file that goes with it.

    Returns:
        The name of the record; names sort by time.

    Raises:
        OSError: it could not be written; the journal is as it was.
    """
    prepared = prepare(git_dir, record)
    name = os.path.basename(prepared).removesuffix(SUFFIX + PREPARED)
    beside = kept_file(git_dir, name)
    try:
        if kept is not None:
            _write(beside, kept)
        add_prepared(prepared)
    except BaseException:
        _remove(prepared, beside)
        raise
    return name


def prepare(git_dir: str, record: bytes) -> str:
    """Write a record that is no part of the journal before `add_prepared`.

    Args:
        git_dir: of the work tree.
        record: one JSON object.

    Returns:
        The path of the file.

    Raises:
        OSError: it could not be written.
    """
    folder = f"{git_dir}/{FOLDER}"
    os.makedirs(folder, exist_ok=True)
    _prune(folder)
    path = f"{folder}/{time.time_ns():020d}-{os.urandom(4).hex()}{SUFFIX}{PREPARED}"
    try:
        _write(path, record)
    except BaseException:
        _remove(path)
        raise
    return path


def add_prepared(path: str) -> None:
    """Make a record that was prepared a part of the journal.

    Raises:
        OSError: it could not be.
    """
    os.replace(path, path.removesuffix(PREPARED))


def read(git_dir: str) -> "list[tuple[str, dict[str, Any]]]":
    """Give all records with their names, oldest first; broken ones are left out.

    Args:
        git_dir: of the work tree.
    """
    import json  # not for the driver, which prepares a record in another process

    folder = f"{git_dir}/{FOLDER}"
    found = []
    for file in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        name = file.removesuffix(SUFFIX)
        with suppress(OSError, ValueError):
            record = json.loads(read_file(f"{folder}/{file}")) if name != file else None
            if isinstance(record, dict):
                found.append((name, record))
    return found


def kept_file(git_dir: str, name: str) -> str:
    """Give the path of the content that goes with a record."""
    return f"{git_dir}/{FOLDER}/{name}{KEPT}"


def _write(path: str, data: bytes) -> None:
    with open(path, "xb") as file:
        file.write(data)


def _remove(*paths: str) -> None:
    for path in paths:
        with suppress(OSError):
            os.unlink(path)


def _prune(folder: str) -> None:
    """Remove the oldest files; another process may be removing them too."""
    records, size = 0, 0
    for name in sorted(os.listdir(folder), reverse=True):
        path = f"{folder}/{name}"
        with suppress(OSError):
            size += os.stat(path).st_size
            records += name.endswith(SUFFIX)
            if records >= MOST_RECORDS or size > MOST_BYTES:
                os.unlink(path)
