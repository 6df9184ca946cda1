"""`gitmerge-ai evolve status`: how a run stands."""

import json

import click

from gitmerge_ai.commands.evolve.common import opened, with_json, with_remote, with_run


@click.command()
@with_run
@with_remote
@with_json
def status(run: str | None, remote: str | None, as_json: bool) -> None:
    """Say how a run stands: the best so far, and what each operator and agent gave to it."""
    from gitmerge_ai.interface.evolve.figures import figures, plain

    with opened(run, remote) as graph:
        found = figures(graph)
        if as_json:
            click.echo(json.dumps(plain(found), indent=2))
            return
        from rich.console import Console

        from gitmerge_ai.interface.evolve.terminal import status as print_status

        print_status(graph, found, Console(highlight=False))
