"""Mined conflicts as they are kept: JSON lines, compressed, a file and its counts per repository.

`mining` makes them and training reads them; what a region holds is said here and nowhere else.
"""

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, cast

FORMAT = 1
"""Raised whenever a field changes its meaning, so that what was mined before is mined again."""

SUFFIX = ".jsonl.gz"

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
    lines around the region, the file's other conflicts settled as ours.
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

    @property
    def digest(self) -> bytes:
        """What two regions share that have the same texts: forks, and merges done again."""
        texts = (self.base, self.ours, self.theirs, self.resolution)
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


def write_line(file: IO[bytes], region: MinedRegion) -> None:
    """Append a region to an open file."""
    # Bytes of no known code are kept as lone surrogates, which only ASCII JSON can hold.
    file.write(json.dumps(asdict(region), separators=(",", ":")).encode("ascii") + b"\n")


def read(file: Path) -> Iterator[MinedRegion]:
    """Read the regions of a file, those of one merge side by side.

    Args:
        file: one of the files that `mine` wrote.

    Raises:
        OSError: the file cannot be read.
        ValueError: it was cut off, or holds something else.
    """
    try:
        with gzip.open(file, "rb") as lines:
            for line in lines:
                yield _region(json.loads(line))
    except _UNREADABLE as error:
        raise ValueError(f"{file} does not hold mined regions: {error}") from error


def _region(fields: dict[str, Any]) -> MinedRegion:
    merge = fields.pop("merge")
    facts = MergeFacts(**merge | {"bases": tuple(merge["bases"])})
    lists = {name: tuple(fields[name]) for name in ("kinds", "blobs")}
    return MinedRegion(merge=facts, **fields | lists)


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
    """Write a compressed file as `replacing` does; the same regions give the same bytes.

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
    """Write a repository's summary: after its regions, as it says that they are complete."""
    text = json.dumps(asdict(summary), indent=1, sort_keys=True) + "\n"
    with replacing(file) as out:
        out.write(text.encode())
