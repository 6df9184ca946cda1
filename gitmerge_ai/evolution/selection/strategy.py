"""What a strategy answers, and the table of those there are; nothing here runs or writes anything.

A strategy reads the graph and says who is to have children and where a child that passed is to
live. Places are refs; what it returns are moves of them, which others may have made meanwhile: then
it is asked again.
"""

import random
from collections.abc import Mapping, Sequence
from typing import Protocol

from gitmerge_ai.evolution.graph import Graph, Move, Record, merit, rank
from gitmerge_ai.evolution.values import Individual, Plan

BEST = "best"
"""The ref of the best individual."""

BACK, AT_FIRST = 0.7, 0.95
"""The share of a repair's children that are made of the base: the fault is there, and who fails
fewer tests may only have learnt to please those. At first nobody fails fewer."""


class Strategy(Protocol):
    """Who has children, and who of the children lives."""

    def places(self, graph: Graph, base: Record, agents: Sequence[str]) -> list[Move]:
        """Give the moves that put the base where children will be looked for."""

    def parent(self, graph: Graph, turn: "Turn") -> str | None:
        """Choose who is to be changed; None where nobody may have children."""

    def partner(self, graph: Graph, turn: "Turn", parent: str) -> str | None:
        """Choose who is to be crossed with a parent; None where nobody else is there."""

    def moves(self, graph: Graph, child: Record) -> list[Move]:
        """Give the moves that let a child live that passed; none if it is not to live."""


class Turn:
    """Who makes a child: the agent, its island, and what chance it has."""

    def __init__(self, agent: str, island: int, rng: random.Random) -> None:
        self.agent = agent
        self.island = island
        self.rng = rng


def at_least(plan: Plan, one: Record, other: Record) -> bool:
    """Whether an individual is worth as much as another, or more."""
    return merit(plan, one.evaluation) >= merit(plan, other.evaluation)


def better(plan: Plan, one: Record, other: Record) -> bool:
    """Whether an individual is worth more than another."""
    return merit(plan, one.evaluation) > merit(plan, other.evaluation)


def is_best(graph: Graph, child: Record) -> bool:
    """Whether an individual would be the best of the run."""
    best = graph.individuals.get(graph.best or "")
    return best is None or not graph.alive(graph.best or "") or better(graph.plan, child, best)


def living(graph: Graph, members: Mapping[str, str]) -> list[Record]:
    """Give the members that may have children, those that people promoted first, then the best.

    Args:
        graph: of the run.
        members: by place.
    """
    found = {commit for commit in members.values() if graph.alive(commit)}
    records = [graph.individuals[commit] for commit in found]
    return sorted(
        records,
        key=lambda each: (each.decision == "promoted", rank(graph.plan, each)),
        reverse=True,
    )


def share_of_base(graph: Graph) -> float:
    """Say how many of the next children are to be made of the base, whatever the strategy says."""
    base = graph.plan.base
    if not graph.plan.until or not graph.alive(base):
        return 0.0
    return AT_FIRST if graph.best in (None, base) else BACK


def is_crossing(individual: Individual) -> bool:
    """Whether an individual is the child of two."""
    return len(individual.parents) > 1
