"""Evaluates a ranker on held-out repositories, and calibrates it on others.

Each figure stands for one way of use: with the texts alone, with the file's history, with the
repository's habits too, and with the merge's other decisions known. White space does not count.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gitmerge_ai.resolving.ranking import calibration
from gitmerge_ai.resolving.ranking.boosting import Boosted
from gitmerge_ai.resolving.ranking.calibration import Calibration, Outcome
from gitmerge_ai.resolving.ranking.neighbours import Neighbours
from gitmerge_ai.resolving.ranking.network import Network, Read
from gitmerge_ai.training.learning import dataset
from gitmerge_ai.training.learning.boosting import Array, scores_of, softmax_of
from gitmerge_ai.training.learning.dataset import Dataset, Input
from gitmerge_ai.training.learning.files import in_files
from gitmerge_ai.training.learning.lessons import Lessons, lessons_of

WAYS: dict[str, tuple[bool, bool, str]] = {
    "texts": (False, False, ""),
    "history": (True, False, ""),
    "history, habits": (True, True, ""),
    "decided": (False, False, "decided"),
    "history, decided": (True, False, "decided"),
}
"""What is known beside the texts: history, habits, the merge's other decisions."""

OPEN = [way for way, (_, _, decided) in WAYS.items() if not decided]
"""The ways in which the other conflicts of a file are open."""

# Of answers sorted by confidence, the share whose precision is told; and precisions whose share is.
SHARES, PRECISIONS = (0.05, 0.1, 0.2, 0.3, 0.5), (0.95, 0.9, 0.8)
# The feature of a candidate that the structured merge gave.
MERGED = "is merged"
# Fewer answers than this say nothing of a precision.
FEWEST = 20

Judge = Callable[[Lessons], Iterable[NDArray[np.float64]]]
"""Gives each conflict's scores of its options, on top of the trees'."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One conflict as it was answered: `rank` of the right candidate (0: not among them).

    `left` says that the structured merge had left it open.
    """

    language: str
    repository: str
    chance: float
    rank: int
    ours: bool
    theirs: bool
    left: bool

    @property
    def right(self) -> bool:
        """Whether the first candidate is what people committed."""
        return self.rank == 1


def answers(data: Dataset, trees: Boosted, way: str, judge: Judge | None = None) -> list[Answer]:
    """Answer every conflict.

    Args:
        data: the conflicts.
        trees: what scores features.
        way: what is known, by a name in `WAYS`.
        judge: what scores on top of the trees.
    """
    history, habits, decided = WAYS[way]
    facts = dataset.known(data, history=history, habits=habits)
    scores = scores_of(trees, dataset.seen_with(data, facts=facts, decided=decided))
    lessons = lessons_of(data, scores)
    if judge:
        scores = np.concatenate(list(judge(lessons)))
    return answers_by(data, scores)


def answers_by(data: Dataset, scores: Array) -> list[Answer]:
    """Answer every conflict by its options' scores."""
    return list(_answers(data, softmax_of(scores.astype(np.float64), data.sizes)))


def _answers(data: Dataset, chances: Array) -> Iterator[Answer]:
    starts = np.concatenate([[0], np.cumsum(data.sizes)[:-1]])
    is_merged = (
        data.table[:, data.columns.index(MERGED)] == 1
        if MERGED in data.columns
        else np.zeros(len(data.table), np.bool_)
    )
    merged = np.logical_or.reduceat(is_merged, starts)
    for at, each in enumerate(np.split(chances, starts[1:])):
        order = list(np.argsort(-each[:-1], kind="stable"))
        right = int(data.right[at])
        repository, _, _, _, language = data.about[at]
        yield Answer(
            language,
            repository,
            float(each[order[0]]),
            order.index(right) + 1 if right in order else 0,
            right == data.ours[at],
            right == data.theirs[at],
            not merged[at],
        )


