"""Sides of a conflict cut into what is settled and places where something must be chosen.

Works on elements: lines, or words with the white space before them. Elements are aligned without
their white space, so that one side may indent what the other changes. What is chosen, and which
choices are tried, is for the caller to say.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gitmerge_ai.differ.sequences import Change, Pairs, diff3, matches
from gitmerge_ai.resolving.proposing.patterns import apply
from gitmerge_ai.text.words import joined, words

Elements = Sequence[str]

# Lines are one line changed where they share so large a part of their words.
ALIKE = 0.5
# Stretches of more pairs of lines than this are not searched for lines that are alike.
MOST_PAIRS = 900


class Place(NamedTuple):
    """What each version has where something must be chosen; the base may be left out."""

    base: Elements
    ours: Elements
    theirs: Elements


Piece = str | Place
Choice = Sequence[str]


def three_way(base: Elements, ours: Elements, theirs: Elements, *, adjacent: bool) -> list[Piece]:
    """Cut by what each side changed of the base; only what both changed is a place.

    Args:
        base, ours, theirs: the sides' elements.
        adjacent: whether changes that touch are told apart.
    """
    pieces: list[Piece] = []
    for chunk in diff3(keys(base), keys(ours), keys(theirs), adjacent=adjacent):
        b = base[chunk.base.start : chunk.base.stop]
        o = ours[chunk.ours.start : chunk.ours.stop]
        t = theirs[chunk.theirs.start : chunk.theirs.stop]
        if chunk.change is Change.NOBODY:
            same = zip(b, o, t, strict=True)
            pieces.extend(their if our == old else our for old, our, their in same)
        elif chunk.change is Change.THEIRS:
            pieces.extend(t)
        elif chunk.change is Change.BOTH:
            head, tail = _ends(b, o, t)
            pieces.extend(o[:head])
            pieces.append(Place(*(side[head : len(side) - tail] for side in (b, o, t))))
            pieces.extend(o[len(o) - tail :])
        else:
            pieces.extend(o)
    return _together(pieces)


def two_way(ours: Elements, theirs: Elements) -> list[Piece]:
    """Cut by what the sides have in common, whatever the base had.

    Args:
        ours, theirs: the sides' elements.
    """
    return _together(_between(ours, theirs, matches(keys(ours), keys(theirs))))


def by_likeness(ours: Elements, theirs: Elements) -> list[Piece]:
    """Cut as `two_way` does, and where lines that are alike face each other, line by line.

    Args:
        ours, theirs: the sides' lines.
    """
    pieces: list[Piece] = []
    for piece in two_way(ours, theirs):
        if isinstance(piece, str):
            pieces.append(piece)
            continue
        at_ours = at_theirs = 0
        for o, t in [*_alike(piece.ours, piece.theirs), (len(piece.ours), len(piece.theirs))]:
            pieces += _between(piece.ours[at_ours:o], piece.theirs[at_theirs:t], [])
            if o < len(piece.ours):
                pieces.append(Place((), piece.ours[o : o + 1], piece.theirs[t : t + 1]))
            at_ours, at_theirs = o + 1, t + 1
    return pieces


def ends_aside(ours: Elements, theirs: Elements) -> list[Piece]:
    """Cut off what both sides begin and end with; what is left is one place.

    Args:
        ours, theirs: the sides' elements.
    """
    head, tail = _ends(ours, theirs)
    middle = (side[head : len(side) - tail] for side in (ours, theirs))
    return [*ours[:head], Place((), *middle), *ours[len(ours) - tail :]]


def places(pieces: Sequence[Piece]) -> list[Place]:
    """Give the places of a cut, in order."""
    return [piece for piece in pieces if isinstance(piece, Place)]


def filled(pieces: Sequence[Piece], choice: Choice) -> str:
    """Write a text, each place filled by the pattern chosen for it.

    Args:
        pieces: a cut.
        choice: the name of a pattern for each place.
    """
    chosen = iter(choice)
    return joined(
        element
        for piece in pieces
        for element in ((piece,) if isinstance(piece, str) else apply(next(chosen), *piece))
    )


def runs(count: int, most: int) -> Iterator[Choice]:
    """Give choices that take one side but for a run of places, the shortest runs first.

    Args:
        count: how many places there are.
        most: how many choices to give.
    """
    given: dict[Choice, None] = {}
    for length in range(1, count):
        for start in range(count - length + 1):
            for side, other in (("ours", "theirs"), ("theirs", "ours")):
                rest = count - start - length
                given[(*[side] * start, *[other] * length, *[side] * rest)] = None
                if len(given) == most:
                    yield from given
                    return
    yield from given


def keys(elements: Elements) -> list[str]:
    """Give what elements are compared by."""
    return [element.strip() for element in elements]


def _between(ours: Elements, theirs: Elements, common: Pairs) -> list[Piece]:
    """Give common elements, and places of what lies between."""
    pieces: list[Piece] = []
    at_ours = at_theirs = 0
    for o, t in [*common, (len(ours), len(theirs))]:
        if o > at_ours or t > at_theirs:
            pieces.append(Place((), ours[at_ours:o], theirs[at_theirs:t]))
        if o < len(ours):
            pieces.append(ours[o])
        at_ours, at_theirs = o + 1, t + 1
    return pieces


def _together(pieces: Sequence[Piece]) -> list[Piece]:
    """Join what is settled between two places: a cut is filled many times."""
    found: list[Piece] = []
    settled: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            settled.append(piece)
            continue
        found += [*_text(settled), piece]
        settled.clear()
    return found + _text(settled)


def _text(settled: Sequence[str]) -> list[Piece]:
    return [joined(settled)] if settled else []


def _ends(*sides: Elements) -> tuple[int, int]:
    """Count the elements that all sides begin with, and those that they end with."""
    shortest = min(map(len, sides))
    head = tail = 0
    while head < shortest and len({side[head].strip() for side in sides}) == 1:
        head += 1
    while tail < shortest - head and len({side[-1 - tail].strip() for side in sides}) == 1:
        tail += 1
    return head, tail


def _alike(ours: Elements, theirs: Elements) -> Pairs:
    """Pair lines in order such that their likeness sums up to the most."""
    if not ours or not theirs or len(ours) * len(theirs) > MOST_PAIRS:
        return []
    by_theirs = [Counter(words(line)) for line in theirs]
    likeness = [[_likeness(Counter(words(line)), other) for other in by_theirs] for line in ours]
    best = [[0.0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for o in reversed(range(len(ours))):
        for t in reversed(range(len(theirs))):
            paired = best[o + 1][t + 1] + likeness[o][t] if likeness[o][t] else 0.0
            best[o][t] = max(paired, best[o + 1][t], best[o][t + 1])
    pairs: Pairs = []
    o = t = 0
    while o < len(ours) and t < len(theirs):
        if best[o][t] == best[o + 1][t]:
            o += 1
        elif best[o][t] == best[o][t + 1]:
            t += 1
        else:
            pairs.append((o, t))
            o, t = o + 1, t + 1
    return pairs


def _likeness(a: Counter[str], b: Counter[str]) -> float:
    """Give the part of their words that two lines share, 0 where it is small."""
    total = a.total() + b.total()
    share = 2 * (a & b).total() / total if total else 0.0
    return share if share >= ALIKE else 0.0
