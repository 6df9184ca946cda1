"""Writing a merged list: white space, separators and indentation as the file has them.

It decides how a list looks, never what is in it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple, TypeVar

from gitmerge_ai.differ.alignment import Slot
from gitmerge_ai.merging.lists import Children
from gitmerge_ai.merging.pieces import Note, Open, Pieces
from gitmerge_ai.syntax.tree import Node


class Region(NamedTuple):
    """A part of a list that stays open: the slots that each version has there.

    final: as in `pieces.Open`.
    """

    base: tuple[int, ...]
    ours: tuple[int, ...]
    theirs: tuple[int, ...]
    final: bool = False


Entry = int | Region | Note
"""A slot that the merged list has, a region left open, or a note on a decision."""

_KEPT = b"\0"
"""Stands for a line break inside a token; what is merged is text and holds no such byte."""

T = TypeVar("T")
Merger = Callable[[Node | None, Node, Node], Pieces]


def choose(base: T, ours: T, theirs: T) -> T:
    """Take what either side changed; ours where both did."""
    return theirs if ours == base else ours


class _Version:
    """One version of the list, and where each slot's node stands in it."""

    def __init__(self, children: Children, place: dict[int, int]) -> None:
        self.children = children
        self.place = place

    def is_first(self, slot: int) -> bool:
        """Whether nothing but an opening bracket stands before it."""
        return self.place.get(slot) == self.children.first

    def is_member(self, slot: int) -> bool:
        """Whether it is neither an opening nor a closing token of the list."""
        at = self.place.get(slot)
        return at is not None and self.children.first <= at < self.children.last

    def lead(self, slot: int) -> bytes | None:
        at = self.place.get(slot)
        return None if at is None else self.children.nodes[at].lead

    def lead_of_first(self) -> bytes | None:
        members = self.children.nodes[self.children.first : self.children.last]
        return members[0].lead if members else None

    def lead_between(self, slot: int | None = None) -> bytes | None:
        """The white space before the member after `slot`, or else before most members."""
        nodes = self.children.nodes
        if slot is not None:
            after = self.place[slot] + 1
            if after < self.children.last:
                return nodes[after].lead
        return self.usual_lead

    @cached_property
    def usual_lead(self) -> bytes | None:
        """The white space before most members but the first."""
        members = self.children.nodes[self.children.first + 1 : self.children.last]
        leads = Counter(n.lead for n in members if n.main.named)
        return max(leads, key=leads.__getitem__, default=None)


