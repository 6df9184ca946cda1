"""The graph under several processes at once, and under processes that are killed."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from graphs import begun, child, opened
from repositories import ROOT, Repository

from gitmerge_ai.evolution.graph import Graph

KILLS = 8

WORKER = Path(__file__).with_name("graph_worker.py")


def start(folder: Path, name: str, number: int = -1) -> "subprocess.Popen[bytes]":
    path = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
    return subprocess.Popen(
        [sys.executable, WORKER, folder, name, str(number)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        process_group=0,
    )


def check(graph: Graph, recorded: list[str]) -> None:
    """Check that all that was recorded is there, and that every move was on top of another."""
    said = {each.text for each in graph.individuals[graph.plan.base].comments}
    assert set(recorded) <= graph.individuals.keys()
    assert set(recorded) <= said
    placed = [
        (each["move"], each["was"], commit)
        for commit, record in graph.individuals.items()
        for each in record.all("placed")
        if each["ref"] == "island-0/top"
    ]
    placed.sort()
    assert [move for move, _, _ in placed] == list(range(1, len(placed) + 1))
    assert [was for _, was, _ in placed] == ["", *(commit for _, _, commit in placed[:-1])]
    top = placed[-1][2]
    assert graph.members(0) == {"top": top}
    assert graph.best == top
    assert graph.individuals[top].individual.generation == len(placed)
    assert len(placed) == len(graph.individuals) - 1


def test_four_processes_lose_nothing(plain: Repository) -> None:
    begun(plain).close()
    workers = [start(plain.path, f"worker-{at}", 12) for at in range(4)]
    recorded = [line for each in workers for line in each.communicate()[0].decode().split()]
    assert [each.returncode for each in workers] == [0] * 4
    assert len(set(recorded)) == 48
    graph = opened(plain.path)
    check(graph, recorded)
    assert len(graph.individuals) == 49
    assert plain.git("fsck", "--strict", "--no-dangling") == ""


def test_processes_may_be_killed_at_any_moment(plain: Repository) -> None:
    begun(plain).close()
    rng = random.Random(1)
    recorded: list[str] = []
    for turn in range(KILLS):
        worker = start(plain.path, f"worker-{turn}")
        assert worker.stdout
        for _ in range(rng.randrange(1, 4)):
            recorded.append(worker.stdout.readline().decode().strip())
        try:
            worker.wait(rng.uniform(0, 0.01))
        except subprocess.TimeoutExpired:
            os.killpg(worker.pid, signal.SIGKILL)
        rest = worker.communicate()[0].decode().split("\n")[:-1]
        recorded += [line for line in rest if line]
    graph = opened(plain.path)
    check(graph, recorded)
    unsaid = len(graph.individuals) - 1 - len(recorded)
    assert 0 <= unsaid <= KILLS, "each was killed before it could say more than one"
    done = plain.run("git", "fsck", "--strict", "--no-dangling")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert not list((plain.path / ".git" / "refs").rglob("*.lock"))
    child(graph, 1.0, [graph.best or ""])
