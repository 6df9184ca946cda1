"""Git's configuration: the settings that a merge reads, and keys written and taken back.

`git config` itself reads and writes, so that includes, scopes, worktrees and locks are git's.
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path

QUERY = ["git", "config", "-z", "--get-regexp", r"^(merge\.conflictstyle|gitmerge-ai\..*)$"]
"""Prints what `parse` reads. It is here apart, since the driver has its own way to run it."""

TIMEOUT = 10.0
"""Seconds that one file may take, where `gitmerge-ai.timeout` says nothing else."""

STYLES = ("merge", "diff3", "zdiff3")


class ConfigError(Exception):
    """Git could not read or write its configuration."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What `gitmerge-ai.<key>` says, or git's own key where that is unset.

    conflict_style: of conflicts that are left: "merge", "diff3" or "zdiff3".
    timeout: seconds that one file may take.
    """

    conflict_style: str = "merge"
    timeout: float = TIMEOUT


def parse(output: bytes) -> Settings:
    """Read what `QUERY` printed; a value that makes no sense counts as unset.

    Args:
        output: pairs of key and value, each pair ended by NUL.
    """
    pairs = (item.partition("\n") for item in output.decode(errors="replace").split("\0"))
    values = {key.lower(): value for key, _, value in pairs}
    styles = (values.get("gitmerge-ai.conflictstyle"), values.get("merge.conflictstyle"))
    return Settings(
        conflict_style=next((style for style in styles if style in STYLES), "merge"),
        timeout=_seconds(values.get("gitmerge-ai.timeout", "")),
    )


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        return TIMEOUT
    return seconds if 0 < seconds < 86400 else TIMEOUT


def read() -> Settings:
    """Read the settings for the current directory."""
    done = subprocess.run(QUERY, capture_output=True, check=False)
    return parse(done.stdout)


@dataclass(frozen=True, slots=True)
class Scope:
    """A configuration file that keys are written to: a repository's, or the user's."""

    name: str
    folder: Path

    def get(self, key: str) -> str | None:
        """Give the last value of a key in this file, or `None`."""
        done = self._git("--get", key)
        return done.stdout.removesuffix("\n") if done.returncode == 0 else None

    def set(self, key: str, value: str) -> None:
        """Give a key one value.

        Raises:
            ConfigError: the file could not be written.
        """
        self._checked("--replace-all", key, value)

    def unset(self, key: str) -> None:
        """Remove a key, and its section where nothing else stands in it.

        Raises:
            ConfigError: the file could not be written.
        """
        if self.get(key) is not None:
            self._checked("--unset-all", key)

    def _checked(self, *arguments: str) -> None:
        done = self._git(*arguments)
        if done.returncode:
            words = done.stderr.strip().replace("\n", "; ")
            raise ConfigError(f"git config failed: {words or done.returncode}")

    def _git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["git", "config", f"--{self.name}", *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)


def effective(key: str, folder: Path) -> tuple[str, str] | None:
    """Give the value of a key that counts in a folder, and the file or command it comes from.

    Args:
        key: its full name.
        folder: where git would be run.
    """
    command = ["git", "config", "--show-origin", "-z", "--get", key]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    origin, value, *_ = done.stdout.split("\0")
    return value, origin.removeprefix("file:")
