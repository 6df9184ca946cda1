"""Conflicts out of histories, with what people made of them.

Every two-parent merge is run again; `regions` tells what people made of each conflict region that
git leaves, and `fates` what they made of the paths that git leaves without one. Nothing is learned
here, and no repository is written to.

A repository is mined by any `concurrent.futures` executor, in an order that depends on its name
alone, and gives two files of records and one of counts; a run that was stopped goes on with the
next repository. `start` only sends the work off, so that one repository's is under way while
another's is collected.
"""

import random
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import closing
from dataclasses import astuple, dataclass
from functools import partial
from hashlib import sha256
from itertools import groupby, islice
from pathlib import Path
from typing import TypeVar

from gitmerge_ai.repository.replay import Merge, Replay, ReplayedMerge, replaying
from gitmerge_ai.training.mining import fates, records, regions
from gitmerge_ai.training.mining.records import Counts, MergeFacts, MinedPath, MinedRegion, Summary
from gitmerge_ai.training.mining.regions import ConflictedFile, Count

# Merges that one task of an executor runs: a second or a few, as tasks beyond a cap are in vain.
CHUNK = 16
LONGEST_MESSAGE = 2_000

# Folders that hold a repository by custom and do not name it.
UNNAMED = frozenset({".git", "git", "repo", "repository"})

Record = TypeVar("Record", MinedRegion, MinedPath)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Caps:
    """The most records to keep, so that no repository, merge or file outweighs the others.

    They hold for regions and, on their own, for paths without regions.
    """

    per_repository: int = 6_000
    per_merge: int = 20
    per_file: int = 10


@dataclass(frozen=True, slots=True)
class Selection:
    """Which merges to run: those since a date that git understands, and no more than `limit`."""

    since: str = ""
    limit: int | None = None

    def revisions(self, *refs: str) -> tuple[str, ...]:
        """Give what `git rev-list` takes."""
        return (f"--since={self.since}", *refs) if self.since else refs


@dataclass(frozen=True, slots=True)
class Mined:
    """What a number of merges gave."""

    regions: tuple[MinedRegion, ...]
    paths: tuple[MinedPath, ...]
    counts: Counter[Count]


@dataclass(frozen=True, slots=True)
class Done:
    """A repository that was mined before: its counts, and the digests of its records."""

    summary: Summary
    digests: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Started:
    """A repository whose merges are under way, if they are not done."""

    name: str
    out: Path
    caps: Caps
    fingerprint: str
    merges: int
    done: Done | None
    results: Generator[Mined, None, None]


def name_of(repository: Path) -> str:
    """Name a repository after its folder."""
    parts = [part.removesuffix(".git") or part for part in repository.resolve().parts]
    return next((part for part in reversed(parts) if part not in UNNAMED), "repository")


def start(
    repository: Path,
    out: Path,
    *,
    executor: Executor,
    caps: Caps,
    selection: Selection | None = None,
) -> Started:
    """Send a repository's merges to an executor, unless `out` holds what they would give.

    Args:
        repository: a repository, bare or not.
        out: the folder to write to.
        executor: what runs the merges.
        caps: the most records to keep.
        selection: which merges to run; all if not given.

    Raises:
        ReplayError: git cannot read the repository.
    """
    name = name_of(repository)
    wanted = selection or Selection()
    with replaying(repository) as replay:
        merges = list(islice(replay.merges(*wanted.revisions("--all")), wanted.limit))
        branches = wanted.revisions("--branches", "--remotes", "--tags")
        on_branch = {merge.commit for merge in replay.merges(*branches)}
    fingerprint = _fingerprint(merges, on_branch, caps)
    started = partial(Started, name, out, caps, fingerprint, len(merges))
    if done := _done(out, name, fingerprint):
        return started(done, _in_order(deque()))
    random.Random(name).shuffle(merges)
    chunks = [merges[at : at + CHUNK] for at in range(0, len(merges), CHUNK)]
    # Another machine's processes are in another folder.
    work = partial(mine_merges, repository.absolute(), name, caps=caps)
    tasks = [
        executor.submit(work, [(merge, merge.commit in on_branch) for merge in chunk])
        for chunk in chunks
    ]
    return started(None, _in_order(deque(tasks)))


def _in_order(tasks: deque[Future[Mined]]) -> Generator[Mined, None, None]:
    """Give the results of tasks; those that nobody waits for any more are cancelled."""
    try:
        while tasks:
            yield tasks.popleft().result()
    finally:
        for task in tasks:
            task.cancel()


