"""`gitmerge-ai suggest`: ranked resolutions for the conflicts in a file, which is not changed."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from textwrap import indent

import click
import pygit2
from rich.console import Console
from rich.text import Text

from gitmerge_ai.interface.mergetool.loading import NO_CONFLICTS, PERSON, from_index
from gitmerge_ai.interface.mergetool.session import Question
from gitmerge_ai.interface.mergetool.words import pattern_in_words
from gitmerge_ai.repository import config
from gitmerge_ai.repository.index import RepositoryError, open_repository, path_in, work_tree
from gitmerge_ai.repository.labels import operation_in
from gitmerge_ai.repository.operation import base_text, operation_of
from gitmerge_ai.repository.steps import HEADS
from gitmerge_ai.resolving.knowledge.decided import Decision
from gitmerge_ai.resolving.knowledge.gathering import known_in, known_now
from gitmerge_ai.resolving.knowledge.known import Known
from gitmerge_ai.resolving.ranking.ranker import damaged
from gitmerge_ai.resolving.suggesting import Suggestions
from gitmerge_ai.resolving.suggesting import suggest as suggestions_for
from gitmerge_ai.text import encoding
from gitmerge_ai.text.markers import parse, regions
from gitmerge_ai.values import Labels


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("-p", "--path", help="Name of the file in the repository; it tells the language.")
@click.option("--top", type=click.IntRange(min=1), default=3, help="How many for each conflict.")
@click.option("--repo", type=click.Path(exists=True, file_okay=False), help="The repository.")
@click.option("--ours", metavar="REV", help="Commit that our side is from.")
@click.option("--theirs", metavar="REV", help="Commit that their side is from.")
@click.option(
    "--operation",
    type=click.Choice(list(HEADS)),
    help="What merges the two; told by the markers where they name a commit.",
)
@click.option(
    "--decided",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="Conflicts of this merge that are settled, as JSON lines: path, base, ours, theirs, text.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def suggest(
    file: str,
    path: str | None,
    top: int,
    repo: str | None,
    ours: str | None,
    theirs: str | None,
    operation: str | None,
    decided: str | None,
    as_json: bool,
) -> None:
    """List what could replace each conflict in FILE ("-" is standard input), best first.

    The markers may be git's (merge, diff3 or zdiff3 style) or Jujutsu's. With --repo, --ours and
    --theirs the file's history on both sides is looked at, and the base is found where the markers
    do not show it. In an unfinished merge, rebase, cherry-pick or revert that is done without them;
    and of a file that one side deleted or renamed it is told what could become of it as a whole.
    """
    given = (repo, ours, theirs)
    if any((*given, operation)) and not all(given):
        raise click.UsageError("give --repo, --ours and --theirs together")
    data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    text = encoding.decode(data).text
    name = path or file
    folder = Path(repo) if repo else None
    base, known = None, Known()
    try:
        if folder and ours and theirs:
            name = path or _inside(open_repository(folder), Path(file))
            step = operation_of(folder, operation or _operation_in(text), ours, theirs)
            base = step.base and base_text(open_repository(folder), step.base, name)
            known = known_in(folder, step, ours, theirs, name)
        elif file != "-" and not path:
            name, known = _unfinished(Path(file))
        decisions = _decisions(decided) if decided else []
    except RepositoryError as error:
        raise click.ClickException(str(error)) from error
    settings = config.read(folder or ".")
    found = suggestions_for(
        text,
        path=name,
        top=top,
        base=base,
        timeout=settings.timeout,
        known=replace(known, decisions=decisions),
        model=settings.model,
    )
    for damage in damaged(settings.model):
        click.echo(f"{damage} is damaged: the ranking does without it", err=True)
    asked = [] if found or folder or file == "-" or path else _questions(Path(file))
    if as_json:
        entries = [*map(_entry, found), *(_whole_entry(one, text, top) for one in asked)]
        click.echo(json.dumps(entries, indent=2))
    elif asked:
        for one in asked:
            _show_question(one, top)
    else:
        _show(found, name)


def _operation_in(text: str) -> str:
    """Tell by a text's first conflict what wrote it."""
    labels = next((region.labels for region in regions(parse(text))), Labels("", "", ""))
    return operation_in(labels.base, labels.theirs)


