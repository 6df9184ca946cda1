"""Which earlier commits are like a change: by its words, paths and symbols, by author, by age.

The likeness is BM25 over what the changes touch. What is made of the commits found is not known
here.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
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

CONSIDERED = 800
"""Earlier commits that a message is made from, the weightiest."""

COMMON = 3
"""Subjects that a word has to stand in before it belongs to nobody's change."""

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
    stay as they are.
    """

    footprint: Footprint
    author: str = ""
    branch: str = ""
    named: tuple[str, ...] = ()
    text: str = ""
    bumps: tuple[Part, ...] = ()
    untouched: frozenset[str] = frozenset()


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
    """An earlier commit, how much it counts (at most 1) and how alike it is (from 0 to 1)."""

    remembered: Remembered
    weight: float
    likeness: float


class Memory:
    """Earlier commits, oldest first; it only grows."""

    def __init__(self, commits: Iterable[Commit] = (), archive: Archive | None = None) -> None:
        """Take commits in, oldest first, or all that an archive holds."""
        self._added = Listed()
        self._archive = archive or self._added
        self._last: tuple[Asked, list[Weighed]] | None = None
        self._remembered: dict[int, Remembered] = {}
        self._changes: dict[int, tuple[Footprint, str]] = {}
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

    def commits(self, numbers: Sequence[int]) -> list[Commit]:
        """Give commits by their numbers, in the order they are asked for."""
        return list(self._archive.commits(numbers))

    def is_of(self, number: int, word: str) -> bool:
        """Whether a word, as `core` gives it, is one of those that a commit's change holds."""
        if number not in self._changes:
            (commit,) = self._archive.commits([number])
            self._changes[number] = commit.footprint, "\n".join(chain(*commit.footprint)).lower()
        footprint, text = self._changes[number]
        # Most are not there at all, and to take a change to pieces takes long.
        return word in text and word in own_words(footprint)

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

    def _weigh(self, asked: Asked) -> list[Weighed]:
        outlines = self._archive.outlines()
        likeness = self._likeness(asked.footprint, outlines)
        most = max(likeness.values(), default=0.0) or 1.0
        count = len(outlines)
        weighed = []
        for position, each in enumerate(outlines):
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
            Weighed(one, weight / best, alike)
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
        found = self._archive.postings(asked)
        self._spread.update((word, len(found.get(key, ()))) for key, word in asked.items())

    def _likeness(self, footprint: Footprint, outlines: Sequence[Outline]) -> dict[int, float]:
        """Score by BM25, by number, the commits that share something with a change."""
        count = len(outlines)
        lengths = {each.number: each.length for each in outlines}
        usual = sum(lengths.values()) / max(1, count) or 1.0
        scores: dict[int, float] = {}

        def score(numbers: Sequence[int], worth: float) -> None:
            for number in numbers:
                scores[number] = scores.get(number, 0.0) + worth

        def rarity(n: int) -> float:
            return math.log(1 + (count - n + 0.5) / (n + 0.5)) if n < count else 0.0

        where = [PLACE + place for place in places(footprint)]
        where += [SYMBOL + name for name in footprint.symbols]
        added, removed = compared(footprint.added), compared(footprint.removed)
        words = added | removed
        signed = [sign + word for word in words for sign in (ADDED, REMOVED)]
        found = self._archive.postings([*where, *signed])
        for place in where:
            numbers = found.get(place, ())
            score(numbers, rarity(len(numbers)))
        for word in words:
            adding, removing = found.get(ADDED + word, ()), found.get(REMOVED + word, ())
            plain = rarity(len(adding) + len(removing))
            score(adding, plain + (rarity(len(adding)) if word in added else 0.0))
            score(removing, plain + (rarity(len(removing)) if word in removed else 0.0))
        return {
            number: total
            * (1 + SATURATION)
            / (1 + SATURATION * (1 - BY_LENGTH + BY_LENGTH * lengths[number] / usual))
            for number, total in scores.items()
            if number in lengths
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
