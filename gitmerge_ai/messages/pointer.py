"""How probable a small network finds the tokens that could stand next in a subject.

It reads the change, the nearest subjects, how subjects begin here and what was typed, and may copy
what it reads: a pointer network (Vinyals et al., 2015), in one softmax with a vocabulary (Gu et
al., 2016). It is trained by `gitmerge_ai.training.messages.pointing` on other repositories than the
trees that weigh what it says. Its weights are few, so that one place of a subject takes plain
Python some milliseconds, and using them no library.
"""

import math
import zlib
from array import array
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from struct import Struct
from typing import NamedTuple

from gitmerge_ai.layers import Layers, Shapes, Vector, dot, gelu, plus
from gitmerge_ai.messages.general import little_endian
from gitmerge_ai.messages.reading import ROLES, SIZES, Item
from gitmerge_ai.messages.words import KINDS, START, context, core
from gitmerge_ai.resolving.ranking.boosting import softmax
from gitmerge_ai.sealed import UnreadableModel, sealed, unsealed
from gitmerge_ai.shipped import place

FILE = "messages-pointer.bin"

MARK = b"gitmerge-ai pointer 1\n"
"""What a file begins with; the number is raised when its meaning changes, and others not read."""

# How many words the network may say, how many more it knows, and bytes of all of them.
_HEAD = Struct("<3I")

WIDE, HIDDEN, HEADS, BEHIND = 64, 192, 2, 4
"""Numbers of a word and of a place, attention's heads, and tokens before a place that are told
apart."""

STRANGERS = 4096
"""Words that are not known share so many vectors, by their check sum."""

LONGEST = 12
"""Tokens of a subject, its end included, at which the network was trained."""

SHAPES: Shapes = {
    "role.weight": (ROLES, 2 * WIDE),
    "role_bias.weight": (ROLES, 1),
    **{f"before.{at}.weight": (HIDDEN, WIDE) for at in range(BEHIND)},
    "bag.weight": (HIDDEN, WIDE),
    "place.weight": (LONGEST, HIDDEN),
    "sizes.weight": (HIDDEN, SIZES),
    "sizes.bias": (HIDDEN,),
    "norm.weight": (HIDDEN,),
    "norm.bias": (HIDDEN,),
    "ask.weight": (HEADS * 2 * WIDE, HIDDEN),
    "ask.bias": (HEADS * 2 * WIDE,),
    "heard.weight": (HIDDEN, HEADS * WIDE),
    "heard.bias": (HIDDEN,),
    "norm_heard.weight": (HIDDEN,),
    "norm_heard.bias": (HIDDEN,),
    "think.weight": (HIDDEN, HIDDEN),
    "think.bias": (HIDDEN,),
    "thought.weight": (HIDDEN, HIDDEN),
    "thought.bias": (HIDDEN,),
    "norm_thought.weight": (HIDDEN,),
    "norm_thought.bias": (HIDDEN,),
    "point.weight": (2 * WIDE, HIDDEN),
    "point.bias": (2 * WIDE,),
    "say.weight": (WIDE, HIDDEN),
    "say.bias": (WIDE,),
}
"""All weights but those of words, by their names in PyTorch, in the order of a file."""

NEVER = -30.0
LEAST = -14.0
"""The score of what can be neither said nor copied; scores are not told apart below the other."""

_NOTHING = (0.0,) * WIDE


class Said(NamedTuple):
    """The scores of a token: logarithms, of how probable it is, and of its being copied."""

    score: float
    copied: float


class Words:
    """The words that a network knows, by number; all others share some numbers behind them."""

    def __init__(self, said: Sequence[str], others: Sequence[str]) -> None:
        """Take the words.

        Args:
            said: that it may say, as `context` gives them: `END`, `START`, `KINDS`, then others.
            others: that it can only read.
        """
        self.said, self.others = said, others
        self._numbers = {word: number for number, word in enumerate(chain(said, others))}

    def __len__(self) -> int:
        return len(self.said) + len(self.others)

    def number(self, word: str) -> int:
        """Give the number of a word that is read."""
        found = self._numbers.get(word)
        return len(self) + check_sum(word) % STRANGERS if found is None else found

    def number_said(self, word: str) -> int | None:
        """Give the number of a word that is said, `None` for one that is not known."""
        found = self._numbers.get(word, len(self))
        return found if found < len(self.said) else None


