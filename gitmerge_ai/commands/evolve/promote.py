"""`gitmerge-ai evolve promote`: keep a commit in the population."""

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
def promote(commit: str, run: str | None, remote: str | None, as_json: bool) -> None:
    """Keep COMMIT in the population of a run, whatever it scored, and let it have offspring.

    It takes back a `prune` of that commit, or of what it descends from.
    """
    with opened(run, remote) as graph:
        one = individual(graph, commit).individual
        people.promote(graph, one.commit, person(graph))
        if as_json:
            click.echo(json.dumps({"run": graph.run, "promoted": one.commit}))
        else:
            click.echo(f"{one.commit[:10]} stays in the population of {graph.run}")
