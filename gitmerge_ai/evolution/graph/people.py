"""What people say to a running population: keep this one, nothing more of that one, and why."""

from gitmerge_ai.evolution.graph.events import event
from gitmerge_ai.evolution.graph.records import merit, rank
from gitmerge_ai.evolution.graph.state import Graph
from gitmerge_ai.repository.refs import Move


def promote(graph: Graph, commit: str, by: str) -> None:
    """Put an individual into the population, in a place of its own, whatever it scored.

    Args:
        graph: of the run.
        commit: the individual.
        by: who wants that.

    Raises:
        RepositoryError: git cannot record it.
    """
    record = graph.individuals[commit]
    ref = f"island-{record.individual.island}/promoted-{commit[:12]}"
    said = event("promoted", by=by)
    while not graph.record(
        record.individual, more=[said], moves=[Move(ref, graph.population.get(ref), commit)]
    ):
        graph.refresh()


def prune(graph: Graph, commit: str, by: str) -> list[str]:
    """Let an individual and what descends from it have no more offspring.

    They leave the population; the best of the others takes the place of a best that is pruned.

    Args:
        graph: of the run.
        commit: the individual.
        by: who wants that.

    Returns:
        The places that are free now, as `island-I/CELL`.

    Raises:
        RepositoryError: git cannot record it.
    """
    graph.annotate(commit, event("pruned", by=by))
    while True:
        dead = {
            ref: member
            for ref, member in graph.population.items()
            if member in graph.individuals and not graph.alive(member)
        }
        moves = [
            Move(ref, member, _best(graph) if ref == "best" else None)
            for ref, member in dead.items()
        ]
        if graph.move(moves):
            return sorted(ref for ref in dead if ref != "best")


def comment(graph: Graph, commit: str, by: str, text: str) -> None:
    """Say something of an individual that agents read who work on it or what descends from it.

    Args:
        graph: of the run.
        commit: the individual.
        by: who says it.
        text: what.

    Raises:
        RepositoryError: git cannot record it.
    """
    graph.annotate(commit, event("comment", by=by, text=text))


def _best(graph: Graph) -> str | None:
    """Give the best individual that is alive and better than nothing."""
    found = [
        record
        for commit, record in graph.individuals.items()
        if graph.alive(commit) and merit(graph.plan, record.evaluation) > (1.0,)
    ]
    return max(found, key=lambda each: rank(graph.plan, each)).individual.commit if found else None
