"""One worker: turn after turn it makes a child, runs it, and records what came of it.

Workers share nothing but the graph, and each has a worktree, a sandbox and agents of its own. A
turn that is cut off leaves nothing behind: the commit is written after the evaluation, and recorded
with all that goes with it in one step.
"""

import os
import random
import time
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import pygit2

from gitmerge_ai.evolution.agents import kinds
from gitmerge_ai.evolution.agents.context import Agent, Context, Files
from gitmerge_ai.evolution.beginning import suspicion
from gitmerge_ai.evolution.evaluation.confinement import Unconfined, confined, editable
from gitmerge_ai.evolution.evaluation.running import Evaluator
from gitmerge_ai.evolution.files import TreeFiles, mode_of
from gitmerge_ai.evolution.graph import Graph, Move, Record, event, merit, ran
from gitmerge_ai.evolution.learning import Learnt
from gitmerge_ai.evolution.selection import STRATEGIES
from gitmerge_ai.evolution.selection.crossing import crossed
from gitmerge_ai.evolution.selection.strategy import BEST, Turn, is_best, share_of_base
from gitmerge_ai.evolution.selection.voting import MOST, decided, parse_vote
from gitmerge_ai.evolution.telling import message
from gitmerge_ai.evolution.values import Change, Evaluation, Individual
from gitmerge_ai.repository.index import RepositoryError

FRUITLESS = 40
"""Turns in a row without a child after which a worker says that it has no more to propose."""


class Job(NamedTuple):
    """What a worker is asked for.

    repository: the user's. run: its name. worker, workers: which of how many. seconds: after which
    it comes back between two turns. keep: whether this process will be asked again, so that what
    was opened stays open. isolated: as for `Sandbox`.
    """

    repository: Path
    run: str
    worker: int
    workers: int
    seconds: float
    keep: bool = True
    isolated: bool | None = None


class Done(NamedTuple):
    """What a worker says when it comes back.

    turns: that it took. exhausted: whether it has no more to propose. overhead: seconds a child
    of what was neither an agent's nor an evaluation's.
    """

    turns: int
    exhausted: bool
    overhead: float


def work(job: Job) -> Done:
    """Take turns in this process until the job's time is over or the run is.

    Args:
        job: what is asked.

    Raises:
        RepositoryError: the repository cannot be read or written.
    """
    try:
        return _take_turns(job)
    except pygit2.GitError as error:
        # It cannot be sent to the process that asked, which would hear of that alone.
        raise RepositoryError(str(error)) from error


def _take_turns(job: Job) -> Done:
    key = (str(job.repository), job.run, job.worker)
    worker = _opened.pop(key, None) or Worker(job)
    try:
        done = worker.take_turns(job.seconds)
    except BaseException:
        worker.close()
        raise
    if job.keep:
        _opened[key] = worker
    else:
        worker.close()
    return done


_opened: dict[tuple[str, str, int], "Worker"] = {}
"""The workers of this process that will be asked again."""


class _Asked(NamedTuple):
    """An agent and its place among all of the run's."""

    place: int
    name: str
    agent: Agent


