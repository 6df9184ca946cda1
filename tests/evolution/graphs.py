"""Runs for tests: a small repository, a graph on it, and individuals that say how they score."""

import random
from collections.abc import Sequence
from pathlib import Path

import pygit2
from repositories import Repository

from gitmerge_ai.evolution.graph import Event, Graph, Move, events, notes, records
from gitmerge_ai.evolution.values import Change, Evaluation, Individual, Objective, Plan

PLAN = Plan("run", "use fewer bins", "HEAD", objectives=(Objective("bins", "./score", lower=True),))

FILES = {"pack.py": "def pack():\n    return 1\n", "docs/about.txt": "about\n"}


def begun(repository: Repository, plan: Plan = PLAN) -> Graph:
    """Commit the files and begin a run on them."""
    repository.commit("base", dict(FILES))
    return Graph.create(repository.path, plan)


def child(
    graph: Graph,
    bins: float,
    parents: Sequence[str] = (),
    *,
    moves: Sequence[Move] = (),
    more: Sequence[Event] = (),
    agent: str = "edits-1",
    operator: str = "tune",
    text: str = "",
) -> Individual:
    """Record a child of the base, or of others, whose content is its score."""
    change = Change({"pack.py": (text or f"pack = {bins}\n").encode()}, operator, f"bins {bins}")
    parents = parents or [graph.plan.base]
    made = graph.commit(parents, change, f"Use {bins} bins\n", agent=agent, island=0)
    named = [move._replace(new=made.commit) for move in moves]
    assert graph.record(made, Evaluation("passed", {"bins": bins}), more, named)
    return made


def opened(path: Path) -> Graph:
    """Open the run as another process would."""
    return Graph.open(path, PLAN.name)


def crowd(repository: Repository, number: int, plan: Plan = PLAN) -> Graph:
    """Begin a run and give it many individuals at once, as after hours of work."""
    graph = begun(repository, plan)
    rng = random.Random(0)
    store = graph.repository
    known = [graph.base]
    said = {}
    for at in range(number):
        parents = {rng.choice(known[-200:]).commit for _ in range(rng.choice((1, 1, 2)))}
        change = Change({"pack.py": b"pack = %d\n" % at}, rng.choice("abc"), f"Pack {at}")
        made = graph.commit(
            sorted(parents), change, f"{at}\n", agent=f"edits-{at % 4}", island=at % 3
        )
        generation = 1 + max(each.generation for each in known[-201:] if each.commit in parents)
        made = made._replace(generation=generation)
        known.append(made)
        bins = {"bins": 300 - generation + rng.gauss(0, 3)}
        passed = Evaluation("passed", bins, feedback="ok\n" * 9)
        score = passed if rng.random() < 0.8 else Evaluation("failed", feedback="no\n" * 30)
        said[made.commit] = events.text([records.born(made), records.ran(score)])
    tip = store[graph.tip].peel(pygit2.Commit)
    tree = notes.add(store, tip.tree, said)
    who = tip.author
    keep = [tip.id, *(pygit2.Oid(hex=each.commit) for each in known[1:])]
    new = store.create_commit(None, who, who, "many\n", tree.id, keep)
    assert graph.refs.move([Move(graph.notes_ref, graph.tip, str(new))])
    graph.refresh()
    assert len(graph.individuals) == number + 1
    return graph
