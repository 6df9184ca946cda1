"""Mined conflicts as they are kept: JSON lines, compressed, two files and counts per repository.

`mining` makes them and training reads them; what a record holds is said here and nowhere else.
"""

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, TypeVar, cast

FORMAT = 2
"""Raised whenever a field changes its meaning, so that what was mined before is mined again."""

SUFFIX = ".jsonl.gz"
"""Of a file of regions."""

PATHS_SUFFIX = ".paths.jsonl.gz"
"""Of a file of paths without regions."""

Record = TypeVar("Record")

_UNREADABLE = (
    AttributeError,
    EOFError,
    KeyError,
    TypeError,
    ValueError,
    gzip.BadGzipFile,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class MergeFacts:
    """What is known of the merge that a region is from.

    `ours` and `theirs` are its first and second parent, `bases` their best common ancestors (more
    than one for a criss-cross, none for unrelated histories). Times are the committers', in
    seconds since 1970, 0 where there is none. `on_branch` is false for a merge that only other
    refs reach, as those of pull requests do.
    """

    commit: str
    ours: str
    theirs: str
    bases: tuple[str, ...]
    time: int
    ours_time: int
    theirs_time: int
    base_time: int
    on_branch: bool
    message: str


@dataclass(frozen=True, slots=True)
class MinedRegion:
    """A conflict region of git's, and the text that people committed in its place.

    `kinds` is what git said of the path. `blobs` are the ids of the file's base ("" for an
    add/add), ours and theirs. `number` counts the file's regions from 0; `of_file` and `of_merge`
    say how many there were in all, those that were dropped included. `before` and `after` are the
    lines around the region, the file's other conflicts settled as ours. `merged` is what the
    structured merge of the whole file made of the region, `None` where it was left open. `facts`
    are what the histories of both sides tell of it, by name, empty where they tell nothing.
    """

    repository: str
    merge: MergeFacts
    path: str
    language: str
    kinds: tuple[str, ...]
    blobs: tuple[str, str, str]
    number: int
    of_file: int
    of_merge: int
    before: str
    after: str
    base: str
    ours: str
    theirs: str
    resolution: str
    merged: str | None = None
    facts: Mapping[str, float] = field(default_factory=dict)

    @property
    def digest(self) -> bytes:
        """What two regions share that have the same texts: forks, and merges done again."""
        return _digest(self.base, self.ours, self.theirs, self.resolution)


@dataclass(frozen=True, slots=True)
class MinedPath:
    """A path that git leaves unmerged without conflict regions, and what people made of it.

    One side deleted or renamed it, most often, or it is binary. `kinds` is what git said of it;
    `modes` and `blobs` are those of the file's base, ours and theirs, "" for one that has no file
    of this name. `lines` counts theirs, `added` and `removed` what ours and theirs changed of the
    base; all are 0 for a binary file or a missing one. `of_merge` says how many such paths the
    merge had. `outcome` is "ours", "theirs" or "base" for the one that was committed as it was,
    else "deleted" or "changed".
    """

    repository: str
    merge: MergeFacts
    path: str
    language: str
    kinds: tuple[str, ...]
    modes: tuple[str, str, str]
    blobs: tuple[str, str, str]
    lines: tuple[int, int, int]
    added: tuple[int, int]
    removed: tuple[int, int]
    of_merge: int
    outcome: str

    @property
    def digest(self) -> bytes:
        """What two paths share of which the same was made in forks, or in a merge done again."""
        return _digest(self.path, *self.blobs, self.outcome)


def _digest(*texts: str) -> bytes:
    return hashlib.sha256(json.dumps(texts).encode()).digest()[:16]


Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a repository gave: counts by group ("merges", "paths", "files", "regions", …).

    `fingerprint` tells whether mining again would give the same.
    """

    repository: str
    fingerprint: str
    counts: Counts


def region_files(folder: Path) -> list[Path]:
    """List a folder's files of regions, by name."""
    files = folder.glob(f"*{SUFFIX}")
    return sorted(file for file in files if not file.name.endswith(PATHS_SUFFIX))


def path_files(folder: Path) -> list[Path]:
    """List a folder's files of paths without regions, by name."""
    return sorted(folder.glob(f"*{PATHS_SUFFIX}"))


def write_line(file: IO[bytes], record: MinedRegion | MinedPath) -> None:
    """Append a record to an open file."""
    # Bytes of no known code are kept as lone surrogates, which only ASCII JSON can hold.
    file.write(json.dumps(asdict(record), separators=(",", ":")).encode("ascii") + b"\n")


def read(file: Path) -> Iterator[MinedRegion]:
    """Read the regions of a file, those of one merge side by side.

    Args:
        file: one of `region_files`.

    Raises:
        OSError: the file cannot be read.
        ValueError: it was cut off, or holds something else.
    """
    return _read(file, MinedRegion)


def read_paths(file: Path) -> Iterator[MinedPath]:
    """Read the paths without regions of a file, those of one merge side by side.

    Args:
        file: one of `path_files`.

    Raises:
        OSError: the file cannot be read.
        ValueError: it was cut off, or holds something else.
    """
    return _read(file, MinedPath)


def _read(file: Path, kind: Callable[..., Record]) -> Iterator[Record]:
    try:
        with gzip.open(file, "rb") as lines:
            for line in lines:
                fields = json.loads(line)
                merge = MergeFacts(**_with_tuples(fields.pop("merge")))
                yield kind(merge=merge, **_with_tuples(fields))
    except _UNREADABLE as error:
        raise ValueError(f"{file} does not hold what it should: {error}") from error


def _with_tuples(fields: dict[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()}


@contextmanager
def replacing(file: Path) -> Iterator[IO[bytes]]:
    """Write a file that takes its name only when it is whole.

    Raises:
        OSError: it cannot be written.
    """
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def compressing(file: Path) -> Iterator[IO[bytes]]:
    """Write a compressed file as `replacing` does; the same records give the same bytes.

    Raises:
        OSError: it cannot be written.
    """
    with (
        replacing(file) as out,
        gzip.GzipFile(filename="", fileobj=out, mode="wb", mtime=0) as lines,
    ):
        yield cast(IO[bytes], lines)


def read_summary(file: Path) -> Summary | None:
    """Read a repository's summary; `None` where there is none to go by."""
    try:
        return Summary(**json.loads(file.read_text(encoding="utf-8")))
    except (FileNotFoundError, TypeError, ValueError):
        return None


def write_summary(file: Path, summary: Summary) -> None:
    """Write a repository's summary: after its records, as it says that they are complete."""
    text = json.dumps(asdict(summary), indent=1, sort_keys=True) + "\n"
    with replacing(file) as out:
        out.write(text.encode())
