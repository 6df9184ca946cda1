"""What an agent is told when it is asked for a change. It holds no rules of its own."""

import random
from collections.abc import Callable, Mapping
from typing import NamedTuple

from gitmerge_ai.evolution.values import Change, Evaluation, Individual, Plan

Files = Mapping[str, bytes | None]
"""Files by path from the root, as in `Change`."""


class Past(NamedTuple):
    """A child of the run's, for learning what pays.

    gain: what it scored better than its best parent, in shares of the parent's score; None where
    it did not pass. seen_at: its place in the run's order.
    """

    operator: str
    gain: float | None


class Context(NamedTuple):
    """What is known when an agent is asked.

    plan: of the run. parent, evaluation: the individual to change, and what running it gave.
    files: those of the parent that may be edited, read when asked for. others: the rest of the
    parent's, to learn from, likewise. comments: what people said of the parent and its forebears.
    suspicion: by path and line (from 1), how likely it is that a change there pays; a path that is
    not in it is as good as any. past: the children so far, oldest first. rng: all that is random
    comes from it. worker, workers: which of how many asks, so that they do not all try the same.
    seen: whether a change of the parent would give a tree that the run has had. tokens_left,
    money_left: of the run's budget; None is no bound.
    """

    plan: Plan
    parent: Individual
    evaluation: Evaluation | None
    files: Mapping[str, bytes]
    others: Mapping[str, bytes]
    comments: tuple[str, ...]
    suspicion: Mapping[str, Mapping[int, float]]
    past: tuple[Past, ...]
    rng: random.Random
    worker: int
    workers: int
    seen: Callable[[Files], bool]
    tokens_left: int | None = None
    money_left: float | None = None


Agent = Callable[[Context], Change | None]
"""What answers: a change, or None where it has no more to propose for this parent. A change without
files proposes nothing either, but says what it took to find that out."""
