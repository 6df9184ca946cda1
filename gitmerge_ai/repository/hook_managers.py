"""Who else decides which hooks run in a repository, and what that one has to be told.

Where a hook manager or a folder that others share decides (husky, lefthook, the pre-commit
framework, overcommit, `core.hooksPath`), no hook is written: the person adds the lines given here.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from gitmerge_ai.repository.config import effective
from gitmerge_ai.repository.hook_installation import OURS, hooks_folder, templates, work_tree


@dataclass(frozen=True, slots=True)
class Manager:
    """What decides about hooks here in git's place.

    name: what it is called. where: the file or folder that it reads. add: what has to stand there.
    mentioned: whether gitmerge-ai already does.
    """

    name: str
    where: str
    add: str
    mentioned: bool = False


_LINES = {
    "pre-commit": "gitmerge-ai check",
    "pre-merge-commit": "gitmerge-ai check",
    "prepare-commit-msg": 'gitmerge-ai-hook prepare-commit-msg "$@" || true',
    "commit-msg": 'gitmerge-ai-hook commit-msg "$@" || test $? != 10',
}
"""What the shell has to run in each hook. A check of messages asks for a stop by the status 10."""

_LOCAL = """\
- repo: local
  hooks:
    - id: gitmerge-ai-check
      name: gitmerge-ai check
      entry: gitmerge-ai check
      language: system
      pass_filenames: false
      always_run: true
      stages: [pre-commit, pre-merge-commit]
    - id: gitmerge-ai-message
      name: gitmerge-ai message
      entry: gitmerge-ai-hook prepare-commit-msg
      language: system
      stages: [prepare-commit-msg]
    - id: gitmerge-ai-message-check
      name: gitmerge-ai message --check
      entry: gitmerge-ai-hook commit-msg
      language: system
      verbose: true
      stages: [commit-msg]"""

_COMMANDS = "\n".join(
    f"{hook}:\n  commands:\n    gitmerge-ai:\n      run: {line}" for hook, line in _LINES.items()
).replace('"$@"', "{0}")

_OVERCOMMIT = """\
PreCommit:
  GitmergeAi:
    enabled: true
    command: ['gitmerge-ai', 'check']"""

_FRAMEWORK, _OVERCOMMIT_FILE, _LEFTHOOK_FILE = (
    ".pre-commit-config.yaml",
    ".overcommit.yml",
    "lefthook.yml",
)

_FILES = (
    (_FRAMEWORK, "the pre-commit framework", _LOCAL),
    *(
        (f"{dot}lefthook.{ending}", "lefthook", _COMMANDS)
        for dot in ("", ".")
        for ending in ("yml", "yaml", "toml", "json")
    ),
    (_OVERCOMMIT_FILE, "overcommit", _OVERCOMMIT),
)
"""Files in a work tree that tell of a manager, and what to add to them."""

_HUSKY = ".husky"


def manager(folder: Path) -> Manager | None:
    """Find out who else decides about the hooks of a repository.

    Raises:
        ConfigError: the folder is in no repository.
    """
    place, root = hooks_folder(folder), work_tree(folder)
    found = _manager(place, root, effective("core.hooksPath", folder))
    if found is None:
        return None
    named = (root or place) / found.where
    files = [named, *(folder / name for folder in (named, place) for name in templates())]
    return replace(found, mentioned=any(b"gitmerge-ai" in _read(file) for file in files))


def _manager(place: Path, root: Path | None, path: tuple[str, str] | None) -> Manager | None:
    if root and place.is_relative_to(root / _HUSKY):
        return Manager("husky", _HUSKY, _by_file(_HUSKY))
    for file, name, add in _FILES:
        if root and (root / file).exists():
            return Manager(name, file, add)
    for name in templates():
        found = _read(place / name)
        for sign, who, where, add in _SIGNS:
            if found and OURS not in found and re.search(sign, found):
                return Manager(who, where, add)
    if path:
        return Manager(f"core.hooksPath in {path[1]}", str(place), _by_file(str(place)))
    return None


def _by_file(folder: str) -> str:
    """Say which line belongs into which file of a folder of hooks."""
    files = {f"{folder}/{hook}": line for hook, line in _LINES.items()}
    width = max(map(len, files))
    return "\n".join(f"{file:{width}}  {line}" for file, line in files.items())


def _read(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""


_SIGNS = (
    (rb"pre-commit\.com|pre_commit", "the pre-commit framework", _FRAMEWORK, _LOCAL),
    (rb"\blefthook\b", "lefthook", _LEFTHOOK_FILE, _COMMANDS),
    (rb"\bhusky\b", "husky", _HUSKY, _by_file(_HUSKY)),
    (rb"(?i)\bovercommit\b", "overcommit", _OVERCOMMIT_FILE, _OVERCOMMIT),
)
"""What stands in a manager's own hooks, its name, and what to add where."""
