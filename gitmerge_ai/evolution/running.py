"""A run from its first evaluation to its last: it gives workers their turns and watches the budget.

The graph is all that it and the workers share, so it learns of children as any other process does.
Killed at any moment, it leaves a graph from which `resume` goes on. Ended in any other way, it
takes all that it started with it.
"""

import errno
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from gitmerge_ai.evolution import workers
from gitmerge_ai.evolution.agents import kinds
from gitmerge_ai.evolution.beginning import examine, populate, resolved, suspects
from gitmerge_ai.evolution.evaluation.running import Evaluator
from gitmerge_ai.evolution.evaluation.sandbox import WARNING, problem
from gitmerge_ai.evolution.evaluation.worktree import remove_stale
from gitmerge_ai.evolution.graph import Graph, Record
from gitmerge_ai.evolution.graph.remote import Shared
from gitmerge_ai.evolution.learning import Learnt
from gitmerge_ai.evolution.values import Plan
from gitmerge_ai.evolution.working import Done, Job, work
from gitmerge_ai.executors import cores
from gitmerge_ai.repository.index import RepositoryError

LOOK = 0.2
"""Seconds between two looks at the graph."""

SYNC = 3.0
"""Seconds between two exchanges with a remote."""

FAILURES = 5
"""Workers that may fail, one after the other, until the run gives up."""

ROOM = 64 * 1024
"""Bytes that have to be free on the repository's disk for it not to be called full."""

EXECUTORS: Mapping[str, tuple[Callable[[int], AbstractContextManager[list[Executor]]], float]] = {
    "local": (workers.processes, workers.SLICE),
    "ray": (workers.on_cluster, workers.RAY_SLICE),
}
"""By name: what gives the executors, and for how many seconds a worker works at a time."""


class RunError(Exception):
    """A run cannot go on; the message says why."""


class State(NamedTuple):
    """How a run stands. seconds: since this process began. left: seconds of the budget, if any."""

    plan: Plan
    best: Record | None
    base: Record
    evaluations: int
    generation: int
    population: int
    mean: float | None
    tokens: int
    money: float
    seconds: float
    rate: float
    left: float | None


class Began(NamedTuple):
    """The run begins, or goes on."""

    state: State
    resumed: bool
    workers: int


class Warned(NamedTuple):
    """Something that the person should know."""

    text: str


class Child(NamedTuple):
    """A child was recorded. is_best: whether it is the best of the run now."""

    record: Record
    is_best: bool
    state: State


class Looked(NamedTuple):
    """Some time has passed."""

    state: State


class Ended(NamedTuple):
    """The run is over, and why."""

    reason: str
    state: State


RunEvent = Began | Warned | Child | Looked | Ended
Watch = Callable[[RunEvent], None]
"""What is told of a run as it goes on."""


class How(NamedTuple):
    """How to work on a run.

    jobs: workers; as many as there are agents, but no more than cores, if 0. executor: a name of
    `EXECUTORS`. remote: to share the run through, "" for none. seconds: to work for from now on,
    instead of what is left of the plan's; 0 for that. isolated: as for `Sandbox`.
    """

    jobs: int = 0
    executor: str = "local"
    remote: str = ""
    seconds: float = 0.0
    isolated: bool | None = None


def begin(folder: Path, plan: Plan, watch: Watch, *, isolated: bool | None = None) -> str:
    """Make a run, if its commands work on the unchanged repository, and give its name.

    Args:
        folder: in the repository.
        plan: of the run.
        watch: is told of warnings.
        isolated: as for `Sandbox`.

    Raises:
        Broken: the plan makes no sense.
        AgentError: an agent cannot work.
        RepositoryError: the run cannot be made.
    """
    plan = resolved(folder, plan)
    _warn(watch, isolated)
    for _, kind in kinds.names(plan):
        kinds.make(folder, plan, kind)
    evaluator = Evaluator(folder, plan, isolated=isolated)
    try:
        evaluation = examine(folder, plan, evaluator)
        evaluator.base = evaluation
        graph = Graph.create(folder, plan)
        try:
            evaluator.worktree.bring(graph.base.tree)
            names = [name for name, _ in kinds.names(plan)]
            populate(graph, evaluation, names, suspects(evaluator))
        finally:
            graph.close()
    finally:
        evaluator.close()
    return plan.name


