"""Trees of a source text, read lazily from tree-sitter, with white space and comments in place.

A `Node` knows the white space before it (`lead`), so that a parent's text is its children's leads
and texts in order and nothing of a file is outside the tree. Comments (and what a row calls
attached) are folded into the sibling they belong to. It holds no opinion about merging.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, cached_property

from tree_sitter import Node as Raw
from tree_sitter import QueryCursor, Tree

from gitmerge_ai.syntax.grammar import kind_query, parser
from gitmerge_ai.syntax.language import Language
from gitmerge_ai.syntax.paths import identify

_STRING = "string|heredoc|nowdoc|template|CDSect|sigil|literal"


@cache  # grammars have few kinds
def is_string(kind: str) -> bool:
    """Say whether a kind of node is data: the white space in it is no layout."""
    return bool(re.search(_STRING, kind)) and kind != "concatenated_string"


class Source:
    """A parsed text: its bytes (UTF-8), its row and its root node."""

    def __init__(self, row: Language, text: bytes) -> None:
        """Parse.

        Args:
            row: the language.
            text: the file, as UTF-8 (surrogates escaped).

        Raises:
            MissingGrammar: the language's wheel is not installed.
        """
        self.row = row
        self.text = text
        self.tree: Tree = parser(row.grammar).parse(text)

    @cached_property
    def root(self) -> "Node":
        """The root; its text is the whole file but for white space at either end."""
        start, end = _trim(self.text, 0, len(self.text))
        return Node(self, self.tree.root_node, start, end, self.text[:start])

    @property
    def tail(self) -> bytes:
        """The white space after the root."""
        return self.text[self.root.end :]

    def comments(self) -> list[bytes]:
        """Give the texts of all comments."""
        nodes = sorted(self.nodes_of(self.row.comments), key=lambda node: node.start_byte)
        return [self.text[node.start_byte : node.end_byte] for node in nodes]

    def nodes_of(self, kinds: frozenset[str]) -> list[Raw]:
        """Find all nodes of some kinds, as the grammar has them."""
        query = kind_query(self.row.grammar, kinds)
        return QueryCursor(query).captures(self.tree.root_node).get("found", []) if query else []

    def error_count(self) -> int:
        """Count the error and missing nodes; healthy subtrees are not entered."""
        count = 0
        stack = [self.tree.root_node]
        while stack:
            raw = stack.pop()
            if raw.is_error or raw.is_missing:
                count += 1
            if raw.has_error:
                stack.extend(raw.children)
        return count


_UNKNOWN: tuple[object, ...] = ("not looked for yet",)


class Node:
    """A place in the tree.

    Attributes:
        kind: the grammar's name of the node; of a group, that of its main member.
        field: the name of the place it has in its parent, "" if none.
        named: whether it is more than punctuation or a keyword.
        start, end: bytes of the source it covers, white space at either end left out.
        lead: the white space before it, from the end of its elder sibling.
        members: of a group, the nodes it folds together; else empty.
    """

    __slots__ = (
        "_children",
        "_key",
        "_raw",
        "_signature",
        "_squeezed",
        "end",
        "field",
        "kind",
        "lead",
        "main",
        "members",
        "named",
        "source",
        "start",
    )

    def __init__(
        self,
        source: Source,
        raw: Raw,
        start: int,
        end: int,
        lead: bytes,
        field: str = "",
        members: "tuple[Node, ...]" = (),
    ) -> None:
        self.source = source
        self._raw = raw
        self.kind = raw.type
        self.named = raw.is_named
        self.start = start
        self.end = end
        self.lead = lead
        self.field = field
        self.members = members
        self.main = self
        self._children: tuple[Node, ...] | None = members or None
        self._key: int | None = None
        self._squeezed: int | None = None
        self._signature: tuple[object, ...] | None = _UNKNOWN

    def __repr__(self) -> str:
        return f"<{self.kind} {self.text[:40]!r}>"

    @property
    def text(self) -> bytes:
        """The source it covers."""
        return self.source.text[self.start : self.end]

    @property
    def full(self) -> bytes:
        """The source it covers, with the white space before it."""
        return self.lead + self.text

    @property
    def children(self) -> "tuple[Node, ...]":
        """Its parts, in order; none if it is a token to the merge."""
        if self._children is None:
            self._children = tuple(_fold(self.source.row, iter(_as_chain(self, _parts(self)))))
        return self._children

    @property
    def above(self) -> str:
        """The kind of the node that it stands in, "" for the root."""
        return self._raw.parent.type if self._raw.parent else ""

    @property
    def is_group(self) -> bool:
        """Whether it stands for a node with what belongs to it."""
        return bool(self.members)

    @property
    def is_comment(self) -> bool:
        """Whether it is a comment on its own."""
        return self.kind in self.source.row.comments

    @property
    def ends_in_line_comment(self) -> bool:
        """Whether what follows has to begin a new line."""
        last = self.members[-1] if self.members else self
        return last.is_comment and not last.text.endswith((b"*/", b"-->", b"-}", b"*)"))

    @property
    def is_string(self) -> bool:
        """Whether the white space in it is data."""
        return is_string(self.kind)

    def tokens(self) -> "Iterator[Node]":
        """Give the leaves in order, comments included."""
        stack = [self]
        while stack:
            node = stack.pop()
            if node.children:
                stack.extend(reversed(node.children))
            else:
                yield node

    def same_as(self, other: "Node") -> bool:
        """Whether two texts are equal but for white space between tokens."""
        if self.text == other.text:
            return True
        return self.squeezed == other.squeezed and self.key == other.key

    @property
    def squeezed(self) -> int:
        """Equal for texts that are equal but for white space, even where that has meaning."""
        if self._squeezed is None:
            self._squeezed = hash(b"".join(self.text.split()))
        return self._squeezed

    @property
    def key(self) -> int:
        """Equal for texts that are equal but for white space between tokens. It reads all below."""
        waiting = [self]
        while self._key is None:
            node = waiting[-1]
            unread = [child for child in node.children if child._key is None]
            waiting.extend(unread)
            if not unread:
                keys = (child._key for child in node.children)
                node._key = hash((node.kind, *keys) if node.children else node.text)
                waiting.pop()
        return self._key

    def child(self, step: str) -> "Node | None":
        """Find the child of a field, or else the first of a kind."""
        found = None
        for child in self.children:
            main = child.main
            if main.field == step:
                return main
            if found is None and main.kind == step:
                found = main
        return found

    def with_lead(self, lead: bytes) -> "Node":
        """Give the same node behind other white space."""
        bare = Node(self.source, self._raw, self.start, self.end, lead, self.field, self.members)
        bare.main = bare if self.main is self else self.main
        return bare

    def signature(self) -> tuple[object, ...] | None:
        """What tells it from its siblings, if its language says so."""
        if self._signature is _UNKNOWN:
            self._signature = self._identify()
        return self._signature

    def _identify(self) -> tuple[object, ...] | None:
        node = self.main
        paths = node.source.row.signatures.get(node.kind)
        if paths is None:
            return None
        parts = tuple(tuple(identify(node, path)) for path in paths)
        return (node.kind, *parts) if any(parts) else None


_SPACE = frozenset(b" \t\n\r\v\f")


def _trim(text: bytes, start: int, end: int) -> tuple[int, int]:
    if start < end and text[start] not in _SPACE and text[end - 1] not in _SPACE:
        return start, end  # Nearly always, and large nodes need not be copied for it.
    piece = text[start:end]
    end = start + len(piece.rstrip())
    return min(end, start + len(piece) - len(piece.lstrip())), end


def _parts(parent: Node) -> list[Node]:
    """Read a node's children from tree-sitter, those without text left out."""
    raw, source = parent._raw, parent.source
    if parent.kind in source.row.atoms or parent.kind in source.row.comments:
        return []
    children = raw.children
    if not children:
        return []
    text = source.text
    parts: list[Node] = []
    at = parent.start
    for index, child in enumerate(children):
        start, end = _trim(text, max(child.start_byte, at), child.end_byte)
        if start >= end:
            continue
        gap = text[at:start]
        if gap.strip():
            # Text that no child covers (some grammars have it) makes the parent a token.
            return []
        parts.append(Node(source, child, start, end, gap, raw.field_name_for_child(index) or ""))
        at = end
    return [] if text[at : parent.end].strip() else parts


