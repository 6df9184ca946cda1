"""A conflict as plain git would have left it: the work file with its markers, the index's stages.

The three versions are merged again by git itself, with nobody's driver; before 2.50 not all of its
commands merge with the same algorithm. Only `set_index` changes anything.
"""

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from gitmerge_ai.repository import index
from gitmerge_ai.repository.index import RepositoryError, Stage, git
from gitmerge_ai.repository.labels import Labels, UnknownStep, labels_in, merge_base
from gitmerge_ai.repository.line_merge import LineMergeError, Merged, line_merge
from gitmerge_ai.repository.steps import Step

COMMITS = {
    "merge": ("{base}", "{commit}"),
    "rebase": ("{commit}^", "{commit}"),
    "cherry-pick": ("{commit}^", "{commit}"),
    "revert": ("{commit}", "{commit}^"),
    "stash": ("{commit}^", "{commit}"),
}
"""The commits that an operation takes as base and theirs, where they are commits at all."""

WITH_ORT = frozenset({"merge", "rebase", "cherry-pick", "revert", "checkout"})
"""The operations that merge as `git merge-tree` does; from `ALL_WITH_ORT` on all of them do."""

MERGE_TREE_SINCE = (2, 38)
ALL_WITH_ORT = (2, 50)

SHORTEST_NAME = 4
"""The fewest digits to which git shortens a commit's name."""

CONSTRUCTED = "file"
"""Name of the file in the repository in which three versions are merged again."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a file as a commit has it; `path` differs where the file was renamed."""

    mode: int
    blob: str
    path: str


@dataclass(frozen=True, slots=True)
class ThreeWay:
    """What was merged: the path, the blobs of base, ours and theirs, and the step it was in.

    `labels` are as git gave them, `None` where it did not.
    """

    path: str
    blobs: tuple[str, str, str]
    step: Step
    labels: Labels | None


@dataclass(frozen=True, slots=True)
class Conflicted:
    """The work file and the index's entries of a path in conflict."""

    data: bytes
    entries: tuple[str, ...]


def as_git_leaves_it(root: Path, merge: ThreeWay) -> Conflicted:
    """Give the conflict that git alone would have left.

    Args:
        root: the work tree.
        merge: what was merged.

    Raises:
        RepositoryError: git no longer has what was merged.
    """
    try:
        versions = _versions(root, merge)
        labels = merge.labels or _labels(root, merge, versions)
    except UnknownStep as error:
        raise RepositoryError(str(error)) from error
    clean, text = _merge(root, merge, versions, labels)
    blob = git(root, "hash-object", "-w", "--stdin", stdin=text).decode().strip()
    ours = versions[1]
    mode = ours.mode if ours else 0o100644
    entries = (
        (f"{mode:06o} {blob} 0",)
        if clean
        else tuple(
            f"{version.mode:06o} {version.blob} {number}"
            for number, version in enumerate(versions, 1)
            if version is not None
        )
    )
    return Conflicted(index.checked_out(root, merge.path, Stage(0o100644, blob)), entries)


def index_entries(root: Path, path: str) -> tuple[str, ...]:
    """Give what the index holds of a path: mode, blob and stage of each entry.

    Raises:
        RepositoryError: the index cannot be read.
    """
    said = git(root, "--literal-pathspecs", "ls-files", "-s", "-z", "--", path)
    return tuple(os.fsdecode(one).partition("\t")[0] for one in said.split(b"\0")[:-1])


def set_index(root: Path, path: str, entries: tuple[str, ...]) -> None:
    """Make the index hold these entries of a path, and no others.

    Args:
        root: the work tree.
        path: from its root.
        entries: as `index_entries` gives them.

    Raises:
        RepositoryError: the index cannot be written.
    """
    zeros = "0" * max((len(entry.split()[1]) for entry in entries), default=40)
    lines = [f"0 {zeros}\t{path}", *(f"{entry}\t{path}" for entry in entries)]
    stdin = b"".join(os.fsencode(line) + b"\0" for line in lines)
    git(root, "update-index", "-z", "--index-info", stdin=stdin)


def _versions(root: Path, merge: ThreeWay) -> tuple[Version | None, ...]:
    """Give the three versions; the base of an add/add is `None`."""
    step = merge.step
    base = merge_base(step, os.fspath(root)) if step.operation == "merge" else ""
    places = COMMITS.get(step.operation, ("", "")) if step.commit else ("", "")
    of_base, of_theirs = (place.format(base=base, commit=step.commit) for place in places)
    found = [
        _version(root, commit, merge.path, blob)
        for commit, blob in zip((of_base, step.head, of_theirs), merge.blobs, strict=True)
    ]
    ours, theirs = (
        version or Version(0o100644, blob, merge.path)
        for version, blob in zip(found[1:], merge.blobs[1:], strict=True)
    )
    if found[0] is None and not _is_empty(root, merge.blobs[0]):
        found[0] = Version(ours.mode, merge.blobs[0], merge.path)
    return found[0], ours, theirs


