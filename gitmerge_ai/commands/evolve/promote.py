"""`gitmerge-ai evolve promote`: keep a commit in the population."""

import click

from gitmerge_ai.commands.evolve.common import about_one, individual, opened, person, tell
from gitmerge_ai.evolution.graph import people


@click.command()
@about_one
def promote(commit: str, run: str | None, remote: str | None, as_json: bool) -> None:
    """Keep COMMIT in the population of a run, whatever it scored, and let it have offspring.

    It takes back a `prune` of that commit, or of what it descends from.
    """
    with opened(run, remote) as graph:
        name = individual(graph, commit).individual.commit
        people.promote(graph, name, person(graph))
        values = {"run": graph.run, "promoted": name}
        tell(as_json, values, f"{name[:10]} stays in the population of {graph.run}")
