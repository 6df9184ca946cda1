"""The beginning of a run: the unchanged repository is evaluated, and what is wrong is said.

An evaluator that fails on the base, or that does not notice when the code is gone, would let a run
waste its whole budget. What the base's tests run or spend time in is found out here, too, once for
all workers, and kept as an event on the base.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pygit2

from gitmerge_ai.evolution.evaluation.confinement import editable
from gitmerge_ai.evolution.evaluation.running import Evaluator
from gitmerge_ai.evolution.files import TreeFiles
from gitmerge_ai.evolution.graph import Event, Graph, Move, Record, event
from gitmerge_ai.evolution.graph.beginning import commit_named
from gitmerge_ai.evolution.operators import localisation
from gitmerge_ai.evolution.selection import STRATEGIES
from gitmerge_ai.evolution.selection.strategy import BEST
from gitmerge_ai.evolution.values import FAILING, Evaluation, Plan
from gitmerge_ai.repository.index import open_repository
from gitmerge_ai.repository.trees import with_files

SUSPECTS = "suspects"
"""The event on the base that holds which lines are worth changing."""

MOST_LINES = 4000
"""Suspect lines that are kept, the most suspect."""

RECORDING = 30.0
"""Seconds that finding suspect lines may take."""


class Broken(Exception):
    """A run with this plan makes no sense; the message says why, and what to do."""


def resolved(folder: Path, plan: Plan) -> Plan:
    """Give a plan with its base as the name of a commit.

    Args:
        folder: in the repository.
        plan: its base may be named in any way git knows.

    Raises:
        GraphError: there is no such commit.
        Broken: nothing of it may be edited.
    """
    repository = open_repository(folder)
    base = commit_named(repository, plan.base)
    if not TreeFiles(repository, str(base.tree_id), editable(plan)):
        raise Broken(
            "there is nothing to edit: no file outside the tests is in a language that is parsed "
            "and not named by a command; name what may be edited with --path"
        )
    return plan._replace(base=str(base.id))


def examine(folder: Path, plan: Plan, evaluator: Evaluator) -> Evaluation:
    """Evaluate the unchanged repository, and once more with the code taken away.

    Args:
        folder: in the repository.
        plan: of the run, its base resolved.
        evaluator: of that plan.

    Raises:
        Broken: a command fails, or gives no number, or does not notice that the code is gone.
    """
    repository = open_repository(folder)
    tree = repository[plan.base].peel(pygit2.Tree)
    found = evaluator.evaluate(str(tree.id))
    if not found.passed:
        said = " ".join(found.feedback.split())[-200:] or "it prints nothing"
        raise Broken(f"the unchanged repository does not pass ({found.outcome}): {said}")
    if plan.until and not found.scores.get(FAILING):
        raise Broken(f"there is nothing to mend: {plan.until[0]} passes already")
    code = TreeFiles(repository, str(tree.id), editable(plan))
    gone = evaluator.evaluate(with_files(repository, tree, dict.fromkeys(code, b"")))
    if gone.passed and (gone.scores, gone.behaviour) == (found.scores, found.behaviour):
        raise Broken(
            "the commands give the same when all that may be edited is emptied: perhaps they run "
            "an installed copy, or --path names the wrong files"
        )
    return found


def populate(graph: Graph, evaluation: Evaluation, agents: list[str], *more: Event) -> None:
    """Record how the base did, and let it be the first of the population.

    Args:
        graph: of the run.
        evaluation: of the base.
        agents: their names.
        more: events on the base.
    """
    base = Record(graph.base, evaluation)
    places = STRATEGIES[graph.plan.strategy].places(graph, base, agents)
    moves = [Move(BEST, None, graph.base.commit), *places]
    graph.record(graph.base, evaluation, more, moves)


def suspects(evaluator: Evaluator) -> Event:
    """Find the lines that failing tests run, or where the time goes, and give an event of them.

    Args:
        evaluator: its worktree is at the base.
    """
    plan = evaluator.plan
    evaluator.worktree.bring(evaluator.worktree.tree)
    place = evaluator.worktree.place
    folder = place.tmp / "spectra"
    spectra = []
    commands = plan.until or [each.command for each in plan.objectives]
    for command in commands:
        folder.mkdir(exist_ok=True)
        root = place.shown if evaluator.sandbox.isolated else place.tree
        extra = localisation.prepare(folder, root, RECORDING)
        limits = plan.limits._replace(seconds=min(plan.limits.seconds, 2 * RECORDING))
        ran = evaluator.sandbox.run(
            command, limits, disk_before=evaluator.worktree.size, extra=extra
        )
        spectra += localisation.recorded(folder, ran.outcome == "passed")
    found = localisation.ochiai(spectra) if plan.until else localisation.cost(spectra)
    return event(SUSPECTS, lines=_fewer(found, editable(plan)))


def _fewer(
    found: localisation.Suspicion, wanted: Callable[[str], bool]
) -> dict[str, dict[str, float]]:
    """Keep the most suspect lines of what may be edited, as JSON can hold them."""
    lines = sorted(
        (
            (value, path, line)
            for path, by_line in found.items()
            for line, value in by_line.items()
            if wanted(path)
        ),
        key=lambda each: (-each[0], *each[1:]),
    )
    kept: dict[str, dict[str, float]] = {}
    for value, path, line in lines[:MOST_LINES]:
        kept.setdefault(path, {})[str(line)] = round(value, 3)
    return kept


def suspicion(base: Record) -> localisation.Suspicion:
    """Read which lines are worth changing.

    Args:
        base: the record of the base.
    """
    found: Mapping[str, Mapping[int, float]] = {}
    for each in base.all(SUSPECTS):
        lines = each.get("lines")
        if isinstance(lines, dict):
            found = dict(_read(lines))
    return found


def _read(lines: Mapping[str, object]) -> Iterator[tuple[str, dict[int, float]]]:
    for path, by_line in lines.items():
        if isinstance(by_line, dict):
            numbers = {line: value for line, value in by_line.items() if str(line).isdigit()}
            yield path, {int(line): float(value) for line, value in numbers.items()}
