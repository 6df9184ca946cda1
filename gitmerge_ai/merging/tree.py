"""The three-way merge of trees: what is matched is merged part by part, the rest stays open.

A node's children are merged as a list: their order by diff3 over matched children (as a set where
the language says so), their contents by recursion. Only nodes that both sides changed are entered,
so the cost follows the changes. It settles nothing that the texts do not settle.
"""

from itertools import accumulate

from gitmerge_ai.differ.alignment import Alignment, Slot, align
from gitmerge_ai.differ.sequences import Change, Chunk, diff3, matches
from gitmerge_ai.merging.chains import chained
from gitmerge_ai.merging.indented import settle_indented
from gitmerge_ai.merging.interactions import interact
from gitmerge_ai.merging.lists import BRACKETS, Children, commutative, plain, separated
from gitmerge_ai.merging.pieces import (
    Note,
    Open,
    Piece,
    Pieces,
    as_final,
    has_final,
    is_open,
    merge_lines,
    open_size,
    text_of,
)
from gitmerge_ai.merging.tokens import settle_tokens
from gitmerge_ai.merging.writing import Entry, ListWriter, Region, choose
from gitmerge_ai.syntax.language import Commutative
from gitmerge_ai.syntax.paths import fits, reach
from gitmerge_ai.syntax.tree import Node, Source, blank_lines

MUCH = 4
"""How many times what lines leave open is too much to show what contradicts as a whole."""

_NONE = Children((), 0, 0, None, trailing=False, trails={})


def merge_sources(base: Source, ours: Source, theirs: Source, *, by_token: bool) -> Pieces:
    """Merge three parsed texts.

    Args:
        base, ours, theirs: the texts.
        by_token: whether what the trees leave open is then merged token by token.
    """
    merger = _TreeMerger(_contested(base.text, ours.text, theirs.text), by_token)
    first = base.root if base.text.strip() else None
    return [
        choose(base.root.lead, ours.root.lead, theirs.root.lead),
        *merger.merge(first, ours.root, theirs.root),
        choose(base.tail, ours.tail, theirs.tail),
    ]


def _contested(base: bytes, ours: bytes, theirs: bytes) -> list[tuple[int, int]]:
    """Find the bytes of ours in which lines conflict; only these need to be taken apart."""
    versions = [text.splitlines(keepends=True) for text in (base, ours, theirs)]
    starts = [0, *accumulate(len(line) for line in versions[1])]
    return [
        (starts[chunk.ours.start], starts[chunk.ours.stop])
        for chunk in diff3(*versions)
        if chunk.change is Change.BOTH
    ]


