"""The rest of a subject, out of the subjects of earlier commits: n-grams, weighed by likeness.

Every earlier commit counts as much as `memory` says, so that one model holds the nearest changes,
the latest ones and the author's own. A word that an earlier message took from its own change (a
name, a number) stands in it for "a word of the change": it is filled from the change that is asked
about, or not at all. So nothing stale is copied.
"""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gitmerge_ai.messages import words
from gitmerge_ai.messages.memory import Asked, Memory, Remembered, Weighed
from gitmerge_ai.messages.slots import Slots
from gitmerge_ai.messages.words import END, START, core, tokens

ORDERS = 4
"""Tokens before one that are looked at."""

BACKOFF = (0.5, 0.25, 0.06, 0.03, 0.02)
"""Weight of what shorter contexts say, after a context of no, one, two … tokens."""

JOINING = frozenset("._/+-'")
"""Signs that may stand in a word: behind one, a word that was begun goes on."""

OPENERS, CLOSERS, QUOTES = frozenset("([{"), frozenset(")]}"), ('"', "`")

OPENINGS, BEAM, LONGEST = 6, 3, 24
"""First tokens that are tried, texts that are followed at once from each, and tokens at most."""

OPENING = 0.5
"""How much more the first token counts than those after it."""

UNFORESEEN = 0.05
OWN = 0.4
"""For a word that is begun: the weight of words that never followed what stands before it, and the
share of the change's own words in that."""

LENGTH_POWER = 0.7
"""How much a longer text is forgiven for being less probable."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What could follow a typed text, how probable each token of it is, and that of its first."""

    text: str
    score: float
    first: float


