"""Chooses what of a repository a model is shown: the parts that have to do with the goal.

Ranked by the words in common (Okapi BM25: Robertson and Zaragoza, "The Probabilistic Relevance
Framework", 2009), parts of identifiers counted too, and by suspicion where there is some. What a
text means is not known here.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

SATURATION = 1.2
"""BM25's k1: how soon more of the same word counts no more."""

LENGTH = 0.75
"""BM25's b: how much a long part is held against it."""

LONGEST = 80
"""Lines of a part; a longer declaration is shown in several."""

_SUBWORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


class Part(NamedTuple):
    """A part of a file: its path, its first line (1-based) and its text, whole lines."""

    path: str
    line: int
    text: str


def relevant(
    files: Mapping[str, str],
    wanted: str,
    suspicion: Mapping[str, Mapping[int, float]],
    most: int,
) -> list[Part]:
    """Give the parts that have most to do with a text, in the order they stand in.

    Args:
        files: the texts by path.
        wanted: what the parts are to be about.
        suspicion: by path and line, how likely it is that a change there pays.
        most: characters of all parts together.
    """
    parts = [part for path, text in sorted(files.items()) for part in parts_of(path, text)]
    counts = [Counter(_subwords(f"{part.path} {part.text}")) for part in parts]
    asked = set(_subwords(wanted))
    scores = _scores(counts, asked)
    ranked = sorted(
        range(len(parts)),
        key=lambda n: (-_suspected(parts[n], suspicion), -scores[n], n),
    )
    chosen, left = [], most
    for number in ranked:
        if len(parts[number].text) <= left:
            chosen.append(number)
            left -= len(parts[number].text)
    return [parts[number] for number in sorted(chosen)]


def parts_of(path: str, text: str) -> Iterator[Part]:
    """Cut a file where a line without indentation follows an empty one, and where it gets long.

    Args:
        path: of the file.
        text: all of it.
    """
    lines = text.splitlines(keepends=True)
    first = 0
    for number in range(1, len(lines) + 1):
        ends = number == len(lines) or (
            not lines[number - 1].strip() and lines[number][:1].strip() != ""
        )
        if ends or number - first >= LONGEST:
            yield Part(path, first + 1, "".join(lines[first:number]))
            first = number


def _subwords(text: str) -> list[str]:
    return [word.lower() for word in _SUBWORD.findall(text)]


def _scores(counts: list[Counter[str]], asked: set[str]) -> list[float]:
    if not counts:
        return []
    mean = sum(map(Counter.total, counts)) / len(counts) or 1.0
    holding = Counter(word for count in counts for word in asked & count.keys())
    rarity = {
        word: math.log(1 + (len(counts) - number + 0.5) / (number + 0.5))
        for word, number in holding.items()
    }

    def score(count: Counter[str]) -> float:
        damped = SATURATION * (1 - LENGTH + LENGTH * count.total() / mean)
        return sum(
            rarity[word] * count[word] * (SATURATION + 1) / (count[word] + damped)
            for word in sorted(asked & count.keys())
        )

    return [score(count) for count in counts]


def _suspected(part: Part, suspicion: Mapping[str, Mapping[int, float]]) -> float:
    lines = suspicion.get(part.path, {})
    last = part.line + part.text.count("\n")
    return max((lines[line] for line in range(part.line, last + 1) if line in lines), default=0.0)
