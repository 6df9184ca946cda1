"""`gitmerge-ai message`: a commit message for the staged change, or the rest of one begun."""

import json
from pathlib import Path

import click

from gitmerge_ai.messages import files, merges
from gitmerge_ai.messages.asking import ask, question
from gitmerge_ai.messages.conventions import READ, conventions, departures
from gitmerge_ai.messages.question import Candidate
from gitmerge_ai.repository.commits import CommitsError, branch, messages
from gitmerge_ai.repository.config import matching
from gitmerge_ai.repository.installation import git_dir

PATIENCE = 60.0
"""Seconds that an endpoint may take at most; its own timeout is shorter, if nobody changed it."""

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--prefix", metavar="TEXT", help="Go on from this beginning of a subject.")
@click.option("--since-typed", metavar="FILE", type=FILE, help="Go on from what FILE begins with.")
@click.option("--candidates", type=click.IntRange(1, 20), default=3, help="How many at most.")
@click.option("--check", metavar="FILE", type=FILE, help="Say where a message departs from others.")
@click.option("--merge", is_flag=True, help="Say what the merge under way merges and resolved.")
@click.option("--whole", is_flag=True, help="The best message alone, with body and trailers.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def message(
    context: click.Context,
    prefix: str | None,
    since_typed: Path | None,
    candidates: int,
    check: Path | None,
    merge: bool,
    whole: bool,
    as_json: bool,
) -> None:
    """Propose a subject for the staged change, from it and from this repository's own history.

    With --prefix or --since-typed it is the whole subject again, what was typed unchanged in front.
    --whole puts below it what messages here have there: a body, a line for the ticket, trailers.
    Prints nothing where it knows nothing good.

    --check exits with 1 where FILE departs from how messages are written here.
    """
    if sum((prefix is not None, since_typed is not None, check is not None, merge)) > 1:
        raise click.UsageError("give only one of --prefix, --since-typed, --check and --merge")
    here = Path.cwd()
    if git_dir(here) is None:
        raise click.ClickException(f"{here} is in no git repository")
    if merge:
        _print([Candidate(_merge(here), "merge", 1.0)], as_json)
    elif check:
        context.exit(_check(here, check, as_json))
    else:
        typed = prefix if prefix is not None else _first_line(since_typed)
        try:
            found = ask(question(here, typed), candidates, here, PATIENCE)
        except CommitsError as error:
            raise click.ClickException(str(error)) from error
        if since_typed and _below_first_line(since_typed):
            found = [each._replace(body="") for each in found]
        _print(found[:1] if whole else found, as_json, whole)


def _first_line(file: Path | None) -> str:
    return files.read(file).partition("\n")[0].removesuffix("\r") if file else ""


def _below_first_line(file: Path) -> str:
    text = files.read(file)
    said = files.written(text, files.comment_sign(text, matching(files.COMMENTS, Path.cwd())))
    return said.partition("\n")[2].strip()


def _print(found: list[Candidate], as_json: bool, whole: bool = False) -> None:
    if as_json:
        click.echo(json.dumps([each._asdict() for each in found], indent=2))
        return
    for each in found:
        text = each.message if whole else each.text
        click.echo(text.encode("utf-8", "surrogateescape"))


def _check(here: Path, file: Path, as_json: bool) -> int:
    text = files.read(file)
    said = files.written(text, files.comment_sign(text, matching(files.COMMENTS, here)))
    found = list(departures(said, conventions(messages(here, READ)), branch(here)))
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        for each in found:
            click.echo(each)
    return 1 if found else 0


def _merge(here: Path) -> str:
    try:
        return merges.message(here)
    except merges.NoMergeError as error:
        raise click.ClickException(str(error)) from error