class Completer:
    """The subjects of the commits that count for one change."""

    def __init__(self, memory: Memory, asked: Asked, weighed: Sequence[Weighed]) -> None:
        """Prepare.

        Args:
            memory: what there was before.
            asked: the change.
            weighed: what `memory` said of it.
        """
        self._slots = Slots(memory, asked)
        self._weighed = weighed
        self._places: dict[str, list[tuple[Weighed, int]]] = {}
        for each in weighed:
            before = START
            for at, token in enumerate(each.remembered.contexts):
                self._places.setdefault(before, []).append((each, at))
                before = token
        self._known: dict[tuple[str, ...], dict[str, float]] = {}

    def complete(self, typed: str, most: int = OPENINGS) -> list[Completion]:
        """Give what could follow, the best first, each with another first token.

        Args:
            typed: the beginning of a subject, kept as it is.
            most: how many.
        """
        context, stem = split_typed(typed)
        found = []
        for token, p in self._first(context, stem)[: max(most, OPENINGS)]:
            for text, score in self._ended(context, token, p):
                rest = text[len(stem) :]
                if is_well_formed(typed + rest):
                    found.append(Completion(rest, OPENING * math.log(p) + score, p))
                    break
        return sorted(found, key=lambda each: -each.score)[:most]

    def _ended(self, context: tuple[str, ...], token: str, p: float) -> list[tuple[str, float]]:
        """Give the ways to end a subject that goes on with a token, the best first."""
        beam: list[tuple[tuple[str, ...], float]] = [((token,), math.log(p))]
        done: list[tuple[str, float]] = []
        for _ in range(LONGEST):
            grown = []
            for path, score in beam:
                if path[-1] == END:
                    done.append(("".join(path), _leveled(score, len(path))))
                    continue
                following = self.following((*context, *path))
                top = heapq.nlargest(BEAM, following.items(), key=lambda item: item[1])
                grown += [((*path, t), score + math.log(p)) for t, p in top if p > 0]
            beam = heapq.nlargest(BEAM, grown, key=lambda each: _leveled(each[1], len(each[0])))
            if not beam:
                break
        return sorted(done, key=lambda each: -each[1])

    def _first(self, context: tuple[str, ...], stem: str) -> list[tuple[str, float]]:
        """Give the tokens that go on from what was typed, the most probable first."""
        found = self.following(context)
        if stem:
            fitting: dict[str, float] = {}
            for source, share in ((found, 1.0), (self._vocabulary(stem), UNFORESEEN)):
                for token, p in source.items():
                    if token.lower().startswith(stem.lower()):
                        kept = stem + token[len(stem) :]
                        fitting[kept] = fitting.get(kept, 0.0) + share * p
            found = fitting or ({stem: 1.0} if stem.strip() else {})
        total = sum(found.values())
        return sorted(((t, p / total) for t, p in found.items() if p > 0), key=lambda i: -i[1])

    def _vocabulary(self, stem: str) -> dict[str, float]:
        """Give all tokens that could stand anywhere, those of the change among them."""
        space = " " if stem.startswith(" ") else ""
        counts: dict[str, float] = {}
        for each in self._weighed:
            for token in each.remembered.tokens:
                if self._slots.allows(token):
                    bare = space + token.strip()
                    counts[bare] = counts.get(bare, 0.0) + each.weight
        total = sum(counts.values()) or 1.0
        shares = {token: (1 - OWN) * weight / total for token, weight in counts.items()}
        names = self._slots.words()
        rank_total = sum(1 / (3 + rank) for rank in range(len(names)))
        for rank, name in enumerate(names):
            word = space + name
            shares[word] = shares.get(word, 0.0) + OWN / (3 + rank) / rank_total
        return shares

    def following(self, context: tuple[str, ...]) -> dict[str, float]:
        """Give the tokens that could follow others, with their probabilities."""
        cores = (START, *map(words.context, context))[-ORDERS:]
        if cores not in self._known:
            self._known[cores] = self._interpolated(cores)
        return self._known[cores]

    def _interpolated(self, cores: tuple[str, ...]) -> dict[str, float]:
        orders: list[dict[str, float]] = [{} for _ in range(len(cores) + 1)]
        for each, at in self._places.get(cores[-1], ()):
            length = _shared(each.remembered, at, cores)
            for token, share in self._slots.filled(each.remembered, at):
                for order in range(1, length + 1):
                    found = orders[order]
                    found[token] = found.get(token, 0.0) + each.weight * share
        result: dict[str, float] = {}
        for order in range(1, len(orders)):
            found = orders[order]
            total = sum(found.values())
            if not total:
                break
            rest = BACKOFF[order] / (BACKOFF[order] + total) if result else 0.0
            result = {t: p * rest for t, p in result.items()}
            for token, weight in found.items():
                result[token] = result.get(token, 0.0) + (1 - rest) * weight / total
        return result or {END: 1.0}


def split_typed(typed: str) -> tuple[tuple[str, ...], str]:
    """Part what was typed into whole tokens and the beginning of one, which may be whole too."""
    found = tokens(typed)
    if not found:
        return (), ""
    whole = 2 if len(found) > 1 and found[-1] in JOINING and found[-2][-1:].isalnum() else 1
    return tuple(found[:-whole]), "".join(found[-whole:])


def is_well_formed(text: str) -> bool:
    """Whether brackets and quotes are closed and not empty, and no two words stand twice."""
    cut = [core(token) for token in tokens(text)]
    depth = 0
    for before, token in zip(["", *cut], cut, strict=False):
        depth += (token in OPENERS) - (token in CLOSERS)
        if depth < 0 or (token in CLOSERS and before in OPENERS):
            return False
    pairs = [pair for pair in pairwise(cut) if pair[0].isalnum()]
    even = all(cut.count(sign) % 2 == 0 for sign in QUOTES)
    return depth == 0 and even and len(pairs) == len(set(pairs))


def _shared(remembered: Remembered, at: int, cores: tuple[str, ...]) -> int:
    """Count the tokens before a place that are those of a context; one is known to be."""
    length = 1
    while length < len(cores):
        place = at - 1 - length
        there = START if place == -1 else remembered.contexts[place] if place >= 0 else None
        if there != cores[-1 - length]:
            break
        length += 1
    return length


def _leveled(score: float, length: int) -> float:
    return score / math.pow(length, LENGTH_POWER)
