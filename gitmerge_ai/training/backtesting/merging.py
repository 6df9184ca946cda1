"""Conflicted files of replayed merges, read and merged as the driver merges them.

Reading is done here for one file after the other, merging for several in one child process. What
comes of it is compared elsewhere.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import PurePosixPath

from gitmerge_ai.merging.files import all_guarded, merge_files
from gitmerge_ai.merging.guard import Abandoned
from gitmerge_ai.merging.pipeline import merge
from gitmerge_ai.repository.config import Settings
from gitmerge_ai.repository.history import RepositoryError, history_of
from gitmerge_ai.repository.replay import ConflictedPath, Replay, ReplayedMerge
from gitmerge_ai.resolving.advising import Learned
from gitmerge_ai.resolving.knowledge.known import Known
from gitmerge_ai.syntax.languages import name_of
from gitmerge_ai.text import encoding
from gitmerge_ai.training.mining.regions import ConflictedFile, read
from gitmerge_ai.values import MergeResult, Sides


@dataclass(frozen=True, slots=True)
class Opened:
    """A conflicted file of a merge.

    `time` is the merge's, in seconds since 1970, `sides` are base, ours and theirs, `known` is what
    was known of the file when it was merged, and `seconds` the time that it took to find that out.
    """

    commit: str
    time: int
    file: ConflictedFile
    sides: tuple[bytes, bytes, bytes]
    known: Known
    seconds: float

    @property
    def path(self) -> str:
        """What the merge calls it."""
        return self.file.path.path


@dataclass(frozen=True, slots=True)
class Merged:
    """What the driver would have made of a file; why there is no result stands in `note`."""

    result: MergeResult | None
    note: str
    seconds: float = 0.0


def open_file(
    replay: Replay, replayed: ReplayedMerge, path: ConflictedPath, when: int
) -> Opened | str:
    """Read a conflicted file and what is known of it.

    Args:
        replay: the repository.
        replayed: the merge.
        path: one of its text conflicts.
        when: the time of the merge.

    Returns:
        The file, or in a few words why it cannot be compared.

    Raises:
        ReplayError: git's process ended.
    """
    file = _read(replay, replayed, path)
    if isinstance(file, str):
        return file
    base, ours, theirs = (
        (replay.blob(at.blob) if at else None) or b"" for at in (path.base, path.ours, path.theirs)
    )
    start = time.perf_counter()
    known = _known(replay, replayed, path)
    seconds = time.perf_counter() - start
    return Opened(replayed.merge.commit, when, file, (base, ours, theirs), known, seconds)


def merge_all(files: Sequence[Opened], settings: Settings) -> list[Merged]:
    """Merge files as the driver does; where git's result has to do, say why.

    Args:
        files: the files.
        settings: what counts in the repository.
    """
    for file in files:
        if settings.admits(name_of(file.path)):
            _load(PurePosixPath(file.path).suffix)
    works = [partial(_merge, file, settings) for file in files]
    return [
        # It crashed, or took all the time that there was.
        Merged(None, str(each), settings.timeout) if isinstance(each, Abandoned) else each
        for each in all_guarded(works, timeout=settings.timeout)
    ]


def _read(replay: Replay, replayed: ReplayedMerge, path: ConflictedPath) -> ConflictedFile | str:
    """Read a file, also one in which `git merge-file` finds no conflict where `git merge` does."""
    found = read(replay, replayed, path)
    if found != "clean by lines":
        return found
    committed = replay.blob(f"{replayed.merge.commit}:{path.path}") or b""
    return ConflictedFile(path, [], encoding.decode(committed).text)


def _known(replay: Replay, replayed: ReplayedMerge, path: ConflictedPath) -> Known:
    """Say what was known of a file when it was merged: its history, and nothing of later merges."""
    merge = replayed.merge
    try:
        return Known(history_of(replay.repository, None, merge.ours, merge.theirs, path.path))
    except RepositoryError:
        return Known()


@cache
def _load(extension: str) -> None:
    """Load what a merge of such files takes, once and not in every child."""
    with suppress(Exception):  # then a child says why
        merge(Sides("a\n", "b\n", "c\n", f"file{extension}"))


def _merge(file: Opened, settings: Settings) -> Merged:
    """Merge a file: what a child process does."""
    if not settings.admits(name_of(file.path)):
        return Merged(None, "gitmerge-ai.languages does not name its language")
    advice = Learned(settings.min_confidence, settings.model, lambda: file.known)
    start = time.perf_counter()
    try:
        _, result = merge_files(*file.sides, path=file.path, advice=advice)
    except Abandoned as reason:
        return Merged(None, str(reason), time.perf_counter() - start)
    return Merged(result, result.note, time.perf_counter() - start)
