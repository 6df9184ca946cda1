"""`gitmerge-ai message`: a commit message for the staged change, or the rest of one begun."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from types import FrameType

import click

from gitmerge_ai.messages import files
from gitmerge_ai.messages.asking import question, written_here
from gitmerge_ai.messages.conventions import departures
from gitmerge_ai.messages.history import history
from gitmerge_ai.messages.memory import Memory
from gitmerge_ai.messages.proposing import Candidate, propose
from gitmerge_ai.repository.commits import CommitsError, branch
from gitmerge_ai.repository.installation import git_dir

PATIENCE = 5
"""Seconds after which a hook gives up."""

UNASKED = 0.2
"""What is proposed without being asked for must be so sure; below it few are worth keeping."""

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--prefix", metavar="TEXT", help="Go on from this beginning of a subject.")
@click.option("--since-typed", metavar="FILE", type=FILE, help="Go on from what FILE begins with.")
@click.option("--candidates", type=click.IntRange(1, 20), default=3, help="How many at most.")
@click.option("--check", metavar="FILE", type=FILE, help="Say where a message departs from others.")
@click.option(
    "--fill", metavar="FILE", type=FILE, help="Write into FILE if it is empty; for hooks."
)
@click.option("--source", default="", help="With --fill: where git has the message from.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def message(
    context: click.Context,
    prefix: str | None,
    since_typed: Path | None,
    candidates: int,
    check: Path | None,
    fill: Path | None,
    source: str,
    as_json: bool,
) -> None:
    """Propose a subject for the staged change, from it and from this repository's own history.

    With --prefix or --since-typed it is the whole subject again, what was typed unchanged in front.
    Prints nothing where it knows nothing good.

    --check exits with 1 where FILE departs from how messages are written here.
    """
    if sum(each is not None for each in (prefix, since_typed, check, fill)) > 1:
        raise click.UsageError("give only one of --prefix, --since-typed, --check and --fill")
    here = Path.cwd()
    if git_dir(here) is None:
        raise click.ClickException(f"{here} is in no git repository")
    if fill:
        _fill(here, fill, source, candidates)
    elif check:
        context.exit(_check(here, check, as_json))
    else:
        typed = prefix if prefix is not None else _first_line(since_typed)
        try:
            found = propose(question(here, typed), candidates)
        except CommitsError as error:
            raise click.ClickException(str(error)) from error
        _print(found, as_json)


def _first_line(file: Path | None) -> str:
    return _text(file).partition("\n")[0].removesuffix("\r") if file else ""


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8", "surrogateescape")


def _print(found: list[Candidate], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], indent=2))
        return
    for each in found:
        click.echo(each.text.encode("utf-8", "surrogateescape"))


def _check(here: Path, file: Path, as_json: bool) -> int:
    text = _text(file)
    said = files.written(text, files.comment_sign(here, text))
    found = list(departures(said, written_here(Memory(archive=history(here))), branch(here)))
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        for each in found:
            click.echo(each)
    return 1 if found else 0


def _fill(here: Path, file: Path, source: str, most: int) -> None:
    """Do what the hook does; whatever goes wrong, the commit goes on as it would have."""
    with suppress(Exception), _limited(PATIENCE):
        text = _text(file)
        sign = files.comment_sign(here, text)
        where = git_dir(here)
        if where and files.may_be_filled(where, source, text, sign):
            found = propose(question(here), most)
            sure = [each.text for each in found if each.confidence >= UNASKED]
            files.fill(file, text, sure, sign)


@contextmanager
def _limited(seconds: int) -> Iterator[None]:
    """End what is done within with an error when its time is over."""

    def end(number: int, frame: FrameType | None) -> None:
        raise TimeoutError

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