def proceed(folder: Path, run: str, how: How, watch: Watch, *, resumed: bool = False) -> State:
    """Work on a run until it is over.

    Args:
        folder: in the repository.
        run: its name.
        how: to work on it.
        watch: is told what happens.
        resumed: whether the run was there before.

    Raises:
        RunError: workers fail, one after the other.
        NoExecutor: there is no Ray to run on.
        RepositoryError: the graph cannot be read or written.
    """
    remove_stale()
    if resumed:
        _warn(watch, how.isolated)
        _finish_beginning(folder, run, how.isolated)
    graph = Graph.open(folder, run)
    try:
        running = _Run(folder, graph, how, watch)
        try:
            return running.go(resumed)
        finally:
            running.close()
    finally:
        graph.close()
        remove_stale()


def _warn(watch: Watch, isolated: bool | None) -> None:
    why = "is not to be used" if isolated is False else problem()
    if why:
        watch(Warned(WARNING.format(problem=why)))


def _finish_beginning(folder: Path, run: str, isolated: bool | None) -> None:
    """Evaluate the base of a run that was killed before that was recorded."""
    graph = Graph.open(folder, run)
    try:
        if graph.individuals[graph.plan.base].evaluation is not None:
            return
        evaluator = Evaluator(folder, graph.plan, isolated=isolated)
        try:
            evaluation = evaluator.evaluate(graph.base.tree)
            names = [name for name, _ in kinds.names(graph.plan)]
            populate(graph, evaluation, names, suspects(evaluator))
        finally:
            evaluator.close()
    finally:
        graph.close()


