"""Where a line comes from: the commit that git blames, and the automatic resolution, if it was one.

A resolution counts only if it is in the history of the current commit, or in the work tree on its
way there; what an aborted merge had resolved says nothing about a line. Nothing is written here.
"""

from dataclasses import dataclass

from gitmerge_ai.repository import index
from gitmerge_ai.repository.index import RepositoryError, git
from gitmerge_ai.resolving.journal import reviewing
from gitmerge_ai.resolving.journal.entries import Entry
from gitmerge_ai.resolving.journal.exchanging import Alignment, Marked
from gitmerge_ai.resolving.journal.reviewing import Commit, ReviewedStep
from gitmerge_ai.resolving.journal.work_tree import WorkTree
from gitmerge_ai.text import encoding
from gitmerge_ai.values import Resolution


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where a line comes from.

    blamed: the commit that wrote it, `None` for a line that is not committed.
    step: the step in which the line was resolved automatically, `None` if it was not.
    resolution: the resolution that the line is in.
    """

    path: str
    line: int
    blamed: Commit | None
    step: ReviewedStep | None = None
    resolution: Resolution | None = None


def explain(tree: WorkTree, path: str, line: int) -> Explanation:
    """Explain a line of a file in the work tree.

    Args:
        tree: the work tree.
        path: of the file, from the root.
        line: its number, counted from 1.

    Raises:
        RepositoryError: git knows no such line.
    """
    blamed, old_path = _blame(tree, path, line)
    now = Marked(_text((tree.root / path).read_bytes()), index.marker_size(tree.root, path))
    for entry in reversed(tree.journal.entries):
        if entry.path not in (path, old_path):
            continue
        resolution = _resolution_at(tree, entry, now, line)
        step = _in_history(tree, entry) if resolution else None
        if step:
            return Explanation(path, line, blamed, step, resolution)
    return Explanation(path, line, blamed)


def _blame(tree: WorkTree, path: str, line: int) -> tuple[Commit | None, str]:
    """Give the commit that a line is from, and what the file was called in it."""
    where = f"-L{line},{line}"
    said = git(tree.root, "blame", "--porcelain", where, "--", path)
    head, *facts = said.decode(errors="surrogateescape").split("\n")
    name = head.split()[0]
    names = (fact.partition(" ")[2] for fact in facts if fact.startswith("filename "))
    if not name.strip("0"):
        return None, path
    return reviewing.commit(tree, name), next(names, path)


def _resolution_at(tree: WorkTree, entry: Entry, now: Marked, line: int) -> Resolution | None:
    """Find the resolution of an entry that a line stems from, by where it stood in the result."""
    try:
        result = Marked(_text(reviewing.result(tree, entry)), now.size)
    except RepositoryError:
        return None
    number = Alignment(result, now).line_before(line)
    for resolution in entry.resolutions:
        span = resolution.span
        if number and span and span[0] <= number < span[1]:
            return resolution
    return None


def _in_history(tree: WorkTree, entry: Entry) -> ReviewedStep | None:
    """Give the step of an entry if the current commit, or the work tree, holds it."""
    step = reviewing.step_of(tree, [entry])
    if step.commit is None:
        return step if step.files[0].found else None
    base = git(tree.root, "merge-base", "HEAD", step.commit.name, allowed=1).decode().strip()
    return step if base == step.commit.name else None


def _text(data: bytes) -> str:
    return encoding.decode(data).text
