"""What the classifier reads of a conflict: its two edits, in their places, as pieces of words.

The input is the end of the path, the words before the conflict, ours as an edit of the base,
theirs as an edit of the base (kept, added and deleted words each marked as such), and the words
after it. What a candidate does is told by the edited words: which of the edits it follows. Nothing
is computed with numbers here; the order of the input is the order of training too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Protocol

from gitmerge_ai.differ.sequences import Change, diff3, matches
from gitmerge_ai.resolving.proposing.candidates import Candidate, Context
from gitmerge_ai.text.markers import Region
from gitmerge_ai.text.words import words

# Words of the path, before and after the conflict, and of each side's edit.
PATH, BEFORE, AFTER, EDIT = 6, 16, 10, 56
# Of a run of words that a side kept, so many are read at each end.
KEPT = 4
# Pieces of a word and of the whole input; the rest is not read.
OF_WORD, PIECES = 5, 192
# Of longer sides only so many words are compared.
COMPARED = 3_000
# Places that both sides changed, of which the pattern is predicted.
PLACES = 4

Pair = tuple[str, str]


class Edit(IntEnum):
    """What a piece is to the conflict."""

    NONE = 0
    CONTEXT = 1
    OURS_KEPT = 2
    OURS_ADDED = 3
    OURS_DELETED = 4
    THEIRS_KEPT = 5
    THEIRS_ADDED = 6
    THEIRS_DELETED = 7


class Pieces(Protocol):
    """What cuts words into pieces of a vocabulary."""

    start: int
    end: int

    def __call__(self, words: Sequence[str]) -> list[list[int]]:
        """Give the pieces of each word."""
        ...


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a side's edit, with its neighbours in the text that has it.

    `place` numbers the places that both sides changed, -1 for a word in none of them.
    """

    text: str
    edit: Edit
    pairs: tuple[Pair, Pair]
    place: int = -1


@dataclass(frozen=True, slots=True)
class Reading:
    """A conflict as the classifier reads it.

    `pieces`, `edits` and `at` are as long as the input: the piece's number in the vocabulary, what
    it is to the conflict, and which of `changed` it is part of (-1 for none).
    """

    pieces: tuple[int, ...]
    edits: tuple[int, ...]
    at: tuple[int, ...]
    changed: tuple[Word, ...]


def read(region: Region, context: Context, cut: Pieces) -> Reading:
    """Read a conflict.

    Args:
        region: the conflict; its base may be unknown.
        context: what stands around it.
        cut: what cuts words into pieces.
    """
    base, ours, theirs = (
        words(text[: 40 * COMPARED])[:COMPARED]
        for text in (region.base or "", region.ours, region.theirs)
    )
    if region.base is None:
        scripts = _script(theirs, ours, _OURS), _script(ours, theirs, _THEIRS)
        edits = [[w for w in one if w.edit not in _DELETED] for one in scripts]
    else:
        places = _places(base, ours, theirs)
        edits = [
            _script(base, ours, _OURS, [(b, o) for b, o, _ in places]),
            _script(base, theirs, _THEIRS, [(b, t) for b, _, t in places]),
        ]
    around = (
        words(context.path[-200:])[-PATH:],
        words(context.before[-800:])[-BEFORE:],
        words(context.after[:800])[:AFTER],
    )
    path, before, after = ([Word(w, Edit.CONTEXT, _NO_PAIRS) for w in some] for some in around)
    return _joined([path, before, *map(_shortened, edits), after], cut)


_OURS = (Edit.OURS_KEPT, Edit.OURS_ADDED, Edit.OURS_DELETED)
_THEIRS = (Edit.THEIRS_KEPT, Edit.THEIRS_ADDED, Edit.THEIRS_DELETED)
_DELETED = frozenset({Edit.OURS_DELETED, Edit.THEIRS_DELETED})
_CHANGED = _DELETED | {Edit.OURS_ADDED, Edit.THEIRS_ADDED}
_NO_PAIRS = (("", ""), ("", ""))


def _places(
    base: list[str], ours: list[str], theirs: list[str]
) -> list[tuple[range, range, range]]:
    """Find the places that both sides changed differently."""
    found = [chunk for chunk in diff3(base, ours, theirs) if chunk.change is Change.BOTH]
    return [(chunk.base, chunk.ours, chunk.theirs) for chunk in found[:PLACES]]


def _script(
    base: list[str],
    side: list[str],
    edits: tuple[Edit, Edit, Edit],
    places: Sequence[tuple[range, range]] = (),
) -> list[Word]:
    """Write a side as an edit of the base: words deleted before those that came for them."""
    kept, added, deleted = edits
    script: list[Word] = []
    at_base = at_side = 0
    in_base = {at: number for number, (b, _) in enumerate(places) for at in b}
    in_side = {at: number for number, (_, s) in enumerate(places) for at in s}
    base_pairs, side_pairs = _pairs_of(base), _pairs_of(side)
    for b, s in [*matches(base, side), (len(base), len(side))]:
        script += [
            Word(base[at], deleted, base_pairs[at], in_base.get(at, -1)) for at in range(at_base, b)
        ]
        script += [
            Word(side[at], added, side_pairs[at], in_side.get(at, -1)) for at in range(at_side, s)
        ]
        if s < len(side):
            script.append(Word(side[s], kept, side_pairs[s]))
        at_base, at_side = b + 1, s + 1
    return script


def _pairs_of(found: list[str]) -> list[tuple[Pair, Pair]]:
    edged = ["", *found, ""]
    pairs = list(pairwise(edged))
    return list(pairwise(pairs))


def _shortened(script: list[Word]) -> list[Word]:
    """Leave out the middle of long runs of kept words, and the middle of what is still long."""
    near = [False] * len(script)
    for at, word in enumerate(script):
        if word.edit in _CHANGED:
            for other in range(max(0, at - KEPT), min(len(script), at + KEPT + 1)):
                near[other] = True
    left = [word for word, keep in zip(script, near, strict=True) if keep] or script
    if len(left) <= EDIT:
        return left
    head = EDIT * 2 // 3
    return left[:head] + left[head - EDIT :]


def _joined(parts: Sequence[Sequence[Word]], cut: Pieces) -> Reading:
    pieces, edits, at = [cut.start], [int(Edit.NONE)], [-1]
    changed: list[Word] = []
    for part in parts:
        for word, cut_up in zip(part, cut([word.text for word in part]), strict=True):
            index = -1
            if word.edit in _CHANGED:
                index = len(changed)
                changed.append(word)
            short = cut_up[:OF_WORD]
            pieces += short
            edits += [int(word.edit)] * len(short)
            at += [index] * len(short)
        pieces.append(cut.end)
        edits.append(int(Edit.NONE))
        at.append(-1)
    most = slice(PIECES)
    return Reading(tuple(pieces[most]), tuple(edits[most]), tuple(at[most]), tuple(changed))


def followed(reading: Reading, candidate: Candidate) -> list[bool]:
    """Tell which of the changed words a candidate follows: added ones it has, deleted ones not.

    A word counts as there when it stands beside one of its neighbours.
    """
    found = words(candidate.text[: 40 * COMPARED])[:COMPARED]
    pairs = set(pairwise(["", *found, ""]))
    return [
        (word.pairs[0] in pairs or word.pairs[1] in pairs) != (word.edit in _DELETED)
        for word in reading.changed
    ]


def side_of(word: Word) -> int:
    """Tell which side an edit is of: 0 for ours, 1 for theirs."""
    return int(word.edit in (Edit.THEIRS_ADDED, Edit.THEIRS_DELETED))