class ListWriter:
    """Writes one merged list from the slots and the three versions it comes from."""

    def __init__(
        self,
        slots: Sequence[Slot],
        versions: tuple[Children, Children, Children],
        separator: bytes,
        merger: Merger,
    ) -> None:
        self.slots = slots
        self.separator = separator
        self.merger = merger
        base, ours, theirs = versions
        self.base = _Version(base, _places(base, [s.base for s in slots]))
        self.ours = _Version(ours, _places(ours, [s.ours for s in slots]))
        self.theirs = _Version(theirs, _places(theirs, [s.theirs for s in slots]))
        indents = [v.indent for v in versions]
        known = [i for i in (indents[1], indents[2], indents[0]) if i is not None]
        b, o, t = (known[0] if i is None and known else i for i in indents)
        self.indent = choose(b, o, t)
        has_base = base.first < base.last
        self.trailing = (
            choose(base.trailing, ours.trailing, theirs.trailing)
            if has_base
            else ours.trailing or theirs.trailing
        )

    def write(self, entries: Sequence[Entry]) -> Pieces:
        """Give the text of the list.

        Args:
            entries: what it has, in order.
        """
        pieces: Pieces = []
        last_member = max(
            (i for i, e in enumerate(entries) if self._is_member(e)), default=len(entries)
        )
        members = 0
        after_comment = False
        for index, entry in enumerate(entries):
            if isinstance(entry, Note):
                pieces.append(entry)
                continue
            separate = self.separator if index < last_member or self.trailing else b""
            if isinstance(entry, Region):
                pieces.append(self._open(entry, separate, last=index == last_member))
                members += 1
                continue
            is_member = self._is_member(entry)
            content = self._content(entry, first=members == 0)
            if after_comment and isinstance(content[0], bytes) and b"\n" not in content[0]:
                content[0] = b"\n" + (self.indent or b"")
            pieces.extend(content)
            after_comment = self.slots[entry].any.ends_in_line_comment
            if is_member:
                members += 1
                pieces.append(separate)
                pieces.append(self._trail(entry))
        return pieces

    def _is_member(self, entry: Entry) -> bool:
        if isinstance(entry, Region):
            return True
        if isinstance(entry, Note):
            return False
        return any(v.is_member(entry) for v in (self.base, self.ours, self.theirs))

    def _content(self, entry: int, *, first: bool) -> Pieces:
        slot = self.slots[entry]
        lead = self._lead(entry, first=first)
        if slot.ours and slot.theirs:
            return [lead, *self.merger(slot.base, slot.ours, slot.theirs)]
        side = self.ours if slot.ours else self.theirs
        return [lead, self._body_at_home(side, slot.any)]

    def _lead(self, entry: int, *, first: bool) -> bytes:
        having = [v for v in (self.ours, self.theirs) if entry in v.place]
        leads = [v.lead(entry) for v in having]
        in_base = self.base.lead(entry)
        by_all = len(having) == 2 and in_base is not None
        lead = (choose(in_base, leads[0], leads[1]) if by_all else leads[0]) or b""
        if not self._is_member(entry):
            return lead
        was_first = [v for v in having if v.is_first(entry) and v.lead(entry) == lead]
        if first and not any(v.is_first(entry) for v in having):
            lead = self._first_lead(lead)
        elif (
            not first
            and was_first
            and not any(v.lead(entry) == lead and not v.is_first(entry) for v in having)
        ):
            lead = self._next_lead(entry, lead, was_first[0])
        elif not first and len(having) == 1:
            lead = self._spread(lead)
        return lead if by_all else self._at_home(having[0], lead)

    def _first_lead(self, lead: bytes) -> bytes:
        leads = [v.lead_of_first() for v in (self.base, self.ours, self.theirs)]
        known = [x for x in leads if x is not None]
        return known[0] if known else lead

    def _next_lead(self, entry: int, lead: bytes, side: _Version) -> bytes:
        """Find white space for a member that was its version's first and is so no more."""
        for found in (
            side.lead_between(entry),
            self.ours.lead_between(),
            self.theirs.lead_between(),
            self.base.lead_between(),
        ):
            if found is not None:
                return found
        if b"\n" in lead:
            return b"\n" + lead if b"\n" in self.slots[entry].any.text else lead
        return b" " if self.separator else b"\n"

    def _spread(self, lead: bytes) -> bytes:
        """Put an addition on a line of its own, or not, where the other side changed that."""
        before = self.base.lead_between()
        for version in (self.ours, self.theirs):
            usual = version.lead_between()
            if usual is None or before is None or not (self.separator or b"\n" in usual):
                continue  # Statements that nothing parts are never put on one line.
            if (b"\n" in usual) != (b"\n" in before) and (b"\n" in lead) == (b"\n" in before):
                return usual
        return lead

    def _move(self, side: _Version) -> tuple[bytes, bytes] | None:
        """Tell from which indentation to which a version's text goes, `None` if it stays."""
        there, here = side.children.indent, self.indent
        return None if there is None or here is None or there == here else (there, here)

    def _at_home(self, side: _Version, text: bytes) -> bytes:
        """Give a text of one version the indentation of the merged list."""
        move = self._move(side)
        if move is None:
            return text
        there, here = move
        head, newline, rest = text.partition(b"\n")
        lines = rest.split(b"\n") if newline else []
        moved = [
            here + line[len(there) :] if line.startswith(there) and line.strip() else line
            for line in lines
        ]
        if moved and not text.strip():
            moved[-1] = here if lines[-1] == there else lines[-1]
        return head + newline + b"\n".join(moved)

    def _body_at_home(self, side: _Version, node: Node) -> bytes:
        """Give a node the indentation of the merged list, but for what is inside its strings."""
        if self._move(side) is None:
            return node.text
        source, at, text = node.source.text, node.start, b""
        for token in node.tokens():
            if b"\n" in token.text and token.is_string:
                text += source[at : token.start] + token.text.replace(b"\n", _KEPT)
                at = token.end
        return self._at_home(side, text + source[at : node.end]).replace(_KEPT, b"\n")

    def _trail(self, entry: int) -> bytes:
        ours, theirs = (
            v.children.trails.get(v.place[entry], b"") if entry in v.place else None
            for v in (self.ours, self.theirs)
        )
        if ours is None or theirs is None:
            return ours or theirs or b""
        at = self.base.place.get(entry)
        base = self.base.children.trails.get(at, b"") if at is not None else b""
        return choose(base, ours, theirs)

    def _open(self, region: Region, separate: bytes, *, last: bool) -> Open:
        base = self._raw(self.base, region.base, separate, last=last)
        ours = self._raw(self.ours, region.ours, separate, last=last)
        theirs = self._raw(self.theirs, region.theirs, separate, last=last)
        kinds = [self.slots[s].any.kind for s in (*region.ours, *region.theirs, *region.base)]
        return Open(base, ours, theirs, kinds[0] if kinds else "", region.final)

    def _raw(self, side: _Version, slots: Sequence[int], separate: bytes, *, last: bool) -> bytes:
        """Write one version of an open region as that version has it."""
        text = b""
        for index, slot in enumerate(slots):
            at = side.place[slot]
            node = side.children.nodes[at]
            ends = last and index == len(slots) - 1
            behind = separate if ends else self.separator
            if not side.is_member(slot):
                behind = b""
            trail = side.children.trails.get(at, b"")
            text += self._at_home(side, node.lead) + self._body_at_home(side, node) + behind + trail
        return text


def _places(children: Children, nodes: Sequence[Node | None]) -> dict[int, int]:
    at = {id(node): i for i, node in enumerate(children.nodes)}
    return {slot: at[id(node)] for slot, node in enumerate(nodes) if node is not None}
