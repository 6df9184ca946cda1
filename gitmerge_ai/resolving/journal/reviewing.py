"""What became of automatic resolutions: which commit holds them, and where they stand in it.

An entry of the journal belongs to a commit that has its result and whose parents have not, or that
was made on top of the commit it was merged into and still has one of its resolutions. What a merge
made of a file may be just what one of its parents has. Nothing is written here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gitmerge_ai.repository import index
from gitmerge_ai.repository.index import RepositoryError, Stage, git
from gitmerge_ai.repository.steps import Step
from gitmerge_ai.resolving.journal.entries import Entry
from gitmerge_ai.resolving.journal.exchanging import Alignment, Marked
from gitmerge_ai.resolving.journal.work_tree import WorkTree
from gitmerge_ai.text import encoding
from gitmerge_ai.values import Span

RECENT = 2000
"""How many commits back the one is looked for that followed a step."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its name, its parents, and the first line of its message."""

    name: str
    parents: tuple[str, ...]
    subject: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A file in which conflicts were resolved.

    spans: for each resolution the lines where it stands now, in the commit or else in the work
        tree; `None` for one that was changed since, or taken back.
    """

    entry: Entry
    spans: tuple[Span | None, ...]

    @property
    def found(self) -> bool:
        """Whether any of it still stands."""
        return any(self.spans)


@dataclass(frozen=True, slots=True)
class ReviewedStep:
    """A step, the commit that followed it (`None` if none did), and what was resolved in it."""

    step: Step
    commit: Commit | None
    files: tuple[Reviewed, ...]


def last(tree: WorkTree) -> list[ReviewedStep]:
    """Review the last operation: a merge, or all steps of a rebase.

    Args:
        tree: the work tree.

    Raises:
        RepositoryError: git cannot be read.
    """
    steps = tree.journal.last_run()
    if not steps:
        return []
    followers = _followers(tree)
    return [_step(tree, entries, followers) for entries in steps]


def of_commit(tree: WorkTree, revision: str) -> list[ReviewedStep]:
    """Review a commit: what in it was resolved automatically when it was made.

    Args:
        tree: the work tree.
        revision: the commit, named in any way git knows.

    Raises:
        RepositoryError: there is no such commit.
    """
    made = commit(tree, revision)
    held = _held(tree, made, tree.journal.entries)
    latest = {(one.entry.path, one.entry.by): one for one in held}
    by_step: dict[tuple[str, ...], list[Reviewed]] = {}
    for one in sorted(latest.values(), key=lambda one: (one.entry.path, one.entry.name)):
        by_step.setdefault(one.entry.step.key, []).append(one)
    return [ReviewedStep(ones[0].entry.step, made, tuple(ones)) for ones in by_step.values()]


def in_work_tree(tree: WorkTree, entry: Entry) -> Reviewed:
    """Review an entry by the file as it is now.

    Args:
        tree: the work tree.
        entry: of its journal.

    Raises:
        RepositoryError: git cannot be read.
    """
    file = tree.root / entry.path
    if not file.is_file() or file.is_symlink():
        return Reviewed(entry, (None,) * len(entry.resolutions))
    try:
        written = result(tree, entry)
    except RepositoryError:
        return Reviewed(entry, (None,) * len(entry.resolutions))
    return _placed(tree, entry, written, file.read_bytes())


def step_of(tree: WorkTree, entries: Sequence[Entry]) -> ReviewedStep:
    """Review a step by the commit that followed, or by the work tree where none did.

    Args:
        tree: the work tree.
        entries: of one step.

    Raises:
        RepositoryError: git cannot be read.
    """
    return _step(tree, entries, _followers(tree))


def result(tree: WorkTree, entry: Entry) -> bytes:
    """Give the file that was written, as it is in a work tree.

    Raises:
        RepositoryError: git no longer has it.
    """
    return index.checked_out(tree.root, entry.path, Stage(0o100644, entry.blobs.result))


def _step(
    tree: WorkTree, entries: Sequence[Entry], followers: Mapping[str, Sequence[str]]
) -> ReviewedStep:
    step = entries[0].step
    entries = sorted(entries, key=lambda entry: (entry.path, entry.name))
    for name in followers.get(step.head, ()):
        made = commit(tree, name)
        files = _held(tree, made, entries)
        if files:
            held = {one.entry.name: one for one in files}
            gone = (Reviewed(e, (None,) * len(e.resolutions)) for e in entries)
            return ReviewedStep(step, made, tuple(held.get(g.entry.name, g) for g in gone))
    return ReviewedStep(step, None, tuple(in_work_tree(tree, entry) for entry in entries))


def _held(tree: WorkTree, commit: Commit, entries: Iterable[Entry]) -> list[Reviewed]:
    """Give those entries that belong to a commit, with where they stand in it."""
    entries = list(entries)
    paths = sorted({entry.path for entry in entries})
    if not paths:
        return []
    blobs = _blobs(tree, commit.name, paths)
    before = [_blobs(tree, parent, paths) for parent in commit.parents]
    found = []
    for entry in entries:
        there = blobs.get(entry.path)
        follows = _made_on(commit, entry.step)
        taken = any(there == each.get(entry.path) for each in before)
        if there is None or (taken and not (follows and entry.step.operation == "merge")):
            continue
        if there == entry.blobs.result:
            found.append(Reviewed(entry, tuple(one.span for one in entry.resolutions)))
        elif follows:
            reviewed = _in_blob(tree, entry, there)
            found += [reviewed] if reviewed.found else []
    return found


def _made_on(commit: Commit, step: Step) -> bool:
    """Whether a commit may be what a step ended in."""
    merged = step.commit if step.operation == "merge" else ""
    return step.head in commit.parents and (not merged or merged in commit.parents)


def _in_blob(tree: WorkTree, entry: Entry, blob: str) -> Reviewed:
    try:
        written = git(tree.root, "cat-file", "blob", entry.blobs.result)
    except RepositoryError:
        return Reviewed(entry, (None,) * len(entry.resolutions))
    return _placed(tree, entry, written, git(tree.root, "cat-file", "blob", blob))


def _placed(tree: WorkTree, entry: Entry, written: bytes, now: bytes) -> Reviewed:
    size = index.marker_size(tree.root, entry.path)
    texts = (Marked(encoding.decode(data).text, size) for data in (written, now))
    alignment = Alignment(*texts)
    spans = (one.span and alignment.span(one.span) for one in entry.resolutions)
    return Reviewed(entry, tuple(spans))


def _blobs(tree: WorkTree, commit: str, paths: Sequence[str]) -> dict[str, str]:
    """Give the blobs that a commit has at some paths."""
    command = ("--literal-pathspecs", "ls-tree", "-z", "-r", "--full-tree", commit, "--", *paths)
    entries = git(tree.root, *command).decode(errors="surrogateescape").split("\0")[:-1]
    pairs = (entry.partition("\t") for entry in entries)
    return {path: facts.split()[2] for facts, _, path in pairs}


def commit(tree: WorkTree, revision: str) -> Commit:
    """Read a commit.

    Args:
        tree: the work tree.
        revision: the commit, named in any way git knows.

    Raises:
        RepositoryError: there is no such commit.
    """
    command = ("log", "-1", "--no-show-signature", "--format=%H%n%P%n%s", revision, "--")
    said = git(tree.root, *command).decode(errors="replace")
    name, parents, subject = said.split("\n")[:3]
    return Commit(name, tuple(parents.split()), subject)


def _followers(tree: WorkTree) -> dict[str, list[str]]:
    """Give the recent commits by their parents, those that are still reachable or were lately."""
    command = ("rev-list", "--parents", f"--max-count={RECENT}", "HEAD", "--reflog")
    found: dict[str, list[str]] = {}
    for line in git(tree.root, *command).decode().splitlines():
        name, *parents = line.split()
        for parent in parents:
            found.setdefault(parent, []).append(name)
    return found
