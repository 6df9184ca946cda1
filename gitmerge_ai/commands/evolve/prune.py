"""`gitmerge-ai evolve prune`: no more offspring of a commit."""

import click

from gitmerge_ai.commands.evolve.common import about_one, individual, opened, person, tell
from gitmerge_ai.evolution.graph import people


@click.command()
@about_one
def prune(commit: str, run: str | None, remote: str | None, as_json: bool) -> None:
    """Let COMMIT and what descends from it have no more offspring; nothing is deleted.

    `promote` takes it back.
    """
    with opened(run, remote) as graph:
        name = individual(graph, commit).individual.commit
        freed = people.prune(graph, name, person(graph))
        tell(
            as_json,
            {"run": graph.run, "pruned": name, "freed": freed, "best": graph.best},
            f"{name[:10]} and what descends from it have no more offspring",
            f"places in the population that are free: {', '.join(freed) or 'none'}",
        )
