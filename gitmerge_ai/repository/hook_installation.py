"""Puts hooks into a repository beside those it has, and takes them away again.

A hook that is there is moved aside, runs first, and comes back with `uninstall`. Whether a hook
manager decides what runs is the question of `hook_managers`.
"""

import os
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from gitmerge_ai import shipped
from gitmerge_ai.repository.config import ConfigError
from gitmerge_ai.repository.process import capture

BEFORE = ".before-gitmerge-ai"
"""What is added to the name of a hook that was there before."""

OURS = b"# gitmerge-ai: "
"""Stands in every hook that was put in place here."""

_PYTHON = "@PYTHON@"


@dataclass(frozen=True, slots=True)
class Hook:
    """A hook of ours: its name, where it belongs and what is there.

    state: "on", "off" (nothing or another hook is there), "old" (of another installation) or
        "replaced" (another tool has put its own hook over ours).
    """

    name: str
    file: Path
    state: str


def hooks_folder(folder: Path) -> Path:
    """Give the folder that git takes hooks from.

    Raises:
        ConfigError: the folder is in no repository.
    """
    command = ["git", "-C", str(folder), "rev-parse", "--git-path", "hooks"]
    status, said = capture(command, errors="drop")
    if status:
        raise ConfigError(f"{folder} is in no git repository; hooks belong to one")
    return Path(os.path.abspath(folder / os.fsdecode(said.removesuffix(b"\n"))))


def hooks(folder: Path) -> list[Hook]:
    """Say of every hook what is there.

    Raises:
        ConfigError: the folder is in no repository.
    """
    place = hooks_folder(folder)
    return [
        Hook(name, place / name, _state(place / name, text)) for name, text in templates().items()
    ]


def install(folder: Path) -> list[str]:
    """Put the hooks in place, and give the names of those that were not so already.

    Raises:
        ConfigError: a hook cannot be moved aside, or git's folder cannot be written.
    """
    changed = [hook for hook in hooks(folder) if hook.state != "on"]
    stuck = [hook.name for hook in changed if hook.state == "replaced"]
    if stuck:
        raise ConfigError(
            f"another tool has replaced the hook {stuck[0]}, and {stuck[0]}{BEFORE} is still "
            "there; remove one of them"
        )
    texts = templates()
    try:
        for hook in changed:
            _put(hook, texts[hook.name])
    except OSError as error:
        raise ConfigError(f"hooks cannot be written: {error}") from error
    return [hook.name for hook in changed]


def uninstall(folder: Path) -> list[str]:
    """Take the hooks away, bring back what stood there, and give the names of those removed.

    Raises:
        ConfigError: git's folder cannot be written.
    """
    ours = [hook for hook in hooks(folder) if hook.state in ("on", "old")]
    try:
        for hook in ours:
            before = _before(hook.file)
            if os.path.lexists(before):
                before.replace(hook.file)
            else:
                hook.file.unlink()
    except OSError as error:
        raise ConfigError(f"hooks cannot be removed: {error}") from error
    return [hook.name for hook in ours]


def kept(folder: Path) -> list[str]:
    """Name the hooks that were there before ours and run first."""
    return [hook.name for hook in hooks(folder) if os.path.lexists(_before(hook.file))]


def templates() -> dict[str, str]:
    """Give the text of every hook by its name."""
    files = sorted(file for file in shipped.folder("hooks").iterdir() if not file.suffix)
    python = shlex.quote(sys.executable)
    return {file.name: file.read_text(encoding="utf-8").replace(_PYTHON, python) for file in files}


def work_tree(folder: Path) -> Path | None:
    """Give the top of the work tree that a folder is in, `None` if it is in none."""
    command = ["git", "-C", str(folder), "rev-parse", "--show-toplevel"]
    status, said = capture(command, errors="drop")
    return Path(os.fsdecode(said.removesuffix(b"\n"))) if status == 0 and said.strip() else None


def _before(file: Path) -> Path:
    return file.with_name(file.name + BEFORE)


def _read(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""


def _state(file: Path, text: str) -> str:
    found = _read(file)
    if OURS in found:
        return "on" if found == text.encode() and os.access(file, os.X_OK) else "old"
    return "replaced" if found and os.path.lexists(_before(file)) else "off"


def _put(hook: Hook, text: str) -> None:
    """Write a hook in one step; whatever is there is moved aside."""
    hook.file.parent.mkdir(parents=True, exist_ok=True)
    part = hook.file.with_name(f".{hook.name}.{os.urandom(6).hex()}")
    part.write_text(text, encoding="utf-8")
    part.chmod(0o755)
    if hook.state == "off" and os.path.lexists(hook.file):
        hook.file.rename(_before(hook.file))
    part.replace(hook.file)
