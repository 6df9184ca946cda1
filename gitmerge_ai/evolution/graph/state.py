"""The graph of a run: individuals are commits, the population refs, what is known of them notes.

Any number of processes have one open, and nothing else in common. Each record moves the ref of
the notes, and with it whatever changes in the population, in one compare and swap; whoever comes
second puts what it has to say on top of what the first one said. A commit of the notes has the
individual that it tells of as second parent: so one ref keeps all of the lineage from `git gc`.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import pygit2

from gitmerge_ai.evolution.files import growth
from gitmerge_ai.evolution.graph import events, lineage, notes, plans, records
from gitmerge_ai.evolution.graph.beginning import (
    COMPONENT,
    NOTES,
    PLAN_FILE,
    PREFIX,
    GraphError,
    begin,
    root,
    signature,
)
from gitmerge_ai.evolution.graph.events import Event
from gitmerge_ai.evolution.graph.population import Population
from gitmerge_ai.evolution.graph.records import Comment, Record
from gitmerge_ai.evolution.values import Change, Evaluation, Individual, Plan
from gitmerge_ai.repository.index import open_repository
from gitmerge_ai.repository.refs import Move, Refs
from gitmerge_ai.repository.trees import with_files


def runs(folder: Path) -> list[str]:
    """Name the runs of a repository, the one that was worked on last first.

    Args:
        folder: in the repository.

    Raises:
        RepositoryError: there is no repository.
    """
    repository = open_repository(folder)
    refs = Refs(repository.path)
    parts = (ref.removeprefix(PREFIX).partition("/") for ref in refs.below(PREFIX))
    tips = {run: refs.read(NOTES + run) for run, _, rest in parts if rest == "plan"}
    times = {
        run: repository[tip].peel(pygit2.Commit).commit_time for run, tip in tips.items() if tip
    }
    return sorted(times, key=lambda run: (-times[run], run))


class Graph:
    """A run as this process knows it: what `refresh` read last, and what it recorded since."""

    def __init__(self, folder: Path, run: str) -> None:
        """Open a run that is there; `create` makes one.

        Raises:
            RepositoryError: there is no such run, or no repository.
        """
        self.repository = open_repository(folder)
        self.refs = Refs(self.repository.path)
        self.run = run
        self.plan = self._read_plan()
        self._tip: str | None = None
        self._notes: pygit2.Tree | None = None
        self._records: dict[str, Record] = {}
        self._news: dict[str, Record] = {}
        self._trees: dict[str, str] = {}
        self._alive: dict[str, bool] = {}
        self._written: tuple[str, Mapping[str, bytes | None], str] = ("", {}, "")
        self._population = Population(self.refs, self.prefix)
        self._keep(Record(root(self._commit(self.plan.base))))
        self.refresh()
        self._population.heal()

    @classmethod
    def open(cls, folder: Path, run: str) -> "Graph":
        """Open a run.

        Args:
            folder: in the repository.
            run: its name.

        Raises:
            RepositoryError: there is no such run, or no repository.
        """
        return cls(folder, run)

    @classmethod
    def create(cls, folder: Path, plan: Plan) -> "Graph":
        """Make a run: its plan, and the base as the first individual, which nobody has scored yet.

        Args:
            folder: in the repository.
            plan: its base may be named in any way git knows.

        Raises:
            RepositoryError: there is a run of that name, or it cannot be made.
        """
        begin(folder, plan)
        return cls(folder, plan.name)

    @property
    def prefix(self) -> str:
        """What the names of the run's refs begin with."""
        return f"{PREFIX}{self.run}/"

    @property
    def notes_ref(self) -> str:
        """The ref of the notes."""
        return NOTES + self.run

    @property
    def base(self) -> Individual:
        """The individual that all descend from."""
        return self._records[self.plan.base].individual

    @property
    def individuals(self) -> Mapping[str, Record]:
        """All that is known, by commit."""
        return MappingProxyType(self._records)

    @property
    def best(self) -> str | None:
        """The best individual so far, as the ref `best` has it."""
        return self.population.get("best")

    @property
    def population(self) -> Mapping[str, str]:
        """All refs of the run and what they name, named from the run's prefix on."""
        return self._population.found

    def places(self, commit: str) -> list[str]:
        """Give the refs of the population that name a commit, in the order of their names."""
        return sorted(ref for ref, member in self.population.items() if member == commit)

    @property
    def tip(self) -> str:
        """The commit of the notes that was read last."""
        return self._tip or ""

    @property
    def stopped(self) -> bool:
        """Whether all processes are to stop; asked of git."""
        return self.refs.read(self.prefix + "stop") is not None

    def seen_tree(self, tree: str) -> str | None:
        """Give an individual with a tree, `None` where there is none."""
        return self._trees.get(tree)

    def members(self, island: int) -> Mapping[str, str]:
        """Give the living individuals of an island, by cell."""
        start = f"island-{island}/"
        return {
            ref.removeprefix(start): commit
            for ref, commit in self.population.items()
            if ref.startswith(start) and commit in self._records
        }

    def alive(self, commit: str) -> bool:
        """Say whether an individual may have offspring: nobody pruned it or what it is from."""
        return lineage.alive(self._records, commit, self._alive)

    def comments(self, commit: str) -> tuple[Comment, ...]:
        """Give what people said of an individual and its ancestors, the oldest first."""
        return lineage.comments(self._records, commit)

    def refresh(self) -> tuple[Record, ...]:
        """Read what was recorded since, and give the records that are new or changed.

        Each is given once, whoever recorded it and whenever it was read: also what this process
        recorded, and what it came to know of while it did.
        """
        self._read()
        news, self._news = tuple(self._news.values()), {}
        return news

    def _read(self) -> None:
        tip = self.refs.read(self.notes_ref)
        if tip is not None and tip != self._tip:
            tree = self._tree(tip)
            for commit in sorted(set(notes.changed(self._notes, tree))):
                said = events.read(notes.read(self.repository, tree, commit))
                if (individual := self._individual(commit, said)) is not None:
                    self._news[commit] = records.fold(individual, said)
                    self._keep(self._news[commit])
            self._tip, self._notes = tip, tree
        self._population.settle()

    def write_tree(self, parent: str, files: Mapping[str, bytes | None]) -> str:
        """Write the tree of a commit with some of its files changed, and give its name.

        Args:
            parent: the commit.
            files: as in `Change`.

        Raises:
            RepositoryError: a path is none inside the repository.
        """
        # Who proposes a change asks whether its tree was seen, and then it is asked for again.
        if self._written[:2] != (parent, files):
            self._written = parent, dict(files), self._with_files(parent, files)
        return self._written[2]

    def _with_files(self, parent: str, files: Mapping[str, bytes | None]) -> str:
        with _writing():
            return with_files(self.repository, self._tree(parent), files)

    def commit(
        self, parents: Sequence[str], change: Change, message: str, *, agent: str, island: int
    ) -> Individual:
        """Write a commit, which no ref names before it is recorded.

        Equal arguments give the same commit, on every machine and at any time.

        Args:
            parents: individuals; the change is one of the first one's tree.
            change: what is written.
            message: of the commit.
            agent: its author.
            island: where it belongs.

        Raises:
            RepositoryError: a path is none inside the repository.
        """
        found = [self._commit(each) for each in parents]
        when = max(each.commit_time for each in found) + 1
        who = signature(self.run, agent, when)
        # Written anew: what no ref reaches yet, `git gc` may have taken since.
        tree = self._with_files(parents[0], change.files)
        with _writing():
            written = self.repository.create_commit(
                None, who, who, message, pygit2.Oid(hex=tree), [each.id for each in found]
            )
        known = [self._records[each].individual for each in parents if each in self._records]
        generation = 1 + max((each.generation for each in known), default=0)
        grown = growth(self._tree(parents[0]), change.files) + (known[0].grown if known else 0)
        return Individual(
            str(written),
            tree,
            tuple(parents),
            generation,
            island,
            agent,
            change.operator,
            change.summary,
            grown,
        )

    def record(
        self,
        individual: Individual,
        evaluation: Evaluation | None = None,
        more: Sequence[Event] = (),
        moves: Sequence[Move] = (),
    ) -> bool:
        """Record a birth with all that goes with it, or an individual's new evaluation.

        Args:
            individual: in this graph or new to it.
            evaluation: what running it gave.
            more: events on it.
            moves: of refs of the population, named from the run's prefix on.

        Returns:
            Whether it was recorded. It was not where another process has moved one of these refs:
            what this one knows of them is then up to date, so that it can decide again.

        Raises:
            RepositoryError: git cannot record it.
        """
        said = [] if individual.commit in self._records else [records.born(individual)]
        said += [records.ran(evaluation)] if evaluation else []
        return self._write({individual.commit: [*said, *more]}, moves)

    def annotate(self, commit: str, *more: Event) -> None:
        """Add events to an individual.

        Raises:
            RepositoryError: there is no such individual, or git cannot record it.
        """
        if commit not in self._records:
            raise GraphError(f"{commit} is no individual of the run {self.run}")
        self._write({commit: list(more)}, ())

    def move(self, moves: Sequence[Move]) -> bool:
        """Move refs of the population; the arguments and the result are as for `record`."""
        return self._write({}, moves)

    def stop(self) -> None:
        """Let all processes stop."""
        ref, plan = self.prefix + "stop", self.refs.read(self.prefix + "plan")
        while self.refs.read(ref) is None:
            self.refs.move([Move(ref, None, plan)])

    def unstop(self) -> None:
        """Let processes work again."""
        ref = self.prefix + "stop"
        while (found := self.refs.read(ref)) is not None:
            self.refs.move([Move(ref, found, None)])

    def close(self) -> None:
        """End what serves this graph."""
        self.refs.close()

    def _write(self, said: Mapping[str, list[Event]], moves: Sequence[Move]) -> bool:
        said = {commit: list(each) for commit, each in said.items()}
        for move in moves:
            if not all(map(COMPONENT.fullmatch, move.ref.split("/"))):
                raise GraphError(f"{move.ref!r} cannot be the name of a member of the population")
            on = move.new or move.old
            if on and move.old != move.new:
                said.setdefault(on, []).append(self._population.told(move))
        named = [move._replace(ref=self.prefix + move.ref) for move in moves]
        known = {commit: self._records[commit].events for commit in said if commit in self._records}
        lines = {
            commit: events.text(events.after(known.get(commit, ()), each))
            for commit, each in said.items()
            if each
        }
        keep = [commit for commit in lines if commit not in self._records]
        while True:
            tip = self.refs.read(self.notes_ref)
            with _writing():
                new = self._noted(tip, lines, keep)
            done = self.refs.move([Move(self.notes_ref, tip, new), *named])
            self._read()
            if done or any(self.refs.read(move.ref) != move.old for move in named):
                self._population.settle(move.ref for move in moves)
                return done

    def _noted(self, tip: str | None, lines: Mapping[str, bytes], keep: Iterable[str]) -> str:
        """Write the commit that adds lines to the notes, and keeps these commits from git gc."""
        tree = notes.add(self.repository, self._tree(tip) if tip else None, lines)
        who = signature(self.run, "gitmerge-ai", int(time.time()))
        parents = [pygit2.Oid(hex=each) for each in ([tip] if tip else []) + list(keep)]
        message = f"{' '.join(each[:12] for each in lines)}\n"
        return str(self.repository.create_commit(None, who, who, message, tree.id, parents))

    def _individual(self, commit: str, found: tuple[Event, ...]) -> Individual | None:
        """Give what a note is on: known already, or a commit that the note says was born."""
        if commit in self._records:
            return self._records[commit].individual
        try:
            made = self.repository.get(commit)
        except (ValueError, pygit2.GitError):
            return None
        if not isinstance(made, pygit2.Commit):
            return None
        parents = tuple(map(str, made.parent_ids))
        return records.individual(commit, str(made.tree_id), parents, found)

    def _keep(self, record: Record) -> None:
        commit = record.individual.commit
        known = self._records.get(commit)
        if (known.decision if known else "") != record.decision:
            self._alive.clear()
        self._records[commit] = record
        self._trees.setdefault(record.individual.tree, commit)
        self._population.take(record)

    def _commit(self, name: str) -> pygit2.Commit:
        found = self.repository.get(name)
        if not isinstance(found, pygit2.Commit):
            raise GraphError(f"{name} is no commit")
        return found

    def _tree(self, commit: str) -> pygit2.Tree:
        return self._commit(commit).tree

    def _read_plan(self) -> Plan:
        named = pygit2.reference_is_valid_name(self.prefix + "plan")
        commit = self.refs.read(self.prefix + "plan") if named else None
        if commit is None:
            raise GraphError(f"there is no run {self.run}")
        try:
            return plans.read(self._tree(commit)[PLAN_FILE].data)  # type: ignore[union-attr]
        except (KeyError, AssertionError, AttributeError, plans.PlanError) as error:
            raise GraphError(f"the run {self.run} has no plan to go by: {error}") from error


@contextmanager
def _writing() -> Iterator[None]:
    """Say of an object that cannot be written that it is the repository's fault."""
    try:
        yield
    except pygit2.GitError as error:
        raise GraphError(f"the repository cannot be written to: {error}") from error
