"""The file that a commit message is edited in: what is in it, and a proposal written into it.

Whatever a person or another tool wrote is kept: a proposal goes only into a file without text, and
only while nothing but a plain commit is made.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from gitmerge_ai.repository.config import effective

SCISSORS = " ------------------------ >8 ------------------------"

UNDER_WAY = (
    "MERGE_HEAD",
    "CHERRY_PICK_HEAD",
    "REVERT_HEAD",
    "SQUASH_MSG",
    "sequencer",
    "rebase-merge",
    "rebase-apply",
)
"""What git's directory holds while a message is somebody else's to write."""


def comment_sign(folder: Path, text: str) -> str:
    """Give what begins a comment in a message.

    Args:
        folder: in the repository.
        text: the file, from which it is read where git chooses it itself, or is too old for it.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    for key in ("core.commentString", "core.commentChar"):
        said = effective(key, folder)
        if said and said[0] and any(line.startswith(said[0]) for line in lines):
            return said[0]
    first = next((line for line in lines if line.startswith("#")), lines[0] if lines else "#")
    return "#" if first[0].isalnum() else first[0]


def written(text: str, sign: str) -> str:
    """Give what stands in a message file beside comments and the change shown below it."""
    lines = []
    for line in text.split("\n"):
        if line.rstrip() == sign + SCISSORS:
            break
        if not line.startswith(sign):
            lines.append(line)
    return "\n".join(lines)


def may_be_filled(git_dir: Path, source: str, text: str, sign: str) -> bool:
    """Whether a proposal may go into a message file.

    Args:
        git_dir: of the work tree.
        source: what git says the message is from, "" where it is from nowhere.
        text: the file.
        sign: of a comment.
    """
    if source not in ("", "template") or os.environ.get("GIT_EDITOR") == ":":
        return False  # With no editor nobody would see what is committed.
    return not written(text, sign).strip() and not any((git_dir / n).exists() for n in UNDER_WAY)


def fill(file: Path, text: str, subjects: Sequence[str], sign: str) -> None:
    """Write a proposal above what a message file holds, and others below it as comments.

    Args:
        file: the message file.
        text: what it holds.
        subjects: the proposal, then the others.
        sign: of a comment. A file without one is not cleaned by git, so that it gets none.

    Raises:
        OSError: it could not be written, and is as it was.
    """
    usable = [subject for subject in subjects if not subject.startswith(sign)]
    if not usable:
        return
    others = [f"{sign} {subject}\n" for subject in usable[1:]] if sign in text else []
    said = [f"{sign} or:\n", *others] if others else []
    between = "\n" if said else ""
    whole = f"{usable[0]}\n{between}{''.join(said)}{text}"
    part = file.with_name(f"{file.name}.{os.urandom(6).hex()}")
    try:
        part.write_bytes(whole.encode("utf-8", "surrogateescape"))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
