"""Changes as git shows them, to be read: of commits, of what is staged, of one file.

Each is cut down to what there is room for. `commits` has what changes are compared by.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from gitmerge_ai.repository.commits import MOST_READ, git_in
from gitmerge_ai.repository.process import capture

_TO_BE_READ = ["-p", "-M", "--no-ext-diff", "--no-textconv", "--no-color"]
_TO_BE_READ += ["--ignore-submodules=all"]

MOST_SHOWN = 2_000_000
"""Bytes of a change that may be shown to be read."""


def staged_text(folder: Path, most: int) -> str:
    """Give what is staged as git shows it, as far as there is room; "" where git fails.

    Args:
        folder: in the work tree.
        most: characters; every file gets its share of them.
    """
    return _shared(_shown([*git_in(folder), "diff", "--cached", *_TO_BE_READ, "--"]), most)


def texts(folder: Path, wanted: Sequence[str], most: int) -> dict[str, str]:
    """Give the changes of commits as git shows them, as far as there is room.

    Args:
        folder: in the repository.
        wanted: full names.
        most: characters of each; every file gets its share of them.
    """
    if not wanted:
        return {}
    asked = ["show", "--no-show-signature", "--format=%x00%H%x00", *_TO_BE_READ, *wanted]
    fields = _shown([*git_in(folder), *asked, "--"]).split("\0")
    pairs = ((n, t) for n, t in pairwise(fields) if n in wanted)
    return {name: _shared(text, most) for name, text in pairs}


def changed_lines(folder: Path, commit: str | None, path: str) -> str:
    """Give the change of a file as git shows it, each line with the one above and below it.

    Args:
        folder: in the repository.
        commit: whose change; `None` for what is staged.
        path: of the file.
    """
    shown = [*_TO_BE_READ, "-U1"]
    command = ["diff-tree", "--root", "--no-commit-id", *shown, commit] if commit else None
    asked = command or ["diff", "--cached", *shown]
    status, output = capture(
        [*git_in(folder), *asked, "--", f":(top,literal){path}"], errors="drop", most=MOST_READ
    )
    return output.decode("utf-8", "replace") if status <= 0 else ""


def _shown(command: list[str]) -> str:
    import subprocess  # takes long, and a hook has no need of it

    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=1 << 16
    ) as process:
        assert process.stdout
        found = process.stdout.read(MOST_SHOWN).decode("utf-8", "replace")
        process.kill()
    return found


def _shared(text: str, most: int) -> str:
    """Cut a change down, every file of it by as much as its share allows."""
    files = re.split(r"^(?=diff --git )", text, flags=re.MULTILINE)[1:]
    share = most // max(1, len(files))
    return "".join(each if len(each) <= share else f"{each[:share]}…\n" for each in files)[:most]
