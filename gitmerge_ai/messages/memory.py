"""Which earlier commits are like a change: by its words, paths and symbols, by author, by age.

The likeness is BM25 over what the changes touch. What is made of the commits found is not known
here.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

from gitmerge_ai.messages import paths
from gitmerge_ai.messages.archive import (
    ADDED,
    PLACE,
    REMOVED,
    SUBJECT,
    SYMBOL,
    Archive,
    Listed,
    Outline,
    compared,
    places,
    without_host,
)
from gitmerge_ai.messages.parts import Part
from gitmerge_ai.messages.words import END, context, core, pieces, tokens
from gitmerge_ai.repository.commits import Commit, Footprint

READ_AT_ONCE = 250
"""Changes of earlier commits, of like weight, that are read together when one is asked for."""

CONSIDERED = 800
"""Earlier commits that a message is made from, the weightiest."""

COMMON = 3
"""Subjects that a word has to stand in before it belongs to nobody's change."""

USUAL = 0.05
"""Of all changes the share from which on a word that they add or remove tells little."""

SATURATION, BY_LENGTH = 1.2, 0.6
AUTHOR = 1.6
"""How much more a commit counts that is by the author who now writes."""

HALF_LIFE = 400
"""Commits after which one counts half as much."""

SHARPNESS = 2.0
FLOOR = 0.02
"""How fast weight falls with likeness, and what is left to commits that are not alike at all."""

LATEST = 2.0
"""How much more the latest commits count than others of the same likeness; it soon fades."""


class Asked(NamedTuple):
    """The change that a message is for, who writes it, and on which branch.

    `named` are the declarations and files that the change is about, the most telling first, and
    `text` is what the changed files hold: a name in it is none of another change.
    `bumps` are the dependencies that it gives another version, `untouched` those beside them that
    stay as they are. `actions` are those of its parts, and `nature` is what it is on the whole, as
    `parts.Summary` has them.
    """

    footprint: Footprint
    author: str = ""
    branch: str = ""
    named: tuple[str, ...] = ()
    text: str = ""
    bumps: tuple[Part, ...] = ()
    untouched: frozenset[str] = frozenset()
    actions: tuple[str, ...] = ()
    nature: str = ""


class Remembered(NamedTuple):
    """An earlier commit: its number, author, subject, and the tokens of that, `END` included.

    `cores` and `contexts` are the tokens as the functions of these names give them.
    """

    number: int
    author: str
    subject: str
    tokens: tuple[str, ...]
    cores: tuple[str, ...]
    contexts: tuple[str, ...]

    @classmethod
    def of(cls, number: int, author: str, subject: str) -> "Remembered":
        """Cut a commit's subject."""
        cut = (*tokens(without_host(subject)), END)
        return cls(number, author, subject, cut, tuple(map(core, cut)), tuple(map(context, cut)))


class Weighed(NamedTuple):
    """An earlier commit, and how near it is to the change that is asked about.

    weight: how much it counts, 1 for the one that counts most.
    likeness: of its change, 1 for the likest one, however little they have in common.
    shared: how much of the change it has in common, from 0 to 1, what is rare counting more.
    """

    remembered: Remembered
    weight: float
    likeness: float
    shared: float


