"""The index of a repository's own commits, kept in its git directory and brought up to date.

One file, replaced in one step: of two processes that write it the later one wins, and both were
right. What cannot be read is built again; what cannot be written is built anew the next time.
Bounded in commits and in time: what there was no time for is read by the next call.
"""

import json
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from time import monotonic

from gitmerge_ai.repository import common_dir
from gitmerge_ai.repository.commits import Commit, Footprint, commits, names
from gitmerge_ai.repository.installation import git_dir

FILE = "messages.json"
VERSION = "1"

MOST = 4_000
"""Commits that are kept, the newest that are no merges."""

BUDGET = 3.0
"""Seconds that reading new commits may take."""


def history(folder: Path, budget: float = BUDGET) -> list[Commit]:
    """Give the repository's commits, oldest first, and bring the index up to date.

    Args:
        folder: in the repository.
        budget: seconds that reading what is new may take.
    """
    deadline = monotonic() + budget
    wanted = names(folder, MOST)
    where = git_dir(folder)
    if where is None or not wanted:
        return []
    known = {each.name: each for each in _load(where)}
    missing = [name for name in wanted if name not in known]
    for commit in commits(folder, missing):
        known[commit.name] = commit
        if monotonic() > deadline:
            break
    found = [known[name] for name in wanted if name in known]
    if missing:
        with suppress(OSError):
            common_dir.write(where, FILE, _dumped(found))
    return found[::-1]


def _load(where: Path) -> list[Commit]:
    """Read the index; an empty one where it is broken."""
    data = common_dir.read(where, FILE)
    with suppress(ValueError, TypeError, zlib.error):
        head, _, packed = (data or b"").partition(b"\n")
        if head.decode() == _head(packed):
            return [
                Commit(name, author, time, message, Footprint(*map(tuple, footprint)))
                for name, author, time, message, footprint in json.loads(packed)
            ]
    return []


def _dumped(found: Iterable[Commit]) -> bytes:
    packed = json.dumps([astuple(each) for each in found], separators=(",", ":")).encode()
    return f"{_head(packed)}\n".encode() + packed


def _head(packed: bytes) -> str:
    """Give the line that says what follows: the version of the format and a checksum."""
    return f"{VERSION} {zlib.crc32(packed):08x}"
