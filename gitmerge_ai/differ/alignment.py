"""Three versions of a list of children, aligned: which are one, and who put which where."""

from collections.abc import Sequence
from typing import NamedTuple

from gitmerge_ai.differ.matching import SHORTEST_MOVE, match_children, similarity
from gitmerge_ai.differ.sequences import increasing
from gitmerge_ai.syntax.tree import Node

SAME_ADDITION = 0.8
"""Least similarity of two additions of several lines that are versions of one."""


class Slot(NamedTuple):
    """One member of a list, in the versions that have it."""

    base: Node | None
    ours: Node | None
    theirs: Node | None

    @property
    def any(self) -> Node:
        """A version: ours, or else theirs, or else the base's."""
        found = self.ours or self.theirs or self.base
        assert found is not None
        return found


class Alignment(NamedTuple):
    """The slots, and the order (indices of slots) in which each version has them."""

    slots: tuple[Slot, ...]
    base: tuple[int, ...]
    ours: tuple[int, ...]
    theirs: tuple[int, ...]

    def settle_moves(self) -> "Alignment":
        """Leave a slot that one side moved only where that side put it.

        A slot that both moved stays where ours put it.
        """
        by_ours = _moved(self.base, self.ours)
        by_theirs = _moved(self.base, self.theirs) - by_ours
        if not (by_ours or by_theirs):
            return self
        return Alignment(
            self.slots,
            tuple(s for s in self.base if s not in by_ours and s not in by_theirs),
            tuple(s for s in self.ours if s not in by_theirs),
            tuple(s for s in self.theirs if s not in by_ours),
        )


def _moved(base: Sequence[int], side: Sequence[int]) -> set[int]:
    place = {slot: at for at, slot in enumerate(side)}
    pairs = [(i, place[slot]) for i, slot in enumerate(base) if slot in place]
    stayed = {base[i] for i, _ in increasing(pairs)}
    return {base[i] for i, _ in pairs} - stayed


def align(base: Sequence[Node], ours: Sequence[Node], theirs: Sequence[Node]) -> Alignment:
    """Align three lists of siblings by matching either side with the base, and what both added."""
    to_ours = match_children(base, ours)
    to_theirs = match_children(base, theirs)
    new_ours = sorted(set(range(len(ours))) - set(to_ours.values()))
    new_theirs = sorted(set(range(len(theirs))) - set(to_theirs.values()))
    added = _same_additions(ours, theirs, new_ours, new_theirs, two_way=not base)
    places = _places(to_ours, len(ours)), _places(to_theirs, len(theirs))
    added = {
        j: k for j, k in added.items() if places[0][j] & places[1][k] or _is_told_anywhere(ours[j])
    }

    rows: list[tuple[int | None, int | None, int | None]] = [
        (i, to_ours.get(i), to_theirs.get(i)) for i in range(len(base))
    ]
    rows += [(None, j, added.get(j)) for j in new_ours]
    rows += [(None, None, k) for k in new_theirs if k not in set(added.values())]
    slots = tuple(Slot(_at(base, i), _at(ours, j), _at(theirs, k)) for i, j, k in rows)
    return Alignment(slots, *(_order(rows, version) for version in range(3)))


def _places(matched: dict[int, int], size: int) -> list[set[tuple[str, int]]]:
    """Give for each child of a side the base's children that it stands between, -1 for the ends."""
    in_base = {j: i for i, j in matched.items()}
    places: list[set[tuple[str, int]]] = [set() for _ in range(size)]
    for side, indices in (("behind", range(size)), ("before", reversed(range(size)))):
        last = -1
        for j in indices:
            last = in_base.get(j, last)
            places[j].add((side, last))
    return places


def _is_told_anywhere(node: Node) -> bool:
    """Whether a text is one addition where the sides put it at two places, and not two alike."""
    return node.signature() is not None or len(node.text) >= SHORTEST_MOVE


def _at(nodes: Sequence[Node], index: int | None) -> Node | None:
    return None if index is None else nodes[index]


def _order(rows: list[tuple[int | None, int | None, int | None]], version: int) -> tuple[int, ...]:
    places = ((row[version], slot) for slot, row in enumerate(rows))
    return tuple(slot for place, slot in sorted((p, s) for p, s in places if p is not None))


def _same_additions(
    ours: Sequence[Node],
    theirs: Sequence[Node],
    new_ours: list[int],
    new_theirs: list[int],
    *,
    two_way: bool,
) -> dict[int, int]:
    """Match what both sides added: one text, one signature, or nearly one text of several lines.

    Where the base has nothing at all, a node without a name is the other's if it is the only one
    of its kind, as the body of a class is.
    """
    if not (new_ours and new_theirs):
        return {}
    first = [ours[j] for j in new_ours]
    second = [theirs[k] for k in new_theirs]
    return {
        new_ours[i]: new_theirs[j]
        for i, j in match_children(first, second).items()
        if _same_addition(first[i], second[j])
        or (two_way and _is_only(first, i) and _is_only(second, j) and _alike(first[i], second[j]))
    }


def _is_only(nodes: list[Node], index: int) -> bool:
    return sum(node.kind == nodes[index].kind for node in nodes) == 1


def _alike(a: Node, b: Node) -> bool:
    return a.kind == b.kind and a.signature() is None and b.signature() is None


def _same_addition(a: Node, b: Node) -> bool:
    if a.same_as(b):
        return True
    signature = a.signature()
    if signature is not None or b.signature() is not None:
        return signature == b.signature()
    return b"\n" in a.text and similarity(a, b) >= SAME_ADDITION