class Memory:
    """Earlier commits, oldest first; it only grows."""

    def __init__(self, commits: Iterable[Commit] = (), archive: Archive | None = None) -> None:
        """Take commits in, oldest first, or all that an archive holds."""
        self._added = Listed()
        self._archive = archive or self._added
        self._last: tuple[Asked, list[Weighed]] | None = None
        self._frequency: dict[str, int] = {}
        self._remembered: dict[int, Remembered] = {}
        self._changes: dict[int, tuple[str, Footprint]] = {}
        self._paths: dict[int, Sequence[str]] = {}
        self._spread: dict[str, int] = {}
        for commit in commits:
            self.add(commit)

    def __len__(self) -> int:
        return len(self._archive.outlines())

    def add(self, commit: Commit) -> None:
        """Take in a commit that is newer than all others; not for a memory of an archive."""
        self._added.add(commit)
        self._spread.clear()
        self._last = None

    def is_common(self, word: str) -> bool:
        """Whether a word, as `core` gives it, is in many subjects."""
        return self.spread(word) >= COMMON

    def spread(self, word: str) -> int:
        """Say in how many subjects a word, as `core` gives it, is."""
        if word not in self._spread:
            self._count([word])
        return self._spread[word]

    def latest(self, most: int) -> list[Commit]:
        """Give the newest commits, newest first."""
        newest = self._archive.outlines()[: -most - 1 : -1]
        return self.commits([each.number for each in newest])

    def latest_by(self, author: str, most: int) -> list[Commit]:
        """Give the newest commits of an author, newest first."""
        own = (each.number for each in reversed(self._archive.outlines()) if each.author == author)
        return self.commits(list(islice(own, most)))

    def latest_said(self, most: int) -> list[Remembered]:
        """Give what the newest commits said, oldest first."""
        return self._recall(self._archive.outlines()[-most:])

    def commits(self, numbers: Sequence[int]) -> list[Commit]:
        """Give commits by their numbers, in the order they are asked for."""
        return list(self._archive.commits(numbers))

    def is_of(self, number: int, word: str) -> bool:
        """Whether a word, as `core` gives it, is one of those that a commit's change holds."""
        if number not in self._changes:
            self._read_changes(number)
        text, footprint = self._changes[number]
        # Most are not there at all, and to take a whole change to pieces takes long.
        if word not in text:
            return False
        holding = (tuple(each for each in part if word in each.lower()) for part in footprint)
        return word in own_words(Footprint(*holding))

    def _read_changes(self, number: int) -> None:
        """Read the change of a commit, and at once others among which it is that are not known."""
        near = [each.remembered.number for each in self._last[1]] if self._last else []
        at = near.index(number) // READ_AT_ONCE * READ_AT_ONCE if number in near else len(near)
        numbers = {number, *near[at : at + READ_AT_ONCE]} - self._changes.keys()
        for each, commit in zip(numbers, self.commits(list(numbers)), strict=True):
            text = "\n".join(chain(*commit.footprint)).lower()
            self._changes[each] = text, commit.footprint

    def paths(self, number: int) -> Sequence[str]:
        """Give the paths that a commit changes; those of all that were weighed are read at once."""
        if number not in self._paths:
            weighed = self._last[1] if self._last else ()
            numbers = {number, *(each.remembered.number for each in weighed)} - self._paths.keys()
            self._paths.update(zip(numbers, self._archive.paths(list(numbers)), strict=True))
        return self._paths[number]

    def messages(self, most: int) -> Sequence[str]:
        """Give the newest messages, newest first."""
        return self._archive.messages(most)

    def weigh(self, asked: Asked) -> list[Weighed]:
        """Give the commits that count most, the weightiest first; the last answer is kept."""
        if self._last is None or self._last[0] is not asked:
            self._last = (asked, self._weigh(asked))
        return self._last[1]

    def is_usual(self, asked: Asked, word: str) -> bool:
        """Whether a word of a change is in so many others that it tells little of this one."""
        self.weigh(asked)
        return self._frequency.get(word, 0) > max(COMMON, USUAL * len(self))

    def _weigh(self, asked: Asked) -> list[Weighed]:
        outlines = self._archive.outlines()
        shared = self._shared(asked.footprint, outlines)
        likeness = _by_length(shared, outlines)
        most = max(likeness.values(), default=0.0) or 1.0
        count = len(outlines)
        weighed = []
        # The first commit brings everything, and what was said of it is not said again.
        for position, each in enumerate(outlines[1:], 1):
            alike = likeness.get(each.number, 0.0) / most
            age = count - 1 - position
            weight = FLOOR + alike**SHARPNESS
            weight *= 0.5 ** (age / HALF_LIFE) * (1 + LATEST / (1 + age))
            if each.author == asked.author:
                weight *= AUTHOR
            weighed.append((weight, position, each, alike))
        weighed.sort(reverse=True)  # They are nearly in order, which a heap would not know.
        top = weighed[:CONSIDERED]
        best = top[0][0] if top else 1.0
        remembered = self._recall([outline for _, _, outline, _ in top])
        return [
            Weighed(one, weight / best, alike, shared.get(one.number, 0.0))
            for one, (weight, _, _, alike) in zip(remembered, top, strict=True)
        ]

    def _recall(self, outlines: Sequence[Outline]) -> list[Remembered]:
        """Give commits with their tokens, and learn how common these are, in one go each."""
        new = [each for each in outlines if each.number not in self._remembered]
        said = self._archive.subjects([each.number for each in new])
        for each, subject in zip(new, said, strict=True):
            self._remembered[each.number] = Remembered.of(each.number, each.author, subject)
        found = [self._remembered[each.number] for each in outlines]
        self._count({word for each in found for word in each.cores} - self._spread.keys())
        return found

    def _count(self, words: Iterable[str]) -> None:
        """Learn in how many subjects words are."""
        asked = {SUBJECT + word: word for word in words}
        found = self._archive.counts(asked)
        self._spread.update((word, found.get(key, 0)) for key, word in asked.items())

    def _shared(self, footprint: Footprint, outlines: Sequence[Outline]) -> dict[int, float]:
        """Give, by number, the commits that share something with a change, and the share of it."""
        count = len(outlines)
        whole = 0.0  # What a commit would get that is the change itself.
        scores: dict[int, float] = {}

        def score(numbers: Sequence[int], worth: float) -> None:
            for number in numbers:
                scores[number] = scores.get(number, 0.0) + worth

        def rarity(n: int) -> float:
            return math.log(1 + (count - n + 0.5) / (n + 0.5)) if n < count else 0.0

        where = [PLACE + place for place in places(footprint)]
        where += [SYMBOL + name for name in footprint.symbols]
        sides = {ADDED: compared(footprint.added), REMOVED: compared(footprint.removed)}
        words = set().union(*sides.values())
        found = self._archive.postings([*where, *(sign + word for word in words for sign in sides)])
        for place in where:
            numbers = found.get(place, ())
            whole += rarity(len(numbers))
            score(numbers, rarity(len(numbers)))
        self._frequency = {}
        for word in words:
            there = {sign: found.get(sign + word, ()) for sign in sides}
            self._frequency[word] = sum(map(len, there.values()))
            plain = rarity(self._frequency[word])
            for sign, numbers in there.items():
                own = rarity(len(numbers)) if word in sides[sign] else 0.0
                whole += plain + own if word in sides[sign] else 0.0
                score(numbers, plain + own)
        return {number: total / (whole or 1.0) for number, total in scores.items()}


