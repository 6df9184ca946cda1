"""`gitmerge-ai evolve show`: one commit of a run."""

import json

import click

from gitmerge_ai.commands.evolve.common import individual, opened, with_json, with_remote, with_run


@click.command()
@click.argument("commit", default="best")
@with_run
@with_remote
@with_json
def show(commit: str, run: str | None, remote: str | None, as_json: bool) -> None:
    """Show a COMMIT of a run: its change, scores, log, comments and lineage.

    COMMIT is the start of its name, `best`, `base`, or a place such as `island-0/3-1`; the best
    one if it is not given.
    """
    from gitmerge_ai.interface.evolve.figures import as_value, diffs

    with opened(run, remote) as graph:
        record = individual(graph, commit)
        diff = next(iter(diffs(graph, [record]).values()))
        if as_json:
            click.echo(json.dumps({**as_value(graph, record), "diff": diff}, indent=2))
            return
        from rich.console import Console

        from gitmerge_ai.interface.evolve.terminal import show as print_one

        print_one(graph, record, diff, Console(highlight=False))
