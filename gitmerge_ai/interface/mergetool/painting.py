"""The colours of code: what kind of word stands where, read from the syntax tree.

One rule for all languages: a leaf's kind tells a comment, a string, a number, a type; what a
grammar writes in letters is a keyword. Only the lines that are asked for are looked at.
"""

import re
from functools import cached_property

from tree_sitter import Node, Tree, TreeCursor

from gitmerge_ai.syntax.grammar import MissingGrammar, parser
from gitmerge_ai.syntax.languages import for_path

CHUNK = 64
"""Lines that are looked at together."""

LARGEST = 2_000_000
"""Bytes of a text above which nothing is coloured."""

KINDS = ("comment", "number", "constant", "string", "type", "keyword")

_COMMENT = re.compile("comment")
_STRING = re.compile("string|heredoc|nowdoc|char|rune|sigil|regex|CDSect")
_NUMBER = re.compile("number|integer|float|decimal|numeric|^int_")
_CONSTANT = re.compile("^(true|false|none|null|nil|undefined|self|this)$|boolean|null_lit|nil_lit")
_TYPE = re.compile("type_identifier|primitive_type|predefined_type|tag_name|property_name")

Stretch = tuple[int, int, str]
"""Where a word starts and ends in its line, in characters, and its kind."""


class Painter:
    """Colours one text."""

    def __init__(self, path: str, text: str) -> None:
        """Do nothing yet.

        Args:
            path: of the file, which tells the language.
            text: the code.
        """
        self.path = path
        self.data = text.encode("utf-8", "surrogateescape")
        self._chunks: dict[int, dict[int, list[Stretch]]] = {}

    def line(self, number: int) -> list[Stretch]:
        """Give the coloured words of a line.

        Args:
            number: counted from 1.
        """
        chunk = (number - 1) // CHUNK
        if chunk not in self._chunks:
            self._chunks[chunk] = self._chunk(chunk)
        return self._chunks[chunk].get(number - 1, [])

    @cached_property
    def _tree(self) -> Tree | None:
        if len(self.data) > LARGEST:
            return None
        row = for_path(self.path, self.data[:200].decode("utf-8", "replace"))
        try:
            return parser(row.grammar).parse(self.data) if row else None
        except MissingGrammar:
            return None

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self.data.split(b"\n"):
            starts.append(starts[-1] + len(line) + 1)
        return starts

    def _chunk(self, chunk: int) -> dict[int, list[Stretch]]:
        """Find the words of `CHUNK` lines."""
        found: dict[int, list[Stretch]] = {}
        if self._tree is None or chunk * CHUNK >= len(self._starts):
            return found
        first = chunk * CHUNK
        last = min(first + CHUNK, len(self._starts) - 1)
        start, end = self._starts[first], min(self._starts[last], len(self.data))
        cursor = self._tree.walk()
        node = _leaf_at(cursor, start)
        while node is not None and node.start_byte < end:
            kind = _kind(node)
            if kind:
                self._add(found, node, kind, range(first, last))
            node = _next_leaf(cursor)
        return found

    def _add(self, found: dict[int, list[Stretch]], node: Node, kind: str, lines: range) -> None:
        for line in range(
            max(node.start_point.row, lines.start), min(node.end_point.row + 1, lines.stop)
        ):
            begin = self._starts[line]
            a = max(node.start_byte, begin)
            b = min(node.end_byte, self._starts[line + 1] - 1)
            before = len(self.data[begin:a].decode("utf-8", "surrogateescape"))
            length = len(self.data[a:b].decode("utf-8", "surrogateescape"))
            if length > 0:
                found.setdefault(line, []).append((before, before + length, kind))


def _whole(node: Node) -> bool:
    """Say whether a node is one word to the eye."""
    return (
        node.child_count == 0 or bool(_COMMENT.search(node.type)) or bool(_STRING.search(node.type))
    )


def _leaf_at(cursor: TreeCursor, byte: int) -> Node | None:
    """Go down to the first word that ends after a byte."""
    while cursor.node is not None and not _whole(cursor.node):
        if cursor.goto_first_child_for_byte(byte) is None:
            return cursor.node
    return cursor.node


def _next_leaf(cursor: TreeCursor) -> Node | None:
    while not cursor.goto_next_sibling():
        if not cursor.goto_parent():
            return None
    while cursor.node is not None and not _whole(cursor.node):
        if not cursor.goto_first_child():
            break
    return cursor.node


def _kind(node: Node) -> str:
    kind = node.type
    if _COMMENT.search(kind):
        return "comment"
    if _CONSTANT.search(kind):
        return "constant"
    if node.is_named and _NUMBER.search(kind):
        return "number"
    if _STRING.search(kind):
        return "string"
    if _TYPE.search(kind):
        return "type"
    if not node.is_named and kind.isalpha():
        return "keyword"
    return ""
