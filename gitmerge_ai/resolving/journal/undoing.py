"""Takes automatic resolutions back in a work tree, and takes that back again.

A file that is as it was resolved becomes what plain git would have left, byte for byte, in the
index too. In one that was edited since only what still stands as it was resolved is exchanged.
What a file held before is always kept, so that nothing can be lost here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gitmerge_ai.repository import conflict, index, journal_store, line_merge
from gitmerge_ai.repository.conflict import Conflicted, ThreeWay
from gitmerge_ai.repository.index import RepositoryError, Stage
from gitmerge_ai.resolving.journal import reading
from gitmerge_ai.resolving.journal.entries import Entry
from gitmerge_ai.resolving.journal.exchanging import Exchange, Hunk, Marked, exchange, hunks
from gitmerge_ai.resolving.journal.reading import Journal, Undo, digest
from gitmerge_ai.resolving.journal.work_tree import WorkTree
from gitmerge_ai.text import encoding
from gitmerge_ai.values import Span


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be taken back: a file, a line of it (counted from 1) or all, edited or not.

    `whole` asks for the file as git would have left it, whatever was done to it since.
    """

    path: str
    line: int | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done to a file.

    action: "undone" or "redone".
    spans: the lines where it was done, as they are now.
    edited: whether the file had been edited since.
    kept: where the content before is.
    committed: whether the current commit holds what was taken back.
    unmerged: whether the index holds the file as a conflict now.
    """

    path: str
    action: str
    spans: tuple[Span, ...]
    edited: bool
    kept: Path
    committed: bool
    unmerged: bool


@dataclass(frozen=True, slots=True)
class _Case:
    """An entry, and the file before and after it was resolved; `current` is what it is now."""

    entry: Entry
    before: Conflicted
    after: bytes
    current: bytes
    size: int

    @property
    def texts(self) -> tuple[Marked, Marked, Marked]:
        """The file before, after and now."""
        versions = (self.before.data, self.after, self.current)
        before, after, now = (Marked(encoding.decode(v).text, self.size) for v in versions)
        return before, after, now

    def encoded(self, text: str) -> bytes:
        """Write a text as the file is written."""
        return encoding.encode(encoding.decode(self.current)._replace(text=text))


def put_back(tree: WorkTree, target: Target) -> Outcome | None:
    """Put conflicts back, `None` where no automatic resolution stands any more.

    Args:
        tree: the work tree.
        target: what to take back.

    Raises:
        RepositoryError: git no longer has what was merged, or the index cannot be written.
        OSError: the file or the journal cannot be written.
    """
    for entry in _entries(tree.journal, target):
        case = _case(tree, entry, target)
        before, after, now = case.texts
        found = hunks(after, before)
        if target.whole or (target.line is None and case.current == case.after):
            done = Exchange(before.text, exchange(after, after, before, found).spans)
            data = case.before.data
        else:
            done = exchange(now, after, before, found, target.line)
            data = case.encoded(done.text)
        if data != case.current and (done.spans or target.whole):
            _check_index(tree, case)
            return _apply(tree, target, case, "undone", done, data, case.before.entries)
    return None


def put_again(tree: WorkTree, target: Target) -> Outcome | None:
    """Take back what `put_back` did, `None` where nothing of that stands any more.

    Args:
        tree: the work tree.
        target: what to resolve again.

    Raises:
        RepositoryError: git no longer has what was merged, or the index cannot be written.
        OSError: the file or the journal cannot be written.
    """
    for entry in _entries(tree.journal, target):
        undos = tree.journal.undos_of(entry)
        if not undos:
            continue
        case = _case(tree, entry, target)
        before, after, now = case.texts
        found: list[Hunk] = [hunk.back for hunk in hunks(after, before)]
        done = exchange(now, before, after, found, target.line)
        data = case.encoded(done.text)
        start = _start(undos, digest(case.current)) if target.line is None else None
        if start:
            data = line_merge.read(journal_store.kept_file(tree.git_dir, start.name))
        if start or done.spans:
            known = (undo.index for undo in undos if undo.before == digest(data))
            return _apply(tree, target, case, "redone", done, data, next(known, None))
    return None


def _entries(journal: Journal, target: Target) -> list[Entry]:
    """Give the entries that may be meant: those of the last step, or all where a line tells."""
    entries = journal.of_path(target.path)
    if target.line is not None:
        return entries
    return [entry for entry in entries if entry.step.key == entries[0].step.key]


def _case(tree: WorkTree, entry: Entry, target: Target) -> _Case:
    file = tree.root / entry.path
    if file.is_symlink() or (file.exists() and not file.is_file()):
        raise RepositoryError("it is no longer a file")
    if not file.exists() and not target.whole:
        raise RepositoryError("it is not in the work tree; undo --whole puts it back")
    current = file.read_bytes() if file.exists() else b""
    size = index.marker_size(tree.root, entry.path)
    after = index.checked_out(tree.root, entry.path, Stage(0o100644, entry.blobs.result))
    return _Case(entry, _before(tree, entry), after, current, size)


def _before(tree: WorkTree, entry: Entry) -> Conflicted:
    """Give a file as it was before an entry: as it was kept, or as git would have left it."""
    kept = Path(journal_store.kept_file(tree.git_dir, entry.name))
    if kept.exists():
        return Conflicted(kept.read_bytes(), entry.stages)
    blobs = (entry.blobs.base, entry.blobs.ours, entry.blobs.theirs)
    return conflict.as_git_leaves_it(
        tree.root, ThreeWay(entry.path, blobs, entry.step, entry.labels)
    )


def _check_index(tree: WorkTree, case: _Case) -> None:
    """Make sure that no other conflict of the file would be lost from the index.

    Raises:
        RepositoryError: there is one.
    """
    now = conflict.index_entries(tree.root, case.entry.path)
    if _is_unmerged(now) and [e.split()[1:] for e in now] != [
        e.split()[1:] for e in case.before.entries
    ]:
        raise RepositoryError("it is in conflict by another merge; settle that first")


def _start(undos: Sequence[Undo], now: str) -> Undo | None:
    """Find where an unbroken row of undos began that led to the file as it is now."""
    found = None
    for undo in reversed(undos):
        if undo.after != now:
            break
        found, now = undo, undo.before
    return found


def _apply(
    tree: WorkTree,
    target: Target,
    case: _Case,
    action: str,
    done: Exchange,
    data: bytes,
    entries: tuple[str, ...] | None,
) -> Outcome:
    """Write the index and the file; what they held goes into the journal before."""
    path = case.entry.path
    held = conflict.index_entries(tree.root, path)
    committed = _committed(tree.root, case.entry)
    undo = Undo(case.entry.name, path, target.line, digest(case.current), digest(data), held)
    name = reading.write_undo(tree.git_dir, undo, case.current)
    entries = held if entries is None else entries
    if entries != held:
        conflict.set_index(tree.root, path, entries)
    try:
        _write(tree.root / path, data)
    except OSError:
        conflict.set_index(tree.root, path, held)
        raise
    expected = case.after if action == "undone" else case.before.data
    kept = Path(journal_store.kept_file(tree.git_dir, name))
    edited = case.current != expected
    return Outcome(path, action, done.spans, edited, kept, committed, _is_unmerged(entries))


def _write(file: Path, data: bytes) -> None:
    if file.exists():
        line_merge.replace(str(file), data)
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def _committed(root: Path, entry: Entry) -> bool:
    said = index.git(root, "rev-parse", "-q", "--verify", f"HEAD:{entry.path}", allowed=128)
    return said.decode().strip() == entry.blobs.result


def _is_unmerged(entries: Sequence[str]) -> bool:
    return any(not entry.endswith(" 0") for entry in entries)
