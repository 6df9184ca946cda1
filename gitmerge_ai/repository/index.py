"""The index's three stages of conflicted paths, with the contents as they would be checked out.

All goes through the user's own git: libgit2 reads neither a split nor a sparse index, and only git
knows the filters of a path. Nothing is written here but by `add`.
"""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pygit2


class RepositoryError(Exception):
    """A repository cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One version of a conflicted path: its mode and its object."""

    mode: int
    blob: str


@dataclass(frozen=True, slots=True)
class Unmerged:
    """A conflicted path and the versions that the index holds of it, `None` where it has none."""

    path: str
    base: Stage | None
    ours: Stage | None
    theirs: Stage | None

    @property
    def entries(self) -> tuple[str, ...]:
        """Mode, blob and stage of each version, as the index lists them."""
        versions = enumerate((self.base, self.ours, self.theirs), 1)
        return tuple(f"{s.mode:06o} {s.blob} {number}" for number, s in versions if s)

    @property
    def reason(self) -> str:
        """Why it cannot be merged as a text, "" if it can."""
        if self.ours is None and self.theirs is None:
            return "deleted or moved on both sides"
        if self.ours is None or self.theirs is None:
            kept, gone = ("theirs", "ours") if self.ours is None else ("ours", "theirs")
            if self.base is None:
                return f"added by {kept} alone, after a rename"
            return f"deleted by {gone}, changed by {kept}"
        stages = [s for s in (self.base, self.ours, self.theirs) if s is not None]
        if any(stage.mode == 0o160000 for stage in stages):
            return "a submodule"
        if any(stage.mode == 0o120000 for stage in stages):
            return "a symbolic link"
        return ""


def open_repository(folder: Path) -> pygit2.Repository:
    """Open the repository that a folder is in.

    Raises:
        RepositoryError: there is none, or it cannot be read.
    """
    found = pygit2.discover_repository(str(folder))
    if found is None:
        raise RepositoryError(f"{folder} is not in a git repository")
    try:
        repository = pygit2.Repository(found)
    except pygit2.GitError as error:
        raise RepositoryError(f"{folder}: {error}") from error
    return repository


def work_tree(repository: pygit2.Repository) -> Path:
    """Give the root of a repository's work tree, links resolved.

    Raises:
        RepositoryError: it has none.
    """
    if repository.workdir is None:
        raise RepositoryError(f"{repository.path} is bare: it has no work tree")
    return Path(os.path.realpath(repository.workdir))


def path_in(root: Path, file: Path) -> str | None:
    """Give a file's path as git names it, `None` for one that is not in the work tree.

    Args:
        root: of the work tree.
        file: from the current folder; its last part may be a link, which is not followed.
    """
    top = os.path.realpath(root)
    whole = Path(os.path.normpath(Path(os.path.realpath(file.parent), file.name)))
    return whole.relative_to(top).as_posix() if whole.is_relative_to(top) else None


def unmerged(root: Path) -> list[Unmerged]:
    """List the conflicted paths, by name.

    Args:
        root: the work tree.

    Raises:
        RepositoryError: the index cannot be read.
    """
    stages: dict[str, dict[int, Stage]] = {}
    for entry in git(root, "ls-files", "--unmerged", "-z").split(b"\0")[:-1]:
        facts, _, name = os.fsdecode(entry).partition("\t")
        mode, blob, number = facts.split()
        stages.setdefault(name, {})[int(number)] = Stage(int(mode, 8), blob)
    return [
        Unmerged(name, found.get(1), found.get(2), found.get(3))
        for name, found in sorted(stages.items())
    ]


def checked_out(root: Path, path: str, stage: Stage | None) -> bytes:
    """Give a version as git would write it into the work tree, b"" where there is none.

    Args:
        root: the work tree.
        path: the path whose attributes count.
        stage: the version.

    Raises:
        RepositoryError: git cannot give it.
    """
    if stage is None:
        return b""
    return git(root, "cat-file", "--filters", f"--path={path}", stage.blob)


def add(root: Path, path: str) -> None:
    """Stage a path.

    Args:
        root: the work tree.
        path: the path, from the root.

    Raises:
        RepositoryError: git refused.
    """
    git(root, "--literal-pathspecs", "add", "--", path)


def git(
    root: Path,
    *arguments: str,
    stdin: bytes | None = None,
    environment: dict[str, str] | None = None,
    allowed: int = 0,
) -> bytes:
    """Run git and give what it printed.

    Args:
        root: where to run it.
        arguments: of git.
        stdin: what it reads.
        environment: to run it in, if not this process's.
        allowed: the highest exit status that is no failure.

    Raises:
        RepositoryError: it failed.
    """
    command = ["git", *arguments]
    done = subprocess.run(
        command, cwd=root, input=stdin, env=environment, capture_output=True, check=False
    )
    if not 0 <= done.returncode <= allowed:
        words = " ".join(done.stderr.decode(errors="replace").split())
        raise RepositoryError(f"git {arguments[0]}: {words or done.returncode}")
    return done.stdout


def marker_size(root: Path, path: str) -> int:
    """Give the length of a path's conflict markers, as its attributes have it.

    Args:
        root: the work tree.
        path: the path, from the root.
    """
    said = git(root, "check-attr", "-z", "conflict-marker-size", "--", path).split(b"\0")
    return int(said[2]) if len(said) > 2 and said[2].isdigit() and int(said[2]) > 0 else 7
