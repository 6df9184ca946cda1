"""`gitmerge-ai install`: let git use it, in one repository or in all."""

from pathlib import Path

import click

from gitmerge_ai.repository import installation
from gitmerge_ai.repository.config import ConfigError


@click.command()
@click.option("--global", "everywhere", is_flag=True, help="In all of your repositories.")
@click.option("--driver/--no-driver", default=True, help="The merge driver.  [default: on]")
@click.option("--mergetool", is_flag=True, help="Also let git mergetool open it.")
@click.option("--default-mergetool", is_flag=True, help="The same, and before another merge.tool.")
def install(everywhere: bool, driver: bool, mergetool: bool, default_mergetool: bool) -> None:
    """Let git merge with gitmerge-ai, in this repository or everywhere.

    It sets merge.default and merge.gitmerge-ai.* in git's configuration and nothing else. Paths
    with a merge attribute of their own (binary, -merge, merge=union) are merged as before. Doing
    it again changes nothing; uninstall takes it back.

    --mergetool sets mergetool.gitmerge-ai.*, and merge.tool where no tool is set.
    """
    parts = installation.parts()
    wanted = [parts["driver"]] if driver else []
    tool, other = parts["mergetool"], ""
    if mergetool and not default_mergetool:
        tool, other = installation.without_other_tool(tool, Path.cwd())
    wanted += [tool] if mergetool or default_mergetool else []
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
        does = "now merges with" if driver else "mergetool now opens"
        click.echo(f"Installed: git {does} gitmerge-ai in {place}.")
        click.echo("Try it: gitmerge-ai doctor. Take it back: gitmerge-ai uninstall.")
    else:
        click.echo(f"Already installed in {place}; nothing was changed.")
    if other:
        click.echo(f"git mergetool still opens {other}; for this one: git mergetool -t gitmerge-ai")
    for obstacle in obstacles:
        click.echo(f"But it is not used here: {obstacle}.", err=True)
