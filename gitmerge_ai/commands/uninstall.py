"""`gitmerge-ai uninstall`: take back what `install` wrote."""

from pathlib import Path

import click

from gitmerge_ai.repository import installation
from gitmerge_ai.repository.config import ConfigError, effective


@click.command()
@click.option("--global", "everywhere", is_flag=True, help="What install --global wrote.")
def uninstall(everywhere: bool) -> None:
    """Take back what install wrote, in this repository or everywhere.

    Your own gitmerge-ai.* settings stay. Doing it again changes nothing.
    """
    try:
        where = installation.scope(everywhere, Path.cwd())
        parts = installation.parts().values()
        removed = [key for part in parts for key in installation.uninstall(where, part)]
        default = effective(installation.DEFAULT, Path.cwd())
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    place = "all your repositories" if everywhere else "this repository"
    click.echo(f"Removed from {place}." if removed else f"It was not installed in {place}.")
    if default and default[0] == installation.NAME:
        click.echo(f"It is still used here, as {default[1]} says so.")
