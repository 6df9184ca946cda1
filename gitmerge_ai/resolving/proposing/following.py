"""One side's text that follows what the other side did throughout: its renames, its insertions.

Where one side renamed what the other goes on using, or added in the middle of what the other
rewrote, neither side nor any sequence of their lines is right; the one side's text changed the way
the other side changed the base is. What was renamed is read off the sides, never guessed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from gitmerge_ai.differ.sequences import matches
from gitmerge_ai.resolving.proposing.weaving import Elements, by_likeness, keys, places
from gitmerge_ai.text.words import spaced

Words = tuple[str, ...]
Renames = Mapping[Words, Words]

# A rename replaces, and gives, so many words at most.
MOST_OLD, MOST_NEW = 6, 8


def renames(base: Sequence[str], side: Sequence[str]) -> Renames:
    """Tell which words a side replaced by which, within lines that it changed.

    What it put before a word counts as a rename of that word. Of several replacements the
    commonest is given.

    Args:
        base, side: lines.
    """
    found: dict[Words, Counter[Words]] = defaultdict(Counter)
    for place in places(by_likeness(base, side)):
        before, after = spaced("".join(place.ours)), spaced("".join(place.theirs))
        if before and after:
            for old, new in _replaced(before, after):
                found[old][new] += 1
    return {old: new.most_common(1)[0][0] for old, new in found.items()}


def renamed(text: Elements, by: Renames) -> list[str]:
    """Rename words wherever they stand.

    Args:
        text: words with the white space before them.
        by: what to put in the place of what.
    """
    by_first: dict[str, list[Words]] = defaultdict(list)
    for old in sorted(by, key=len, reverse=True):
        by_first[old[0]].append(old)
    bare = keys(text)
    written: list[str] = []
    at = 0
    while at < len(text):
        able = by_first.get(bare[at], ())
        old = next((old for old in able if tuple(bare[at : at + len(old)]) == old), ())
        if not old:
            written.append(text[at])
            at += 1
            continue
        first, *rest = by[old]
        written += [text[at].removesuffix(bare[at]) + first, *rest]
        at += len(old)
    return written


def with_insertions(base: Elements, side: Elements, other: Elements) -> list[str]:
    """Give a side's elements with what the other side only added, where the base says.

    Args:
        base, side, other: elements of a kind.
    """
    places = dict(matches(keys(base), keys(side)))
    added: dict[int, list[str]] = defaultdict(list)
    for at, start, stop in _gaps(keys(base), keys(other)):
        if at.start == at.stop:
            added[_place(at.start, places, len(base), len(side))] += other[start:stop]
    written: list[str] = []
    for index in range(len(side) + 1):
        written += [*added.get(index, ()), *side[index : index + 1]]
    return written


def _place(at: int, places: Mapping[int, int], base_end: int, side_end: int) -> int:
    """Find where in a side a place in the base lies: behind what stood before it, if that stays."""
    if at == 0:
        return 0
    if at - 1 in places:
        return places[at - 1] + 1
    return next((places[i] for i in range(at, base_end) if i in places), side_end)


def _replaced(before: Elements, after: Elements) -> Iterator[tuple[Words, Words]]:
    """Give what words of a line became, the first without the white space before it."""
    bare = keys(before)
    for old, start, stop in _gaps(bare, keys(after)):
        low, high = old.start, old.stop
        if low == high < len(bare):
            is_word = bare[high][:1].isalnum() or bare[high][:1] == "_"
            back = 0 if is_word else 1
            if low < back:
                continue
            low, high, start, stop = low - back, high + 1, start - back, stop + 1
        new = after[start:stop]
        if 0 < high - low <= MOST_OLD and 0 < len(new) <= MOST_NEW:
            yield tuple(bare[low:high]), (new[0].lstrip(), *new[1:])


def _gaps(base: Sequence[str], side: Sequence[str]) -> Iterator[tuple[range, int, int]]:
    """Give what lies between matches: the place in the base, and from where to where in a side."""
    at_base = at_side = 0
    for b, s in [*matches(base, side), (len(base), len(side))]:
        if b > at_base or s > at_side:
            yield range(at_base, b), at_side, s
        at_base, at_side = b + 1, s + 1
