"""A run that several clones work on, through a remote that holds its refs as each clone does.

Only the run's own refs are fetched and pushed, never a branch. What two clones have found becomes
one in a way that does not depend on who is first: notes by the union of their lines, and of two
individuals in one place of the population the better one stays. What one clone says replaces
nothing that the remote has got meanwhile: a rejected push is merged and tried again.

The notes move forward only. A place in the population goes from one commit to another that need
not descend from it; so it is pushed with the value that it is to go from, and rejected if it is
another by now.
"""

import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pygit2

from gitmerge_ai.evolution.graph import notes
from gitmerge_ai.evolution.graph.beginning import NOTES, PREFIX, GraphError, signature
from gitmerge_ai.evolution.graph.records import Record, rank
from gitmerge_ai.evolution.graph.state import Graph
from gitmerge_ai.repository.index import RepositoryError, open_repository
from gitmerge_ai.repository.refs import Move, Refs
from gitmerge_ai.repository.remotes import Remote

TRIES = 50
"""Pushes of one exchange that others may be faster than."""

FRUITLESS = 5
"""Of these, how many may be rejected while the remote stays as it is: it is not another clone."""


class Synced(NamedTuple):
    """What an exchange has brought here, and there: how many refs moved."""

    pulled: int
    pushed: int


class Shared:
    """A graph and the remote that it is shared through."""

    def __init__(self, graph: Graph, remote: str) -> None:
        """Name the remote of a graph.

        Args:
            graph: of this clone.
            remote: its name, or an address.

        Raises:
            RepositoryError: it cannot be the name of one.
        """
        self._graph = graph
        self._remote = Remote(Path(graph.repository.path), remote)

    def sync(self) -> Synced:
        """Take in what the remote has, and give it what is here.

        Raises:
            RepositoryError: the remote cannot be reached, or does not take the run's refs.
        """
        graph = self._graph
        pulled, fruitless = 0, 0
        before: dict[str, str] | None = None
        reason = "it moves on faster than it can be fetched"
        for attempt in range(TRIES):
            theirs = self._theirs()
            if not self._fetched(theirs):
                continue
            pulled += self._take(theirs)
            moves = list(self._missing(theirs))
            reason = self._remote.push(moves) if moves else ""
            if not reason:
                return Synced(pulled, len(moves))
            fruitless = fruitless + 1 if theirs == before else 0
            if fruitless == FRUITLESS:
                break
            before = theirs
            time.sleep(random.uniform(0, 0.02 * (attempt + 1)))
        raise GraphError(f"{self._remote.name} does not take the run {graph.run}: {reason}")

    def stop(self) -> None:
        """Let the processes of all clones stop.

        Raises:
            RepositoryError: the remote cannot be reached, or does not take it.
        """
        self._graph.stop()
        self._set_stop(self._graph.refs.read(self._graph.prefix + "plan"))

    def unstop(self) -> None:
        """Let the processes of all clones work again.

        Raises:
            RepositoryError: the remote cannot be reached, or does not take it.
        """
        self._set_stop(None)
        self._graph.unstop()

    def _set_stop(self, wanted: str | None) -> None:
        ref = self._graph.prefix + "stop"
        for _ in range(TRIES):
            found = self._remote.refs(ref).get(ref)
            if found == wanted or not (reason := self._remote.push([Move(ref, found, wanted)])):
                return
        raise GraphError(f"{self._remote.name} does not take it: {reason}")

    def _theirs(self) -> dict[str, str]:
        """Ask for what the refs of the run are there, named as the graph names them."""
        graph = self._graph
        found = self._remote.refs(graph.prefix + "*", graph.notes_ref)
        plan = found.get(graph.prefix + "plan")
        if plan is not None and plan != graph.refs.read(graph.prefix + "plan"):
            raise GraphError(f"{self._remote.name} has another run that is called {graph.run}")
        return found

    def _fetched(self, theirs: dict[str, str]) -> bool:
        """Bring the notes here; all individuals come with them."""
        graph = self._graph
        tip = theirs.get(graph.notes_ref)
        # An object that is here says nothing of what it needs, but for one that a ref reaches.
        return tip is None or _reaches(graph, graph.tip, tip) or self._remote.fetch(tip)

    def _take(self, theirs: dict[str, str]) -> int:
        """Merge what the remote has into what is here, and give how many refs moved."""
        graph = self._graph
        tip = theirs.get(graph.notes_ref)
        moved = self._take_notes(tip) if tip else 0
        if graph.prefix + "stop" in theirs:
            graph.stop()
        while moves := list(self._better(theirs)):
            if graph.move(moves):
                return moved + len(moves)
        return moved

    def _take_notes(self, theirs: str) -> int:
        graph = self._graph
        while True:
            ours = graph.refs.read(graph.notes_ref)
            merged = _merged(graph, ours, theirs)
            if merged == ours:
                return 0
            if graph.refs.move([Move(graph.notes_ref, ours, merged)]):
                graph.refresh()
                return 1

    def _better(self, theirs: dict[str, str]) -> Iterator[Move]:
        """Give the moves to what is better there, and out of what was removed there."""
        graph = self._graph
        graph.refresh()
        for ref, ours in graph.population.items():
            record = graph.individuals.get(ours)
            if record is not None and graph.prefix + ref not in theirs and _removed(record, ref):
                yield Move(ref, ours, None)
        for name, commit in theirs.items():
            ref = name.removeprefix(graph.prefix)
            record = graph.individuals.get(commit)
            if ref in (name, "plan", "stop") or record is None or _removed(record, ref):
                continue
            mine = graph.population.get(ref)
            if mine != commit and (mine is None or self._rank(ref, commit) > self._rank(ref, mine)):
                yield Move(ref, mine, commit)

    def _rank(self, ref: str, commit: str) -> tuple[object, ...]:
        """Give what sorts those who might have a place; what a person promoted is not pushed out
        of one, but need not be the best for that."""
        graph = self._graph
        record = graph.individuals.get(commit)
        if record is None:
            return ()
        promoted = record.decision == "promoted" and ref != "best"
        return graph.alive(commit), promoted, *rank(graph.plan, record)

    def _missing(self, theirs: dict[str, str]) -> Iterator[Move]:
        """Give the moves that make the remote's refs what they are here."""
        graph = self._graph
        ours = {graph.prefix + ref: commit for ref, commit in graph.population.items()}
        ours[graph.notes_ref] = graph.tip
        for ref in sorted(ours.keys() | theirs.keys()):
            old, new = theirs.get(ref), ours.get(ref)
            known = old is None or ref == graph.notes_ref or old in graph.individuals
            if old != new and known and ref != graph.prefix + "stop":
                yield Move(ref, old, new)


