"""`gitmerge-ai evolve comment`: a word to the agents on a commit."""

import click

from gitmerge_ai.commands.evolve.common import about_one, individual, opened, person, tell
from gitmerge_ai.evolution.graph import people


@click.command()
@about_one
@click.argument("text", nargs=-1, required=True)
def comment(
    commit: str, text: tuple[str, ...], run: str | None, remote: str | None, as_json: bool
) -> None:
    """Say TEXT of COMMIT: agents that change it, or what descends from it, get to read it."""
    said = " ".join(text).strip()
    if not said:
        raise click.UsageError("there is nothing to say")
    with opened(run, remote) as graph:
        name = individual(graph, commit).individual.commit
        people.comment(graph, name, person(graph), said)
        values = {"run": graph.run, "commit": name, "comment": said}
        tell(as_json, values, f"noted on {name[:10]}")
