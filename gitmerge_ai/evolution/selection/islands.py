"""Islands, each an archive of the best of its kind: the default strategy.

MAP-Elites (Mouret and Clune, "Illuminating search spaces by mapping elites", 2015): an individual
lives in the cell of its features as long as none there is better, or as good and less grown, so
that what is unlike the best stays, too. Islands keep apart from each other but for a migrant now
and then (as in FunSearch, Romera-Paredes et al., 2024, where the worst are refilled from the best).
"""

from collections.abc import Sequence

from gitmerge_ai.evolution.graph import Graph, Move, Record, standing
from gitmerge_ai.evolution.selection.features import cell
from gitmerge_ai.evolution.selection.strategy import Turn, living

GREED = 0.35
"""The chance that the best of an island is chosen; else the next one has that chance, and so on."""

MIGRATION = 0.05
"""The share of children whose parent, or one of them, comes from another island."""


class Islands:
    """An archive on every island."""

    def places(self, graph: Graph, base: Record, agents: Sequence[str]) -> list[Move]:
        """Put the base on every island."""
        name = cell(graph, base)
        refs = [f"island-{island}/{name}" for island in range(_number(graph))]
        return [Move(ref, None, base.individual.commit) for ref in refs]

    def parent(self, graph: Graph, turn: Turn) -> str | None:
        """Choose from the turn's island, the better the likelier."""
        number = _number(graph)
        island = turn.island
        if number > 1 and turn.rng.random() < MIGRATION:
            island = turn.rng.randrange(number)
        elsewhere = [each for each in range(number) if each != island]
        for each in (island, *elsewhere):
            if found := living(graph, graph.members(each)):
                return _chosen(found, turn).individual.commit
        return None

    def partner(self, graph: Graph, turn: Turn, parent: str) -> str | None:
        """Choose another one, from another island as often as from the same."""
        island = turn.rng.choice((turn.island, turn.rng.randrange(_number(graph))))
        found = living(graph, graph.members(island))
        others = [each for each in found if each.individual.commit != parent]
        return _chosen(others, turn).individual.commit if others else None

    def moves(self, graph: Graph, child: Record) -> list[Move]:
        """Let it take its cell where nobody better is there."""
        island = child.individual.island
        name = cell(graph, child)
        there = graph.members(island).get(name)
        if there and graph.alive(there):
            rival = graph.individuals[there]
            if standing(graph.plan, child) < standing(graph.plan, rival):
                return []
        return [Move(f"island-{island}/{name}", there, child.individual.commit)]


def _number(graph: Graph) -> int:
    return max(1, graph.plan.islands)


def _chosen(found: Sequence[Record], turn: Turn) -> Record:
    for each in found:
        if turn.rng.random() < GREED:
            return each
    return turn.rng.choice(found)