def only(folder: Path, remote: str) -> str:
    """Name the one run that a remote has.

    Args:
        folder: in the repository.
        remote: its name, or an address.

    Raises:
        RepositoryError: it has none, or more than one, or cannot be reached.
    """
    plans = Remote(folder, remote).refs(f"{PREFIX}*/plan")
    found = sorted(ref.removeprefix(PREFIX).removesuffix("/plan") for ref in plans)
    if len(found) == 1:
        return found[0]
    which = f"several runs, say --run: {', '.join(found)}" if found else "no run"
    raise GraphError(f"{remote} has {which}")


def bring(folder: Path, remote: str, run: str) -> None:
    """Bring a run from a remote to a clone that does not have it.

    Args:
        folder: in the repository.
        remote: its name, or an address.
        run: the name of the run.

    Raises:
        RepositoryError: the remote has no such run, or cannot be reached.
    """
    there = Remote(folder, remote)
    plan, tip = f"{PREFIX}{run}/plan", NOTES + run
    for _ in range(TRIES):
        found = there.refs(plan, tip)
        if plan not in found or tip not in found:
            raise GraphError(f"{remote} has no run {run}")
        if there.fetch(found[plan], found[tip]):
            refs = Refs(open_repository(folder).path)
            refs.move([Move(tip, None, found[tip]), Move(plan, None, found[plan])])
            refs.close()
            return
    raise RepositoryError(f"{remote}: the run {run} moves on faster than it can be fetched")


def _merged(graph: Graph, ours: str | None, theirs: str) -> str:
    """Give a commit of the notes that has what both have."""
    repository = graph.repository
    if ours is None or _reaches(graph, theirs, ours):
        return theirs
    if _reaches(graph, ours, theirs):
        return ours
    sides = [repository[each].peel(pygit2.Commit) for each in (ours, theirs)]
    tree = notes.merge(repository, sides[0].tree, sides[1].tree)
    who = signature(graph.run, "gitmerge-ai", int(time.time()))
    message = "Merge what two clones have found\n"
    parents = [each.id for each in sides]
    return str(repository.create_commit(None, who, who, message, tree.id, parents))


def _reaches(graph: Graph, commit: str, other: str) -> bool:
    """Say whether a commit is another or descends from it."""
    there = other in graph.repository and commit in graph.repository
    return there and (commit == other or graph.repository.descendant_of(commit, other))


def _removed(record: Record, ref: str) -> bool:
    """Say whether an individual was taken out of a place after it was last put there."""
    moves = [each for each in record.placings if each.ref == ref]
    return bool(moves) and not max(moves).now
