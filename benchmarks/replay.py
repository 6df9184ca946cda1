"""Replays real merges with the driver and with plain git, and looks for anything that went wrong.

    python benchmarks/replay.py REPO... [--limit N]

Merges that git leaves in conflict are drawn from the histories with a fixed seed, as many from
each repository. Each is run by a real `git merge --no-commit` in two scratch clones that borrow
the repository's objects, one of them with the driver installed. The repository itself is only
read. The clones' work trees are sparse: what git writes there is what is in conflict.

A violation is: git or the driver failed; a path is unmerged with the driver that git merges, or
with other stages; a path that git merges came out differently; a file that the driver resolved
holds markers, or parses worse than the sides did; a file was left over. Exits 1 where there is one.
"""

import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field
from functools import cached_property
from pathlib import Path

import click

from gitmerge_ai.repository import installation
from gitmerge_ai.repository.replay import Merge, Replay, ReplayedMerge, replaying
from gitmerge_ai.syntax.grammar import MissingGrammar
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.syntax.tree import Source
from gitmerge_ai.text import markers
from gitmerge_ai.training.mining.histories import name_of

SEED = 20
CRASH = re.compile(r"Traceback|could not run|left as git has it: (?:\w*Error|the engine ended)")
WHO = ("AUTHOR", "COMMITTER")
SAID = "left as git has it: "
# Kinds of conflicts that are settled when the file's content is; a renamed one stays unmerged.
BY_CONTENT = frozenset({"content", "add/add"})
JOURNAL = "gitmerge-ai"
"""The folder in the git directory that remembers what was resolved."""

LEFT_OVER = re.compile(r"\.merge_file_|gitmerge-ai|~$")

Stages = dict[int, str]
"""Mode and blob of a path in the index by stage; 0 where it is merged."""


@dataclass(frozen=True)
class Outcome:
    """What one `git merge` left behind.

    files: what stands in the work tree. said: standard error. strays: files where none should be.
    """

    status: int
    seconds: float
    said: str
    index: dict[str, Stages]
    files: dict[str, bytes]
    strays: tuple[str, ...]

    @cached_property
    def unmerged(self) -> set[str]:
        """The paths in conflict."""
        return {path for path, stages in self.index.items() if 0 not in stages}


@dataclass
class Figures:
    """What is counted for a repository."""

    merges: int = 0
    clean: int = 0
    conflicted: int = 0
    resolved: int = 0
    given_up: int = 0
    ours: list[float] = field(default_factory=list)
    git: list[float] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


class Clone:
    """A scratch clone of a repository, with or without the driver."""

    def __init__(self, repository: Path, folder: Path, *, with_driver: bool) -> None:
        self.folder = folder
        self.temporary = folder.with_name(folder.name + "-tmp")
        self.temporary.mkdir()
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("GIT_")},
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_NO_LAZY_FETCH": "1",
            "LC_ALL": "C",
            **{f"GIT_{who}_{what}": "replay" for who in WHO for what in ("NAME", "EMAIL")},
            "TMPDIR": os.fspath(self.temporary),
        }
        clone = ["clone", "-q", "--shared", "--no-checkout", "--no-tags", os.fspath(repository)]
        self.git(*clone, os.fspath(folder), cwd=folder.parent)
        # Only attributes are checked out: they decide how git merges.
        self.git("sparse-checkout", "set", "--no-cone", ".gitattributes")
        if with_driver:
            where = installation.scope(False, folder)
            installation.install(where, installation.parts()["driver"])

    def git(
        self, *arguments: str, cwd: Path | None = None, check: bool = True
    ) -> "subprocess.CompletedProcess[bytes]":
        """Run git here, away from the user's configuration."""
        return subprocess.run(
            ["git", *arguments],
            cwd=cwd or self.folder,
            env=self.environment,
            capture_output=True,
            check=check,
        )

    def merge(self, merge: Merge) -> Outcome:
        """Merge, and say what came of it."""
        # From nothing: files that were in conflict are not sparse, and may count as changed.
        (self.folder / ".git" / "index").unlink(missing_ok=True)
        for path in self.folder.iterdir():
            if path.is_dir() and not path.is_symlink() and path.name != ".git":
                shutil.rmtree(path)
            elif path.name != ".git":
                path.unlink()
        self.git("reset", "-q", "--hard", merge.ours)
        before = self._files()
        start = time.perf_counter()
        options = ["--no-commit", "--no-ff", "--allow-unrelated-histories"]
        ran = self.git("merge", *options, merge.theirs, check=False)
        seconds = time.perf_counter() - start
        files = {name: data for name, data in self._files().items() if before.get(name) != data}
        said = os.fsdecode(ran.stderr)
        strays = [
            *(
                path.name
                for path in (self.folder / ".git").iterdir()
                if LEFT_OVER.search(path.name) and path.name != JOURNAL
            ),
            *(path.name for path in self.temporary.iterdir()),
        ]
        return Outcome(ran.returncode, seconds, said, self._index(), files, tuple(strays))

    def blob(self, name: str) -> bytes:
        """Give the content of a stage of the index."""
        return self.git("cat-file", "blob", name).stdout

    def _files(self) -> dict[str, bytes]:
        """Read the work tree, in which only attributes and conflicts are checked out."""
        found = {}
        for folder, folders, names in os.walk(self.folder):
            if ".git" in folders:
                folders.remove(".git")
            for name in names:
                path = Path(folder, name)
                content = os.fsencode(os.readlink(path)) if path.is_symlink() else path.read_bytes()
                found[path.relative_to(self.folder).as_posix()] = content
        return found

    def _index(self) -> dict[str, Stages]:
        stages: dict[str, Stages] = defaultdict(dict)
        for entry in os.fsdecode(self.git("ls-files", "-s", "-z").stdout).split("\0")[:-1]:
            facts, path = entry.split("\t", 1)
            mode, blob, number = facts.split(" ")
            stages[path][int(number)] = f"{mode} {blob}"
        return stages


