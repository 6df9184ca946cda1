"""`gitmerge-ai forecast`: which branches would conflict with this one."""

import json
from pathlib import Path

import click

from gitmerge_ai.executors import cores
from gitmerge_ai.interface.words import counted
from gitmerge_ai.repository.forecasting import Forecast, ForecastError, other_branches
from gitmerge_ai.repository.forecasting import forecast as forecasts


@click.command()
@click.argument("branches", nargs=-1)
@click.option(
    "--fail-on",
    type=click.Choice(["conflict", "git-conflict"]),
    help="Exit with 1 if a conflict is left, or if git alone would leave one.",
)
@click.option("--quiet", is_flag=True, help="Name only branches that would conflict.")
@click.option("-j", "--jobs", type=click.IntRange(1), help="Merges at once; one for each core.")
@click.option("--json", "as_json", is_flag=True, help="Print the forecasts as JSON.")
@click.pass_context
def forecast(
    context: click.Context,
    branches: tuple[str, ...],
    fail_on: str | None,
    quiet: bool,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Merge the current commit with each of BRANCHES in memory and say what would conflict.

    Without BRANCHES with every local branch that is not merged yet. No file, index or branch is
    touched, and what is not committed does not count. A merge uses your own configuration and
    attributes, with the driver on whether or not it is installed.

    Exits with 0, or 1 as --fail-on says; 2 on errors.
    """
    folder = Path.cwd()
    try:
        names = branches or tuple(other_branches(folder))
        found = list(forecasts(folder, names, jobs or cores()))
    except ForecastError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps([_as_json(one) for one in found], indent=2))
    else:
        for one in found:
            if one.left or one.problem or not quiet:
                _say(one)
        if not found and not quiet:
            click.echo("no other branch to merge with")
    left = any(one.left or one.problem for one in found)
    by_git = left or any(one.resolved for one in found)
    context.exit(1 if {"conflict": left, "git-conflict": by_git}.get(fail_on or "") else 0)


def _say(one: Forecast) -> None:
    if one.problem:
        click.echo(f"{one.branch}: git cannot merge it: {one.problem}")
        return
    if not one.left and not one.resolved:
        click.echo(f"{one.branch}: merges cleanly")
        return
    count = f"{counted(len(one.left), 'file')} would conflict"
    more = f", {len(one.resolved)} resolved by gitmerge-ai" if one.resolved else ""
    click.echo(f"{one.branch}: {count if one.left else 'merges cleanly'}{more}")
    for path in one.left:
        click.echo(f"    conflict  {path.path} ({', '.join(path.kinds)})")
    for name in one.resolved:
        click.echo(f"    resolved  {name}")


def _as_json(one: Forecast) -> dict[str, object]:
    return {
        "branch": one.branch,
        "commit": one.commit,
        "conflicts": [{"path": path.path, "kinds": list(path.kinds)} for path in one.left],
        "resolved": list(one.resolved),
        "problem": one.problem or None,
    }
