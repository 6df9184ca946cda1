"""The token merge: the three-way token differ on what the trees leave open.

Tokens with the white space before them are aligned as lines are in a line merge: stretches that
one side changed take that side's text. Two changes that touch are a conflict.
"""

import re
from itertools import pairwise

from gitmerge_ai.differ.sequences import Change, Chunk, diff3
from gitmerge_ai.merging.pieces import Note, Open, Pieces, text_of

_TOKEN = re.compile(
    rb"(\s*)"
    rb"([A-Za-z_\x80-\xff][\w\x80-\xff]*"
    rb"|\d[\w.]*"
    rb'|"(?:\\.|[^"\\\n])*"'
    rb"|'(?:\\.|[^'\\\n])*'"
    rb"|[<>=!+*/%&|^~-]+="
    rb"|[^\w\s]"
    rb"|\Z)"
)
"""White space and a token. A string is one: half of either side's would be nobody's."""


Token = tuple[bytes, bytes]
"""The white space before a token, and the token."""


_POSTFIX = frozenset((b".", b"(", b"[", b"?", b"!"))
_COMMENT = re.compile(rb"#|//|/\*")
_OPENERS, _CLOSERS = frozenset((b"(", b"[", b"{")), frozenset((b")", b"]", b"}"))
_PARTING = frozenset((b",", b";", b"=", b":", b""))
_OPENING = _OPENERS | {b",", b";", b"}"}


def settle_tokens(pieces: Pieces) -> Pieces:
    """Merge what is open in a merge token by token, as far as that goes."""
    settled: Pieces = []
    for piece in pieces:
        merged = merge_tokens(piece) if isinstance(piece, Open) and not piece.final else None
        settled.extend([piece] if merged is None else merged)
    return settled


def merge_tokens(region: Open) -> Pieces | None:
    """Merge an open region token by token.

    Returns:
        The merged text, or None if tokens conflict too or if there is nothing to go by.
    """
    # Whatever comes first begins a line, so that it can be told which token takes that place.
    texts = (b"\n" + text for text in (region.base, region.ours, region.theirs))
    base, ours, theirs = map(split_tokens, texts)
    keys = [[token for _, token in side] for side in (base, ours, theirs)]
    shortest = min(len(base), len(ours), len(theirs))
    if shortest < 2 or all(_holds(side, keys[0]) for side in keys[1:]):
        # Nothing to go by; or one deleted what the other changed; or both put something around the
        # whole, and nobody knows which is outside.
        return None
    chunks = diff3(*keys, adjacent=True)
    if _around_one_operand(chunks, base, ours, theirs) or _comments_out(chunks, ours, theirs):
        return None
    pieces: Pieces = []
    before = Change.NOBODY
    shift = (b"", b"")
    begun = False
    for chunk in chunks:
        if chunk.change is Change.BOTH:
            return None
        if {before, chunk.change} == {Change.OURS, Change.THEIRS}:
            pieces.append(Note("adjacent"))
        before = chunk.change
        if chunk.change is Change.NOBODY:
            for b, o, t in zip(chunk.base, chunk.ours, chunk.theirs, strict=True):
                by_theirs = (ours[o][0] == base[b][0]) != begun
                begun = False
                pieces.append((theirs[t][0] if by_theirs else ours[o][0]) + ours[o][1])
                if b"\n" in ours[o][0] and b"\n" in theirs[t][0]:
                    shift = (_indent(ours[o][0]), _indent(theirs[t][0]))
            continue
        mine, places, here, there = (
            (theirs, chunk.theirs, shift[1], shift[0])
            if chunk.change is Change.THEIRS
            else (ours, chunk.ours, shift[0], shift[1])
        )
        if len(there) <= len(here) or chunk.change is Change.ALIKE:
            there = here
        leads = [_shifted(mine[i][0], here, there) for i in places]
        other = theirs[chunk.theirs.start] if mine is ours else ours[chunk.ours.start]
        if leads and _begins_line(base[chunk.base.start][0], leads[0], other[0]):
            # The other side took away what began this line.
            leads[0], begun = other[0], not chunk.base
        pieces.extend(lead + mine[i][1] for lead, i in zip(leads, places, strict=True))
    text = text_of(pieces).removeprefix(b"\n")
    notes = [piece for piece in pieces if isinstance(piece, Note)]
    return [Note("token", text.count(b"\n")), *notes, text]


def _begins_line(base: bytes, lead: bytes, other: bytes) -> bool:
    """Whether the other side made a token the first of its line."""
    return b"\n" in other and b"\n" not in base + lead


def _around_one_operand(
    chunks: list[Chunk], base: list[Token], ours: list[Token], theirs: list[Token]
) -> bool:
    """Whether one side put something before an operand and the other something behind it.

    Of `x and a` and `a or c` nobody knows which is the inner one. In a list it does not matter.
    """
    for left, run, right in zip(chunks, chunks[1:], chunks[2:], strict=False):
        if {left.change, right.change} != {Change.OURS, Change.THEIRS} or left.base or right.base:
            continue
        ours_first = left.change is Change.OURS
        before = ours[left.ours.stop - 1] if ours_first else theirs[left.theirs.stop - 1]
        first = ours[left.ours.start] if ours_first else theirs[left.theirs.start]
        behind = theirs[right.theirs.start] if ours_first else ours[right.ours.start]
        if first[1] in _POSTFIX:
            continue  # It belongs to what stands before it.
        between = [base[i] for i in run.base]
        if (
            before[1] not in _OPENING
            and behind[1] not in _PARTING | _CLOSERS
            and not _is_parted(between)
        ):
            return True
    return False


def _comments_out(chunks: list[Chunk], ours: list[Token], theirs: list[Token]) -> bool:
    """Whether one side made a comment of what the other still works on."""
    for chunk, after in pairwise(chunks):
        side, places, rest = (
            (ours, chunk.ours, after.ours)
            if chunk.change is Change.OURS
            else (theirs, chunk.theirs, after.theirs)
        )
        if chunk.change not in (Change.OURS, Change.THEIRS) or not rest:
            continue
        line = b""
        for space, token in (side[i] for i in places):
            line = token if b"\n" in space else line + token
        if b"\n" not in side[rest.start][0] and _COMMENT.search(line):
            return True
    return False


def _is_parted(tokens: list[Token]) -> bool:
    """Whether tokens are more than one operand."""
    depth = 0
    for index, (space, token) in enumerate(tokens):
        depth += (token in _OPENERS) - (token in _CLOSERS)
        if depth < 0 or (index and b"\n" in space) or (not depth and token in _PARTING):
            return True
    return False


def _holds(side: list[bytes], base: list[bytes]) -> bool:
    """Whether a side has all of the base in one stretch, and more around it."""
    whole = base[:-1]
    starts = [i for i in range(len(side) - len(whole)) if side[i] == whole[0]]
    return any(side[i : i + len(whole)] == whole for i in starts)


def _indent(lead: bytes) -> bytes:
    return lead.rpartition(b"\n")[2]


def _shifted(lead: bytes, here: bytes, there: bytes) -> bytes:
    """Give a line that one side wrote the indentation that the other gave its neighbours."""
    head, newline, indent = lead.rpartition(b"\n")
    if here == there or not newline or not indent.startswith(here):
        return lead
    return head + newline + there + indent[len(here) :]


def split_tokens(text: bytes) -> list[Token]:
    """Give each token with the white space before it; the end of the text is one."""
    tokens = [(m[1], m[2]) for m in _TOKEN.finditer(text)]
    # Behind white space at the end the expression finds the end once more.
    return tokens[:-1] if len(tokens) > 1 and not tokens[-2][1] else tokens
