"""What of a text runs: a digest that trees share which are equal but for comments and white space.

It walks the tree; `operators.fingerprint`, which every edit asks, does not and tells more apart.
"""

from collections.abc import Callable
from hashlib import sha1

from tree_sitter import Node as Raw

from gitmerge_ai.syntax.language import Language
from gitmerge_ai.syntax.tree import Source, is_string


def normalised(source: Source) -> str:
    """Give a digest that is equal for texts that differ in white space and comments only.

    Where indentation has meaning, so it has here.
    """
    digest = sha1(usedforsecurity=False)
    _feed(digest.update, source.tree.root_node, source.row)
    return digest.hexdigest()


def _feed(update: Callable[[bytes], object], node: Raw, row: Language) -> None:
    if node.type in row.comments:
        return
    if not node.child_count or is_string(node.type):
        update((node.text or b"") + b"\0")
        return
    nested = row.indent_sensitive and node.is_named
    if nested:
        update(b"\1")
    for child in node.children:
        _feed(update, child, row)
    if nested:
        update(b"\2")
