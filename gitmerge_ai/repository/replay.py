"""Re-runs the merges of a repository's history, without a work tree and without writing to it.

Every merge runs in a scratch repository that borrows the objects of the real one: what git writes
on the way (merged blobs, virtual bases) goes there and is gone afterwards, and neither the user's
configuration nor the repository's own, its attributes and merge drivers included, has a say. So a
replay is git's plain merge with rename detection, on every machine alike. What people made of a
conflict is read by the callers; nothing is resolved here.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

# Merges that one git process runs: enough to make its start cheap, few enough to show progress.
BATCH = 64

FILE_MODES = frozenset({"100644", "100755"})


class ReplayError(Exception):
    """A repository cannot be replayed; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge of two parents."""

    commit: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Commit:
    """When a commit was made (seconds since 1970) and what its author wrote."""

    time: int
    message: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One version of a conflicted path, as the index would hold it."""

    mode: str
    blob: str


@dataclass(frozen=True, slots=True)
class ConflictedPath:
    """A path that git leaves unmerged.

    `kinds` are git's names for what is wrong ("content", "add/add", "binary", "modify/delete",
    "rename/delete", "rename/rename", …); `base`, `ours` and `theirs` are index stages 1, 2 and 3,
    `None` where there is none. After a rename all three stand at the new path.
    """

    path: str
    kinds: tuple[str, ...]
    base: Stage | None
    ours: Stage | None
    theirs: Stage | None

    @property
    def is_text_conflict(self) -> bool:
        """Whether both sides have a regular file that git tried to merge as text."""
        sides = [stage for stage in (self.base, self.ours, self.theirs) if stage]
        return (
            self.ours is not None
            and self.theirs is not None
            and "binary" not in self.kinds
            and all(stage.mode in FILE_MODES for stage in sides)
        )


@dataclass(frozen=True, slots=True)
class ReplayedMerge:
    """What git made of a merge.

    `failed` is set where git gave no result at all, most often because an object is missing
    (shallow and partial clones); `conflicted` is empty then, as it is for a clean merge.
    """

    merge: Merge
    tree: str
    conflicted: tuple[ConflictedPath, ...]
    failed: bool = False


@contextmanager
def replaying(repository: Path) -> Iterator["Replay"]:
    """Open a repository for replaying; the scratch space is removed at the end.

    Args:
        repository: a repository, bare or not, or any folder in its work tree.

    Raises:
        ReplayError: it is no repository, or git is older than 2.38.
    """
    # A folder of its own per user of this: two replays of one repository do not meet.
    with tempfile.TemporaryDirectory(prefix="gitmerge-ai-replay-") as folder:
        replay = Replay(repository, Path(folder))
        try:
            yield replay
        finally:
            replay.close()


