"""What a process knows of a run as a whole: what paid, what is spent, and whether it is over.

It is kept up to date record by record, and holds nothing that the graph does not.
"""

import math
from collections.abc import Iterable
from itertools import pairwise

from gitmerge_ai.evolution.agents.context import Past
from gitmerge_ai.evolution.graph import Graph, Record, objectives
from gitmerge_ai.evolution.values import FAILING, Evaluation, Plan

PAUSE = 60.0
"""Seconds between two records that still count as work; a longer pause counts as this."""


class Learnt:
    """The fold of a run's records.

    Attributes:
        past: the children so far, in the order in which this process learnt of them.
        evaluations, generation: how many there were, and the latest.
    """

    def __init__(self, graph: Graph) -> None:
        """Learn from what is there.

        Args:
            graph: of the run.
        """
        self.plan = graph.plan
        self.past: tuple[Past, ...] = ()
        self.evaluations = 0
        self.generation = 0
        self._spent: dict[str, tuple[int, float]] = {}
        self._tokens = 0
        self._money = 0.0
        self._known: dict[str, Record] = {}
        self.take(sorted(graph.individuals.values(), key=lambda each: each.time))

    def take(self, records: Iterable[Record]) -> None:
        """Learn from records that are new or changed."""
        new: list[Past] = []
        for record in records:
            commit = record.individual.commit
            is_new = commit not in self._known
            self._known[commit] = record
            tokens, money = record.spent
            before = self._spent.get(commit, (0, 0.0))
            self._spent[commit] = tokens, money
            self._tokens += tokens - before[0]
            self._money += money - before[1]
            if is_new and record.individual.parents:
                self.evaluations += 1
                self.generation = max(self.generation, record.individual.generation)
                new.append(Past(record.individual.operator, self._gain(record)))
        if new:
            self.past = (*self.past, *new)

    @property
    def seconds(self) -> float:
        """For how long the run was worked on, as far as the times of its records tell."""
        times = sorted(record.time for record in self._known.values())
        return sum(min(PAUSE, after - before) for before, after in pairwise(times))

    @property
    def spent(self) -> tuple[int, float]:
        """The tokens and the money that went into the run."""
        return self._tokens, self._money

    def is_new(self, record: Record) -> bool:
        """Whether a record is of a child that it has not learnt of."""
        return record.individual.commit not in self._known

    def mean(self, graph: Graph, members: Iterable[str]) -> float | None:
        """Give the mean of what is optimised first; `None` where nobody has a score.

        Args:
            graph: of the run.
            members: of the population.
        """
        name, _ = first_objective(self.plan)
        found = (_score(graph.individuals[each].evaluation, name) for each in members)
        scores = [score for score in found if score is not None]
        return sum(scores) / len(scores) if scores else None

    def left(self) -> tuple[int | None, float | None]:
        """Give the tokens and the money that are left; `None` where there is no bound."""
        tokens, money = self.plan.budget.tokens, self.plan.budget.money
        return (
            max(0, tokens - self._tokens) if tokens else None,
            max(0.0, money - self._money) if money else None,
        )

    def over(self, graph: Graph) -> str:
        """Say why the run is over; "" while it is not. Time is the coordinator's to watch."""
        budget = self.plan.budget
        if self._is_mended(graph):
            return "every test passes"
        used = {
            "generations": (self.generation, budget.generations),
            "evaluations": (self.evaluations, budget.evaluations),
            "tokens": (self._tokens, budget.tokens),
            "money": (self._money, budget.money),
        }
        spent = [name for name, (much, most) in used.items() if most and much >= most]
        return f"the budget of {spent[0]} is spent" if spent else ""

    def _is_mended(self, graph: Graph) -> bool:
        best = graph.individuals.get(graph.best or "")
        found = best.evaluation if best else None
        return bool(self.plan.until) and found is not None and found.scores.get(FAILING) == 0

    def _gain(self, record: Record) -> float | None:
        """Give what a child scored better than its best parent, in shares of that score."""
        name, lower = first_objective(self.plan)
        mine = _score(record.evaluation, name)
        if mine is None:
            return None
        parents = (self._known.get(parent) for parent in record.individual.parents)
        scores = [_score(each.evaluation, name) for each in parents if each]
        known = [score for score in scores if score is not None]
        if not known:
            return 0.0
        best = min(known) if lower else max(known)
        return (best - mine if lower else mine - best) / (abs(best) or 1.0)


def first_objective(plan: Plan) -> tuple[str, bool]:
    """Give the name of what a run optimises first, and whether less of it is better."""
    return objectives(plan)[0] if objectives(plan) else ("", False)


def _score(evaluation: Evaluation | None, name: str) -> float | None:
    score = evaluation.scores.get(name) if evaluation and evaluation.passed else None
    return score if score is not None and math.isfinite(score) else None
