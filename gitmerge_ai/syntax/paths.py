"""The little language in which rows of the table point at nodes: which child, and of which content.

    name                                the child in a field, or else the first of a kind
    parameters/formal_parameter*/type   of all such children, their type
    .                                   the node itself
    call[method=require*]               only one whose `method` has a text like `require*`
    attribute[attribute_name=id]        (`*`, `?` and `[…]` in the text are as in file names)
    lexical_declaration[kind]           only one that has a `kind`

A signature's path may end in `~` and a regular expression instead of a last step: then the first
part of the text that it matches is meant.
"""

import re
from collections.abc import Iterator
from fnmatch import translate
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gitmerge_ai.syntax.tree import Node

_STEP = re.compile(r"(?P<kind>[^\[*]+)(?P<many>\*?)(?:\[(?P<where>[^=]+)(?:=(?P<like>.*))?\])?")
_STEPS = re.compile(r"(?:[^/\[]|\[[^\]]*\])+")


LOOKED_AT = 1_000
"""Bytes of a node's text in which an expression looks for its name."""


class Pattern(NamedTuple):
    """What a node has to be: of a kind (or in a field), with a part that has a text."""

    kind: str
    many: bool
    where: str
    like: re.Pattern[bytes] | None

    def admits(self, node: "Node") -> bool:
        """Whether the part that is asked for is there."""
        if not self.where:
            return True
        parts = reach(node, self.where)
        return any(self.like is None or self.like.match(part.text) for part in parts)


@cache
def pattern(text: str) -> Pattern:
    """Read one step of a path, or one kind of a group.

    Raises:
        ValueError: it is not written as the module's docstring says.
    """
    found = _STEP.fullmatch(text)
    if not found:
        raise ValueError(f"not a kind of node: {text!r}")
    like = found["like"]
    return Pattern(
        found["kind"],
        bool(found["many"]),
        found["where"] or "",
        None if like is None else re.compile(translate(like).encode()),
    )


def fits(node: "Node", kinds: tuple[str, ...]) -> bool:
    """Whether a node is of one of the kinds, or in one of the fields; `*` is all that is named."""
    main = node.main
    if kinds == ("*",):
        return main.named
    return any(p.kind in (main.kind, main.field) and p.admits(main) for p in map(pattern, kinds))


def reach(node: "Node", path: str) -> Iterator["Node"]:
    """Give the nodes that a path leads to."""
    if path == ".":
        yield node
        return
    yield from _walk(node, steps(path))


def identify(node: "Node", path: str) -> Iterator[int]:
    """Give what tells a node from its siblings, as far as one path of its signature says it."""
    path, _, expression = path.partition("~")
    for found in reach(node, path.rstrip("/") or "."):
        if not expression:
            yield found.key
        elif part := _expression(expression).search(found.text[:LOOKED_AT]):
            yield hash(part[0])


@cache
def _expression(text: str) -> re.Pattern[bytes]:
    return re.compile(text.encode(), re.DOTALL)


@cache
def steps(path: str) -> tuple[Pattern, ...]:
    """Read a path."""
    return tuple(map(pattern, _STEPS.findall(path)))


def _walk(node: "Node", steps: tuple[Pattern, ...]) -> Iterator["Node"]:
    if not steps:
        yield node
        return
    step = steps[0]
    if step.many or step.where:
        children = [c.main for c in node.children if step.kind in (c.main.field, c.main.kind)]
        found = [c for c in children if step.admits(c)]
        found = found if step.many else found[:1]
    else:
        one = node.child(step.kind)
        found = [one] if one else []
    for child in found:
        yield from _walk(child, steps[1:])
