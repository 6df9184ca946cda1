"""`gitmerge-ai resolve`: settle what an unfinished operation left in the work tree."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
import pygit2

from gitmerge_ai.repository import attributes, config, index, line_merge
from gitmerge_ai.repository.index import RepositoryError, Unmerged
from gitmerge_ai.repository.moves import moves_of, reason_of
from gitmerge_ai.repository.operation import base_text, operation
from gitmerge_ai.resolving.advising import Learned
from gitmerge_ai.resolving.journal.remembering import Place, remember
from gitmerge_ai.resolving.knowledge.gathering import known_now
from gitmerge_ai.resolving.unfinished import How, Outcome, Versions
from gitmerge_ai.resolving.unfinished import resolve as resolve_file


@dataclass(frozen=True, slots=True)
class Job:
    """A file to look at: where it is, what git calls it, and its versions if the index has them.

    `reason` says why it is no text to merge, "" if it is one.
    """

    file: Path
    name: str
    versions: Unmerged | None
    reason: str = ""


Row = tuple[Job, Outcome | None, str]
"""A file, what became of it (`None` after an error), and why."""


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done; change nothing.")
@click.option("--add", is_flag=True, help="Stage the files that are resolved.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def resolve(
    context: click.Context, paths: tuple[Path, ...], dry_run: bool, add: bool, as_json: bool
) -> None:
    """Resolve what a merge, rebase, cherry-pick, revert or stash left in the work tree.

    Without a PATH all unmerged files are looked at. What you have already edited stays as it is;
    only conflicts still between their markers are touched. A PATH without conflicts in the index is
    resolved by its markers alone (diff3 or zdiff3 style, or Jujutsu's).

    Exits with 0 when nothing is left to resolve, 1 when something is, 2 on errors.
    """
    repository = _repository(bool(paths))
    try:
        jobs = list(_jobs(repository, paths))
    except RepositoryError as error:
        raise click.ClickException(str(error)) from error
    rows: list[Row] = []
    for job in jobs:
        try:
            outcome = _look(repository, job)
            if outcome.data is not None and not dry_run:
                _write(repository, job, outcome, outcome.data)
            done = outcome.resolved and not outcome.left
            if add and done and not dry_run and repository and job.versions:
                index.add(Path(repository.workdir), job.name)
        except (RepositoryError, OSError) as error:
            rows.append((job, None, str(error)))
        else:
            rows.append((job, outcome, outcome.note))
    if as_json:
        click.echo(json.dumps([_entry(*row) for row in rows], indent=2))
    else:
        _say(rows, dry_run=dry_run)
    if any(outcome is None for _, outcome, _ in rows):
        context.exit(2)
    context.exit(1 if any(outcome and outcome.left for _, outcome, _ in rows) else 0)


def _repository(optional: bool) -> pygit2.Repository | None:
    """Open the repository of the current folder; files named by hand do without one."""
    try:
        repository = index.open_repository(Path.cwd())
    except RepositoryError as error:
        if optional:
            return None
        raise click.ClickException(str(error)) from error
    if repository.workdir is None:
        raise click.ClickException(f"{repository.path} is bare: it has no work tree to resolve")
    return repository


def _jobs(repository: pygit2.Repository | None, paths: tuple[Path, ...]) -> Iterator[Job]:
    """Find the files to look at: unmerged ones, and those named by hand."""
    root = Path(os.path.realpath(repository.workdir)) if repository else None
    found = {one.path: one for one in index.unmerged(root)} if root else {}
    moves = moves_of(root, list(found.values())) if root else {}
    asked = [_inside(root, path) for path in paths]
    for name, one in found.items():
        if root and (not paths or any(_holds(folder, name) for folder in asked)):
            yield Job(root / name, name, one, reason_of(one, moves))
    for path, name in zip(paths, asked, strict=True):
        if path.is_file() and name not in found:
            yield Job(path, name, None)
        elif not path.exists() and name not in found:
            raise RepositoryError(f"{path}: no such file")


def _inside(root: Path | None, path: Path) -> str:
    """Give a path as git names it, as it is where git has no name for it."""
    return (index.path_in(root, path) if root else None) or path.as_posix()


def _holds(folder: str, name: str) -> bool:
    return folder == "." or name == folder or name.startswith(folder + "/")


def _look(repository: pygit2.Repository | None, job: Job) -> Outcome:
    """Resolve a file, in memory only."""
    reason = job.reason
    if not reason and job.file.is_symlink():
        reason = "a symbolic link"
    if not reason and not job.file.is_file():
        reason = "not in the work tree"
    if reason or not job.file.is_file():
        return Outcome(None, 0, 1, reason)
    settings = config.read()
    advice = Learned(settings.min_confidence, settings.model)
    if repository is None:
        how = How(job.name, timeout=settings.timeout, advice=advice)
        return resolve_file(job.file.read_bytes(), None, how)
    root = Path(repository.workdir)
    asked = attributes.of_path(job.name, root)
    if asked.generated:
        return Outcome(None, 0, 1, "a generated file: make it anew rather than merging it")
    how = How(
        job.name,
        index.marker_size(root, job.name),
        asked.language,
        settings.timeout,
        Learned(settings.min_confidence, settings.model, partial(known_now, repository, job.name)),
    )
    data = job.file.read_bytes()
    if job.versions is None:
        return resolve_file(data, None, how, _base(repository, job.name))
    return resolve_file(data, _contents(root, job.versions), how)


def _write(repository: pygit2.Repository | None, job: Job, outcome: Outcome, data: bytes) -> None:
    """Replace a file, and add what was resolved to the journal, where there is one."""
    before = job.file.read_bytes()
    line_merge.replace(str(job.file), data)
    if repository is not None:
        place = Place(Path(repository.workdir), repository.path.rstrip("/"), job.name)
        remember(place, "resolve", before, outcome.resolutions, outcome.left, job.versions)


def _contents(root: Path, one: Unmerged) -> Versions:
    base, ours, theirs = (
        index.checked_out(root, one.path, stage) for stage in (one.base, one.ours, one.theirs)
    )
    return base, ours, theirs


def _base(repository: pygit2.Repository, name: str) -> str | None:
    """Find the base of a file that the index no longer has versions of."""
    unfinished = operation(repository)
    if unfinished is None or unfinished.base is None:
        return None
    return base_text(repository, unfinished.base, name)


def _status(outcome: Outcome | None) -> str:
    if outcome is None:
        return "error"
    if outcome.left:
        return "partly" if outcome.resolved else "left"
    return "resolved" if outcome.resolved else "settled"


def _entry(job: Job, outcome: Outcome | None, note: str) -> dict[str, object]:
    keys = ("stage", "pattern", "confidence", "span")
    resolutions = outcome.resolutions if outcome else ()
    return {
        "path": job.name,
        "status": _status(outcome),
        "resolved": outcome.resolved if outcome else 0,
        "left": outcome.left if outcome else 0,
        "note": note,
        "resolutions": [{key: getattr(one, key) for key in keys} for one in resolutions],
    }


def _say(rows: list[Row], *, dry_run: bool) -> None:
    if not rows:
        click.echo("nothing to resolve")
    for job, outcome, note in rows:
        total = outcome.resolved + outcome.left if outcome else 0
        counts = f", {outcome.resolved} of {total} conflicts" if outcome and total else ""
        click.echo(f"{job.name}: {_status(outcome)}{counts}{f' ({note})' if note else ''}")
    if dry_run and rows:
        click.echo("nothing was written (--dry-run)")
