"""What a finished merge lost or doubled of what its two sides did, whoever made it.

Looks at one file as it is about to be committed. A person settles conflicts by dropping things, so
not all that is missing is lost: what only one side touched should have come through; where both
touched something, only what one added whole is asked for. Each finding has to be worth stopping a
commit for; where it is doubtful, nothing is said. Nothing is merged here.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from gitmerge_ai.differ.lines import to_bytes
from gitmerge_ai.differ.sequences import matches
from gitmerge_ai.merging.counts import bounds
from gitmerge_ai.merging.declared import Declaration, declarations, doubled
from gitmerge_ai.syntax.language import Language
from gitmerge_ai.syntax.tree import Source
from gitmerge_ai.text.lines import split
from gitmerge_ai.values import Sides

_TELLING = re.compile(r"[^\W\d_]\w")
_WORD = re.compile(r"\w+")

REWRITTEN = 0.5
"""Likeness to a line that no side has, from which on a line was not lost but written anew."""

SHORTEST = 2
"""Lines that have to be missing where fewer may be what a person wanted."""

LEAST_DOUBLED = 3
"""Lines that have to be there twice where no declaration is."""

LONGEST_NAME = 60
"""Characters of a line that name what begins with it."""


class Loss(NamedTuple):
    """Something that a merge did not treat as one of its sides did.

    kind: "lost" (added or changed, and gone), "doubled" (in it twice) or "resurrected" (deleted,
        and back).
    side: who had done it: "ours", "theirs" or "both".
    name: what it is, in words.
    line: its first line, counted from 1: in the side for what is lost, else in the result.
    text: its lines.
    """

    kind: str
    side: str
    name: str
    line: int
    text: str


class _Text:
    """A version of the file by lines, white space at their ends left out."""

    def __init__(self, text: str, row: Language | None) -> None:
        self.text = text
        self.row = row
        self.whole = split(text)
        self.lines = [line.strip() for line in self.whole]

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each line stands in it."""
        return Counter(self.lines)

    @cached_property
    def tree(self) -> Source | None:
        """Its syntax tree, if its language is known."""
        return Source(self.row, to_bytes(self.text)) if self.row else None

    def telling(self, places: Iterable[int]) -> list[str]:
        """Give the lines at some places that say something."""
        return [self.lines[at] for at in places if _TELLING.search(self.lines[at])]


class _Hunk(NamedTuple):
    """A stretch of the base that a side replaced, and the lines that it has there."""

    base: range
    side: range
    lines: tuple[str, ...]


class _Merge(NamedTuple):
    """The four versions, and which lines the result has too few or too many of."""

    base: _Text
    ours: _Text
    theirs: _Text
    result: _Text
    gone: frozenset[str]
    extra: frozenset[str]


def losses(sides: Sides, result: str, row: Language | None = None) -> list[Loss]:
    """Find what a merge lost, doubled or brought back.

    Args:
        sides: what was merged.
        result: what came of it.
        row: the language, if it is known.
    """
    merge = _read(sides, result, row)
    found = [*_doubled(merge)]
    if merge.gone or merge.extra:
        found += _undone(merge)
    return sorted(set(found), key=lambda loss: (loss.line, loss.kind))


def _read(sides: Sides, result: str, row: Language | None) -> _Merge:
    base, ours, theirs, merged = (
        _Text(text, row) for text in (sides.base, sides.ours, sides.theirs, result)
    )
    b, o, t, m = (each.counts for each in (base, ours, theirs, merged))
    gone: set[str] = set()
    extra: set[str] = set()
    for line in m.keys() | o.keys() | t.keys():
        low, high = bounds(b[line], o[line] - b[line], t[line] - b[line])
        if not low <= m[line] <= high and _TELLING.search(line):
            (gone if m[line] < low else extra).add(line)
    return _Merge(base, ours, theirs, merged, frozenset(gone), frozenset(extra))


def _undone(merge: _Merge) -> Iterator[Loss]:
    """Find what a side added, changed or deleted and the result has as if it had not."""
    by_ours, by_theirs = _hunks(merge.base, merge.ours), _hunks(merge.base, merge.theirs)
    alike = {(hunk.base, hunk.lines) for hunk in by_ours} & {(h.base, h.lines) for h in by_theirs}
    of_ours, of_theirs = (
        [hunk for hunk in hunks if (hunk.base, hunk.lines) not in alike]
        for hunks in (by_ours, by_theirs)
    )
    if merge.result.text in (merge.ours.text, merge.theirs.text) and any(
        _touch(ours.base, theirs.base) for ours in of_ours for theirs in of_theirs
    ):
        return  # To take one side whole settles a conflict; without one it loses the other side.
    known = merge.base.counts | merge.ours.counts | merge.theirs.counts
    foreign = [_words(line) for line in merge.result.counts.keys() - known.keys()]
    for side, text, hunks, others in (
        ("ours", merge.ours, by_ours, of_theirs),
        ("theirs", merge.theirs, of_theirs, of_ours),
    ):
        for hunk in hunks:
            contested = any(_touch(hunk.base, other.base) for other in others)
            find = _of_contested if contested else _of_hunk
            yield from (
                loss
                for loss in find(merge, side, text, hunk)
                if loss.kind != "lost" or not _rewritten(loss.text, foreign)
            )
            if not any(_overlap(hunk.base, other.base) for other in others):
                yield from _back(merge, side, text, hunk)


