"""Mined conflicts as examples to learn from: measured, read and labelled, one at a time.

What a conflict could become, its features and its reading are `resolving`'s, the same as when a
merge is on. How examples are kept and laid out is `dataset`'s.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gitmerge_ai.resolving.knowledge.decided import (
    LABELS,
    Decision,
    Labelled,
    decided_features,
    labelled,
    labelling,
)
from gitmerge_ai.resolving.knowledge.habits import OUTCOMES, outcomes
from gitmerge_ai.resolving.proposing.candidates import Candidate, Context, candidates
from gitmerge_ai.resolving.ranking.features import Features, Scale
from gitmerge_ai.resolving.ranking.reading import Pieces, Reading, followed, read
from gitmerge_ai.text.markers import Region
from gitmerge_ai.text.words import squeezed
from gitmerge_ai.training.learning.adapting import in_time, with_habits
from gitmerge_ai.training.learning.labels import patterns_of
from gitmerge_ai.training.mining import records
from gitmerge_ai.training.mining.records import MinedRegion


@dataclass(frozen=True, slots=True)
class Example:
    """One conflict to learn from.

    `options` are the features of its candidates and, last, of "none of these"; `right` is the
    option that people chose. `labels` and `outcomes` say what each candidate takes, -1 for none of
    these. `facts` are what is known beside the texts; `decided` what the merge's other conflicts,
    all of them, say of this one, and `partly` what some of them say. `patterns`
    has the class of each place that both sides changed, -1 where no pattern gives what people
    wrote. `follows` tells for each candidate which changed words of `reading` it follows, and in
    its last row which of them people followed.
    """

    repository: str
    merge: str
    time: int
    path: str
    language: str
    options: tuple[Features, ...]
    right: int
    ours: int
    theirs: int
    labels: tuple[int, ...]
    outcomes: tuple[int, ...]
    facts: Features
    decided: Features
    partly: Features
    reading: Reading
    follows: NDArray[np.bool_]
    patterns: tuple[int, ...]


def examples(file: Path, cut: Pieces) -> Iterator[Example]:
    """Read one repository's mined conflicts as examples; those of white space alone are left out.

    Args:
        file: what `mine` wrote.
        cut: what cuts words into pieces.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not what `mine` writes.
    """
    for commit, regions in by_merge(with_habits(records.read(file))).items():
        draw = random.Random(commit)
        labels = [labelled(_decision(region)) for region in regions]
        for at, region in enumerate(regions):
            others = labels[:at] + labels[at + 1 :]
            some = draw.sample(others, draw.randint(0, len(others)))
            yield _example(region, others, some, cut)


def by_merge(mined: Iterable[MinedRegion]) -> dict[str, list[MinedRegion]]:
    """Sort conflicts by merge, in the order in which they are examples, less those of white space.

    Args:
        mined: one repository's.
    """
    merges: dict[str, list[MinedRegion]] = {}
    for region in in_time(mined):
        if squeezed(region.ours + region.theirs + region.base):
            merges.setdefault(region.merge.commit, []).append(region)
    return merges


def _decision(region: MinedRegion) -> Decision:
    return Decision(region.path, region.base, region.ours, region.theirs, region.resolution)


def _example(
    mined: MinedRegion, others: Sequence[Labelled], some: Sequence[Labelled], cut: Pieces
) -> Example:
    region = Region(mined.base, mined.ours, mined.theirs)
    context = Context(mined.before, mined.after, mined.path, mined.merged)
    found = candidates(region, context)
    scale = Scale(region, context)
    texts = [squeezed(candidate.text) for candidate in found]
    reading = read(region, context, cut)
    sides = mined.base, mined.ours, mined.theirs
    label_of, outcome_of = labelling(*sides), outcomes(*sides)
    return Example(
        mined.repository,
        mined.merge.commit,
        mined.merge.time,
        mined.path,
        mined.language,
        (*map(scale.of, found), scale.none()),
        _index(texts, squeezed(mined.resolution), len(texts)),
        _index(texts, squeezed(mined.ours), -1),
        _index(texts, squeezed(mined.theirs), -1),
        (*(LABELS.index(label_of(candidate.text)) for candidate in found), -1),
        (*(OUTCOMES.index(outcome_of(candidate.text)) for candidate in found), -1),
        dict(mined.facts),
        decided_features(mined.path, region, others),
        decided_features(mined.path, region, some),
        reading,
        follows_of(reading, [*found, Candidate(mined.resolution, ("",))]),
        patterns_of(region, mined.resolution),
    )


def _index(texts: Sequence[str], text: str, otherwise: int) -> int:
    return texts.index(text) if text in texts else otherwise


def follows_of(reading: Reading, found: Sequence[Candidate]) -> NDArray[np.bool_]:
    """Tell which changed words each candidate follows.

    Returns:
        Shape (candidates, changed words).
    """
    rows = [followed(reading, candidate) for candidate in found]
    return np.array(rows, np.bool_).reshape(len(found), len(reading.changed))
