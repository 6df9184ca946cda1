"""Lets the person edit a text in the editor that git would start."""

import os
import subprocess
import tempfile
from pathlib import Path

from gitmerge_ai.text.lines import CRLF, LF


class EditorError(Exception):
    """The editor could not be run or failed; the message says which."""


def edit(text: str, path: str, folder: Path) -> str:
    """Give a text as the person left it.

    Args:
        text: what is to be edited.
        path: of the file it is from; its name tells the editor the language.
        folder: in the repository, whose configuration names the editor.

    Raises:
        EditorError: the editor failed.
    """
    command = _editor(folder)
    with tempfile.TemporaryDirectory(prefix="gitmerge-ai-") as temporary:
        file = Path(temporary, Path(path).name or "conflict")
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
        done = subprocess.run(["sh", "-c", f'{command} "$@"', command, str(file)], check=False)
        if done.returncode:
            raise EditorError(f"{command} ended with status {done.returncode}")
        return file.read_bytes().decode("utf-8", "surrogateescape")


def ended_like(text: str, sides: tuple[str, str]) -> str:
    """Give an edited text the line endings of the sides, and one at its end where they have one.

    Args:
        text: what was written.
        sides: ours and theirs.
    """
    both = "".join(sides)
    if CRLF in both and both.count(CRLF) == both.count(LF):
        text = text.replace(CRLF, LF).replace(LF, CRLF)
    ending = CRLF if CRLF in both else LF
    unended = any(side and not side.endswith(LF) for side in sides)
    return text if not text or text.endswith(LF) or unended else text + ending


def _editor(folder: Path) -> str:
    asked = subprocess.run(
        ["git", "var", "GIT_EDITOR"], cwd=folder, capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