def _unfinished(file: Path) -> tuple[str, Known]:
    """Find what is known of a file that an unfinished merge of its repository has left."""
    name = file.as_posix()
    try:
        repository = open_repository(file.absolute().parent)
    except RepositoryError:
        return name, Known()
    if repository.workdir is None:
        return name, Known()
    name = _inside(repository, file)
    return name, known_now(repository, name)


def _questions(file: Path) -> list[Question]:
    """Find what an unfinished merge leaves to be decided of a file as a whole."""
    try:
        root = work_tree(open_repository(file.absolute().parent))
        name = path_in(root, file)
        found = [each.item for each in from_index(root, name)] if name else []
    except RepositoryError:
        return []
    return [one for one in found if isinstance(one, Question) and one.title != NO_CONFLICTS]


def _decisions(file: str) -> list[Decision]:
    """Read what is settled; a line that says something else is an error."""
    text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8", "surrogateescape")
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                said = json.loads(line)
                keys = ("path", "base", "ours", "theirs", "text")
                found.append(Decision(*(str(said[key] or "") for key in keys)))
            except (KeyError, TypeError, ValueError) as error:
                raise click.ClickException(
                    f"{file}, line {number}: it is not an object with path, base, ours, theirs "
                    "and text"
                ) from error
    return found


def _inside(repository: pygit2.Repository, file: Path) -> str:
    """Give a file's path as the repository names it, as it is where that has no work tree."""
    root = repository.workdir
    return (path_in(Path(root), file) if root else None) or file.as_posix()


def _entry(one: Suggestions) -> dict[str, object]:
    first, last = one.span
    keys = ("text", "confidence", "stage", "pattern")
    listed = [{key: getattr(each, key) for key in keys} for each in one.resolutions]
    return {"start_line": first, "end_line": last, "suggestions": listed}


def _whole_entry(one: Question, text: str, top: int) -> dict[str, object]:
    """Describe what could become of a whole file; a confidence that is not known is null."""
    listed = [
        {
            "text": each.text,
            "confidence": each.confidence if each.stage != PERSON else None,
            "stage": each.stage,
            "pattern": each.pattern,
        }
        for each in one.answers[:top]
    ]
    lines = len(text.splitlines())
    return {"start_line": 1, "end_line": lines, "reason": one.title, "suggestions": listed}


def _show_question(one: Question, top: int) -> None:
    console = Console(soft_wrap=True, highlight=False)
    console.print(Text(f"{one.path}: {one.title}", style="bold"))
    for rank, each in enumerate(one.answers[:top], 1):
        words = pattern_in_words(each.pattern, one.region, whole=True)
        chance = f"{each.confidence:.0%} " if each.stage != PERSON else ""
        console.print(Text(f"  {rank}. {chance}{words}", style="cyan"))


def _show(found: list[Suggestions], name: str) -> None:
    console = Console(soft_wrap=True, highlight=False)
    if not found:
        console.print(Text(f"{name}: no conflicts"))
    for number, one in enumerate(found, 1):
        first, last = one.span
        title = f"conflict {number} of {len(found)}, lines {first} to {last}"
        console.print(Text(title, style="bold"))
        for rank, resolution in enumerate(one.resolutions, 1):
            head = f"  {rank}. {resolution.confidence:.0%} {resolution.pattern}"
            console.print(Text(f"{head} ({resolution.stage})", style="cyan"))
            shown = resolution.text.encode("utf-8", "replace").decode().rstrip()
            console.print(Text(indent(shown or "(nothing)", "     | ", lambda _: True)))
