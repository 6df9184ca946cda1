"""What the screen shows, line by line, as values: no widget and no colour is known here.

A `Page` is made of blocks and gives single rows on demand, so that a long file costs as much as
its conflicts.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

from gitmerge_ai.differ.sequences import matches
from gitmerge_ai.interface.mergetool.session import Document
from gitmerge_ai.text.lines import split
from gitmerge_ai.text.markers import Region
from gitmerge_ai.text.words import tokens
from gitmerge_ai.values import Resolution

Marks = tuple[tuple[int, int], ...]
"""Stretches of a line, as character offsets."""

MOST_TOKENS = 5_000
"""Tokens of a side above which words are not compared."""

TAB = 4
_ODD = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Row:
    """A line to show.

    number: in its text, 0 for a heading.
    sign: one character that says without colour what `look` says with it.
    look: "clean", "current", "chosen", "open", "ours", "theirs", "base" or "heading".
    marks: the words that changed.
    code: the line of `Page.code` that this is, `None` where it is not code.
    """

    number: int
    sign: str
    text: str
    look: str
    marks: Marks = ()
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that look alike; `first` is the number of the first, `code` its line of the code."""

    lines: Sequence[str]
    look: str
    sign: str = " "
    first: int = 1
    code: int | None = None
    marks: Sequence[Marks] = ()


@dataclass(frozen=True)
class Page:
    """Blocks one under the other, the code that is coloured by its syntax, and what to look at."""

    blocks: tuple[Block, ...]
    code: str
    focus: tuple[int, int] = (0, 0)
    _ends: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ends", tuple(accumulate(len(b.lines) for b in self.blocks)))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __getitem__(self, at: int) -> Row:
        which = bisect_right(self._ends, at)
        block = self.blocks[which]
        within = at - (self._ends[which] - len(block.lines))
        marks = block.marks[within] if within < len(block.marks) else ()
        code = None if block.code is None else block.code + within
        number = block.first + within if block.first else 0
        return Row(number, block.sign, block.lines[within], block.look, marks, code)

    @property
    def last(self) -> int:
        """The highest line number."""
        return max((b.first + len(b.lines) - 1 for b in self.blocks if b.first), default=0)

    @property
    def width(self) -> int:
        """The length of the longest line, about."""
        return max((_widest(tuple(b.lines)) for b in self.blocks), default=0)


def document_page(
    document: Document, row: tuple[Resolution | None, ...], slot: int, preview: str | None
) -> Page:
    """Show a document as it would be written now, with a text in the place of one conflict.

    Args:
        document: what is shown.
        row: its choices.
        slot: the conflict that is looked at.
        preview: what to show in its place, `None` to show it as it stands.
    """
    blocks: list[Block] = []
    code: list[str] = []
    focus = (0, 0)
    line = code_line = 1
    at = -1
    for segment in document.segments:
        look, sign = "clean", " "
        text = segment if isinstance(segment, str) else None
        if isinstance(segment, Region):
            at += 1
            choice = row[at]
            look, sign = "chosen", "✓"
            text = choice.text if choice else None
            if at == slot:
                look, sign = "current", "▌"
                text = preview if preview is not None else text
        if isinstance(text, str):
            lines = _lines(text)
            blocks.append(Block(lines, look, sign, line, code_line))
            code.append(text)
            code_line += text.count("\n")
        else:
            assert isinstance(segment, Region)
            lines = _lines(segment.text)
            blocks.append(Block(lines, "current" if at == slot else "open", "!", line))
            code.append(segment.ours)
            code_line += segment.ours.count("\n")
        if at == slot and isinstance(segment, Region):
            focus = (line - 1, max(1, len(lines)))
            if not lines:
                blocks.append(Block(("(nothing)",), "heading", sign, 0))
        line += len(lines)
    return Page(tuple(blocks), "".join(code), focus)


def text_page(text: str) -> Page:
    """Show a text in the place of a whole file."""
    if not text:
        return Page((Block(("(nothing)",), "heading", "▌", 0),), "")
    return Page((Block(_lines(text), "current", "▌", 1, 1),), text)


