"""`gitmerge-ai backtest`: how the tool would have done on a repository's own history."""

import json
import time
from dataclasses import asdict
from pathlib import Path

import click

from gitmerge_ai.commands.options import FOLDER, with_jobs
from gitmerge_ai.executors import cores, local
from gitmerge_ai.interface.progress import progress
from gitmerge_ai.repository import config
from gitmerge_ai.repository.replay import ReplayError
from gitmerge_ai.training.backtesting.replaying import Backtest
from gitmerge_ai.training.backtesting.replaying import backtest as replay_all
from gitmerge_ai.training.backtesting.reports import Asked, report
from gitmerge_ai.training.mining.histories import name_of
from gitmerge_ai.training.mining.records import replacing


@click.command()
@click.argument("repository", metavar="REPO", type=FOLDER)
@click.option("--since", metavar="DATE", help="Leave out older merges; a date as git takes it.")
@click.option("--limit", type=click.IntRange(1), help="Replay only so many merges, the newest.")
@with_jobs
@click.option("--messages", is_flag=True, help="Ask for commit messages, not merges.")
@click.option("--last", type=click.IntRange(1), default=300, help="With --messages: how many.")
@click.option("--young", is_flag=True, help="With --messages: the first so many, not the last.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option(
    "--html",
    metavar="FILE",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Also write it as a page, with plots and the differences side by side.",
)
def backtest(
    repository: Path,
    since: str | None,
    limit: int | None,
    jobs: int | None,
    messages: bool,
    last: int,
    young: bool,
    as_json: bool,
    html: Path | None,
) -> None:
    """Replay the merges of REPO and report how often each stage gives what people committed.

    REPO may be bare or not and is not written to. Every merge of two parents that a ref reaches is
    run again with git alone; what it leaves in conflict is merged by gitmerge-ai as its driver
    would, and compared with the merge's own commit.

    With --messages, a message is proposed for each of the last commits from what came before it,
    and compared with the one that it has.
    """
    if messages:
        _backtest_messages(repository, last, young, as_json)
        return
    if html and not html.absolute().parent.is_dir():
        raise click.UsageError(f"--html {html}: there is no folder {html.parent}")
    start = time.perf_counter()
    settings = config.read(repository)
    processes = jobs or cores()
    with local(processes) as executor, progress() as bar:
        task = bar.add_task("finding merges", total=None)
        try:
            found: Backtest = replay_all(
                repository,
                executor=executor,
                settings=settings,
                since=since,
                limit=limit,
                watch=lambda what, done, of: bar.update(
                    task, description=what, completed=done, total=of
                ),
            )
        except ReplayError as error:
            raise click.ClickException(str(error)) from error
    asked = Asked(name_of(repository), since, limit, settings.min_confidence, processes)
    counted = report(asked, found, time.perf_counter() - start)
    if html:
        from gitmerge_ai.interface.backtest_page import page

        with replacing(html) as file:
            file.write(page(counted).encode("utf-8", "replace"))
    if as_json:
        click.echo(json.dumps(asdict(counted), indent=2))
    else:
        from rich.console import Console

        from gitmerge_ai.interface.backtest_text import show

        show(counted, Console())


def _backtest_messages(repository: Path, count: int, young: bool, as_json: bool) -> None:
    from gitmerge_ai.interface.messages_text import table
    from gitmerge_ai.messages.backtesting import SHARES, answers, figures

    found = []
    with progress() as bar:
        task = bar.add_task("asking for messages", total=count * len(SHARES))
        for answer in answers(repository, count, young):
            found.append(answer)
            bar.advance(task)
    counted = figures(found)
    if as_json:
        said = {
            "figures": [asdict(each) for each in counted],
            "answers": [
                {**each._asdict(), "candidates": [one._asdict() for one in each.candidates]}
                for each in found
            ],
        }
        click.echo(json.dumps(said, indent=2))
    else:
        click.echo(table(name_of(repository), counted))
