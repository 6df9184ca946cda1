"""The places of a text that can be edited, and what is in scope there, read off its tree.

No language has rows of its own here: `shapes` tells kinds of nodes by their names. A text is read
by regions (a function, or a statement outside of any), so that a large file costs no more than the
region that is edited. Nothing here makes an edit.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from tree_sitter import Node as Raw

from gitmerge_ai.evolution.operators.dialects import Dialect, dialect
from gitmerge_ai.evolution.operators.shapes import (
    CALL,
    NAME,
    SIGNS,
    Kinds,
    is_datum,
    is_docstring,
    is_holder,
    is_leaving,
    shape,
)
from gitmerge_ai.syntax.language import Language
from gitmerge_ai.syntax.tree import Source, is_string

BLOCK = Kinds(
    r"(.*_)?(block|body|body_statement|compound_statement|statements|statement_list|then|chunk)"
    r"|module|program|source_file|translation_unit|begin"
)
_CLASS = Kinds(r"(.*_)?(class|interface|trait|impl|namespace|struct|object|module|enum)(_.*)?")
_FUNCTION = Kinds(r".*(function|method|constructor|lambda|closure|func)_?(?!.*call).*")
_WRAPPER = Kinds(r"decorated_definition|export_statement|.*(body|list|block|template).*")
_NO_STATEMENT = Kinds(
    r".*(import|include|package|use_declaration|class|interface|struct|enum|type_|comment|preproc"
    r"|function_d|function_item|method_d|directive|decorated).*|method|pass_statement|php_tag"
)
_OPAQUE = Kinds(
    r"(import|use|package|preproc|include|namespace_use)_.*|type|type_.*|.*_type|.*_type_identifier"
    r"|decorator|annotation|.*modifiers?|.*_annotation|comment|.*_comment"
)
_PARAMETERS = Kinds(r".*parameters?(_list)?|parameter_.*")
WORD = re.compile(rb"\b[A-Za-z_]\w*\b")
_VALUE = Kinds(
    r".*_expression|.*literal|(simple_)?identifier|variable_name|constant|instance_variable|call"
    r"|attribute|subscript|element_reference|.*_operator|binary|unary|conditional|ternary|integer"
    r"|float|number|string|list|tuple|array|dictionary|object|hash|set|.*_comprehension|lambda"
    r"|true|false|none|null|nil|True|False|None|method_call|self|this"
)
_NO_VALUE = Kinds(
    r"(assignment|augmented|update|compound_assign|return|break|continue|throw|parenthesized|if|for"
    r"|while|loop|match|when|try|unsafe|type|postfix_inc|function|await|arrow|yield|select).*"
)
_OPERATION = Kinds(
    r".*(binary|comparison|boolean|infix|additive|multiplicative|conjunction|disjunction|equality"
    r"|relational|logical|augmented|compound_assign|operator_assignment|assignment).*"
)
_NAMING = frozenset(
    ("name", "pattern", "label", "alias", "type", "module_name", "declarator", "parameter")
)
_MEMBERS = frozenset(("attribute", "property", "field"))
_CALLED = frozenset(("function", "method", "callee", "constructor"))

_SIGNS = frozenset(sign.encode() for group in SIGNS for sign in group) - {b"="}


_HANDED_ON = Kinds(r"argument.*|tuple|pattern_list|expression_list|list|array|for.*")
HANDED_ON = 0.2
"""How often, beside a place that computes something, one is drawn that only hands something on."""


class Value(NamedTuple):
    """An expression of a text and its shape: what it can stand for."""

    shape: str
    text: bytes


class Donor(NamedTuple):
    """A statement or value of another file, and the names that were in scope there."""

    role: str
    text: bytes
    names: frozenset[bytes]


class Scope(NamedTuple):
    """What a region holds, each once, in order.

    names: of values. assigned: those of them that are. plain: those that hold no others, as far as
    can be seen. callees: of what is called. members:
    behind a dot. values: expressions. statements: those on lines of their own, each with the white
    space before it. foreign: what other files lend.
    """

    names: tuple[bytes, ...]
    assigned: tuple[bytes, ...]
    plain: tuple[bytes, ...]
    callees: tuple[bytes, ...]
    members: tuple[bytes, ...]
    values: tuple[Value, ...]
    statements: tuple[tuple[bytes, bytes], ...]
    foreign: tuple[Donor, ...]

    def conditions(self) -> list[bytes]:
        """Give the expressions that are true or false."""
        return [value.text for value in self.values if value.shape == "condition"]


class Site(NamedTuple):
    """A place that can be edited.

    role: "statement", "value", "target" (what is assigned to), "callee", "member", "sign" or
    "datum" (a value in a table of constants, or all of it).
    shape: of a value, as in `Value`; else "". scope: of its region. text: the whole file.
    """

    node: Raw
    role: str
    shape: str
    scope: Scope
    dialect: Dialect
    text: bytes

    @property
    def own(self) -> bytes:
        """Its text."""
        return self.text[self.node.start_byte : self.node.end_byte]

    @property
    def standing(self) -> float:
        """How often it is drawn beside others."""
        around = self.node.parent.type if self.node.parent else ""
        plumbing = self.role in ("callee", "member", "target")
        plumbing = plumbing or (self.role == "value" and bool(_HANDED_ON.fullmatch(around)))
        return HANDED_ON if plumbing else 1.0

    @property
    def line(self) -> int:
        """Its first line, from 1."""
        return self.node.start_point[0] + 1

    @property
    def indent(self) -> bytes | None:
        """The white space before it on its line, None if something else stands there."""
        return indent(self.text, self.node)


def indent(text: bytes, node: Raw) -> bytes | None:
    """Give the white space before a node on its line, None if something else stands there."""
    before = text[text.rfind(b"\n", 0, node.start_byte) + 1 : node.start_byte]
    return None if before.strip() else before


class Text:
    """A parsed file, region by region."""

    def __init__(self, row: Language, text: bytes, foreign: tuple[Donor, ...] = ()) -> None:
        """Parse.

        Args:
            row: the language.
            text: the file.
            foreign: what other files of the language lend.

        Raises:
            MissingGrammar: the language's wheel is not installed.
        """
        self.source = Source(row, text)
        self.text = text
        self.dialect = dialect(row)
        self.foreign = foreign
        self._sites: dict[int, tuple[Site, ...]] = {}

    @cached_property
    def regions(self) -> tuple[Raw, ...]:
        """The functions, and the statements outside of any, in order."""
        return tuple(_regions(self.source.tree.root_node))

    def sites(self, region: Raw) -> tuple[Site, ...]:
        """Give the places of a region, read once."""
        if region.start_byte not in self._sites:
            found = list(_walk(region, region.parent, "", self.source.row.comments))
            scope = _scope(self.text, region, found)._replace(foreign=self.foreign)
            self._sites[region.start_byte] = tuple(
                Site(node, role, _held(node, kind, scope), scope, self.dialect, self.text)
                for node, role, kind in found
            )
        return self._sites[region.start_byte]

    def lends(self) -> Iterator[Donor]:
        """Give what the file lends to others: statements and values on one line."""
        for region in self.regions:
            for site in self.sites(region):
                if site.role in ("statement", "value") and b"\n" not in site.own:
                    words = frozenset(WORD.findall(site.own))
                    yield Donor(site.role, site.own, words.intersection(site.scope.names))


def _held(node: Raw, kind: str, scope: Scope) -> str:
    """Give a value's shape, with what its name holds elsewhere in its region."""
    is_plain = kind != "name" or node.text in scope.plain
    return kind if is_plain else "holder"


