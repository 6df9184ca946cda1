"""`gitmerge-ai install`: let git use it, in one repository or in all."""

from pathlib import Path

import click

from gitmerge_ai.repository import installation
from gitmerge_ai.repository.config import ConfigError


@click.command()
@click.option("--global", "everywhere", is_flag=True, help="In all of your repositories.")
@click.option("--driver/--no-driver", default=True, help="The merge driver.  [default: on]")
def install(everywhere: bool, driver: bool) -> None:
    """Let git merge with gitmerge-ai, in this repository or everywhere.

    It sets merge.default and merge.gitmerge-ai.* in git's configuration and nothing else. Paths
    with a merge attribute of their own (binary, -merge, merge=union) are merged as before. Doing
    it again changes nothing; uninstall takes it back.
    """
    parts = installation.parts()
    wanted = [parts["driver"]] if driver else []
    if not wanted:
        raise click.UsageError("nothing to install: --no-driver leaves nothing")
    try:
        where = installation.scope(everywhere, Path.cwd())
        changed = [key for part in wanted for key in installation.install(where, part)]
        obstacles = list(installation.shadows(Path.cwd()))
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    place = "all your repositories" if everywhere else "this repository"
    if changed:
        click.echo(f"Installed: git now merges with gitmerge-ai in {place}.")
        click.echo("Try it: gitmerge-ai doctor. Take it back: gitmerge-ai uninstall.")
    else:
        click.echo(f"Already installed in {place}; nothing was changed.")
    for obstacle in obstacles:
        click.echo(f"But it is not used here: {obstacle}.", err=True)