def side_pages(region: Region, starts: dict[str, int]) -> dict[str, Page]:
    """Show the sides of a conflict, their words compared with the base, or with each other.

    Args:
        region: the conflict.
        starts: the number of each side's first line.
    """
    texts = {"ours": region.ours, "base": region.base, "theirs": region.theirs}
    marks = _marks(region)
    pages = {}
    for side, text in texts.items():
        if not text:
            words = "(not known)" if text is None else "(nothing)"
            pages[side] = Page((Block((words,), "heading", " ", 0),), "")
            continue
        blocks = []
        for at, (line, marked) in enumerate(zip(_lines(text), marks[side], strict=True)):
            sign = ("-" if side == "base" else "+") if marked else " "
            blocks.append(Block((line,), side, sign, starts[side] + at, at + 1, (marked,)))
        pages[side] = Page(tuple(blocks), text)
    return pages


def stacked(pages: dict[str, Page], names: dict[str, str]) -> Page:
    """Put the sides' pages one under the other, each with its name above it.

    Args:
        pages: of the sides.
        names: of the sides.
    """
    blocks: list[Block] = []
    code: list[str] = []
    line = 0
    for side, page in pages.items():
        blocks.append(Block((names[side],), "heading", "─", 0))
        for block in page.blocks:
            shift = None if block.code is None else block.code + line
            blocks.append(
                Block(block.lines, block.look, block.sign, block.first, shift, block.marks)
            )
        text = page.code if page.code.endswith("\n") or not page.code else page.code + "\n"
        code.append(text)
        line += text.count("\n")
    return Page(tuple(blocks), "".join(code))


def shown(text: str, marks: Sequence[tuple[int, int]] = ()) -> tuple[str, list[tuple[int, int]]]:
    """Make a line fit to be shown: tabs spread out, what a terminal would obey or hide made plain.

    Args:
        text: a line.
        marks: stretches of it.

    Returns:
        The line, and the stretches in it.
    """
    if not _ODD.search(text):
        return text, list(marks)
    parts: list[str] = []
    places = [0]
    for char in text:
        if char == "\t":
            part = " " * (TAB - places[-1] % TAB)
        elif _ODD.match(char):
            part = chr(0x2400 + ord(char)) if char < " " else "�"
        else:
            part = char
        parts.append(part)
        places.append(places[-1] + len(part))
    last = len(text)
    return "".join(parts), [(places[min(a, last)], places[min(b, last)]) for a, b in marks]


@lru_cache(maxsize=4096)
def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.removesuffix("\n").removesuffix("\r") for line in split(text))


@lru_cache(maxsize=4096)
def _widest(lines: tuple[str, ...]) -> int:
    return max((len(line) + line.count("\t") * (TAB - 1) for line in lines), default=0)


def _marks(region: Region) -> dict[str, list[Marks]]:
    """Find the words of each side that changed."""
    sides = {side: tokens(getattr(region, side) or "") for side in ("base", "ours", "theirs")}
    if max(map(len, sides.values())) > MOST_TOKENS:
        return {side: [()] * len(_lines("".join(found))) for side, found in sides.items()}
    if not sides["base"]:
        pairs = matches(sides["ours"], sides["theirs"])
        kept = {"base": set(), "ours": {a for a, _ in pairs}, "theirs": {b for _, b in pairs}}
    else:
        by_ours = matches(sides["base"], sides["ours"])
        by_theirs = matches(sides["base"], sides["theirs"])
        kept = {
            "base": {a for a, _ in by_ours} & {a for a, _ in by_theirs},
            "ours": {b for _, b in by_ours},
            "theirs": {b for _, b in by_theirs},
        }
    return {side: _by_line(found, kept[side]) for side, found in sides.items()}


def _by_line(found: list[str], kept: set[int]) -> list[Marks]:
    """Give the stretches of each line that are not kept; white space alone does not count."""
    lines: list[list[tuple[int, int]]] = [[]]
    column = 0
    for at, token in enumerate(found):
        if at not in kept and not token.isspace():
            last = lines[-1]
            if last and last[-1][1] == column:
                last[-1] = (last[-1][0], column + len(token))
            else:
                last.append((column, column + len(token)))
        breaks = token.count("\n")
        lines += [[] for _ in range(breaks)]
        column = len(token) - token.rfind("\n") - 1 if breaks else column + len(token)
    if column == 0 and len(lines) > 1:
        lines.pop()
    return [tuple(line) for line in lines]
