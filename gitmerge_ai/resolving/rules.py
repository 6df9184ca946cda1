"""Ranks candidates by a weighted sum of features: the stage "rules".

The weights are a table of numbers in `weights.py`. With them the candidates of a conflict, and one
more outcome, "none of these", share a probability of one, so that a confidence means what it says.
"""

import math
from collections.abc import Sequence

from gitmerge_ai.resolving.candidates import Candidate, Context
from gitmerge_ai.resolving.features import Features, Scale
from gitmerge_ai.resolving.weights import WEIGHTS
from gitmerge_ai.text.markers import Region


def rank(
    region: Region, context: Context, found: Sequence[Candidate]
) -> list[tuple[Candidate, float]]:
    """Order candidates by how likely a person would commit them.

    Args:
        region: the conflict.
        context: what stands around it.
        found: what it could become.

    Returns:
        Candidates with their probabilities, best first; the sum is below one by the probability
        that it is none of them.
    """
    scale = Scale(region, context)
    scores = [score(scale.of(candidate)) for candidate in found]
    chances = softmax([*scores, score(scale.none())])
    ranked = zip(found, chances[:-1], strict=True)
    return sorted(ranked, key=lambda pair: -pair[1])


def score(features: Features) -> float:
    """Sum a candidate's features up; those without a weight do not count."""
    return sum(value * WEIGHTS.get(name, 0.0) for name, value in features.items())


def softmax(scores: Sequence[float]) -> list[float]:
    """Turn scores into probabilities that sum to one."""
    highest = max(scores)
    powers = [math.exp(s - highest) for s in scores]
    total = sum(powers)
    return [power / total for power in powers]
