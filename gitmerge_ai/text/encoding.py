"""Bytes to text and back without losing one: byte order marks, UTF-16, and bytes of no known code.

Files without a byte order mark are read as UTF-8; what is not valid UTF-8 (Latin-1, Shift JIS, a
stray byte) is kept as surrogate escapes, which nothing can tell apart by looking and which are
written back byte for byte. The attribute `working-tree-encoding` needs nothing here: the contents
that git hands to a merge are already in UTF-8.
"""

import codecs
from typing import NamedTuple

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks; those of UTF-32 begin with those of UTF-16, so they are looked for first."""


FIRST_BYTES = 8000
"""How far git looks for a NUL byte to tell a binary file."""


class Decoded(NamedTuple):
    """A text, and what it takes to write it as it was: its codec and its byte order mark."""

    text: str
    codec: str = "utf-8"
    bom: bytes = b""


def decode(data: bytes) -> Decoded:
    """Read bytes as text; `encode` gives exactly these bytes back.

    Args:
        data: the content of a file.
    """
    for bom, codec in MARKS:
        if data.startswith(bom):
            text = _decoded(data[len(bom) :], codec)
            if text is not None:
                return Decoded(text, codec, bom)
    return Decoded(data.decode("utf-8", "surrogateescape"))


def encode(decoded: Decoded) -> bytes:
    """Write a text in its codec, after its byte order mark.

    Args:
        decoded: what `decode` gave, with the same or another text.

    Raises:
        UnicodeEncodeError: the text holds bytes of no known code and the codec is not UTF-8.
    """
    errors = "surrogateescape" if decoded.codec == "utf-8" else "strict"
    return decoded.bom + decoded.text.encode(decoded.codec, errors)


def foreign(text: str) -> bool:
    """Tell whether a text holds bytes that are not valid in its encoding.

    Args:
        text: as `decode` gave it.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def is_binary(data: bytes) -> bool:
    """Tell whether a content is no text: a NUL byte near its start, as git has it, UTF-16 aside.

    Args:
        data: the content of a file.
    """
    marks = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return b"\0" in data[:FIRST_BYTES] and not data.startswith(marks)


def _decoded(data: bytes, codec: str) -> str | None:
    """Decode, or give `None` where that would not come back as the same bytes."""
    if codec == "utf-8":
        return data.decode(codec, "surrogateescape")
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return None
    return text if text.encode(codec) == data else None
