"""Whole runs, by real processes: what comes of them, and what they leave as it was."""

import signal
import time
from pathlib import Path

import pytest
from repositories import Repository, gitmerge_ai
from toys import MEND, OPTIMISE, evolve, left_behind, sound, start, toy, untouched

from gitmerge_ai.evolution.graph import Graph

NONE = ("--sandbox", "none")

pytestmark = pytest.mark.usefixtures("temporary")


def test_a_run_and_what_it_leaves(plain: Repository, temporary: Path) -> None:
    before = untouched(toy(plain))
    events = evolve(plain, "run", *OPTIMISE, "--agents", "2", "--evaluations", "16", "--name", "r")
    assert untouched(plain) == before
    assert sound(plain)
    assert not left_behind(temporary)
    first, *children, last = [each for each in events if each["event"] != "warning"]
    assert (first["event"], last["event"]) == ("began", "ended")
    assert first["base_scores"] == {"tests": 1, "score": 542}
    assert 16 <= last["evaluations"] == len(children) <= 17
    assert last["reason"] == "the budget of evaluations is spent"
    graph = Graph.open(plain.path, "r")
    assert {each["commit"] for each in children} == set(graph.individuals) - {graph.plan.base}
    best = graph.individuals[graph.best or ""]
    assert best.evaluation
    assert best.evaluation.scores == last["scores"]
    assert last["scores"]["score"] < 542
    assert last["scores"]["score"] == min(each["scores"].get("score", 542) for each in children)
    trees = [each.individual.tree for each in graph.individuals.values()]
    assert len(set(trees)) == len(trees)
    graph.close()
    message = plain.git("log", "-1", "--format=%B", last["best"])
    assert f"Gitmerge-ai-score: score {last['scores']['score']:g}" in message.splitlines()
    assert {"program.py"} == {
        name
        for each in children
        for name in plain.git("diff", "--name-only", each["commit"], "HEAD").split()
    }


def test_a_repair_ends_when_all_tests_pass(plain: Repository) -> None:
    toy(plain)
    plain.commit("less wrong", {"program.py": MENDABLE})
    events = evolve(plain, "run", *MEND, "--agents", "2", "--minutes", "5", "--validate", "exit 0")
    last = events[-1]
    assert last["reason"] == "every test passes"
    assert last["scores"]["failing"] == 0
    [best] = [each for each in events if each.get("commit") == last["best"]]
    assert "validated" in plain.git("notes", "--ref=gitmerge-ai/1", "show", best["commit"])


MENDABLE = """\
def total(numbers):
    found = 0
    for number in numbers:
        found = found - number
    return found
"""
"""One of the likeliest edits mends it."""


def test_who_fails_the_held_out_check_is_not_the_best(plain: Repository) -> None:
    toy(plain)
    options = ("--agents", "1", "--evaluations", "8", "--validate", "exit 1", *NONE)
    last = evolve(plain, "run", *OPTIMISE, *options)[-1]
    assert last["best"] == plain.git("rev-parse", "HEAD").strip()


BROKEN = {
    "does not pass (failed): this is wrong": ("--check", "echo this is wrong; exit 1"),
    "no number for score": ("--score", "echo nothing"),
    "there is nothing to edit": ("--score", "echo 1", "--path", "nowhere"),
    "nothing to mend: true passes already": ("--until", "true"),
    "when all that may be edited is emptied": ("--score", "echo 1"),
    "give --score or --until": (),
    "is no agent": ("--score", "x", "--agent", "wizard:3"),
    "no endpoint is configured": ("--score", "python -S score.py", "--agent", "endpoint:m"),
    "there is no commit nothing": ("--score", "echo 1", "--base", "nothing"),
    "is no way to vote": ("--score", "echo 1", "--vote", "loud"),
}


