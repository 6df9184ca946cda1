"""Ranks a conflict's candidates: by boosted trees on features, and what corrects them.

The trees need nothing but Python. Where all conflicts of a file are ranked, each is seen in the
light of the others (`neighbours`). A model's folder may hold a network instead, which then has the
last word. What is damaged is done without. With `gitmerge-ai.model` set to "none" the trees rank
alone (stage "rules"), else they may also decide (stage "classifier"). The probabilities are
calibrated and, with the one left for "none of these", sum to one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gitmerge_ai.resolving.knowledge.adapted import Refit, becomes_of
from gitmerge_ai.resolving.proposing.candidates import Candidate, Context
from gitmerge_ai.resolving.ranking import boosting, calibration
from gitmerge_ai.resolving.ranking.boosting import TREES, Boosted, softmax
from gitmerge_ai.resolving.ranking.calibration import Calibration
from gitmerge_ai.resolving.ranking.features import Scale
from gitmerge_ai.resolving.ranking.neighbours import (
    NEIGHBOURS,
    Neighbours,
    Options,
    neighbours_of,
)
from gitmerge_ai.resolving.ranking.trees import NONE, folder_of, folder_of_trees, trees_of
from gitmerge_ai.sealed import UnreadableModel
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.text.markers import Region

if TYPE_CHECKING:
    from gitmerge_ai.resolving.ranking.network import Network

TREES_CALIBRATION = "trees-calibration.json"
ENCODER, CALIBRATION = "encoder.onnx", "calibration.json"
"""What a model's folder holds beside the trees; the last two only if it has a network."""

Ranked = list[tuple[Candidate, float]]


class Asked(NamedTuple):
    """A conflict, what stands around it, and what it could become."""

    region: Region
    context: Context
    found: Sequence[Candidate]


@dataclass(frozen=True)
class Ranker:
    """What ranks candidates, loaded."""

    stage: str
    trees: Boosted
    calibration: Calibration
    network: "Network | None" = field(default=None, compare=False)
    neighbours: Neighbours | None = field(default=None, compare=False)

    def rank(
        self, region: Region, context: Context, found: Sequence[Candidate], least: float = 0.0
    ) -> Ranked:
        """Order candidates by how likely a person would commit them.

        Args:
            region: the conflict.
            context: what stands around it.
            found: what it could become.
            least: where the trees give no candidate so much, the network is not asked.

        Returns:
            Candidates with their calibrated probabilities, best first; the sum is below one by the
            probability that it is none of them. Nothing where `least` was not reached.
        """
        scores = self._scores(region, context, found, least)
        return self._ranked(context, found, softmax(scores)) if scores else []

    def rank_all(self, asked: Sequence[Asked], refit: Refit | None = None) -> list[Ranked]:
        """Order the candidates of all open conflicts of a file, each in the light of the others.

        Args:
            asked: the conflicts, in order.
            refit: how the repository differs from others, if that was learned.

        Returns:
            For each conflict what `rank` gives.
        """
        options = [
            Options(one.region, [each.text for each in one.found], self._scores(*one))
            for one in asked
        ]
        if refit:
            options = [
                one._replace(scores=refit(one.scores, becomes_of(one.region, one.texts)))
                for one in options
            ]
        if self.neighbours:
            options = self.neighbours.corrected(options)
        return [
            self._ranked(one.context, one.found, softmax(each.scores))
            for one, each in zip(asked, options, strict=True)
        ]

    def _scores(
        self, region: Region, context: Context, found: Sequence[Candidate], least: float = 0.0
    ) -> list[float]:
        """Score the candidates, and last "none of these"; nothing where `least` is not reached."""
        scale = Scale(region, context)
        scores = [self.trees.score(scale.of(candidate)) for candidate in found]
        scores.append(self.trees.score(scale.none()))
        if least and max(softmax(scores)[:-1]) < least:
            return []
        return self.network.scores(region, context, found, scores) if self.network else scores

    def _ranked(
        self, context: Context, found: Sequence[Candidate], chances: Sequence[float]
    ) -> Ranked:
        """Sort candidates by their probabilities, and calibrate these."""
        ranked = sorted(zip(found, chances[:-1], strict=True), key=lambda pair: -pair[1])
        calibrated = self.calibration.chances(
            language_of(context), [chance for _, chance in ranked]
        )
        return [(one, chance) for (one, _), chance in zip(ranked, calibrated, strict=True)]


def language_of(context: Context) -> str:
    """Name the language that a conflict's confidence is calibrated for, "" for none."""
    row = for_path(context.path, context.before)
    return row.name if row else ""


@lru_cache(maxsize=4)
def load(model: str = "") -> Ranker:
    """Load a ranker; what cannot be loaded is done without.

    Args:
        model: "" for what ships, "none" for the trees as a yardstick, else a folder with a model.
    """
    folder = Path(folder_of(model))
    if model != NONE and (folder / ENCODER).exists():
        try:
            from gitmerge_ai.resolving.ranking.network import Network

            trees = boosting.read(folder / TREES)
            scale = calibration.read(folder / CALIBRATION)
            return Ranker("classifier", trees, scale, Network(folder))
        except (ImportError, UnreadableModel):
            pass
    stage = "rules" if model == NONE else "classifier"
    scale = _scale(Path(folder_of_trees(model), TREES_CALIBRATION))
    return Ranker(stage, trees_of(model), scale, neighbours=neighbours_of(model))


def damaged(model: str = "") -> list[Path]:
    """Name the files of a model that are there, cannot be read, and are done without.

    Args:
        model: as for `load`.
    """
    ranker, trees = load(model), Path(folder_of_trees(model))
    read = {
        trees / TREES: ranker.trees.trees,
        trees / TREES_CALIBRATION: ranker.calibration.scalings,
        Path(folder_of(model), NEIGHBOURS): ranker.neighbours or ranker.network or model == NONE,
    }
    return [file for file, there in read.items() if not there and file.exists()]


def applied_from(model: str, language: str) -> float | None:
    """Give the confidence from which on resolutions are applied, without loading the model.

    Args:
        model: as for `load`.
        language: of the file.

    Returns:
        `None` if nothing is applied in the language.
    """
    if model == NONE:
        return None
    folder = Path(folder_of(model))
    name = CALIBRATION if (folder / ENCODER).exists() else TREES_CALIBRATION
    return _scale(folder / name).applied_from.get(language)


def _scale(file: Path) -> Calibration:
    try:
        return calibration.read(file)
    except UnreadableModel:
        return calibration.NOTHING
