"""All that a proposal is made from, gathered: the change, its author, the branch, the history."""

from collections.abc import Callable, Sequence
from pathlib import Path

from gitmerge_ai.messages.bodies import with_bodies
from gitmerge_ai.messages.change import LARGEST_FILE, MOST_FILES, looked_at, summarise
from gitmerge_ai.messages.conventions import READ, Conventions, conventions
from gitmerge_ai.messages.history import BUDGET, history
from gitmerge_ai.messages.locks import LOCKS, locked
from gitmerge_ai.messages.manifests import required
from gitmerge_ai.messages.memory import Asked, Memory
from gitmerge_ai.messages.parts import Part, Summary
from gitmerge_ai.messages.proposing import propose
from gitmerge_ai.messages.question import Candidate, Question
from gitmerge_ai.messages.wholes import folders
from gitmerge_ai.repository.commits import (
    ChangedFile,
    Footprint,
    Position,
    Staged,
    is_there,
    look,
    position,
)
from gitmerge_ai.repository.merged import MergedError, contents
from gitmerge_ai.repository.shown import changed_lines


def question(
    folder: Path,
    typed: str = "",
    place: Position | None = None,
    budget: float = BUDGET,
    looking: Callable[[], Staged] | None = None,
) -> Question:
    """Gather what is known of the staged change.

    Args:
        folder: in the work tree.
        typed: what was typed of the subject.
        place: where the work tree is, if that is known.
        budget: seconds that reading new commits may take.
        looking: waits for what is staged, if git was let look at it before.

    Raises:
        CommitsError: git could not tell what is staged.
    """
    footprint, files, author = (looking or look(folder))()
    place = place or position(folder)
    if place is None or (footprint.is_empty and not typed):
        return Question(Asked(footprint), Memory(), Conventions(), Summary(), typed)
    memory = Memory(archive=history(folder, budget, place))
    found = summary(folder, None, files)
    asked = about(found, footprint, author, place.branch)
    return Question(asked, memory, written_here(memory), found, typed)


def about(found: Summary, footprint: Footprint, author: str, branch: str = "") -> Asked:
    """Put together what is asked about a change.

    Args:
        found: what the change does.
        footprint: its paths and words.
        author: who writes it.
        branch: which it is on.
    """
    shown = found.named, found.text, found.bumps, found.untouched
    actions = tuple(part.action for part in found.parts)
    return Asked(footprint, author, branch, *shown, actions, found.nature)


def ask(question: Question, most: int, folder: Path, patience: float) -> list[Candidate]:
    """Give the best messages that anybody knows, the endpoint among them if one is configured.

    Args:
        question: what is asked.
        most: how many.
        folder: whose settings count.
        patience: seconds that the endpoint may take at most.
    """
    from gitmerge_ai.messages.consulting import consulting  # what a hook seldom needs

    consulted = consulting(folder, patience)
    return with_bodies(question, propose(question, most, [consulted] if consulted else []))


def summary(folder: Path, commit: str | None, files: Sequence[ChangedFile]) -> Summary:
    """Say what a change does; where git cannot read, by the paths alone.

    Args:
        folder: in the repository.
        commit: whose change it is; `None` for what is staged.
        files: of the change.
    """
    if not files:
        return Summary()
    wholes: dict[str, Part] = {}
    for each in folders(files):
        if each.action not in wholes and _is_whole(folder, commit, each):
            wholes[each.action] = each
    blobs = [blob for file in looked_at(files) for blob in (file.before, file.after) if blob]
    try:
        found = contents(folder, blobs, LARGEST_FILE)
    except MergedError:
        found = {}
    told = summarise(files, found, tuple(wholes.values()))
    return told if told.bumps else _with_locks(told, folder, commit, files)


def _with_locks(
    told: Summary, folder: Path, commit: str | None, files: Sequence[ChangedFile]
) -> Summary:
    """Add the dependencies that lock files alone have in another version, each once."""
    bumps: dict[str, Part] = {}
    untouched: set[str] = set()
    for file in files[:MOST_FILES]:
        place, slash, name = file.path.rpartition("/")
        if name in LOCKS and file.before and not file.gone:
            manifest = _text(folder, f"{commit or ''}:{place}{slash}{LOCKS[name]}")
            untouched.update(required(manifest))
            shown = changed_lines(folder, commit, file.path)
            for part in locked(shown, file.path, manifest.decode("utf-8", "replace")):
                bumps.setdefault(part.name, part)
    return told._replace(
        parts=(*bumps.values(), *told.parts), untouched=told.untouched | (untouched - bumps.keys())
    )


def _text(folder: Path, name: str) -> bytes:
    """Read a blob, nothing where there is none or too large a one."""
    try:
        return b"".join(contents(folder, [name], LARGEST_FILE).values())
    except MergedError:
        return b""


def written_here(memory: Memory) -> Conventions:
    """Read the conventions off what is remembered."""
    return conventions(memory.messages(READ))


def _is_whole(folder: Path, commit: str | None, part: Part) -> bool:
    """Whether a folder was not there before, or is not there any more."""
    before = f"{commit}^" if commit else "HEAD"
    gone = part.path if part.action == "remove" else part.before
    is_new = part.action == "remove" or not is_there(folder, part.path, before)
    return is_new and (not gone or not is_there(folder, gone, commit))