@pytest.mark.parametrize("words", BROKEN)
def test_what_cannot_work_is_said_before_anything_starts(plain: Repository, words: str) -> None:
    before = untouched(toy(plain))
    score = ("--score", "python -S score.py") if words.startswith("does not") else ()
    arguments = ("evolve", "run", "--goal", "x", *BROKEN[words], *score, *NONE)
    done = gitmerge_ai(*arguments, cwd=plain.path)
    assert done.returncode == 2
    *_, line = done.stderr.decode().splitlines()
    assert words in line
    assert untouched(plain) == before
    assert not plain.git("for-each-ref", "refs/gitmerge-ai", "refs/notes").split()


def test_says_once_that_code_is_not_isolated(plain: Repository) -> None:
    toy(plain)
    events = evolve(plain, "run", *OPTIMISE, "--evaluations", "2", "--agents", "1", *NONE)
    [warning] = [each for each in events if each["event"] == "warning"]
    assert "not isolated" in warning["text"]


def test_lines_where_there_is_no_terminal(plain: Repository) -> None:
    toy(plain)
    options = ("--agents", "1", "--evaluations", "5", *NONE)
    done = gitmerge_ai("evolve", "run", *OPTIMISE, *options, cwd=plain.path)
    first, *_, last = done.stdout.decode().splitlines()
    assert first.startswith("began run 1, 1 worker, base score 542")
    assert last.startswith("the budget of evaluations is spent: ")
    assert b"\x1b" not in done.stdout


def test_a_program_as_agent_and_evogit(plain: Repository) -> None:
    toy(plain)
    program = "command:sed -i s/100/$(od -An -N1 -i /dev/urandom | tr -d ' ')/ program.py"
    options = ("--agent", program, "--agent", "edits:1", "--strategy", "evogit", *NONE)
    events = evolve(plain, "run", *OPTIMISE, *options, "--evaluations", "8")
    assert {"command-1", "edits-1"} <= {each.get("agent") for each in events}
    refs = plain.git("for-each-ref", "--format=%(refname)", "refs/gitmerge-ai/").split()
    assert {"agent=command-1", "agent=edits-1"} <= {ref.rpartition("/")[2] for ref in refs}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ends_cleanly_on_a_signal(
    plain: Repository, temporary: Path, number: int, code: int
) -> None:
    before = untouched(toy(plain))
    with start(plain, "run", *OPTIMISE, "--agents", "2") as running:
        running.send_signal(number)
        running.communicate()
        assert running.returncode == code
    assert not left_behind(temporary)
    assert untouched(plain) == before
    assert sound(plain)


def test_stop_ends_it(plain: Repository, temporary: Path) -> None:
    toy(plain)
    with start(plain, "run", *OPTIMISE, "--agents", "1", *NONE) as running:
        assert not gitmerge_ai("evolve", "stop", cwd=plain.path).returncode
        output, _ = running.communicate()
        assert running.returncode == 0
    assert b'"it was stopped"' in output.splitlines()[-1]
    assert not left_behind(temporary)


@pytest.mark.parametrize("delay", [0.0, 0.2])
def test_goes_on_after_it_was_killed(plain: Repository, temporary: Path, delay: float) -> None:
    before = untouched(toy(plain))
    with start(plain, "run", *OPTIMISE, "--agents", "2", "--evaluations", "12") as running:
        time.sleep(delay)
        running.kill()
    assert gone_but_folders(temporary)
    graph = Graph.open(plain.path, "1")
    known, best = set(graph.individuals), graph.best
    graph.close()
    assert len(known) > 2
    last = evolve(plain, "resume")[-1]
    assert last["evaluations"] >= 12
    graph = Graph.open(plain.path, "1")
    assert known <= set(graph.individuals)
    merit = {name: graph.individuals[name].evaluation for name in (best, graph.best) if name}
    scores = [each.scores["score"] for each in merit.values() if each]
    assert scores[-1] <= scores[0]
    graph.close()
    assert not left_behind(temporary)
    assert untouched(plain) == before
    assert sound(plain)


def gone_but_folders(temporary: Path) -> bool:
    """Wait until no process of a run is left; its folders go when it is resumed."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if all(name.startswith("gitmerge-ai-evolve-") for name in left_behind(temporary)):
            return True
        time.sleep(0.05)
    return False
