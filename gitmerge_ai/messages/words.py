"""A message as tokens, and which of them must not be copied from one message into another.

Joined again, the tokens of a text are the text. What a token means is not known here.
"""

import re
from functools import lru_cache

END = ""
"""The token behind the last one of a subject."""

START = "\x02"
"""Stands before the first token, where the tokens before a token are looked at."""

KINDS = ("<version>", "<number>", "<ticket>", "<code>")
"""What `context` makes of tokens that belong to one change."""

_TOKEN = re.compile(r" ?(?:#\d+|\w+(?:[.'_/+-]\w+)*|[^\w\s])|\s", re.UNICODE)

_VERSION = re.compile(r"v?\d+(?:\.\d+)+(?:[.-]?\w+)*|v?\d+(?:[._-]\d+)*", re.IGNORECASE)
_TICKET = re.compile(r"#\d+|gh-\d+|[A-Z][A-Z0-9]+-\d+")
_OBJECT = r"(?=\w*\d)(?=\w*[a-f])[0-9a-f]{7,40}(?!\w)"
_CODE = re.compile(_OBJECT + r"|\w+[_/]\w|\w*[a-z0-9][A-Z]|\w+\.\w|_")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")


def tokens(text: str) -> list[str]:
    """Cut a text into words and signs, each with one space before it if there was one."""
    return _TOKEN.findall(text)


def going_on(begun: str, token: str) -> str:
    """Give a token as it goes on from what was typed of it, which is kept as it is.

    What was typed in small or capital letters goes on in them: "gi" to "github" by "GitHub".

    Args:
        begun: the beginning of the token but for its case, with the space before it.
        token: a token.
    """
    typed, own, rest = begun.strip(), token[: len(begun)].strip(), token[len(begun) :]
    if typed == own:
        return begun + rest
    if typed.islower() or (typed.istitle() and len(own) > 1 and own.isupper()):
        return begun + rest.lower()
    if len(typed) > 1 and typed.isupper():
        return begun + rest.upper()
    return begun + rest


@lru_cache(maxsize=20_000)
def core(token: str) -> str:
    """Give a token as it is compared: without the space before it, in lower case."""
    return token.strip().lower()


@lru_cache(maxsize=20_000)
def kind(token: str) -> str:
    """Say what a token is: "version" (any number), "ticket", "code", "word", or "sign".

    The first three say something of one change only.
    """
    bare = token.strip()
    if bare.isalpha() and bare[1:].islower():
        return "word"  # As nearly all are.
    if _TICKET.fullmatch(bare):
        return "ticket"
    if _VERSION.fullmatch(bare):
        return "version"
    if _CODE.match(bare):
        return "code"
    return "word" if bare[:1].isalnum() else "sign"


@lru_cache(maxsize=20_000)
def context(token: str) -> str:
    """Give a token as it counts for what follows: all versions alike, and so on."""
    said = f"<{kind(token)}>"
    if said == "<version>" and token.strip().isdigit():
        return "<number>"
    return said if said in KINDS else core(token)


_HASHED = re.compile(_OBJECT)


def pieces(name: str) -> list[str]:
    """Give the words that a name or path is made of, in lower case; a hash is made of none."""
    if _HASHED.fullmatch(name):
        return []
    return [piece.lower() for piece in _PART.findall(name)]
