"""Builds the repository of the demonstration and merges its branches twice.

It works in a folder of its own and shuts out the user's configuration and environment, so what it
shows is git as it comes. The driver is the one that `gitmerge-ai install` sets up.
"""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from gitmerge_ai.demo.cases import CASES, Case
from gitmerge_ai.merging.files import merge_files
from gitmerge_ai.repository.installation import parts
from gitmerge_ai.text import markers
from gitmerge_ai.text.encoding import decode

SETTINGS = {"user.name": "Demo", "user.email": "demo@example.com", "core.autocrlf": "false"}
"""What the repository needs so that its merge can be committed, and its files are as they are."""


class StoryError(Exception):
    """Git did not do what the demonstration asked of it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    by_git: its text after git's own merge.
    merged: its text after the merge with the driver.
    unmerged: whether git still lists it as unmerged after the latter.
    stages: who resolved what lines left open, without repetition.
    """

    case: Case
    by_git: bytes
    merged: bytes
    unmerged: bool
    stages: tuple[str, ...]

    @property
    def git_conflicts(self) -> int:
        """How many conflicts git left."""
        return _conflicts(self.by_git)

    @property
    def conflicts(self) -> int:
        """How many conflicts are left with the driver."""
        return _conflicts(self.merged)

    @property
    def as_expected(self) -> bool:
        """Whether both merges came out as the demonstration says."""
        merged = self.conflicts if self.case.expected is None else self.merged == self.case.expected
        left = self.case.expected is None
        return bool(self.git_conflicts and merged) and self.unmerged == left


@dataclass(frozen=True, slots=True)
class Story:
    """Both merges, side by side, and where the repository is."""

    repository: Path
    git: str
    outcomes: tuple[Outcome, ...]

    @property
    def as_expected(self) -> bool:
        """Whether every file came out as it should."""
        return all(outcome.as_expected for outcome in self.outcomes)


def tell(folder: Path) -> Story:
    """Build the repository, merge it by git alone, take that back, and merge it with the driver.

    Args:
        folder: an empty folder, which becomes the repository.

    Raises:
        StoryError: git failed at something that should work.
    """
    _build(folder)
    by_git, _ = _merge(folder)
    _git(folder, "merge", "--abort")
    for key, value in parts()["driver"].keys:
        _git(folder, "config", key, value)
    merged, unmerged = _merge(folder)
    outcomes = (
        Outcome(case, before, after, case.path in unmerged, _stages(case))
        for case, before, after in zip(CASES, by_git, merged, strict=True)
    )
    version = _git(folder, "--version").split()[-1]
    return Story(folder, version, tuple(outcomes))


def _build(folder: Path) -> None:
    _git(folder, "init", "--quiet")
    _git(folder, "symbolic-ref", "HEAD", "refs/heads/main")
    for key, value in SETTINGS.items():
        _git(folder, "config", key, value)
    _commit(folder, "base", "Open the shop")
    _git(folder, "checkout", "--quiet", "-b", "feature")
    _commit(folder, "theirs", "Ship to more countries")
    _git(folder, "checkout", "--quiet", "main")
    _commit(folder, "ours", "Let customers put things back")


def _commit(folder: Path, version: str, subject: str) -> None:
    for case in CASES:
        path = folder / case.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(case.version(version))
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", subject)


def _merge(folder: Path) -> tuple[list[bytes], set[str]]:
    """Merge, and give every file's text and the paths that are left unmerged."""
    _git(folder, "merge", "--no-edit", "feature", allowed=(0, 1))
    unmerged = set(_git(folder, "diff", "--name-only", "--diff-filter=U").splitlines())
    return [(folder / case.path).read_bytes() for case in CASES], unmerged


def _stages(case: Case) -> tuple[str, ...]:
    """Ask the engine, which the driver calls, who resolved what."""
    sides = (case.version(name) for name in ("base", "ours", "theirs"))
    _, result = merge_files(*sides, path=case.path)
    return tuple(dict.fromkeys(resolution.stage for resolution in result.resolutions))


def _conflicts(text: bytes) -> int:
    return len(markers.regions(markers.parse(decode(text).text, markers.DEFAULT_SIZE)))


def _git(folder: Path, *arguments: str, allowed: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=_environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in allowed:
        words = " ".join(done.stderr.split())
        raise StoryError(f"git {arguments[0]} failed with status {done.returncode}: {words}")
    return done.stdout


def _environment(folder: Path) -> dict[str, str]:
    """Give an environment in which git sees no configuration but the repository's own."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    home = str(folder)
    return {**inherited, "HOME": home, "XDG_CONFIG_HOME": home, "GIT_CONFIG_NOSYSTEM": "1"}
