"""A run as it is shown: a picture on a terminal, lines or events elsewhere."""

import io
import json

from rich.console import Console

from gitmerge_ai.evolution.graph import Record
from gitmerge_ai.evolution.running import Began, Child, Ended, Looked, State, Warned
from gitmerge_ai.evolution.values import Budget, Evaluation, Individual, Objective, Plan
from gitmerge_ai.interface.evolve.live import Events, Lines, View, shown

PLAN = Plan(
    "pack",
    "use fewer bins",
    "base",
    objectives=(Objective("bins", "x", lower=True),),
    budget=Budget(evaluations=100),
)
BASE = Record(
    Individual("b" * 40, "t", (), 0, 0, "", "base"), Evaluation("passed", {"bins": 212.75})
)
BEST = Record(
    Individual("c" * 40, "u", ("b" * 40,), 1, 0, "edits-1", "tune", "number 3 to \x1b[31m4"),
    Evaluation("passed", {"bins": 210.5}),
)
STATE = State(PLAN, BEST, BASE, 40, 7, 5, 211.25, 0, 0.0, 60.0, 2.5, 75.0)


def test_events_are_json_lines() -> None:
    stream = io.StringIO()
    show = shown(True, stream)
    assert isinstance(show, Events)
    for each in (
        Began(STATE, False, 2),
        Warned("careful"),
        Looked(STATE),
        Child(BEST, True, STATE),
    ):
        show(each)
    show(Ended("the time is up", STATE))
    began, warning, child, ended = map(json.loads, stream.getvalue().splitlines())
    assert (began["event"], began["goal"], began["left"]) == ("began", "use fewer bins", 75.0)
    assert warning == {"event": "warning", "text": "careful"}
    assert (child["commit"], child["scores"], child["best"]) == ("c" * 40, {"bins": 210.5}, True)
    assert (ended["reason"], ended["mean"]) == ("the time is up", 211.25)


def test_lines_where_there_is_no_terminal() -> None:
    stream = io.StringIO()
    show = shown(False, stream)
    assert isinstance(show, Lines)
    dull = Child(BEST, False, STATE)
    for each in (Began(STATE, True, 1), Looked(STATE), dull, Child(BEST, True, STATE)):
        show(each)
    show(Ended("it was stopped", STATE))
    began, best, ended = stream.getvalue().splitlines()
    assert began == "resumed run pack, 1 worker, base bins 212.75"
    assert best.startswith("best cccccccccc bins 210.5 tune: number 3 to ")
    assert "\x1b" not in best
    assert ended.endswith("40 evaluations, best cccccccccc bins 210.5 (base bins 212.75)")


def test_nothing_better_is_said() -> None:
    stream = io.StringIO()
    Lines(stream)(Ended("the time is up", STATE._replace(best=BASE)))
    assert stream.getvalue() == "the time is up: 40 evaluations, nothing better than the base\n"


def test_the_picture() -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=100, color_system=None)
    with View(console) as view:
        view(Began(STATE, False, 2))
        view(Child(BEST, True, STATE))
        view(Looked(STATE))
        view(Warned("careful"))
        view(Ended("the time is up", STATE))
    text = stream.getvalue()
    for words in (
        "use fewer bins",
        "210.5",
        "base 212.75, less is better",
        "211.25",
        "2.5 a second",
        "1:15 left",
        "60 left",
        "tune: number 3 to",
        "careful",
        "the time is up: 40 evaluations",
    ):
        assert words in text
    assert "\x1b[31m" not in text
