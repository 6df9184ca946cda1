"""The winner of a run as a branch of the user's, with a message that tells how it came about.

Squashed, it is one commit on the base; with its lineage, a merge of the base and the winner, so
that every step can be looked at. The user's own git writes the commit, with the user's name and
signature. No work tree, index or branch that is there is touched.
"""

from pathlib import Path
from typing import NamedTuple

import pygit2

from gitmerge_ai.evolution.graph.beginning import GraphError
from gitmerge_ai.evolution.graph.state import Graph
from gitmerge_ai.evolution.graph.story import story
from gitmerge_ai.repository.index import git


class Applied(NamedTuple):
    """A branch that has the winner. made: whether it was not there before."""

    branch: str
    commit: str
    made: bool


def apply(graph: Graph, commit: str, branch: str, *, squash: bool) -> Applied:
    """Make a branch of an individual.

    Args:
        graph: of the run.
        commit: the individual.
        branch: its name; one that is there must be this individual's already.
        squash: whether to leave out the way to it.

    Raises:
        RepositoryError: there is another branch of that name, or git cannot write it.
    """
    record = graph.individuals[commit]
    parents = [graph.plan.base] if squash else [graph.plan.base, commit]
    if not pygit2.reference_is_valid_name(f"refs/heads/{branch}") or branch.startswith("-"):
        raise GraphError(f"{branch!r} cannot be the name of a branch")
    there = graph.refs.read(f"refs/heads/{branch}")
    if there is not None:
        found = graph.repository[there].peel(pygit2.Commit)
        same = str(found.tree_id) == record.individual.tree
        if same and list(map(str, found.parent_ids)) == parents:
            return Applied(branch, there, False)
        raise GraphError(f"there is another branch {branch}: name one with --branch")
    folder = Path(graph.repository.path)
    sign = git(folder, "config", "--type=bool", "--default=false", "commit.gpgSign") == b"true\n"
    command = ["commit-tree", *(["-S"] if sign else []), record.individual.tree]
    command += [word for parent in parents for word in ("-p", parent)]
    made = git(folder, *command, stdin=story(graph, record).encode()).decode().strip()
    git(folder, "branch", "--no-track", branch, made)
    return Applied(branch, made, True)
