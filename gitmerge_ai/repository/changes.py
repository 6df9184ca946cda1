"""What `git diff --raw -z` says became of each path."""

import os
from collections.abc import Iterator
from typing import NamedTuple

REGULAR = frozenset({"100644", "100755"})
"""The modes of files that hold text or bytes; links and submodules have others."""


class Change(NamedTuple):
    """What became of a path: its old and new name (`None`: there is none) and its blobs.

    A blob is `None` where there is no regular file.
    """

    old: str | None
    new: str | None
    before: str | None
    after: str | None


def changes_in(output: bytes) -> Iterator[Change]:
    """Read what git prints of a comparison: facts and one or two paths, each ended by NUL.

    Args:
        output: what it printed; what stands before the first change is passed over.
    """
    fields = iter(os.fsdecode(output).split("\0"))
    for facts in fields:
        if not facts.startswith(":"):
            continue
        mode_before, mode_after, before, after, status = facts[1:].split()
        old = new = next(fields)
        if status[0] in "RC":
            new = next(fields)
        yield Change(
            None if status[0] in "AC" else old,
            None if status[0] == "D" else new,
            before if mode_before in REGULAR else None,
            after if mode_after in REGULAR else None,
        )
