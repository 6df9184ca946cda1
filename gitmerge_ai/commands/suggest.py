"""`gitmerge-ai suggest`: ranked resolutions for the conflicts in a file, which is not changed."""

import json
import sys
from pathlib import Path
from textwrap import indent

import click
from rich.console import Console
from rich.text import Text

from gitmerge_ai.repository import config
from gitmerge_ai.repository.unmerged import RepositoryError, merge_base_text
from gitmerge_ai.resolving.suggesting import Suggestions
from gitmerge_ai.resolving.suggesting import suggest as suggestions_for
from gitmerge_ai.text import encoding


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("-p", "--path", help="Name of the file in the repository; it tells the language.")
@click.option("--top", type=click.IntRange(min=1), default=3, help="How many for each conflict.")
@click.option("--repo", type=click.Path(exists=True, file_okay=False), help="The repository.")
@click.option("--ours", metavar="REV", help="Commit that our side is from.")
@click.option("--theirs", metavar="REV", help="Commit that their side is from.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def suggest(
    file: str,
    path: str | None,
    top: int,
    repo: str | None,
    ours: str | None,
    theirs: str | None,
    as_json: bool,
) -> None:
    """List what could replace each conflict in FILE ("-" is standard input), best first.

    The markers may be git's (merge, diff3 or zdiff3 style) or Jujutsu's. Where they do not show the
    base, it is found in the repository if --repo, --ours and --theirs are given.
    """
    given = (repo, ours, theirs)
    if any(given) and not all(given):
        raise click.UsageError("give --repo, --ours and --theirs together")
    data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    name = path or file
    base = None
    if repo and ours and theirs:
        name = path or _inside(Path(repo), Path(file))
        try:
            base = merge_base_text(Path(repo), ours, theirs, name)
        except RepositoryError as error:
            raise click.ClickException(str(error)) from error
    text = encoding.decode(data).text
    timeout = config.read().timeout
    found = suggestions_for(text, path=name, top=top, base=base, timeout=timeout)
    if as_json:
        click.echo(json.dumps([_entry(one) for one in found], indent=2))
    else:
        _show(found, name)


def _inside(repo: Path, file: Path) -> str:
    """Give a file's path as the repository names it."""
    whole = file.resolve()
    for root in (repo.resolve(), *repo.resolve().parents):
        if (root / ".git").exists() and whole.is_relative_to(root):
            return whole.relative_to(root).as_posix()
    return file.as_posix()


def _entry(one: Suggestions) -> dict[str, object]:
    first, last = one.span
    keys = ("text", "confidence", "stage", "pattern")
    listed = [{key: getattr(each, key) for key in keys} for each in one.resolutions]
    return {"start_line": first, "end_line": last, "suggestions": listed}


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
