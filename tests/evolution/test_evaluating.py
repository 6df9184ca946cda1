"""Evaluations: what passes, what a score is, what runs first, and what tries to cheat."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from repositories import Repository

from gitmerge_ai.evolution.evaluation import reading
from gitmerge_ai.evolution.evaluation.reading import Tally, scores, tally
from gitmerge_ai.evolution.evaluation.running import Evaluator
from gitmerge_ai.evolution.values import FAILING, TESTS, Evaluation, Limits, Objective, Plan

Evaluate = Callable[..., Evaluation]

PASSED = {"check.sh": "echo '3 passed in 0.1s'\n", "score.sh": "echo 3 bins, 4.5\n"}


@pytest.fixture
def evaluate(plain: Repository) -> Iterator[Evaluate]:
    """Give what evaluates files with a plan that `options` describe."""
    plain.commit("base", {"x": ""})
    made: list[Evaluator] = []

    def run(
        files: dict[str, str],
        rival: dict[str, float] | None = None,
        base: Evaluation | None = None,
        again: bool = False,
        **options: Any,
    ) -> Evaluation:
        plain.commit("next", files)
        plan = Plan("run", "", "HEAD", limits=Limits(seconds=20), **options)
        if not again:
            made.append(Evaluator(plain.path, plan, base, isolated=False))
        return made[-1].evaluate(plain.git("rev-parse", "HEAD^{tree}").strip(), rival)

    yield run
    for each in made:
        each.close()


BINS = Objective("bins", "sh score.sh", lower=True)


def test_what_passes_has_scores(evaluate: Evaluate) -> None:
    found = evaluate(PASSED, checks=("sh check.sh",), objectives=(BINS,))
    assert found.passed
    assert found.scores == {"bins": 4.5, TESTS: 3}
    assert found.seconds > 0
    assert "3 passed" in found.feedback


def test_what_fails_has_feedback_and_no_scores(evaluate: Evaluate) -> None:
    files = {**PASSED, "check.sh": "echo expected 3; echo wrong >&2; exit 1"}
    found = evaluate(files, checks=("true", "sh check.sh"), objectives=(BINS,))
    assert (found.outcome, found.scores) == ("failed", {})
    assert found.feedback == "expected 3\nwrong"


@pytest.mark.parametrize("printed", ["", "no number", "nan", '{"bins": "4"}', '{"other": 3}'])
def test_a_score_without_a_number_fails(evaluate: Evaluate, printed: str) -> None:
    found = evaluate({"score.sh": f"echo '{printed}'"}, objectives=(BINS,))
    assert found.outcome == "failed"
    assert found.feedback.startswith("no number for bins")


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1\n2\n", {"x": 2}),
        ("took 5ms: -1.5e3", {"x": -1500}),
        ("v1.2.3 42", {"x": 42}),
        ('noise\n{"x": 1, "y": 2.5, "z": "no", "b": true}', {"x": 1, "y": 2.5}),
        ("1e999", {}),
    ],
)
def test_scores(printed: str, value: dict[str, float]) -> None:
    assert scores(printed, "x") == value


@pytest.mark.parametrize(
    ("printed", "counted"),
    [
        ("..F\n=== 1 failed, 2 passed, 3 skipped in 0.2s ===\n", Tally(3, 1)),
        ("2 passed, 1 error in 0.01s", Tally(2, 1)),
        ("Found 3 errors in 2 files (checked 9 source files)", Tally(0, 3)),
        ("Ran 7 tests in 0.1s\n\nFAILED (failures=2, errors=1)", Tally(7, 3)),
        ("Ran 7 tests in 0.1s\n\nOK", Tally(7, 0)),
        ("test result: FAILED. 3 passed; 2 failed; 0 ignored", Tally(5, 2)),
        ("Tests:       2 failed, 3 passed, 5 total", Tally(5, 2)),
        ("  5 passing (8ms)", Tally(5, 0)),
        ("ok 1 - a\nnot ok 2 - b\n1..2", Tally(2, 1)),
        ("--- FAIL: TestX (0.00s)\nFAIL", Tally(1, 1)),
        ("all good", Tally(0, 0)),
    ],
)
def test_tests_are_counted(printed: str, counted: Tally) -> None:
    assert tally(printed) == counted


def test_a_check_that_runs_fewer_tests_fails(evaluate: Evaluate) -> None:
    base = evaluate(PASSED, checks=("sh check.sh",))
    for bribed in ("exit 0", "echo '2 passed in 0.1s'"):
        found = evaluate({"check.sh": bribed}, base=base, checks=("sh check.sh",))
        assert found.outcome == "failed"
    assert "1 of the tests that ran on the base" in found.feedback
    more = evaluate({"check.sh": "echo '4 passed'"}, base=base, checks=("sh check.sh",))
    assert more.passed


def test_a_repair_counts_failing_tests(evaluate: Evaluate) -> None:
    until = {"until": ("sh check.sh",)}
    base = evaluate({"check.sh": "echo '2 failed, 1 passed'; exit 1"}, **until)
    assert base.passed
    assert base.scores == {FAILING: 2, TESTS: 3}
    better = evaluate({"check.sh": "echo '1 failed, 2 passed'; exit 1"}, base=base, **until)
    assert better.scores[FAILING] == 1
    broken = evaluate({"check.sh": "echo '1 error'; exit 2"}, base=base, **until)
    assert broken.scores[FAILING] == 4
    assert evaluate({"check.sh": "exit 0"}, base=base, **until).scores[FAILING] == 3
    assert evaluate({"check.sh": "echo 3 passed"}, base=base, **until).scores[FAILING] == 0
    silent = evaluate({"check.sh": "exit 1"}, **until)
    assert silent.scores[FAILING] == 1


def test_errors_of_a_linter_are_counted(evaluate: Evaluate) -> None:
    until = {"until": ("sh check.sh",)}
    base = evaluate({"check.sh": "echo Found 5 errors.; exit 1"}, **until)
    assert base.scores == {FAILING: 5}
    better = evaluate({"check.sh": "echo Found 2 errors.; exit 1"}, base=base, **until)
    assert better.scores == {FAILING: 2}


def test_equal_behaviour(evaluate: Evaluate) -> None:
    checks = ("sh check.sh", "sh other.sh")
    files = {"check.sh": "echo took 0.12s at 0x7f01; exit 1", "other.sh": "exit 0"}
    first = evaluate(files, checks=checks)
    second = evaluate({"check.sh": "echo took 3.10s at 0x7f99; exit 1"}, checks=checks)
    other = evaluate({"check.sh": "echo failed differently; exit 1"}, checks=checks)
    assert first.behaviour == second.behaviour != other.behaviour


def test_what_turns_down_most_for_its_time_runs_first(evaluate: Evaluate) -> None:
    checks = (
        "sleep 0.05; echo slow >> $TMPDIR/../order",
        "echo x >> $TMPDIR/../order; sh check.sh",
    )
    for _ in range(3):
        found = evaluate({"check.sh": "exit 1", "n": str(_)}, checks=checks, again=_ > 0)
        assert found.outcome == "failed"
    assert found.seconds < 0.05


def test_worse_than_its_parent_in_a_quick_score_is_not_run_further(evaluate: Evaluate) -> None:
    quick = (Objective("quick", "cat quick", lower=True),)
    objectives = (Objective("bins", "cat bins", lower=True),)
    options: dict[str, Any] = {"quick": quick, "objectives": objectives}
    files = {"quick": "5", "bins": "50"}
    assert evaluate(files, rival={"quick": 5}, **options).scores == {"quick": 5, "bins": 50}
    assert evaluate({"quick": "6"}, rival={"quick": 5}, **options).outcome == "worse"
    assert evaluate({"quick": "7"}, **options).passed


def test_scores_that_are_not_clearly_worse_are_measured_again(
    evaluate: Evaluate, tmp_path: Path
) -> None:
    log = tmp_path / "runs"
    code = (
        "import os; f = os.environ['TMPDIR'] + '/n'; n = os.path.exists(f) and int(open(f).read());"
    )
    code += f"open(f, 'w').write(str(n + 1)); open('{log}', 'a').write('run '); "
    code += "print([10, 11, 9.5][n % 3])"
    objective = Objective("time", f'{sys.executable} -c "{code}"', lower=True)
    options: dict[str, Any] = {"objectives": (objective,), "repeats": 3}
    assert evaluate({"n": "1"}, **options).scores == {"time": 10}  # the median
    assert log.read_text() == "run " * 3
    evaluate({"n": "2"}, rival={"time": 1}, again=True, **options)
    assert log.read_text() == "run " * 4
    evaluate({"n": "3"}, rival={"time": 10.5}, again=True, **options)
    assert log.read_text() == "run " * 7
    evaluate({"n": "4"}, rival={"time": 100}, again=True, **options)
    assert log.read_text() == "run " * 10


def test_what_chance_may_have_made_is_not_better(evaluate: Evaluate) -> None:
    code = (
        "import os; f = os.environ['TMPDIR'] + '/m'; n = os.path.exists(f) and int(open(f).read());"
        "open(f, 'w').write(str(n + 1)); print([100, 104, 97][n % 3])"
    )
    objective = Objective("time", f'{sys.executable} -c "{code}"', lower=True)
    options: dict[str, Any] = {"objectives": (objective,), "repeats": 3}
    assert evaluate({"n": "1"}, **options).scores == {"time": 100}
    for rival, told in ((105, 105), (107, 107), (110, 100), (96, 100), (150, 100)):
        found = evaluate({"n": str(rival)}, rival={"time": rival}, again=True, **options)
        assert found.scores == {"time": told}


def test_commands_cannot_touch_what_later_ones_read(evaluate: Evaluate) -> None:
    checks = ("echo 'echo 0' > score.sh; touch built",)
    score = BINS._replace(command="ls; sh score.sh")
    found = evaluate(PASSED, checks=checks, objectives=(score,))
    assert found.scores == {"bins": 4.5}


def test_endless_loops_end_as_the_base_s_time_says(evaluate: Evaluate) -> None:
    base = Evaluation("passed", seconds=0.01)
    found = evaluate({"check.sh": "sleep 20"}, base=base, checks=("sh check.sh",))
    assert found.outcome == "timeout"
    assert found.seconds < 5


def test_feedback_is_the_end() -> None:
    text = reading.feedback("x" * 10_000, "the end")
    assert text.endswith("the end")
    assert len(text) == reading.FEEDBACK