def _regions(node: Raw) -> Iterator[Raw]:
    for child in node.named_children:
        if _OPAQUE.fullmatch(child.type):
            continue
        inner = _CLASS.fullmatch(child.type) or _WRAPPER.fullmatch(child.type)
        if inner and not _FUNCTION.fullmatch(child.type):
            yield from _regions(child)
        elif not (NAME.fullmatch(child.type) or is_string(child.type)):
            yield child


_Found = tuple[Raw, str, str]
_SHAPED = frozenset(("value", "target", "datum"))


def _walk(node: Raw, parent: Raw | None, field: str, comments: frozenset[str]) -> Iterator[_Found]:
    """Give the places at and below a node."""
    kind = node.type
    if kind in comments or _OPAQUE.fullmatch(kind) or _PARAMETERS.fullmatch(kind):
        return
    if is_leaving(node.prev_named_sibling):
        return  # What never runs is not worth an edit.
    if parent is not None:
        if not node.is_named:
            if node.text in _SIGNS and _OPERATION.fullmatch(parent.type):
                yield node, "sign", ""
            return
        role = _role(node, parent, field)
        if role:
            yield node, role, shape(node) if role in _SHAPED else ""
    if is_string(kind) or field == "name":
        return
    for index, child in enumerate(node.children):
        yield from _walk(child, node, node.field_name_for_child(index) or "", comments)


