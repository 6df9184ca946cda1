"""Git's configuration: the settings that a merge reads, and keys written and taken back.

`git config` itself reads and writes, so that includes, scopes, worktrees and locks are git's.
"""

import os
from collections.abc import Callable
from typing import NamedTuple

from gitmerge_ai.repository.process import capture, start

QUERY = ["git", "config", "-z", "--get-regexp", r"^(merge\.conflictstyle|gitmerge-ai\..*)$"]
"""Prints what `parse` reads."""

TIMEOUT = 10.0
"""Seconds that one file may take, where `gitmerge-ai.timeout` says nothing else."""

MIN_CONFIDENCE = 0.95
"""How sure it has to be before it drops what a side did, where nothing else is said."""

STYLES = ("merge", "diff3", "zdiff3")


class ConfigError(Exception):
    """Git could not read or write its configuration."""


class Settings(NamedTuple):
    """What `gitmerge-ai.<key>` says, or git's own key where that is unset.

    conflict_style: of conflicts that are left: "merge", "diff3" or "zdiff3".
    timeout: seconds that one file may take.
    languages: the only languages that are merged by more than lines; empty means all.
    min_confidence: the probability from which on a resolution is applied without asking.
    model: what ranks resolutions: "" for what ships, "none" for no network, else a folder.
    """

    conflict_style: str = "merge"
    timeout: float = TIMEOUT
    languages: frozenset[str] = frozenset()
    min_confidence: float = MIN_CONFIDENCE
    model: str = ""

    def admits(self, language: str) -> bool:
        """Whether files of a language ("" if it is none) are merged by more than lines."""
        return not self.languages or language in self.languages


def parse(output: bytes) -> Settings:
    """Read what `QUERY` printed; a value that makes no sense counts as unset.

    Args:
        output: pairs of key and value, each pair ended by NUL.
    """
    values = _values(output)
    styles = (values.get("gitmerge-ai.conflictstyle"), values.get("merge.conflictstyle"))
    return Settings(
        conflict_style=next((style for style in styles if style in STYLES), "merge"),
        timeout=number(values.get("gitmerge-ai.timeout", ""), 86400, TIMEOUT),
        languages=frozenset(values.get("gitmerge-ai.languages", "").replace(",", " ").split()),
        min_confidence=number(values.get("gitmerge-ai.minconfidence", ""), 1, MIN_CONFIDENCE),
        model=values.get("gitmerge-ai.model", ""),
    )


def number(value: str, most: float, default: float) -> float:
    """Read a number above 0 and up to `most`; what is none gives the default."""
    try:
        found = float(value)
    except ValueError:
        return default
    return found if 0 < found <= most else default


def matching(pattern: str, folder: str | os.PathLike[str] = ".") -> dict[str, str]:
    """Give the keys that match a pattern, in small letters, each with the value that counts.

    Args:
        pattern: a regular expression, as git has them.
        folder: where git would be run.
    """
    return ask_matching(pattern, folder)()


def ask_matching(
    pattern: str, folder: str | os.PathLike[str] = "."
) -> Callable[[], dict[str, str]]:
    """Begin to read what `matching` gives; what comes back waits for it."""
    command = ["git", "-C", os.fspath(folder), "config", "-z", "--get-regexp", pattern]
    finish = start(command, errors="drop")

    def found() -> dict[str, str]:
        status, output = finish()
        return _values(output) if status == 0 else {}

    return found


def _values(output: bytes) -> dict[str, str]:
    pairs = (item.partition("\n") for item in output.decode(errors="replace").split("\0"))
    return {key.lower(): value for key, _, value in pairs if key}


def read(folder: str | os.PathLike[str] = ".") -> Settings:
    """Read the settings for a folder, the current directory by default."""
    return ask(folder)()


def ask(folder: str | os.PathLike[str] = ".") -> Callable[[], Settings]:
    """Begin to read the settings for a folder; what comes back waits for them."""
    command, *rest = QUERY
    finish = start([command, "-C", os.fspath(folder), *rest], errors="drop")
    return lambda: parse(finish()[1])


class Scope(NamedTuple):
    """A configuration file that keys are written to.

    name: "local", a repository's, or "global", the user's.
    folder: in the repository.
    """

    name: str
    folder: str

    def get(self, key: str) -> str | None:
        """Give the last value of a key in this file, or `None`."""
        status, output = self._git("drop", "--get", key)
        return os.fsdecode(output).removesuffix("\n") if status == 0 else None

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
        status, output = self._git("join", *arguments)
        if status:
            words = "; ".join(os.fsdecode(output).split("\n")).strip("; ")
            raise ConfigError(f"git config failed: {words or status}")

    def _git(self, errors: str, *arguments: str) -> tuple[int, bytes]:
        command = ["git", "-C", self.folder, "config", f"--{self.name}", *arguments]
        return capture(command, errors=errors)


def effective(key: str, folder: str | os.PathLike[str] = ".") -> tuple[str, str] | None:
    """Give the value of a key that counts in a folder, and the file or command it comes from.

    Args:
        key: its full name.
        folder: where git would be run.
    """
    command = ["git", "-C", os.fspath(folder), "config", "--show-origin", "-z", "--get", key]
    status, output = capture(command, errors="drop")
    if status:
        return None
    origin, value, *_ = os.fsdecode(output).split("\0")
    return value, origin.removeprefix("file:")
