"""A process that records children until it is ended, and prints each once it is recorded.

python graph_worker.py FOLDER NAME NUMBER [REMOTE]
"""

import sys
from itertools import islice
from pathlib import Path

from graphs import PLAN

from gitmerge_ai.evolution.graph import Graph, Move, event
from gitmerge_ai.evolution.graph.remote import Shared
from gitmerge_ai.evolution.values import Change, Evaluation


def work(folder: Path, name: str, number: int, remote: str = "") -> None:
    """Put one child after the other on top of what is in the one cell of the population."""
    graph = Graph.open(folder, PLAN.name)
    for at in islice(iter(int, 1) if number < 0 else range(number), None):
        while True:
            member = graph.members(0).get("top")
            change = Change({f"{name}.txt": f"{name} {at} on {member}\n".encode()}, name, "")
            made = graph.commit(
                [member or graph.plan.base], change, f"{name}\n", agent=name, island=0
            )
            moves = [Move(ref, member, made.commit) for ref in ("island-0/top", "best")]
            if graph.record(made, Evaluation("passed", {"bins": 1.0}), moves=moves):
                break
        graph.annotate(graph.plan.base, event("comment", by=name, text=made.commit))
        if remote:
            Shared(graph, remote).sync()
        print(made.commit, flush=True)


if __name__ == "__main__":
    work(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), *sys.argv[4:])
