"""`gitmerge-ai explain`: whether a line came from an automatic resolution."""

import json
import sys
from pathlib import Path

import click

from gitmerge_ai.interface import review_report
from gitmerge_ai.repository import config
from gitmerge_ai.repository.index import RepositoryError
from gitmerge_ai.resolving.journal import explaining
from gitmerge_ai.resolving.journal.explaining import Explanation
from gitmerge_ai.resolving.journal.weighing import weighed_line
from gitmerge_ai.resolving.journal.work_tree import inside, work_tree


@click.command()
@click.argument("place", metavar="FILE:LINE")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def explain(place: str, as_json: bool) -> None:
    """Say whether a line was resolved automatically, and how.

    Exits with 0 when it was, 1 when it was not, 2 on errors.
    """
    name, _, line = place.rpartition(":")
    if not name or not line.isdecimal():
        raise click.UsageError(f"{place} is not FILE:LINE")
    try:
        tree = work_tree(Path.cwd())
        found = explaining.explain(tree, inside(tree, name), int(line))
        found = weighed_line(tree, found, config.read().model)
    except (RepositoryError, OSError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(_values(found), indent=2))
    else:
        _say(found)
    sys.exit(0 if found.resolution else 1)


def _values(found: Explanation) -> dict[str, object]:
    step, resolution = found.step, found.resolution
    return {
        "path": found.path,
        "line": found.line,
        "automatic": resolution is not None,
        "written_in": found.blamed.name if found.blamed else None,
        "step": review_report.as_values([step])[0] if step else None,
        "resolution": review_report.resolution_values(resolution, None) if resolution else None,
    }


def _say(found: Explanation) -> None:
    where = f"{found.path}:{found.line}"
    blamed = found.blamed
    origin = f"written in {blamed.name[:9]} {blamed.subject!r}" if blamed else "not committed yet"
    if not found.resolution or not found.step:
        click.echo(f"{where} was not resolved automatically; it is {origin}")
        return
    click.echo(f"{where} was resolved automatically: {review_report.headline(found.resolution)}")
    click.echo(f"  {review_report.title(found.step)}; the line is {origin}")
    for line in review_report.resolution_lines(found.resolution):
        click.echo(line)
    click.echo(f"to take it back: gitmerge-ai undo {where}")
