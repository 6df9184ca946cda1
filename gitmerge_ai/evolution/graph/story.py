"""How an individual came about, in the words of a commit message."""

from collections.abc import Iterator, Sequence
from textwrap import fill

from gitmerge_ai.evolution.graph.lineage import ancestors
from gitmerge_ai.evolution.graph.records import Record, objectives
from gitmerge_ai.evolution.graph.state import Graph
from gitmerge_ai.evolution.values import TESTS, Evaluation
from gitmerge_ai.text.printable import one_line

STEPS = 30
"""Steps of the way that are told, the last ones."""

WIDTH = 72


def story(graph: Graph, record: Record) -> str:
    """Tell what was wanted, what an individual scores, and the steps to it.

    Args:
        graph: of the run.
        record: of the individual.
    """
    goal = one_line(graph.plan.goal) or one_line(record.individual.summary) or graph.run
    goal = goal[:1].upper() + goal[1:]
    subject = goal if len(goal) <= WIDTH else goal[: WIDTH - 1].rpartition(" ")[0] + " …"
    parts = (
        [subject],
        [fill(goal, WIDTH)] if subject != goal else [],
        _outcome(graph, record),
        _steps(graph, record),
        [fill(f"{one_line(each.text)}{_by(each.by)}", WIDTH, initial_indent="> ")
         for each in graph.comments(record.individual.commit)],
        _trailers(graph, record),
    )  # fmt: skip
    return "\n\n".join("\n".join(part) for part in map(list, parts) if part) + "\n"


def scores(evaluation: Evaluation | None) -> str:
    """Say how an individual did: its scores, or why it has none."""
    if evaluation is None:
        return "not evaluated"
    return (
        (", ".join(_numbers(evaluation)) or "passed") if evaluation.passed else evaluation.outcome
    )


def _outcome(graph: Graph, record: Record) -> list[str]:
    plan, found = graph.plan, record.evaluation
    before = graph.individuals[plan.base].evaluation
    lines = [] if found and found.passed else [f"It did not pass: {scores(found)}."]
    for name, lower in objectives(plan) if found and found.passed else ():
        was = f"{before.scores[name]:.10g}" if before and name in before.scores else "unknown"
        now = f"{found.scores[name]:.10g}" if found and name in found.scores else "unknown"
        lines.append(f"{name}: {now}, from {was} ({'less' if lower else 'more'} is better).")
    if found and found.passed and plan.checks:
        lines.append(fill(f"These checks hold: {'; '.join(map(one_line, plan.checks))}.", WIDTH))
    if plan.validate:
        held_out = record.validation
        said = "were not run" if held_out is None else f"say: {scores(held_out)}"
        lines.append(f"The held-out checks {said}.")
    return lines


def _steps(graph: Graph, record: Record) -> Iterator[str]:
    known = graph.individuals
    way: Sequence[Record] = [known[each] for each in ancestors(known, record.individual.commit)]
    way = sorted(way, key=lambda each: (each.individual.generation, each.time))[1:]
    yield fill(f"The way there, of {len(known) - 1:,} individuals in the run:", WIDTH)
    if len(way) > STEPS:
        yield f"- {len(way) - STEPS:,} earlier steps"
    for each in way[-STEPS:]:
        one = each.individual
        what = one_line(one.summary) or one.operator
        said = (
            f"- {one.commit[:10]} {what} ({one.operator}, {one.agent}; {scores(each.evaluation)})"
        )
        yield fill(one_line(said), WIDTH, subsequent_indent="  ", break_long_words=False)


def _trailers(graph: Graph, record: Record) -> Iterator[str]:
    yield f"Gitmerge-ai-run: {graph.run}"
    yield f"Gitmerge-ai-commit: {record.individual.commit}"
    for number in _numbers(record.evaluation) if record.evaluation else ():
        yield one_line(f"Gitmerge-ai-score: {number}")


def _numbers(evaluation: Evaluation) -> list[str]:
    """Write the scores; how many tests ran is not one."""
    return [f"{name} {score:.10g}" for name, score in evaluation.scores.items() if name != TESTS]


def _by(who: str) -> str:
    return f" ({one_line(who)})" if who else ""