class Worker:
    """All that a worker has open."""

    def __init__(self, job: Job) -> None:
        """Open it.

        Args:
            job: what is asked.
        """
        self.job = job
        self.graph = Graph.open(job.repository, job.run)
        self.plan = plan = self.graph.plan
        base = self.graph.individuals[plan.base]
        self.evaluator = Evaluator(job.repository, plan, base.evaluation, isolated=job.isolated)
        self.strategy = STRATEGIES[plan.strategy]
        self.learnt = Learnt(self.graph)
        self.rng = random.Random(
            f"{plan.seed} {job.worker} {len(self.graph.individuals)} {os.getpid()}"
        )
        self.suspicion = suspicion(base)
        self.may_edit = cache(editable(plan))
        self.files_of = lru_cache(maxsize=64)(self._files_of)
        # This worker's share of the agents, which it lets work in turn.
        named = kinds.names(plan)
        self.number = len(named)
        self.agents = [
            _Asked(place, name, kinds.make(job.repository, plan, kind))
            for place, (name, kind) in enumerate(named)
            if place % job.workers == job.worker
        ]
        self.tried: dict[str, Evaluation] = {}
        self.turns = 0
        self.fruitless = 0
        self.overhead = 0.0

    def close(self) -> None:
        """Close it."""
        self.evaluator.close()
        self.graph.close()
        for each in self.agents:
            close = getattr(each.agent, "close", None)
            if close:
                close()

    def take_turns(self, seconds: float) -> Done:
        """Take turns until time is up, the run is over, or there is nothing to propose."""
        end = time.monotonic() + seconds
        turns = 0
        while time.monotonic() < end and self.fruitless < FRUITLESS:
            self.learnt.take(self.graph.refresh())
            if self.learnt.over(self.graph):
                break
            self.fruitless = 0 if self._turn() else self.fruitless + 1
            turns += 1
        exhausted, self.fruitless = self.fruitless >= FRUITLESS, 0
        return Done(turns, exhausted, self.overhead / max(1, self.turns))

    def _turn(self) -> bool:
        """Make a child; whether one was made."""
        begun = time.monotonic()
        asked = self.agents[self.turns % len(self.agents)]
        island = (self.job.worker + self.turns * self.job.workers) % max(1, self.plan.islands)
        self.turns += 1
        turn = Turn(asked.name, island, self.rng)
        spent = 0.0
        for parents, change in self._proposals(turn, asked):
            spent = time.monotonic() - begun
            if not change.files:
                self._spent(parents[0], change)
                continue
            made = self._child(turn, parents, change)
            if made is not None:
                self.overhead += time.monotonic() - begun - spent - made
                return True
        return False

    def _proposals(self, turn: Turn, asked: _Asked) -> Iterator[tuple[tuple[str, ...], Change]]:
        """Give a crossing, if chance wants one, and the agent's change."""
        back = self.rng.random() < share_of_base(self.graph)
        parent = self.plan.base if back else self.strategy.parent(self.graph, turn)
        if parent is None:
            return
        if not back and self.rng.random() < self.plan.crossover:
            partner = self.strategy.partner(self.graph, turn, parent)
            merged = partner and crossed(self.graph.repository, parent, partner, self.rng)
            if partner and merged:
                yield (parent, partner), merged
        change = self._change(asked, parent)
        if change is not None:
            yield (parent,), change

    def _change(self, asked: _Asked, parent: str) -> Change | None:
        """Ask an agent, or let its proposals be voted on."""
        context = self._context(asked, parent)
        if not self.plan.vote:
            return asked.agent(context)
        proposals = (each for _ in range(MOST) if (each := asked.agent(context)) is not None)
        return decided(parse_vote(self.plan.vote), proposals, partial(self._tried, parent))

    def _tried(self, parent: str, change: Change) -> Evaluation:
        """Evaluate a proposal that is voted on; once, whether it wins or comes again."""
        tree = self.graph.write_tree(parent, change.files)
        if tree not in self.tried:
            self.tried[tree] = self.evaluator.evaluate(tree)
        return self.tried[tree]

    def _context(self, asked: _Asked, parent: str) -> Context:
        graph = self.graph
        record = graph.individuals[parent]
        tree = record.individual.tree
        tokens, money = self.learnt.left()
        return Context(
            self.plan,
            record.individual,
            record.evaluation,
            *self.files_of(tree),
            tuple(each.text for each in graph.comments(parent)),
            self.suspicion,
            self.learnt.past,
            self.rng,
            asked.place,
            self.number,
            partial(self._seen, parent),
            tokens,
            money,
        )

    def _files_of(self, tree: str) -> tuple[TreeFiles, TreeFiles]:
        """Give the files of a tree that may be edited, and the others."""
        repository = self.graph.repository
        return (
            TreeFiles(repository, tree, self.may_edit),
            TreeFiles(repository, tree, lambda path: not self.may_edit(path)),
        )

    def _seen(self, parent: str, files: Files) -> bool:
        return self.graph.seen_tree(self.graph.write_tree(parent, files)) is not None

    def _child(self, turn: Turn, parents: tuple[str, ...], change: Change) -> float | None:
        """Run a change and record it: the seconds running it took, `None` if it is not a child."""
        graph = self.graph
        first = graph.individuals[parents[0]]
        try:
            confined(change.files, mode_of(graph.repository, first.individual.tree))
            tree = graph.write_tree(parents[0], change.files)
        except (Unconfined, RepositoryError):
            self._spent(parents[0], change)
            return None
        if graph.seen_tree(tree):
            self._spent(parents[0], change)
            return None
        rival = first.evaluation.scores if first.evaluation else {}
        begun = time.monotonic()
        evaluation = self.tried.get(tree) or self.evaluator.evaluate(tree, rival)
        took = time.monotonic() - begun
        self.learnt.take(graph.refresh())
        if graph.seen_tree(tree):  # Another worker was faster.
            self._spent(parents[0], change)
            return None
        before = None
        if merit(self.plan, evaluation) > merit(self.plan, first.evaluation):
            before = TreeFiles(graph.repository, first.individual.tree, change.files.__contains__)
        words = message(self.plan, change, evaluation, before, turn.agent)
        child = graph.commit(parents, change, words, agent=turn.agent, island=turn.island)
        return took + self._record(child, evaluation, change)

    def _record(self, child: Individual, evaluation: Evaluation, change: Change) -> float:
        """Record a child, in the population if it is to live; the seconds validating it took."""
        record = Record(child, evaluation)
        more = [_spending(change)] if change.tokens or change.money else []
        validated: Evaluation | None = None
        begun = time.monotonic()
        if evaluation.passed and self.plan.validate and is_best(self.graph, record):
            validated = self.evaluator.validate(child.tree)
            more.append(ran(validated, "validated"))
        took = time.monotonic() - begun
        while not self.graph.record(child, evaluation, more, self._moves(record, validated)):
            pass  # Others have moved what this would move; what is known is up to date now.
        return took

    def _moves(self, record: Record, validated: Evaluation | None) -> list[Move]:
        graph = self.graph
        if not record.evaluation or not record.evaluation.passed:
            return []
        if not all(map(graph.alive, record.individual.parents)):
            return []
        moves = self.strategy.moves(graph, record)
        if is_best(graph, record) and (validated is None or validated.passed):
            moves.append(Move(BEST, graph.best, record.individual.commit))
        return moves

    def _spent(self, parent: str, change: Change) -> None:
        """Remember what a proposal took that came to nothing."""
        if change.tokens or change.money:
            self.graph.annotate(parent, _spending(change))


def _spending(change: Change) -> Mapping[str, object]:
    return event("spent", tokens=change.tokens, money=change.money)
