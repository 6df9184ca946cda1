"""`gitmerge-ai undo`: put conflicts back that were resolved automatically."""

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from gitmerge_ai.repository.index import RepositoryError
from gitmerge_ai.resolving.journal.undoing import Outcome, Target, put_again, put_back
from gitmerge_ai.resolving.journal.work_tree import WorkTree, inside, work_tree

Failure = tuple[str, str]
"""A path, and why nothing could be done to it."""


@click.command()
@click.argument("targets", nargs=-1, metavar="[FILE[:LINE]]...")
@click.option("--whole", is_flag=True, help="Put the whole file back, also where it was edited.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def undo(context: click.Context, targets: tuple[str, ...], whole: bool, as_json: bool) -> None:
    """Put conflicts back that were resolved automatically; again, to take that back.

    A FILE becomes what git alone would have left, in the work tree and in the index. With a LINE
    only the conflict that was there comes back. Without a FILE it is all files of the last merge
    or rebase step. Lines that you have edited since stay; what a file held before is kept.

    Exits with 0 when something was done, 1 when there was nothing to do, 2 on errors.
    """
    try:
        tree = work_tree(Path.cwd())
        asked = [_target(tree, each, whole) for each in targets] or _last_step(tree, whole)
    except RepositoryError as error:
        raise click.ClickException(str(error)) from error
    for action in (put_back, put_again):
        outcomes, failures = _each(action, tree, asked)
        if outcomes or failures:
            break
    if as_json:
        click.echo(json.dumps([*map(_entry, outcomes), *map(_failed, failures)], indent=2))
    else:
        _say(tree, asked, outcomes)
    for path, reason in failures:
        click.echo(f"gitmerge-ai: {path}: {reason}", err=True)
    context.exit(2 if failures else 0 if outcomes else 1)


def _target(tree: WorkTree, given: str, whole: bool) -> Target:
    name, colon, line = given.rpartition(":")
    if colon and line.isdecimal() and not os.path.lexists(given):
        return Target(inside(tree, name), int(line), whole)
    return Target(inside(tree, given), None, whole)


def _last_step(tree: WorkTree, whole: bool) -> list[Target]:
    steps = tree.journal.steps()
    paths = sorted({entry.path for entry in steps[-1]}) if steps else []
    return [Target(path, None, whole) for path in paths]


def _each(
    action: Callable[[WorkTree, Target], Outcome | None], tree: WorkTree, targets: Sequence[Target]
) -> tuple[list[Outcome], list[Failure]]:
    outcomes: list[Outcome] = []
    failures: list[Failure] = []
    for target in targets:
        try:
            outcome = action(tree, target)
        except (RepositoryError, OSError) as error:
            failures.append((target.path, str(error)))
        else:
            outcomes += [outcome] if outcome else []
    return outcomes, failures


def _entry(one: Outcome) -> dict[str, object]:
    return {
        "path": one.path,
        "status": one.action,
        "lines": [[first, after - 1] for first, after in one.spans],
        "edited": one.edited,
        "kept": str(one.kept),
        "committed": one.committed,
        "unmerged": one.unmerged,
    }


def _failed(failure: Failure) -> dict[str, object]:
    return {"path": failure[0], "status": "error", "note": failure[1]}


def _say(tree: WorkTree, asked: Sequence[Target], outcomes: Sequence[Outcome]) -> None:
    done = {"undone": "put back", "redone": "resolved again"}
    for one in outcomes:
        count = len(one.spans)
        lines = ", ".join(str(first) for first, _ in one.spans)
        what = f"{count} conflict{'' if count == 1 else 's'} {done[one.action]}"
        click.echo(f"{one.path}: {what}{f' (line {lines})' if lines else ''}")
        if one.edited:
            kept = os.path.relpath(one.kept)
            click.echo(f"  it had been edited since; what it held is kept in {kept}")
        if one.committed and one.action == "undone":
            click.echo("  the commit still has the resolution; to replace it: git commit --amend")
    if outcomes:
        click.echo("to take this back, run the same again")
        return
    for target in asked:
        where = f"{target.path}:{target.line}" if target.line else target.path
        click.echo(f"{where}: nothing here was resolved automatically, or it was changed since")
    if not asked:
        click.echo("nothing was resolved automatically here")
