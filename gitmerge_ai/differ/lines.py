"""Git's own line merge of three texts: what every other stage starts from and falls back on."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache

from gitmerge_ai.repository.line_merge import line_merge
from gitmerge_ai.text import markers
from gitmerge_ai.values import Sides

DESCRIPTORS = "/proc/self/fd"
"""Where a process finds its open files by their number."""


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
        OSError: there is no place for the files that git is to read.
    """
    labels = (sides.labels.base, sides.labels.ours, sides.labels.theirs)
    texts = [to_bytes(text) for text in (sides.base, sides.ours, sides.theirs)]
    with _files(texts) as (base, ours, theirs):
        clean, merged = line_merge(
            base, ours, theirs, labels=labels, marker_size=marker_size, style=style
        )
    return clean, to_text(merged)


@contextmanager
def _files(texts: Sequence[bytes]) -> Iterator[list[str]]:
    """Give texts as files, in memory where there are such files: a killed process leaves none."""
    if not (hasattr(os, "memfd_create") and os.path.isdir(DESCRIPTORS)):
        with _on_disk(texts) as paths:
            yield paths
        return
    with ExitStack() as opened:
        paths = []
        for text in texts:
            # Without the flag that would close it in git's process.
            file = opened.enter_context(open(os.memfd_create("gitmerge-ai", 0), "wb"))
            file.write(text)
            file.flush()
            paths.append(f"{DESCRIPTORS}/{file.fileno()}")
        yield paths


@contextmanager
def _on_disk(texts: Sequence[bytes]) -> Iterator[list[str]]:
    import tempfile  # takes as long to import as git takes to merge

    with tempfile.TemporaryDirectory(prefix="gitmerge-ai-") as folder:
        paths = [os.path.join(folder, str(number)) for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            with open(path, "wb") as file:
                file.write(text)
        yield paths


def conflict_segments(sides: Sides) -> list[markers.Segment]:
    """Give git's line merge as clean texts and conflicts with their bases."""
    return list(_conflict_segments(sides))


@lru_cache(maxsize=8)  # who replays merges asks for some files before the engine does
def _conflict_segments(sides: Sides) -> tuple[markers.Segment, ...]:
    size = marker_size_free_of(sides)
    _, text = git_merge(sides, style="diff3", marker_size=size)
    return tuple(markers.parse(text, size))


def marker_size_free_of(sides: Sides) -> int:
    """Find a marker size that no line of the inputs can be taken for."""
    size = 7
    while any(markers.has_markers(text, size) for text in (sides.base, sides.ours, sides.theirs)):
        size += 1
    return size
