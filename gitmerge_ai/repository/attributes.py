"""What git's attributes say about a path: its language, whether it is generated, who merges it."""

import os
from collections.abc import Callable
from typing import NamedTuple

from gitmerge_ai.repository.process import start

QUERY = ["git", "check-attr", "-z", "gitmerge-ai-language", "linguist-generated", "merge", "--"]
"""Prints what `parse` reads, once a path is added to it."""

SILENT = ("unspecified", "unset", "false")


class Attributes(NamedTuple):
    """The attributes of one path.

    language: `gitmerge-ai-language`, or `None` where it says nothing.
    generated: whether `linguist-generated` is set.
    merge: the value of `merge`: "unspecified", "set", "unset", or a driver's name.
    """

    language: str | None = None
    generated: bool = False
    merge: str = "unspecified"


def parse(output: bytes) -> Attributes:
    """Read what `QUERY` printed for one path.

    Args:
        output: path, attribute and value, each ended by NUL, over and over.
    """
    fields = output.decode(errors="surrogateescape").split("\0")
    values = dict(zip(fields[1::3], fields[2::3], strict=False))
    language = values.get("gitmerge-ai-language", "unspecified")
    return Attributes(
        language=None if language in (*SILENT, "set") else language,
        generated=values.get("linguist-generated", "unspecified") not in SILENT,
        merge=values.get("merge", "unspecified"),
    )


def of_path(path: str, folder: str | os.PathLike[str] = ".") -> Attributes:
    """Ask git for the attributes of a path.

    Args:
        path: relative to the folder.
        folder: in a repository; elsewhere no path has attributes.
    """
    return ask(path, folder)()


def ask(path: str, folder: str | os.PathLike[str] = ".") -> Callable[[], Attributes]:
    """Begin to ask git for the attributes of a path; what comes back waits for them.

    Args:
        path, folder: as for `of_path`.
    """
    command, *rest = QUERY
    finish = start([command, "-C", os.fspath(folder), *rest, path], errors="drop")
    return lambda: parse(finish()[1])
