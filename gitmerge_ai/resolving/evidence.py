"""What is known of a merge beside the texts of its conflicts: histories, and earlier merges.

Where the two commits of a merge are known, what either side did to a file is looked up; where the
repository was adapted to, what it did in its earlier merges. All of it may be missing and none of
it is ever waited for longer than a budget: a conflict without evidence is ranked by its texts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gitmerge_ai.repository.history import BUDGET, FileHistory, Histories, RepositoryError
from gitmerge_ai.repository.index import open_repository
from gitmerge_ai.repository.steps import Step, unfinished
from gitmerge_ai.resolving import adapted
from gitmerge_ai.resolving.habits import Habits, between, branch_kind
from gitmerge_ai.resolving.past import past_features
from gitmerge_ai.text.markers import Region

Features = dict[str, float]

Facts = Callable[[Region, str, str], Features]
"""Gives the features of a conflict, of its file's text before it and of the text after it."""

NO_HABITS = Habits({})


@dataclass(frozen=True, slots=True)
class Evidence:
    """Two commits that are merged, and what is known of their repository.

    `base` is `None` where the merge starts from where both sides parted; `branch` is the kind of
    merge, as `habits.branch_kind` names it.
    """

    histories: Histories
    base: str | None
    ours: str
    theirs: str
    branch: str
    habits: Habits

    def about(self, path: str, budget: float = BUDGET) -> Facts:
        """Look a file up; what is given tells of each of its conflicts.

        Args:
            path: what the merge calls the file.
            budget: seconds that its history may take.
        """
        try:
            history = self.histories.of(self.base, self.ours, self.theirs, path, budget)
        except RepositoryError:
            history = FileHistory()
        return partial(_facts, history, self.habits.features(path, self.branch))


def _facts(
    history: FileHistory, of_habits: Features, region: Region, before: str, after: str
) -> Features:
    return past_features(history, region, before, after) | of_habits


def of_revisions(folder: Path, ours: str, theirs: str) -> Evidence:
    """Give what is known of a merge of two commits.

    Args:
        folder: in the repository.
        ours, theirs: the commits, named in any way git knows.

    Raises:
        RepositoryError: there is no such repository.
    """
    return Evidence(Histories(folder), None, ours, theirs, between(theirs, ours), habits_of(folder))


def of_unfinished(folder: Path) -> Evidence | None:
    """Give what is known of the operation that stopped, `None` where that left no commit.

    Args:
        folder: in the work tree.

    Raises:
        RepositoryError: there is no such repository.
    """
    git_dir = Path(open_repository(folder).path)
    step = unfinished(str(git_dir))
    kind = ""
    if step.operation == "merge":
        message = git_dir / "MERGE_MSG"
        kind = branch_kind(message.read_text("utf-8", "replace")) if message.exists() else ""
    return _of(folder, step, kind)


def of_step(folder: Path, step: Step) -> Evidence | None:
    """Give what is known of a step that is under way, `None` where it names no commit.

    Args:
        folder: in the work tree.
        step: what a merge driver was called for.

    Raises:
        RepositoryError: there is no such repository.
    """
    head = open_repository(folder).head
    named = step.operation == "merge" and step.name and step.name != step.commit
    return _of(folder, step, between(step.name, head.shorthand) if named else "")


def habits_of(folder: Path) -> Habits:
    """Give what was learned of a repository, empty habits where that is nothing.

    Args:
        folder: in the repository.

    Raises:
        RepositoryError: there is no such repository.
    """
    known = adapted.read(open_repository(folder).path)
    return known.habits if known else NO_HABITS


def _of(folder: Path, step: Step, kind: str) -> Evidence | None:
    """Name the commits as the three-way merge of each operation has them."""
    if not (step.head and step.commit):
        return None
    commits = {
        "merge": (None, step.commit),
        "revert": (step.commit, f"{step.commit}^"),
    }
    base, theirs = commits.get(step.operation, (f"{step.commit}^", step.commit))
    return Evidence(Histories(folder), base, step.head, theirs, kind, habits_of(folder))
