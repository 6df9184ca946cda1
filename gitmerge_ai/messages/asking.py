"""All that a proposal is made from, gathered: the change, its author, the branch, the history."""

from collections.abc import Sequence
from pathlib import Path

from gitmerge_ai.messages.change import LARGEST_FILE, MOST_FILES, Summary, summarise
from gitmerge_ai.messages.conventions import READ, Conventions, conventions
from gitmerge_ai.messages.history import BUDGET, history
from gitmerge_ai.messages.memory import Asked, Memory
from gitmerge_ai.messages.proposing import propose
from gitmerge_ai.messages.question import Candidate, Question
from gitmerge_ai.repository.commits import (
    ChangedFile,
    Footprint,
    Position,
    author,
    changed_files,
    position,
    staged,
)
from gitmerge_ai.repository.merged import MergedError, contents


def question(
    folder: Path, typed: str = "", place: Position | None = None, budget: float = BUDGET
) -> Question:
    """Gather what is known of the staged change.

    Args:
        folder: in the work tree.
        typed: what was typed of the subject.
        place: where the work tree is, if that is known.
        budget: seconds that reading new commits may take.

    Raises:
        CommitsError: git could not tell what is staged.
    """
    footprint = staged(folder)
    place = place or position(folder)
    if footprint.is_empty or place is None:
        return Question(Asked(footprint), Memory(), Conventions(), Summary(), typed)
    memory = Memory(archive=history(folder, budget, place))
    found = summary(folder, None, footprint)
    asked = Asked(footprint, author(folder), place.branch, found.named, found.text)
    return Question(asked, memory, written_here(memory), found, typed)


def ask(question: Question, most: int, folder: Path, patience: float) -> list[Candidate]:
    """Give the best subjects that anybody knows, the endpoint among them if one is configured.

    Args:
        question: what is asked.
        most: how many.
        folder: whose settings count.
        patience: seconds that the endpoint may take at most.
    """
    from gitmerge_ai.messages.consulting import consulting  # what a hook seldom needs

    consulted = consulting(folder, patience)
    return propose(question, most, [consulted] if consulted else [])


def summary(folder: Path, commit: str | None, footprint: Footprint) -> Summary:
    """Say what a commit or what is staged does; a large change by its paths alone."""
    if footprint.is_empty:
        return Summary()
    files = changed_files(folder, commit)
    try:
        return summarise(files, _read(folder, files))
    except MergedError:
        return summarise(files, {})


def written_here(memory: Memory) -> Conventions:
    """Read the conventions off what is remembered."""
    return conventions(memory.messages(READ))


def _read(folder: Path, files: Sequence[ChangedFile]) -> dict[str, bytes]:
    """Read the blobs that may be looked at."""
    if len(files) > MOST_FILES:
        return {}
    blobs = [blob for file in files for blob in (file.before, file.after) if blob]
    return contents(folder, blobs, LARGEST_FILE)
