"""Matching names of files against a long table of patterns, most of which are plain.

`fnmatch` makes a regular expression of every pattern, which takes longer than a merge does.
"""

from fnmatch import fnmatchcase

_SPECIAL = frozenset("*?[")
_SIGNS = "*?[]"


def matches(name: str, pattern: str) -> bool:
    """Match as `fnmatch.fnmatchcase` does.

    Args:
        name: a file's name or path.
        pattern: with `*`, `?` and `[…]`.
    """
    head, star, tail = pattern.partition("*")
    if not _SPECIAL.isdisjoint(head + tail):
        first = min(at for at in map(pattern.find, _SIGNS) if at >= 0)
        last = max(map(pattern.rfind, _SIGNS))
        plain = name.startswith(pattern[:first]) and name.endswith(pattern[last + 1 :])
        return plain and fnmatchcase(name, pattern)
    if not star:
        return name == pattern
    return len(name) >= len(head + tail) and name.startswith(head) and name.endswith(tail)