def _version(root: Path, commit: str, path: str, blob: str) -> Version | None:
    """Find a blob in a commit, at its path or where the path was renamed from."""
    if not commit or " " in commit:
        return None
    tree = ("--literal-pathspecs", "ls-tree", "-z", "--full-tree")
    for place in ((commit, "--", path), ("-r", commit)):
        for entry in git(root, *tree, *place, allowed=128).split(b"\0")[:-1]:
            facts, _, name = os.fsdecode(entry).partition("\t")
            mode, _, found = facts.split()
            if found == blob:
                return Version(int(mode, 8), blob, name)
        if _is_empty(root, blob):
            return None  # Git takes no empty file for a renamed one.
    return None


def _is_empty(root: Path, blob: str) -> bool:
    return git(root, "cat-file", "-s", blob).strip() == b"0"


def _labels(root: Path, merge: ThreeWay, versions: tuple[Version | None, ...]) -> Labels:
    """Give what git would have called the three sides, with their paths if these differ."""
    paths = [version.path if version else merge.path for version in versions]
    suffixes = [f":{path}" if len(set(paths)) > 1 else "" for path in paths]
    labels = labels_in(merge.step, os.fspath(root))
    base, ours, theirs = map("".join, zip(labels, suffixes, strict=True))
    return base, ours, theirs


def _merge(
    root: Path, merge: ThreeWay, versions: tuple[Version | None, ...], labels: Labels
) -> Merged:
    """Merge the three versions as git would have, in the form that git stores."""
    said = git(root, "config", "--default=merge", "--get", "merge.conflictStyle").decode().strip()
    style = said if said in ("diff3", "zdiff3") else "merge"
    size = index.marker_size(root, merge.path)
    words = git(root, "version").decode().split()[2].split(".")
    version = (int(words[0]), int(words[1]))
    ort = merge.step.operation in WITH_ORT or version >= ALL_WITH_ORT
    blobs = [each.blob if each else None for each in versions]
    with tempfile.TemporaryDirectory(prefix="gitmerge-ai-") as folder:
        if ort and version >= MERGE_TREE_SINCE:
            return _by_merge_tree(root, Path(folder), blobs, labels, style, size)
        return _by_merge_file(root, Path(folder), blobs, labels, style, size)


def _by_merge_file(
    root: Path, folder: Path, blobs: list[str | None], labels: Labels, style: str, size: int
) -> Merged:
    names = [str(folder / name) for name in ("base", "ours", "theirs")]
    for name, blob in zip(names, blobs, strict=True):
        Path(name).write_bytes(git(root, "cat-file", "blob", blob) if blob else b"")
    base, ours, theirs = names
    try:
        return line_merge(base, ours, theirs, labels=labels, marker_size=size, style=style)
    except LineMergeError as error:
        raise RepositoryError(str(error)) from error


def _by_merge_tree(
    root: Path, folder: Path, blobs: list[str | None], labels: Labels, style: str, size: int
) -> Merged:
    """Merge in a repository of its own, which borrows the objects, knows no driver and goes away.

    Its branches have names that stand in no file, so that they can be told in the result and
    given their labels.
    """
    kind = git(root, "rev-parse", "--show-object-format").decode().strip()
    objects = os.fsdecode(git(root, "rev-parse", "--git-path", "objects").removesuffix(b"\n"))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    git(
        folder,
        *("init", "-q", "--bare", "--template=", f"--object-format={kind}", "."),
        environment=environment,
    )
    (folder / "objects" / "info").mkdir(exist_ok=True)
    (folder / "objects" / "info" / "alternates").write_bytes(os.fsencode(root / objects) + b"\n")
    (folder / "info").mkdir(exist_ok=True)
    (folder / "info" / "attributes").write_text(f"* merge=text conflict-marker-size={size}\n")
    branches = [f"{side}-{os.urandom(12).hex()}" for side in ("base", "ours", "theirs")]
    stream = "".join(
        f"commit refs/heads/{branch}\ncommitter c <c> 0 +0000\ndata 0\n"
        + (f"from refs/heads/{branches[0]}\n" if branch != branches[0] else "")
        + (f"M 100644 {blob} {CONSTRUCTED}\n" if blob else "")
        for branch, blob in zip(branches, blobs, strict=True)
    )
    git(folder, "fast-import", "--quiet", stdin=stream.encode(), environment=environment)
    options = ("-c", f"merge.conflictStyle={style}")
    command = ("merge-tree", "--write-tree", "--no-messages", "-z", *branches[1:])
    said = git(folder, *options, *command, allowed=1, environment=environment)
    tree, _, conflicted = said.decode().partition("\0")
    text = git(folder, "cat-file", "blob", f"{tree}:{CONSTRUCTED}", environment=environment)
    base = git(folder, "rev-parse", branches[0], environment=environment).decode().strip()
    by_branch = dict(zip(branches, labels, strict=True))

    def label(match: re.Match[bytes]) -> bytes:
        name = match[2].decode()
        shortened = len(name) >= SHORTEST_NAME and base.startswith(name)
        given = labels[0] if shortened else by_branch.get(name)
        return match[0] if given is None else match[1] + os.fsencode(given)

    marker = rb"(?m)^([<|>]{%d} )(\S+)(?=\r?$)" % size
    return not conflicted, re.sub(marker, label, text)
