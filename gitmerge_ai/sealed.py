"""Files of weights that are known to be whole: a mark, a check sum, and what the sum is of.

The mark says what a file is and in which version of its format; what lies behind the sum is the
business of those who wrote it.
"""

import zlib
from struct import Struct

_CHECK = Struct("<I")


class UnreadableModel(ValueError):
    """A model's file is missing, damaged or of another format; the message says which."""


def sealed(mark: bytes, rest: bytes) -> bytes:
    """Put a mark and a check sum before what a file is to hold."""
    return mark + _CHECK.pack(zlib.crc32(rest)) + rest


def unsealed(mark: bytes, data: bytes) -> memoryview:
    """Give what was sealed.

    Args:
        mark: that the file has to begin with.
        data: of the whole file.

    Raises:
        UnreadableModel: it begins otherwise, or is damaged.
    """
    if not data.startswith(mark):
        said = mark.decode().strip()
        raise UnreadableModel(f"it does not begin as this version's files do, with {said!r}")
    start = len(mark) + _CHECK.size
    rest = memoryview(data)[start:]
    if data[len(mark) : start] != _CHECK.pack(zlib.crc32(rest)):
        raise UnreadableModel("it is damaged")
    return rest
