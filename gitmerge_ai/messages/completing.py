"""The rest of a subject, out of the subjects of earlier commits: n-grams, weighed by likeness.

Every earlier commit counts as much as `memory` says, so that one model holds the nearest changes,
the latest ones and the author's own. A word that an earlier message took from its own change (a
name, a number) stands in it for "a word of the change": it is filled from the change that is asked
about, or not at all. So nothing stale is copied.
"""

import heapq
import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from operator import itemgetter
from typing import NamedTuple

from gitmerge_ai.messages import general, words
from gitmerge_ai.messages.memory import Asked, Memory, Remembered, Weighed
from gitmerge_ai.messages.slots import Slots
from gitmerge_ai.messages.words import END, KINDS, START, core, kind, tokens

ORDERS = 4
"""Tokens before one that are looked at."""

BACKOFF = (0.5, 0.25, 0.06, 0.03, 0.02)
"""Weight of what shorter contexts say, after a context of no, one, two … tokens."""

JOINING = frozenset("._/+-'")
"""Signs that may stand in a word: behind one, a word that was begun goes on."""

OPENERS, CLOSERS, QUOTES = frozenset("([{"), frozenset(")]}"), ('"', "`")

OPENINGS, ENDINGS, BEAM, LONGEST = 10, 3, 3, 20
"""Openings that are tried and endings given of each; texts that are followed at once from each, and
tokens at most."""

OPENING = 0.5
"""How much more the first token counts than those after it."""

UNFORESEEN = 0.05
OWN, ANYWHERE = 0.4, 0.3
"""For a word that is begun: the weight of words that never followed what stands before it, and the
shares in that of the change's own words and of words that are in any repository's messages."""

ENOUGH = 1.0
"""Weight of places with two tokens in common from which on those with one are not looked at."""

MOST_PLACES = 120
"""Places with a context that are looked at, those in the weightiest commits."""

GENERAL = 1.0
"""Weight of what follows a context in messages anywhere, beside what does so in this repository."""

_CLINGING = re.compile(r"[^\w\s(\[{<`#@&]")
_HOLDING = frozenset("([{`/@#.-")
"""Signs before which there is no space, and signs behind which there is none."""

_KINDS = frozenset(KINDS)

LENGTH_POWER = 0.7
"""How much a longer text is forgiven for being less probable."""


