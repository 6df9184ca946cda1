"""What a conflict could become: texts made of its sides, before anything is ranked.

Every candidate is made of what stands in the three sides; nothing is invented here, and nothing is
said about which is right.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from gitmerge_ai.resolving.proposing.following import renamed, renames, with_insertions
from gitmerge_ai.resolving.proposing.patterns import PATTERNS, WITHIN, apply
from gitmerge_ai.resolving.proposing.weaving import (
    Piece,
    by_likeness,
    ends_aside,
    filled,
    places,
    runs,
    three_way,
    two_way,
)
from gitmerge_ai.text.lines import split
from gitmerge_ai.text.markers import Region, has_markers
from gitmerge_ai.text.words import joined, lined, squeezed

# A conflict gives a few dozen candidates at most: what comes after is as good as never right.
MOST = 48
# A conflict of more characters gives only the first few: measuring each of them takes long.
LARGE, FEW = 200_000, 6
# Of two sides' differing places, so many choices that take a side but for a run are tried.
MOST_RUNS = 8
# Sides with more words than this are not compared word by word.
MOST_WORDS = 20_000
# What is done with every place where the two sides differ, or where both changed the base.
BETWEEN = ("ours+theirs", "theirs+ours", "neither")
CHANGED = tuple(name for name in WITHIN if name not in ("base", "neither"))


class Context(NamedTuple):
    """What stands around a conflict.

    `before` and `after` are the clean text on either side, other conflicts of the file settled in
    some way; `merged` is what the structured merge made of the conflict, `None` if it left it.
    `facts` are features of the conflict that its texts do not show: its history, what was decided
    elsewhere in the merge.
    """

    before: str = ""
    after: str = ""
    path: str = ""
    merged: str | None = None
    facts: Mapping[str, float] = MappingProxyType({})


class Candidate(NamedTuple):
    """A text and the patterns that give it, the plainest first."""

    text: str
    patterns: tuple[str, ...]


def candidates(region: Region, context: Context) -> list[Candidate]:
    """Give what a conflict could become.

    Args:
        region: the conflict; its base may be unknown.
        context: what stands around it.

    Returns:
        At least one candidate, none twice; where white space is all that the sides differ in, it
        counts, otherwise it does not.
    """
    most = MOST if len(region.ours) + len(region.theirs) < LARGE else FEW
    spaced = squeezed(region.ours) == squeezed(region.theirs)
    found: dict[str, tuple[str, list[str]]] = {}
    for pattern, text in islice(_texts(region, context), 4 * most):
        text = _ended(text, region)
        key = text if spaced else squeezed(text)
        if key in found:
            found[key][1].append(pattern)
        elif len(found) < most and (pattern in ("ours", "theirs") or not _marked(text, region)):
            found[key] = (text, [pattern])
    return [Candidate(text, tuple(patterns)) for text, patterns in found.values()]


def _ended(text: str, region: Region) -> str:
    """End a text with a new line where the sides do."""
    whole = not any(side and not side.endswith("\n") for side in (region.ours, region.theirs))
    ending = "\r\n" if "\r\n" in region.ours + region.theirs else "\n"
    return text + ending if text and whole and not text.endswith("\n") else text


def _marked(text: str, region: Region) -> bool:
    """Say whether a text has a conflict marker, as the base of a criss-cross merge has."""
    return any(has_markers(text, size) for size in {7, region.size, region.size + 2})


def _texts(region: Region, context: Context) -> Iterator[tuple[str, str]]:
    """Give patterns and what they make of a conflict, the plain ones first."""
    base, ours, theirs = split(region.base or ""), split(region.ours), split(region.theirs)
    for pattern in PATTERNS:
        if region.base is not None or "base" not in pattern:
            yield pattern, "".join(apply(pattern, base, _joint(ours), theirs))
    if context.merged is not None:
        yield "merged", context.merged
    yield from _unions(base, _joint(ours), _joint(theirs))
    yield from _joined(_joint(ours), _joint(theirs))
    if region.base is not None:
        yield from _merged("lines", base, ours, theirs)
    for pattern, text in _by_words(region, base, ours, theirs):
        yield pattern, text.removeprefix("\n")
    yield from _interleaved("interleaved", two_way(ours, theirs))
    yield from _paired(by_likeness(ours, theirs))


def _by_words(
    region: Region, base: list[str], ours: list[str], theirs: list[str]
) -> Iterator[tuple[str, str]]:
    """Give what can be made of the sides' words, with the end of a line before it."""
    parts = lined(region.base or ""), lined(region.ours), lined(region.theirs)
    if max(map(len, parts)) > MOST_WORDS:
        return
    if region.base is not None:
        yield from _merged("tokens", *parts)
        yield from _following(base, ours, theirs)
        yield from _inserted(*parts)
    yield from _mixed("interleaved tokens", two_way(parts[1], parts[2]))


