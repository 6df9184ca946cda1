"""`gitmerge-ai mergetool`: settle conflicts by hand, with ranked resolutions to choose from."""

import os
import sys
from pathlib import Path

import click

from gitmerge_ai.interface.mergetool.drafts import Drafts
from gitmerge_ai.interface.mergetool.loading import Loaded, from_files, from_index
from gitmerge_ai.interface.mergetool.ranking import Means
from gitmerge_ai.interface.mergetool.rows import shown
from gitmerge_ai.interface.mergetool.saving import Files
from gitmerge_ai.repository import config, index
from gitmerge_ai.repository.index import RepositoryError
from gitmerge_ai.repository.operation import operation

FOLDER = "gitmerge-ai/mergetool"
"""Where choices that are not written yet are kept, in the git directory."""


@click.command()
@click.argument(
    "files", nargs=-1, type=click.Path(path_type=Path), metavar="[BASE LOCAL REMOTE MERGED]"
)
@click.option("--plain", is_flag=True, help="Numbered prompts, a line each; for screen readers.")
@click.option("--auto", is_flag=True, help="No questions: take what is confident enough.")
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    help="The confidence that --auto takes.  [default: gitmerge-ai.minConfidence, or 0.95]",
)
@click.pass_context
def mergetool(
    context: click.Context,
    files: tuple[Path, ...],
    plain: bool,
    auto: bool,
    min_confidence: float | None,
) -> None:
    """Settle conflicts one by one, with ranked resolutions to choose from.

    Without files it takes every unmerged path of the repository, and stages what is done. With
    four it is what git mergetool calls (install --mergetool lets it). Nothing is written until
    you save; what you chose and did not save is there again when you come back.

    Exits with 0 when all is resolved and written, 1 when something is left, 2 on errors.
    """
    if len(files) not in (0, 4):
        raise click.UsageError("give four files, BASE LOCAL REMOTE MERGED, or none")
    if plain and auto:
        raise click.UsageError("--plain and --auto exclude each other")
    settings = config.read()
    least = settings.min_confidence if min_confidence is None else min_confidence
    try:
        there = _opened(files)
    except RepositoryError as error:
        raise click.ClickException(str(error)) from error
    if there is None:
        click.echo("nothing to resolve")
        return
    opened, name, folder = there
    means = Means(folder, settings.model, settings.timeout)
    if auto:
        from gitmerge_ai.interface.mergetool import automatic

        report = automatic.run(opened, least, means)
    elif plain or os.environ.get("TERM") == "dumb":
        from gitmerge_ai.interface.mergetool import plain as prompts

        report = prompts.run(opened, means)
    elif sys.stdin.isatty() and sys.stdout.isatty():
        from gitmerge_ai.interface.mergetool.app import Mergetool

        app = Mergetool(opened, name, least, means)
        app.run()
        report = app.report
    else:
        raise click.ClickException("this is no terminal; use --plain or --auto")
    for line in report:
        click.echo(shown(line)[0])
    context.exit(0 if opened.complete() else 1)


def _opened(files: tuple[Path, ...]) -> tuple[Files, str, Path] | None:
    """Read what there is to resolve: it, what git is in the middle of, and where."""
    if not files:
        root = index.work_tree(index.open_repository(Path.cwd()))
        found = from_index(root)
        return (_files(found, root), _operation(root), root) if found else None
    base, ours, theirs, merged = files
    if not merged.is_file():
        raise RepositoryError(f"{merged}: no such file")
    try:
        root = index.work_tree(index.open_repository(merged.absolute().parent))
    except RepositoryError:
        loaded = from_files(base, ours, theirs, merged, merged.as_posix(), 7)
        return Files([loaded], None, Drafts(None)), "merge", merged.absolute().parent
    path = index.path_in(root, merged) or merged.as_posix()
    loaded = from_files(base, ours, theirs, merged, path, index.marker_size(root, path))
    return Files([loaded], None, _drafts(root)), _operation(root), root


def _files(found: list[Loaded], root: Path) -> Files:
    return Files(found, root, _drafts(root))


def _drafts(root: Path) -> Drafts:
    return Drafts(Path(index.open_repository(root).path) / FOLDER)


def _operation(root: Path) -> str:
    unfinished = operation(index.open_repository(root))
    return unfinished.name if unfinished else "merge"
