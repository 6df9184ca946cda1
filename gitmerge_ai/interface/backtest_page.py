"""The report of a backtest as one HTML file that needs nothing else: no network, no other file.

Texts and plots are written here; how they look, and the little that moves, stands in
`backtest_page.html`. Nothing is counted here.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from string import Template

from gitmerge_ai.interface import plots
from gitmerge_ai.interface.backtest_cases import filters, listing
from gitmerge_ai.interface.backtest_words import OUTCOMES, percent, sure
from gitmerge_ai.training.backtesting.reports import Report
from gitmerge_ai.training.backtesting.scores import Conflicts, Files, Seconds, Tally


def page(report: Report) -> str:
    """Write the page.

    Args:
        report: what was found.
    """
    template = files("gitmerge_ai.interface").joinpath("backtest_page.html").read_text("utf-8")
    return Template(template).substitute(
        name=escape(report.repository),
        scope=_scope(report),
        headline=_headline(report),
        legend=_legend(),
        outcomes=_outcomes(report),
        stages=_stages(report),
        suggestions=_suggestions(report),
        curve=plots.curve(report.curve, report.min_confidence),
        sure=sure(report),
        languages=_groups("language", ((row.name, row.tally) for row in report.languages)),
        years=_years(report),
        people=_people(report.people),
        seconds=_seconds(report),
        counted=_counted(report),
        filters=filters(report.cases),
        cases=listing(report.cases),
        shown=f"{len(report.cases):,}",
        differing=f"{report.differing:,}",
    )


def _scope(report: Report) -> str:
    merges = report.merges
    years = [row.year for row in report.years]
    span = f", {years[0]} to {years[-1]}" if years else ""
    since = f", since {escape(report.since)}" if report.since else ""
    limit = f", the newest {report.limit:,}" if report.limit else ""
    return (
        f"{merges.replayed:,} merges replayed{span}{since}{limit}; git stopped in "
        f"{merges.conflicted:,} of them ({percent(merges.conflicted, merges.replayed)})"
    )


def _headline(report: Report) -> str:
    of, offers = report.total.files, report.total.suggestions
    return "".join(
        f'<div class="card {kind}"><strong>{percent(part, whole)}</strong><span>{text}</span></div>'
        for kind, part, whole, text in (
            ("exact", of.right, of.count, f"of {of.count:,} files come out as people committed"),
            ("left", of.left, of.count, "still hold a conflict"),
            ("different", of.different, of.count, "are merged clean, but differently"),
            ("plain", offers.top1, offers.count, "of first suggestions are right"),
            ("plain", offers.top3, offers.count, "have the right one among three"),
        )
    )


def _legend() -> str:
    return "".join(
        f'<span><svg viewBox="0 0 10 10"><rect class="{name}" width="10" height="10"/></svg>'
        f"{text}</span>"
        for name, text in OUTCOMES.items()
    )


def _parts(of: Files | Conflicts) -> dict[str, int]:
    names = [name for name in OUTCOMES if hasattr(of, name)]
    return {name: getattr(of, name) for name in names}


def _outcomes(report: Report) -> str:
    rows = (("files", report.total.files), ("conflicts", report.total.conflicts))
    heads = [*(text for name, text in OUTCOMES.items() if name != "unaligned")]
    return _table(
        ("", "all", *heads, ""),
        (
            (
                name,
                f"{of.count:,}",
                *(
                    f"{number:,} <small>{percent(number, of.count)}</small>"
                    for part, number in _parts(of).items()
                    if part != "unaligned"
                ),
                plots.bar(_parts(of)),
            )
            for name, of in rows
        ),
    )


def _stages(report: Report) -> str:
    most = max((stage.conflicts.count for stage in report.stages), default=0)
    rows = []
    for stage in report.stages:
        of = stage.conflicts
        if of.count or stage.files.count:
            numbers = (stage.files.count, of.count, of.exact, of.space, of.different, of.unaligned)
            right = percent(of.right, of.count - of.unaligned)
            cells = (escape(stage.name), *(f"{number:,}" for number in numbers), right)
            rows.append((*cells, plots.bar(_parts(of), most)))
    heads = ("stage", "files", "conflicts", "exact", "white space", "different", "not compared")
    return _table((*heads, "right", ""), rows)


def _suggestions(report: Report) -> str:
    of = report.total.suggestions
    rows = (
        ("right first", of.top1),
        ("right among three", of.top3),
        ("exactly right first", of.exact1),
        ("exactly right among three", of.exact3),
        ("always ours", of.ours),
        ("always theirs", of.theirs),
    )
    return _table(
        (f"of {of.count:,} conflicts", "", ""),
        (
            (
                name,
                f"{n:,} <small>{percent(n, of.count)}</small>",
                plots.bar({"plain": n}, of.count),
            )
            for name, n in rows
        ),
    )


def _groups(title: str, rows: Iterable[tuple[str, Tally]]) -> str:
    heads = ("files", "as people", "left", "different", "conflicts", "resolved", "top-1", "top-3")
    return _table((title, *heads, "files by outcome"), (_group(*row) for row in rows))


def _group(name: str, of: Tally) -> tuple[str, ...]:
    files, conflicts, offers = of.files, of.conflicts, of.suggestions
    resolved = conflicts.count - conflicts.left
    numbers = (files.count, files.right, files.left, files.different, conflicts.count, resolved)
    return (
        escape(name),
        *(f"{number:,}" for number in numbers),
        percent(offers.top1, offers.count),
        percent(offers.top3, offers.count),
        plots.bar(_parts(files)),
    )


def _years(report: Report) -> str:
    shown = [row for row in report.years if row.tally.files.count]
    plot = plots.columns([(str(row.year), _parts(row.tally.files)) for row in shown])
    table = _groups("year", ((str(row.year), row.tally) for row in shown))
    return f"<figure>{plot}<figcaption>files in conflict</figcaption></figure>{table}"


def _people(people: Mapping[str, int]) -> str:
    whole = sum(people.values())
    return _table(
        ("people made", "conflicts", ""),
        (
            (
                escape(name),
                f"{n:,} <small>{percent(n, whole)}</small>",
                plots.bar({"plain": n}, whole),
            )
            for name, n in people.items()
        ),
    )


def _seconds(report: Report) -> str:
    run = report.run
    rows = (("merge", run.merge), ("suggestions", run.suggest))
    table = _table(
        ("one file, in ms", "median", "95th percentile", "longest"),
        ((name, *_milliseconds(of)) for name, of in rows),
    )
    return f"{table}<p>The whole run took {run.seconds:,.1f} s with {run.jobs} at a time.</p>"


def _milliseconds(of: Seconds) -> Iterable[str]:
    return (f"{1000 * each:,.0f}" for each in (of.median, of.percentile95, of.longest))


def _counted(report: Report) -> str:
    paths, merges = report.paths, report.merges
    rows = [
        ("paths that git left unmerged", paths.count),
        ("compared above", paths.judged),
        *((f"not compared: {reason}", number) for reason, number in paths.dropped.items()),
        *((f"no conflict inside: {kind}", number) for kind, number in paths.unmerged.items()),
        ("conflicts of which it cannot be told what people made of them", report.untold),
        ("merges that could not be replayed, as objects are missing", merges.failed),
        *((f"left as git has them: {why}", number) for why, number in report.left.items()),
    ]
    return _table(("", ""), ((escape(text), f"{number:,}") for text, number in rows))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; the first cell of a row is its title, what is drawn takes the room left."""
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    head = f"<thead><tr>{head}</tr></thead>" if any(heads) else ""
    body = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
        for first, *cells in rows
    )
    return f'<div class="wide"><table>{head}<tbody>{body}</tbody></table></div>'
