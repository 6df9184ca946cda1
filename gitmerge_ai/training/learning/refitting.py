"""Refits the ranking to one repository: learns a `Refit` from conflicts that its people settled.

Seven numbers, drawn to changing nothing, by Newton's method on one of them at a time. They are kept
only if they help: learned on the older half of the conflicts, they must foretell the newer half
better than the trees alone do. Most repositories do not pass, and then nothing is refitted.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from gitmerge_ai.resolving.knowledge.adapted import NONE, Refit
from gitmerge_ai.resolving.ranking.boosting import softmax

# Conflicts in each half below which nothing is refitted, and by how much (natural logarithm, a
# conflict) the newer half must be foretold better.
FEWEST, GAIN = 50, 0.05
# How much the numbers are drawn to changing nothing, in conflicts: the sharpness and the shifts.
DRAWN_SHARPNESS, DRAWN = 100.0, 60.0
SWEEPS = 8


class Scored(NamedTuple):
    """A settled conflict: its options' scores, what each becomes, which is right, and when."""

    scores: tuple[float, ...]
    becomes: tuple[int, ...]
    right: int
    time: int


def refit(cases: Sequence[Scored]) -> Refit | None:
    """Learn how a repository differs; `None` where that would not help.

    Args:
        cases: its conflicts, in any order.
    """
    in_time = sorted(cases, key=lambda case: case.time)
    older, newer = in_time[: len(in_time) // 2], in_time[len(in_time) // 2 :]
    if len(older) < FEWEST:
        return None
    gain = loss(newer, Refit()) - loss(newer, _fit(older))
    return _fit(in_time) if gain >= GAIN else None


def loss(cases: Sequence[Scored], by: Refit) -> float:
    """Give the mean surprise at what people chose (cross-entropy)."""
    chances = (softmax(by(case.scores, case.becomes))[case.right] for case in cases)
    return -sum(math.log(max(chance, 1e-12)) for chance in chances) / max(1, len(cases))


def _fit(cases: Sequence[Scored]) -> Refit:
    found = Refit()
    for _ in range(SWEEPS):
        for at in range(NONE + 1):
            shifts = [*found.shifts]
            shifts[at] -= _step(cases, found, at, shifts[at], DRAWN)
            found = Refit(found.sharpness, tuple(shifts))
        step = _step(cases, found, None, found.sharpness - 1, DRAWN_SHARPNESS)
        found = found._replace(sharpness=found.sharpness - step)
    return found


def _step(cases: Sequence[Scored], by: Refit, at: int | None, value: float, drawn: float) -> float:
    """Give Newton's step for one number: a shift, or with `None` the sharpness."""
    slope, bend = drawn * value, drawn
    for case in cases:
        chances = softmax(by(case.scores, case.becomes))
        moved = case.scores if at is None else [float(each == at) for each in case.becomes]
        mean = sum(c * m for c, m in zip(chances, moved, strict=True))
        slope += mean - moved[case.right]
        bend += sum(c * (m - mean) ** 2 for c, m in zip(chances, moved, strict=True))
    return slope / bend
