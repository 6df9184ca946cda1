"""`gitmerge-ai evolve prune`: no more offspring of a commit."""

import json

import click

from gitmerge_ai.commands.evolve.common import (
    individual,
    opened,
    person,
    with_json,
    with_remote,
    with_run,
)
from gitmerge_ai.evolution.graph import people


@click.command()
@click.argument("commit")
@with_run
@with_remote
@with_json
def prune(commit: str, run: str | None, remote: str | None, as_json: bool) -> None:
    """Let COMMIT and what descends from it have no more offspring; nothing is deleted.

    `promote` takes it back.
    """
    with opened(run, remote) as graph:
        one = individual(graph, commit).individual
        freed = people.prune(graph, one.commit, person(graph))
        if as_json:
            values = {"run": graph.run, "pruned": one.commit, "freed": freed, "best": graph.best}
            click.echo(json.dumps(values))
            return
        click.echo(f"{one.commit[:10]} and what descends from it have no more offspring")
        click.echo(f"places in the population that are free: {', '.join(freed) or 'none'}")
