"""What `gitmerge-ai adapt` learned of a repository, as it is kept with the repository.

It sharpens suggestions and nothing else: a file that is missing, damaged or of another version
counts as none, and a merge goes on without it.
"""

import json
import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from gitmerge_ai.repository import common_dir
from gitmerge_ai.resolving.knowledge.habits import OUTCOMES, Habits, outcomes
from gitmerge_ai.text.markers import Region

VERSION = 2
"""Raised when the file's meaning changes; another version's file counts as none."""

FILE = "adapted.json"


NONE = len(OUTCOMES)
"""The number of "none of these", after those of `OUTCOMES`."""


class Refit(NamedTuple):
    """How a repository differs from others: numbers over the scores of a conflict's options.

    `sharpness` says how much the scores are to be trusted, `shifts` how much likelier each of
    `OUTCOMES` is than they say, and "none of these".
    """

    sharpness: float = 1.0
    shifts: tuple[float, ...] = (0.0,) * (NONE + 1)

    def __call__(self, scores: Sequence[float], becomes: Sequence[int]) -> list[float]:
        """Give the scores as they are in this repository.

        Args:
            scores: of the options.
            becomes: what each option is, by its number in `OUTCOMES`.
        """
        pairs = zip(scores, becomes, strict=True)
        return [self.sharpness * score + self.shifts[at] for score, at in pairs]


def becomes_of(region: Region, texts: Iterable[str]) -> list[int]:
    """Give what each of a conflict's options is, by number, "none of these" last.

    Args:
        region: the conflict.
        texts: its candidates.
    """
    outcome_of = outcomes(region.base or "", region.ours, region.theirs)
    return [*(OUTCOMES.index(outcome_of(text)) for text in texts), NONE]


@dataclass(frozen=True, slots=True)
class Adapted:
    """What was learned, of how many conflicts in how many merges, the last made at `newest`.

    `refit` is missing where the ranking is as good as it is.
    """

    habits: Habits
    merges: int
    regions: int
    newest: int
    refit: Refit | None = None


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
        "refit": adapted.refit,
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
    merges, regions, newest = (found[name] for name in ("merges", "regions", "newest"))
    if not all(type(number) is int for number in (merges, regions, newest)):
        raise ValueError("counts are numbers")
    habits, refit = Habits.from_json(found["habits"]), _refit(found["refit"])
    return Adapted(habits, merges, regions, newest, refit)


def _refit(found: object) -> Refit | None:
    if found is None:
        return None
    if not isinstance(found, list) or len(found) != 2:
        raise ValueError("a refit is a sharpness and shifts")
    sharpness, shifts = float(found[0]), tuple(map(float, found[1]))
    if len(shifts) != NONE + 1 or not all(map(math.isfinite, (sharpness, *shifts))):
        raise ValueError("a refit has one number for each outcome")
    return Refit(sharpness, shifts)
