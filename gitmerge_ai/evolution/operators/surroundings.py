"""What is around a place: the loop it is in, the condition it is under, the name that is given."""

import re

from tree_sitter import Node as Raw

from gitmerge_ai.evolution.operators.reading import Site
from gitmerge_ai.evolution.operators.shapes import shape

_LOOP = re.compile(r".*(for|while|do|loop|repeat|switch|select|case|match).*")
_FUNCTION = re.compile(r".*(function|method|lambda|closure|class).*")


def in_loop(node: Raw) -> bool:
    """Whether a node is in a loop of its own function."""
    above = node.parent
    while above is not None and not _FUNCTION.fullmatch(above.type):
        if _LOOP.fullmatch(above.type):
            return True
        above = above.parent
    return False


def condition_above(node: Raw) -> Raw | None:
    """Give the next condition that a node is under."""
    above = node.parent
    while above is not None:
        condition = above.child_by_field_name("condition")
        if condition is not None and condition != node:
            return condition
        node, above = above, above.parent
    return None


def assigned(site: Site) -> list[bytes]:
    """Give what the statement around a place assigns to, nothing if that is the place itself."""
    node: Raw | None = site.node
    while node is not None and not node.type.endswith("_statement"):
        left = node.child_by_field_name("left") if "assignment" in node.type else None
        if left is not None:
            return [left.text] if left.text and left.text != site.own else []
        node = node.parent
    return []


def just_assigned(site: Site) -> bytes:
    """Give the name that the statement before it gives a value to, if that is all it does."""
    before = site.node.prev_named_sibling
    given = before.named_children[0] if before and before.named_children else None
    name = given.child_by_field_name("left") if given and given.type == "assignment" else None
    return name.text or b"" if name is not None and shape(name) == "name" else b""