def check_sum(word: str) -> int:
    """Give a number of 31 bits for a word, the same one everywhere."""
    return zlib.crc32(word.encode("utf-8", "replace")) & 0x7FFFFFFF


class Weights(NamedTuple):
    """What a network has learned.

    vectors: of the words as they are read and said, and of words that stand before one: the scales
        of all, and `WIDE` whole numbers of each, one byte long.
    biases: of the words that may be said.
    matrices: the rest, by the names of `SHAPES`, row after row.
    """

    words: Words
    vectors: Sequence[tuple[Vector, memoryview]]
    biases: Vector
    matrices: Mapping[str, Vector]


class Network:
    """The network, for all changes."""

    def __init__(self, weights: Weights) -> None:
        """Take what it learned."""
        self.words = weights.words
        self.layers = Layers(SHAPES, weights.matrices)
        self._own, self._behind = weights.vectors
        self._biases = weights.biases
        self._known: dict[int, Vector] = {}

    def word(self, word: str) -> Vector:
        """Give the vector of a word that is read."""
        number = self.words.number(word)
        if number not in self._known:
            self._known[number] = _row(self._own, number)
        return self._known[number]

    def item(self, one: Item) -> list[float]:
        """Give the vector of an item: of its word and of the one before it, and of its role."""
        if one.before is None:
            before: Vector = _NOTHING
        else:
            before = _row(self._behind, self.words.number(one.before))
        return plus((*self.word(one.word), *before), self.layers.row("role", one.role))

    def said(self, number: int, spoken: Vector) -> float:
        """Score a word that may be said."""
        return dot(_row(self._own, number), spoken) + self._biases[number]


class Places:
    """What could stand at the places of one change's subject."""

    def __init__(self, network: Network, read: Sequence[Item], sizes: Vector) -> None:
        """Look up what is read.

        Args:
            network: that reads.
            read: of the change and its history, as `reading.items` gives it.
            sizes: of the change, as `reading.sizes` gives them.
        """
        self._network = network
        self._layers = network.layers
        self._read = [(each.word, network.item(each)) for each in read]
        self._lean = [network.layers.row("role_bias", each.role)[0] for each in read]
        self._columns = list(zip(*(item[:WIDE] for _, item in self._read), strict=True))
        self._sizes = network.layers.linear("sizes", sizes)
        self._known: dict[tuple[str, ...], tuple[Vector, Mapping[str, float]]] = {}

    def score(self, before: tuple[str, ...], token: str) -> Said | None:
        """Say how probable a token is; not normed, but by training nearly so.

        Args:
            before: all tokens before it.
            token: that could stand next.

        Returns:
            its scores; `None` behind more tokens than the network was trained with.
        """
        if len(before) >= LONGEST:
            return None
        if before not in self._known:
            self._known[before] = self._place(before)
        spoken, copies = self._known[before]
        copied = copies.get(core(token), NEVER) if token else NEVER
        said = context(token)
        number = self._network.words.number_said(said)
        # What belongs to a change is copied where it can be; that it is a number says little then.
        if number is None or (said in KINDS and copied > NEVER):
            own = NEVER
        else:
            own = self._network.said(number, spoken)
        return Said(max(_log_sum((own, copied)), LEAST), max(copied, LEAST))

    def _place(self, before: tuple[str, ...]) -> tuple[Vector, Mapping[str, float]]:
        """Give what is to be said at a place, as a vector, and the score of copying each word."""
        linear, norm = self._layers.linear, self._layers.norm
        typed = [self._network.word(each) for each in (START, *map(context, before))]
        mean = [sum(column) / len(typed) for column in zip(*typed, strict=True)]
        state = plus(self._layers.times("bag", mean), self._layers.row("place", len(before)))
        state = plus(state, self._sizes)
        for back, vector in enumerate(typed[: -BEHIND - 1 : -1]):
            state = plus(state, self._layers.times(f"before.{back}", vector))
        state = plus(state, linear("heard", self._heard(norm("norm", state))))
        thought = linear("think", norm("norm_heard", state))
        state = plus(state, linear("thought", list(map(gelu, thought))))
        state = norm("norm_thought", state)
        pointing = linear("point", state)
        copies: dict[str, list[float]] = {}
        for (word, item), lean in zip(self._read, self._lean, strict=True):
            found = dot(item, pointing) / math.sqrt(WIDE) + lean
            copies.setdefault(word, []).append(found)
        return linear("say", state), {word: _log_sum(found) for word, found in copies.items()}

    def _heard(self, state: Vector) -> list[float]:
        """Look at what is read: attention, its heads one after the other."""
        if not self._read:
            return [0.0] * (HEADS * WIDE)
        asking = self._layers.linear("ask", state)
        found: list[float] = []
        for head in range(HEADS):
            query = asking[head * 2 * WIDE : (head + 1) * 2 * WIDE]
            scores = [
                dot(item, query) / math.sqrt(2 * WIDE) + lean
                for (_, item), lean in zip(self._read, self._lean, strict=True)
            ]
            shares = softmax(scores)
            found += (dot(column, shares) for column in self._columns)
        return found


