"""A file of ours in the git directory that all work trees of a repository share.

What is found out about a repository is kept there: it is never committed, and goes with the
repository. What a file holds is not known here.
"""

import os
from contextlib import suppress
from pathlib import Path

FOLDER = "gitmerge-ai"
"""Where our files are, inside a git directory."""


def common_dir(git_dir: str | os.PathLike[str]) -> Path:
    """Give the git directory that a work tree's own one belongs to, without asking git.

    Args:
        git_dir: of a repository or of one of its work trees.
    """
    found = Path(git_dir)
    with suppress(OSError):
        shared = os.fsdecode((found / "commondir").read_bytes()).rstrip("\n")
        return found / shared
    return found


def read(git_dir: str | os.PathLike[str], name: str) -> bytes | None:
    """Read a file of ours; `None` where there is none, or it cannot be read.

    Args:
        git_dir: of a repository or of one of its work trees.
        name: of the file.
    """
    with suppress(OSError):
        return (common_dir(git_dir) / FOLDER / name).read_bytes()
    return None


def write(git_dir: str | os.PathLike[str], name: str, data: bytes) -> Path:
    """Write a file of ours in one step: a reader finds the old content or the new.

    Args:
        git_dir: of a repository or of one of its work trees.
        name: of the file.
        data: what it is to hold.

    Returns:
        Where it is.

    Raises:
        OSError: it could not be written; the file is as it was.
    """
    file = common_dir(git_dir) / FOLDER / name
    file.parent.mkdir(exist_ok=True)
    part = file.with_name(f".{name}.{os.urandom(6).hex()}")
    try:
        part.write_bytes(data)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return file


def remove(git_dir: str | os.PathLike[str], name: str) -> bool:
    """Remove a file of ours, and say whether there was one.

    Args:
        git_dir: of a repository or of one of its work trees.
        name: of the file.

    Raises:
        OSError: it could not be removed.
    """
    try:
        (common_dir(git_dir) / FOLDER / name).unlink()
    except FileNotFoundError:
        return False
    return True
