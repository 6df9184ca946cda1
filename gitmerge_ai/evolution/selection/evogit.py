"""EvoGit's rule: every agent has one individual; a child replaces its parent if it is no worse.

A child of two has to be better than both (Huang et al., "EvoGit: Decentralized Code Evolution via
Git-Based Multi-Agent Collaboration", 2025).
"""

import re
from collections.abc import Sequence

from gitmerge_ai.evolution.graph import Graph, Move, Record
from gitmerge_ai.evolution.selection.strategy import Turn, at_least, better, is_crossing, living

ISLAND = 0


class EvoGit:
    """A place for each agent."""

    def places(self, graph: Graph, base: Record, agents: Sequence[str]) -> list[Move]:
        """Put the base in every agent's place."""
        return [Move(_place(agent), None, base.individual.commit) for agent in agents]

    def parent(self, graph: Graph, turn: Turn) -> str | None:
        """Give the agent's own individual, or the best of the others' where that was pruned."""
        own = _there(graph, turn.agent)
        if own and graph.alive(own):
            return own
        found = living(graph, graph.members(ISLAND))
        if found:
            return found[0].individual.commit
        base = graph.plan.base
        return base if graph.alive(base) else None

    def partner(self, graph: Graph, turn: Turn, parent: str) -> str | None:
        """Choose any other agent's."""
        found = living(graph, graph.members(ISLAND))
        others = [each.individual.commit for each in found if each.individual.commit != parent]
        return turn.rng.choice(others) if others else None

    def moves(self, graph: Graph, child: Record) -> list[Move]:
        """Let it replace its agent's, by EvoGit's rule."""
        individual = child.individual
        own = _there(graph, individual.agent)
        parents = [graph.individuals[each] for each in individual.parents]
        beats = better if is_crossing(individual) else at_least
        rivals = [graph.individuals[own]] if own and graph.alive(own) else []
        if not all(beats(graph.plan, child, each) for each in (*parents, *rivals)):
            return []
        return [Move(_place(individual.agent), own, individual.commit)]


def _there(graph: Graph, agent: str) -> str | None:
    return graph.members(ISLAND).get(_place(agent).partition("/")[2])


def _place(agent: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9_+=-]+", "-", agent).strip("-")
    return f"island-{ISLAND}/agent={plain}"
