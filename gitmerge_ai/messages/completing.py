"""The rest of a subject: what could stand next, and how the subjects of earlier commits go on.

The openings are ranked by `openings`; from each of them the most probable ways to the end are
followed by the n-grams of `following`.
"""

import heapq
import math
import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from operator import itemgetter
from typing import NamedTuple

from gitmerge_ai.messages.following import Following
from gitmerge_ai.messages.memory import Asked, Memory, Weighed
from gitmerge_ai.messages.openings import Openings, split_typed
from gitmerge_ai.messages.slots import Slots
from gitmerge_ai.messages.words import END, core, kind, tokens

OPENERS, CLOSERS, QUOTES = frozenset("([{"), frozenset(")]}"), ('"', "`")

OPENINGS, ENDINGS, BEAM, LONGEST = 6, 3, 3, 20
"""Openings that are tried and endings given of each; texts that are followed at once from each, and
tokens at most."""

CLINGING, CLEARLY = 4, 0.5
"""Tokens at most that stand behind a word without a space, and how probable each has to be."""

UNLIKELY, ENDING = 0.02, 0.1
"""How probable it is at least that a word goes on or ends as it does, and the power that is taken
of the latter: it is known less well. Fitted to the validation repositories."""

OPENING = 0.5
"""How much more the first token counts than those after it."""

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
        self._following = Following(memory, asked, weighed)
        self._openings = Openings(self._following, memory, asked)
        self._tops: dict[tuple[str, ...], list[tuple[str, float]]] = {}

    @property
    def slots(self) -> Slots:
        """What the change has to fill the places of an earlier message with."""
        return self._following.slots

    def complete(self, typed: str, most: int = OPENINGS) -> list[Completion]:
        """Give what could follow, by openings, the most probable first.

        Args:
            typed: the beginning of a subject, kept as it is.
            most: how many openings are followed.
        """
        context, stem = split_typed(typed)
        found: list[Completion] = []
        for opening, p in self._openings.ranked(typed)[:most]:
            endings = (
                Completion(text[len(stem) :], OPENING * math.log(p) + score, p)
                for text, score in self._ended(context, opening, p)
                if is_well_formed(typed + text[len(stem) :])
            )
            found += islice(endings, ENDINGS)
        return found

    def words(self, typed: str, most: int) -> Iterator[tuple[str, float]]:
        """Give what could stand next and no more, and how probable it is, the most probable first.

        Args:
            typed: the beginning of a subject.
            most: how many openings are looked at; the end of a subject is none.
        """
        context, stem = split_typed(typed)
        for opening, share in self._openings.ranked(typed)[:most]:
            if opening[-1] != END:
                yield "".join(self._up_to_space(context, opening))[len(stem) :], share

    def _up_to_space(self, context: tuple[str, ...], opening: tuple[str, ...]) -> tuple[str, ...]:
        """Go on to the end of a word as people see it: "(parser" to "(parser):"."""
        for _ in range(CLINGING):
            (token, share), *_ = self._top((*context, *opening)) or [(END, 0.0)]
            if token == END or token.startswith(" ") or share < math.log(CLEARLY):
                break
            opening = (*opening, token)
        return opening

    def share(self, typed: str, text: str) -> float:
        """Say how probable it is that a subject goes on with the word that a text goes on with.

        Args:
            typed: the beginning of a subject.
            text: one that begins so.
        """
        context, _ = split_typed(typed)
        rest = (*tokens(text)[len(context) :], END)
        fitting = (
            o.share * self._clinging(context, rest, len(o.tokens))
            for o in self._openings.ranked(typed)
            if rest[: len(o.tokens)] == o.tokens
        )
        return max(fitting, default=0.0)

    def _clinging(self, context: tuple[str, ...], rest: tuple[str, ...], opened: int) -> float:
        """Say how probable the tokens of a word are that stand behind those that opened it."""
        found = 1.0
        for at in range(opened, len(rest)):
            after = self._following.after((*context, *rest[:at]))
            if rest[at] == END or rest[at][0].isspace():
                apart = sum(p for token, p in after.items() if token == END or token[0].isspace())
                return found * math.pow(max(apart, UNLIKELY), ENDING)
            found *= max(after.get(rest[at], 0.0), UNLIKELY)
        return found

    def ending(self, text: str) -> float:
        """Say how probable it is that a subject ends with a text's last words."""
        return self._following.after(tuple(tokens(text))).get(END, 0.0)

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
        if context not in self._tops:
            following = self._following.after(context).items()
            top = heapq.nlargest(BEAM, following, key=itemgetter(1))
            self._tops[context] = [(token, math.log(p)) for token, p in top if p > 0]
        return self._tops[context]


_SENSELESS = re.compile(
    r"\bfrom (\S+) to \1(?!\S)|(?<!\S)(\S+) \u2192 \2(?!\S)|\b(\w+) \3(?![\w.-])|(?<!\S)\.(?!\S)"
    r"|\w::\s",
    re.IGNORECASE,
)


def is_well_formed(text: str) -> bool:
    """Whether brackets and quotes are closed and not empty, nothing is said twice or left out."""
    if _SENSELESS.search(text):
        return False
    found = tokens(text)
    names = [core(token) for token in found if kind(token) == "code" or "/" in token.strip("/")]
    if len(names) > len(set(names)):  # Of 1,200 subjects two do so, and it is easily come to.
        return False
    if any(quoted != quoted.strip() for quoted in text.split("`")[1::2]):
        return False
    cut = [core(token) for token in found]
    depth = 0
    for before, token in zip(["", *cut], cut, strict=False):
        depth += (token in OPENERS) - (token in CLOSERS)
        if depth < 0 or (token in CLOSERS and before in OPENERS):
            return False
    pairs = [pair for pair in pairwise(cut) if pair[0].isalnum()]
    even = all(cut.count(sign) % 2 == 0 for sign in QUOTES)
    return depth == 0 and even and len(pairs) == len(set(pairs))


def _leveled(score: float, length: int) -> float:
    return score / math.pow(length, LENGTH_POWER)
