"""Which earlier commits are like a change: by its words and paths, by author, by how long ago.

The likeness is BM25 over what the changes touch. What is made of the commits found is not known
here.
"""

import heapq
import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from gitmerge_ai.messages.words import END, core, pieces, tokens
from gitmerge_ai.repository.commits import Commit, Footprint

CONSIDERED = 800
"""Earlier commits that a message is made from, the weightiest."""

COMMON = 3
"""Subjects that a word has to stand in before it belongs to nobody's change."""

_BY_HOST = re.compile(r"\s*\((?:#\d+|!\d+)\)$")
"""What a hosting site adds to a subject when it merges."""

MOST_FEATURES = 80
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


@dataclass(frozen=True, slots=True)
class Asked:
    """The change that a message is for, who writes it, and on which branch.

    `named` are the declarations and files that the change is about, the most telling first.
    """

    footprint: Footprint
    author: str = ""
    branch: str = ""
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remembered:
    """An earlier commit with the tokens of its subject, `END` included, and its change's words."""

    commit: Commit
    tokens: tuple[str, ...]
    cores: tuple[str, ...]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Weighed:
    """An earlier commit, how much it counts (at most 1) and how alike it is (from 0 to 1)."""

    remembered: Remembered
    weight: float
    likeness: float


class Memory:
    """Earlier commits, oldest first; it only grows."""

    def __init__(self, commits: Iterable[Commit] = ()) -> None:
        """Take commits in, oldest first."""
        self._commits: list[Remembered] = []
        self._lengths: list[int] = []
        self._total = 0
        self._places: dict[str, list[int]] = {}
        self.spread: Counter[str] = Counter()
        for commit in commits:
            self.add(commit)

    def __len__(self) -> int:
        return len(self._commits)

    def add(self, commit: Commit) -> None:
        """Take in a commit that is newer than all others."""
        cut = (*tokens(_BY_HOST.sub("", commit.subject)), END)
        cores = tuple(map(core, cut))
        found = features(commit.footprint)
        number = len(self._commits)
        self._commits.append(Remembered(commit, cut, cores, own_words(commit.footprint)))
        self._lengths.append(len(found))
        self._total += len(found)
        for each in found:
            self._places.setdefault(each, []).append(number)
        self.spread.update(set(cores))

    def is_common(self, word: str) -> bool:
        """Whether a word, as `core` gives it, is in many subjects."""
        return self.spread[word] >= COMMON

    def latest(self, most: int) -> list[Commit]:
        """Give the newest commits, newest first."""
        return [each.commit for each in self._commits[: -most - 1 : -1]]

    def weigh(self, asked: Asked) -> list[Weighed]:
        """Give the commits that count most, the weightiest first."""
        likeness = self._likeness(asked.footprint)
        most = max(likeness.values(), default=0.0)
        count = len(self._commits)
        weighed = []
        for number, each in enumerate(self._commits):
            alike = likeness.get(number, 0.0) / most if most else 0.0
            age = count - 1 - number
            weight = FLOOR + alike**SHARPNESS
            weight *= 0.5 ** (age / HALF_LIFE) * (1 + LATEST / (1 + age))
            if each.commit.author == asked.author:
                weight *= AUTHOR
            weighed.append((weight, number, alike))
        top = heapq.nlargest(CONSIDERED, weighed)
        best = top[0][0] if top else 1.0
        return [Weighed(self._commits[number], w / best, alike) for w, number, alike in top]

    def _likeness(self, footprint: Footprint) -> dict[int, float]:
        """Score the commits that share something with a change, by BM25."""
        count = len(self._commits)
        usual = self._total / max(1, count)
        found: dict[int, float] = {}
        for feature in features(footprint):
            places = self._places.get(feature, ())
            rarity = math.log(1 + (count - len(places) + 0.5) / (len(places) + 0.5))
            for number in places:
                length = 1 - BY_LENGTH + BY_LENGTH * self._lengths[number] / (usual or 1)
                gain = rarity * (1 + SATURATION) / (1 + SATURATION * length)
                found[number] = found.get(number, 0.0) + gain
        return found


def features(footprint: Footprint) -> frozenset[str]:
    """Give what two changes can have in common."""
    found = {f"+{word}" for word in footprint.added[:MOST_FEATURES]}
    found.update(f"-{word}" for word in footprint.removed[:MOST_FEATURES])
    found.update(word.lower() for word in footprint.added[:MOST_FEATURES])
    found.update(word.lower() for word in footprint.removed[:MOST_FEATURES])
    for path in footprint.paths:
        folder, _, name = path.rpartition("/")
        found.update((f"/{path}", f"{folder}/", f"*{name}", f"*{name.rpartition('.')[2]}"))
    found.add(f"files:{min(len(footprint.paths), 4)}")
    found.add(f"balance:{bool(footprint.added)}{bool(footprint.removed)}")
    return frozenset(found)


def own_words(footprint: Footprint) -> frozenset[str]:
    """Give every word that a change holds, whole and in pieces, in lower case."""
    found: set[str] = set()
    for path in footprint.paths:
        for part in path.split("/"):
            found.update((part.lower(), part.partition(".")[0].lower(), *_pieces(part)))
        found.add(path.lower())
    for word in (*footprint.added, *footprint.removed):
        found.update((word.lower(), *_pieces(word)))
    return frozenset(found)


@lru_cache(maxsize=50_000)
def _pieces(word: str) -> tuple[str, ...]:
    return tuple(pieces(word))