class Completion(NamedTuple):
    """What could follow a typed text, how probable it is for its length, and how its opening."""

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
        self.slots = Slots(memory, asked)
        self._general = general.shipped()
        self._weighed = weighed
        self._behind: dict[str, list[tuple[Weighed, int]]] = defaultdict(list)
        for each in weighed:
            for at, before in enumerate((START, *each.remembered.contexts[:-1])):
                self._behind[before].append((each, at))
        self._known: dict[tuple[str, ...], dict[str, float]] = {}
        self._tops: dict[tuple[str, ...], list[tuple[str, float]]] = {}

    def complete(self, typed: str, most: int = OPENINGS) -> list[Completion]:
        """Give what could follow, by openings, the most probable first.

        Args:
            typed: the beginning of a subject, kept as it is.
            most: how many openings are followed.
        """
        context, stem = split_typed(typed)
        found: list[Completion] = []
        for opening, p in self._openings(context, stem)[:most]:
            endings = (
                Completion(text[len(stem) :], OPENING * math.log(p) + score, p)
                for text, score in self._ended(context, opening, p)
                if is_well_formed(typed + text[len(stem) :])
            )
            found += islice(endings, ENDINGS)
        return found

    def _ended(
        self, context: tuple[str, ...], opening: tuple[str, ...], p: float
    ) -> list[tuple[str, float]]:
        """Give the ways to end a subject that goes on with some tokens, the best first."""
        beam = [(opening, math.log(p))]
        done: list[tuple[str, float]] = []
        for _ in range(LONGEST):
            grown = []
            for path, score in beam:
                if path[-1] == END:
                    done.append(("".join(path), _leveled(score, len(path))))
                    continue
                top = self._top((*context, *path))
                grown += [((*path, token), score + log) for token, log in top]
            beam = heapq.nlargest(BEAM, grown, key=lambda each: _leveled(each[1], len(each[0])))
            if not beam or len(done) > BEAM:
                break
        return sorted(done, key=lambda each: -each[1])

    def _top(self, context: tuple[str, ...]) -> list[tuple[str, float]]:
        """Give the tokens that follow others most probably, and the logarithm of how probably."""
        cores = _cores(context)
        if cores not in self._tops:
            following = self.following(context).items()
            top = heapq.nlargest(BEAM, following, key=itemgetter(1))
            self._tops[cores] = [(token, math.log(p)) for token, p in top if p > 0]
        return self._tops[cores]

    def _openings(self, context: tuple[str, ...], stem: str) -> list[tuple[tuple[str, ...], float]]:
        """Give the tokens that go on from what was typed, the most probable first.

        Where what was typed of a word may be all of it, the token behind it is an opening too.
        """
        found: dict[tuple[str, ...], float] = {}
        for token, p in self._first(context, stem):
            if not stem.strip() or token != stem:
                found[token,] = p
                continue
            following = self.following((*context, token)).items()
            for after, q in heapq.nlargest(OPENINGS, following, key=itemgetter(1)):
                if after != END:
                    found[token, after] = p * q
        return sorted(((path, p) for path, p in found.items() if p > 0), key=lambda i: -i[1])

    def _first(self, context: tuple[str, ...], stem: str) -> list[tuple[str, float]]:
        """Give the tokens that what was typed of one may become, the most probable first."""
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
        ranked = ((token, p / total) for token, p in found.items() if p > 0)
        return heapq.nlargest(2 * OPENINGS, ranked, key=lambda each: each[1])

    def ending(self, text: str) -> float:
        """Say how probable it is that a subject ends with a text's last words."""
        return self.following(tuple(tokens(text))).get(END, 0.0)

    def _vocabulary(self, stem: str) -> dict[str, float]:
        """Give all tokens that could stand anywhere, those of the change among them."""
        space = " " if stem.startswith(" ") else ""
        counts: dict[str, float] = {}
        begun = stem.strip().lower()
        for each in self._weighed:
            for token, word in zip(each.remembered.tokens, each.remembered.cores, strict=True):
                if word.startswith(begun) and self.slots.allows(token):
                    bare = space + token.strip()
                    counts[bare] = counts.get(bare, 0.0) + each.weight
        total = sum(counts.values()) or 1.0
        shares = {token: (1 - OWN - ANYWHERE) * weight / total for token, weight in counts.items()}
        anywhere = dict(self._general.beginning(stem.strip().lower())) if stem.strip() else {}
        anywhere_total = sum(anywhere.values()) or 1.0
        for word, share in anywhere.items():
            if kind(word) in ("word", "sign"):
                token = space + word
                shares[token] = shares.get(token, 0.0) + ANYWHERE * share / anywhere_total
        names = self.slots.words()
        rank_total = sum(1 / (3 + rank) for rank in range(len(names)))
        for rank, name in enumerate(names):
            word = space + name
            shares[word] = shares.get(word, 0.0) + OWN / (3 + rank) / rank_total
        return shares

    def following(self, context: tuple[str, ...]) -> dict[str, float]:
        """Give the tokens that could follow others, with their probabilities."""
        cores = _cores(context)
        if cores not in self._known:
            self._known[cores] = self._interpolated(cores)
        return self._known[cores]

    def _interpolated(self, cores: tuple[str, ...]) -> dict[str, float]:
        orders: list[dict[str, float]] = [{} for _ in range(len(cores) + 1)]
        evidence = self._count(orders, cores, cores[-2:]) if len(cores) > 1 else 0.0
        if evidence < ENOUGH:
            self._count(orders, cores, cores[-1:])
        result: dict[str, float] = {}
        for order in range(1, len(orders)):
            found = orders[order]
            total = sum(found.values())
            if not total:
                continue
            rest = BACKOFF[order] / (BACKOFF[order] + total) if result else 0.0
            result = {t: p * rest for t, p in result.items()}
            for token, weight in found.items():
                result[token] = result.get(token, 0.0) + (1 - rest) * weight / total
        share = GENERAL / (GENERAL + evidence)
        result = {t: p * (1 - share) for t, p in result.items()}
        for token, p in self._anywhere(cores, result).items():
            result[token] = result.get(token, 0.0) + share * p
        return result or {END: 1.0}

    def _count(
        self, orders: list[dict[str, float]], cores: tuple[str, ...], known: tuple[str, ...]
    ) -> float:
        """Count what follows the places where the last tokens are known ones.

        Args:
            orders: counted into, by how many tokens of the context are there.
            cores: the context.
            known: its last tokens, one or two. Those of one that two are known of are left out.

        Returns:
            the weight of all places.
        """
        weight = 0.0
        for each, at in self._places(known):
            length = _shared(each.remembered, at, cores) if len(known) > 1 else 1
            counted = orders[len(known) : length + 1]
            for token, share in self.slots.filled(each.remembered, at):
                part = each.weight * share
                weight += part
                for found in counted:
                    found[token] = found.get(token, 0.0) + part
        return weight

    def _places(self, known: tuple[str, ...]) -> list[tuple[Weighed, int]]:
        """Give where one or two tokens are followed, as far as these places are looked at."""
        *more, last = known
        places = self._behind.get(last, [])
        if more:
            alike = (p for p in places if _before(p[0].remembered, p[1], 2) == more[0])
            return list(islice(alike, MOST_PLACES))
        return places[:MOST_PLACES]

    def _anywhere(self, cores: tuple[str, ...], here: Mapping[str, float]) -> dict[str, float]:
        """Give what follows a context in any repository's messages, written as it is here."""
        result: dict[str, float] = {}
        anywhere = self._general.following(cores)
        forms = _likeliest(here) if anywhere else {}
        for token, share in anywhere.items():
            space = "" if cores[-1] == START or cores[-1] in _HOLDING else " "
            if token in _KINDS:
                for name, part in self.slots.of_kind(token[1:-1], space):
                    result[name] = result.get(name, 0.0) + share * part
                continue
            shown = forms.get(token.lower())
            if shown is None:
                shown = token if _clings(token) else space + token
            result[shown] = result.get(shown, 0.0) + share
        return result


