"""Reading the journal: the steps of an operation, what `undo` did since, the entries of a path."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from gitmerge_ai.repository import journal_store
from gitmerge_ai.repository.steps import Step
from gitmerge_ai.resolving.journal.entries import Blobs, Entry
from gitmerge_ai.values import Labels, Resolution, Sides


@dataclass(frozen=True, slots=True)
class Undo:
    """A file that `undo` changed.

    entry: name of the entry that it is about.
    line: the line that was asked for, `None` for the whole file.
    before, after: digests of the work file; its content before is kept beside the record.
    index: the index's entries of the path before.
    name: of the record.
    """

    entry: str
    path: str
    line: int | None
    before: str
    after: str
    index: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Journal:
    """All that a work tree's journal holds, oldest first."""

    entries: tuple[Entry, ...]
    undos: tuple[Undo, ...]

    def of_path(self, path: str) -> list[Entry]:
        """Give the entries of a path, latest first."""
        return [entry for entry in reversed(self.entries) if entry.path == path]

    def undos_of(self, entry: Entry) -> list[Undo]:
        """Give what was done to an entry since, oldest first."""
        return [undo for undo in self.undos if undo.entry == entry.name]

    def steps(self) -> list[tuple[Entry, ...]]:
        """Give the entries of each step; of a merge done twice only what the last time gave."""
        return [
            _latest(list(entries)) for _, entries in groupby(self.entries, key=lambda e: e.step.key)
        ]

    def last_run(self) -> list[tuple[Entry, ...]]:
        """Give the steps of the last operation: all of a rebase, one merge."""
        steps = self.steps()
        run = steps[-1][0].step.run if steps else ""
        start = len(steps) - 1
        while run and start > 0 and steps[start - 1][0].step.run == run:
            start -= 1
        return steps[max(0, start) :]


def _latest(entries: list[Entry]) -> tuple[Entry, ...]:
    by_place = {(entry.path, entry.by): entry for entry in entries}
    return tuple(sorted(by_place.values(), key=lambda entry: entry.name))


def digest(data: bytes) -> str:
    """Give a short word that tells contents of a work file apart."""
    return hashlib.sha256(data).hexdigest()


def write_undo(git_dir: str, undo: Undo, kept: bytes) -> str:
    """Add what was taken back, and give the name of the record.

    Args:
        git_dir: of the work tree.
        undo: what was done.
        kept: the work file as it was before.

    Raises:
        OSError: it could not be written.
    """
    values = {"kind": "undo", **asdict(undo)}
    del values["name"]
    return journal_store.write(git_dir, json.dumps(values).encode(), kept)


def read(git_dir: str) -> Journal:
    """Read a work tree's journal; records that make no sense are left out.

    Args:
        git_dir: of the work tree.
    """
    entries: list[Entry] = []
    undos: list[Undo] = []
    for name, record in journal_store.read(git_dir):
        kind = record.pop("kind", None)
        try:
            if kind == "resolved":
                entries.append(_entry(record)._replace(name=name))
            elif kind == "undo":
                undos.append(Undo(**{**record, "index": tuple(record["index"])}, name=name))
        except (KeyError, TypeError, ValueError):
            continue
    return Journal(tuple(entries), tuple(undos))


def _entry(record: dict[str, Any]) -> Entry:
    labels = record["labels"]
    changed = {
        "step": Step(**record["step"]),
        "blobs": Blobs(**record["blobs"]),
        "stages": tuple(record["stages"]),
        "labels": (labels[0], labels[1], labels[2]) if labels else None,
        "resolutions": tuple(
            _resolution(one, record["path"], labels) for one in record["resolutions"]
        ),
    }
    return Entry(**{**record, **changed})


def _resolution(
    record: dict[str, Any], path: str = "", labels: Sequence[str] | None = None
) -> Resolution:
    sides, span = record["sides"], record["span"]
    changed = {
        "sides": Sides(**sides, path=path, labels=Labels(*labels or ())) if sides else None,
        "span": (span[0], span[1]) if span else None,
        "alternatives": tuple(map(_resolution, record["alternatives"])),
    }
    return Resolution(**{**record, **changed})
