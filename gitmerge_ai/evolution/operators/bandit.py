"""Which operator to try: those that paid lately, and now and then one that has not.

Thompson sampling (Thompson 1933; Chapelle and Li, "An Empirical Evaluation of Thompson Sampling",
2011) over a Beta for each operator, whose counts fade: what paid at first need not pay later. All
that it knows comes from the run's children, so a run that is resumed chooses as one that went on.
"""

import random
from collections.abc import Iterable, Mapping, Sequence

MEMORY = 0.99
"""What is left of a count when the operator is tried once more."""

DOUBT = 6.0
"""How many tries that did not pay an operator is taken to have behind it: the first few of luck
make nobody rich."""

ALOOF = 0.2
"""The share of choices that go by the given shares alone."""

JOINT = " + "
"""What stands between the operators of edits that were made together."""


class Bandit:
    """Learns from children, and chooses."""

    def __init__(self, shares: Mapping[str, float]) -> None:
        """Know nothing yet.

        Args:
            shares: how often to choose each operator where nothing is known, in any measure.
        """
        self._shares = shares
        self._paid: dict[str, float] = {}
        self._failed: dict[str, float] = {}

    def learn(self, children: Iterable[tuple[str, float]]) -> None:
        """Add children in the order they were made: the operators' names, and from 0 to 1 what it
        paid."""
        for operators, paid in children:
            for name in operators.split(JOINT):
                self._paid[name] = MEMORY * self._paid.get(name, 0.0) + paid
                self._failed[name] = MEMORY * self._failed.get(name, 0.0) + 1 - paid

    def choose(self, names: Sequence[str], rng: random.Random) -> str:
        """Choose one of some operators."""
        shares = [self._shares.get(name, 1.0) for name in names]
        if rng.random() < ALOOF:
            return rng.choices(names, shares)[0]
        return max(names, key=lambda name: self._drawn(name, rng))

    def _drawn(self, name: str, rng: random.Random) -> float:
        paid, failed = self._paid.get(name, 0.0), self._failed.get(name, 0.0)
        return rng.betavariate(self._shares.get(name, 1.0) / 4 + paid, DOUBT + failed)
