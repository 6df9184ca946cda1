"""A run as it goes on: a live view on a terminal, plain lines elsewhere, or events as JSON.

Each is told what happens (`running.RunEvent`) and only shows it.
"""

import json
import sys
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from gitmerge_ai.evolution.graph import Record, objectives
from gitmerge_ai.evolution.running import (
    Began,
    Child,
    Ended,
    Looked,
    RunEvent,
    State,
    Warned,
)
from gitmerge_ai.interface.evolve.figures import scores, told
from gitmerge_ai.text.printable import one_line

PAUSE = 10.0
"""Seconds between two lines that only say how a run stands."""

LATEST = 6
"""Bests that the live view lists, the latest."""

SHORT = 10
"""Characters of a commit's name."""


class Shown(ABC):
    """What shows a run; to be called with what happens, while it is open."""

    @abstractmethod
    def __call__(self, happened: RunEvent) -> None:
        """Show something."""

    def __enter__(self) -> "Shown":
        """Begin showing."""
        return self

    def __exit__(self, *error: object) -> None:
        """End showing."""
        return


def shown(as_json: bool, stream: TextIO | None = None) -> Shown:
    """Choose how to show a run.

    Args:
        as_json: as events.
        stream: where to; standard output if not given.
    """
    stream = stream or sys.stdout
    if as_json:
        return Events(stream)
    console = Console(file=stream)
    return View(console) if console.is_terminal else Lines(stream)


class Events(Shown):
    """A JSON object a line for everything that happens but the passing of time."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, happened: RunEvent) -> None:
        """Write an event."""
        if not isinstance(happened, Looked):
            self._stream.write(json.dumps(_facts(happened)) + "\n")
            self._stream.flush()


def _facts(happened: RunEvent) -> dict[str, Any]:
    if isinstance(happened, Warned):
        return {"event": "warning", "text": happened.text}
    facts = _figures(happened.state)
    if isinstance(happened, Child):
        individual, evaluation = happened.record.individual, happened.record.evaluation
        born = {**individual._asdict(), "best": happened.is_best}
        outcome = evaluation._asdict() if evaluation else {}
        return {"event": "child", **born, **outcome, "run": facts}
    if isinstance(happened, Ended):
        return {"event": "ended", "reason": happened.reason, **facts}
    assert isinstance(happened, Began)
    return {
        "event": "began",
        "resumed": happened.resumed,
        "workers": happened.workers,
        "goal": happened.state.plan.goal,
        **facts,
    }


def _figures(state: State) -> dict[str, Any]:
    return {
        "name": state.plan.name,
        "best": state.best.individual.commit if state.best else None,
        "scores": dict(scores(state.best)),
        "base_scores": dict(scores(state.base)),
        "mean": state.mean,
        "evaluations": state.evaluations,
        "rate": round(state.rate, 3),
        "generation": state.generation,
        "population": state.population,
        "tokens": state.tokens,
        "money": state.money,
        "seconds": round(state.seconds, 1),
        "left": None if state.left is None else round(state.left, 1),
    }


class Lines(Shown):
    """A line for every new best, and one now and then."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._last = time.monotonic()

    def __call__(self, happened: RunEvent) -> None:
        """Write a line, if there is something to say."""
        if isinstance(happened, Warned):
            print(f"gitmerge-ai: {happened.text}", file=sys.stderr, flush=True)
            return
        line = self._line(happened)
        if line:
            self._last = time.monotonic()
            print(one_line(line), file=self._stream, flush=True)

    def _line(self, happened: RunEvent) -> str:
        if isinstance(happened, Child):
            return f"best {_best(happened.record)}" if happened.is_best else ""
        if isinstance(happened, Looked):
            return _standing(happened.state) if time.monotonic() - self._last > PAUSE else ""
        if isinstance(happened, Ended):
            return _ending(happened)
        assert isinstance(happened, Began)
        return _beginning(happened)


