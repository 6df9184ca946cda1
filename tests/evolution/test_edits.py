"""The agent without a model: what it proposes, in which order, and that it shares the work."""

import random
from itertools import islice

from contexts import PLAN, context

from gitmerge_ai.evolution.agents.context import Context, Past
from gitmerge_ai.evolution.agents.edits import Edits
from gitmerge_ai.evolution.values import FAILING, Change, Evaluation

PROGRAM = b"""\
def largest(numbers):
    found = numbers[0]
    for number in numbers:
        if number < found:
            found = number
    return found
"""

FAILED = Evaluation("passed", {FAILING: 2.0})
REPAIR = PLAN._replace(until=("pytest",), checks=())


def repair(**changes: object) -> Context:
    found = context(plan=REPAIR, files={"program.py": PROGRAM})
    return found._replace(evaluation=FAILED, **changes)


def proposals(told: Context, number: int) -> list[Change]:
    agent = Edits()
    asked = (agent(told) for _ in range(number))
    return [change for change in asked if change is not None]


def texts(changes: list[Change]) -> list[bytes]:
    return [text for change in changes for text in change.files.values() if text is not None]


def is_mended(change: Change) -> bool:
    found: dict[str, object] = {}
    exec(change.files["program.py"] or b"", found)
    try:
        return [found["largest"](each) for each in ([3, 7, 1], [2], [-5, -2])] == [7, 2, -2]
    except Exception:
        return False


def test_a_repair_finds_a_single_edit_soon():
    found = next(n for n, each in enumerate(proposals(repair(), 200)) if is_mended(each))
    assert found < 30


def test_suspicion_comes_first():
    suspicion = {"program.py": {2: 0.1, 4: 1.0}}
    first = proposals(repair(suspicion=suspicion), 5)
    assert sum("line 4" in change.summary for change in first) >= 3


def test_workers_share_the_single_edits():
    told = [repair(worker=worker, workers=2, rng=random.Random(worker)) for worker in range(2)]
    first, second = (set(islice(texts(proposals(each, 60)), 50)) for each in told)
    assert len(first) > 40
    assert len(first & second) <= 10  # What is drawn beside the shared order may be the same.


def test_what_the_run_has_had_is_not_proposed_again():
    had = texts(proposals(repair(), 20))
    again = proposals(repair(seen=lambda files: files["program.py"] in had), 20)
    assert not set(had) & set(texts(again))


def test_the_same_chances_give_the_same_proposals():
    assert proposals(repair(), 12) == proposals(repair(), 12)


def test_where_something_is_optimised_edits_are_drawn_and_stacked():
    changes = proposals(context(files={"program.py": PROGRAM}), 40)
    assert len(set(texts(changes))) > 20
    assert all(text != PROGRAM for text in texts(changes))
    idle = tuple(Past("negate", 0.0) for _ in range(2_000))
    told = context(files={"program.py": PROGRAM})._replace(past=idle)
    stacked = proposals(told, 40)
    assert sum(each.summary.count("\n") for each in stacked) > sum(
        each.summary.count("\n") for each in changes
    )


def test_only_what_may_be_edited_is_edited():
    told = context(files={"pack.py": PROGRAM, "notes.txt": b"notes\n"})
    assert {path for change in proposals(told, 20) for path in change.files} == {"pack.py"}


def test_there_is_nothing_to_propose_where_nothing_is_parsed():
    assert Edits()(context(files={"notes.txt": b"notes\n"})) is None
    assert Edits()(context(files={})) is None