CHAINED = frozenset((b"&&", b"||", b"and", b"or", b"+", b"|", b"&"))
"""Operators of which `a + b + c` is read as one list, not as pairs in pairs."""


def _as_chain(parent: Node, parts: list[Node]) -> list[Node]:
    """Read `(a + b) + c`, as grammars give it, as `a + b + c`."""
    behind: list[Node] = []
    while len(parts) == 3 and parts[0].kind == parent.kind and parts[1].text in CHAINED:
        inner = _parts(parts[0])
        signs = inner[len(inner) % 2 :: 2]  # Some write a sign before the first one, too.
        if len(inner) < 2 or any(sign.text != parts[1].text for sign in signs):
            break
        behind += reversed(parts[1:])
        parts = inner
    return [*parts, *reversed(behind)]


def _fold(row: Language, parts: Iterator[Node]) -> Iterator[Node]:
    """Fold comments and attached nodes into the sibling that they belong to."""
    waiting: list[Node] = []
    done: Node | None = None
    after_punctuation = False
    for part in parts:
        if done is not None and _trails(row, done, part):
            done = with_trail(done, part)
            continue
        if done is not None:
            yield done
            done = None
        if waiting and blank_lines(part.lead):
            yield from waiting
            waiting = []
        if part.kind in row.comments and after_punctuation and b"\n" not in part.lead:
            yield part
        elif part.kind in row.comments or part.kind in row.attached:
            waiting.append(part)
        elif not part.named:
            yield from waiting
            waiting = []
            done = part
        else:
            done = _group(part, [*waiting, part]) if waiting else part
            waiting = []
        after_punctuation = not part.named
    if done is not None:
        yield done
    yield from waiting


