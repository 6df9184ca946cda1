"""The journal: what was resolved automatically, an `Entry` for each file.

Whoever writes an automatic resolution adds an entry here. How entries are stored is the matter of
`gitmerge_ai.repository.journal_store`; `gitmerge_ai.resolving.journal.reading` reads them. The
driver imports this, so it needs nothing slow.
"""

import json
import os
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from gitmerge_ai.repository import journal_store, steps
from gitmerge_ai.repository.steps import Step
from gitmerge_ai.values import MergeResult, Resolution

if TYPE_CHECKING:
    from hashlib import sha1
else:
    try:  # Python's own, without what `hashlib` takes to load OpenSSL.
        from _sha1 import sha1
    except ImportError:
        from hashlib import sha1

SHA256_DIGITS = 64


class Blobs(NamedTuple):
    """The objects of the three versions that were merged and of the result, as git names them.

    The versions are "" where they are not known: a file that was resolved by its markers alone.
    """

    base: str
    ours: str
    theirs: str
    result: str


class Entry(NamedTuple):
    """One file in which conflicts were resolved automatically.

    step: what git was doing.
    path: from the root of the work tree.
    by: who wrote it: "driver", "resolve" or "mergetool".
    blobs: what was merged into what.
    left: how many conflicts stayed.
    resolutions: with their sides, and their lines in the result.
    labels: of base, ours and theirs as git gave them, `None` where it did not.
    stages: the index's entries of the path before, where they were known; git makes them otherwise.
    time: seconds since 1970.
    name: of the record in the journal, "" for one that is not in it yet.
    """

    step: Step
    path: str
    by: str
    blobs: Blobs
    left: int
    resolutions: tuple[Resolution, ...]
    labels: tuple[str, str, str] | None = None
    stages: tuple[str, ...] = ()
    time: float = 0.0
    name: str = ""


def blob_name(data: bytes, like: str) -> str:
    """Give the name that git has for a content.

    Args:
        data: the content as git stores it.
        like: any object's name, which tells the algorithm.
    """
    named = b"blob %d\0" % len(data) + data
    if len(like) != SHA256_DIGITS:
        return sha1(named, usedforsecurity=False).hexdigest()
    from hashlib import sha256

    return sha256(named, usedforsecurity=False).hexdigest()


def encode(entry: Entry) -> bytes:
    """Write an entry as one JSON object."""
    values = {"kind": "resolved", **entry._asdict(), "time": entry.time or time.time()}
    del values["name"]
    values["step"], values["blobs"] = entry.step._asdict(), entry.blobs._asdict()
    values["resolutions"] = [_record(one) for one in entry.resolutions]
    return json.dumps(values).encode()


def prepare(
    contents: tuple[bytes, bytes, bytes],
    data: bytes,
    result: MergeResult,
    *,
    path: str,
    labels: tuple[str, str, str] | None,
    process: int,
) -> str:
    """Write what a merge driver resolved, for `journal_store.add_prepared` to add.

    Args:
        contents: base, ours and theirs.
        data: the merged file.
        result: how it came about.
        path: what git calls it.
        labels: of base, ours and theirs, if git gave them.
        process: the one that started the driver.

    Returns:
        The path of the prepared record, "" where there is no place for it.
    """
    git_dir = journal_store.git_dir_here()
    step = steps.calling(git_dir, process, os.environ) if git_dir else None
    if git_dir is None or step is None:
        return ""
    versions = (blob_name(content, step.head) for content in (*contents, data))
    left = len(result.conflicts)
    entry = Entry(step, path, "driver", Blobs(*versions), left, result.resolutions, labels)
    return journal_store.prepare(git_dir, encode(entry))


def write(git_dir: str, entry: Entry, kept: bytes | None = None) -> str:
    """Add an entry to a work tree's journal and give its name.

    Args:
        git_dir: of the work tree.
        entry: what was resolved.
        kept: the work file as it was before, where git cannot make it again.

    Raises:
        OSError: it could not be written.
    """
    return journal_store.write(git_dir, encode(entry), kept)


def _record(one: Resolution) -> dict[str, Any]:
    """Give a resolution as JSON has it; its path and labels are those of the entry."""
    sides = one.sides
    texts = {"base": sides.base, "ours": sides.ours, "theirs": sides.theirs} if sides else None
    alternatives = [_record(other) for other in one.alternatives]
    return {**one._asdict(), "sides": texts, "alternatives": alternatives}
