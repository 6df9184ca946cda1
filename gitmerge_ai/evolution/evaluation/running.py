"""Evaluates trees: checks that all must pass, then the numbers that a run optimises.

What is likely to turn a candidate down for little time runs first. A score that is close to the
rival's is measured again, where the plan says so, and the median counts; it counts as the rival's
where only chance may make it better, else many small strokes of luck would add up. It is also here
that a command is caught that "passes" by running fewer tests than it ran on the base.
"""

import statistics
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from gitmerge_ai.evolution.evaluation import reading
from gitmerge_ai.evolution.evaluation.sandbox import Ran, Sandbox
from gitmerge_ai.evolution.evaluation.worktree import Worktree
from gitmerge_ai.evolution.values import FAILING, TESTS, Evaluation, Objective, Plan

PATIENCE = 4.0
"""Times as long as on the base a command may take, and a second: a loop without end costs less."""

NOISE = 0.05
"""The share by which measurements are taken to differ until it is known."""


class _Filter(NamedTuple):
    """A command that can turn a candidate down: a check, or a quick score."""

    command: str
    quick: Objective | None = None


class _Record:
    """What a filter took and how often it turned a candidate down."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.ran = 0
        self.turned_down = 0

    def add(self, seconds: float, turned_down: bool) -> None:
        self.seconds += seconds
        self.ran += 1
        self.turned_down += turned_down

    def price(self) -> float:
        """Seconds for each candidate it turns down; who ran never keeps its place at the front."""
        return self.seconds / (self.turned_down + 0.5) if self.ran else 0.0


class Evaluator:
    """Evaluates one tree after the other in a worktree of its own, until it is closed."""

    def __init__(
        self,
        repository: Path,
        plan: Plan,
        base: Evaluation | None = None,
        isolated: bool | None = None,
    ) -> None:
        """Make the worktree.

        Args:
            repository: the user's.
            plan: of the run.
            base: what the unchanged repository gave, where that is known.
            isolated: as for `Sandbox`.

        Raises:
            WorktreeError: the worktree cannot be made.
        """
        self.plan = plan
        self.base = base
        self.worktree = Worktree(repository, plan.base, plan.name)
        self.sandbox = Sandbox(self.worktree.place, isolated=isolated)
        checks = [_Filter(command) for command in plan.checks]
        self._filters = [*(_Filter(each.command, each) for each in plan.quick), *checks]
        self._records = {each: _Record() for each in self._filters}
        self._is_clean = False
        self._noise = NOISE
        self._spreads: list[float] = []

    def close(self) -> None:
        """End what runs and remove the worktree."""
        self.sandbox.close()
        self.worktree.close()

    def evaluate(self, tree: str, rival: Mapping[str, float] | None = None) -> Evaluation:
        """Run all that the plan says on a tree.

        Args:
            tree: its object name.
            rival: the scores of the one that it has to beat.

        Raises:
            WorktreeError: the worktree cannot be written.
            SandboxError: commands cannot be run.
        """
        self._bring(tree)
        return _Evaluating(self, rival or {}).result()

    def validate(self, tree: str) -> Evaluation:
        """Run the held-out checks on a tree.

        Args:
            tree: its object name.

        Raises:
            WorktreeError, SandboxError: as for `evaluate`.
        """
        self._bring(tree)
        seconds = 0.0
        for command in self.plan.validate:
            ran = self.run(command, known=False)
            seconds += ran.seconds
            if ran.outcome != "passed":
                feedback = reading.feedback(ran.output, ran.errors)
                return Evaluation(ran.outcome, seconds=seconds, feedback=feedback)
        return Evaluation("passed", seconds=seconds)

    def _bring(self, tree: str) -> None:
        self.worktree.bring(tree)
        self._is_clean = True

    def run(self, command: str, *, known: bool = True) -> Ran:
        """Run a command on the tree that the worktree is at.

        Args:
            command: for the shell.
            known: whether it ran on the base, too, so that its time is known.
        """
        if not self._is_clean:
            self.worktree.restore(untracked=False)
        self._is_clean = False
        limits = self.plan.limits
        if known and self.base and self.base.seconds:
            seconds = min(limits.seconds, PATIENCE * self.base.seconds + 1)
            limits = limits._replace(seconds=seconds)
        return self.sandbox.run(command, limits, disk_before=self.worktree.size)

    def filters(self) -> Iterator[_Filter]:
        """Give the filters, first those that turn most down for their time."""
        yield from sorted(self._filters, key=lambda each: self._records[each].price())

    def took(self, each: _Filter, seconds: float, turned_down: bool) -> None:
        """Remember what a filter took."""
        self._records[each].add(seconds, turned_down)

    def measure_again(self, value: float, rival: float | None, lower: bool) -> bool:
        """Whether chance may have made a score as good as this: all but those clearly worse.

        Of many measured once the best would be the luckiest.

        Args:
            value: the score.
            rival: the score to beat, if there is one.
            lower: whether lower is better.
        """
        if self.plan.repeats < 2 or rival is None:
            return self.plan.repeats > 1 and not self._spreads
        behind = value - rival if lower else rival - value
        return behind <= self._chance(value, rival)

    def without_luck(self, value: float, rival: float | None, lower: bool) -> float:
        """Give a score that was measured again; the rival's where only chance may make it better.

        Args:
            value: the score.
            rival: the score to beat, if there is one.
            lower: whether lower is better.
        """
        ahead = 0.0 if rival is None else rival - value if lower else value - rival
        return rival if rival is not None and 0 < ahead <= self._chance(value, rival) else value

    def _chance(self, value: float, rival: float) -> float:
        return 2 * self._noise * max(abs(value), abs(rival))

    def saw(self, values: list[float]) -> None:
        """Learn from repeated measurements how much they differ."""
        middle = statistics.median(values)
        spread = max(abs(value - middle) for value in values)
        self._spreads.append(spread / abs(middle) if middle else 0.0)
        self._noise = statistics.median(self._spreads[-20:])


class _Evaluating:
    """One evaluation as it goes on."""

    def __init__(self, evaluator: Evaluator, rival: Mapping[str, float]) -> None:
        self.evaluator = evaluator
        self.plan = evaluator.plan
        self.rival = rival
        self.seconds = 0.0
        self.scores: dict[str, float] = {}
        self.tests = 0
        self.behaviours: dict[str, str] = {}
        self.feedback = ""

    def result(self) -> Evaluation:
        """Run the filters, then the repair's tests, then the objectives, up to what fails."""
        outcome = self._filtered() or self._repaired() or self._all_tests_ran() or self._scored()
        return Evaluation(
            outcome or "passed",
            {} if outcome else dict(self.scores),
            self._behaviour(),
            self.seconds,
            self.feedback,
        )

    def _filtered(self) -> str:
        for each in self.evaluator.filters():
            ran = self._run(each.command)
            outcome = self._quick(each.quick, ran) if each.quick else self._checked(ran, each)
            self.evaluator.took(each, ran.seconds, bool(outcome))
            if outcome:
                return outcome
        return ""

    def _checked(self, ran: Ran, each: _Filter) -> str:
        self.behaviours[each.command] = _behaviour(ran)
        if ran.outcome != "passed":
            return ran.outcome
        self.tests += reading.tally(f"{ran.output}\n{ran.errors}").tests
        return ""

    def _quick(self, objective: Objective, ran: Ran) -> str:
        outcome = self._number(objective, ran)
        rival = self.rival.get(objective.name)
        if outcome or rival is None:
            return outcome
        value = self.scores[objective.name]
        return "worse" if (value > rival if objective.lower else value < rival) else ""

    def _repaired(self) -> str:
        """Count failing tests; those that ran on the base and no longer run count as failing."""
        if not self.plan.until:
            return ""
        failing = 0
        for command in self.plan.until:
            ran = self._run(command)
            self.behaviours[command] = _behaviour(ran)
            counted = reading.tally(f"{ran.output}\n{ran.errors}")
            self.tests += counted.tests
            failing += max(1, counted.failing) if ran.outcome != "passed" else 0
            if ran.outcome not in {"passed", "failed", "crashed"} and self.evaluator.base:
                return ran.outcome
        self.scores[FAILING] = failing + self._missing()
        return ""

    def _missing(self) -> int:
        base = self.evaluator.base
        return max(0, int(base.scores.get(TESTS, 0)) - self.tests) if base else 0

    def _all_tests_ran(self) -> str:
        if self.tests:
            self.scores[TESTS] = self.tests
        if self.plan.until or not self._missing():
            return ""
        self.feedback = f"{self._missing()} of the tests that ran on the base no longer run"
        return "failed"

    def _scored(self) -> str:
        for objective in self.plan.objectives:
            outcome = self._number(objective, self._run(objective.command))
            value = self.scores.get(objective.name, 0.0)
            rival = self.rival.get(objective.name)
            if not outcome and self.evaluator.measure_again(value, rival, objective.lower):
                outcome = self._repeated(objective)
            if outcome:
                return outcome
        return ""

    def _repeated(self, objective: Objective) -> str:
        values = [self.scores[objective.name]]
        for _ in range(self.plan.repeats - 1):
            outcome = self._number(objective, self._run(objective.command))
            if outcome:
                return outcome
            values.append(self.scores[objective.name])
        self.evaluator.saw(values)
        median = statistics.median(values)
        rival = self.rival.get(objective.name)
        self.scores[objective.name] = self.evaluator.without_luck(median, rival, objective.lower)
        return ""

    def _number(self, objective: Objective, ran: Ran) -> str:
        """Read a score; what went wrong, if something did."""
        if ran.outcome != "passed":
            return ran.outcome
        found = reading.scores(ran.output, objective.name)
        if objective.name not in found:
            self.feedback = f"no number for {objective.name} in what was printed:\n{self.feedback}"
            return "failed"
        self.scores.update(found)
        return ""

    def _run(self, command: str) -> Ran:
        ran = self.evaluator.run(command)
        self.seconds += ran.seconds
        if ran.outcome != "passed" or not self.feedback:
            self.feedback = reading.feedback(ran.output, ran.errors)
        return ran

    def _behaviour(self) -> str:
        in_order = (*self.plan.checks, *self.plan.until)
        return "-".join(self.behaviours.get(command, "") for command in in_order)


def _behaviour(ran: Ran) -> str:
    return reading.behaviour(ran.status, ran.outcome, f"{ran.output}\n{ran.errors}")