class _TreeMerger:
    """One merge of three trees."""

    def __init__(self, contested: list[tuple[int, int]], by_token: bool) -> None:
        """Begin.

        Args:
            contested: ranges of bytes of ours in which a merge by lines conflicts.
            by_token: whether to merge by token what stays open.
        """
        self.contested = contested
        self.by_token = by_token
        self.tried: dict[Open, Pieces] = {}

    def merge(self, base: Node | None, ours: Node, theirs: Node) -> Pieces:
        """Merge the versions of one node.

        Args:
            base: the common version, or None where both sides added the node.

        Returns:
            The merged text, without the white space before it.
        """
        settled = _unchanged(base, ours, theirs)
        if settled is not None:
            return [settled]
        if base is not None and not self._is_contested(ours):
            by_lines = merge_lines(base.text, ours.text, theirs.text)
            if not is_open(by_lines):
                return by_lines
        as_whole: Pieces = [Open(base.text if base else b"", ours.text, theirs.text, ours.kind)]
        if base is not None and interact(base, ours, theirs):
            by_lines = merge_lines(base.text, ours.text, theirs.text)
            in_part = is_open(by_lines) and MUCH * open_size(by_lines) < open_size(as_whole)
            return as_final(by_lines if in_part else as_whole)
        merged = self._merge_children(base, ours, theirs)
        if self.by_token:
            merged = [piece for part in merged for piece in self._settled(part)]
        if base is None:
            return merged if _is_defensible(merged, ours, theirs) else as_whole
        if not is_open(merged) or has_final(merged):
            return merged
        return _least_open(merged, merge_lines(base.text, ours.text, theirs.text))

    def _settled(self, piece: Piece) -> Pieces:
        """Merge an open region by its lines, then by its tokens; each is tried once."""
        if not isinstance(piece, Open):
            return [piece]
        if piece not in self.tried:
            self.tried[piece] = settle_tokens(settle_indented([piece]))
        return self.tried[piece]

    def _is_contested(self, node: Node) -> bool:
        return any(start < node.end and node.start <= end for start, end in self.contested)

    def _merge_children(self, base: Node | None, ours: Node, theirs: Node) -> Pieces:
        versions = (base, ours, theirs)
        if not _same_shape(base, ours, theirs):
            return [Open(base.text if base else b"", ours.text, theirs.text, ours.kind)]
        if any(n is not None and n.is_group for n in versions):
            b, o, t = (_NONE if n is None else _with_comments(n) for n in versions)
            return self.merge_list(b, o, t, rule=None, separator=b"")
        chains = [chain for n in versions if n is not None and (chain := chained(n))]
        if len(chains) == 3:
            b, o, t = chains
            as_chain = self.merge_list(b, o, t, rule=None, separator=b"")
            if not is_open(as_chain) and Note("adjacent") not in as_chain:
                return as_chain
        rule = commutative(ours)
        found = [_NONE if n is None else separated(n) for n in versions]
        known = {c.separator for c in found if c is not None and c.separator}
        if not known and rule and rule.separator:
            known = {rule.separator.encode()}
        lists = [c for c in found if c is not None]
        separator = known.pop() if len(known) == 1 and len(lists) == 3 else b""
        if not separator:
            lists = [_NONE if n is None else plain(n) for n in versions]
        b, o, t = lists
        return self.merge_list(b, o, t, rule=rule, separator=separator)

    def merge_list(
        self,
        base: Children,
        ours: Children,
        theirs: Children,
        *,
        rule: Commutative | None,
        separator: bytes,
    ) -> Pieces:
        """Merge three versions of a list.

        Args:
            rule: how its members may change places; None if they may not.
            separator: what stands between members.
        """
        alignment = align(base.nodes, ours.nodes, theirs.nodes).settle_moves()
        entries = _Order(alignment, rule).merge()
        if _emptied(alignment, (base, ours, theirs), entries):
            return [Open(base.text, ours.text, theirs.text, "list")]
        writer = ListWriter(alignment.slots, (base, ours, theirs), separator, self.merge)
        return writer.write(entries)


def _unchanged(base: Node | None, ours: Node, theirs: Node) -> bytes | None:
    """Give the merged text where one side has all of it."""
    if base is not None:
        if ours.text == base.text:
            return theirs.text
        if theirs.text == base.text:
            return ours.text
    return ours.text if ours.same_as(theirs) else None


def _same_shape(base: Node | None, ours: Node, theirs: Node) -> bool:
    versions = [n for n in (base, ours, theirs) if n is not None]
    return len({n.kind for n in versions}) == 1 and all(n.children or n.is_group for n in versions)


def _least_open(*candidates: Pieces) -> Pieces:
    return min(candidates, key=open_size)


def _emptied(alignment: Alignment, versions: tuple[Children, ...], entries: list[Entry]) -> bool:
    """Whether a list that has members in every version would have none."""
    members = {
        id(node) for children in versions for node in children.nodes[children.first : children.last]
    }
    if not all(children.first < children.last for children in versions):
        return False
    slots = [alignment.slots[entry] for entry in entries if isinstance(entry, int)]
    nodes = [node for slot in slots for node in (slot.ours, slot.theirs) if node is not None]
    return not any(isinstance(entry, Region) for entry in entries) and not any(
        id(node) in members for node in nodes
    )


def _is_defensible(merged: Pieces, ours: Node, theirs: Node) -> bool:
    """Whether a merge without a base is a union of sets, or one side that has all of the other."""
    if is_open(merged):
        return open_size(merged) < len(ours.text) + len(theirs.text)
    squeezed = b"".join(text_of(merged).split())
    sides = (b"".join(node.text.split()) for node in (ours, theirs))
    return Note("union") in merged or squeezed in sides


