"""What a whole turn of a worker costs, but for what it evaluates, in a run of some size.

    python benchmarks/evolve/loop.py REPOSITORY [--known N]... [--turns N] [--profile FILE]

Clones a repository, begins a run that has so many children already, and lets one worker with an
`edits` agent make more of them: parents chosen, changes made, trees written, the worktree brought
to each, messages, commits and records. Only the commands of the evaluation are not run: scores are
drawn. Prints milliseconds of CPU a child, that of git included: in all, and of this the agent's
(parsing, editing), the crossings', the worktree's and the rest, the graph's. Then what the commands
that look at a run of that size take.
"""

import cProfile
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pygit2
from overhead import git, now

from gitmerge_ai.evolution import working
from gitmerge_ai.evolution.beginning import populate
from gitmerge_ai.evolution.evaluation.worktree import Worktree
from gitmerge_ai.evolution.graph import Event, Graph, Move, events, notes, records
from gitmerge_ai.evolution.values import Change, Evaluation, Objective, Plan

FEEDBACK = "12 passed in 0.31s\n" * 20
LIVING, LASTING = 32, 100
"""Individuals of the population that is made, and how many of the children became such: as many in
a long run as in a short one, so that they differ as much."""

LOOKS = {
    "status": ["status"],
    "graph": ["graph"],
    "graph --html": ["graph", "--html", "page.html"],
    "show": ["show"],
}