@lru_cache(maxsize=1)
def shipped() -> Network | None:
    """Read the network that ships; `None` where it cannot be read."""
    try:
        return read(Path(place("models"), FILE))
    except (OSError, UnreadableModel):
        return None


def read(file: Path) -> Network:
    """Read what `to_bytes` gave from a file.

    Raises:
        OSError: there is no file.
        UnreadableModel: it is damaged, or of another format.
    """
    try:
        return Network(from_bytes(file.read_bytes()))
    except UnreadableModel as reason:
        raise UnreadableModel(f"{file}: {reason}") from reason


def to_bytes(weights: Weights) -> bytes:
    """Write weights; the same ones give the same bytes.

    Behind the head stand the words; of both kinds of vectors the scales, then the vectors; the
    biases; the matrices. Numbers have four bytes, little-endian, those of the vectors one.
    """
    said, others = weights.words.said, weights.words.others
    words = "\0".join((*said, *others)).encode()
    parts = [_HEAD.pack(len(said), len(others), len(words)), words]
    for scales, vectors in weights.vectors:
        parts += [_packed(scales), bytes(vectors)]
    parts += [_packed(weights.biases), *(_packed(weights.matrices[name]) for name in SHAPES)]
    return sealed(MARK, b"".join(parts))


def from_bytes(data: bytes) -> Weights:
    """Read what `to_bytes` gave.

    Raises:
        UnreadableModel: it is something else.
    """
    rest = unsealed(MARK, data)
    if len(rest) < _HEAD.size:
        raise UnreadableModel("it is empty")
    said, others, length = _HEAD.unpack_from(rest)
    at = _HEAD.size + length
    known = str(rest[_HEAD.size : at], "utf-8").split("\0")
    words = Words(known[:said], known[said:])
    rows = len(words) + STRANGERS
    needed = at + rows * 2 * (4 + WIDE) + 4 * (said + sum(map(math.prod, SHAPES.values())))
    if len(known) != said + others or len(rest) != needed:
        raise UnreadableModel("it is damaged")

    def numbers(count: int) -> "array[float]":
        nonlocal at
        at += 4 * count
        return _unpacked(rest[at - 4 * count : at])

    vectors = []
    for _ in range(2):
        scales = numbers(rows)
        vectors.append((scales, rest[at : at + rows * WIDE].cast("b")))
        at += rows * WIDE
    biases = numbers(said)
    return Weights(
        words, vectors, biases, {name: numbers(math.prod(shape)) for name, shape in SHAPES.items()}
    )


def _row(vectors: tuple[Vector, memoryview], number: int) -> list[float]:
    scales, found = vectors
    scale = scales[number]
    return [scale * each for each in found[number * WIDE : (number + 1) * WIDE]]


def _log_sum(scores: Sequence[float]) -> float:
    """Add probabilities that are given, as is their sum, by their logarithms."""
    highest = max(scores)
    return highest + math.log(sum(math.exp(score - highest) for score in scores))


def _packed(numbers: Vector) -> bytes:
    return little_endian(array("f", numbers)).tobytes()


def _unpacked(data: memoryview) -> "array[float]":
    return little_endian(array("f", bytes(data)))
