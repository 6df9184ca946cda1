"""Which files a change may touch: inside the worktree, what the plan names, and never the judges.

A path that leaves the worktree, reaches git's own folder or goes through a symbolic link is no
child's to write, whoever proposes it. Nor are the files that decide over a child, its tests, what
the plan's commands name and data, unless the plan's paths name them: it would learn to bribe them.
"""

import re
import shlex
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase

from gitmerge_ai.evolution.values import Plan
from gitmerge_ai.repository.trees import is_gits, is_text
from gitmerge_ai.syntax.languages import for_path

LINKS = frozenset({0o120000, 0o160000})
"""Modes of symbolic links and submodules."""

_JUDGE = re.compile(
    r"(?:^|/)(?:tests?|testing|specs?|__tests__|testdata|benchmarks?)/"
    r"|(?:^|/)(?:conftest|setup|noxfile)\.py$"
    r"|(?:^|/)tests?\.[^/.]+$"
    r"|(?:^|/)(?:test_[^/]*|[^/]*[_.](?:test|spec))\.[^/.]+$"
    r"|(?:^|/)[^/]*Tests?\.(?:java|kt|cs|scala|swift)$",
)
"""Where tests are kept, by the habits of the languages that we parse."""

_DATA = frozenset(("json", "yaml", "toml", "xml", "markdown"))
"""Languages of what is no program: the inputs that a score is measured on among it."""


class Unconfined(Exception):
    """A change reaches for what it must not touch; the message says which path and why."""


def confined(files: Mapping[str, bytes | None], mode_of: Callable[[str], int | None]) -> None:
    """Check that a change stays inside the worktree.

    Args:
        files: what it writes or removes, by path.
        mode_of: gives the mode of a path in the tree that is changed, `None` if nothing is there.

    Raises:
        Unconfined: it does not.
    """
    for path in files:
        if problem := _problem(path, mode_of):
            raise Unconfined(f"{path!r} {problem}")


def _problem(path: str, mode_of: Callable[[str], int | None]) -> str:
    if problem := _misnamed(path):
        return problem
    parts = path.split("/")
    forebears = ("/".join(parts[:end]) for end in range(1, len(parts)))
    if any(mode in LINKS for mode in map(mode_of, forebears)):
        return "goes through a link or a submodule"
    if mode_of(path) in LINKS:
        return "is a link or a submodule"
    return ""


def _misnamed(path: str) -> str:
    """Say why a path is none that may be written anywhere; "" if it is."""
    parts = path.split("/")
    if not path or path.startswith("/") or re.match(r"[A-Za-z]:", path):
        return "is no path inside the repository"
    if "\0" in path or "\\" in path or any(part in {"", ".", ".."} for part in parts):
        return "is no plain path"
    if not is_text(path):
        return "is not UTF-8"
    if any(is_gits(part) for part in parts):
        return "belongs to git"
    return ""


def editable(plan: Plan) -> Callable[[str], bool]:
    """Give what says whether a path may be edited in a run.

    Args:
        plan: of the run.
    """
    wanted = _wanted(plan)
    return lambda path: wanted(path) and not _misnamed(path)


def _wanted(plan: Plan) -> Callable[[str], bool]:
    if plan.paths:
        return lambda path: any(_matches(path, pattern) for pattern in plan.paths)
    named = _named(plan)
    return lambda path: path not in named and not _JUDGE.search(path) and _is_program(path)


def _is_program(path: str) -> bool:
    row = for_path(path)
    return row is not None and row.name not in _DATA


def _matches(path: str, pattern: str) -> bool:
    pattern = pattern.removeprefix("./").rstrip("/")
    return pattern == "." or path.startswith(f"{pattern}/") or fnmatchcase(path, pattern)


def _named(plan: Plan) -> frozenset[str]:
    """Collect what stands as a word in a command of the plan."""
    scores = (objective.command for objective in (*plan.objectives, *plan.quick))
    words = set[str]()
    for command in (*plan.checks, *plan.until, *plan.validate, *scores):
        try:
            words.update(shlex.split(command))
        except ValueError:  # an open quote, which is the shell's to complain about
            words.update(command.split())
    return frozenset(word.removeprefix("./").partition("::")[0] for word in words)