def _of_hunk(merge: _Merge, side: str, text: _Text, hunk: _Hunk) -> Iterator[Loss]:
    """Judge a hunk that the other side did not touch: all of it should have come through."""
    b, s = merge.base.counts, text.counts
    added = [line for line in text.telling(hunk.side) if s[line] > b[line]]
    removed = [line for line in merge.base.telling(hunk.base) if s[line] < b[line]]
    if added and merge.gone.issuperset(added):
        if not removed or merge.extra.issuperset(removed) or len(added) >= SHORTEST:
            yield _loss("lost", side, text, hunk.side)
    elif len(added) >= LEAST_DOUBLED and merge.extra.issuperset(added):
        yield _loss("doubled", side, text, hunk.side)


def _back(merge: _Merge, side: str, text: _Text, hunk: _Hunk) -> Iterator[Loss]:
    """Judge a deletion of what the other side left as it was: it should not be there again."""
    b, s = merge.base.counts, text.counts
    removed = [line for line in merge.base.telling(hunk.base) if s[line] < b[line]]
    added = [line for line in text.telling(hunk.side) if s[line] > b[line]]
    if added or not removed or not merge.extra.issuperset(removed):
        return
    place = _place(merge.result, removed)
    if place:
        yield _loss("resurrected", side, merge.result, place)


def _of_contested(merge: _Merge, side: str, text: _Text, hunk: _Hunk) -> Iterator[Loss]:
    """Judge a hunk where the other side changed something, too: by what was added whole."""
    if text.tree is None:
        return
    b, s = merge.base.counts, text.counts
    for one in declarations(text.tree, hunk.side):
        lines = [line for line in text.telling(one.lines) if s[line] > b[line]]
        if len(lines) >= SHORTEST and merge.gone.issuperset(lines):
            name = re.compile(rf"\b{re.escape(one.name)}\b")
            if not name.search(merge.base.text) and not name.search(merge.result.text):
                yield _declared("lost", side, text, one)


def _doubled(merge: _Merge) -> Iterator[Loss]:
    """Find declarations that stand twice, and did in no version."""
    versions = [merge.base, merge.ours, merge.theirs]
    known = merge.base.counts | merge.ours.counts | merge.theirs.counts
    more = (line for line, n in merge.result.counts.items() if n > max(known[line], 1))
    if not any(map(_TELLING.search, more)) or merge.result.tree is None:
        return
    trees = [version.tree for version in versions if version.tree]
    for one in doubled(trees, merge.result.tree):
        yield _declared("doubled", "both", merge.result, one)


def _hunks(base: _Text, side: _Text) -> list[_Hunk]:
    """Give what a side replaced, in order."""
    hunks, i, j = [], 0, 0
    ends = (len(base.lines), len(side.lines))
    for at, to in [*matches(base.lines, side.lines), ends]:
        if (at, to) != (i, j):
            hunks.append(_Hunk(range(i, at), range(j, to), tuple(side.lines[j:to])))
        i, j = at + 1, to + 1
    return hunks


def _touch(a: range, b: range) -> bool:
    return a.start <= b.stop and b.start <= a.stop


def _overlap(a: range, b: range) -> bool:
    return a.start < b.stop and b.start < a.stop


def _words(line: str) -> Counter[str]:
    return Counter(_WORD.findall(line))


def _rewritten(text: str, foreign: list[Counter[str]]) -> bool:
    """Whether most lines have become others that no side has."""
    lines = [_words(line) for line in split(text) if _TELLING.search(line)]
    anew = sum(any(_like(line, other) for other in foreign) for line in lines)
    return 2 * anew > len(lines)


def _like(a: Counter[str], b: Counter[str]) -> bool:
    return 2 * (a & b).total() >= REWRITTEN * (a.total() + b.total())


def _place(result: _Text, lines: Sequence[str]) -> range | None:
    """Find where lines stand in a row, others between them or not."""
    first = result.lines.index(lines[0]) if lines[0] in result.counts else None
    if first is None:
        return None
    last = first
    for line in lines[1:]:
        if line in result.lines[last:]:
            last = result.lines.index(line, last)
    return range(first, last + 1)


def _loss(kind: str, side: str, text: _Text, lines: range) -> Loss:
    """Tell of lines; by the declaration that they are, if they are one."""
    if text.tree is not None:
        whole = next(declarations(text.tree, lines), None)
        if whole and len(text.telling(whole.lines)) * 2 > len(text.telling(lines)):
            return _declared(kind, side, text, whole)
    telling = text.telling(lines)
    name = telling[0][:LONGEST_NAME]
    more = len(telling) - 1
    words = f"{name!r}" + (f" and {more} more line{'s' * (more > 1)}" if more else "")
    return Loss(kind, side, words, _first(text, lines), "".join(text.whole[i] for i in lines))


def _first(text: _Text, lines: range) -> int:
    return next(at for at in lines if _TELLING.search(text.lines[at])) + 1


def _declared(kind: str, side: str, text: _Text, one: Declaration) -> Loss:
    content = "".join(text.whole[i] for i in one.lines)
    return Loss(kind, side, f"{one.word} {one.name}", one.lines.start + 1, content)
