"""Puts hooks into a repository beside those it has, and takes them away again.

A hook that is there is moved aside, runs first, and comes back with `uninstall`. Where a hook
manager or a folder that others share decides what runs (husky, lefthook, the pre-commit framework,
`core.hooksPath`), nothing is written and the person is told what to add there.
"""

import os
import re
import shlex
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from gitmerge_ai import shipped
from gitmerge_ai.repository.config import ConfigError, effective
from gitmerge_ai.repository.process import capture

BEFORE = ".before-gitmerge-ai"
"""What is added to the name of a hook that was there before."""

_OURS = b"# gitmerge-ai: "
_PYTHON = "@PYTHON@"


@dataclass(frozen=True, slots=True)
class Manager:
    """What decides about hooks here in git's place.

    name: what it is called. where: the files that it reads. add: what has to stand there.
    mentioned: whether gitmerge-ai already does.
    """

    name: str
    where: str
    add: str
    mentioned: bool = False


_LOCAL = """\
- repo: local
  hooks:
    - id: gitmerge-ai-check
      name: gitmerge-ai check
      entry: gitmerge-ai check
      language: system
      pass_filenames: false
      always_run: true
      stages: [pre-commit, pre-merge-commit]"""

_COMMANDS = """\
pre-commit:
  commands:
    gitmerge-ai:
      run: gitmerge-ai check
pre-merge-commit:
  commands:
    gitmerge-ai:
      run: gitmerge-ai check"""

_OVERCOMMIT = """\
PreCommit:
  GitmergeAi:
    enabled: true
    command: ['gitmerge-ai', 'check']"""

_LINE = "gitmerge-ai check"

_FILES = (
    (".pre-commit-config.yaml", "the pre-commit framework", _LOCAL),
    *(
        (f"{dot}lefthook.{ending}", "lefthook", _COMMANDS)
        for dot in ("", ".")
        for ending in ("yml", "yaml", "toml", "json")
    ),
    (".overcommit.yml", "overcommit", _OVERCOMMIT),
)
"""Files in a work tree that tell of a manager, and what to add to them."""

_SIGNS = (
    (rb"pre-commit\.com|pre_commit", "the pre-commit framework", ".pre-commit-config.yaml", _LOCAL),
    (rb"\blefthook\b", "lefthook", "lefthook.yml", _COMMANDS),
    (rb"\bhusky\b", "husky", ".husky/pre-commit and .husky/pre-merge-commit", _LINE),
    (rb"(?i)\bovercommit\b", "overcommit", ".overcommit.yml", _OVERCOMMIT),
)
"""What stands in a manager's own hooks, its name, and what to add where."""


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


def manager(folder: Path) -> Manager | None:
    """Find out who else decides about the hooks of a repository.

    Raises:
        ConfigError: the folder is in no repository.
    """
    place, root = hooks_folder(folder), work_tree(folder)
    found = _manager(place, root, effective("core.hooksPath", folder))
    if found is None:
        return None
    files = [root / name for name in found.where.split(" and ")] if root else []
    files += [place / name for name in templates()]
    return replace(found, mentioned=any(_LINE.encode() in _read(file) for file in files))


def _manager(place: Path, root: Path | None, path: tuple[str, str] | None) -> Manager | None:
    if root and place.is_relative_to(root / ".husky"):
        return Manager("husky", ".husky/pre-commit and .husky/pre-merge-commit", _LINE)
    for file, name, add in _FILES:
        if root and (root / file).exists():
            return Manager(name, file, add)
    for name in templates():
        found = _read(place / name)
        for sign, who, where, add in _SIGNS:
            if found and _OURS not in found and re.search(sign, found):
                return Manager(who, where, add)
    if path:
        where = f"{place / 'pre-commit'} and {place / 'pre-merge-commit'}"
        return Manager(f"core.hooksPath in {path[1]}", where, _LINE)
    return None


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
    if _OURS in found:
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
