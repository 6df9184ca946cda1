"""The nine merge patterns: what people make of a conflict, after Svyatkovskiy et al. (MergeBERT).

A pattern works on sequences of anything hashable (lines, tokens) and does not know what they are.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

Elements = Sequence[Hashable]


def _less(side: Sequence[T], base: Sequence[T]) -> list[T]:
    """Give a side less the elements that the base has, blank ones aside: they separate."""
    in_base = set(base)
    return [e for e in side if e not in in_base or (isinstance(e, str) and e.isspace())]


PATTERNS: dict[str, Callable[[Elements, Elements, Elements], list[Hashable]]] = {
    "ours": lambda base, ours, theirs: list(ours),
    "theirs": lambda base, ours, theirs: list(theirs),
    "base": lambda base, ours, theirs: list(base),
    "ours+theirs": lambda base, ours, theirs: [*ours, *theirs],
    "theirs+ours": lambda base, ours, theirs: [*theirs, *ours],
    "ours-base": lambda base, ours, theirs: _less(ours, base),
    "theirs-base": lambda base, ours, theirs: _less(theirs, base),
    "ours+theirs-base": lambda base, ours, theirs: _less([*ours, *theirs], base),
    "theirs+ours-base": lambda base, ours, theirs: _less([*theirs, *ours], base),
}
"""Each pattern by its name, the commonest first."""


def apply(pattern: str, base: Sequence[T], ours: Sequence[T], theirs: Sequence[T]) -> list[T]:
    """Resolve a conflict by a pattern.

    Args:
        pattern: a name in `PATTERNS`.
        base, ours, theirs: the conflict.

    Raises:
        KeyError: there is no such pattern.
    """
    found: list[T] = PATTERNS[pattern](base, ours, theirs)  # type: ignore[assignment]
    return found
