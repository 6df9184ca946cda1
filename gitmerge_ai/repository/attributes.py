"""What git's attributes say about a path: its language, whether it is generated, who merges it."""

import os
from collections.abc import Callable, Sequence
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


class Checked(NamedTuple):
    """What `check` has to know of a path; `marker_size` is the length of its conflict markers."""

    language: str | None = None
    generated: bool = False
    marker_size: int = 7


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


def of_paths(paths: Sequence[str], folder: str | os.PathLike[str] = ".") -> dict[str, Checked]:
    """Ask git at once what `check` has to know of paths; those without attributes are left out.

    Args:
        paths: relative to the folder.
        folder: in a repository.
    """
    import subprocess  # not for the driver, which asks for one path

    names = ["gitmerge-ai-language", "linguist-generated", "conflict-marker-size"]
    done = subprocess.run(
        ["git", "-C", os.fspath(folder), "check-attr", "-z", "--stdin", *names],
        input=b"".join(os.fsencode(path) + b"\0" for path in paths),
        capture_output=True,
        check=False,
    )
    fields = os.fsdecode(done.stdout).split("\0")
    values: dict[str, dict[str, str]] = {}
    for path, name, value in zip(fields[::3], fields[1::3], fields[2::3], strict=False):
        if value not in SILENT:
            values.setdefault(path, {})[name] = value
    return {path: _checked(found) for path, found in values.items()}


def _checked(values: dict[str, str]) -> Checked:
    language = values.get("gitmerge-ai-language")
    size = values.get("conflict-marker-size", "")
    return Checked(
        None if language == "set" else language,
        "linguist-generated" in values,
        int(size) if size.isdigit() and int(size) else 7,
    )
