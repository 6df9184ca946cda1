"""Words, numbers, punctuation and white space of any text, without a grammar.

For ranking what could resolve a conflict in any language; the merge itself works on tree-sitter's
tokens.
"""

import re

_TOKEN = re.compile(r"[^\W\d_]\w*|\d+|_\w*|\s+|.", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]\w*|\d+|_\w*|[^\s\w]")
_SPACED = re.compile(r"\s*(?:[^\W\d_]\w*|\d+|_\w*|[^\s\w])|\s+")
_SPACE = re.compile(r"\s+")


def tokens(text: str) -> list[str]:
    """Split a text into tokens; joined, they are the text."""
    return _TOKEN.findall(text)


def words(text: str) -> list[str]:
    """Give a text's tokens less the white space."""
    return _WORD.findall(text)


def spaced(text: str) -> list[str]:
    """Give a text's words, each with the white space before it; joined, they are the text."""
    return _SPACED.findall(text)


def squeezed(text: str) -> str:
    """Give a text without white space: what counts when texts are compared."""
    return _SPACE.sub("", text)
