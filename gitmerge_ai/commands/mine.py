"""`gitmerge-ai mine`: conflicts and their resolutions out of repositories' histories."""

import json
import os
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from gitmerge_ai.repository.replay import ReplayError
from gitmerge_ai.training import mining
from gitmerge_ai.training.mining import Caps
from gitmerge_ai.training.records import Counts, Summary

DEFAULT = Caps()


@click.command()
@click.argument(
    "repositories",
    metavar="REPO...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to; one that holds results already is added to.",
)
@click.option("--per-repository", type=click.IntRange(1), default=DEFAULT.per_repository)
@click.option("--per-merge", type=click.IntRange(1), default=DEFAULT.per_merge)
@click.option("--per-file", type=click.IntRange(1), default=DEFAULT.per_file)
@click.option(
    "-j", "--jobs", type=click.IntRange(1), help="Processes; one for each core if not given."
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def mine(
    repositories: tuple[Path, ...],
    output: Path,
    per_repository: int,
    per_merge: int,
    per_file: int,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Run every merge of each REPO again and keep the conflicts with what people committed.

    Writes NAME.jsonl.gz (a conflict region a line) and NAME.json (counts) for each repository,
    which may be bare or not and is not written to. A repository that is complete already is not
    mined again, so a run that was stopped can be started once more. The options --per-… cap the
    regions that are kept.
    """
    _check_names(repositories)
    output.mkdir(parents=True, exist_ok=True)
    caps = Caps(per_repository, per_merge, per_file)
    seen: set[bytes] = set()
    summaries: list[Summary] = []
    with _processes(jobs or _cores()) as executor, _progress() as progress:
        for repository in repositories:
            try:
                summaries.append(_mine(repository, output, executor, caps, seen, progress))
            except ReplayError as error:
                click.echo(f"gitmerge-ai: passed over: {error}", err=True)
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
    repository: Path,
    output: Path,
    executor: Executor,
    caps: Caps,
    seen: set[bytes],
    progress: Progress,
) -> Summary:
    task = progress.add_task(mining.name_of(repository), total=None)
    try:
        return mining.mine(
            repository,
            output,
            executor=executor,
            caps=caps,
            seen=seen,
            begin=lambda merges: progress.update(task, total=merges),
            advance=lambda merges: progress.advance(task, merges),
        )
    finally:
        progress.remove_task(task)


def _check_names(repositories: Sequence[Path]) -> None:
    taken: dict[str, Path] = {}
    for repository in repositories:
        other = taken.setdefault(mining.name_of(repository), repository)
        if other is not repository:
            raise click.UsageError(
                f"{other} and {repository} would be written to one file: mine them one by one "
                "into two folders"
            )


def _cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _processes(number: int) -> Iterator[Executor]:
    executor = ProcessPoolExecutor(
        number,
        # A process of its own from the start: a fork would copy the progress bar's thread's locks.
        mp_context=get_context("spawn"),
        # Ctrl-C reaches every process of the terminal; only this one acts on it.
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def _progress() -> Progress:
    """Make a bar on a terminal's standard error, and nothing where that is no terminal."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _show(summaries: Sequence[Summary]) -> None:
    total: Counter[tuple[str, str]] = Counter()
    for summary in summaries:
        click.echo(_line(summary.repository, summary.counts))
        for group, counts in summary.counts.items():
            total.update({(group, name): number for name, number in counts.items()})
    if len(summaries) > 1:
        click.echo(_line("all", mining.grouped(total)))


def _line(name: str, counts: Counts) -> str:
    merges, files, regions = (counts.get(group, {}) for group in ("merges", "files", "regions"))
    return (
        f"{name}: {merges.get('run', 0)} merges, {merges.get('conflicted', 0)} with conflicts, "
        f"{files.get('read', 0)} files, {regions.get('kept', 0)} regions"
    )