class Drawing:
    """An evaluator that brings the worktree to a tree and draws what running it would give."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.worktree = Worktree(folder, plan.base, plan.name)
        self.rng = random.Random(1)
        self.seconds = 0.0

    def evaluate(self, tree: str, rival: object = None) -> Evaluation:
        """Evaluate a tree."""
        begun = time.process_time()
        self.worktree.bring(tree)
        self.seconds += time.process_time() - begun
        return drawn(self.rng)

    def close(self) -> None:
        """Remove the worktree."""
        self.worktree.close()


def drawn(rng: random.Random) -> Evaluation:
    """Give what an evaluation may give: few are better, some do not pass."""
    if rng.random() < 0.3:
        return Evaluation("failed", {}, f"b{rng.randrange(9)}", 1.0, FEEDBACK)
    score = {"score": round(100 + rng.gauss(0, 1), 3)}
    return Evaluation("passed", score, f"b{rng.randrange(9)}", 1.0, FEEDBACK)


def begun(folder: Path, known: int) -> None:
    """Begin a run and give it children, each with another line changed, as after hours of work."""
    objectives = (Objective("score", "./score", lower=True),)
    graph = Graph.create(folder, Plan("run", "benchmark", "HEAD", objectives=objectives))
    populate(graph, Evaluation("passed", {"score": 100.0}, "b", 1.0), ["edits-1"])
    rng = random.Random(0)
    paths = git(folder, "ls-files", "--", "src/*.py").splitlines()
    living = [graph.base] * LIVING
    said: dict[str, list[Event]] = {}
    for at in range(known):
        parent, path = rng.choice(living), rng.choice(paths)
        tree = graph.repository[parent.tree]
        assert isinstance(tree, pygit2.Tree)
        text = _changed(tree[path].data, at, rng)  # type: ignore[union-attr]
        change = Change({path: text}, rng.choice(("tune", "negate")), "")
        made = graph.commit([parent.commit], change, f"{at}\n", agent="edits-1", island=at % 2)
        made = made._replace(generation=parent.generation + 1)
        said[made.commit] = [records.born(made), records.ran(drawn(rng))]
        if rng.random() < LASTING / known:
            living[rng.randrange(LIVING)] = made
    _recorded(graph, said)
    places = {f"island-{at % 2}/{at}": each.commit for at, each in enumerate(living)}
    assert graph.move([Move(ref, None, commit) for ref, commit in places.items()])
    graph.close()


def _changed(text: bytes, at: int, rng: random.Random) -> bytes:
    """Change some line that ends a statement."""
    lines = text.split(b"\n")
    places = [place for place, line in enumerate(lines) if line.endswith((b")", b":", b"]"))]
    place = rng.choice(places or [0])
    lines[place] = lines[place].partition(b"  # ")[0] + b"  # %d" % at
    return b"\n".join(lines)


def _recorded(graph: Graph, said: dict[str, list[Event]]) -> None:
    """Write many births at once, with a commit of the notes for each thousand."""
    names = list(said)
    for start in range(0, len(names), 1000):
        some = names[start : start + 1000]
        store = graph.repository
        tip = store[graph.tip].peel(pygit2.Commit)
        tree = notes.add(store, tip.tree, {name: events.text(said[name]) for name in some})
        keep = [tip.id, *(pygit2.Oid(hex=name) for name in some)]
        new = store.create_commit(None, tip.author, tip.author, "many\n", tree.id, keep)
        assert graph.refs.move([Move(graph.notes_ref, graph.tip, str(new))])
        graph.refresh()


def timed(call: Callable[..., Any], spent: Counter[str], name: str) -> Callable[..., Any]:
    def answer(*arguments: Any) -> Any:
        begun = time.process_time()
        try:
            return call(*arguments)
        finally:
            spent[name] += time.process_time() - begun

    return answer


def measured(folder: Path, turns: int, profile: cProfile.Profile | None) -> str:
    """Let a worker make children, and give what one took."""
    worker = working.Worker(working.Job(folder, "run", 0, 1, 600.0))
    worker.evaluator.close()
    evaluator = worker.evaluator = Drawing(folder, worker.plan)
    spent: Counter[str] = Counter()
    worker.agents = [
        each._replace(agent=timed(each.agent, spent, "agent")) for each in worker.agents
    ]
    plain, working.crossed = working.crossed, timed(working.crossed, spent, "crossing")
    try:
        take(worker, 10)  # what is read once for all turns
        spent.clear()
        evaluator.seconds = 0.0
        worker.graph.close()  # counts the git that served so far
        start, before = now(), worker.learnt.evaluations
        if profile:
            profile.enable()
        take(worker, turns)
        if profile:
            profile.disable()
        worker.graph.close()
        made = worker.learnt.evaluations - before
        each = now().since(start, made)
    finally:
        working.crossed = plain
        worker.close()
    parts = [
        1000 * seconds / made for seconds in (spent["agent"], spent["crossing"], evaluator.seconds)
    ]
    return "".join(f"{value:>9.1f}" for value in (each.cpu, *parts, each.cpu - sum(parts)))


def take(worker: working.Worker, turns: int) -> None:
    for _ in range(turns):
        worker.learnt.take(worker.graph.refresh())
        worker._turn()
    worker.learnt.take(worker.graph.refresh())


@click.command()
@click.argument("repository", type=click.Path(exists=True, path_type=Path))
@click.option("--known", multiple=True, type=int, default=(100, 1000, 10_000), show_default=True)
@click.option("--turns", default=200, show_default=True)
@click.option("--profile", type=click.Path(path_type=Path), help="Write one of the turns here.")
def main(repository: Path, known: tuple[int, ...], turns: int, profile: Path | None) -> None:
    print("ms of CPU    all    agent crossing worktree    graph")
    for number in known:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            git(folder, "clone", "-q", "--no-hardlinks", os.fspath(repository.resolve()), ".")
            begun(folder, number)
            profiler = cProfile.Profile(time.process_time) if profile else None
            print(f"{number:>6}" + measured(folder, turns, profiler))
            if profile and profiler:
                profiler.dump_stats(profile)
            for what, command in LOOKS.items():
                start = now()
                program = [sys.executable, "-c", "from gitmerge_ai.cli import main; main()"]
                subprocess.run([*program, "evolve", *command], cwd=folder, check=True, stdout=-3)
                print(f"{number:>6} {what}: {now().since(start, 1).cpu:.0f} ms")


if __name__ == "__main__":
    main()
