"""Words, numbers, punctuation and white space of any text, without a grammar.

For ranking what could resolve a conflict in any language; the merge itself works on tree-sitter's
tokens.
"""

import re
from collections.abc import Iterable

_TOKEN = re.compile(r"\d+|\w+|\s+|.", re.DOTALL)
_WORD = re.compile(r"\d+|\w+|\S")
_SPACED = re.compile(r"\s*(?:\d+|\w+|\S)|\s+")


def tokens(text: str) -> list[str]:
    """Split a text into tokens; joined, they are the text."""
    return _TOKEN.findall(text)


def words(text: str) -> list[str]:
    """Give a text's tokens less the white space."""
    return _WORD.findall(text)


def spaced(text: str) -> list[str]:
    """Give a text's words, each with the white space before it; joined, they are the text."""
    return _SPACED.findall(text)


def lined(text: str) -> list[str]:
    """Give the words of whole lines as `spaced` does, the end of a line standing before the next.

    So words of one text can follow those of another and keep their lines.
    """
    return spaced("\n" + text.removesuffix("\n")) if text else []


def joined(found: Iterable[str]) -> str:
    """Write lines, or words as `spaced` gives them, with a blank where two would become one."""
    written: list[str] = []
    last = ""
    for word in found:
        if word:
            if _in_word(word[0]) and _in_word(last):
                written.append(" ")
            written.append(word)
            last = word[-1]
    return "".join(written)


def _in_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def squeezed(text: str) -> str:
    """Give a text without white space: what counts when texts are compared."""
    return "".join(text.split())
