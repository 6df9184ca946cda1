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

from gitmerge_ai.messages.words import END, context, core, pieces, tokens
from gitmerge_ai.repository.commits import Commit, Footprint

CONSIDERED = 800
"""Earlier commits that a message is made from, the weightiest."""

COMMON = 3
"""Subjects that a word has to stand in before it belongs to nobody's change."""

_BY_HOST = re.compile(r"\s*\((?:#\d+|!\d+)\)$")
"""What a hosting site adds to a subject when it merges."""

MOST_PLACES = 20
"""Paths of a change that are compared."""

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

    `named` are the declarations and files that the change is about, the most telling first, and
    `text` is what the changed files hold, in lower case: a name in it is none of another change.
    """

    footprint: Footprint
    author: str = ""
    branch: str = ""
    named: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Remembered:
    """An earlier commit, the tokens of its subject, `END` included, and where its change is.

    `cores` and `contexts` are the tokens as the functions of these names give them.
    """

    commit: Commit
    tokens: tuple[str, ...]
    cores: tuple[str, ...]
    contexts: tuple[str, ...]
    places: frozenset[str]


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
        self._last: tuple[Asked, list[Weighed]] | None = None
        self.spread: Counter[str] = Counter()
        for commit in commits:
            self.add(commit)

    def __len__(self) -> int:
        return len(self._commits)

    def add(self, commit: Commit) -> None:
        """Take in a commit that is newer than all others."""
        cut = (*tokens(_BY_HOST.sub("", commit.subject)), END)
        cores = tuple(map(core, cut))
        contexts = tuple(map(context, cut))
        where = places(commit.footprint)
        self._commits.append(Remembered(commit, cut, cores, contexts, where))
        self.spread.update(set(cores))
        self._last = None

    def is_common(self, word: str) -> bool:
        """Whether a word, as `core` gives it, is in many subjects."""
        return self.spread[word] >= COMMON

    def latest(self, most: int) -> list[Commit]:
        """Give the newest commits, newest first."""
        return [each.commit for each in self._commits[: -most - 1 : -1]]

    def weigh(self, asked: Asked) -> list[Weighed]:
        """Give the commits that count most, the weightiest first; the last answer is kept."""
        if self._last is None or self._last[0] is not asked:
            self._last = (asked, self._weigh(asked))
        return self._last[1]

    def _weigh(self, asked: Asked) -> list[Weighed]:
        likeness = self._likeness(asked.footprint)
        most = max(likeness, default=0.0)
        count = len(self._commits)
        weighed = []
        for number, each in enumerate(self._commits):
            alike = likeness[number] / most if most else 0.0
            age = count - 1 - number
            weight = FLOOR + alike**SHARPNESS
            weight *= 0.5 ** (age / HALF_LIFE) * (1 + LATEST / (1 + age))
            if each.commit.author == asked.author:
                weight *= AUTHOR
            weighed.append((weight, number, alike))
        top = heapq.nlargest(CONSIDERED, weighed)
        best = top[0][0] if top else 1.0
        return [Weighed(self._commits[number], w / best, alike) for w, number, alike in top]

    def _likeness(self, footprint: Footprint) -> list[float]:
        """Score every commit by what it shares with a change, by BM25."""
        where = places(footprint)
        added, removed = set(footprint.added), set(footprint.removed)
        both = added | removed
        shared: list[tuple[str, ...]] = []
        lengths: list[int] = []
        spread: Counter[str] = Counter()
        for each in self._commits:
            theirs = each.commit.footprint
            found = (
                *where.intersection(each.places),
                *map("+{}".format, added.intersection(theirs.added)),
                *map("-{}".format, removed.intersection(theirs.removed)),
                *both.intersection(theirs.added),
                *both.intersection(theirs.removed),
            )
            shared.append(found)
            lengths.append(len(each.places) + len(theirs.added) + len(theirs.removed))
            spread.update(found)
        count, usual = len(shared), sum(lengths) / max(1, len(lengths)) or 1.0
        rarity = {
            f: math.log(1 + (count - n + 0.5) / (n + 0.5)) for f, n in spread.items() if n < count
        }
        return [
            sum(rarity.get(each, 0.0) for each in found)
            * (1 + SATURATION)
            / (1 + SATURATION * (1 - BY_LENGTH + BY_LENGTH * length / usual))
            for found, length in zip(shared, lengths, strict=True)
        ]


def places(footprint: Footprint) -> frozenset[str]:
    """Give where a change is: its paths, folders, names and endings, and how wide it is."""
    found = {f"files:{min(len(footprint.paths), 4)}"}
    found.add(f"balance:{bool(footprint.added)}{bool(footprint.removed)}")
    for path in footprint.paths[:MOST_PLACES]:
        folder, _, name = path.rpartition("/")
        found.update((f"/{path}", f"{folder}/", f"*{name}", f"*.{name.rpartition('.')[2]}"))
    return frozenset(found)


def own_words(footprint: Footprint) -> frozenset[str]:
    """Give every word that a change holds, whole and in pieces, in lower case."""
    found: set[str] = set()
    for path in footprint.paths:
        for part in path.split("/"):
            found.update((part.lower(), part.partition(".")[0].lower(), *_pieces(part)))
        found.add(path.lower())
    for word in (*footprint.added, *footprint.removed):
        low = word.lower()
        found.update((low, low.removeprefix("v"), *_pieces(word)))
        if "/" in low:
            found.update(low[: at.start()] for at in re.finditer("/", low))
    return frozenset(found)


@lru_cache(maxsize=50_000)
def _pieces(word: str) -> tuple[str, ...]:
    return tuple(pieces(word))