def _beginning(began: Began) -> str:
    verb = "resumed" if began.resumed else "began"
    of = f"{began.workers} {'worker' if began.workers == 1 else 'workers'}"
    return f"{verb} run {began.state.plan.name}, {of}, base {told(scores(began.state.base))}"


def _standing(state: State) -> str:
    left = "" if state.left is None else f", {_clock(state.left)} left"
    return (
        f"{state.evaluations} evaluations, {state.rate:.1f} a second, generation "
        f"{state.generation}, best {told(scores(state.best))}, mean {_number(state.mean)}{left}"
    )


def _ending(ended: Ended) -> str:
    state = ended.state
    best = state.best
    name = best.individual.commit[:SHORT] if best else ""
    if best is None or name == state.base.individual.commit[:SHORT]:
        outcome = "nothing better than the base"
    else:
        outcome = f"best {name} {told(scores(best))} (base {told(scores(state.base))})"
    return f"{ended.reason}: {state.evaluations} evaluations, {outcome}"


def _best(record: Record) -> str:
    individual = record.individual
    operator, summary = individual.operator, individual.summary
    what = summary if summary.startswith(operator) else f"{operator}: {summary}"
    return f"{individual.commit[:SHORT]} {told(scores(record))}  {what}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.6g}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes}:{rest:02}"


class View(Shown):
    """A picture of the run that stays in place."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._latest: deque[Record] = deque(maxlen=LATEST)

    def __enter__(self) -> "View":
        """Begin drawing."""
        self._live.start()
        return self

    def __exit__(self, *error: object) -> None:
        """Leave the terminal as it was."""
        self._live.stop()

    def __call__(self, happened: RunEvent) -> None:
        """Draw anew."""
        if isinstance(happened, Warned):
            self._say(f"gitmerge-ai: {happened.text}", "yellow")
            return
        if isinstance(happened, Child) and happened.is_best:
            self._latest.append(happened.record)
        if isinstance(happened, Ended):
            self._live.update("", refresh=True)
            for record in self._latest:
                self._say(f"best {_best(record)}")
            self._say(_ending(happened), "bold")
        elif not isinstance(happened, Child):
            self._live.update(Group(*_picture(happened.state, self._latest)), refresh=True)

    def _say(self, text: str, style: str = "") -> None:
        self._console.print(Text(one_line(text), style=style))


def _picture(state: State, latest: "deque[Record]") -> Iterator[Any]:
    yield Text.assemble(("evolve ", "bold"), (state.plan.name, "cyan"), "  ", state.plan.goal)
    facts = Table.grid(padding=(0, 2))
    for name, way in objectives(state.plan):
        best, base = (scores(each).get(name) for each in (state.best, state.base))
        better = "less is better" if way else "more is better"
        facts.add_row(name, Text(_number(best), "bold green"), f"base {_number(base)}, {better}")
    facts.add_row("mean", _number(state.mean), f"of {state.population} in the population")
    facts.add_row("evaluations", str(state.evaluations), f"{state.rate:.1f} a second")
    facts.add_row("generation", str(state.generation))
    if state.tokens:
        facts.add_row("tokens", str(state.tokens), f"{state.money:.4g} of money")
    yield facts
    yield from _budgets(state)
    for record in latest:
        yield Text(
            one_line(f"best {_best(record)}"), style="dim", no_wrap=True, overflow="ellipsis"
        )


def _budgets(state: State) -> Iterator[Any]:
    """Draw what is left of each budget."""
    budget = state.plan.budget
    used: Mapping[str, tuple[float, float]] = {
        "time": (state.seconds, state.seconds + (state.left or 0) if state.left is not None else 0),
        "evaluations": (state.evaluations, budget.evaluations),
        "generations": (state.generation, budget.generations),
        "tokens": (state.tokens, budget.tokens),
        "money": (state.money, budget.money),
    }
    bars = Table.grid(padding=(0, 2))
    for name, (much, most) in used.items():
        if most:
            left = _clock(most - much) if name == "time" else f"{max(0, most - much):g}"
            bars.add_row(name, ProgressBar(total=most, completed=much, width=30), f"{left} left")
    yield bars
