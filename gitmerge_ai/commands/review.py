"""`gitmerge-ai review`: what was resolved automatically, why, and where it is now."""

import json
from pathlib import Path

import click

from gitmerge_ai.interface import review_report
from gitmerge_ai.repository import config
from gitmerge_ai.repository.index import RepositoryError
from gitmerge_ai.resolving.journal import reviewing
from gitmerge_ai.resolving.journal.weighing import weighed
from gitmerge_ai.resolving.journal.work_tree import work_tree


@click.command()
@click.argument("commit", required=False)
@click.option(
    "--html",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help="Write a report of one file, to attach to a pull request.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def review(commit: str | None, html: Path | None, as_json: bool) -> None:
    """List what was resolved automatically, with its sides and what else it could have become.

    Without a COMMIT it is the last operation: a merge, or all steps of a rebase. The journal is
    this work tree's own; a merge made elsewhere is not in it.
    """
    try:
        tree = work_tree(Path.cwd())
        steps = reviewing.of_commit(tree, commit) if commit else reviewing.last(tree)
        steps = weighed(tree, steps, config.read().model)
    except RepositoryError as error:
        raise click.ClickException(str(error)) from error
    if html:
        from gitmerge_ai.interface.review_page import page

        html.write_text(page(steps, tree.root.name), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(review_report.as_values(steps), indent=2))
    elif html:
        click.echo(f"written to {html}")
    elif not steps:
        click.echo(f"nothing was resolved automatically{f' in {commit}' if commit else ' here'}")
    else:
        for line in review_report.lines(steps):
            click.echo(line)
