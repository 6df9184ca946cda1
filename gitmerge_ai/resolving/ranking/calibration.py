"""Makes a confidence mean what it says: right so many times in a hundred, language by language.

Platt's scaling (1999) of the first candidate's probability, learned on repositories that trained
nothing; and, for each language, the confidence from which on what is applied unasked was right at
least 95 times in 100 there. A language that never reached it has none, and nothing is applied.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from gitmerge_ai.sealed import UnreadableModel

OTHER = ""
"""Stands for the languages that are not in the table."""

# Probabilities are kept this far from zero and one.
EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Scaling:
    """A line through log odds: `slope` times those of the raw probability, plus `shift`."""

    slope: float = 1.0
    shift: float = 0.0

    def __call__(self, chance: float) -> float:
        """Give the calibrated probability."""
        chance = min(max(chance, EDGE), 1 - EDGE)
        odds = self.slope * math.log(chance / (1 - chance)) + self.shift
        return 1 / (1 + math.exp(-max(-40.0, min(40.0, odds))))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Scalings and the confidences from which on a resolution may be applied, by language."""

    scalings: Mapping[str, Scaling]
    applied_from: Mapping[str, float]

    def of(self, language: str) -> Scaling:
        """Give a language's scaling."""
        known = self.scalings.get(language) or self.scalings.get(OTHER)
        return known or Scaling()

    def chances(self, language: str, ranked: Sequence[float]) -> list[float]:
        """Calibrate a conflict's probabilities, given best first; their order stays."""
        if not ranked:
            return []
        first = self.of(language)(ranked[0])
        rest = (1 - first) / max(EDGE, 1 - ranked[0])
        # None of the others may overtake the first.
        return [first, *(min(first, chance * rest) for chance in ranked[1:])]

    def applies(self, language: str, confidence: float, least: float) -> bool:
        """Say whether a resolution may be applied unasked.

        Args:
            language: of the file.
            confidence: the calibrated probability.
            least: `minConfidence`.
        """
        own = self.applied_from.get(language)
        return own is not None and confidence >= max(own, least)


NOTHING = Calibration({}, {})
"""Changes no probability, and lets nothing be applied."""


def read(file: Path) -> Calibration:
    """Read a calibration that `write` wrote.

    Raises:
        UnreadableModel: the file is missing, damaged or of another format.
    """
    try:
        found = json.loads(file.read_bytes())
        scalings = {name: Scaling(**one) for name, one in found["scalings"].items()}
        applied = {name: float(one) for name, one in found["applied_from"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableModel(f"{file}: {error}") from error
    return Calibration(scalings, applied)


def write(calibration: Calibration, file: Path) -> None:
    """Write a calibration as JSON."""
    file.write_text(json.dumps(asdict(calibration), indent=1, sort_keys=True) + "\n")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a first candidate: its raw probability, and whether people chose it.

    `left` says that the structured merge had left the conflict open, so that it could be applied.
    """

    language: str
    chance: float
    right: bool
    left: bool = True


def fit(
    outcomes: Sequence[Outcome], *, precision: float = 0.95, fewest: int = 30, ridge: float = 1e3
) -> Calibration:
    """Learn a calibration.

    Args:
        outcomes: of repositories that the ranker was not trained on.
        precision: how often what is applied must be right.
        fewest: so many outcomes a language must have had above its threshold.
        ridge: how much a language's scaling is drawn to that of all languages, in outcomes. A
            language has few repositories, which differ more than languages do: with less, what is
            learned is worse on other repositories than no scaling at all.
    """
    whole = _scaled(outcomes, Scaling(), 0.0)
    languages = sorted({one.language for one in outcomes})
    scalings, applied = {OTHER: whole}, {}
    for language in languages:
        own = [one for one in outcomes if one.language == language]
        if not language:
            continue
        scalings[language] = _scaled(own, whole, ridge)
        left = [one for one in own if one.left]
        threshold = _threshold(left, scalings[language], precision, fewest)
        if threshold is not None:
            applied[language] = threshold
    return Calibration(scalings, applied)


def _scaled(outcomes: Sequence[Outcome], start: Scaling, ridge: float) -> Scaling:
    """Fit a line through log odds by Newton's method, drawn to where it starts."""
    slope, shift = start.slope, start.shift
    points = [(math.log(p / (1 - p)), one.right) for one in outcomes for p in [_inside(one.chance)]]
    for _ in range(25):
        g0 = ridge * (slope - start.slope) / 4
        g1 = ridge * (shift - start.shift) / 4
        h00, h01, h11 = ridge / 4 + 1e-6, 0.0, ridge / 4 + 1e-6
        for odds, right in points:
            chance = 1 / (1 + math.exp(-max(-40.0, min(40.0, slope * odds + shift))))
            error, weight = chance - right, chance * (1 - chance)
            g0, g1 = g0 + error * odds, g1 + error
            h00, h01, h11 = h00 + weight * odds * odds, h01 + weight * odds, h11 + weight
        determinant = h00 * h11 - h01 * h01
        if determinant < 1e-12:
            break
        slope -= max(-1.0, min(1.0, (h11 * g0 - h01 * g1) / determinant))
        shift -= max(-1.0, min(1.0, (h00 * g1 - h01 * g0) / determinant))
    # A slope that is not positive would turn the order round.
    return Scaling(round(max(slope, 0.05), 4), round(shift, 4))


def _inside(chance: float) -> float:
    return min(max(chance, EDGE), 1 - EDGE)


def _threshold(
    outcomes: Sequence[Outcome], scaling: Scaling, precision: float, fewest: int
) -> float | None:
    """Find the least confidence above which enough outcomes were right often enough."""
    ranked = sorted(((scaling(one.chance), one.right) for one in outcomes), reverse=True)
    right, best = 0, None
    for count, (confidence, hit) in enumerate(ranked, 1):
        right += hit
        # The next lower confidence must differ, or the threshold would let more through.
        last = count == len(ranked) or ranked[count][0] < confidence
        if last and count >= fewest and right >= precision * count:
            best = confidence
    # Rounded downwards, so that the last of them is above it.
    return None if best is None else math.floor(best * 1e6) / 1e6
