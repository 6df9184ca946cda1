"""Gathers from a repository what is known of a file that is merged, within a budget of time.

A history that cannot be read in time, a commit that is not there, a repository that nothing was
learned of: what is missing is left out, and a merge goes on without it.
"""

from dataclasses import replace
from pathlib import Path

import pygit2

from gitmerge_ai.repository.history import history_of
from gitmerge_ai.repository.index import RepositoryError, open_repository
from gitmerge_ai.repository.operation import Operation, operation
from gitmerge_ai.resolving.knowledge import adapted
from gitmerge_ai.resolving.knowledge.habits import between, branch_kind
from gitmerge_ai.resolving.knowledge.known import Known


def known_of(
    folder: Path,
    ours: str,
    theirs: str,
    path: str,
    base: str | None = None,
    source: str = "",
    target: str = "",
) -> Known:
    """Say what is known of a file in the merge of two commits.

    Args:
        folder: in the repository.
        ours, theirs: the commits, named in any way git knows.
        path: of the file, as the merge calls it.
        base: the commit that the merge starts from, if it is not where the two part.
        source: the name of the branch that is merged, if it is one.
        target: the name of the branch that it is merged into; the current one if not given.

    Raises:
        RepositoryError: there is no such repository, or no such commit in it.
    """
    history = history_of(folder, base, ours, theirs, path)
    repository = open_repository(folder)
    learned = adapted.read(repository.path)
    branch = between(source, target or repository.head.shorthand) if source else ""
    if learned is None:
        return Known(history, branch=branch)
    return Known(history, learned.habits, branch, refit=learned.refit)


def known_in(folder: Path, step: Operation, ours: str, theirs: str, path: str) -> Known:
    """Say what is known of a file in an operation that need not be under way.

    Args:
        folder: in the repository.
        step: the operation.
        ours, theirs: its commits, as the person names them.
        path: of the file, as the merge calls it.

    Raises:
        RepositoryError: there is no such repository, or no such commit in it.
    """
    if step.name == "revert":  # its other side is the past itself
        return Known()
    repository = open_repository(folder)
    source, target = (_branch(repository, revision) for revision in (theirs, ours))
    is_merge = step.name == "merge" and source and target
    names = (source, target) if is_merge else ("", "")
    return known_of(folder, ours, theirs, path, step.base, *names)


def _branch(repository: pygit2.Repository, revision: str) -> str:
    """Give the name of a branch, local or not, "" where a revision is none."""
    if revision == "HEAD":
        return "" if repository.head_is_detached else repository.head.shorthand
    try:
        found = repository.lookup_reference_dwim(revision)
    except (KeyError, pygit2.GitError, ValueError):
        return ""
    return found.shorthand if found.name.startswith(("refs/heads/", "refs/remotes/")) else ""


def known_now(repository: pygit2.Repository, path: str) -> Known:
    """Say what is known of a file in the merge, rebase or cherry-pick that is unfinished.

    Args:
        repository: where it is.
        path: of the file, as the merge calls it.
    """
    unfinished = operation(repository)
    # A revert's other side is the past itself: its history tells nothing.
    if unfinished is None or unfinished.name == "revert" or unfinished.theirs is None:
        return Known()
    folder = Path(repository.workdir or repository.path)
    try:
        known = known_of(folder, "HEAD", unfinished.theirs, path, unfinished.base)
    except RepositoryError:
        return Known()
    if unfinished.name != "merge":  # the message is that of the commit that is picked
        return known
    message = Path(repository.path) / "MERGE_MSG"
    try:
        branch = branch_kind(message.read_text("utf-8", "replace"))
    except OSError:
        branch = ""
    return replace(known, branch=branch)
