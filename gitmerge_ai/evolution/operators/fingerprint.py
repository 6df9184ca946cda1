"""What of a text runs: a digest that texts share that differ in layout only. It parses nothing."""

import re
from hashlib import sha1

from gitmerge_ai.syntax.language import Language

_TOKEN = re.compile(rb"\w+|[^\w\s]")
_LINE_OR_TOKEN = re.compile(rb"\n[ \t]*(?=[^\s#])|\w+|[^\w\s]")
"""Where indentation has meaning, it is a token."""


def fingerprint(row: Language, text: bytes) -> str:
    """Give a digest that is equal for texts whose tokens are equal.

    White space in strings does not count either: what differs only there is taken for the same,
    which no operator makes.
    """
    tokens = (_LINE_OR_TOKEN if row.indent_sensitive else _TOKEN).findall(b"\n" + text)
    return sha1(b"\0".join(tokens), usedforsecurity=False).hexdigest()
