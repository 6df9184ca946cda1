"""What the graph of a run costs a child, and whether that stays flat as the run grows.

    python benchmarks/evolve/overhead.py [--children N] [--files N] [--repository DIR] [--gc]

Commits and records children with scores, feedback and a place in the population, while a second
reader of the graph reads each one as another worker would. Prints, for every tenth of them, the
time of a child, the reader's part of it, and at the end the ratio of the last tenth to the first
and to what plain git takes for the same (`git commit-tree`, `git notes add`, `git update-ref`).
CPU time, git's included, says more than wall time where the machine has other work.
"""

import os
import random
import resource
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import click

from gitmerge_ai.evolution.graph import Graph, Move, merit
from gitmerge_ai.evolution.values import Change, Evaluation, Objective, Plan

CELLS = 64
FEEDBACK = "12 passed in 0.31s\n" * 20


class Timing(NamedTuple):
    """Milliseconds of wall time, and of CPU time with that of the git that serves."""

    wall: float
    cpu: float

    def since(self, start: "Timing", number: int) -> "Timing":
        """Give what one of a number took."""
        return Timing((self.wall - start.wall) / number, (self.cpu - start.cpu) / number)


def now() -> Timing:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(each.ru_utime + each.ru_stime for each in used)
    return Timing(1000 * time.perf_counter(), 1000 * cpu)


def git(folder: Path, *arguments: str, stdin: str | None = None) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=b", *arguments]
    done = subprocess.run(
        command, cwd=folder, input=stdin, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def built(folder: Path, files: int) -> None:
    """Make a repository of some files in some folders."""
    git(folder, "init", "-q")
    for at in range(files):
        file = folder / f"package{at % 7}" / f"part{at % 3}" / f"module{at}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"def function{at}(value):\n    return value + {at}\n" * 40)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "base")


def add(graph: Graph, path: str, at: int, rng: random.Random) -> None:
    """Make one child as a worker does, but for what an evaluation takes."""
    cell = str(rng.randrange(CELLS))
    members = graph.members(0)
    parent = rng.choice(list(members.values())) if members else graph.plan.base
    change = Change({path: b"value = %d\n" % at * 60}, "tune", f"Set the value to {at}")
    tree = graph.write_tree(parent, change.files)
    assert graph.seen_tree(tree) is None
    made = graph.commit([parent], change, f"{change.summary}\n", agent="edits-1", island=0)
    evaluation = Evaluation("passed", {"score": rng.random()}, "b", 1.0, FEEDBACK)
    known = members.get(cell)
    moves = []
    rival = graph.individuals[known].evaluation if known else None
    if merit(graph.plan, evaluation) > merit(graph.plan, rival):
        moves = [Move(f"island-0/{cell}", known, made.commit)]
    assert graph.record(made, evaluation, moves=moves)
    assert graph.alive(made.commit)


def plain(folder: Path, number: int) -> Timing:
    """Time git's own commands for as much."""
    base = git(folder, "rev-parse", "HEAD")
    start = now()
    for at in range(number):
        made = git(folder, "commit-tree", "-p", base, "-m", str(at), f"{base}^{{tree}}")
        git(folder, "notes", "--ref=plain", "add", "-F", "-", made, stdin=FEEDBACK)
        git(folder, "update-ref", "refs/plain/member", made)
    return now().since(start, number)


@click.command()
@click.option("--children", default=10_000)
@click.option("--files", default=250, help="Of the repository that is made.")
@click.option("--repository", type=click.Path(exists=True, path_type=Path), help="To clone.")
@click.option("--gc", is_flag=True, help="Run git gc after every tenth.")
def main(children: int, files: int, repository: Path | None, gc: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if repository:
            git(folder, "clone", "-q", "--no-hardlinks", os.fspath(repository.resolve()), ".")
        else:
            built(folder, files)
        path = git(folder, "ls-files", "--", "*.py").splitlines()[-1]
        beside = plain(folder, 20)
        objectives = (Objective("score", "./score"),)
        graph = Graph.create(folder, Plan("run", "benchmark", "HEAD", objectives=objectives))
        reader = Graph.open(folder, "run")
        rng = random.Random(0)
        print(f"{'children':>8} {'ms':>6} {'CPU':>6} {'reading':>8}")
        tenths = []
        for tenth in range(10):
            start, reading = now(), 0.0
            for at in range(children // 10):
                add(graph, path, tenth * children + at, rng)
                before = time.process_time()
                reader.refresh()
                reading += 1000 * (time.process_time() - before)
            graph.close()
            took = now().since(start, children // 10)
            tenths.append(took)
            each = reading / (children // 10)
            print(
                f"{len(graph.individuals) - 1:>8} {took.wall:>6.2f} {took.cpu:>6.2f} {each:>8.2f}"
            )
            if gc:
                git(folder, "gc", "-q", "--prune=now")
        start = now()
        again = Graph.open(folder, "run")
        opening = now().since(start, 1)
        assert again.individuals == graph.individuals == reader.individuals
        print(f"last tenth to first: {tenths[-1].cpu / tenths[0].cpu:.2f} (CPU)")
        print(f"to plain git, {beside.cpu:.2f} ms: {tenths[-1].cpu / beside.cpu:.2f} (CPU)")
        print(f"opening all of it: {opening.cpu:.0f} ms (CPU)")


if __name__ == "__main__":
    main()
