"""Replays the merges of a repository's history and reports how the tool would have done on them.

First git alone runs every merge again; then each file that it leaves in conflict is merged and
compared with what people committed, once however often the same conflict was met. What cannot be
compared is counted, with the reason. The repository is never written to, and of texts only a
limited number of cases is kept.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from time import gmtime
from typing import TypeVar, TypeVarTuple

from gitmerge_ai.repository.config import Settings
from gitmerge_ai.repository.replay import (
    ConflictedPath,
    Merge,
    Replay,
    ReplayedMerge,
    ReplayError,
    replaying,
)
from gitmerge_ai.training.backtesting.judging import judge
from gitmerge_ai.training.backtesting.merging import Opened, merge_all, open_file
from gitmerge_ai.training.backtesting.verdicts import Case, JudgedFile

# Merges that one task replays, and files that one task merges: a second's work or less.
CHUNK = 128
FILES = 8

MOST_CASES = 200
"""Cases of which the texts are kept, the newest ones."""

HISTORY = ("--exclude=refs/stash", "--exclude=refs/notes/*", "--all")
"""What is replayed: all that any ref reaches, but for what git itself keeps as merges."""

Given = TypeVarTuple("Given")
Result = TypeVar("Result")

Watch = Callable[[str, int, int], None]
"""Told what is being done, how much of it is, and of how much."""


@dataclass(frozen=True, slots=True)
class Merges:
    """Merges that were run again; `failed` are those that git gave no result for."""

    replayed: int = 0
    conflicted: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Backtest:
    """What replaying gave.

    `years` are merges by year. `unmerged` counts paths that git leaves unmerged without a conflict
    inside, by kind; `dropped` files that cannot be compared, by reason. `cases` are at most
    `MOST_CASES` of `differing` differences.
    """

    years: dict[int, Merges]
    unmerged: Counter[str]
    dropped: Counter[str]
    files: tuple[JudgedFile, ...]
    cases: tuple[Case, ...]
    differing: int


@dataclass(frozen=True, slots=True)
class _Task:
    """A merge and its text conflicts, each with what tells it from any other."""

    merge: Merge
    time: int
    keys: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class _Replayed:
    """What some merges gave."""

    merges: Counter[tuple[int, str]] = field(default_factory=Counter)
    unmerged: Counter[str] = field(default_factory=Counter)
    tasks: list[_Task] = field(default_factory=list)


@dataclass(slots=True)
class _Judged:
    """What some files gave."""

    files: list[JudgedFile] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    differing: int = 0
    dropped: Counter[str] = field(default_factory=Counter)


def backtest(
    repository: Path,
    *,
    executor: Executor,
    settings: Settings,
    since: str | None = None,
    limit: int | None = None,
    watch: Watch,
) -> Backtest:
    """Replay a repository's two-parent merges, newest first.

    Args:
        repository: a repository, bare or not.
        executor: what runs the work.
        settings: what counts in the repository.
        since: a date as git takes it; older merges are left out.
        limit: the most merges to replay.
        watch: told of the progress.

    Raises:
        ReplayError: git cannot read the repository.
    """
    chosen = [f"--since={since}"] if since else []
    chosen += [f"--max-count={limit}"] if limit else []
    with replaying(repository) as replay:
        merges = list(replay.merges(*chosen, *HISTORY))
    found = _replay_all(executor, repository, merges, watch)
    tasks = list(_unrepeated(found.tasks))
    repeated = _count(found.tasks) - _count(tasks)
    judged = _judge_all(executor, repository, settings, tasks, watch)
    return Backtest(
        years=_years(found.merges),
        unmerged=found.unmerged,
        dropped=+(judged.dropped + Counter({"repeated": repeated})),
        files=tuple(judged.files),
        cases=tuple(judged.cases),
        differing=judged.differing,
    )


def _replay_all(
    executor: Executor, repository: Path, merges: Sequence[Merge], watch: Watch
) -> _Replayed:
    found = _Replayed()
    chunks = [merges[at : at + CHUNK] for at in range(0, len(merges), CHUNK)]
    done = 0
    for chunk, some in zip(chunks, executor.map(partial(_replay, repository), chunks), strict=True):
        found.merges += some.merges
        found.unmerged += some.unmerged
        found.tasks += some.tasks
        done += len(chunk)
        watch("replaying merges", done, len(merges))
    return found


def _judge_all(
    executor: Executor, repository: Path, settings: Settings, tasks: Sequence[_Task], watch: Watch
) -> _Judged:
    found = _Judged()
    work = partial(_judge, repository, settings)
    for some in executor.map(work, _batches(tasks)):
        found.files += some.files
        found.dropped += some.dropped
        found.differing += len(some.cases)
        found.cases += some.cases[: MOST_CASES - len(found.cases)]
        watch("merging files", len(found.files) + found.dropped.total(), _count(tasks))
    return found


def _replay(repository: Path, merges: Sequence[Merge]) -> _Replayed:
    """Run merges again with git alone: what a process does at a time."""
    found = _Replayed()
    with replaying(repository) as replay:
        for replayed in replay.replay(merges):
            commit = replay.commit(replayed.merge.commit)
            when = commit.time if commit else 0
            year = gmtime(when).tm_year
            found.merges[year, "replayed"] += 1
            found.merges[year, "conflicted"] += bool(replayed.conflicted)
            found.merges[year, "failed"] += replayed.failed
            texts = [path for path in replayed.conflicted if path.is_text_conflict]
            others = [path for path in replayed.conflicted if not path.is_text_conflict]
            found.unmerged.update(", ".join(path.kinds) for path in others)
            keys = tuple(_key(replay, replayed, path) for path in texts)
            found.tasks += [_Task(replayed.merge, when, keys)] if keys else []
    return found


def _key(replay: Replay, replayed: ReplayedMerge, path: ConflictedPath) -> tuple[str, ...]:
    """Tell a conflict and its solution from any other; the path comes first."""
    committed = replay.blob_id(f"{replayed.merge.commit}:{path.path}") or ""
    blobs = [stage.blob if stage else "" for stage in (path.base, path.ours, path.theirs)]
    return path.path, *blobs, committed


def _unrepeated(tasks: Iterable[_Task]) -> Iterator[_Task]:
    """Leave out conflicts that were met, and solved alike, in a merge before."""
    seen: set[tuple[str, ...]] = set()
    for task in tasks:
        keys = tuple(key for key in task.keys if key not in seen)
        seen.update(keys)
        if keys:
            yield _Task(task.merge, task.time, keys)


def _batches(tasks: Iterable[_Task]) -> Iterator[list[_Task]]:
    batch: list[_Task] = []
    for task in tasks:
        batch.append(task)
        if _count(batch) >= FILES:
            yield batch
            batch = []
    if batch:
        yield batch


def _judge(repository: Path, settings: Settings, tasks: Sequence[_Task]) -> _Judged:
    """Merge files and compare them: what a process does at a time."""
    found = _Judged()
    with replaying(repository) as replay:
        # Once more, for what git wrote on the way went with the scratch space.
        replays = replay.replay([task.merge for task in tasks])
        opened = (
            _attempt(_open, replay, replayed, name, task.time)
            for replayed, task in zip(replays, tasks, strict=True)
            for name, *_ in task.keys
        )
        while some := list(islice(opened, FILES)):
            files = [file for file in some if isinstance(file, Opened)]
            found.dropped.update(reason for reason in some if isinstance(reason, str))
            for file, merged in zip(files, merge_all(files, settings), strict=True):
                answer = _attempt(judge, file, merged, settings)
                if isinstance(answer, str):
                    found.dropped[answer] += 1
                else:
                    found.files.append(answer[0])
                    found.cases += answer[1]
    return found


def _open(replay: Replay, replayed: ReplayedMerge, name: str, when: int) -> Opened | str:
    paths = {path.path: path for path in replayed.conflicted}
    return open_file(replay, replayed, paths[name], when)


def _attempt(work: Callable[[*Given], Result], *given: *Given) -> Result | str:
    """Do what may fail for one file, which must not cost the whole report; say how it failed."""
    try:
        return work(*given)
    except ReplayError:
        raise
    except Exception as error:
        return f"crashed: {type(error).__name__}: {error}"


def _count(tasks: Iterable[_Task]) -> int:
    """Count the conflicted files of some merges."""
    return sum(len(task.keys) for task in tasks)


def _years(merges: Counter[tuple[int, str]]) -> dict[int, Merges]:
    years = sorted({year for year, _ in merges})
    kinds = ("replayed", "conflicted", "failed")
    return {year: Merges(*(merges[year, kind] for kind in kinds)) for year in years}
