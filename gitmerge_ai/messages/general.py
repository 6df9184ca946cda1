"""What commit messages say anywhere: n-grams counted over many repositories, as plain numbers.

It knows how words go on where a repository's own history has never said so. What belongs to one
change (a version, a ticket, a name) stands in it as a kind of token only. The counts are made by
`gitmerge_ai.training.messages.counting`. Its file is read as a whole and not taken apart: of all
contexts a message needs few.
"""

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from struct import Struct
from typing import NamedTuple, TypeVar

from gitmerge_ai.sealed import UnreadableModel, sealed, unsealed
from gitmerge_ai.shipped import place

Number = TypeVar("Number", int, float)

FILE = "messages-general.bin"

MARK = b"gitmerge-ai n-grams 1\n"
"""What a file begins with; the number is raised when its meaning changes, and others not read."""

# How many bytes of tokens, tokens, contexts and numbers there are.
_HEAD = Struct("<4I")

ORDER = 3
"""Tokens of the longest n-gram."""

MOST_TOKENS = 1 << 16

VARIETY = 1.5
"""How much weight the different tokens that followed a context leave to shorter contexts."""

LEAST = 1e-7


class Grams(NamedTuple):
    """What followed contexts.

    keys: of the contexts, in order; one or two tokens' numbers make one.
    ends: where in `numbers` that ends which is of each context.
    numbers: how often the context was there, how many different tokens followed, then tokens by
        number and how often they followed; of one context after the other.
    """

    keys: "array[int]"
    ends: "array[int]"
    numbers: "array[int]"

    @classmethod
    def of(cls, found: Mapping[tuple[int, ...], Sequence[int]]) -> "Grams":
        """Take the numbers of each context."""
        keys, ends, numbers = array("I"), array("I"), array("I")
        for context in sorted(found, key=_key):
            keys.append(_key(context))
            numbers.extend(found[context])
            ends.append(len(numbers))
        return cls(keys, ends, numbers)

    def after(self, context: Sequence[int]) -> Sequence[int]:
        """Give the numbers of a context, none where nothing followed it."""
        key = _key(context)
        at = bisect_left(self.keys, key)
        if at == len(self.keys) or self.keys[at] != key:
            return ()
        return self.numbers[self.ends[at - 1] if at else 0 : self.ends[at]]


class General:
    """Counts of n-grams of contexts, as `words.context` gives them."""

    def __init__(self, tokens: Sequence[str], counts: Sequence[int], grams: Grams) -> None:
        """Take the counts.

        Args:
            tokens: all that are known, as they are written most often.
            counts: of each token.
            grams: what followed contexts.
        """
        self._tokens = tokens
        self._total = sum(counts) or 1
        self._counts = counts
        self._grams = grams
        self._number = {token.lower(): number for number, token in enumerate(tokens)}
        self._known: dict[tuple[int, ...], Mapping[str, float]] = {}

    def following(self, context: Sequence[str]) -> Mapping[str, float]:
        """Give tokens that could follow others and how probable each is; the rest is unknown.

        Interpolated as by Witten and Bell (1991).

        Args:
            context: the tokens before, as `words.context` gives them.
        """
        numbers = tuple(self._number.get(token, -1) for token in context[1 - ORDER :])
        if numbers not in self._known:
            self._known[numbers] = self._interpolated(numbers)
        return self._known[numbers]

    def _interpolated(self, numbers: tuple[int, ...]) -> dict[str, float]:
        shares: dict[int, float] = {}
        for length in range(1, len(numbers) + 1):
            found = self._grams.after(numbers[-length:]) if numbers[-length] >= 0 else ()
            if not found:
                break
            there, variety, *pairs = found
            left = VARIETY * variety / (VARIETY * variety + there)
            shares = {number: share * left for number, share in shares.items()}
            for number, count in zip(pairs[::2], pairs[1::2], strict=True):
                base = 0.0 if shares.get(number) else left**length * self._counts[number]
                shares[number] = shares.get(number, base / self._total) + (1 - left) * count / there
        return {self._tokens[number]: share for number, share in shares.items()}

    def beginning(self, stem: str) -> Iterator[tuple[str, float]]:
        """Give the tokens that begin like a word and how probable each is anywhere.

        Args:
            stem: in lower case.
        """
        at = bisect_left(self._sorted, stem)
        while at < len(self._sorted) and self._sorted[at].startswith(stem):
            number = self._number[self._sorted[at]]
            yield self._tokens[number], self._counts[number] / self._total
            at += 1

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._number)

    def share(self, token: str) -> float:
        """Say how probable a token is anywhere, in lower case; never zero."""
        number = self._number.get(token)
        return LEAST if number is None else self._counts[number] / self._total


@lru_cache(maxsize=1)
def shipped() -> General:
    """Read the counts that ship; none where they cannot be read."""
    try:
        return read(Path(place("models"), FILE))
    except (OSError, UnreadableModel):
        return General((), (), Grams.of({}))


def read(file: Path) -> General:
    """Read what `write` wrote.

    Raises:
        OSError: there is no file.
        UnreadableModel: it is damaged, or of another format.
    """
    try:
        rest = unsealed(MARK, file.read_bytes())
    except UnreadableModel as reason:
        raise UnreadableModel(f"{file}: {reason}") from reason
    if len(rest) < _HEAD.size:
        raise UnreadableModel(f"{file}: it is empty")
    said, tokens, contexts, numbers = _HEAD.unpack_from(rest)
    at = _HEAD.size + said
    found = []
    for count in (tokens, contexts, contexts, numbers):
        end = at + 4 * count
        found.append(little_endian(array("I", bytes(rest[at:end]))))
        at = end
    counts, *grams = found
    words = str(rest[_HEAD.size : _HEAD.size + said], "utf-8").split("\0")[:tokens]
    return General(words, counts, Grams(*grams))


def write(tokens: Sequence[str], counts: Sequence[int], grams: Grams, file: Path) -> None:
    """Write counts as `General` takes them; the same counts give the same bytes.

    Behind the head stand the tokens, and as numbers of four bytes, little-endian, the counts, the
    contexts, where what followed each ends, and what followed.
    """
    if len(tokens) >= MOST_TOKENS:
        raise ValueError(f"{len(tokens)} tokens are more than there are numbers for")
    words = "\0".join(tokens).encode()
    sizes = len(words), len(tokens), len(grams.keys), len(grams.numbers)
    columns = (array("I", counts), *grams)
    rest = _HEAD.pack(*sizes) + words + b"".join(bytes(little_endian(each[:])) for each in columns)
    file.write_bytes(sealed(MARK, rest))


def _key(context: Sequence[int]) -> int:
    """Make one number of one or two."""
    *before, last = context
    return last + MOST_TOKENS * (before[0] + 1) if before else last


def little_endian(numbers: "array[Number]") -> "array[Number]":
    """Turn numbers of this machine into little-endian ones, or back."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
