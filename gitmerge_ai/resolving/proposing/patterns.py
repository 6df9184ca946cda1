"""The nine merge patterns: what people make of a conflict, after Svyatkovskiy et al. (MergeBERT).

And three more for a place within a conflict. A pattern works on sequences of texts (lines, words
with the white space before them) and does not know what they are; white space around an element
does not tell it from another.
"""

from collections import Counter
from collections.abc import Callable, Sequence

Elements = Sequence[str]
Pattern = Callable[[Elements, Elements, Elements], list[str]]


def _less(side: Elements, base: Elements) -> list[str]:
    """Give a side less the elements that the base has, blank ones aside: they separate."""
    in_base = {element.strip() for element in base} - {""}
    return [element for element in side if element.strip() not in in_base]


def _new(side: Elements, base: Elements) -> list[str]:
    """Give what a side has more of than the base, the last ones of a kind."""
    known = Counter(element.strip() for element in base)
    found = []
    for element in side:
        known[element.strip()] -= 1
        if known[element.strip()] < 0:
            found.append(element)
    return found


PATTERNS: dict[str, Pattern] = {
    "ours": lambda base, ours, theirs: [*ours],
    "theirs": lambda base, ours, theirs: [*theirs],
    "base": lambda base, ours, theirs: [*base],
    "ours+theirs": lambda base, ours, theirs: [*ours, *theirs],
    "theirs+ours": lambda base, ours, theirs: [*theirs, *ours],
    "ours-base": lambda base, ours, theirs: _less(ours, base),
    "theirs-base": lambda base, ours, theirs: _less(theirs, base),
    "ours+theirs-base": lambda base, ours, theirs: _less([*ours, *theirs], base),
    "theirs+ours-base": lambda base, ours, theirs: _less([*theirs, *ours], base),
}
"""Each pattern by its name, the commonest first."""

WITHIN: dict[str, Pattern] = {
    **PATTERNS,
    "ours, new of theirs": lambda base, ours, theirs: [*ours, *_new(theirs, base)],
    "theirs, new of ours": lambda base, ours, theirs: [*theirs, *_new(ours, base)],
    "neither": lambda base, ours, theirs: [],
}
"""What can be done at a place within a conflict."""


def apply(pattern: str, base: Elements, ours: Elements, theirs: Elements) -> list[str]:
    """Resolve a conflict, or a place within one, by a pattern.

    Args:
        pattern: a name in `WITHIN`.
        base, ours, theirs: the conflict.

    Raises:
        KeyError: there is no such pattern.
    """
    return WITHIN[pattern](base, ours, theirs)
