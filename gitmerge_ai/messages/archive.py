"""Where the earlier commits that messages are made from are kept, and by what they are found.

`Archive` is what a memory asks for. `Listed` holds commits in this process, for a history that is
walked through; `index` keeps a repository's own on disk.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from gitmerge_ai.messages.words import core, tokens
from gitmerge_ai.repository.commits import Commit, Footprint

MOST_PLACES = 20
"""Paths of a change that are compared."""

PLACE, ADDED, REMOVED, SUBJECT, SYMBOL = "@", "+", "-", "=", "&"
"""What a feature begins with: where a change is, a word that it added or removed, a word of the
subject, a declaration that it is in."""


_DIGITS, _VERSION = re.compile(r"\d+"), re.compile(r"v?\d+\.\d")

_BY_HOST = re.compile(r"\s*\((?:#\d+|!\d+)\)$")
"""What a hosting site adds to a subject when it merges."""


class Outline(NamedTuple):
    """A commit's number, its author's address, and by how many features its change is found."""

    number: int
    author: str
    length: int


class Archive(Protocol):
    """Commits, each under a number of its own."""

    def outlines(self) -> Sequence[Outline]:
        """Give all commits, oldest first."""

    def postings(self, features: Iterable[str]) -> Mapping[str, Sequence[int]]:
        """Give for each feature the commits that have it; one that none has is left out."""

    def counts(self, features: Iterable[str]) -> Mapping[str, int]:
        """Give for each feature how many commits have it; one that none has is left out."""

    def commits(self, numbers: Sequence[int]) -> Sequence[Commit]:
        """Give commits, in the order they are asked for."""

    def subjects(self, numbers: Sequence[int]) -> Sequence[str]:
        """Give the subjects of commits, in the order they are asked for."""

    def paths(self, numbers: Sequence[int]) -> Sequence[Sequence[str]]:
        """Give the paths that commits change, in the order they are asked for."""

    def messages(self, most: int) -> Sequence[str]:
        """Give the messages of the newest commits, newest first."""


class Listed:
    """Commits in this process, numbered in the order they come."""

    def __init__(self) -> None:
        """Begin without any."""
        self._commits: list[Commit] = []
        self._outlines: list[Outline] = []
        self._postings: dict[str, list[int]] = {}

    def add(self, commit: Commit) -> None:
        """Take in a commit that is newer than all others."""
        number = len(self._commits)
        self._commits.append(commit)
        self._outlines.append(Outline(number, commit.author, length(commit.footprint)))
        for feature in features(commit):
            self._postings.setdefault(feature, []).append(number)

    def outlines(self) -> Sequence[Outline]:
        """Give all commits, oldest first."""
        return self._outlines

    def postings(self, features: Iterable[str]) -> Mapping[str, Sequence[int]]:
        """Give for each feature the commits that have it."""
        return {each: found for each in features if (found := self._postings.get(each))}

    def counts(self, features: Iterable[str]) -> Mapping[str, int]:
        """Give for each feature how many commits have it."""
        return {each: len(found) for each, found in self.postings(features).items()}

    def commits(self, numbers: Sequence[int]) -> Sequence[Commit]:
        """Give commits, in the order they are asked for."""
        return [self._commits[number] for number in numbers]

    def subjects(self, numbers: Sequence[int]) -> Sequence[str]:
        """Give the subjects of commits, in the order they are asked for."""
        return [self._commits[number].subject for number in numbers]

    def paths(self, numbers: Sequence[int]) -> Sequence[Sequence[str]]:
        """Give the paths that commits change, in the order they are asked for."""
        return [self._commits[number].footprint.paths for number in numbers]

    def messages(self, most: int) -> Sequence[str]:
        """Give the messages of the newest commits, newest first."""
        return [commit.message for commit in self._commits[: -most - 1 : -1]]


def without_host(subject: str) -> str:
    """Give a subject as it was written, before a hosting site added the number of a request."""
    return _BY_HOST.sub("", subject) if subject.endswith(")") else subject


def features(commit: Commit) -> list[str]:
    """Give all that a commit can be found by."""
    footprint = commit.footprint
    return [
        *(PLACE + place for place in places(footprint)),
        *(ADDED + word for word in compared(footprint.added)),
        *(REMOVED + word for word in compared(footprint.removed)),
        *(SYMBOL + name for name in footprint.symbols),
        *{SUBJECT + core(token) for token in tokens(without_host(commit.subject))},
    ]


def compared(words: Iterable[str]) -> set[str]:
    """Give words as they are compared: of a version its form, `0.0.0-SNAPSHOT` of `1.6.4-SNAPSHOT`.

    A release is like another one by that, and unlike what goes on from that very version.
    """
    return {_DIGITS.sub("0", word) if _VERSION.match(word) else word for word in words}


def length(footprint: Footprint) -> int:
    """Count the features of a change."""
    return len(places(footprint)) + len(footprint.added) + len(footprint.removed)


def places(footprint: Footprint) -> frozenset[str]:
    """Give where a change is: its paths, folders, names and endings, and how wide it is."""
    found = {f"files:{min(len(footprint.paths), 4)}"}
    found.add(f"balance:{bool(footprint.added)}{bool(footprint.removed)}")
    for path in footprint.paths[:MOST_PLACES]:
        folder, _, name = path.rpartition("/")
        found.update((f"/{path}", f"{folder}/", f"*{name}", f"*.{name.rpartition('.')[2]}"))
    return frozenset(found)
