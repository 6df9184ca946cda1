"""Edits of two sides that do not overlap and yet are about one thing: left to the person.

`c ? a : b` became `!c ? a : b` on one side and `c ? b : a` on the other: both turned it round, and
what keeps both edits is what it was before. Only shapes that the tree tells for sure are looked
at, by what the kinds of most grammars are called; a kind that no expression here knows is merged
as ever.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from gitmerge_ai.syntax.tree import Node

_BRANCHING = re.compile(
    r"(?:if|unless|ternary|conditional|switch|expression_switch|match|when|case)(?:_|$)"
)
_ARM = re.compile(
    r"else|elif|elsif|then$|case|arm$|when_entry|switch_(?:rule|section|entry|block_statement_group)"
)
_LOOP = re.compile(r"(?:c_style_)?for_(?:statement|clause|expression|loop)$")
_WORD = re.compile(rb"\w+|[<>=!]=?=?|[^\w\s]")
_BOUND = re.compile(rb"\d\w*|[<>]=?|[!=]==?|[-+]")
_ENCLOSING = frozenset((b"{", b"}", b"(", b")", b";", b":"))

_OPPOSITES = [
    {b"==", b"!="},
    {b"===", b"!=="},
    {b"<", b">="},
    {b">", b"<="},
    {b"true", b"false"},
    {b"True", b"False"},
    {b"eq", b"ne"},
]
_NEGATIONS = frozenset((b"!", b"not"))

Part = tuple[bytes, ...]
"""The words of a condition or of a branch."""


def interact(base: Node, ours: Node, theirs: Node) -> bool:
    """Whether the two sides' edits of one node change what the other side's means.

    Args:
        base, ours, theirs: the versions of the node, all different.
    """
    kind = base.kind
    if ours.kind != kind or theirs.kind != kind:
        return False
    if _LOOP.match(kind):
        return all(_moves_bound(base, side) for side in (ours, theirs))
    if not _BRANCHING.match(kind):
        return False
    parts, by_ours, by_theirs = (tuple(_parts(node)) for node in (base, ours, theirs))
    return _turned(parts, by_ours, by_theirs) or _turned(parts, by_theirs, by_ours)


def _parts(node: Node) -> Iterator[Part]:
    """Give conditions and branches in order, those of `else` and of the arms of a switch too."""
    for child in node.children:
        main = child.main
        if not main.named or main.is_comment:
            continue
        if _ARM.search(main.kind) and main.children:
            yield from _parts(main)
        else:
            yield _bare(main.text)


def _bare(text: bytes) -> Part:
    """Give the words of a text without the brackets around it."""
    words = _WORD.findall(text)
    first, last = 0, len(words)
    while first < last and words[first] in _ENCLOSING:
        first += 1
    while first < last and words[last - 1] in _ENCLOSING:
        last -= 1
    return tuple(words[first:last])


def _turned(base: tuple[Part, ...], side: tuple[Part, ...], other: tuple[Part, ...]) -> bool:
    """Whether one side turned branches round, in either way, and the other changed them too."""
    if len(base) != len(side):
        return False
    if len(base) != len(other):
        elsewhere = set(range(len(base)))
    else:
        elsewhere = {i for i in range(len(base)) if base[i] != other[i]}
    changed = [i for i in range(len(base)) if base[i] != side[i]]
    if len(changed) == 1 and _negates(base[changed[0]], side[changed[0]]):
        return bool(elsewhere - set(changed))
    return any(
        base[i] == side[j] and base[j] == side[i] and elsewhere & {i - 1, i, j - 1, j}
        for i, j in combinations(changed, 2)
    )


def _negates(before: Part, after: Part) -> bool:
    """Whether a condition became its opposite."""
    gone, new = _difference(before, after), _difference(after, before)
    if len(gone) + len(new) == 1:
        return (gone + new)[0] in _NEGATIONS
    return len(gone) == len(new) == 1 and {gone[0], new[0]} in _OPPOSITES


def _difference(a: Part, b: Part) -> list[bytes]:
    return [word for word in (Counter(a) - Counter(b)).elements() if word not in _ENCLOSING]


def _moves_bound(base: Node, side: Node) -> bool:
    """Whether a side changed where a loop begins or ends, or its step."""
    before, after = _header(base), _header(side)
    moved = _difference(before, after) + _difference(after, before)
    return any(map(_BOUND.fullmatch, moved))


def _header(loop: Node) -> Part:
    parts = [child for child in loop.children if child.main.named and child.main.field != "body"]
    return tuple(word for part in parts for word in _WORD.findall(part.text))
