"""A run for a terminal: how it stands, its graph beside the scores, and one commit of it.

Rich draws it for a terminal and writes plain text elsewhere. What evaluated code has printed is
shown as text, whatever a terminal would make of it.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gitmerge_ai.evolution.graph import Graph, Record, merit
from gitmerge_ai.evolution.graph.lineage import ancestors
from gitmerge_ai.evolution.graph.story import scores
from gitmerge_ai.interface.evolve.figures import Figures, Share, compared, told
from gitmerge_ai.interface.words import counted
from gitmerge_ai.repository.index import git
from gitmerge_ai.text.printable import one_line, printable

STEPS = 12
"""Ancestors that `show` lists."""

SHOWN_LINES = 40
"""Lines of a log that `show` prints, the last ones."""

_DIFF = {"+": "green", "-": "red", "@": "cyan"}


def status(graph: Graph, found: Figures, console: Console) -> None:
    """Print how a run stands.

    Args:
        graph: of the run.
        found: its figures.
        console: where to.
    """
    state = "asked to stop" if found.stopped else f"last change {_when(found.last)}"
    console.print(Text(f"{found.run}: {one_line(found.goal)}", style="bold"), soft_wrap=True)
    lines = [
        f"{counted(found.children, 'commit')} in {counted(found.generations, 'generation')}, "
        f"{found.passed:,} passed; {found.members:,} in the population on "
        f"{counted(found.islands, 'island')}; {state}",
        f"best {_short(found.best)}: {compared(graph, found)}" if found.best else "no best yet",
        f"evaluations took {found.seconds:,.0f} s"
        + (f"; {found.tokens:,} tokens, {found.money:.2f} spent" if found.tokens else ""),
    ]
    for line in lines:
        console.print(Text(line), soft_wrap=True)
    for title, shares in (("operator", found.operators), ("agent", found.agents)):
        if shares:
            console.print(_table(title, shares))


def tree(graph: Graph, console: Console, *, most: int, everything: bool) -> None:
    """Print the graph as `git log --graph` draws it, a score beside each commit.

    Args:
        graph: of the run.
        console: where to.
        most: commits, the newest.
        everything: whether those that nothing living descends from are shown too.

    Raises:
        RepositoryError: git cannot draw it.
    """
    base = graph.plan.base
    living = {one for one in graph.population.values() if one in graph.individuals}
    shown = [*(graph.individuals if everything else living), base, f"^{base}^@"]
    command = ["log", "--graph", "--topo-order", "--no-color", f"-n{most}", "--format=%x00%H"]
    drawn = git(
        Path(graph.repository.path),
        *command,
        "--stdin",
        stdin="".join(f"{one}\n" for one in shown).encode(),
    )
    lines = os.fsdecode(drawn).splitlines()
    for line in lines:
        rail, _, commit = line.partition("\0")
        label = _label(graph, graph.individuals[commit]) if commit in graph.individuals else Text()
        cut = console.is_terminal
        row = Text(rail, style="dim") + label
        console.print(row, no_wrap=cut, overflow="ellipsis" if cut else None, soft_wrap=not cut)
    found = sum("\0" in line for line in lines)
    if not everything and found < len(graph.individuals):
        rest = f"{found:,} of {len(graph.individuals):,}: what lives and where it is from"
        console.print(
            Text(f"{rest}; --all shows everything, -n more of it", style="dim"), soft_wrap=True
        )


def show(graph: Graph, record: Record, diff: str, console: Console) -> None:
    """Print all that is known of an individual.

    Args:
        graph: of the run.
        record: of the individual.
        diff: its change.
        console: where to.
    """
    one = record.individual
    console.print(Text(f"{one.commit} {one_line(one.summary)}", style="bold"), soft_wrap=True)
    for line in _facts(graph, record):
        console.print(Text(printable(line)), soft_wrap=True)
    way = list(ancestors(graph.individuals, one.commit))[1 : STEPS + 1]
    for title, lines in (
        ("people", [f"{each.by or 'note'}: {each.text}" for each in graph.comments(one.commit)]),
        ("lineage", [_label(graph, graph.individuals[each]).plain for each in way]),
        ("log", (record.evaluation.feedback if record.evaluation else "").splitlines()),
    ):
        if lines:
            console.print(Text(f"\n{title}", style="bold"))
        for line in lines[-SHOWN_LINES:]:
            console.print(Text(f"  {printable(line)}"), soft_wrap=True)
    console.print()
    for line in diff.splitlines():
        console.print(Text(printable(line), style=_DIFF.get(line[:1], "")), soft_wrap=True)


def _facts(graph: Graph, record: Record) -> Iterator[str]:
    one, found = record.individual, record.evaluation
    by = f"{one.operator}, by {one.agent}" if one.agent else one.operator
    yield f"generation {one.generation}, island {one.island}, {by}, {_when(record.time)}"
    yield f"{scores(found)}" + (f" in {found.seconds:.2f} s" if found else "")
    if record.validation:
        yield f"held-out checks: {scores(record.validation)}"
    places = graph.places(one.commit)
    yield f"in the population as {', '.join(places)}" if places else "not in the population"
    if record.decision or not graph.alive(one.commit):
        yield f"{record.decision or 'of a pruned lineage'}"
    if one.parents:
        yield f"made from {', '.join(map(_short, one.parents))}"


def _label(graph: Graph, record: Record) -> Text:
    one = record.individual
    best = one.commit == graph.best
    color = "green" if best else "red" if merit(graph.plan, record.evaluation) == (0.0,) else "cyan"
    marks = ["best"] if best else []
    marks += [record.decision] if record.decision else []
    marks += ["commented"] if record.comments else []
    parts = [
        (f"{_short(one.commit)} ", "yellow"),
        (f"{scores(record.evaluation)} ", color),
        (f"[{', '.join(marks)}] " if marks else "", "bold magenta"),
        (one_line(one.summary or one.operator), ""),
        (f" ({one.operator}, {one.agent})" if one.agent else "", "dim"),
    ]
    return Text.assemble(*(part for part in parts if part[0]))


def _table(title: str, shares: tuple[Share, ...]) -> Table:
    table = Table(title, *("commits", "passed", "better", "placed", "best"), box=None)
    for column in table.columns[1:]:
        column.justify = "right"
    for each in shares:
        counts = (each.children, each.passed, each.better, each.placed)
        table.add_row(Text(one_line(each.name)), *(f"{one:,}" for one in counts), told(each.best))
    return table


def _short(commit: str | None) -> str:
    return (commit or "")[:10]


def _when(time: float) -> str:
    return (
        datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if time else "unknown"
    )
