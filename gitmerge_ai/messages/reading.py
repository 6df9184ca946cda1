"""What a network reads of a question: words of the change, of the nearest subjects, of usual ones.

Each comes with a role. What a network makes of them is `pointer`'s business.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from gitmerge_ai.messages.paths import parts
from gitmerge_ai.messages.words import START, context, core, pieces, tokens
from gitmerge_ai.repository.commits import Footprint

SUBJECTS, SUBJECT = 6, 8
"""Of the history: nearest subjects that are read, and tokens of each."""

OF_CHANGE, BEGINNINGS = 48, 10
"""Words of the change that are read, and of those that subjects begin with here."""

LATEST = 200
"""Messages whose first words are counted."""

ADDED, REMOVED, BOTH, PIECE, ENDING, SYMBOL, STEM, PART = range(8)
BEGINNING = PART + 1
HISTORY = BEGINNING + BEGINNINGS
ROLES = HISTORY + 2 * SUBJECTS
"""What an item can be: a word of the change, the most usual beginnings by rank, and of each nearest
subject the first token and the others."""

SIZES = 12
"""How many numbers say how large a change is."""

MOST = 60
"""Words of each side that are looked at."""

MOST_STEPS = 3
"""Of a path that are read together."""

# What tells that a path is of tests, or of documentation.
_TEST = re.compile("test|spec", re.IGNORECASE)
_DOCS = re.compile(r"\.(md|rst|txt|adoc)$|(^|/)docs?/", re.IGNORECASE)


class Item(NamedTuple):
    """A word that is read: as `core` gives it, what stands before it in a subject, its role.

    `before` is the token before, as `context` gives it, and `None` for what is in no subject.
    """

    word: str
    before: str | None
    role: int


def items(
    footprint: Footprint, history: Iterable[Sequence[str]], beginnings: Iterable[str]
) -> list[Item]:
    """Give all that is read of a question.

    Args:
        footprint: of the change.
        history: the tokens of the nearest subjects, the nearest first.
        beginnings: the words that subjects begin with, the most usual first.
    """
    found = [Item(word, None, role) for word, role in _of_change(footprint)]
    first = enumerate(islice(beginnings, BEGINNINGS))
    found += (Item(word, None, BEGINNING + rank) for rank, word in first)
    for rank, subject in enumerate(islice(history, SUBJECTS)):
        before = START
        for at, token in enumerate(subject[:SUBJECT]):
            found.append(Item(core(token), before, HISTORY + 2 * rank + (at > 0)))
            before = context(token)
    return found


def beginnings(subjects: Iterable[str]) -> list[str]:
    """Give the words that subjects begin with, the most usual first."""
    cut = (tokens(subject.partition(" ")[0]) for subject in subjects)
    return [word for word, _ in Counter(core(t[0]) for t in cut if t).most_common(BEGINNINGS)]


def sizes(footprint: Footprint) -> list[float]:
    """Give in numbers how large a change is, and of what."""
    paths = footprint.paths[:20]
    added, removed = set(footprint.added[:MOST]), set(footprint.removed[:MOST])
    tests = sum(bool(_TEST.search(path)) for path in paths)
    docs = sum(bool(_DOCS.search(path)) for path in paths)
    words = len(added | removed) or 1
    return [
        math.log1p(len(footprint.paths)) / 3,
        math.log1p(len(footprint.added)) / 4,
        math.log1p(len(footprint.removed)) / 4,
        float(not added),
        float(not removed),
        tests / (len(paths) or 1),
        docs / (len(paths) or 1),
        float(tests == len(paths)),
        float(docs == len(paths)),
        len(added - removed) / words,
        len(removed - added) / words,
        float(len(footprint.paths) == 1),
    ]


def _of_change(footprint: Footprint) -> Iterator[tuple[str, int]]:
    """Give the words of a change with their roles, each once, the most telling kinds first."""
    paths, added, removed = footprint.paths, footprint.added[:MOST], footprint.removed[:MOST]
    there, was = set(added), set(removed)
    new = [word for word in added if word not in was][:14]
    old = [word for word in removed if word not in there][:10]
    both = [word for word in added if word in was][:5]
    found: dict[str, int] = {}
    _take(found, STEM, chain.from_iterable(map(_stems, paths[:6])), 10)
    several = (part for part in parts(paths[:3]) if 0 < part.count("/") < MOST_STEPS)
    _take(found, PART, several, 16)
    for path in paths[:12]:
        ending = path.rpartition("/")[2].rpartition(".")
        _take(found, ENDING, [f".{ending[2]}"] if ending[1] and ending[2] else [], 20)
        _take(found, PIECE, path.split("/")[:-1], 20)
    for role, some in (ADDED, new), (REMOVED, old), (BOTH, both), (SYMBOL, footprint.symbols[:4]):
        _take(found, role, some, OF_CHANGE)
    split = [pieces(word) for word in (*new[:5], *old[:5])]
    more = (each for part in split if len(part) > 1 for each in part if len(each) > 2)
    _take(found, PIECE, more, OF_CHANGE)
    return iter(found.items())


def _take(found: dict[str, int], role: int, words: Iterable[str], most: int) -> None:
    """Take in words that are new, until there are so many in all."""
    for word in map(str.lower, words):
        if word and len(found) < most:
            found.setdefault(word, role)


def _stems(path: str) -> tuple[str, str]:
    name = path.rpartition("/")[2]
    return name, name.partition(".")[0]
