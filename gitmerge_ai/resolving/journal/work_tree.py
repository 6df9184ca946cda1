"""A work tree with its journal: where all that looks back, or goes back, begins."""

from dataclasses import dataclass
from pathlib import Path

from gitmerge_ai.repository import index
from gitmerge_ai.repository.index import RepositoryError
from gitmerge_ai.resolving.journal import reading
from gitmerge_ai.resolving.journal.reading import Journal


@dataclass(frozen=True, slots=True)
class WorkTree:
    """A work tree, its git directory, and what its journal held when it was read."""

    root: Path
    git_dir: str
    journal: Journal


def work_tree(folder: Path) -> WorkTree:
    """Find the work tree that a folder is in.

    Raises:
        RepositoryError: there is none.
    """
    repository = index.open_repository(folder)
    root = index.work_tree(repository)
    git_dir = repository.path.rstrip("/")
    return WorkTree(root, git_dir, reading.read(git_dir))


def inside(tree: WorkTree, name: str) -> str:
    """Give a path as git names it.

    Args:
        tree: the work tree.
        name: the path from the current folder.

    Raises:
        RepositoryError: it is not in the work tree.
    """
    path = index.path_in(tree.root, Path(name))
    if path is None:
        raise RepositoryError(f"{name} is not in {tree.root}")
    return path
