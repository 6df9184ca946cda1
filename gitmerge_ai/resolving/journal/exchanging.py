"""Exchanges conflicts and what resolved them in a text, in either direction.

What an automatic merge changed is the difference between the text with git's conflicts and the
result, conflict by conflict. Taking back puts the one in the place of the other wherever it still
stands as it was written; everything else in the text stays. No file is read or written here.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from gitmerge_ai.differ.sequences import matches
from gitmerge_ai.text.lines import split
from gitmerge_ai.text.markers import Region, parse, source
from gitmerge_ai.values import Span


class Marked:
    """A text as units: lines, and conflicts as a whole."""

    def __init__(self, text: str, size: int) -> None:
        self.text, self.size = text, size
        self.units = [
            unit
            for segment in parse(text, size)
            for unit in ([segment] if isinstance(segment, Region) else split(segment))
        ]

    @cached_property
    def keys(self) -> list[object]:
        """What makes units equal; how a conflict's sides are labelled does not count."""
        return [u if isinstance(u, str) else (u.ours, u.theirs) for u in self.units]

    @cached_property
    def offsets(self) -> list[int]:
        """How many lines stand before each unit, and before the end."""
        return [0, *accumulate(len(split(source(unit))) for unit in self.units)]

    def source(self, start: int, end: int) -> str:
        """Give the text of some units."""
        return "".join(map(source, self.units[start:end]))


@dataclass(frozen=True, slots=True)
class Hunk:
    """Where two texts differ: the units of the one, and those of the other, in their place."""

    old: range
    new: range

    @property
    def back(self) -> "Hunk":
        """The same, seen from the other text."""
        return Hunk(self.new, self.old)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A text in which hunks were exchanged, and the lines where these now stand."""

    text: str
    spans: tuple[Span, ...]


def hunks(old: Marked, new: Marked) -> list[Hunk]:
    """List where two merges of the same versions differ; a conflict is in one hunk or in none."""
    found = []
    i = j = 0
    for k, m in [*matches(old.keys, new.keys), (len(old.units), len(new.units))]:
        if (i, j) != (k, m):
            found.append(Hunk(range(i, k), range(j, m)))
        i, j = k + 1, m + 1
    return found


def exchange(
    current: Marked, old: Marked, new: Marked, found: Sequence[Hunk], line: int | None = None
) -> Exchange:
    """Put the new part of each hunk in the place of the old one, where that still stands.

    Args:
        current: the text as it is now.
        old, new: the texts that the hunks are of.
        found: the hunks.
        line: only the hunk that stands at this line of `current`, counted from 1.
    """
    alignment = Alignment(old, current)
    parts: list[str] = []
    spans: list[Span] = []
    at, written = 0, 0
    for hunk in found:
        there = alignment.of(hunk.old)
        if there is None:
            continue
        first, after = current.offsets[there.start], current.offsets[there.stop]
        if line is not None and not first < line <= max(after, first + 1):
            continue
        parts += [current.source(at, there.start), new.source(hunk.new.start, hunk.new.stop)]
        start = written + first - current.offsets[at]
        written = start + new.offsets[hunk.new.stop] - new.offsets[hunk.new.start]
        spans.append((start + 1, written + 1))
        at = there.stop
    return Exchange("".join([*parts, current.source(at, len(current.units))]), tuple(spans))


class Alignment:
    """Where the units of a text stand in a later version of it."""

    def __init__(self, text: Marked, later: Marked) -> None:
        self.text, self.later = text, later
        ends = {-1: -1, len(text.units): len(later.units)}
        self.pairs = ends | dict(matches(text.keys, later.keys))

    def of(self, units: range) -> range | None:
        """Give the place of units that still stand together, `None` if they do not.

        Args:
            units: in the text; an empty range is a place between two.
        """
        near = units or range(units.start - 1, units.start + 1)
        places = [self.pairs.get(number) for number in near]
        first = places[0]
        if first is None or places != list(range(first, first + len(places))):
            return None
        return range(first, first + len(places)) if units else range(first + 1, first + 1)

    def span(self, lines: Span) -> Span | None:
        """Give the place of lines that still stand together, `None` if they do not.

        Args:
            lines: of the text; they hold no conflict.
        """
        start, stop = (bisect_left(self.text.offsets, number - 1) for number in lines)
        there = self.of(range(start, stop))
        if there is None:
            return None
        return self.later.offsets[there.start] + 1, self.later.offsets[there.stop] + 1

    def line_before(self, line: int) -> int | None:
        """Give the line of the text that a line of the later version is, `None` if it is new.

        Args:
            line: counted from 1, as is what is given; a line of a conflict is new.
        """
        unit = bisect_left(self.later.offsets, line) - 1
        if line > self.later.offsets[-1] or isinstance(self.later.units[unit], Region):
            return None
        known = next((one for one, there in self.pairs.items() if there == unit), None)
        return None if known is None else self.text.offsets[known] + 1