class Replay:
    """A repository opened for replaying; use `replaying` to get one."""

    def __init__(self, repository: Path, scratch: Path) -> None:
        self.repository = repository
        self._env = _scratch_environment(scratch)
        _borrow_objects(repository, scratch, self._env)
        self._objects: subprocess.Popen[bytes] | None = None

    def close(self) -> None:
        """End the process that reads objects."""
        if self._objects:
            self._objects.communicate()
            self._objects = None

    def merges(self, *revisions: str) -> Iterator[Merge]:
        """Find the two-parent merges that are reachable, newest first.

        Args:
            revisions: what `git rev-list` takes; every ref where none is given.

        Raises:
            ReplayError: git cannot list them.
        """
        selection = ["--min-parents=2", "--max-parents=2", "--parents", *(revisions or ["--all"])]
        # In the repository itself: only it knows its refs.
        listing = _git(["-C", os.fspath(self.repository), "rev-list", *selection])
        for line in listing.splitlines():
            commit, ours, theirs = line.split()
            yield Merge(commit, ours, theirs)

    def bases(self, merge: Merge) -> tuple[str, ...]:
        """Find the best common ancestors: more than one for a criss-cross, none if unrelated."""
        found = subprocess.run(
            ["git", "merge-base", "--all", merge.ours, merge.theirs],
            env=self._env,
            capture_output=True,
            text=True,
        )
        return tuple(found.stdout.split()) if found.returncode == 0 else ()

    def replay(self, merges: Iterator[Merge] | Sequence[Merge]) -> Iterator[ReplayedMerge]:
        """Run merges again, in the order given."""
        waiting = iter(merges)
        while batch := list(islice(waiting, BATCH)):
            while batch:
                done = self._run(batch)
                yield from done
                batch = batch[len(done) :]

    def _run(self, batch: list[Merge]) -> list[ReplayedMerge]:
        """Run merges in one process, up to and with the first one that git fails on."""
        ran = subprocess.run(
            ["git", "merge-tree", "--write-tree", "-z", "--stdin", "--allow-unrelated-histories"],
            input="".join(f"{merge.ours} {merge.theirs}\n" for merge in batch).encode(),
            env=self._env,
            capture_output=True,
        )
        answers = replies(ran.stdout)
        done = [ReplayedMerge(m, *reply) for m, reply in zip(batch, answers, strict=False)]
        if len(done) < len(batch):
            done.append(ReplayedMerge(batch[len(done)], "", (), failed=True))
        return done

    def blob(self, name: str) -> bytes | None:
        """Read a file's content.

        Args:
            name: a blob's id, or `<commit>:<path>`.

        Returns:
            `None` where there is no such blob.

        Raises:
            ReplayError: git's process ended.
        """
        kind, content = self._object("contents", name)
        return content if kind == "blob" else None

    def blob_id(self, name: str) -> str | None:
        """Tell a file's blob without reading it.

        Args:
            name: `<commit>:<path>`.

        Returns:
            `None` where there is no such file.

        Raises:
            ReplayError: git's process ended.
        """
        kind, blob = self._object("info", name)
        return blob.decode() if kind == "blob" else None

    def commit(self, name: str) -> Commit | None:
        """Read a commit's facts; `None` where there is no such commit.

        Args:
            name: the commit's id.

        Raises:
            ReplayError: git's process ended.
        """
        kind, content = self._object("contents", name)
        return _commit(content) if kind == "commit" else None

    def _object(self, command: str, name: str) -> tuple[str, bytes]:
        """Read an object's kind and its contents or, for "info", its id; "" where there is none."""
        if "\n" in name:  # git's replies are lines
            return "", b""
        if self._objects is None:
            self._objects = subprocess.Popen(
                ["git", "cat-file", "--batch-command", "-z"],
                env=self._env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        to_git, from_git = self._objects.stdin, self._objects.stdout
        assert to_git
        assert from_git
        try:
            to_git.write(command.encode() + b" " + os.fsencode(name) + b"\0")
            to_git.flush()
        except BrokenPipeError as error:
            raise ReplayError(f"{self.repository}: git cat-file ended") from error
        return _read_object(from_git, with_contents=command == "contents")


def _scratch_environment(scratch: Path) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    return inherited | {
        "GIT_DIR": os.fspath(scratch),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "LC_ALL": "C",
    }


def _borrow_objects(repository: Path, scratch: Path, env: Mapping[str, str]) -> None:
    """Make `scratch` an empty repository that reads the objects of `repository`."""
    wanted = ["--show-object-format", "--git-path", "objects", "--git-path", "shallow"]
    answer = _git(
        ["-C", os.fspath(repository), "rev-parse", "--path-format=absolute", *wanted]
    ).splitlines()
    object_format, objects, shallow = answer
    _git(["init", "-q", "--bare", "--template=", f"--object-format={object_format}"], env)
    # A user's own attributes file is read even where there is no user configuration.
    _git(["config", "core.attributesFile", os.devnull], env)
    (scratch / "objects" / "info").mkdir(exist_ok=True)
    (scratch / "objects" / "info" / "alternates").write_bytes(os.fsencode(objects) + b"\n")
    if Path(shallow).exists():
        (scratch / "shallow").write_bytes(Path(shallow).read_bytes())


def _git(arguments: list[str], env: Mapping[str, str] | None = None) -> str:
    ran = subprocess.run(["git", *arguments], env=env, capture_output=True)
    if ran.returncode:
        raise ReplayError(os.fsdecode(ran.stderr).strip() or f"git {arguments[0]} failed")
    return os.fsdecode(ran.stdout)


def replies(output: bytes) -> Iterator[tuple[str, tuple[ConflictedPath, ...]]]:
    """Read what `git merge-tree --stdin` prints: tree and conflicted paths of each merge.

    A reply is `STATUS TREE` and, if the merge is not clean, index entries up to an empty field and
    messages; an empty field ends it. A reply that was cut off is not given.
    """
    fields = iter(os.fsdecode(output).split("\0"))
    while status := next(fields, ""):
        tree = next(fields, "")
        if status != "0":
            if next(fields, None) is None:
                return
            yield tree, ()
            continue
        entries = list(iter(lambda: next(fields, ""), ""))
        kinds = _message_kinds(fields)
        if kinds is None:
            return
        yield tree, _conflicted(entries, kinds)


def _message_kinds(fields: Iterator[str]) -> dict[str, list[str]] | None:
    """Read messages (`COUNT PATH… TYPE TEXT`) to their end: the kinds of conflict by path."""
    kinds: dict[str, list[str]] = {}
    for count in fields:
        # The end is an empty field, or advice on submodules that git prints where that would be.
        if not count.isdigit():
            return kinds
        paths = list(islice(fields, int(count)))
        kind = next(fields, "")
        next(fields, "")
        if kind.startswith("CONFLICT ("):
            for path in paths:
                kinds.setdefault(path, []).append(kind.removeprefix("CONFLICT (").rstrip(")"))
    return None


def _conflicted(entries: list[str], kinds: dict[str, list[str]]) -> tuple[ConflictedPath, ...]:
    stages: dict[str, dict[str, Stage]] = {}
    for entry in entries:
        facts, path = entry.split("\t", 1)
        mode, blob, number = facts.split(" ")
        stages.setdefault(path, {})[number] = Stage(mode, blob)
    return tuple(
        ConflictedPath(path, _kinds(kinds.get(path, []), at), at.get("1"), at.get("2"), at.get("3"))
        for path, at in stages.items()
    )


def _kinds(told: list[str], stages: Mapping[str, Stage]) -> tuple[str, ...]:
    """Name the kinds as git's messages to the user do; by the stages where git told none."""
    merged = "content" if "1" in stages else "add/add"
    if told:
        return tuple(dict.fromkeys(merged if kind == "contents" else kind for kind in told))
    both = "2" in stages and "3" in stages
    return (merged if both else "modify/delete",)


def _read_object(stream: IO[bytes], *, with_contents: bool) -> tuple[str, bytes]:
    """Read one reply of `git cat-file`: `ID KIND SIZE`, perhaps the contents, or a refusal."""
    facts = stream.readline().split()
    if len(facts) != 3 or not facts[2].isdigit():
        return "", b""
    if not with_contents:
        return facts[1].decode(), facts[0]
    contents = stream.read(int(facts[2]))
    stream.read(1)
    return facts[1].decode(), contents


def _commit(content: bytes) -> Commit:
    head, _, message = content.partition(b"\n\n")
    headers = dict(line.partition(b" ")[::2] for line in head.split(b"\n"))
    time = headers.get(b"committer", b"").split()[-2:-1]
    codec = headers.get(b"encoding", b"utf-8").decode("ascii", "replace")
    try:
        text = message.decode(codec)
    except (LookupError, UnicodeDecodeError):
        text = message.decode("utf-8", "replace")
    return Commit(int(time[0]) if time and time[0].isdigit() else 0, text)
