"""Mined conflicts beside the others of their file, as the transformer of `neighbours` sees them.

What the prepared arrays do not keep, the words of a conflict and its place, is read from the mined
files again.
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from gitmerge_ai.resolving.ranking.neighbours import KINDS, MOST_IN_FILE, Seen, beside, seen
from gitmerge_ai.text.markers import Region
from gitmerge_ai.training.learning.boosting import Array
from gitmerge_ai.training.learning.dataset import Dataset, mined_of
from gitmerge_ai.training.learning.examples import by_merge
from gitmerge_ai.training.mining import records
from gitmerge_ai.training.mining.records import MinedRegion


class InFile(NamedTuple):
    """A conflict, and those of its file that it looks at."""

    asked: Seen
    others: Sequence[Seen]


def in_files(data: Dataset, files: Sequence[Path], scores: Array) -> list[InFile]:
    """Put each conflict beside the others of its file.

    Args:
        data: the conflicts.
        files: what they were prepared in.
        scores: of all their options.
    """
    mined = [region for file in files for region in _mined(file)]
    starts = np.cumsum(data.sizes)[:-1]
    kinds = np.split(np.where(data.labels < 0, KINDS - 1, data.labels), starts)
    known = [
        seen(Region(one.base, one.ours, one.theirs), one.number, of.tolist(), score.tolist())
        for one, of, score in zip(mined, kinds, np.split(scores, starts), strict=True)
    ]
    of_file: dict[tuple[str, str, str], list[Seen]] = defaultdict(list)
    for one, conflict in zip(mined, known, strict=True):
        of_file[one.repository, one.merge.commit, one.path].append(conflict)
    found = []
    for one, conflict in zip(mined, known, strict=True):
        all_ = of_file[one.repository, one.merge.commit, one.path]
        at = next(n for n, other in enumerate(all_) if other is conflict)
        near = beside(at, len(all_)) if one.of_file <= MOST_IN_FILE else []
        found.append(InFile(conflict, [all_[n] for n in near]))
    return found


def _mined(file: Path) -> list[MinedRegion]:
    """Read the mined conflicts that a prepared file is of, in its order."""
    merges = by_merge(records.read(mined_of(file)))
    return [region for regions in merges.values() for region in regions]
