"""`gitmerge-ai mine`: conflicts and their resolutions out of repositories' histories."""

import json
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click
from rich.progress import Progress

from gitmerge_ai.commands.options import FOLDER, to_folder, with_jobs
from gitmerge_ai.executors import EXECUTORS, NoExecutor
from gitmerge_ai.interface.progress import progress as progress_bar
from gitmerge_ai.repository.replay import ReplayError
from gitmerge_ai.training.mining import histories
from gitmerge_ai.training.mining.histories import Caps, Selection, Started
from gitmerge_ai.training.mining.records import Counts, Summary

DEFAULT = Caps()

# Repositories that are sent off while one is collected.
AHEAD = 2


@click.command()
@click.argument("repositories", metavar="REPO...", nargs=-1, required=True, type=FOLDER)
@to_folder("Folder to write to; one that holds results already is added to.")
@click.option("--per-repository", type=click.IntRange(1), default=DEFAULT.per_repository)
@click.option("--per-merge", type=click.IntRange(1), default=DEFAULT.per_merge)
@click.option("--per-file", type=click.IntRange(1), default=DEFAULT.per_file)
@click.option("--since", default="", metavar="DATE", help="Only merges made since then.")
@click.option("--limit", type=click.IntRange(1), help="Only so many merges of each, the newest.")
@click.option(
    "--executor",
    type=click.Choice(sorted(EXECUTORS)),
    default="local",
    show_default=True,
    help="Processes here, or a Ray cluster, all of whose machines see REPO at the same place.",
)
@with_jobs
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def mine(
    repositories: tuple[Path, ...],
    output: Path,
    per_repository: int,
    per_merge: int,
    per_file: int,
    since: str,
    limit: int | None,
    executor: str,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Run every merge of each REPO again and keep the conflicts with what people committed.

    Writes NAME.jsonl.gz (a conflict region a line), NAME.paths.jsonl.gz (a path without regions a
    line, as one side deleted it) and NAME.json (counts) for each repository, which may be bare or
    not and is not written to. A repository that is complete already is not mined again, so a run
    that was stopped can be started once more. The options --per-… cap what is kept.
    """
    _check_names(repositories)
    output.mkdir(parents=True, exist_ok=True)
    caps = Caps(per_repository, per_merge, per_file)
    try:
        with EXECUTORS[executor](jobs) as running, progress_bar() as progress:
            start = partial(
                histories.start,
                out=output,
                executor=running,
                caps=caps,
                selection=Selection(since, limit),
            )
            summaries = list(_mine(repositories, start, progress))
    except NoExecutor as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps([asdict(summary) for summary in summaries], indent=2))
    else:
        _show(summaries)
    failed = len(repositories) - len(summaries)
    if failed:
        raise click.ClickException(
            f"{failed} of {len(repositories)} repositories could not be mined"
        )


def _mine(
    repositories: Sequence[Path], start: Callable[[Path], Started], progress: Progress
) -> Iterator[Summary]:
    """Mine repositories in turn, the next one under way before the one before is collected."""
    seen: set[bytes] = set()
    total = progress.add_task("repositories", total=len(repositories))
    under_way: deque[Started] = deque()
    left = deque(repositories)
    while left or under_way:
        try:
            while left and len(under_way) <= AHEAD:
                under_way.append(start(left.popleft()))
            yield _collect(under_way.popleft(), seen, progress)
        except ReplayError as error:
            click.echo(f"gitmerge-ai: passed over: {error}", err=True)
        progress.update(total, completed=len(repositories) - len(left) - len(under_way))


def _collect(started: Started, seen: set[bytes], progress: Progress) -> Summary:
    task = progress.add_task(started.name, total=started.merges)
    try:
        return histories.collect(
            started, seen=seen, advance=lambda merges: progress.advance(task, merges)
        )
    finally:
        progress.remove_task(task)


def _check_names(repositories: Sequence[Path]) -> None:
    taken: dict[str, Path] = {}
    for repository in repositories:
        other = taken.setdefault(histories.name_of(repository), repository)
        if other is not repository:
            raise click.UsageError(
                f"{other} and {repository} would be written to one file: mine them one by one "
                "into two folders"
            )


def _show(summaries: Sequence[Summary]) -> None:
    total: Counter[tuple[str, str]] = Counter()
    for summary in summaries:
        click.echo(_line(summary.repository, summary.counts))
        for group, counts in summary.counts.items():
            total.update({(group, name): number for name, number in counts.items()})
    if len(summaries) > 1:
        click.echo(_line("all", histories.grouped(total)))


def _line(name: str, counts: Counts) -> str:
    merges, files, regions = (counts.get(group, {}) for group in ("merges", "files", "regions"))
    return (
        f"{name}: {merges.get('run', 0)} merges, {merges.get('conflicted', 0)} with conflicts, "
        f"{files.get('read', 0)} files, {regions.get('kept', 0)} regions"
    )
