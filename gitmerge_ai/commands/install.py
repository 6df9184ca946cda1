"""`gitmerge-ai install`: let git use it, in one repository or in all."""

from pathlib import Path

import click

from gitmerge_ai.repository import hook_installation, hook_managers, installation
from gitmerge_ai.repository.config import ConfigError


@click.command()
@click.option("--global", "everywhere", is_flag=True, help="In all of your repositories.")
@click.option("--driver/--no-driver", default=True, help="The merge driver.  [default: on]")
@click.option("--mergetool", is_flag=True, help="Also let git mergetool open it.")
@click.option("--default-mergetool", is_flag=True, help="The same, and before another merge.tool.")
@click.option("--hooks", is_flag=True, help="Also the hooks that look at what is committed.")
@click.pass_context
def install(
    context: click.Context,
    everywhere: bool,
    driver: bool,
    mergetool: bool,
    default_mergetool: bool,
    hooks: bool,
) -> None:
    """Let git merge with gitmerge-ai, in this repository or everywhere.

    It sets merge.default and merge.gitmerge-ai.* in git's configuration and nothing else. Paths
    with a merge attribute of their own (binary, -merge, merge=union) are merged as before. Doing
    it again changes nothing; uninstall takes it back.

    --mergetool sets mergetool.gitmerge-ai.*, and merge.tool where no tool is set. --hooks adds
    hooks to this repository; hooks that are there run first. Where a hook manager decides, nothing
    is written, it is told what to add there, and the exit status is 1.
    """
    if hooks and everywhere:
        raise click.UsageError("hooks belong to a repository: use --hooks without --global in each")
    parts = installation.parts()
    wanted = [parts["driver"]] if driver else []
    tool, other = parts["mergetool"], ""
    if mergetool and not default_mergetool:
        tool, other = installation.without_other_tool(tool, Path.cwd())
    wanted += [tool] if mergetool or default_mergetool else []
    if not wanted and not hooks:
        raise click.UsageError("nothing to install: --no-driver leaves nothing")
    try:
        where = installation.scope(everywhere, Path.cwd())
        changed = [key for part in wanted for key in installation.install(where, part)]
        obstacles = list(installation.shadows(Path.cwd())) if wanted else []
        if wanted:
            does = "now merges with" if driver else "mergetool now opens"
            _tell(does, bool(changed), everywhere)
        hooked = not hooks or _hook(Path.cwd())
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    if other:
        click.echo(f"git mergetool still opens {other}; for this one: git mergetool -t gitmerge-ai")
    for obstacle in obstacles:
        click.echo(f"But it is not used here: {obstacle}.", err=True)
    context.exit(0 if hooked else 1)


def _tell(does: str, changed: bool, everywhere: bool) -> None:
    place = "all your repositories" if everywhere else "this repository"
    if changed:
        click.echo(f"Installed: git {does} gitmerge-ai in {place}.")
        click.echo("Try it: gitmerge-ai doctor. Take it back: gitmerge-ai uninstall.")
    else:
        click.echo(f"Already installed in {place}; nothing was changed.")


def _hook(folder: Path) -> bool:
    """Put the hooks in place and say so; false where somebody else has to."""
    manager = hook_managers.manager(folder)
    if manager:
        click.echo(f"No hook was written: {manager.name} decides here. Add to {manager.where}:\n")
        click.echo("".join(f"    {line}\n" for line in manager.add.splitlines()))
        return False
    changed = hook_installation.install(folder)
    click.echo(f"Hooks: {', '.join(changed)}." if changed else "Hooks: all there already.")
    before = hook_installation.kept(folder)
    if before:
        click.echo(
            f"Your own {', '.join(before)} run{'s' * (len(before) == 1)} first, "
            f"now named *{hook_installation.BEFORE}; uninstall puts it back."
        )
    return True
