"""A chain of calls as the list of its links, which to a grammar is calls in calls.

`a.b().c(1)` is a member of a call of a member; a link more in the middle shifts all that stand
before it by one level. Read as `a`, `.b()`, `.c(1)` it is one addition.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from gitmerge_ai.merging.lists import Children
from gitmerge_ai.syntax.tree import Node, fold_together

_SPINE = re.compile(
    r"call|invocation|member|attribute$|field_expr|navigation|selector|generic_function|try_expr"
    r"|non_null|await_expr"
)
_CALLED = re.compile(rb"[({]")
_ACCESS = (b".", b"?.", b"->", b"!.", b"&.", b"?->")


def chained(node: Node) -> Children | None:
    """Read a chain of calls, None if the node is none, or only the beginning of one."""
    if not _SPINE.search(node.kind) or _SPINE.search(node.above):
        return None
    flat = list(_flat(node))
    starts = [0, *(i for i, part in enumerate(flat) if i and part.text.startswith(_ACCESS))]
    if len(starts) == 1 or not any(_CALLED.search(part.text) for part in flat[starts[1] :]):
        return None  # The names of a path are no links: it is one thing, and leads elsewhere.
    links = [_link(flat[a:b], first=not a) for a, b in pairwise([*starts, len(flat)])]
    return Children(tuple(links), 0, len(links), b"", trailing=False, trails={})


def _flat(node: Node) -> Iterator[Node]:
    """Give what the calls and members of a chain are made of, without taking any of it for one."""
    behind: list[tuple[Node, ...]] = []
    while _SPINE.search(node.kind) and node.children and not node.is_group:
        behind.append(node.children[1:])
        node = node.children[0]
    yield node
    for parts in reversed(behind):
        yield from parts


def _link(parts: list[Node], *, first: bool) -> Node:
    """Fold a link together; what it calls is its name."""
    name = next((part for part in parts if part.named), parts[0])
    return fold_together(parts, name, signature=None if first else ("link", name.text))