@lru_cache(maxsize=20_000)
def _clings(token: str) -> bool:
    return not token or bool(_CLINGING.match(token))


def split_typed(typed: str) -> tuple[tuple[str, ...], str]:
    """Part what was typed into whole tokens and the beginning of one, which may be whole too."""
    found = tokens(typed)
    if not found:
        return (), ""
    whole = 2 if len(found) > 1 and found[-1] in JOINING and found[-2][-1:].isalnum() else 1
    return tuple(found[:-whole]), "".join(found[-whole:])


_SAME = re.compile(r"\bfrom (\S+) to \1(?!\S)")


def is_well_formed(text: str) -> bool:
    """Whether brackets and quotes are closed and not empty, and nothing is said twice."""
    if _SAME.search(text):
        return False
    cut = [core(token) for token in tokens(text)]
    depth = 0
    for before, token in zip(["", *cut], cut, strict=False):
        depth += (token in OPENERS) - (token in CLOSERS)
        if depth < 0 or (token in CLOSERS and before in OPENERS):
            return False
    pairs = [pair for pair in pairwise(cut) if pair[0].isalnum()]
    even = all(cut.count(sign) % 2 == 0 for sign in QUOTES)
    return depth == 0 and even and len(pairs) == len(set(pairs))


def _cores(context: tuple[str, ...]) -> tuple[str, ...]:
    """Give of the tokens before one those that are looked at, as they count."""
    return (START, *map(words.context, context[-ORDERS:]))[-ORDERS:]


def _likeliest(tokens: Mapping[str, float]) -> dict[str, str]:
    """Give for each token, as `core` gives it, the form of it that is the most probable."""
    found: dict[str, str] = {}
    for token, p in tokens.items():
        known = found.setdefault(core(token), token)
        if p >= tokens[known]:
            found[core(token)] = token
    return found


def _shared(remembered: Remembered, at: int, cores: tuple[str, ...]) -> int:
    """Count the tokens before a place that are those of a context; one is known to be."""
    length = 1
    while length < len(cores) and _before(remembered, at, length + 1) == cores[-1 - length]:
        length += 1
    return length


def _before(remembered: Remembered, at: int, steps: int) -> str | None:
    """Give the token so many steps before a place, `None` where there is none."""
    place = at - steps
    return remembered.contexts[place] if place >= 0 else START if place == -1 else None


def _leveled(score: float, length: int) -> float:
    return score / math.pow(length, LENGTH_POWER)