def _role(node: Raw, parent: Raw, field: str) -> str:
    """Say what can be done with a named node; "" is nothing."""
    kind, above = node.type, parent.type
    if BLOCK.fullmatch(above) and not (parent.parent and _CLASS.fullmatch(parent.parent.type)):
        behind = node.next_sibling
        no = _NO_STATEMENT.fullmatch(kind) or BLOCK.fullmatch(kind) or is_docstring(node)
        no = no or (behind is not None and behind.type == ";")  # Its end is not its own.
        return "" if no else "statement"
    if CALL.fullmatch(above) and (field in _CALLED or parent.children[0] == node):
        return "callee" if NAME.fullmatch(kind) else ""
    if CALL.fullmatch(above) and field == "name":
        return "member" if parent.child_by_field_name("object") else "callee"
    if field in _NAMING or not _VALUE.fullmatch(kind):
        return "member" if field in _MEMBERS and not node.named_child_count else ""
    if field in _MEMBERS:
        return "member"
    if _NO_VALUE.fullmatch(kind) or above == "expression_statement":
        return ""
    if kind.endswith("_operator") and not node.named_child_count:
        return ""  # A sign that has a name.
    if field == "left" and re.search("assign|for|declar", above):
        return "target"
    return "datum" if is_datum(node) else "value"


def _scope(text: bytes, region: Raw, found: Sequence[_Found]) -> Scope:
    """Sum up what a region holds."""
    names: dict[bytes, None] = dict.fromkeys(_parameters(region))
    values: dict[Value, None] = {}
    given: dict[bytes, None] = {}
    holders: set[bytes] = {b"_"}
    others: dict[str, dict[bytes, None]] = {"callee": {}, "member": {}}
    statements: dict[tuple[bytes, bytes], None] = {}
    for node, role, kind in found:
        own = text[node.start_byte : node.end_byte]
        if kind == "name":
            names[own] = None
            if role == "target":
                given[own] = None
            if is_holder(node):
                holders.add(own)
        if role in ("value", "datum"):
            values[Value(kind, own)] = None
        elif role == "statement" and (lead := indent(text, node)) is not None:
            statements[lead, own] = None
        elif role in others:
            others[role][own] = None
    return Scope(
        tuple(names),
        tuple(given),
        tuple(name for name in names if name not in holders),
        tuple(others["callee"]),
        tuple(others["member"]),
        tuple(values),
        tuple(statements),
        (),
    )


def _parameters(node: Raw) -> Iterator[bytes]:
    """Give the names of the parameters of a function and of those in it."""
    for child in node.children:
        if _PARAMETERS.fullmatch(child.type):
            yield from _names(child)
        elif child.child_count:
            yield from _parameters(child)


def _names(node: Raw) -> Iterator[bytes]:
    if NAME.fullmatch(node.type) and node.text:
        yield node.text
    for child in node.named_children:
        yield from _names(child)