def conflicts(replay: Replay, name: str) -> Iterator[ReplayedMerge]:
    """Draw merges that git leaves in conflict."""
    merges = list(replay.merges())
    random.Random(f"{SEED} {name}").shuffle(merges)
    for replayed in replay.replay(merges):
        if any(path.is_text_conflict for path in replayed.conflicted):
            yield replayed


def violations(
    replayed: ReplayedMerge, plain: Outcome, ours: Outcome, clone: Clone
) -> Iterator[str]:
    """Compare a merge with the driver to git's."""
    by_content = {path.path for path in replayed.conflicted if BY_CONTENT.issuperset(path.kinds)}
    if ours.status not in (0, 1) or (ours.status == 1) is not bool(ours.unmerged):
        yield f"git merge exits with {ours.status}: {ours.said.strip()[-200:]}"
    if CRASH.search(ours.said):
        yield f"the driver failed: {ours.said.strip()[-300:]}"
    for path in sorted(ours.index.keys() ^ plain.index.keys()):
        yield f"{path}: in one index only"
    for path in sorted(ours.index.keys() & plain.index.keys()):
        if path in ours.unmerged or path not in plain.unmerged:
            if ours.index[path] != plain.index[path]:
                yield f"{path}: {ours.index[path]} where git has {plain.index[path]}"
        else:
            fault = fault_of(path, plain.index[path], ours.index[path][0], clone)
            if fault:
                yield f"{path}: {fault}"
    for path in sorted(ours.unmerged & by_content):
        if is_marked(plain.files.get(path, b"")) and not is_marked(ours.files.get(path, b"")):
            yield f"{path}: unmerged, but without a conflict in it"
    for path in sorted({*(ours.files.keys() - plain.files.keys()), *ours.strays}):
        yield f"{path}: left over"


def fault_of(path: str, stages: Stages, merged: str, clone: Clone) -> str | None:
    """Say what is wrong with a file that the driver resolved."""
    versions = [clone.blob(stage.partition(" ")[2]) for stage in stages.values()]
    text = clone.blob(merged.partition(" ")[2])
    if is_marked(text) and not any(map(is_marked, versions)):
        return "a marker stands in it"
    row = for_path(path, decoded(text))
    if row is None:
        return None
    try:
        before = max(Source(row, version).error_count() for version in versions)
        after = Source(row, text).error_count()
    except MissingGrammar:
        return None
    return f"{after} errors after {before}" if after > before else None


def is_marked(text: bytes) -> bool:
    return bool(markers.regions(markers.parse(decoded(text), 7)))


def decoded(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")


def run(repository: Path, most: int, scratch: Path) -> Figures:
    """Replay merges of one repository."""
    figures = Figures()
    name = name_of(repository)
    plain = Clone(repository, scratch / "plain", with_driver=False)
    driven = Clone(repository, scratch / "driven", with_driver=True)
    with replaying(repository) as replay:
        for replayed in conflicts(replay, name):
            by_git, ours = plain.merge(replayed.merge), driven.merge(replayed.merge)
            figures.merges += 1
            figures.clean += not ours.unmerged
            figures.conflicted += len(by_git.unmerged)
            figures.resolved += len(by_git.unmerged - ours.unmerged)
            figures.given_up += ours.said.count(SAID)
            figures.git.append(by_git.seconds)
            figures.ours.append(ours.seconds)
            figures.violations += [
                f"{name} {replayed.merge.commit[:12]} {what}"
                for what in violations(replayed, by_git, ours, driven)
            ]
            if figures.merges == most:
                break
    return figures


def row(name: str, figures: Figures) -> str:
    counts = (figures.merges, figures.clean, figures.conflicted, figures.resolved, figures.given_up)
    times = [statistics.median(each or [0.0]) for each in (figures.git, figures.ours)]
    return "".join(
        [
            f"{name:<28}",
            *(f"{count:>10}" for count in counts),
            *(f"{1000 * each:>10.0f}" for each in times),
            f"{len(figures.violations):>12}",
        ]
    )


@click.command()
@click.argument(
    "repositories", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
@click.option("--limit", default=200, show_default=True, help="Merges in all.")
def main(repositories: tuple[Path, ...], limit: int) -> None:
    """Replay merges out of REPOSITORIES with the driver and without."""
    heads = ("merges", "clean now", "files", "resolved", "given up", "git, ms", "ours, ms")
    click.echo(f"{'':<28}" + "".join(f"{head:>10}" for head in heads) + f"{'violations':>12}")
    total = Figures()
    for at, repository in enumerate(repositories):
        most = (limit - total.merges) // (len(repositories) - at)
        with tempfile.TemporaryDirectory(prefix="replay-") as scratch:
            figures = run(repository, most, Path(scratch)) if most else Figures()
        click.echo(row(name_of(repository), figures))
        total += figures
    click.echo(row("in all", total))
    for violation in total.violations:
        click.echo(violation)
    sys.exit(1 if total.violations else 0)


if __name__ == "__main__":
    main()
