"""What of an earlier message belongs to its own change only, and what fills its place in another.

A version, a ticket or a name that is neither in the change that is asked about nor common is never
given back; its place is filled with one of the same kind from the change or the branch.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from gitmerge_ai.merging.generated import generated_reason
from gitmerge_ai.messages import general, paths
from gitmerge_ai.messages.bumps import ENDS, UPDATES, Bumps
from gitmerge_ai.messages.memory import Asked, Memory, Remembered, own_words
from gitmerge_ai.messages.words import END, core, kind, pieces
from gitmerge_ai.repository.commits import Footprint

MOST_FILLINGS, MOST_ABOUT = 6, 2
"""Of the change what may fill a place, and of what it is about whatever it looks like."""

USUAL, RARE = 1e-3, 1e-4
"""Of all words of messages anywhere the share from which on one is nobody's name, and the one below
which one that is not in small letters may be a dependency's, however many subjects say it here."""

ARROW = "\u2192"
"""Stands between an old and a new version."""

_TICKET = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Z0-9]+-\d+|#\d+|(?<![\w.])\d{2,}(?![\w.])")
_VERSION = re.compile(r"v?\d+(?:\.\d+)+(?:[.-]?[A-Za-z]+\d*)?|\d{4}-\d\d-\d\d")
_SHAPES = (
    ("snake", re.compile(r"\w*[^\W_]_+[^\W_]\w*")),
    ("camel", re.compile(r"[A-Za-z]*[a-z0-9][A-Z]\w*")),
    ("upper", re.compile(r"[A-Z][A-Z0-9_]+")),
    ("title", re.compile(r"[A-Z][a-z]+\w*")),
    ("path", re.compile(r".*[./].*")),
    ("plain", re.compile(r".*")),
)


