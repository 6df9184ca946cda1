"""Ranks a conflict's candidates: by boosted trees on features, and by the network on top of them.

The trees need nothing but Python and rank alone where the network is switched off
(`gitmerge-ai.model` is "none"), missing or damaged: their stage is "rules". With the network the
stage is "classifier". Either way the probabilities are calibrated and, with the one left for "none
of these", sum to one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from gitmerge_ai import shipped
from gitmerge_ai.resolving.proposing.candidates import Candidate, Context
from gitmerge_ai.resolving.ranking import boosting, calibration
from gitmerge_ai.resolving.ranking.boosting import Boosted, UnreadableModel
from gitmerge_ai.resolving.ranking.calibration import Calibration
from gitmerge_ai.resolving.ranking.features import Scale
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.text.markers import Region

if TYPE_CHECKING:
    from gitmerge_ai.resolving.ranking.network import Network

NONE = "none"
"""The setting that switches the network off."""

TREES, CALIBRATION, TREES_CALIBRATION = (
    "trees.json.gz",
    "calibration.json",
    "trees-calibration.json",
)
"""What a model's folder holds, beside the network."""

Ranked = list[tuple[Candidate, float]]


@dataclass(frozen=True)
class Ranker:
    """What ranks candidates, loaded."""

    stage: str
    trees: Boosted
    calibration: Calibration
    network: "Network | None" = field(default=None, compare=False)

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
        scale = Scale(region, context)
        scores = [self.trees.score(scale.of(candidate)) for candidate in found]
        scores.append(self.trees.score(scale.none()))
        if least and max(softmax(scores)[:-1]) < least:
            return []
        if self.network:
            scores = self.network.scores(region, context, found, scores)
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
        model: "" for what ships, "none" for the trees alone, else a folder with a model.
    """
    if model != NONE:
        try:
            from gitmerge_ai.resolving.ranking.network import Network

            folder = _folder(model)
            trees = boosting.read(folder / TREES)
            scale = calibration.read(folder / CALIBRATION)
            return Ranker("classifier", trees, scale, Network(folder))
        except (ImportError, UnreadableModel):
            pass
    folder = _folder("")
    return Ranker("rules", _trees(folder), _scale(folder / TREES_CALIBRATION))


def applied_from(model: str, language: str) -> float | None:
    """Give the confidence from which on resolutions are applied, without loading the model.

    Args:
        model: as for `load`.
        language: of the file.

    Returns:
        `None` if nothing is applied in the language.
    """
    name = TREES_CALIBRATION if model == NONE else CALIBRATION
    return _scale(_folder("" if model == NONE else model) / name).applied_from.get(language)


def _folder(model: str) -> Path:
    return Path(model) if model else shipped.folder("models")


def _scale(file: Path) -> Calibration:
    try:
        return calibration.read(file)
    except UnreadableModel:
        return calibration.NOTHING


def _trees(folder: Path) -> Boosted:
    """Read the trees; with none at all, every candidate is as likely and their order decides."""
    try:
        return boosting.read(folder / TREES)
    except UnreadableModel:
        return Boosted((), ())


def softmax(scores: Sequence[float]) -> list[float]:
    """Turn scores into probabilities that sum to one."""
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
