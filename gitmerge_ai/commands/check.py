"""`gitmerge-ai check`: is something wrong with what is about to be committed."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from gitmerge_ai.merging.files import MAX_BYTES
from gitmerge_ai.merging.problems import Candidate, Problem, problems
from gitmerge_ai.repository.attributes import Checked, of_paths
from gitmerge_ai.repository.committing import Commit, made, under_way
from gitmerge_ai.repository.merged import (
    INDEX,
    MergedError,
    MergedFile,
    contents,
    merged_files,
    staged,
)


class Report(NamedTuple):
    """What is wrong, and which files were put right."""

    problems: list[Problem]
    fixed: list[str]


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--commit", "revision", metavar="COMMIT", help="Look at a commit that was made.")
@click.option("--fix", is_flag=True, help="Put right and stage what can be without a doubt.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.pass_context
def check(
    context: click.Context, files: tuple[Path, ...], revision: str | None, fix: bool, as_json: bool
) -> None:
    """Look at what is staged: conflicts left in it, and what a merge lost, doubled or broke.

    Of FILES, if any are named, also those that are not changed. Says nothing where nothing is
    wrong. --fix settles a conflict left in a file, or takes out the second of two equal
    declarations, in files whose work tree is as staged.

    Exits with 0 when nothing is wrong, 1 when something is, 2 on errors.
    """
    if fix and revision:
        raise click.UsageError("--fix works on what is staged, not on a commit")
    try:
        commit = made(Path.cwd(), revision) if revision else under_way(Path.cwd())
        report = examine(commit, [_inside(commit.root, file) for file in files], fix=fix)
    except MergedError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        import json  # not for the hooks, which wait for nothing that they do not need

        click.echo(json.dumps(_as_json(report), indent=2))
    else:
        _say(report, revision)
    context.exit(1 if report.problems else 0)


def examine(commit: Commit, names: Sequence[str] = (), *, fix: bool = False) -> Report:
    """Find what is wrong with a commit.

    Args:
        commit: made or about to be.
        names: of files and folders, from the root; everything that changed if there are none.
        fix: whether to put right what can be.

    Raises:
        MergedError: git could not read it.
    """
    found, candidates = _found(commit, commit.bases[0], names)
    for base in commit.bases[1:]:
        # After a criss-cross only what holds whichever base is taken is sure.
        others = {(p.path, p.kind, p.text) for p in _found(commit, base, names)[0]}
        found = [p for p in found if (p.path, p.kind, p.text) in others]
    if not (fix and found):
        return Report(found, [])
    from gitmerge_ai.resolving.fixing import fixed  # what it needs takes long to import

    done = list(fixed(commit.root, candidates, found))
    left, _ = _found(commit, commit.bases[0], names) if done else (found, ())
    known = {(p.path, p.kind, p.text) for p in found}
    return Report([p for p in left if (p.path, p.kind, p.text) in known], done)


def _found(
    commit: Commit, base: str, names: Sequence[str]
) -> tuple[list[Problem], list[Candidate]]:
    files = merged_files(commit.root, base, commit.ours, commit.theirs, commit.result)
    candidates = list(_candidates(commit, files, names))
    found = problems(candidates)
    return sorted(p for p in found if _named(p.path, names)), candidates


def _candidates(
    commit: Commit, files: list[MergedFile], names: Sequence[str]
) -> Iterator[Candidate]:
    if names and commit.result == INDEX:
        known = {file.path for file in files}
        files = [*files, *(f for f in staged(commit.root, names) if f.path not in known)]
    files = [file for file in files if commit.merges or _named(file.path, names)]
    data = contents(commit.root, (blob for file in files for blob in file.blobs), MAX_BYTES)
    told = of_paths([file.path for file in files], commit.root)
    for file in files:
        if not data.keys() >= set(file.blobs):
            continue  # Too large, or not there in a partial clone: nothing can be said.
        known_of = told.get(file.path, Checked())
        base, ours, theirs, result = (
            None if blob is None else data.get(blob)
            for blob in (file.base, file.ours, file.theirs, file.result)
        )
        merged = commit.merges and not file.aside
        yield Candidate(file.path, base, ours, theirs, result, merged, *known_of)


def _named(path: str, names: Sequence[str]) -> bool:
    return not names or any(path == n or n == "." or path.startswith(n + "/") for n in names)


def _inside(root: Path, file: Path) -> str:
    """Give a path as git names it, as it is where git has no name for it."""
    from gitmerge_ai.repository.index import path_in  # it loads pygit2, and hooks name no files

    return path_in(root, file) or file.as_posix()


def _as_json(report: Report) -> dict[str, object]:
    return {
        "problems": [
            {
                "path": p.path,
                "line": p.line,
                "kind": p.kind,
                "text": p.text,
                "side": p.loss.side if p.loss else None,
                "name": p.loss.name if p.loss else None,
                "lines": p.loss.text if p.loss else None,
            }
            for p in report.problems
        ],
        "fixed": report.fixed,
    }


def _say(report: Report, revision: str | None) -> None:
    for name in report.fixed:
        click.echo(f"{name}: put right and staged")
    for problem in report.problems:
        place = f"{problem.path}:{problem.line}" if problem.line else problem.path
        click.echo(f"{place}: {problem.text}")
    if report.problems and not revision:
        click.echo("To commit nevertheless: git commit --no-verify", err=True)
