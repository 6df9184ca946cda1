"""Conflicts out of histories, with what people made of them.

Every two-parent merge is run again; of each file that git leaves with conflict regions, the
committed version is aligned with the clean lines around them, and what stands in a region's place
is its resolution. What does not align is dropped, and counted. Nothing is learned here, and no
repository is written to.

A repository is mined in the processes of any `concurrent.futures` executor, in an order that
depends on its name alone, and gives one file; a run that was stopped goes on with the next one.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import astuple, dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from gitmerge_ai.differ.lines import conflict_segments
from gitmerge_ai.repository.line_merge import LineMergeError
from gitmerge_ai.repository.replay import (
    FILE_MODES,
    ConflictedPath,
    Merge,
    Replay,
    ReplayedMerge,
    replaying,
)
from gitmerge_ai.resolving.alignment import aligned
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.text import encoding, markers
from gitmerge_ai.text.lines import split
from gitmerge_ai.training import records
from gitmerge_ai.training.records import Counts, MergeFacts, MinedRegion, Summary
from gitmerge_ai.values import Sides

# Merges that one task of an executor runs: a few seconds' work at most.
CHUNK = 64
LARGEST_FILE = 1_000_000
# Characters of a region's three sides and its resolution together; larger ones are mostly
# generated files, and no model reads them whole.
LARGEST_REGION = 40_000
CONTEXT_LINES = 40
LONGEST_CONTEXT = 4_000
LONGEST_MESSAGE = 2_000

# Folders that hold a repository by custom and do not name it.
UNNAMED = frozenset({".git", "git", "repo", "repository"})

Count = tuple[str, str]
"""A group of counts and what is counted in it."""


@dataclass(frozen=True, slots=True)
class Caps:
    """The most regions to keep, so that no repository, merge or file outweighs the others."""

    per_repository: int = 6_000
    per_merge: int = 20
    per_file: int = 10


@dataclass(frozen=True, slots=True)
class Mined:
    """What a number of merges gave."""

    regions: tuple[MinedRegion, ...]
    counts: Counter[Count]


@dataclass(frozen=True, slots=True)
class _File:
    """A conflicted file: as git left it, and as people committed it."""

    path: ConflictedPath
    segments: list[markers.Segment]
    committed: str


def name_of(repository: Path) -> str:
    """Name a repository after its folder."""
    parts = [part.removesuffix(".git") or part for part in repository.resolve().parts]
    return next((part for part in reversed(parts) if part not in UNNAMED), "repository")


def mine(
    repository: Path,
    out: Path,
    *,
    executor: Executor,
    caps: Caps,
    seen: set[bytes],
    begin: Callable[[int], None],
    advance: Callable[[int], None],
) -> Summary:
    """Mine a repository into `NAME.jsonl.gz` and `NAME.json`, unless they are there already.

    Args:
        repository: a repository, bare or not.
        out: the folder to write to.
        executor: what runs the merges.
        caps: the most regions to keep.
        seen: digests of the regions that other repositories gave, which are not kept again; this
            repository's are added.
        begin: told how many merges there are to run.
        advance: told of every few merges how many were run.

    Raises:
        ReplayError: git cannot read the repository.
        OSError: nothing can be written to `out`.
    """
    name = name_of(repository)
    regions_file, summary_file = out / f"{name}{records.SUFFIX}", out / f"{name}.json"
    with replaying(repository) as replay:
        merges = list(replay.merges())
        on_branch = {m.commit for m in replay.merges("--branches", "--remotes", "--tags")}
    fingerprint = _fingerprint(merges, on_branch, caps)
    before = records.read_summary(summary_file)
    known = _digests(regions_file) if before and before.fingerprint == fingerprint else None
    if before and known is not None:
        seen |= known
        return before
    begin(len(merges))
    random.Random(name).shuffle(merges)
    chunks = [merges[at : at + CHUNK] for at in range(0, len(merges), CHUNK)]
    work = partial(mine_merges, repository, name, caps=caps)
    tasks = [[(merge, merge.commit in on_branch) for merge in chunk] for chunk in chunks]
    counts: Counter[Count] = Counter({("merges", "found"): len(merges)})
    with records.compressing(regions_file) as file:
        for mined in executor.map(work, tasks):
            counts += mined.counts
            for region in _new(mined.regions, seen, counts):
                records.write_line(file, region)
            advance(mined.counts["merges", "run"])
            if counts["regions", "kept"] >= caps.per_repository:
                break
    summary = Summary(name, fingerprint, grouped(counts))
    records.write_summary(summary_file, summary)
    return summary


def _fingerprint(merges: Sequence[Merge], on_branch: set[str], caps: Caps) -> str:
    facts = [records.FORMAT, astuple(caps), [(m.commit, m.commit in on_branch) for m in merges]]
    return sha256(repr(facts).encode()).hexdigest()


def _digests(file: Path) -> set[bytes] | None:
    """Read the digests of what was mined before; `None` where it is not whole."""
    try:
        return {region.digest for region in records.read(file)}
    except (FileNotFoundError, ValueError):
        return None


def _new(
    regions: Iterable[MinedRegion], seen: set[bytes], counts: Counter[Count]
) -> Iterator[MinedRegion]:
    for region in regions:
        digest = region.digest
        counts["regions", "duplicate" if digest in seen else "kept"] += 1
        if digest not in seen:
            seen.add(digest)
            yield region


def grouped(counts: Counter[Count]) -> Counts:
    """Give counts by group and name, as a summary has them."""
    groups: dict[str, dict[str, int]] = {}
    for (group, name), number in counts.items():
        groups.setdefault(group, {})[name] = number
    return groups


def mine_merges(
    repository: Path, name: str, merges: Sequence[tuple[Merge, bool]], *, caps: Caps
) -> Mined:
    """Mine some of a repository's merges: what an executor's process does at a time.

    Args:
        repository: the repository.
        name: what to call it.
        merges: the merges, each with whether a branch reaches it.
        caps: the most regions to keep.

    Raises:
        ReplayError: git cannot read the repository.
    """
    counts: Counter[Count] = Counter()
    regions: list[MinedRegion] = []
    with replaying(repository) as replay:
        replays = replay.replay([merge for merge, _ in merges])
        for replayed, (_, on_branch) in zip(replays, merges, strict=True):
            counts["merges", "run"] += 1
            counts["merges", "failed"] += replayed.failed
            counts["merges", "conflicted"] += bool(replayed.conflicted)
            counts.update(("paths", ", ".join(path.kinds)) for path in replayed.conflicted)
            counts.update(_fates(replay, replayed))
            regions += _mine_merge(replay, name, replayed, on_branch, caps, counts)
    return Mined(tuple(regions), counts)


def _fates(replay: Replay, replayed: ReplayedMerge) -> Iterator[Count]:
    """Tell what people made of files without conflict regions: one side deleted them, say."""
    for path in replayed.conflicted:
        stages = {"base": path.base, "ours": path.ours, "theirs": path.theirs}
        if path.is_text_conflict or any(at and at.mode not in FILE_MODES for at in stages.values()):
            continue
        committed = replay.blob(f"{replayed.merge.commit}:{path.path}")
        texts = {name: replay.blob(at.blob) if at else None for name, at in stages.items()}
        absent = [f"not in {name}" for name, at in stages.items() if not at]
        alike = [name for name in ("ours", "theirs", "base") if texts[name] == committed]
        fate = "deleted" if committed is None else [*alike, "changed"][0]
        yield "fates", f"{', '.join([*path.kinds, *absent])}: {fate}"


def _mine_merge(
    replay: Replay,
    name: str,
    replayed: ReplayedMerge,
    on_branch: bool,
    caps: Caps,
    counts: Counter[Count],
) -> list[MinedRegion]:
    files: list[_File] = []
    for path in replayed.conflicted:
        if path.is_text_conflict:
            file = _read(replay, replayed, path)
            counts["files", "read" if isinstance(file, _File) else file] += 1
            files += [file] if isinstance(file, _File) else []
    of_merge = sum(len(markers.regions(file.segments)) for file in files)
    if not of_merge:
        return []
    facts = _facts(replay, replayed.merge, on_branch)
    draw = random.Random(facts.commit)
    regions: list[MinedRegion] = []
    for file in files:
        found = list(_regions(file, name, facts, of_merge, counts))
        regions += _some(found, caps.per_file, draw, counts)
    return _some(regions, caps.per_merge, draw, counts)


def _some(
    regions: list[MinedRegion], most: int, draw: random.Random, counts: Counter[Count]
) -> list[MinedRegion]:
    """Draw no more than `most`, in their order."""
    if len(regions) <= most:
        return regions
    counts["regions", "over a cap"] += len(regions) - most
    return [regions[at] for at in sorted(draw.sample(range(len(regions)), most))]


def _read(replay: Replay, replayed: ReplayedMerge, path: ConflictedPath) -> _File | str:
    """Read a file with conflict regions, or say in a word why it is of no use."""
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
    if any(len(content) > LARGEST_FILE for content in known):
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
    return _File(path, segments, text) if markers.regions(segments) else "clean by lines"


def _as_git_left_it(
    replay: Replay, replayed: ReplayedMerge, path: ConflictedPath
) -> list[markers.Segment]:
    """Read an add/add: with an empty base, a diff3 merge would be one region, the whole file."""
    content = replay.blob(f"{replayed.tree}:{path.path}") or b""
    return markers.parse(encoding.decode(content).text, markers.DEFAULT_SIZE)


def _regions(
    file: _File, name: str, facts: MergeFacts, of_merge: int, counts: Counter[Count]
) -> Iterator[MinedRegion]:
    """Give a file's regions with what people made of them, and count what is dropped."""
    regions = markers.regions(file.segments)
    texts = aligned(file.segments, file.committed)
    language = for_path(file.path.path, file.committed)
    blobs = tuple(
        at.blob if at else "" for at in (file.path.base, file.path.ours, file.path.theirs)
    )
    around = _contexts(file.segments)
    for number, (region, text, context) in enumerate(zip(regions, texts, around, strict=True)):
        fate = _fault(region, text)
        if fate or text is None:
            counts["regions", fate] += 1
            continue
        yield MinedRegion(
            repository=name,
            merge=facts,
            path=file.path.path,
            language=language.name if language else "",
            kinds=file.path.kinds,
            blobs=(blobs[0], blobs[1], blobs[2]),
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


def _facts(replay: Replay, merge: Merge, on_branch: bool) -> MergeFacts:
    bases = replay.bases(merge)
    names = (merge.commit, merge.ours, merge.theirs, *bases[:1])
    commits = [replay.commit(name) for name in names]
    times = [commit.time if commit else 0 for commit in commits]
    message = commits[0].message if commits[0] else ""
    return MergeFacts(
        commit=merge.commit,
        ours=merge.ours,
        theirs=merge.theirs,
        bases=bases,
        time=times[0],
        ours_time=times[1],
        theirs_time=times[2],
        base_time=times[3] if bases else 0,
        on_branch=on_branch,
        message=message[:LONGEST_MESSAGE],
    )