def _joint(found: list[str]) -> list[str]:
    """Give lines such that another can stand after the last."""
    if found and not found[-1].endswith("\n"):
        return [*found[:-1], found[-1] + "\n"]
    return found


def _unions(base: list[str], ours: list[str], theirs: list[str]) -> Iterator[tuple[str, str]]:
    """Give both sides' lines without doubles, less what either side took away."""
    gone = {line for line in base if line not in ours or line not in theirs}
    orders: dict[str, tuple[list[str], list[str]]] = {
        "union": (ours, theirs),
        "union, theirs first": (theirs, ours),
    }
    for name, (first, second) in orders.items():
        known = {line for line in first if line.strip()}
        whole = first + [line for line in second if line not in known]
        if first is ours:
            yield name, "".join(whole)
        kept = [line for line in whole if line not in gone]
        yield f"{name}, less deleted", "".join(kept)
        if all(found == sorted(found) for found in (ours, theirs)):
            yield "union, sorted", "".join(sorted(kept))


def _joined(ours: list[str], theirs: list[str]) -> Iterator[tuple[str, str]]:
    """Give one side after the other, between the lines that both begin and end with."""
    pieces = ends_aside(ours, theirs)
    for order in ("ours+theirs", "theirs+ours"):
        yield f"joined: {order}", filled(pieces, [order])


def _merged(
    name: str, base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Merge the sides' elements, all places that both changed by one pattern or by runs of two."""
    for adjacent, how in ((False, name), (True, f"adjacent {name}")):
        pieces = three_way(base, ours, theirs, adjacent=adjacent)
        count = len(places(pieces))
        if not count:
            yield f"merged {how}", filled(pieces, ())
            continue
        for pattern in CHANGED:
            yield f"{how}: {pattern}", filled(pieces, [pattern] * count)
        yield from _mixed(how, pieces)


def _following(base: list[str], ours: list[str], theirs: list[str]) -> Iterator[tuple[str, str]]:
    """Give a side with the other's renames, and both merged where that settles everything."""
    for name, side, other in (("ours", ours, theirs), ("theirs", theirs, ours)):
        by = renames(base, other)
        if not by:
            continue
        text = renamed(lined("".join(side)), by)
        yield f"renamed: {name}", joined(text)
        pieces = three_way(
            renamed(lined("".join(base)), by), text, lined("".join(other)), adjacent=True
        )
        if not places(pieces):
            yield "merged renamed", filled(pieces, ())


def _inserted(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Give a side with what the other only added."""
    yield "inserted: ours", joined(with_insertions(base, ours, theirs))
    yield "inserted: theirs", joined(with_insertions(base, theirs, ours))


def _interleaved(name: str, pieces: Sequence[Piece]) -> Iterator[tuple[str, str]]:
    """Walk along what both sides have, and at each difference take one, both or none."""
    if len(pieces) > 1:
        for pattern in BETWEEN:
            yield f"{name}: {pattern}", filled(pieces, [pattern] * len(places(pieces)))
        yield from _mixed(name, pieces)


def _paired(pieces: Sequence[Piece]) -> Iterator[tuple[str, str]]:
    """Take one side's of lines that are alike, and what only one side has or only the other has."""
    found = places(pieces)
    if len(found) > 1:
        for side, other in (("ours", "theirs"), ("theirs", "ours")):
            for single in ("ours+theirs", other):
                choice = [side if place.ours and place.theirs else single for place in found]
                yield f"alike lines: {side} and {single}", filled(pieces, choice)
    yield from _mixed("alike lines", pieces)


def _mixed(name: str, pieces: Sequence[Piece]) -> Iterator[tuple[str, str]]:
    """Take one side's places but for a run of them."""
    for choice in runs(len(places(pieces)), MOST_RUNS):
        yield f"{name}: {', '.join(dict.fromkeys(choice))}", filled(pieces, choice)
