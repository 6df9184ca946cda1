"""What is known of an individual: the fold of its events, and which of two is better."""

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

from gitmerge_ai.evolution.graph.events import Event, event, is_number
from gitmerge_ai.evolution.values import FAILING, Evaluation, Individual, Plan

DECISIONS = ("promoted", "pruned")
"""Events of what people decided; the last one counts."""


class Comment(NamedTuple):
    """What somebody said of an individual. by: "" where that is not known."""

    text: str
    by: str
    time: float


class Placing(NamedTuple):
    """A move of a ref of the population, as the notes tell it. Of one ref, a later one is greater.

    was, now: commits, "" where there is no ref.
    """

    ref: str
    move: int
    time: float
    was: str
    now: str


class Record(NamedTuple):
    """An individual, how it did when it last ran, and all its events in the order of their time."""

    individual: Individual
    evaluation: Evaluation | None = None
    events: tuple[Event, ...] = ()

    @property
    def time(self) -> float:
        """When it was made, in seconds since 1970."""
        return next((float(each["time"]) for each in self.all("born")), 0.0)

    @property
    def validation(self) -> Evaluation | None:
        """How it did on what it was not selected by; `None` where that was not tried."""
        return _latest(self.all("validated"))

    @property
    def comments(self) -> tuple[Comment, ...]:
        """What was said of it, oldest first."""
        return tuple(
            Comment(str(each.get("text", "")), str(each.get("by", "")), float(each["time"]))
            for each in self.all("comment")
        )

    @property
    def decision(self) -> str:
        """What a person decided last: "promoted", "pruned", or "" for nothing."""
        kinds = (str(each["event"]) for each in reversed(self.events))
        return next((kind for kind in kinds if kind in DECISIONS), "")

    @property
    def spent(self) -> tuple[int, float]:
        """The tokens and the money that went into it."""
        spent = self.all("spent")
        return (
            int(sum(_number(each.get("tokens")) for each in spent)),
            sum(_number(each.get("money")) for each in spent),
        )

    @property
    def placings(self) -> tuple[Placing, ...]:
        """How it came into the population, and out of it."""
        placed = {"placed": self.individual.commit, "removed": ""}
        return tuple(
            Placing(
                str(each.get("ref", "")),
                each["move"],
                float(each["time"]),
                str(each.get("was", "")),
                placed[each["event"]],
            )
            for each in self.events
            if each["event"] in placed and type(each.get("move")) is int
        )

    def all(self, kind: str) -> list[Event]:
        """Give its events of a kind, oldest first."""
        return [each for each in self.events if each["event"] == kind]


def born(individual: Individual) -> Event:
    """Give the event of an individual's birth; its commit says the rest."""
    facts = individual._asdict()
    for name in ("commit", "tree", "parents"):
        del facts[name]
    return event("born", **facts)


def ran(evaluation: Evaluation, kind: str = "scored") -> Event:
    """Give the event of an evaluation: "scored" or "validated"."""
    return event(kind, **{**evaluation._asdict(), "scores": dict(evaluation.scores)})


def individual(
    commit: str, tree: str, parents: tuple[str, ...], events: Iterable[Event]
) -> Individual | None:
    """Give the individual that a commit is, `None` if it was not born in this run.

    Args:
        commit, tree, parents: of the individual.
        events: in the order of their time.
    """
    for each in events:
        if each["event"] == "born" and (facts := _facts(each)) is not None:
            return Individual(commit, tree, parents, **facts)
    return None


def fold(individual: Individual, events: tuple[Event, ...]) -> Record:
    """Put together what is known of an individual.

    Args:
        individual: that it is about.
        events: in the order of their time.
    """
    return Record(individual, _latest(one for one in events if one["event"] == "scored"), events)


def objectives(plan: Plan) -> tuple[tuple[str, bool], ...]:
    """Name what a run optimises, the most important first, and whether less of it is better."""
    failing = ((FAILING, True),) if plan.until else ()
    return (*failing, *((each.name, each.lower) for each in plan.objectives))


def merit(plan: Plan, evaluation: Evaluation | None) -> tuple[float, ...]:
    """Give what sorts evaluations: a better one is greater, one that did not pass the least.

    Args:
        plan: of the run; its first objective counts first.
        evaluation: `None` for what did not run.
    """
    if evaluation is None or not evaluation.passed:
        return (0.0,)
    return (1.0, *(_signed(evaluation, *each) for each in objectives(plan)))


def standing(plan: Plan, record: Record) -> tuple[float, ...]:
    """Give what sorts records: by merit, and of equals the one that is nearer to the base's length.

    What does nothing is in the way of every later edit (Luke and Panait, "Lexicographic parsimony
    pressure", 2002).

    Args:
        plan: of the run.
        record: of an individual.
    """
    return (*merit(plan, record.evaluation), -abs(record.individual.grown))


def rank(plan: Plan, record: Record) -> tuple[tuple[float, ...], str]:
    """Give what sorts records by their standing, and where that is equal by name, so that all who
    compare decide alike.

    Args:
        plan: of the run.
        record: of an individual.
    """
    return standing(plan, record), record.individual.commit


def _signed(evaluation: Evaluation, name: str, lower: bool) -> float:
    score = evaluation.scores.get(name, math.nan)
    return -math.inf if math.isnan(score) else -score if lower else score


def _facts(event: Event) -> dict[str, Any] | None:
    try:
        return {
            "generation": int(event["generation"]),
            "island": int(event["island"]),
            "grown": int(event.get("grown", 0)),
            **{name: str(event[name]) for name in ("agent", "operator", "summary")},
        }
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _latest(events: Iterable[Event]) -> Evaluation | None:
    for each in reversed(list(events)):
        scores = each.get("scores", {})
        if isinstance(scores, dict) and all(map(is_number, scores.values())):
            return Evaluation(
                str(each.get("outcome", "")),
                {name: float(score) for name, score in scores.items()},
                str(each.get("behaviour", "")),
                _number(each.get("seconds")),
                str(each.get("feedback", "")),
            )
    return None


def _number(value: object) -> float:
    return float(value) if is_number(value) and math.isfinite(value) else 0.0
