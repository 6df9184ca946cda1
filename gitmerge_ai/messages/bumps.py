"""Which dependencies a change gives another version, and whether a subject says so rightly.

A history of "bump this from 1 to 2" makes it easy to name the dependency of another change, or the
version of another dependency, both of which may well stand in the files that changed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from gitmerge_ai.messages.parts import Part
from gitmerge_ai.messages.words import core, kind

NO_NAMES = frozenset(("version", "name", "python", "node", "npm", "go", "rust-version", "edition"))
"""What stands in a manifest as dependencies do, and in messages for itself."""

ENDS = ("from", "to")
"""Stand before the versions that a dependency had and has."""

UPDATES = "updates"
"""Stands behind how many dependencies have another version."""


class Bumps:
    """The dependencies of the manifests that a change touches."""

    def __init__(self, parts: Sequence[Part], untouched: Iterable[str]) -> None:
        """Look them over once.

        Args:
            parts: of the change that bump a dependency.
            untouched: the names that these manifests have with the version that they had.
        """
        self._parts = sorted(parts, key=lambda part: part.name.lower() in NO_NAMES)
        self._untouched = untouched

    @cached_property
    def names(self) -> list[str]:
        """What is bumped, as the manifests have it."""
        found = dict.fromkeys(part.name for part in self._parts)
        return [name for name in found if name.lower() not in NO_NAMES]

    @cached_property
    def versions(self) -> list[str]:
        """The versions that there are now."""
        return list(dict.fromkeys(part.after for part in self._parts if part.after))

    @cached_property
    def old_versions(self) -> list[str]:
        """The versions that there were."""
        return list(dict.fromkeys(part.before for part in self._parts if part.before))

    @property
    def count(self) -> int:
        """How many dependencies have another version, 0 for a single one: it is no group."""
        return len(self.names) if len(self.names) > 1 else 0

    @property
    def are_of_hashes(self) -> bool:
        """Whether all that is known of the versions is that they are others."""
        return bool(self._parts) and not self.versions and not self.old_versions

    @property
    def numbers(self) -> tuple[str, ...]:
        """All numbers that may be said: versions, in whole or in part, and how many there are."""
        parts = [each.split(".") for each in (*self.versions, *self.old_versions)]
        found = (".".join(part[: end + 1]) for part in parts for end in range(len(part)))
        return (*found, *((str(self.count),) if self.count else ()))

    def is_another(self, word: str) -> bool:
        """Whether a word, as `core` gives it, is a dependency that stays as it is.

        Where none is bumped, none is another one.
        """
        return bool(self._parts) and word.removeprefix("@") in self._others

    def is_past(self, word: str) -> bool:
        """Whether a word, as `core` gives it, is a version that there was and is not any more."""
        return word.removeprefix("v") in self._past

    def is_one(self, word: str) -> bool:
        """Whether a word, as `core` gives it, is a dependency, of a change that bumps one."""
        return self.is_another(word) or word.removeprefix("@") in self._own

    def misstates(self, tokens: Sequence[str], typed: int) -> bool:
        """Whether a subject gives a dependency a version that is not its own.

        What it names has to have the versions that it says; and where it names none, it must not
        say from which version to which another thing went.

        Args:
            tokens: of the subject.
            typed: how many of them were typed, which nobody but the user answers for.
        """
        cores = [core(token) for token in tokens]
        numbers = [at for at in range(typed, len(tokens)) if kind(tokens[at]) == "version"]
        counts = [at for at in numbers if cores[at + 1 : at + 2] == [UPDATES]]
        versions = [at for at in numbers if at not in counts]
        ends = [at for at in range(max(typed, 1), len(tokens)) if cores[at - 1] in ENDS]
        named = [part for part in self._parts if _is_named(part.name, cores)]
        return (
            self._miscounts(cores, counts)
            or any(cores[at] in self._own for at in ends)
            or any(named and _is_from_nothing(tokens, at) for at in ends)
            or (bool(named) and not _have(named, cores, versions))
            or (not named and self._borrows(cores, [at for at in versions if at in ends]))
        )

    def _miscounts(self, cores: Sequence[str], at: Iterable[int]) -> bool:
        """Whether another number of dependencies is said, at some places, than has changed."""
        return bool(self._parts) and any(cores[each] != str(self.count) for each in at)

    def _borrows(self, cores: Sequence[str], at: Iterable[int]) -> bool:
        """Whether a subject that names no dependency says at some places a version of one."""
        versioned = [part for part in self._parts if part.before or part.after]
        nameless = [part for part in versioned if part.name.lower() in NO_NAMES]
        return len(versioned) > len(nameless) and not _have(nameless, cores, at)

    @cached_property
    def _past(self) -> frozenset[str]:
        now = {core(each) for each in self.versions}
        return frozenset(core(each) for each in self.old_versions) - now

    @cached_property
    def _others(self) -> frozenset[str]:
        return _bare(self._untouched) - self._own - NO_NAMES

    @cached_property
    def _own(self) -> frozenset[str]:
        return _bare(self.names)


def _bare(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.lower().removeprefix("@") for name in names)


def _is_named(name: str, cores: Sequence[str]) -> bool:
    """Whether a subject says a dependency's name, or of one that has several parts one of them."""
    whole = name.lower().removeprefix("@")
    return not {whole, *re.split("[/:]", whole)}.isdisjoint(cores)


def _is_from_nothing(tokens: Sequence[str], at: int) -> bool:
    """Whether what a dependency is said to come from is no version."""
    return core(tokens[at - 1]) == "from" and kind(tokens[at]) != "version"


def _have(parts: Sequence[Part], cores: Sequence[str], at: Iterable[int]) -> bool:
    """Whether the versions that a subject says at some places are all of some dependencies."""
    return all(_has(parts, cores, each) for each in at)


def _has(parts: Iterable[Part], cores: Sequence[str], at: int) -> bool:
    """Whether a version that a subject says at a place is one of some dependencies."""
    versions = _versions(parts, cores[at - 1] if at else "")
    return any(_is_of(cores[at], version) for version in versions)


def _versions(parts: Iterable[Part], before: str) -> Iterator[str]:
    """Give the versions that may stand behind a word."""
    for part in parts:
        if before != "to" and part.before:
            yield part.before
        if before != "from" and part.after:
            yield part.after


def _is_of(said: str, version: str) -> bool:
    """Whether a version is said, in whole or by its first numbers."""
    said, version = (each.lower().removeprefix("v") for each in (said, version))
    return f"{version}.".startswith(f"{said}.")
