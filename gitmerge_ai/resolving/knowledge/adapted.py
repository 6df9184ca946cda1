"""What `gitmerge-ai adapt` learned of a repository, as it is kept with the repository.

It sharpens suggestions and nothing else: a file that is missing, damaged or of another version
counts as none, and a merge goes on without it.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from gitmerge_ai.repository import common_dir
from gitmerge_ai.resolving.knowledge.habits import Habits

VERSION = 1
"""Raised when the file's meaning changes; another version's file counts as none."""

FILE = "adapted.json"


@dataclass(frozen=True, slots=True)
class Adapted:
    """What was learned, of how many conflicts in how many merges, the last made at `newest`."""

    habits: Habits
    merges: int
    regions: int
    newest: int


def read(git_dir: str | os.PathLike[str]) -> Adapted | None:
    """Read what was learned of a repository; `None` where that is nothing.

    Args:
        git_dir: of the repository or of one of its work trees.
    """
    data = common_dir.read(git_dir, FILE)
    try:
        return None if data is None else _from_json(json.loads(data))
    except (KeyError, RecursionError, TypeError, ValueError):
        return None


def write(git_dir: str | os.PathLike[str], adapted: Adapted) -> Path:
    """Keep what was learned with the repository.

    Args:
        git_dir: of the repository or of one of its work trees.
        adapted: what was learned.

    Returns:
        Where it is.

    Raises:
        OSError: it could not be written; what was there before still is.
    """
    fields = {
        "version": VERSION,
        "merges": adapted.merges,
        "regions": adapted.regions,
        "newest": adapted.newest,
        "habits": adapted.habits.as_json(),
    }
    text = json.dumps(fields, separators=(",", ":")) + "\n"
    return common_dir.write(git_dir, FILE, text.encode("utf-8", "surrogatepass"))


def forget(git_dir: str | os.PathLike[str]) -> bool:
    """Remove what was learned, and say whether there was any.

    Args:
        git_dir: of the repository or of one of its work trees.

    Raises:
        OSError: it could not be removed.
    """
    return common_dir.remove(git_dir, FILE)


def _from_json(found: object) -> Adapted | None:
    if not isinstance(found, dict) or found.get("version") != VERSION:
        return None
    numbers = [found[name] for name in ("merges", "regions", "newest")]
    if not all(type(number) is int for number in numbers):
        raise ValueError("counts are numbers")
    return Adapted(Habits.from_json(found["habits"]), *numbers)
