"""What the other conflicts of a file say of one of them: a small transformer, in plain Python.

The conflicts of a file hang together even where none is decided. Each is a token: how probable the
trees find it that ours is taken, theirs, both and so on. The asked one looks at those that stand
near it, by how alike they are, and what it finds corrects its own. The weights are learned in
`gitmerge_ai.training.learning.neighbours`; they are few, so that using them takes no library.
"""

import math
import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from struct import Struct, pack
from typing import NamedTuple

from gitmerge_ai.layers import Layers, Shapes, Vector, dot, gelu, plus
from gitmerge_ai.resolving.knowledge.decided import LABELS, labelling, likeness, words_of
from gitmerge_ai.resolving.ranking.boosting import softmax
from gitmerge_ai.resolving.ranking.trees import NONE, folder_of
from gitmerge_ai.sealed import UnreadableModel, sealed, unsealed
from gitmerge_ai.text.markers import Region

NEIGHBOURS = "neighbours.bin"
"""What the file is called in a model's folder."""

MARK = b"gitmerge-ai neighbours 1\n"
"""What a file begins with; the number is raised when its meaning changes, and others not read."""

MOST = 4
"""So many of a file's other conflicts are looked at, the nearest: as many as in training."""

MOST_IN_FILE = 20
"""In a file of more conflicts the trees rank alone. It was mostly written by a program, and in such
files the transformers were wrong more often than the trees (folds of the training repositories)."""

KINDS = len(LABELS) + 1
"""What an option may take: one of `LABELS`, or it is none of the candidates."""

WIDE, HEADS = 32, 2
TOKEN, RELATION, CORRECTION = KINDS + 1, 5, KINDS + 1

SHAPES: Shapes = {
    "read.weight": (WIDE, TOKEN),
    "read.bias": (WIDE,),
    "relate.weight": (WIDE, RELATION),
    "near.weight": (HEADS, RELATION),
    "norm.weight": (WIDE,),
    "norm.bias": (WIDE,),
    "ask.weight": (WIDE, WIDE),
    "ask.bias": (WIDE,),
    "tell.weight": (2 * WIDE, WIDE),
    "tell.bias": (2 * WIDE,),
    "heard.weight": (WIDE, WIDE),
    "heard.bias": (WIDE,),
    "norm_heard.weight": (WIDE,),
    "norm_heard.bias": (WIDE,),
    "think.weight": (2 * WIDE, WIDE),
    "think.bias": (2 * WIDE,),
    "thought.weight": (WIDE, 2 * WIDE),
    "thought.bias": (WIDE,),
    "norm_thought.weight": (WIDE,),
    "norm_thought.bias": (WIDE,),
    "correct.weight": (CORRECTION, WIDE),
    "correct.bias": (CORRECTION,),
}
"""The weights, as PyTorch names them, in the order in which a file has them."""

# A file is the weights of each voice.
_VOICE = Struct(f"<{sum(map(math.prod, SHAPES.values()))}f")
# No kind is taken for less probable.
_LEAST = 1e-4

Weights = Mapping[str, Vector]
"""By name, row after row."""


class Options(NamedTuple):
    """A conflict with the texts of its candidates, and their scores, last "none of these"."""

    region: Region
    texts: Sequence[str]
    scores: Vector


class Seen(NamedTuple):
    """A conflict as it is seen from beside it.

    kinds: of its options: `LABELS` by number, and last that of "none of these".
    logs: of the options' probabilities, as the trees have them.
    words: of both sides.
    longer: 1 where ours is the longer side, -1 where theirs is.
    number: of the conflict in its file.
    """

    kinds: Sequence[int]
    logs: Vector
    words: frozenset[str]
    longer: int
    number: int


def kinds_of(region: Region, texts: Sequence[str]) -> list[int]:
    """Give the kinds of candidates, and last that of "none of these"."""
    label_of = labelling(region.base or "", region.ours, region.theirs)
    return [*(LABELS.index(label_of(text)) for text in texts), KINDS - 1]


def seen(region: Region, number: int, kinds: Sequence[int], scores: Vector) -> Seen:
    """Put together what is seen of a conflict.

    Args:
        region: the conflict.
        number: which of its file it is.
        kinds: of its options.
        scores: of its options.
    """
    highest = max(scores)
    total = highest + math.log(sum(math.exp(score - highest) for score in scores))
    more = len(region.ours) - len(region.theirs)
    return Seen(
        kinds,
        [score - total for score in scores],
        words_of(region.ours + " " + region.theirs),
        (more > 0) - (more < 0),
        number,
    )


def token_of(one: Seen) -> Vector:
    """Give the numbers that stand for a conflict: what the trees say of each kind, and how sure."""
    sums = [0.0] * KINDS
    for kind, log in zip(one.kinds, one.logs, strict=True):
        sums[kind] += math.exp(log)
    return (*(math.log(max(_LEAST, each)) / 3 + 1 for each in sums), max(one.logs) + 0.5)


def beside(at: int, count: int) -> list[int]:
    """Say which of a file's conflicts are looked at from one of them: the nearest."""
    around = range(max(0, at - MOST), min(count, at + MOST + 1))
    return sorted((n for n in around if n != at), key=lambda n: abs(n - at))[:MOST]