def collect(started: Started, *, seen: set[bytes], advance: Callable[[int], None]) -> Summary:
    """Write what a repository gives: `NAME.jsonl.gz`, `NAME.paths.jsonl.gz` and `NAME.json`.

    Args:
        started: the repository.
        seen: digests of what other repositories gave, which is not kept again; this one's are
            added.
        advance: told of every few merges how many were run.

    Raises:
        ReplayError: git cannot read the repository.
        OSError: nothing can be written.
    """
    name, most = started.name, started.caps.per_repository
    if started.done:
        seen |= started.done.digests
        return started.done.summary
    counts: Counter[Count] = Counter({("merges", "found"): started.merges})
    with (
        closing(started.results) as results,
        records.compressing(started.out / f"{name}{records.SUFFIX}") as of_regions,
        records.compressing(started.out / f"{name}{records.PATHS_SUFFIX}") as of_paths,
    ):
        for mined in results:
            counts += mined.counts
            for region in _new(mined.regions, "regions", seen, counts):
                records.write_line(of_regions, region)
            left = max(0, most - counts["other paths", "kept"])
            for path in islice(_new(mined.paths, "other paths", seen, counts), left):
                records.write_line(of_paths, path)
            advance(mined.counts["merges", "run"])
            if counts["regions", "kept"] >= most:
                break
    summary = Summary(name, started.fingerprint, grouped(counts))
    records.write_summary(started.out / f"{name}.json", summary)
    return summary


def _fingerprint(merges: Sequence[Merge], on_branch: set[str], caps: Caps) -> str:
    facts = [records.FORMAT, astuple(caps), [(m.commit, m.commit in on_branch) for m in merges]]
    return sha256(repr(facts).encode()).hexdigest()


def _done(out: Path, name: str, fingerprint: str) -> Done | None:
    """Read what was mined before; `None` where it is not the same merges, or not whole."""
    summary = records.read_summary(out / f"{name}.json")
    if not summary or summary.fingerprint != fingerprint:
        return None
    try:
        of_regions = {r.digest for r in records.read(out / f"{name}{records.SUFFIX}")}
        of_paths = {p.digest for p in records.read_paths(out / f"{name}{records.PATHS_SUFFIX}")}
    except (FileNotFoundError, ValueError):
        return None
    return Done(summary, frozenset(of_regions | of_paths))


def _new(
    found: Iterable[Record], group: str, seen: set[bytes], counts: Counter[Count]
) -> Iterator[Record]:
    for record in found:
        digest = record.digest
        counts[group, "duplicate" if digest in seen else "kept"] += 1
        if digest not in seen:
            seen.add(digest)
            yield record


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
        caps: the most records to keep.

    Raises:
        ReplayError: git cannot read the repository.
    """
    counts: Counter[Count] = Counter()
    of_regions: list[MinedRegion] = []
    of_paths: list[MinedPath] = []
    with replaying(repository) as replay:
        replays = replay.replay([merge for merge, _ in merges])
        for replayed, (_, on_branch) in zip(replays, merges, strict=True):
            counts["merges", "run"] += 1
            counts["merges", "failed"] += replayed.failed
            counts["merges", "conflicted"] += bool(replayed.conflicted)
            counts.update(("paths", ", ".join(path.kinds)) for path in replayed.conflicted)
            files = list(_files(replay, replayed, counts))
            wholes = list(fates.fates(replay, replayed))
            counts.update(("fates", fate.title) for fate in wholes)
            if files or wholes:
                facts = _facts(replay, replayed.merge, on_branch)
                of_regions += _regions(replay, name, facts, files, caps, counts)
                drawn = _some(wholes, caps.per_merge, "other paths", facts.commit, counts)
                of_paths += (fates.mined(replay, f, name, facts, len(wholes)) for f in drawn)
    return Mined(tuple(of_regions), tuple(of_paths), counts)


def _files(
    replay: Replay, replayed: ReplayedMerge, counts: Counter[Count]
) -> Iterator[ConflictedFile]:
    for path in replayed.conflicted:
        if path.is_text_conflict:
            file = regions.read(replay, replayed, path)
            counts["files", "read" if isinstance(file, ConflictedFile) else file] += 1
            if isinstance(file, ConflictedFile):
                yield file


def _regions(
    replay: Replay,
    name: str,
    facts: MergeFacts,
    files: Sequence[ConflictedFile],
    caps: Caps,
    counts: Counter[Count],
) -> Iterator[MinedRegion]:
    of_merge = sum(len(file.regions) for file in files)
    found: list[tuple[ConflictedFile, MinedRegion]] = []
    for file in files:
        of_file = list(regions.mined(file, name, facts, of_merge, counts))
        seed = f"{facts.commit} {file.path.path}"
        found += [(file, r) for r in _some(of_file, caps.per_file, "regions", seed, counts)]
    drawn = _some(found, caps.per_merge, "regions", facts.commit, counts)
    for _, kept in groupby(drawn, key=lambda pair: pair[1].path):
        pairs = list(kept)
        yield from regions.completed(replay.repository, pairs[0][0], [r for _, r in pairs])


def _some(
    found: list[Item], most: int, group: str, seed: str, counts: Counter[Count]
) -> list[Item]:
    """Draw no more than `most`, in their order."""
    if len(found) <= most:
        return found
    counts[group, "over a cap"] += len(found) - most
    return [found[at] for at in sorted(random.Random(seed).sample(range(len(found)), most))]


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
