"""Ranks a conflict's candidates: by boosted trees on features, and a network if there is one.

The trees need nothing but Python. A model's folder may hold a network too, which then has the last
word; where it is damaged the trees do alone. With `gitmerge-ai.model` set to "none" they only rank
(stage "rules"), else they may also decide (stage "classifier"). The probabilities are calibrated
and, with the one left for "none of these", sum to one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from gitmerge_ai.resolving.knowledge.adapted import Refit, becomes_of
from gitmerge_ai.resolving.proposing.candidates import Candidate, Context
from gitmerge_ai.resolving.ranking import boosting, calibration
from gitmerge_ai.resolving.ranking.boosting import TREES, Boosted, UnreadableModel, softmax
from gitmerge_ai.resolving.ranking.calibration import Calibration
from gitmerge_ai.resolving.ranking.features import Scale
from gitmerge_ai.resolving.ranking.trees import NONE, folder_of, folder_of_trees, trees_of
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.text.markers import Region

if TYPE_CHECKING:
    from gitmerge_ai.resolving.ranking.network import Network

TREES_CALIBRATION = "trees-calibration.json"
ENCODER, CALIBRATION = "encoder.onnx", "calibration.json"
"""What a model's folder holds beside the trees; the last two only if it has a network."""

Ranked = list[tuple[Candidate, float]]


@dataclass(frozen=True)
class Ranker:
    """What ranks candidates, loaded."""

    stage: str
    trees: Boosted
    calibration: Calibration
    network: "Network | None" = field(default=None, compare=False)

    def rank(
        self,
        region: Region,
        context: Context,
        found: Sequence[Candidate],
        least: float = 0.0,
        refit: Refit | None = None,
    ) -> Ranked:
        """Order candidates by how likely a person would commit them.

        Args:
            region: the conflict.
            context: what stands around it.
            found: what it could become.
            least: where the trees give no candidate so much, the network is not asked.
            refit: how the repository differs from others, if that was learned.

        Returns:
            Candidates with their calibrated probabilities, best first; the sum is below one by the
            probability that it is none of them. Nothing where `least` was not reached.
        """
        scale = Scale(region, context)
        scores = [self.trees.score(scale.of(candidate)) for candidate in found]
        scores.append(self.trees.score(scale.none()))
        if least and max(softmax(scores)[:-1]) < least:
            return []
        if self.network:
            scores = self.network.scores(region, context, found, scores)
        if refit:
            scores = refit(scores, becomes_of(region, [one.text for one in found]))
        chances = softmax(scores)
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
    return Ranker(stage, trees_of(model), scale)


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