def relation(asked: Seen, other: Seen) -> Vector:
    """Give the numbers that say how a conflict stands to another of its file."""
    alike = likeness(asked.words, other.words)
    near = 1 / (1 + abs(asked.number - other.number))
    return (alike, alike * alike, near, float(asked.longer * other.longer), 1.0)


class Neighbours:
    """Several transformers that were trained alike from different beginnings: their mean."""

    def __init__(self, voices: Sequence[Weights]) -> None:
        """Take the weights of each."""
        self._voices = list(map(_Voice, voices))

    def corrected(self, file: Sequence[Options]) -> list[Options]:
        """Correct the scores of all open conflicts of a file; of one, or of very many, they stay.

        Args:
            file: its conflicts, in order.
        """
        if not 2 <= len(file) <= MOST_IN_FILE:
            return list(file)
        known = [
            seen(one.region, number, kinds_of(one.region, one.texts), one.scores)
            for number, one in enumerate(file)
        ]
        return [
            one._replace(scores=self.scores(known[at], [known[n] for n in beside(at, len(file))]))
            for at, one in enumerate(file)
        ]

    def scores(self, asked: Seen, others: Sequence[Seen]) -> list[float]:
        """Correct what the trees say of a conflict by what they say of others of its file."""
        said = [voice.correction(asked, others) for voice in self._voices]
        *added, more = (sum(column) / len(said) for column in zip(*said, strict=True))
        return [
            log * (1 + more) + added[kind]
            for log, kind in zip(asked.logs, asked.kinds, strict=True)
        ]


class _Voice:
    """One transformer of one layer, in which the asked conflict's token asks and all tell."""

    def __init__(self, weights: Weights) -> None:
        self._layers = Layers(SHAPES, weights)

    def correction(self, asked: Seen, others: Sequence[Seen]) -> list[float]:
        """Say what is added to the score of each kind, and last how much more the trees count."""
        linear, norm = self._layers.linear, self._layers.norm
        own = linear("read", token_of(asked))
        ways: list[Vector] = [(0.0,) * RELATION, *(relation(asked, other) for other in others)]
        tokens = [own]
        for other, way in zip(others, ways[1:], strict=True):
            related = self._layers.times("relate", way)
            tokens.append(plus(linear("read", token_of(other)), related))
        state = plus(own, linear("heard", self._heard(tokens, ways)))
        thought = linear("think", norm("norm_heard", state))
        state = plus(state, linear("thought", list(map(gelu, thought))))
        return linear("correct", norm("norm_thought", state))

    def _heard(self, tokens: Sequence[Vector], ways: Sequence[Vector]) -> list[float]:
        """Let the first token ask all of them: attention, its heads one after the other."""
        linear, norm = self._layers.linear, self._layers.norm
        normed = [norm("norm", token) for token in tokens]
        asking = linear("ask", normed[0])
        told = [linear("tell", each) for each in normed]
        near = [self._layers.times("near", way) for way in ways]
        size = WIDE // HEADS
        found: list[float] = []
        for head in range(HEADS):
            part = slice(head * size, (head + 1) * size)
            query = asking[part]
            scores = [
                dot(query, each[part]) / math.sqrt(size) + nearness[head]
                for each, nearness in zip(told, near, strict=True)
            ]
            shares = softmax(scores)
            columns = zip(*(each[WIDE:][part] for each in told), strict=True)
            found += (dot(shares, column) for column in columns)
        return found


@lru_cache(maxsize=4)
def neighbours_of(model: str) -> Neighbours | None:
    """Read a model's transformer, `None` where it has none that can be read.

    Args:
        model: as for `trees.folder_of`; with "none" nothing corrects the trees.
    """
    if model == NONE:
        return None
    try:
        return read(os.path.join(folder_of(model), NEIGHBOURS))
    except UnreadableModel:
        return None


def read(file: str | os.PathLike[str]) -> Neighbours:
    """Read what `to_bytes` gave from a file.

    Raises:
        UnreadableModel: the file is missing, damaged or of another format.
    """
    try:
        with open(file, "rb") as opened:
            return from_bytes(opened.read())
    except (OSError, UnreadableModel) as reason:
        raise UnreadableModel(f"{os.fspath(file)}: {reason}") from reason


def to_bytes(voices: Sequence[Weights]) -> bytes:
    """Write the weights of some voices; the same ones give the same bytes."""
    rest = b"".join(
        pack(f"<{len(voice[name])}f", *voice[name]) for voice in voices for name in SHAPES
    )
    return sealed(MARK, rest)


def from_bytes(data: bytes) -> Neighbours:
    """Read what `to_bytes` gave.

    Raises:
        UnreadableModel: it is something else.
    """
    rest = unsealed(MARK, data)
    if not rest or len(rest) % _VOICE.size:
        raise UnreadableModel("it is damaged")
    ends = list(pairwise(accumulate(map(math.prod, SHAPES.values()), initial=0)))
    return Neighbours(
        [
            {name: numbers[at:end] for name, (at, end) in zip(SHAPES, ends, strict=True)}
            for numbers in _VOICE.iter_unpack(rest)
        ]
    )
