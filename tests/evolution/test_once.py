"""No tree that is known is evaluated again: whoever makes it, from which parent, wherever."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from repositories import Repository
from toys import FILES, PROGRAM

from gitmerge_ai.evolution.graph import Graph
from gitmerge_ai.evolution.graph.remote import Shared, bring
from gitmerge_ai.evolution.running import RunEvent, begin
from gitmerge_ai.evolution.values import AgentPlan, Change, Evaluation, Objective, Plan
from gitmerge_ai.evolution.working import Job, Worker

PLAN = Plan(
    "run",
    "less",
    "HEAD",
    objectives=(Objective("score", "python -S score.py", lower=True),),
    agents=(AgentPlan("edits", "", 2),),
    crossover=0.0,
)

BETTER = PROGRAM.replace("100", "0")

pytestmark = pytest.mark.usefixtures("temporary")


def heard(event: RunEvent) -> None:
    """Hear of a warning, and do nothing."""


@contextmanager
def opened(repository: Repository, number: int, program: str = BETTER) -> Iterator[Worker]:
    """Open a worker as a process of its own does, with an agent that proposes one program."""
    worker = Worker(Job(repository.path, "run", number, 2, 60.0, isolated=False))
    change = Change({"program.py": program.encode()}, f"of worker {number}", f"By {number}")
    worker.agents = [each._replace(agent=lambda context: change) for each in worker.agents]
    try:
        yield worker
    finally:
        worker.close()


def evaluated(worker: Worker) -> list[str]:
    """Let a worker take a turn, and give the trees that it evaluated."""
    trees = []
    evaluate = worker.evaluator.evaluate

    def watched(tree: str, rival: dict[str, float] | None = None) -> Evaluation:
        trees.append(tree)
        return evaluate(tree, rival)

    worker.evaluator.evaluate = watched  # type: ignore[method-assign, assignment]
    worker.learnt.take(worker.graph.refresh())
    worker._turn()
    return trees


@pytest.fixture
def begun(plain: Repository) -> Repository:
    """Begin a run and let its first worker make a child."""
    plain.commit("base", dict(FILES))
    begin(plain.path, PLAN, heard, isolated=False)
    with opened(plain, 0) as worker:
        assert len(evaluated(worker)) == 1
        assert evaluated(worker) == []
    return plain


def test_not_by_another_worker_nor_after_a_resume(begun: Repository) -> None:
    for number in (0, 1):
        with opened(begun, number) as worker:
            assert evaluated(worker) == []


def test_not_from_another_parent(begun: Repository) -> None:
    for program in (PROGRAM, BETTER):
        with opened(begun, 1, program) as worker:
            # Whoever the parent is, the tree is the base's or the first child's.
            assert {evaluated(worker) == [] for _ in range(8)} == {True}
            assert len(worker.graph.individuals) == 2


def test_not_in_another_clone(begun: Repository, tmp_path: Path) -> None:
    remote = Repository.init(tmp_path / "remote", "--bare")
    begun.git("push", "-q", str(remote.path), "main")
    Repository(tmp_path).git("clone", "-q", "-b", "main", str(remote.path), "second")
    second = Repository(tmp_path / "second")
    graph = Graph.open(begun.path, "run")
    Shared(graph, str(remote.path)).sync()
    graph.close()
    bring(second.path, "origin", "run")
    with opened(second, 1) as worker:
        assert evaluated(worker) == []


def test_not_even_where_proposals_are_voted_on(plain: Repository) -> None:
    plain.commit("base", dict(FILES))
    begin(plain.path, PLAN._replace(vote="behaviour:3"), heard, isolated=False)
    with opened(plain, 0) as worker:
        assert len(evaluated(worker)) == 1
        assert len(worker.graph.individuals) == 2
