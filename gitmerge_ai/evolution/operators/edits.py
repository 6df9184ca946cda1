"""An edit of a text and what is made with it: the new text, its summary. It chooses nothing."""

from typing import NamedTuple

from gitmerge_ai.evolution.operators.reading import Site

SHOWN = 40
"""Characters of either text that a summary shows."""


class Edit(NamedTuple):
    """Bytes `start` to `end` of a text become `new`.

    line: of the place, from 1. rank: of the edits of one operator at one place, from 0; later ones
    are less likely.
    """

    operator: str
    start: int
    end: int
    new: bytes
    line: int
    rank: int = 0

    def apply(self, text: bytes) -> bytes:
        """Give the text with the edit made."""
        return text[: self.start] + self.new + text[self.end :]

    def summary(self, text: bytes) -> str:
        """Say what the edit does to a text."""
        old, new = (_short(part) for part in (text[self.start : self.end], self.new))
        return f"{self.operator} in line {self.line}: {old} -> {new}"


class Splice(NamedTuple):
    """What an operator gives where it changes more than its own place."""

    start: int
    end: int
    new: bytes


Made = bytes | Splice
"""What an operator gives: the new text of the place, or a splice around it."""


def edit(operator: str, site: Site, made: Made, rank: int = 0) -> Edit:
    """Make an edit of what an operator gave for a place."""
    if isinstance(made, Splice):
        return Edit(operator, *made, site.line, rank)
    return Edit(operator, site.node.start_byte, site.node.end_byte, made, site.line, rank)


def _short(text: bytes) -> str:
    words = " ".join(text.decode(errors="replace").split())
    return words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"
