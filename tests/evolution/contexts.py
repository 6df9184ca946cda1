"""What agents are told, for tests."""

import random

from gitmerge_ai.evolution.agents.context import Context
from gitmerge_ai.evolution.values import Evaluation, Individual, Plan

PLAN = Plan("run", "make pack() use fewer bins", "HEAD", checks=("true",))

FILES = {
    "pack.py": b"def pack(items):\n    return first_fit(items)\n",
    "other.py": b"def other():\n    return 1\n",
}


def context(
    *,
    plan: Plan = PLAN,
    tree: str = "",
    files: dict[str, bytes] = FILES,
    feedback: str = "",
    comments: tuple[str, ...] = (),
    seen: tuple[dict[str, bytes | None], ...] = (),
    tokens_left: int | None = None,
    money_left: float | None = None,
) -> Context:
    """Tell an agent of a first individual."""
    parent = Individual(plan.base, tree, (), 0, 0, "", "")
    return Context(
        plan=plan,
        parent=parent,
        evaluation=Evaluation("failed", feedback=feedback) if feedback else None,
        files=files,
        others={"tests/test_pack.py": b"import pack\n"},
        comments=comments,
        suspicion={},
        past=(),
        rng=random.Random(1),
        worker=0,
        workers=1,
        seen=lambda change: dict(change) in seen,
        tokens_left=tokens_left,
        money_left=money_left,
    )
