"""`gitmerge-ai evolve graph`: the commits of a run, in the terminal or as a page."""

import json
from pathlib import Path

import click

from gitmerge_ai.commands.evolve.common import opened, with_json, with_remote, with_run


@click.command()
@with_run
@click.option("--all", "everything", is_flag=True, help="Show also what nothing living is from.")
@click.option(
    "-n", "--number", type=click.IntRange(1), default=60, help="How many commits, the newest."
)
@click.option(
    "--html",
    metavar="FILE",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write it as a page to look around in, which needs no other file.",
)
@with_remote
@with_json
def graph(
    run: str | None,
    everything: bool,
    number: int,
    html: Path | None,
    remote: str | None,
    as_json: bool,
) -> None:
    """Show the commits of a run with what they scored, the newest first.

    As a page, with all of them: who descends from whom, what each changed, and how the scores went.
    """
    if html and not html.absolute().parent.is_dir():
        raise click.UsageError(f"--html {html}: there is no folder {html.parent}")
    with opened(run, remote) as found:
        if html:
            from gitmerge_ai.interface.evolve.page import page

            html.write_text(page(found), encoding="utf-8")
        if as_json:
            from gitmerge_ai.interface.evolve.figures import individuals

            click.echo(json.dumps(individuals(found), indent=2))
        elif html:
            click.echo(f"written to {html}")
        else:
            from rich.console import Console

            from gitmerge_ai.interface.evolve.terminal import tree

            tree(found, Console(highlight=False), most=number, everything=everything)
