"""The figures of a run: how far it has come, and what each operator and agent gave to that."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pygit2

from gitmerge_ai.evolution.graph import Graph, Record, merit, objectives, rank
from gitmerge_ai.evolution.operators.bandit import JOINT
from gitmerge_ai.evolution.values import TESTS, Individual


class Share(NamedTuple):
    """What one operator or agent did.

    passed, better, placed: how many of its children passed, were better than all their parents,
    and came into the population. best: the best scores that one of them has, "" for none.
    """

    name: str
    children: int
    passed: int
    better: int
    placed: int
    best: Mapping[str, float]


class Figures(NamedTuple):
    """A run in numbers.

    scores, base_scores: of the best individual and the base. children: all but the base. alive:
    those that may have offspring. members: of the population. began, last: in seconds since 1970.
    """

    run: str
    goal: str
    base: str
    stopped: bool
    best: str | None
    scores: Mapping[str, float]
    base_scores: Mapping[str, float]
    children: int
    passed: int
    alive: int
    members: int
    islands: int
    generations: int
    began: float
    last: float
    seconds: float
    tokens: int
    money: float
    operators: tuple[Share, ...]
    agents: tuple[Share, ...]


def figures(graph: Graph) -> Figures:
    """Count what a run has come to.

    Args:
        graph: of the run.
    """
    known = graph.individuals
    children = [each for each in known.values() if each.individual.commit != graph.plan.base]
    members = {ref for ref in graph.population if ref.startswith("island-")}
    times = [float(each["time"]) for record in known.values() for each in record.events]
    evaluations = [each.evaluation for each in known.values() if each.evaluation]
    best = known.get(graph.best or "")
    return Figures(
        run=graph.run,
        goal=graph.plan.goal,
        base=graph.plan.base,
        stopped=graph.stopped,
        best=graph.best,
        scores=scores(best),
        base_scores=scores(known[graph.plan.base]),
        children=len(children),
        passed=sum(_passed(each) for each in children),
        alive=sum(graph.alive(each.individual.commit) for each in children),
        members=len(members),
        islands=len({ref.partition("/")[0] for ref in members}),
        generations=max((each.individual.generation for each in children), default=0),
        began=known[graph.plan.base].time,
        last=max((time for time in times if time < float("inf")), default=0.0),
        seconds=sum(each.seconds for each in evaluations),
        tokens=sum(each.spent[0] for each in known.values()),
        money=sum(each.spent[1] for each in known.values()),
        operators=_shares(graph, children, lambda one: one.operator.split(JOINT)),
        agents=_shares(graph, children, lambda one: [one.agent]),
    )


def scores(record: Record | None) -> Mapping[str, float]:
    """Give the scores of an individual that passed, none for another."""
    found = record.evaluation if record else None
    return found.scores if found and found.passed else {}


def plain(value: Any) -> Any:
    """Give a value as JSON has it; a number that JSON cannot write is none."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    return list(map(plain, value)) if isinstance(value, tuple | list) else value


def as_value(graph: Graph, record: Record) -> dict[str, Any]:
    """Give all that is known of an individual as JSON has it."""
    one = record.individual
    values = {
        **one._asdict(),
        "time": record.time,
        "evaluation": record.evaluation,
        "validation": record.validation,
        "places": graph.places(one.commit),
        "decision": record.decision,
        "alive": graph.alive(one.commit),
        "better": is_better(graph, record),
        "comments": record.comments,
    }
    found: dict[str, Any] = plain(values)
    return found


def individuals(graph: Graph) -> list[dict[str, Any]]:
    """Give all individuals as JSON has them, the oldest first."""
    known = sorted(graph.individuals.values(), key=lambda each: (each.time, each.individual))
    return [as_value(graph, each) for each in known]


def diffs(graph: Graph, wanted: Sequence[Record]) -> dict[str, str]:
    """Give the changes of individuals against their first parents, by commit.

    Args:
        graph: of the run.
        wanted: whose; the base has none.
    """
    found = {}
    for each in wanted:
        one = each.individual
        trees = [
            graph.repository[name].peel(pygit2.Tree) for name in (*one.parents[:1], one.commit)
        ]
        patches = trees[0].diff_to_tree(trees[-1]) if one.parents else ()
        data = b"".join(patch.data for patch in patches if patch is not None)
        found[one.commit] = data.decode("utf-8", "replace")
    return found


def is_better(graph: Graph, record: Record) -> bool:
    """Say whether an individual did better than all its parents."""
    parents = [graph.individuals.get(each) for each in record.individual.parents]
    mine = merit(graph.plan, record.evaluation)
    return all(mine > merit(graph.plan, each.evaluation) for each in parents if each is not None)


def told(found: Mapping[str, float]) -> str:
    """Write scores on a line, "–" for none; how many tests ran is none."""
    return ", ".join(f"{k} {score:.6g}" for k, score in found.items() if k != TESTS) or "–"


def compared(graph: Graph, found: Figures) -> str:
    """Say in words what the best individual scores, and what the base did."""
    parts = [
        f"{name} {found.scores[name]:.6g} (base {found.base_scores.get(name, float('nan')):.6g}, "
        f"{'less' if lower else 'more'} is better)"
        for name, lower in objectives(graph.plan)
        if name in found.scores
    ]
    return "; ".join(parts) or told(found.scores)


def _passed(record: Record) -> bool:
    return record.evaluation is not None and record.evaluation.passed


def _shares(
    graph: Graph, children: list[Record], names: Callable[[Individual], list[str]]
) -> tuple[Share, ...]:
    """Say what each operator or agent gave; a child of several operators is one of each."""
    groups: dict[str, list[Record]] = {}
    for each in children:
        for name in names(each.individual):
            groups.setdefault(name, []).append(each)
    shares = (
        Share(
            named,
            len(group),
            sum(map(_passed, group)),
            sum(_passed(each) and is_better(graph, each) for each in group),
            sum(bool(each.placings) for each in group),
            scores(max(group, key=lambda each: rank(graph.plan, each))),
        )
        for named, group in groups.items()
    )
    return tuple(sorted(shares, key=lambda each: (-each.better, -each.children, each.name)))