def by_network(network: Network) -> Judge:
    """Let an exported network judge, one conflict after another as in a merge.

    A conflict is read once, however often it is judged with other things known.
    """
    known: dict[int, tuple[Input, Read]] = {}

    def judge(lessons: Lessons) -> Iterator[NDArray[np.float64]]:
        for one, numbers in zip(lessons.data.inputs, lessons.numbers, strict=True):
            if id(one) not in known:
                known[id(one)] = one, network.read(one.pieces, one.edits)
            _, read = known[id(one)]
            yield network.judge(read, one.at, one.sides, one.follows[:-1], numbers)

    return judge


def by_neighbours(neighbours: Neighbours, files: Sequence[Path]) -> Judge:
    """Let a conflict be seen in the light of the others of its file, none of them decided.

    Args:
        neighbours: the transformers.
        files: what the conflicts were prepared in.
    """

    def judge(lessons: Lessons) -> Iterator[NDArray[np.float64]]:
        logs = np.concatenate([numbers[:, 0] for numbers in lessons.numbers])
        for one in in_files(lessons.data, files, logs.astype(np.float64)):
            yield np.array(neighbours.scores(*one) if one.others else one.asked.logs)

    return judge


def calibrated(given: Sequence[Answer]) -> Calibration:
    """Learn a calibration from answers to validation conflicts."""
    return calibration.fit(
        [Outcome(one.language, one.chance, one.right, one.left) for one in given]
    )


def figures(given: Sequence[Answer]) -> dict[str, float]:
    """Give the figures of some answers, in percent."""
    count = max(1, len(given))
    found = {
        "regions": float(len(given)),
        "ours": sum(one.ours for one in given) / count,
        "theirs": sum(one.theirs for one in given) / count,
        "top-1": sum(one.rank == 1 for one in given) / count,
        "top-3": sum(1 <= one.rank <= 3 for one in given) / count,
        "any": sum(one.rank > 0 for one in given) / count,
    }
    surest = sorted(given, key=lambda one: -one.chance)
    right = np.cumsum([one.right for one in surest])
    for share in SHARES:
        some = max(1, int(len(given) * share))
        found[f"right of surest {share:.0%}"] = right[some - 1] / some if given else 0.0
    for precision in PRECISIONS:
        enough = [n for n in range(FEWEST, len(given) + 1) if right[n - 1] >= precision * n]
        found[f"answered at {precision:.0%}"] = max(enough, default=0) / count
    return {k: v if k == "regions" else round(100 * v, 1) for k, v in found.items()}


def by_language(given: Iterable[Answer]) -> Mapping[str, list[Answer]]:
    """Sort answers by language, all of them under ""."""
    sorted_out: dict[str, list[Answer]] = defaultdict(list)
    for one in given:
        sorted_out[one.language or "other"].append(one)
    return {
        "": [a for some in sorted_out.values() for a in some],
        **dict(sorted(sorted_out.items())),
    }


def reliability(given: Sequence[Answer], scale: Calibration) -> list[tuple[int, float, float]]:
    """Compare calibrated confidences with what was right, in ten groups.

    Returns:
        For each group that is not empty: answers, mean confidence and share that was right.
    """
    groups: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for one in given:
        confidence = scale.of(one.language)(one.chance)
        groups[min(9, int(10 * confidence))].append((confidence, one.right))
    return [
        (
            len(some),
            sum(confidence for confidence, _ in some) / len(some),
            sum(right for _, right in some) / len(some),
        )
        for _, some in sorted(groups.items())
    ]


def applied(given: Sequence[Answer], scale: Calibration, least: float) -> tuple[int, int]:
    """Count what would be applied unasked, and how much of it was right.

    Only conflicts that the structured merge left open are there to be applied.
    """
    some = [
        one
        for one in given
        if one.left and scale.applies(one.language, scale.of(one.language)(one.chance), least)
    ]
    return len(some), sum(one.right for one in some)


def load_part(files: Sequence[Path], trees: Boosted) -> Dataset:
    """Load prepared repositories in the columns that trees were grown on."""
    return dataset.load(files, [name for name, _ in trees.columns])
