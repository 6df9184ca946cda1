"""`gitmerge-ai evolve comment`: a word to the agents on a commit."""

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
@click.argument("text", nargs=-1, required=True)
@with_run
@with_remote
@with_json
def comment(
    commit: str, text: tuple[str, ...], run: str | None, remote: str | None, as_json: bool
) -> None:
    """Say TEXT of COMMIT: agents that change it, or what descends from it, get to read it."""
    said = " ".join(text).strip()
    if not said:
        raise click.UsageError("there is nothing to say")
    with opened(run, remote) as graph:
        one = individual(graph, commit).individual
        people.comment(graph, one.commit, person(graph), said)
        if as_json:
            click.echo(json.dumps({"run": graph.run, "commit": one.commit, "comment": said}))
        else:
            click.echo(f"noted on {one.commit[:10]}")