class Slots:
    """What a change has to fill the places of an earlier message with."""

    def __init__(self, memory: Memory, asked: Asked) -> None:
        """Look the change over once."""
        self._memory = memory
        self._asked = asked
        self._bumps = Bumps(asked.bumps, asked.untouched)
        named = (*asked.named, *self._bumps.numbers)
        self._own = own_words(asked.footprint) | {core(name) for name in named}
        self._tickets = tickets(asked.branch)
        self._is_ambiguous = not asked.bumps and _is_ambiguous(asked.footprint)
        new = (each for each in _versions(asked) if each not in self._bumps.old_versions)
        self._versions = list(dict.fromkeys((*self._bumps.versions, *new)))
        # What many changes hold, a keyword of the language say, comes last.
        names = sorted(_names(asked), key=lambda word: memory.is_usual(asked, word))
        self._names = list(filter(None, dict.fromkeys((*self._bumps.names, *names))))
        self._shaped: dict[str, list[str]] = {}
        for name in self._names:
            self._shaped.setdefault(_shape(name), []).append(name)
        self._here: dict[str, bool] = {}
        self._kept: dict[str, tuple[tuple[str, float], ...]] = {}
        self._known: dict[tuple[int, int], tuple[tuple[str, float], ...]] = {}
        self._words = list(dict.fromkeys(_words(asked, self._names)))
        self._ranks = {core(each): at for at, each in reversed(list(enumerate(self._words)))}
        old = (*self._bumps.old_versions, *_numbers(asked.footprint.removed))
        self._old_versions = list(dict.fromkeys(old))

    def filled(self, remembered: Remembered, at: int) -> tuple[tuple[str, float], ...]:
        """Give what may stand where a token stood in an earlier message, and how probably."""
        token = remembered.tokens[at]
        if self._bumps.are_of_hashes and _is_end_of_bump(remembered, at):
            return ((END, 1.0),)
        found = self._kept.get(token)
        if found is None:
            found = self._kept[token] = self._keep(token)
        if found:
            return found
        key = (remembered.number, at)
        if key not in self._known:
            self._known[key] = tuple(self._fill(remembered, at))
        return self._known[key]

    def _keep(self, token: str) -> tuple[tuple[str, float], ...]:
        """Give what stands for itself in any message, nothing for what may belong to a change."""
        said, word = kind(token), core(token)
        if self._is_another(word):
            return ()
        stays = said == "sign" or (said in ("word", "code") and word in self._own)
        is_usual = said == "word" and general.shipped().share(word) > USUAL
        stays = stays or is_usual or (said == "word" and self._is_common(token))
        return ((token, 1.0),) if stays else ()

    def _is_common(self, token: str) -> bool:
        """Whether so many subjects say a word that it is nobody's.

        A name may be one of a dependency that is often bumped: not where another one is.
        """
        word = core(token)
        is_name = not token.strip().islower() and general.shipped().share(word) < RARE
        return self._memory.is_common(word) and not (is_name and self._bumps.names)

    def _fill(self, remembered: Remembered, at: int) -> Iterator[tuple[str, float]]:
        token = remembered.tokens[at]
        word = remembered.cores[at]
        said = kind(token)
        space = " " if token.startswith(" ") else ""
        if said == "ticket":
            yield from self._shares(space, [t for t in self._tickets if _like(t, token.strip())])
        elif said == "version":
            alike = self._alike(remembered, at)
            if alike:
                sign = token.strip()[: word.startswith("v")]
                signed = dict.fromkeys(sign + each.removeprefix("v") for each in alike)
                yield from self._shares(space, list(signed))
            elif word in self._own and not self._bumps.is_past(word):
                yield token, 1.0
        elif at and remembered.cores[at - 1] == "@":
            scoped = (name for name in self._bumps.names if name.startswith("@"))
            yield from self._shares(space, [name.removeprefix("@") for name in scoped])
        elif self._is_another(word):
            names = [name for name in self._bumps.names if not name.startswith("@")]
            yield from self._shares(space, names)
        elif said == "code" or self._memory.is_of(remembered.number, word):
            yield from self._renamed(remembered, token, space)
        elif self._is_here(word) or at == 0 or not token.strip()[:1].isupper():
            yield token, 1.0

    def _renamed(
        self, remembered: Remembered, token: str, space: str
    ) -> Iterator[tuple[str, float]]:
        """Give what this change has in the place of a name of another one."""
        word = core(token)
        as_path = self._as_path(remembered, word)
        if as_path:
            yield from ((space + part, share) for part, share in as_path[:MOST_FILLINGS])
        elif self._is_here(word) and not self._memory.is_of(remembered.number, word):
            yield token, 1.0
        else:
            yield from self._shares(space, self._alike_name(token.strip()))

    def _alike_name(self, name: str) -> list[str]:
        """Give what may stand in the place of a name: what the change is about comes first."""
        alike = self._shaped.get(_shape(name), [])
        about = self._asked.named[:MOST_ABOUT]
        first = [each for each in alike if each in about]
        return list(dict.fromkeys((*first, *about, *alike)))

    def _as_path(self, remembered: Remembered, word: str) -> list[tuple[str, float]]:
        """Say the paths of the change as a word says one of those of its own change, if it does."""
        found = paths.forms(word, self._memory.paths(remembered.number))
        return paths.said(found, self._asked.footprint.paths)

    def _alike(self, remembered: Remembered, at: int) -> list[str]:
        """Give the versions of the change that may stand where a version stood."""
        word, before = remembered.cores[at], remembered.cores[at - 1] if at else ""
        after = remembered.cores[at + 1] if at + 1 < len(remembered.cores) else ""
        if after == UPDATES and self._bumps.names:
            return [str(self._bumps.count)] if self._bumps.count else []
        found, other = self._versions, self._old_versions
        if before == "from" or after == ARROW:
            found, other = other, found
        alike = [each for each in found if _form(each) == _form(word)]
        if alike or before not in ENDS:
            return alike
        # Fewer numbers are said only of what went beyond them: "to 5", but not from 5.1 to 5.2.
        short = {_shortened(each, word) for each in other}
        beyond = [_shortened(each, word) for each in found]
        return [each for each in beyond if each not in short] or found

    def allows(self, token: str) -> bool:
        """Whether a token may be said of this change at all."""
        said, word = kind(token), core(token)
        if said == "ticket":
            return token.strip() in self._tickets
        if said == "version":
            is_own = word in self._own or word.removeprefix("v") in self._own
            return is_own and not self._is_ambiguous
        if self._is_another(word):
            return False
        if said == "word" and "-" in word and not self._is_known(word):
            joined = token.strip()
            parts = (*(t for t in _TICKET.findall(joined) if "-" in t), *joined.split("-"))
            return all(self.allows(part) for part in parts if part)
        return said != "code" or self._is_here(word)

    def _is_known(self, word: str) -> bool:
        """Whether a word belongs to this change, or to none."""
        return self._memory.is_common(word) or self._is_here(word)

    def _is_another(self, word: str) -> bool:
        """Whether a word names a dependency that stays as it is, and is no tag."""
        return self._bumps.is_another(word) and word not in self._tags

    @cached_property
    def _tags(self) -> frozenset[str]:
        """What subjects have in brackets before all else: the tool that made the commit, say."""
        subjects = (each.remembered.cores for each in self._memory.weigh(self._asked))
        return frozenset(cores[1] for cores in subjects if (*cores[:1], *cores[2:3]) == ("[", "]"))

    def is_dependency(self, word: str) -> bool:
        """Whether a word, as `core` gives it, is a dependency of a change that bumps one."""
        return self._bumps.is_one(word)

    def misstates(self, tokens: Sequence[str], typed: int) -> bool:
        """Whether a subject says of a dependency what is not so, as `Bumps` has it."""
        return self._bumps.misstates(tokens, typed)

    def of_kind(self, said: str, space: str) -> Iterator[tuple[str, float]]:
        """Give what of a kind the change has, and how probably it is said.

        Args:
            said: "version", "ticket" or "code"; of any other there is nothing.
            space: what stands before it.
        """
        found = {"version": self._versions, "ticket": self._tickets, "code": self._names}
        yield from self._shares(space, found.get(said, []))

    def _is_here(self, word: str) -> bool:
        """Whether a name is in the change, or in a file of it."""
        known = self._here.get(word)
        if known is None:
            text = self._plain if word.isalnum() else self._text
            known = word in self._own or (len(word) > 2 and word in text)
            self._here[word] = known
        return known

    def holds(self, text: str) -> bool:
        """Whether the changed files or their paths have a text without spaces, in any case."""
        low = text.lower()
        return low in self._text or any(low in path.lower() for path in self._asked.footprint.paths)

    @cached_property
    def _text(self) -> str:
        """What the files hold, each of it once: nothing that is looked for has a space in it."""
        return " ".join(set(self._asked.text.lower().split()))

    @cached_property
    def _plain(self) -> str:
        return " ".join(set(re.findall(r"\w+", self._text)))

    def is_own(self, word: str) -> bool:
        """Whether a word, as `core` gives it, stands in the change itself."""
        return word in self._own

    def rank(self, word: str) -> int:
        """Say how telling a word, as `core` gives it, is of the change; 0 is the most."""
        return self._ranks.get(word, len(self._ranks))

    def words(self) -> list[str]:
        """Give the words that the change holds, the most telling first."""
        return self._words

    def _shares(self, space: str, fillings: list[str]) -> Iterator[tuple[str, float]]:
        total = sum(1 / (1 + rank) for rank in range(len(fillings[:MOST_FILLINGS])))
        for rank, filling in enumerate(fillings[:MOST_FILLINGS]):
            yield space + filling, 1 / (1 + rank) / total


