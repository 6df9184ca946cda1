"""A node's children as the list that a merge works on: its members, and how they are written.

Where members stand between separators (`a, b, c`), the separators are taken out, so that adding a
last member does not touch the one before it, and put back when the list is written.
"""

from collections import Counter
from typing import NamedTuple

from gitmerge_ai.syntax.language import Commutative
from gitmerge_ai.syntax.paths import fits
from gitmerge_ai.syntax.tree import Node, with_trail, without_trail

SEPARATORS = (b",", b";", b"|", b"&", b"+", b"&&", b"||", b"and", b"or")
ENDS = (b":", b"->", b"=>")
"""Signs that end a list of what something is for."""
BRACKETS = {b"(": b")", b"[": b"]", b"{": b"}", b"<": b">"}


class Children(NamedTuple):
    """The children of one version of a node.

    nodes: all but separators. first, last: the range of `nodes` that are members of the list.
    separator: what stands between members; b"" if nothing does, None if it cannot be told (fewer
        than two members). trailing: whether one stands behind the last member.
    trails: for a member's index, the comment behind its separator, with its white space.
    """

    nodes: tuple[Node, ...]
    first: int
    last: int
    separator: bytes | None
    trailing: bool
    trails: dict[int, bytes]

    @property
    def text(self) -> bytes:
        """The source that the children cover, separators and all, but for white space before."""
        if not self.nodes:
            return b""
        return self.nodes[0].source.text[self.nodes[0].start : self.nodes[-1].end]

    @property
    def indent(self) -> bytes | None:
        """What most members that begin a line are indented by."""
        members = self.nodes[self.first : self.last]
        found = Counter(n.lead.rpartition(b"\n")[2] for n in members if b"\n" in n.lead)
        return max(found, key=found.__getitem__, default=None)


def commutative(node: Node) -> Commutative | None:
    """Find the rule by which a node's children may change places."""
    kind = node.main.kind
    for rule in node.source.row.commutative:
        above, _, parent = rule.parent.rpartition("/")
        if parent == kind and above in ("", node.main.above):
            return rule
    return None


def plain(node: Node) -> Children:
    """Take every child as it stands, a terminator (`;`) with what it ends."""
    nodes: list[Node] = []
    for child in node.children:
        if child.text == b";" and nodes and nodes[-1].named and not (child.named or child.lead):
            nodes[-1] = with_trail(nodes[-1], child)
        else:
            nodes.append(child)
    first = next((i for i, n in enumerate(nodes) if n.named), len(nodes))
    last = next((i + 1 for i in reversed(range(len(nodes))) if nodes[i].named), first)
    return Children(tuple(nodes), first, last, b"", trailing=False, trails={})


def separated(node: Node) -> Children | None:
    """Take the separators out.

    Returns:
        The list, or None if the children do not stand as members between separators.
    """
    nodes = node.children
    for separator in SEPARATORS:
        places = [i for i, n in enumerate(nodes) if i and n.text == separator and not n.named]
        if places and (found := _between(nodes, places, separator)):
            return found
    if len(nodes) >= 2 and BRACKETS.get(nodes[0].text) == nodes[-1].text:
        return _single(nodes)
    return _lone_member(node)


def _lone_member(node: Node) -> Children | None:
    """Find the one member of a list without brackets, such as what a class extends."""
    rule = commutative(node)
    if rule is None or not rule.separator:
        return None
    nodes = node.children
    members = [i for i, n in enumerate(nodes) if any(fits(n, group) for group in rule.children)]
    if not members:
        return None
    at = members[-1]
    if at + 1 < len(nodes) and nodes[at + 1].text in ENDS:
        return _strip(list(nodes), at, at + 1, None, trailing=False, trails={})
    if any(not n.named or n.main.field == nodes[at].main.field for n in nodes[at + 1 :]):
        return None
    if len(members) > 1 and nodes[members[-2]].main.field == nodes[at].main.field:
        return None
    return _strip(list(nodes), at, at + 1, None, trailing=False, trails={})


def _single(nodes: tuple[Node, ...]) -> Children | None:
    inner = nodes[1:-1]
    if len(inner) > 1 or any(not n.named for n in inner):
        return None
    return _strip(list(nodes), 1, 1 + len(inner), None, trailing=False, trails={})


def _between(nodes: tuple[Node, ...], places: list[int], separator: bytes) -> Children | None:
    """Read members and separators in turn, from the member before the first separator on."""
    at = places[0] - 1
    leads = {nodes[i].lead for i in places}
    if at < 0 or len(leads) > 1 or not _opens_list(nodes, at):
        return None
    # A sign that begins a line is one of a statement's, unless one stands before the first member.
    if b"\n" in nodes[places[0]].lead and (not at or nodes[at - 1].text != separator):
        return None
    kept = list(nodes[:at])
    trails: dict[int, bytes] = {}
    first = at
    trailing = False
    while at < len(nodes) and nodes[at].main.named and not nodes[at].is_comment:
        kept.append(nodes[at])
        at += 1
        trailing = at < len(nodes) and nodes[at].text == separator and not nodes[at].named
        if not trailing:
            break
        at += 1
        while at < len(nodes) and nodes[at].is_comment and b"\n" not in nodes[at].lead:
            trails[len(kept) - 1] = trails.get(len(kept) - 1, b"") + nodes[at].full
            at += 1
    last = len(kept)
    if places[-1] >= at or (separator == b";" and any(n.named for n in nodes[at:])):
        return None
    kept.extend(nodes[at:])
    written = leads.pop() + separator
    return _strip(kept, first, last, written, trailing=trailing, trails=trails)


def _opens_list(nodes: tuple[Node, ...], at: int) -> bool:
    """Whether a list can begin here, and not in the middle of an expression."""
    if at == 0:
        return True
    before, first = nodes[at - 1], nodes[at]
    if before.named:
        return bool(first.main.field) and first.main.field != before.main.field
    return before.text in (*BRACKETS, b":", b"|", b"&") or before.text.isalpha()


def _strip(
    kept: list[Node],
    first: int,
    last: int,
    separator: bytes | None,
    *,
    trailing: bool,
    trails: dict[int, bytes],
) -> Children:
    """Part the last member from a comment that a new separator would have to stand before."""
    for i in range(first, last):
        kept[i], behind = without_trail(kept[i])
        if behind:
            trails[i] = behind + trails.get(i, b"")
    return Children(tuple(kept), first, last, separator, trailing=trailing, trails=trails)
