"""`gitmerge-ai uninstall`: take back what `install` wrote."""

from pathlib import Path

import click

from gitmerge_ai.repository import hook_installation, installation
from gitmerge_ai.repository.config import ConfigError, effective


@click.command()
@click.option("--global", "everywhere", is_flag=True, help="What install --global wrote.")
def uninstall(everywhere: bool) -> None:
    """Take back what install wrote, hooks included, in this repository or everywhere.

    Your own gitmerge-ai.* settings stay, and hooks that were there before are put back. Doing it
    again changes nothing.
    """
    try:
        where = installation.scope(everywhere, Path.cwd())
        parts = installation.parts().values()
        removed = [key for part in parts for key in installation.uninstall(where, part)]
        hooks = [] if everywhere else hook_installation.uninstall(Path.cwd())
        left = [] if everywhere else hook_installation.kept(Path.cwd())
        default = effective(installation.DEFAULT, Path.cwd())
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    place = "all your repositories" if everywhere else "this repository"
    gone = removed or hooks
    click.echo(f"Removed from {place}." if gone else f"It was not installed in {place}.")
    if hooks:
        click.echo(f"Hooks taken away: {', '.join(hooks)}.")
    for name in left:
        click.echo(
            f"Another tool has replaced the hook {name}; the one from before it is still there, "
            f"named {name}{hook_installation.BEFORE}."
        )
    if default and default[0] == installation.NAME:
        click.echo(f"It is still used here, as {default[1]} says so.")