def _by_length(shared: Mapping[int, float], outlines: Sequence[Outline]) -> dict[int, float]:
    """Make of what commits share with a change how alike they are: less for a large one (BM25)."""
    usual = sum(each.length for each in outlines) / max(1, len(outlines)) or 1.0
    return {
        each.number: shared[each.number]
        * (1 + SATURATION)
        / (1 + SATURATION * (1 - BY_LENGTH + BY_LENGTH * each.length / usual))
        for each in outlines
        if each.number in shared
    }


@lru_cache(maxsize=4_000)
def own_words(footprint: Footprint) -> frozenset[str]:
    """Give every word that a change holds, whole and in pieces, in lower case."""
    found: set[str] = set()
    for path in footprint.paths:
        for part in path.split("/"):
            found.update((part.lower(), part.partition(".")[0].lower(), *_pieces(part)))
    found.update(map(str.lower, paths.parts(footprint.paths)))
    for word in (*footprint.added, *footprint.removed):
        low = word.lower()
        found.update((low, low.removeprefix("v"), *_pieces(word)))
        if "/" in low:
            found.update(_folders(low))
    return frozenset(found)


def _folders(path: str) -> Iterator[str]:
    return (path[: at.start()] for at in re.finditer("/", path))


@lru_cache(maxsize=50_000)
def _pieces(word: str) -> tuple[str, ...]:
    return tuple(pieces(word))
