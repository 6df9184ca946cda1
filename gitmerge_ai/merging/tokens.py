"""The token merge: the three-way token differ on what the trees leave open.

Tokens with the white space before them are aligned as lines are in a line merge: stretches that
one side changed take that side's text. Two changes that touch are a conflict.
"""

import re

from gitmerge_ai.differ.sequences import Change, diff3
from gitmerge_ai.merging.pieces import Note, Open, Pieces

_TOKEN = re.compile(
    rb"(\s*)"
    rb"([A-Za-z_\x80-\xff][\w\x80-\xff]*"
    rb"|\d[\w.]*"
    rb'|"(?:\\.|[^"\\\n])*"'
    rb"|'(?:\\.|[^'\\\n])*'"
    rb"|[^\w\s]"
    rb"|\Z)"
)
"""White space and a token. A string is one: half of either side's would be nobody's."""


def merge_tokens(region: Open) -> Pieces | None:
    """Merge an open region token by token.

    Returns:
        The merged text, or None if tokens conflict too or if there is nothing to go by.
    """
    if not region.base.strip():
        return None
    base, ours, theirs = (_split(t) for t in (region.base, region.ours, region.theirs))
    keys = [[token for _, token in side] for side in (base, ours, theirs)]
    pieces: Pieces = [Note("token")]
    before = Change.NOBODY
    for chunk in diff3(*keys, adjacent=True):
        if chunk.change is Change.BOTH:
            return None
        if {before, chunk.change} == {Change.OURS, Change.THEIRS}:
            pieces.append(Note("adjacent"))
        before = chunk.change
        if chunk.change is Change.NOBODY:
            for b, o, t in zip(chunk.base, chunk.ours, chunk.theirs, strict=True):
                space = theirs[t][0] if ours[o][0] == base[b][0] else ours[o][0]
                pieces.append(space + ours[o][1])
            continue
        side, places = (
            (theirs, chunk.theirs) if chunk.change is Change.THEIRS else (ours, chunk.ours)
        )
        pieces.extend(space + token for space, token in (side[i] for i in places))
    return pieces


def _split(text: bytes) -> list[tuple[bytes, bytes]]:
    """Give each token with the white space before it; the end of the text is one."""
    return [(m[1], m[2]) for m in _TOKEN.finditer(text)]
