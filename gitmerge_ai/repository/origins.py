"""Where lines come from: the commits on each side of an unfinished operation that touched them.

It reads what git left of the operation and asks `git log`; nothing is written.
"""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gitmerge_ai.repository.steps import HEADS

TIMEOUT = 5.0
"""Seconds that git may take to answer for one side."""

MOST = 20
"""Commits that are told of a side."""

_FORMAT = "--format=%h%x00%an%x00%ad%x00%s%x00"


@dataclass(frozen=True, slots=True)
class Origin:
    """A commit that touched lines."""

    commit: str
    author: str
    date: str
    subject: str


@dataclass(frozen=True, slots=True)
class Ends:
    """The commits that each side's history runs between, as revisions for `git log`."""

    ours: tuple[str, ...]
    theirs: tuple[str, ...]


def ends(root: Path) -> Ends | None:
    """Find the two histories of what is unfinished, `None` where it left no commit to go by.

    Args:
        root: the work tree.
    """
    for operation, head in HEADS.items():
        tip = _line(root, "rev-parse", "-q", "--verify", f"{head}^{{commit}}")
        if not tip:
            continue
        if operation == "merge":
            base = _line(root, "merge-base", "HEAD", tip)
            return Ends(*((end, f"^{base}") if base else (end,) for end in ("HEAD", tip)))
        before = _line(root, "rev-parse", "-q", "--verify", f"{tip}^")
        own = (tip, f"^{before}") if before else (tip,)
        if operation == "revert":
            return Ends(("HEAD", f"^{tip}"), own)
        base = _line(root, "merge-base", "HEAD", tip)
        return Ends(("HEAD", f"^{base}") if base else ("HEAD",), own)
    return None


def touching(
    root: Path, revisions: Sequence[str], path: str, lines: tuple[int, int] | None
) -> list[Origin]:
    """Give the commits that touched lines of a file, newest first.

    Args:
        root: the work tree.
        revisions: what `git log` is to walk.
        path: of the file, from the root.
        lines: the first and the last line as they are at the tip; `None` asks for the whole file.
    """
    where = ["--", f":(top,literal){path}"]
    if lines is not None:
        where = [f"-L{lines[0]},{lines[1]}:{path}", "-s"]
    selection = [f"-{MOST}", "--date=short", _FORMAT, *revisions, *where]
    fields = _git(root, "log", *selection).replace("\n", "").split("\0")
    return [Origin(*fields[at : at + 4]) for at in range(0, len(fields) - 4, 4)]


def _line(root: Path, *arguments: str) -> str:
    return _git(root, *arguments).split("\n", 1)[0]


def _git(root: Path, *arguments: str) -> str:
    """Run git and give what it printed, "" where it failed or took too long."""
    command = ["git", "--no-pager", "-c", "log.showSignature=false", *arguments]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, check=False, timeout=TIMEOUT)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return os.fsdecode(done.stdout) if done.returncode == 0 else ""
