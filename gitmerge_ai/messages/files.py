"""The file that a commit message is edited in: what is in it, and a proposal written into it.

Whatever a person or another tool wrote is kept: a proposal goes only into a file without text, and
only while nothing but a plain commit is made.
"""

import os
import re
from collections.abc import Mapping, Sequence
from itertools import takewhile
from pathlib import Path

COMMENTS = r"^core\.comment(char|string)$"
"""The settings of git that say what begins a comment."""

SCISSORS = " ------------------------ >8 ------------------------"

KEEPING = ("verbatim", "whitespace")
"""Of `commit.cleanup` what leaves comments in a message."""

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


def read(file: Path) -> str:
    """Read a message; bytes of no encoding are kept.

    Raises:
        OSError: it could not be read.
    """
    return file.read_bytes().decode("utf-8", "surrogateescape")


def write(file: Path, text: str) -> None:
    """Write a message in one step.

    Raises:
        OSError: it could not be written, and is as it was.
    """
    part = file.with_name(f"{file.name}.{os.urandom(6).hex()}")
    try:
        part.write_bytes(text.encode("utf-8", "surrogateescape"))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def comment_sign(text: str, settings: Mapping[str, str]) -> str:
    """Give what begins a comment in a message.

    Args:
        text: the message, from which it is read where git chooses it itself, or is too old for it.
        settings: git's, with the keys in small letters.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    for key in ("core.commentstring", "core.commentchar"):
        said = settings.get(key)
        if said and any(line.startswith(said) for line in lines):
            return said
    first = next((line for line in lines if line.startswith("#")), lines[0] if lines else "#")
    return "#" if first[0].isalnum() else first[0]


_TRAILER = re.compile(r"[A-Z][A-Za-z]*-[A-Za-z-]+: \S.*")


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
    said = written(text, sign)
    return not (said if source else _without_trailers(said)).strip() and not is_under_way(git_dir)


def _without_trailers(text: str) -> str:
    """Give what somebody wrote, where `git commit -s` put a trailer below it."""
    return "\n".join(line for line in text.split("\n") if not _TRAILER.fullmatch(line))


def is_under_way(git_dir: Path) -> bool:
    """Whether a merge, a pick, a revert, a rebase or a squash is being committed.

    Args:
        git_dir: of the work tree.
    """
    return any((git_dir / name).exists() for name in UNDER_WAY)


def fill(
    file: Path, text: str, subject: str, others: Sequence[str], sign: str, body: str = ""
) -> None:
    """Write a proposal above what a message file holds, and others as comments.

    Args:
        file: the message file.
        text: what it holds.
        subject: the proposal, "" for none.
        others: that are not put in; none where git would keep comments as a part of the message.
        sign: of a comment. A file without one is not cleaned by git, so that it gets none.
        body: what stands below the proposal, but for trailers that the file has already.

    Raises:
        OSError: it could not be written, and is as it was.
    """
    if subject.startswith(sign):
        subject = body = ""
    offered = [other for other in others if not other.startswith(sign)] if sign in text else []
    if not subject and not offered:
        return
    there = {line.partition(":")[0] for line in text.split("\n") if _TRAILER.fullmatch(line)}
    kept = (line for line in body.split("\n") if line.partition(":")[0] not in there)
    below = "\n".join(kept).strip()
    if any(line.startswith(sign) for line in below.split("\n")):
        below = ""
    top = "".join(f"{part}\n" for part in (subject, below and f"\n{below}") if part)
    said = "\n".join(f"{sign} {each}" for each in ("or:" if subject else "perhaps:", *offered))
    write(file, f"{top}{_commented(text, said, sign) if offered else text}")


def _commented(text: str, said: str, sign: str) -> str:
    """Put comments before all others of a message, or where git cuts it off, below that line.

    Args:
        text: the message.
        said: the comments.
        sign: of one.
    """
    before, line, after = text.partition(f"{sign}{SCISSORS}\n")
    if not line or sign in before:
        return f"\n{said}\n{text}"
    # Git says there what the line does.
    told = "".join(takewhile(lambda each: each.startswith(f"{sign} "), after.splitlines(True)))
    return f"{before}{line}{told}{sign}\n{said}\n{after.removeprefix(told)}"
