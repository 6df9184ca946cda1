"""What a node of a tree is, by the name of its kind: a value of some shape, a list, a leaving.

Grammars name alike things alike, so patterns of names say it for all languages.
"""

import re
from functools import cache

from tree_sitter import Node as Raw

from gitmerge_ai.syntax.tree import is_string


class Kinds:
    """A pattern of kinds of nodes. Grammars have few, so it is remembered what was asked."""

    def __init__(self, pattern: str) -> None:
        self.fullmatch = cache(re.compile(pattern).fullmatch)


NAME = Kinds(r"(simple_)?identifier|variable_name|constant|instance_variable|self|this")
NUMBER = Kinds(r"(.*_)?(integer|float|number|int)(_.*)?|.*_(int|floating_point)_literal")
_CONDITION = Kinds(r".*(comparison|boolean|not_operator|equality|logical|conjunction).*")
_TRUTH = Kinds(r"true|false|True|False|boolean_literal")
_LEAVING = Kinds(r"(return|break|continue|raise|throw|goto)_(statement|expression)|next")
CALL = Kinds(r"(.*_)?(call|invocation|method_call)(_expression)?")
ACCESS = Kinds(r"attribute|.*subscript.*|element_reference|.*(member|field|selector|index).*")
_LIST = Kinds(r"(.*_)?(list|array|tuple|set|vector)(_(literal|expression|initializer))?")
_NOTHING = Kinds(r"(none|null|nil|None)(_literal)?|null_lit|unit")
_MAKING = frozenset((b"enumerate", b"sorted", b"reversed", b"iter", b"list", b"set", b"zip"))
_TAKING = _MAKING | {b"len"}

SIGNS = (
    ("<=", "<", ">=", ">", "==", "!=", "===", "!==", "is", "is not", "in", "not in", "~="),
    ("+", "-", "*", "/", "//", "%", "**", "^", "&", "|", "<<", ">>"),
    ("and", "or", "&&", "||"),
    ("+=", "-=", "*=", "/=", "//=", "%=", "^=", "&=", "|=", "<<=", ">>=", "="),
)
"""Groups of signs that can stand for one another."""

_COMPARING = frozenset(sign.encode() for sign in (*SIGNS[0], *SIGNS[2], "!"))

PAIR = 2
"""Elements of a list that is a record rather than a table."""


def shape(node: Raw) -> str:
    """Say what an expression can stand for: "condition", "number", "name", "call", "string",
    "access" to a part, "holder" (of others, or of nothing) or "other"."""
    kind = node.type
    if _TRUTH.fullmatch(kind) or _CONDITION.fullmatch(kind):
        return "condition"
    if CALL.fullmatch(kind) and node.children[0].text in _MAKING:
        return "holder"
    for name, pattern in (("number", NUMBER), ("name", NAME), ("call", CALL)):
        if pattern.fullmatch(kind):
            return name
    signs = (child.text for child in node.children if not child.is_named)
    if any(sign in _COMPARING for sign in signs):
        return "condition"
    if is_string(kind):
        return "string"
    if is_list(node) or _NOTHING.fullmatch(kind):
        return "holder"
    return "access" if ACCESS.fullmatch(kind) else "other"


def is_list(node: Raw) -> bool:
    """Whether a node is a list, a tuple or the like."""
    return bool(_LIST.fullmatch(node.type))


def is_datum(node: Raw) -> bool:
    """Whether a value is in a table of constants, or all of it."""
    table = node
    while table.parent is not None and is_list(table.parent):
        table = table.parent
    return is_list(table) and table.named_child_count > PAIR and _is_constant(table)


def _is_constant(node: Raw) -> bool:
    """Whether a value is a number or a string, or a list of such."""
    if is_list(node):
        return all(map(_is_constant, node.named_children))
    return bool(NUMBER.fullmatch(node.type)) or is_string(node.type)


def is_leaving(node: Raw | None) -> bool:
    """Whether nothing behind a statement runs."""
    return node is not None and bool(_LEAVING.fullmatch(node.type))


def is_docstring(node: Raw) -> bool:
    """Whether a statement is a string and nothing else."""
    children = node.named_children
    return (
        node.type == "expression_statement" and len(children) == 1 and is_string(children[0].type)
    )


def is_holder(node: Raw) -> bool:
    """Whether a name is used as what holds others."""
    around = node.parent
    call = around.parent if around else None
    if around is None or call is None:
        return False
    if around.type.startswith("for"):
        return around.child_by_field_name("right") == node
    if "assignment" in around.type:
        right = around.child_by_field_name("right")
        return right is not None and is_list(right)
    taker = call.child_by_field_name("function")
    if "argument" in around.type and taker is not None:
        return taker.text in _TAKING
    return bool(ACCESS.fullmatch(around.type)) and around.children[0] == node