def _with_comments(node: Node) -> Children:
    """Take a node with the comments around it as a list, whether or not it has any."""
    nodes = node.children if node.is_group else (node.with_lead(b""),)
    return Children(nodes, 0, len(nodes), b"", trailing=False, trails={})


class _Order:
    """Which slots the merged list has, in which order, and where that stays open."""

    def __init__(self, alignment: Alignment, rule: Commutative | None) -> None:
        self.alignment = alignment
        self.slots = alignment.slots
        self.rule = rule

    def merge(self) -> list[Entry]:
        """Settle chunk by chunk; a slot that both sides added at two places stands once."""
        entries: list[Entry] = []
        done: set[int] = set()
        order = self.alignment
        before = Change.NOBODY
        for chunk in diff3(order.base, order.ours, order.theirs, adjacent=True):
            if {before, chunk.change} == {Change.OURS, Change.THEIRS}:
                entries.append(Note("adjacent"))
            before = chunk.change
            for entry in self._settle(chunk):
                if isinstance(entry, int):
                    if entry in done:
                        continue
                    done.add(entry)
                entries.append(entry)
        return entries

    def _settle(self, chunk: Chunk) -> list[Entry]:
        base = [self.alignment.base[i] for i in chunk.base]
        ours = [self.alignment.ours[i] for i in chunk.ours]
        theirs = [self.alignment.theirs[i] for i in chunk.theirs]
        if chunk.change is Change.NOBODY:
            return list(ours)
        if chunk.change is Change.BOTH and not base:
            return self._settle_additions(ours, theirs)
        return self._settle_changes(chunk.change, base, ours, theirs)

    def _settle_additions(self, ours: list[int], theirs: list[int]) -> list[Entry]:
        """Take apart what both sides added at one place by what they added alike."""
        alike = [(i, j) for i, j in matches(ours, theirs) if self._anchors(ours[i])]
        gaps: list[tuple[list[int], list[int]]] = []
        o = t = 0
        for i, j in [*alike, (len(ours), len(theirs))]:
            gaps.append((ours[o:i], theirs[t:j]))
            o, t = i + 1, j + 1
        if not self._may_join(gaps):
            return [Region((), tuple(ours), tuple(theirs))]
        entries: list[Entry] = []
        for (by_ours, by_theirs), (i, _) in zip(gaps, [*alike, (len(ours), 0)], strict=True):
            if by_ours and by_theirs:
                entries += self._settle_changes(Change.BOTH, [], by_ours, by_theirs)
            else:
                entries += by_ours + by_theirs
            entries += ours[i : i + 1]
        return entries

    def _may_join(self, gaps: list[tuple[list[int], list[int]]]) -> bool:
        """Whether additions that are partly alike go together: as sets, or as one that has all."""
        if all(self._commutes([], by_ours, by_theirs) for by_ours, by_theirs in gaps):
            return True
        return not all(any(gap[side] for gap in gaps) for side in (0, 1)) or len(gaps) == 1

    def _anchors(self, s: int) -> bool:
        """Whether a member is more than a sign that stands anywhere."""
        node = self.slots[s].any
        return node.main.named or node.text in BRACKETS or node.text in BRACKETS.values()

    def _settle_changes(
        self, change: Change, base: list[int], ours: list[int], theirs: list[int]
    ) -> list[Entry]:
        lost = self._lost_edits(base, ours, theirs)
        whole = Region(tuple(base), tuple(ours), tuple(theirs), final=bool(lost))
        replaced = any(not _within(ours if s in theirs else theirs, base) for s in lost)
        if self._commutes(base, ours, theirs):
            return [whole] if replaced else self._as_set(base, ours, theirs)
        if change is Change.BOTH or replaced:
            return [whole]
        if lost:
            return self._as_set(base, ours, theirs)
        return list(theirs if change is Change.THEIRS else ours)

    def _lost_edits(self, base: list[int], ours: list[int], theirs: list[int]) -> set[int]:
        """Find the slots that one side deleted and the other changed."""
        kept = set(ours) & set(theirs)
        return {s for s in base if s not in kept and self._edited(self.slots[s])}

    def _edited(self, slot: Slot) -> bool:
        left = slot.ours or slot.theirs
        if slot.base is None or left is None or (slot.ours and slot.theirs):
            return False
        return not left.same_as(slot.base)

    def _commutes(self, base: list[int], ours: list[int], theirs: list[int]) -> bool:
        """Whether all that either side put here may stand in either order."""
        if self.rule is None:
            return False
        by_ours = [s for s in ours if s not in base]
        by_theirs = [s for s in theirs if s not in base]
        if by_ours and by_theirs and set(base) - set(ours) - set(theirs):
            # Both took the same member away and put something new there: most often in its place.
            return False
        return all(self._pair_commutes(a, b) for a in by_ours for b in by_theirs if a != b)

    def _pair_commutes(self, a: int, b: int) -> bool:
        assert self.rule is not None
        first, second = self.slots[a].any.main, self.slots[b].any.main
        if not any(fits(first, group) and fits(second, group) for group in self.rule.children):
            return False
        alike = _texts(first, self.rule.distinct) & _texts(second, self.rule.distinct)
        return not alike

    def _as_set(self, base: list[int], ours: list[int], theirs: list[int]) -> list[Entry]:
        """Keep what neither side deleted and all that either added; ours' additions first."""
        merged: list[Entry] = []
        for s in ours:
            if s in theirs or s not in base:
                merged.append(s)
            elif self._edited(self.slots[s]):
                merged.append(Region((s,), (s,), (), final=True))
        new_ours = {s for s in ours if s not in base}
        added = any(s in new_ours for s in ours) and any(s not in base for s in theirs)
        before: int | None = None
        for s in theirs:
            if s in merged:
                before = s
                continue
            entry: Entry = s
            if s in base:
                if not self._edited(self.slots[s]):
                    continue
                entry = Region((s,), (), (s,), final=True)
            at = merged.index(before) + 1 if before is not None else 0
            while at < len(merged) and merged[at] in new_ours and not self._precedes(s, merged[at]):
                at += 1
            merged.insert(at, entry)
            before = s if entry == s else before
        return [Note("union"), *merged] if added else merged

    def _precedes(self, s: int, entry: Entry) -> bool:
        """Whether an addition of theirs goes before one of ours, where the list is sorted."""
        if not isinstance(entry, int):
            return False
        a, b = self.slots[s].any, self.slots[entry].any
        by_custom = a.source.row.sorted_members
        if a.main.kind not in by_custom or b.main.kind not in by_custom:
            return False
        if _sort_key(a) >= _sort_key(b):
            return False
        return self._in_order(self.alignment.theirs, s) and self._in_order(
            self.alignment.ours, entry
        )

    def _in_order(self, side: tuple[int, ...], s: int) -> bool:
        """Whether the members around one stand in order, down to the next blank line."""
        nodes = [self.slots[x].any if x != s else self.slots[s].any for x in side]
        kinds = nodes[0].source.row.sorted_members
        first = last = side.index(s)
        while first and not blank_lines(nodes[first].lead) and nodes[first - 1].main.kind in kinds:
            first -= 1
        while (
            last + 1 < len(nodes)
            and not blank_lines(nodes[last + 1].lead)
            and nodes[last + 1].main.kind in kinds
        ):
            last += 1
        texts = [_sort_key(node) for node in nodes[first : last + 1]]
        return len(texts) > 2 and texts == sorted(texts)


def _sort_key(node: Node) -> bytes:
    """Give what a list is sorted by: `a` stands before `a.b`, whatever ends the line."""
    return node.text.rstrip(b";")


def _texts(node: Node, paths: tuple[str, ...]) -> set[bytes]:
    return {part.text for path in paths for part in reach(node, path)}


def _within(some: list[int], all_of: list[int]) -> bool:
    """Whether `some` is a subsequence of `all_of`."""
    rest = iter(all_of)
    return all(s in rest for s in some)
