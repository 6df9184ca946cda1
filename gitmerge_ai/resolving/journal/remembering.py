"""Adds to the journal what a command of the person's own resolved in a file of the work tree.

The merge driver has a way of its own, `entries.prepare`, since it sees neither index nor work tree.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gitmerge_ai.merging import report
from gitmerge_ai.repository import conflict, index, steps
from gitmerge_ai.repository.index import RepositoryError, Unmerged
from gitmerge_ai.resolving.journal.entries import Blobs, Entry, write
from gitmerge_ai.resolving.suggesting import with_base
from gitmerge_ai.text import encoding, markers
from gitmerge_ai.text.markers import Region
from gitmerge_ai.values import Resolution, Sides


@dataclass(frozen=True, slots=True)
class Place:
    """A file: the root of its work tree, the git directory, and what git calls it."""

    root: Path
    git_dir: str
    path: str


def remember(
    place: Place,
    by: str,
    before: bytes,
    resolutions: Sequence[Resolution],
    left: int,
    versions: Unmerged | None = None,
) -> None:
    """Add a file that was just written to the journal.

    The file is what counts: where the journal cannot be written, nothing is said of it.

    Args:
        place: of the file.
        by: the command: "resolve" or "mergetool".
        before: what the file held.
        resolutions: what was resolved in it, with the lines in the file.
        left: how many conflicts are left in it.
        versions: what the index has of it.
    """
    known = [versions.base, versions.ours, versions.theirs] if versions else [None] * 3
    base, ours, theirs = (stage.blob if stage else "" for stage in known)
    with suppress(RepositoryError, OSError):
        command = ("hash-object", "-w", f"--path={place.path}", str(place.root / place.path))
        result = index.git(place.root, *command).decode().strip()
        entry = Entry(
            steps.unfinished(place.git_dir),
            place.path,
            by,
            Blobs(base, ours, theirs, result),
            left,
            tuple(resolutions),
            stages=versions.entries if versions else conflict.index_entries(place.root, place.path),
        )
        write(place.git_dir, entry, before)


def placed(
    before: bytes, after: bytes, chosen: Mapping[int, Resolution], base: bytes | None = None
) -> list[Resolution]:
    """Give resolutions the lines at which they stand, and their sides.

    Args:
        before: the file with its conflicts.
        after: the file with some of them resolved.
        chosen: the resolutions by the number of their conflict, from 0.
        base: the whole file at the merge base, where the markers may not show it.
    """
    segments, merged = (markers.parse(encoding.decode(data).text) for data in (before, after))
    if base is not None:
        segments = with_base(segments, encoding.decode(base).text)
    found = report.place(segments, merged)
    return [
        one._replace(span=found[number].span, sides=_sides(found[number].region))
        for number, one in sorted(chosen.items())
    ]


def _sides(region: Region) -> Sides:
    return Sides(region.base or "", region.ours, region.theirs)