class _Run:
    """A run as this process works on it."""

    def __init__(self, folder: Path, graph: Graph, how: How, watch: Watch) -> None:
        self.folder = folder
        self.graph = graph
        self.how = how
        self.watch = watch
        self.learnt = Learnt(graph)
        self.best = graph.best
        self.begun = time.monotonic()
        self.evaluations_before = self.learnt.evaluations
        self.seconds_before = self.learnt.seconds
        # A graph of its own: what an exchange reads in it is news to the other one, too.
        self.exchanged = Graph.open(folder, graph.run) if how.remote else None
        self.shared = Shared(self.exchanged, how.remote) if self.exchanged else None
        self.next_sync = 0.0
        self.failures = 0
        agents = len(kinds.names(graph.plan))
        self.number = min(agents, how.jobs or (cores() if how.executor == "local" else agents))

    def close(self) -> None:
        """Close what it has opened."""
        if self.exchanged:
            self.exchanged.close()

    def go(self, resumed: bool) -> State:
        """Give turns until the run is over."""
        (self.shared or self.graph).unstop()
        self.watch(Began(self.state(), resumed, self.number))
        reason = self.over()
        if not reason:
            start, seconds = EXECUTORS[self.how.executor]
            with start(self.number) as executors, _cancelling() as running:
                reason = self._give_turns(executors, seconds, running)
        self._sync(last=True)
        self._look()
        state = self.state()
        self.watch(Ended(reason, state))
        return state

    def _give_turns(
        self, executors: list[Executor], seconds: float, running: "dict[Future[Done], int]"
    ) -> str:
        """Keep every worker at work until the run is over, and say why it is."""
        exhausted = set[int]()
        waiting = set(range(self.number))
        while not (reason := self.over()):
            if len(exhausted) == self.number and not running:
                return "no agent has more to propose"
            for worker in sorted(waiting):
                running[executors[worker].submit(work, self._job(worker, seconds))] = worker
            waiting.clear()
            done, _ = wait(running, timeout=LOOK, return_when=FIRST_COMPLETED)
            for future in done:
                worker = running.pop(future)
                if self._is_exhausted(future):
                    exhausted.add(worker)
                else:
                    exhausted.discard(worker)
                    waiting.add(worker)
            if self._look() and exhausted:
                # What is new may give them something to propose again.
                waiting |= exhausted
                exhausted.clear()
            self._sync()
        return reason

    def _job(self, worker: int, seconds: float) -> Job:
        keep = self.how.executor == "local"
        left = self.left()
        seconds = seconds if left is None else max(0.01, min(seconds, left))
        return Job(
            self.folder, self.graph.run, worker, self.number, seconds, keep, self.how.isolated
        )

    def _is_exhausted(self, future: "Future[Done]") -> bool:
        try:
            done = future.result()
        except BrokenExecutor as error:
            raise RunError("a worker was killed, perhaps as memory ran out") from error
        except Exception as error:
            self.failures += 1
            if self.failures >= FAILURES:
                raise RunError(f"workers fail: {self._why(error)}") from error
            self.watch(Warned(f"a worker failed and begins again: {self._why(error)}"))
            return False
        self.failures = 0
        return done.exhausted

    def _why(self, error: Exception) -> str:
        """Say what a worker failed of: libgit2, on a full disk, may say that an object is missing.

        It takes some for written that were not, and finds it out when another one names them.
        """
        said, full = str(error), os.strerror(errno.ENOSPC)
        with suppress(OSError):  # The folder may be gone.
            if full not in said and shutil.disk_usage(self.folder).free <= ROOM:
                return f"{said} ({full})"
        return said

    def over(self) -> str:
        """Say why the run is over; "" while it is not."""
        left = self.left()
        if left is not None and left <= 0:
            return "the time is up"
        return self.learnt.over(self.graph) or ("it was stopped" if self.graph.stopped else "")

    def left(self) -> float | None:
        """Give the seconds that are left; `None` where there is no bound."""
        now = time.monotonic() - self.begun
        if self.how.seconds:
            return self.how.seconds - now
        most = self.graph.plan.budget.seconds
        return most - self.seconds_before - now if most else None

    def _look(self) -> bool:
        """Tell of what is new in the graph; whether there is anything."""
        changed = self.graph.refresh()
        known = self.learnt.evaluations
        new = [each for each in changed if self.learnt.is_new(each)]
        self.learnt.take(changed)
        state = self.state()
        for record in sorted(new, key=lambda each: each.time):
            commit = record.individual.commit
            is_best = commit == self.graph.best != self.best
            self.watch(Child(record, is_best, state))
        self.best = self.graph.best
        self.watch(Looked(state))
        return self.learnt.evaluations > known

    def _sync(self, *, last: bool = False) -> None:
        """Exchange what is new with the remote, now and then."""
        if self.shared is None or (time.monotonic() < self.next_sync and not last):
            return
        try:
            self.shared.sync()
        except RepositoryError as error:
            self.watch(Warned(str(error)))
        self.next_sync = time.monotonic() + SYNC

    def state(self) -> State:
        """Say how the run stands."""
        graph = self.graph
        seconds = time.monotonic() - self.begun
        islands = range(max(1, graph.plan.islands))
        members = {each for island in islands for each in graph.members(island).values()}
        mine = self.learnt.evaluations - self.evaluations_before
        return State(
            graph.plan,
            graph.individuals.get(graph.best or ""),
            graph.individuals[graph.plan.base],
            self.learnt.evaluations,
            self.learnt.generation,
            len(members),
            self.learnt.mean(graph, members),
            *self.learnt.spent,
            seconds,
            mine / seconds if seconds else 0.0,
            self.left(),
        )


@contextmanager
def _cancelling() -> "Iterator[dict[Future[Done], int]]":
    """Give what is to hold the futures that are running; what is left of them is cancelled."""
    running: dict[Future[Done], int] = {}
    try:
        yield running
    finally:
        for future in running:
            future.cancel()
        with suppress(Exception):
            wait(running, timeout=0)
