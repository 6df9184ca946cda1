"""The report of a backtest for a terminal: tables, and where to look.

Rich draws it for a terminal and writes plain text elsewhere. Nothing is counted here.
"""

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gitmerge_ai.interface.backtest_words import OUTCOMES, percent, sure
from gitmerge_ai.interface.words import counted
from gitmerge_ai.training.backtesting.reports import Report
from gitmerge_ai.training.backtesting.scores import Seconds, Tally
from gitmerge_ai.training.backtesting.verdicts import Case

LISTED = 15
"""Differences and languages that are listed one by one."""

GROUPED = ("files", "right", "left", "differ", "conflicts", "resolved", "top-1", "top-3")


def show(report: Report, console: Console) -> None:
    """Write the whole report.

    Args:
        report: what was found.
        console: where to.
    """
    for line in _what_was_replayed(report):
        console.print(Text(line), soft_wrap=True)
    if not report.paths.judged:
        return
    for table in (_outcomes(report), _stages(report), _suggestions(report)):
        console.print()
        console.print(table)
    console.print(sure(report), highlight=False, soft_wrap=True)
    languages = [(row.name, row.tally) for row in report.languages[:LISTED]]
    years = [(str(row.year), row.tally) for row in report.years if row.tally.files.count]
    for title, rows in (("language", languages), ("year", years)):
        console.print()
        console.print(_groups(title, rows))
    console.print()
    for line in _closing(report):
        console.print(Text(line), soft_wrap=True)


def _what_was_replayed(report: Report) -> Iterable[str]:
    merges, paths = report.merges, report.paths
    selected = [f"since {report.since}"] if report.since else []
    selected += [f"the newest {report.limit}"] if report.limit else []
    asked = f" ({', '.join(selected)})" if selected else ""
    yield (
        f"{report.repository}: {counted(merges.replayed, 'merge')} replayed{asked}, "
        f"{merges.conflicted:,} with conflicts ({percent(merges.conflicted, merges.replayed)})"
    )
    if merges.failed:
        yield f"  {merges.failed:,} could not be replayed: git lacks some of their objects"
    files = counted(paths.count, "file")
    yield f"{files} in conflict, {paths.judged:,} of them compared below"
    if paths.dropped:
        yield f"  not compared: {_listed(paths.dropped)}"
    if paths.unmerged:
        yield f"  no conflict inside to resolve: {_listed(paths.unmerged)}"


def _outcomes(report: Report) -> Table:
    table = _table("what became of it", "files", "", "conflicts", "")
    files, conflicts = report.total.files, report.total.conflicts
    for name, title in OUTCOMES.items():
        of_files, of_conflicts = getattr(files, name, None), getattr(conflicts, name)
        if of_files is None and not of_conflicts:
            continue
        table.add_row(
            title,
            *("", "") if of_files is None else (f"{of_files:,}", percent(of_files, files.count)),
            f"{of_conflicts:,}",
            percent(of_conflicts, conflicts.count),
        )
    return table


def _stages(report: Report) -> Table:
    table = _table("resolved by", "files", "conflicts", "exactly", "but for space", "different")
    for stage in report.stages:
        of = stage.conflicts
        if of.count or stage.files.count:
            numbers = (stage.files.count, of.count, of.exact, of.space, of.different)
            table.add_row(stage.name, *(f"{number:,}" for number in numbers))
    return table


def _suggestions(report: Report) -> Table:
    of = report.total.suggestions
    table = _table(f"suggestions for {of.count:,} conflicts", "first", "among three")
    table.add_row(
        "right but for white space", percent(of.top1, of.count), percent(of.top3, of.count)
    )
    table.add_row("exactly right", percent(of.exact1, of.count), percent(of.exact3, of.count))
    table.add_row("always ours", percent(of.ours, of.count), "")
    table.add_row("always theirs", percent(of.theirs, of.count), "")
    return table


def _groups(title: str, rows: Iterable[tuple[str, Tally]]) -> Table:
    table = _table(title, *GROUPED)
    for name, tally in rows:
        table.add_row(name, *_cells(tally))
    return table


def _cells(tally: Tally) -> Iterable[str]:
    files, conflicts, offers = tally.files, tally.conflicts, tally.suggestions
    yield from (f"{n:,}" for n in (files.count, files.right, files.left, files.different))
    yield from (f"{n:,}" for n in (conflicts.count, conflicts.count - conflicts.left))
    yield percent(offers.top1, offers.count)
    yield percent(offers.top3, offers.count)


def _closing(report: Report) -> Iterable[str]:
    run = report.run
    if report.untold:
        yield f"What people made of {report.untold:,} conflicts cannot be told from their commit."
    if report.left:
        yield f"Left as git has them: {_listed(report.left)}"
    yield f"A file takes {_times(run.merge)} to merge; suggestions for it {_times(run.suggest)}."
    rate = report.merges.replayed / max(run.seconds * run.jobs, 0.001)
    yield (
        f"All of it took {run.seconds:,.1f} s in {run.jobs} "
        f"{'process' if run.jobs == 1 else 'processes'}: {rate:,.0f} merges a second in each."
    )
    if report.differing:
        yield f"\n{report.differing:,} differ from what people committed; --html shows them whole:"
    for case in report.cases[:LISTED]:
        yield f"  {_place(case)}"


def _place(case: Case) -> str:
    where = f"{case.path}:{case.line}" if case.line else f"{case.path} (not in a conflict)"
    return f"{case.commit[:10]}  {case.stage:<10}  {where}"


def _times(seconds: Seconds) -> str:
    numbers = (f"{1000 * each:,.0f}" for each in (seconds.median, seconds.percentile95))
    return f"{' ms (median), '.join(numbers)} ms (95th percentile)"


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    first, *others = titles
    table.add_column(first)
    for title in others:
        table.add_column(title, justify="right", no_wrap=True)
    return table


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in counts.items())
