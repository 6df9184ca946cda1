"""Finds the commits that a conflict's sides come from, for a person who asks why a line changed."""

from dataclasses import dataclass
from pathlib import Path

from gitmerge_ai.differ.sequences import matches
from gitmerge_ai.interface.mergetool.loading import Loaded
from gitmerge_ai.interface.mergetool.session import Document
from gitmerge_ai.repository import index, origins
from gitmerge_ai.repository.origins import Origin
from gitmerge_ai.text import encoding
from gitmerge_ai.text.lines import split
from gitmerge_ai.text.markers import Region


@dataclass(frozen=True, slots=True)
class Provenance:
    """The commits of one side, and whether they touched these lines or only the file."""

    side: str
    commits: tuple[Origin, ...]
    of_lines: bool


def provenance(root: Path, loaded: Loaded, slot: int) -> list[Provenance]:
    """Look up where ours and theirs of a conflict come from.

    Args:
        root: the work tree.
        loaded: the item.
        slot: which of its conflicts.

    Returns:
        Ours and theirs; nothing where the operation left no commits to go by.

    Raises:
        RepositoryError: git cannot give a version of the file.
    """
    ends = origins.ends(root)
    if ends is None:
        return []
    found = []
    for side, revisions in (("ours", ends.ours), ("theirs", ends.theirs)):
        lines = _lines(root, loaded, slot, side)
        path = loaded.item.path
        commits = origins.touching(root, revisions, path, lines) if lines else []
        of_lines = bool(commits)
        commits = commits or origins.touching(root, revisions, path, None)
        found.append(Provenance(side, tuple(commits), of_lines))
    return found


def _lines(root: Path, loaded: Loaded, slot: int, side: str) -> tuple[int, int] | None:
    """Find a side's lines of a conflict in that side's own version of the file."""
    item = loaded.item
    stage = getattr(loaded.unmerged, side, None)
    if not isinstance(item, Document) or stage is None:
        content = loaded.contents.get(side)
        if not isinstance(item, Document) or content is None:
            return None
    else:
        content = index.checked_out(root, item.path, stage)
    whole = split(encoding.decode(content).text)
    shown: list[str] = []
    first = last = slot_seen = 0
    for segment in item.segments:
        is_region = isinstance(segment, Region)
        lines = split(getattr(segment, side) if isinstance(segment, Region) else segment)
        if is_region and slot_seen == slot:
            first, last = len(shown), len(shown) + len(lines)
        slot_seen += is_region
        shown += lines
    there = dict(matches(shown, whole))
    found = [there[at] for at in range(first, last) if at in there]
    return (found[0] + 1, found[-1] + 1) if found else None