def tickets(branch: str) -> list[str]:
    """Give the tickets that a branch's name holds."""
    found = _TICKET.findall(branch.rpartition("/")[2]) or _TICKET.findall(branch)
    return [t if not t.isdigit() else f"#{t}" for t in found]


def _like(ticket: str, other: str) -> bool:
    return ticket.startswith("#") == other.startswith("#")


def _versions(asked: Asked) -> Iterator[str]:
    """Give the versions that a change brings, those that were not there before first."""
    before = set(asked.footprint.removed)
    yield from _numbers(sorted(asked.footprint.added, key=lambda word: word in before))


def _is_ambiguous(footprint: Footprint) -> bool:
    """Whether only lock files tell of versions, and of several: which one counts is not there."""
    new = set(_numbers(footprint.added)) - set(footprint.removed)
    return len(new) > 1 and all(generated_reason(path, "") for path in footprint.paths)


def _numbers(found: Iterable[str]) -> Iterator[str]:
    """Give the versions among words, also without a `v` before and a stage behind them."""
    versions = [word for word in found if _VERSION.fullmatch(word)]
    yield from versions
    for taken in ("^v", r"[.-]?(?:dev|a|b|rc|alpha|beta)\d*$"):
        yield from (re.sub(taken, "", each) for each in versions)


def _is_end_of_bump(remembered: Remembered, at: int) -> bool:
    """Whether at a place the version stands from or to which something went."""
    return (
        bool(at) and remembered.cores[at - 1] in ENDS and kind(remembered.tokens[at]) == "version"
    )


def _shortened(version: str, like: str) -> str:
    """Give of a version as many numbers as another one has, if that has fewer."""
    return ".".join(version.split(".")[: like.count(".") + 1])


def _form(version: str) -> tuple[int, int]:
    return version.count("."), version.count("-")


def _names(asked: Asked) -> Iterator[str]:
    """Give the names that a change is about, those that stand in few messages and paths first."""
    yield from asked.named
    for path in asked.footprint.paths[:3]:
        name = path.rpartition("/")[2]
        yield name
        yield name.partition(".")[0]
    removed = set(asked.footprint.removed)
    for word in asked.footprint.added[:40]:
        if word not in removed and not word[:1].isdigit():
            yield word
    for word in asked.footprint.removed[:20]:
        if not word[:1].isdigit():
            yield word


def _words(asked: Asked, names: list[str]) -> Iterator[str]:
    """Give the names, then what they are made of, then every other word."""
    yield from names
    yield from paths.parts(asked.footprint.paths[: paths.MOST])
    for name in (*names, *asked.footprint.paths[: paths.MOST]):
        yield from pieces(name)
    for word in (*asked.footprint.added, *asked.footprint.removed):
        yield word
        yield from pieces(word)


def _shape(name: str) -> str:
    return next(shape for shape, form in _SHAPES if form.fullmatch(name))
