"""The conflict regions of one merge's files, with what people made of them.

The committed version is aligned with the clean lines around each region, and what stands in a
region's place is its resolution. What does not align is dropped, and counted.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from gitmerge_ai.differ.lines import conflict_segments
from gitmerge_ai.merging.files import MAX_BYTES, merge_files
from gitmerge_ai.repository.history import FileHistory, RepositoryError, history_of
from gitmerge_ai.repository.line_merge import LineMergeError
from gitmerge_ai.repository.replay import ConflictedPath, Replay, ReplayedMerge
from gitmerge_ai.resolving.alignment import aligned
from gitmerge_ai.resolving.knowledge.past import past_features
from gitmerge_ai.resolving.suggesting import contexts
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.text import encoding, markers
from gitmerge_ai.text.lines import split
from gitmerge_ai.training.mining.records import MergeFacts, MinedRegion
from gitmerge_ai.values import Sides

# Characters of a region's three sides and its resolution together; larger ones are mostly
# generated files, and no model reads them whole.
LARGEST_REGION = 40_000
CONTEXT_LINES = 40
LONGEST_CONTEXT = 4_000
# Characters and seconds beyond which a file is not merged by syntax.
LARGEST_MERGED = 300_000
MERGE_TIMEOUT = 3.0
# Seconds for a file's history: more than a user would wait, so that a busy machine finds the same.
HISTORY_TIMEOUT = 0.5

Count = tuple[str, str]
"""A group of counts and what is counted in it."""


@dataclass(frozen=True, slots=True)
class ConflictedFile:
    """A file with conflict regions: as git left it, and as people committed it."""

    path: ConflictedPath
    segments: list[markers.Segment]
    committed: str

    @property
    def regions(self) -> list[markers.Region]:
        """Its conflict regions, in order."""
        return markers.regions(self.segments)


def read(replay: Replay, replayed: ReplayedMerge, path: ConflictedPath) -> ConflictedFile | str:
    """Read a file with conflict regions, or say in a word why it is of no use.

    Args:
        replay: the repository.
        replayed: the merge.
        path: one of its text conflicts.

    Raises:
        ReplayError: git's process ended.
    """
    stages = (path.base, path.ours, path.theirs)
    contents = [replay.blob(stage.blob) if stage else b"" for stage in stages]
    committed = replay.blob(f"{replayed.merge.commit}:{path.path}")
    if committed is None:
        return "gone"
    known = [content for content in (*contents, committed) if content is not None]
    if len(known) < 4:
        return "missing"
    if any(b"\0" in content for content in known):
        return "binary"
    if any(len(content) > MAX_BYTES for content in known):
        return "large"
    base, ours, theirs, text = (encoding.decode(content).text for content in known)
    if markers.has_markers(text):
        return "marked"
    sides = Sides(base, ours, theirs, path.path)
    try:
        segments = (
            conflict_segments(sides) if path.base else _as_git_left_it(replay, replayed, path)
        )
    except (LineMergeError, UnicodeEncodeError):
        return "failed"
    return ConflictedFile(path, segments, text) if markers.regions(segments) else "clean by lines"


def _as_git_left_it(
    replay: Replay, replayed: ReplayedMerge, path: ConflictedPath
) -> list[markers.Segment]:
    """Read an add/add: with an empty base, a diff3 merge would be one region, the whole file."""
    content = replay.blob(f"{replayed.tree}:{path.path}") or b""
    return markers.parse(encoding.decode(content).text, markers.DEFAULT_SIZE)


def mined(
    file: ConflictedFile, repository: str, merge: MergeFacts, of_merge: int, counts: Counter[Count]
) -> Iterator[MinedRegion]:
    """Give a file's regions with what people made of them, and count what is dropped.

    Args:
        file: the file.
        repository: what its repository is called.
        merge: what is known of the merge.
        of_merge: how many regions the merge has in all.
        counts: what is added to.
    """
    texts = aligned(file.segments, file.committed)
    path = file.path
    language = for_path(path.path, file.committed)
    base, ours, theirs = (at.blob if at else "" for at in (path.base, path.ours, path.theirs))
    around = _contexts(file.segments)
    regions = file.regions
    for number, (region, text, context) in enumerate(zip(regions, texts, around, strict=True)):
        fault = _fault(region, text)
        if fault or text is None:
            counts["regions", fault] += 1
            continue
        yield MinedRegion(
            repository=repository,
            merge=merge,
            path=path.path,
            language=language.name if language else "",
            kinds=path.kinds,
            blobs=(base, ours, theirs),
            number=number,
            of_file=len(regions),
            of_merge=of_merge,
            before=context[0],
            after=context[1],
            base=region.base or "",
            ours=region.ours,
            theirs=region.theirs,
            resolution=text,
        )


def _fault(region: markers.Region, text: str | None) -> str:
    """Say in a word why a region is dropped, "" where it is not."""
    if text is None:
        return "unaligned"
    if not region.certain:
        return "uncertain"
    size = sum(len(each) for each in (region.base or "", region.ours, region.theirs, text))
    return "large" if size > LARGEST_REGION else ""


def _contexts(segments: Sequence[markers.Segment]) -> Iterator[tuple[str, str]]:
    """Give the lines before and after each region, the others settled as ours."""
    lines: list[str] = []
    places: list[tuple[int, int]] = []
    for segment in segments:
        start = len(lines)
        lines += split(segment.ours if isinstance(segment, markers.Region) else segment)
        if isinstance(segment, markers.Region):
            places.append((start, len(lines)))
    for start, end in places:
        before = "".join(lines[max(0, start - CONTEXT_LINES) : start])
        after = "".join(lines[end : end + CONTEXT_LINES])
        yield before[-LONGEST_CONTEXT:], after[:LONGEST_CONTEXT]


def completed(
    repository: Path, file: ConflictedFile, regions: Sequence[MinedRegion]
) -> Iterator[MinedRegion]:
    """Add what takes long to find, and so is looked for only where a region is kept.

    Args:
        repository: the repository.
        file: the file.
        regions: those of its regions that are kept, at least one.
    """
    merged, history = _merged(file), _history(repository, file, regions[0].merge)
    for region in regions:
        conflict = file.regions[region.number]
        facts = past_features(history, conflict, region.before, region.after) if history else {}
        yield replace(region, merged=merged[region.number], facts=facts)


def _merged(file: ConflictedFile) -> list[str | None]:
    """Find what the structured merge makes of each region, as it is done for a suggestion."""
    if sum(len(markers.source(segment)) for segment in file.segments) > LARGEST_MERGED:
        return [None] * len(file.regions)
    if language := for_path(file.path.path, file.committed):
        _load(language.name)
    around = contexts(file.segments, file.path.path, MERGE_TIMEOUT)
    return [context.merged for context in around]


@cache
def _load(language: str) -> None:
    """Load what merging a language takes, so that the process of each merge need not."""
    with suppress(Exception):  # which each merge is guarded against
        merge_files(b"1\n", b"2\n", b"3\n", path="", language=language)


def _history(repository: Path, file: ConflictedFile, merge: MergeFacts) -> FileHistory | None:
    base = merge.bases[0] if merge.bases else None
    path = file.path.path
    try:
        return history_of(repository, base, merge.ours, merge.theirs, path, HISTORY_TIMEOUT)
    except RepositoryError:
        return None
