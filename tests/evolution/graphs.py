"""Runs for tests: a small repository, a graph on it, and individuals that say how they score."""

from collections.abc import Sequence
from pathlib import Path

from repositories import Repository

from gitmerge_ai.evolution.graph import Event, Graph, Move
from gitmerge_ai.evolution.values import Change, Evaluation, Individual, Objective, Plan

PLAN = Plan("run", "use fewer bins", "HEAD", objectives=(Objective("bins", "./score", lower=True),))

FILES = {"pack.py": "def pack():\n    return 1\n", "docs/about.txt": "about\n"}


def begun(repository: Repository, plan: Plan = PLAN) -> Graph:
    """Commit the files and begin a run on them."""
    repository.commit("base", dict(FILES))
    return Graph.create(repository.path, plan)


def child(
    graph: Graph,
    bins: float,
    parents: Sequence[str] = (),
    *,
    moves: Sequence[Move] = (),
    more: Sequence[Event] = (),
    agent: str = "edits-1",
    operator: str = "tune",
    text: str = "",
) -> Individual:
    """Record a child of the base, or of others, whose content is its score."""
    change = Change({"pack.py": (text or f"pack = {bins}\n").encode()}, operator, f"bins {bins}")
    parents = parents or [graph.plan.base]
    made = graph.commit(parents, change, f"Use {bins} bins\n", agent=agent, island=0)
    named = [move._replace(new=made.commit) for move in moves]
    assert graph.record(made, Evaluation("passed", {"bins": bins}), more, named)
    return made


def opened(path: Path) -> Graph:
    """Open the run as another process would."""
    return Graph.open(path, PLAN.name)
