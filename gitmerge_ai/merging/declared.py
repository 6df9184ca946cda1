"""The declarations of a text, by name and place: functions, classes and their like.

For telling a person what a merge lost or doubled. A declaration on one line is not looked at, and
neither are variables: too many of them have equal names.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from tree_sitter import Node as Raw

from gitmerge_ai.syntax.tree import Node, Source

_DECLARES = re.compile(
    r"function|method|class|interface|struct|enum_(?:decl|spec|item|def)|trait|impl|constructor"
    r"|decorated|namespace|record_|protocol|object_decl|type_(?:decl|item)|template_decl|export"
)
_LEADS_TO_NAME = ("name", "declarator", "definition", "declaration", "type")
_NAME = re.compile(rb"[^\W\d]\w*[!?]?")
_KIND = re.compile(
    r"function|method|class|interface|struct|enum|trait|impl|constructor|namespace|record|protocol"
    r"|object|module|type"
)

DEEPEST = 200
"""Levels of a tree that are entered; what is nested deeper is no declaration."""


class Declaration(NamedTuple):
    """A declaration.

    word: what it is ("function", "class", …). name: what it is called.
    key: equal for two versions of one declaration, the names around it included.
    lines: the indices of the lines that it covers.
    """

    word: str
    name: str
    key: tuple[object, ...]
    lines: range


def declarations(source: Source, within: range | None = None) -> Iterator[Declaration]:
    """Give the declarations of a text, outer ones before those in them.

    Args:
        source: the text.
        within: indices of lines; only what lies in them wholly is given, and nothing inside that.
    """
    waiting: list[tuple[Raw, tuple[object, ...]]] = [(source.tree.root_node, ())]
    while waiting:
        raw, scope = waiting.pop()
        first, last = raw.start_point[0], raw.end_point[0]
        if last == first or (within and (last < within.start or first >= within.stop)):
            continue
        if _declares(raw.type) and raw.is_named and len(scope) < DEEPEST:
            name = _name(raw)
            signature = Node(source, raw, raw.start_byte, raw.end_byte, b"").signature()
            if name and signature:
                key = (*scope, signature)
                inside = not within or (within.start <= first and last < within.stop)
                if inside:
                    yield Declaration(_word(raw), name, key, range(first, last + 1))
                if inside and within:
                    continue
                scope = key
        waiting.extend((child, scope) for child in reversed(raw.children))


def doubled(versions: list[Source], result: Source) -> Iterator[Declaration]:
    """Give the declarations of a result that stand in it more often than in any version.

    Args:
        versions: what was merged.
        result: what came of it.
    """
    found = list(declarations(result))
    counts = Counter(one.key for one in found)
    if not any(count > 1 for count in counts.values()):
        return
    known: Counter[tuple[object, ...]] = Counter()
    for version in versions:
        known |= Counter(one.key for one in declarations(version))
    seen: Counter[tuple[object, ...]] = Counter()
    for one in found:
        seen[one.key] += 1
        if counts[one.key] > max(known[one.key], 1) and seen[one.key] > 1:
            yield one


@cache  # grammars have few kinds
def _declares(kind: str) -> bool:
    return bool(_DECLARES.search(kind))


def _name(raw: Raw) -> str:
    """Find what a declaration is called, through declarators and what wraps it."""
    at: Raw | None = raw
    while at is not None:
        if not at.children and at.text:
            found = _NAME.search(at.text)
            return found[0].decode(errors="replace") if found else ""
        below = (at.child_by_field_name(field) for field in _LEADS_TO_NAME)
        after = next((node for node in below if node is not None), None)
        if after is None:
            after = next((n for n in at.named_children if "identifier" in n.type), None)
        at = after
    return ""


def _word(raw: Raw) -> str:
    """Say in a word what it is; what wraps a declaration says nothing itself."""
    inner = raw.child_by_field_name("definition") or raw.child_by_field_name("declaration") or raw
    found = _KIND.search(inner.type)
    return found[0] if found else "declaration"
