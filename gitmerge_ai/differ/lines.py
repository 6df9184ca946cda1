"""Git's own line merge of three texts: what every other stage starts from and falls back on."""

import os
import tempfile

from gitmerge_ai.repository.line_merge import line_merge
from gitmerge_ai.text import markers
from gitmerge_ai.values import Sides


def to_bytes(text: str) -> bytes:
    """Encode a text as the trees and git take it; bytes that were not valid come out as they were.

    Raises:
        UnicodeEncodeError: the text holds half a character, as broken UTF-16 does.
    """
    return text.encode("utf-8", "surrogateescape")


def to_text(data: bytes) -> str:
    """Undo `to_bytes`."""
    return data.decode("utf-8", "surrogateescape")


def git_merge(sides: Sides, *, style: str = "merge", marker_size: int = 7) -> tuple[bool, str]:
    """Merge by lines as `git merge-file` does.

    Returns:
        Whether it is clean, and the text.

    Raises:
        LineMergeError: git failed.
        OSError: no temporary files can be written.
    """
    labels = (sides.labels.base, sides.labels.ours, sides.labels.theirs)
    with tempfile.TemporaryDirectory(prefix="gitmerge-ai-") as folder:
        paths = []
        for name, text in (("base", sides.base), ("ours", sides.ours), ("theirs", sides.theirs)):
            paths.append(os.path.join(folder, name))
            with open(paths[-1], "wb") as file:
                file.write(to_bytes(text))
        base, ours, theirs = paths
        clean, merged = line_merge(
            base, ours, theirs, labels=labels, marker_size=marker_size, style=style
        )
    return clean, to_text(merged)


def conflict_segments(sides: Sides) -> list[markers.Segment]:
    """Give git's line merge as clean texts and conflicts with their bases."""
    size = marker_size_free_of(sides)
    _, text = git_merge(sides, style="diff3", marker_size=size)
    return markers.parse(text, size)


def marker_size_free_of(sides: Sides) -> int:
    """Find a marker size that no line of the inputs can be taken for."""
    size = 7
    while any(markers.has_markers(text, size) for text in (sides.base, sides.ours, sides.theirs)):
        size += 1
    return size
