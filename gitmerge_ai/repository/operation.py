"""What an unfinished merge, rebase, cherry-pick, revert or stash was merging.

Git leaves the commits in files of its own (MERGE_HEAD, REBASE_HEAD, …); from them the base of a
conflict can be found where neither the index nor the markers show it. Nothing is written here.
"""

from dataclasses import dataclass
from pathlib import Path

import pygit2

from gitmerge_ai.repository.index import RepositoryError, open_repository
from gitmerge_ai.repository.steps import HEADS
from gitmerge_ai.text import encoding


@dataclass(frozen=True, slots=True)
class Operation:
    """An unfinished operation.

    `name` is what git calls it, `base` the commit that its merges start from, `theirs` the one that
    is merged into ours (of a revert, the one that is taken back).
    """

    name: str
    base: str | None
    theirs: str | None = None


def operation(repository: pygit2.Repository) -> Operation | None:
    """Find out what is unfinished, `None` if nothing that left a file of its own is.

    Args:
        repository: any.
    """
    for name, file in HEADS.items():
        path = Path(repository.path) / file
        if path.exists():
            heads = path.read_text().split()
            commit = repository.get(heads[0]) if len(heads) == 1 else None
            if not isinstance(commit, pygit2.Commit):
                return Operation(name, None, heads[0] if len(heads) == 1 else None)
            base = _base(repository, name, repository.head.target, commit)
            return Operation(name, base, str(commit.id))
    return None


def operation_of(folder: Path, name: str, ours: str, theirs: str) -> Operation:
    """Say what merges two commits, as `operation` does of what is under way.

    Args:
        folder: in the repository.
        name: what git calls the operation.
        ours, theirs: the commits, named in any way git knows.

    Raises:
        RepositoryError: there is no such repository, or no such commit in it.
    """
    repository = open_repository(folder)
    tips = [_commit(repository, revision) for revision in (ours, theirs)]
    return Operation(name, _base(repository, name, tips[0].id, tips[1]), str(tips[1].id))


def _base(
    repository: pygit2.Repository, name: str, ours: pygit2.Oid | str, theirs: pygit2.Commit
) -> str | None:
    """Give the commit that an operation's three-way merge takes as base."""
    if name == "revert":
        return str(theirs.id)
    if name == "merge":
        found = repository.merge_base(ours, theirs.id)
        return None if found is None else str(found)
    return str(theirs.parent_ids[0]) if len(theirs.parent_ids) == 1 else None


def base_text(repository: pygit2.Repository, commit: str, path: str) -> str | None:
    """Give a file's text in a commit, `None` if it is not there.

    Args:
        repository: where the commit is.
        commit: its name.
        path: of the file, from the root of the work tree.
    """
    found = repository[commit].peel(pygit2.Tree)
    try:
        blob = found[path]
    except KeyError:
        return None
    return encoding.decode(blob.data).text if isinstance(blob, pygit2.Blob) else None


def _commit(repository: pygit2.Repository, revision: str) -> pygit2.Commit:
    try:
        return repository.revparse_single(revision).peel(pygit2.Commit)
    except (KeyError, ValueError, pygit2.GitError) as error:
        raise RepositoryError(f"there is no commit {revision} in {repository.path}") from error