def _trails(row: Language, node: Node, part: Node) -> bool:
    """Whether a comment stands behind a node, on its last line."""
    return part.kind in row.comments and node.named and b"\n" not in part.lead


def with_trail(node: Node, behind: Node) -> Node:
    """Add a comment or a terminator to the end of a node or group."""
    first, *rest = node.members or (node,)
    bare = first.with_lead(node.lead)
    return _group(bare if first is node.main else node.main, [bare, *rest, behind])


def _group(main: Node, members: list[Node]) -> Node:
    main = main.main
    first, last = members[0], members[-1]
    lead, first.lead = first.lead, b""
    group = Node(main.source, main._raw, first.start, last.end, lead, main.field, tuple(members))
    group.main = main
    return group


def fold_together(parts: Sequence[Node], name: Node, signature: tuple[object, ...] | None) -> Node:
    """Make one node of siblings that the grammar does not hold together.

    Args:
        parts: the siblings, in order.
        name: the one that tells what it is.
        signature: what tells it from its like.
    """
    first, *rest = parts
    bare = first.with_lead(first.lead)
    group = _group(bare if first is name else name, [bare, *rest])
    group.field = ""
    group._signature = signature
    return group


def without_trail(group: Node) -> tuple[Node, bytes]:
    """Part a node from the comments behind it.

    Returns:
        The node without them, and their text with the white space before them.
    """
    members = list(group.members)
    if not members or not members[-1].is_comment or members[-1] is group.main:
        return group, b""
    behind = b""
    while members[-1] is not group.main:
        behind = members.pop().full + behind
    if len(members) == 1:
        bare = members[0]
        bare.lead = group.lead
        return bare, behind
    members[0].lead = group.lead
    return _group(group.main, members), behind


def blank_lines(lead: bytes) -> int:
    """Count the empty lines in white space."""
    return max(0, lead.count(b"\n") - 1)
