"""`gitmerge-ai evolve stop`: let every process of a run come to its end."""

import click

from gitmerge_ai.commands.evolve.common import opened, tell, with_json, with_run
from gitmerge_ai.evolution.graph.remote import Shared


@click.command()
@with_run
@click.option("--remote", metavar="NAME", help="Stop it in all clones that share it there.")
@with_json
def stop(run: str | None, remote: str | None, as_json: bool) -> None:
    """Let every process that works on a run finish what it is at, and end; `resume` goes on."""
    with opened(run) as graph:
        if remote:
            Shared(graph, remote).stop()
        else:
            graph.stop()
        values = {"run": graph.run, "stopped": True}
        tell(as_json, values, f"{graph.run} is asked to stop")
