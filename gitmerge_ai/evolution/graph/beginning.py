"""The beginning of a run: its plan as a commit, and the base as its first individual."""

import re
import time
from pathlib import Path

import pygit2
from pygit2.enums import FileMode

from gitmerge_ai.evolution.graph import events, notes, plans, records
from gitmerge_ai.evolution.values import Individual, Plan
from gitmerge_ai.repository.index import RepositoryError, open_repository
from gitmerge_ai.repository.refs import Move, Refs

PREFIX = "refs/gitmerge-ai/evolve/"
NOTES = "refs/notes/gitmerge-ai/"

PLAN_FILE = "run.json"

COMPONENT = re.compile(r"[A-Za-z0-9_+=,](?:[A-Za-z0-9_+=,.-]*[A-Za-z0-9_+=,-])?")
"""What a part of the name of a run's ref may be."""


class GraphError(RepositoryError):
    """A run cannot be made or read; the message says which and why."""


def begin(folder: Path, plan: Plan) -> None:
    """Make a run.

    Args:
        folder: in the repository.
        plan: its base may be named in any way git knows.

    Raises:
        RepositoryError: there is a run of that name, or it cannot be made.
    """
    if not COMPONENT.fullmatch(plan.name) or plan.name.endswith(".lock"):
        raise GraphError(f"{plan.name!r} cannot be the name of a run")
    repository = open_repository(folder)
    base = commit_named(repository, plan.base)
    name = str(base.id)
    plan = plan._replace(base=name)
    builder = repository.TreeBuilder()
    builder.insert(PLAN_FILE, repository.create_blob(plans.write(plan)), FileMode.BLOB)
    who = signature(plan.name, "gitmerge-ai", int(time.time()))
    message = f"Evolve {plan.name}\n\n{plan.goal}\n"
    written = repository.create_commit(None, who, who, message, builder.write(), [base.id])
    said = notes.add(repository, None, {name: events.text([records.born(root(base))])})
    noted = repository.create_commit(None, who, who, "base\n", said.id, [base.id])
    moves = [
        Move(NOTES + plan.name, None, str(noted)),
        Move(f"{PREFIX}{plan.name}/plan", None, str(written)),
    ]
    refs = Refs(repository.path)
    try:
        if not refs.move(moves):
            raise GraphError(f"there is a run {plan.name} already")
    finally:
        refs.close()


def root(base: pygit2.Commit) -> Individual:
    """Give the individual that a commit is which a run begins with."""
    subject = base.message.partition("\n")[0]
    return Individual(str(base.id), str(base.tree_id), (), 0, 0, "", "base", subject)


def commit_named(repository: pygit2.Repository, name: str) -> pygit2.Commit:
    """Find a commit.

    Args:
        repository: where it is.
        name: in any way git knows.

    Raises:
        GraphError: there is none.
    """
    try:
        return repository.revparse_single(name).peel(pygit2.Commit)
    except (KeyError, ValueError, pygit2.GitError) as error:
        raise GraphError(f"there is no commit {name}") from error


def signature(run: str, name: str, when: int) -> pygit2.Signature:
    """Give who makes a commit in a run.

    Args:
        run: its name.
        name: of an agent.
        when: in seconds since 1970.
    """
    plain = re.sub(r"[<>\s]+", " ", name).strip() or "gitmerge-ai"
    return pygit2.Signature(plain, f"{run}@gitmerge-ai.invalid", when, 0)
