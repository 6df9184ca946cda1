"""What git calls the three sides in conflict markers, in each of its commands.

From 2.44 on it tells a merge driver; before, and where a conflict is put back, it is found out
here.
"""

import os
import re

from gitmerge_ai.repository.process import capture
from gitmerge_ai.repository.steps import Step

Labels = tuple[str, str, str]
"""What markers call base, ours and theirs."""

PLAIN: Labels = ("base", "ours", "theirs")

PATTERNS: dict[str, Labels] = {
    "merge": ("{base}", "HEAD", "{name}"),
    "rebase": ("parent of {commit}", "HEAD", "{commit}"),
    "cherry-pick": ("parent of {commit}", "HEAD", "{commit}"),
    "revert": ("{commit}", "HEAD", "parent of {commit}"),
    "stash": ("Stash base", "Updated upstream", "Stashed changes"),
    "am": ("constructed merge base", "HEAD", "{name}"),
    "apply": PLAIN,
    "checkout": ("base", "{name}", "local"),
}
"""What each operation calls the sides; a commit by its short name and its subject."""


_COMMIT = re.compile(r"[0-9a-f]{4,64}(\.\.\.)? .+")
"""What markers call a commit that is picked: its short name and its subject."""


class UnknownStep(Exception):
    """Git does not know the commits of a step, or no longer."""


def labels_in(step: Step, folder: str = ".") -> Labels:
    """Give the labels of base, ours and theirs in a step, as far as no file was renamed.

    Args:
        step: what git is doing.
        folder: in the repository.

    Raises:
        UnknownStep: git cannot find its commits.
    """
    if step.operation == "checkout" and not step.commit:
        return PLAIN  # It makes the conflict in a path again.
    pattern = PATTERNS[step.operation]
    words = {"base": "", "commit": "", "name": step.name or step.commit}
    if step.operation == "merge":
        base = merge_base(step, folder)
        known = " " not in base
        words["base"] = _git(folder, "rev-parse", "--short", base).strip() if known else base
    elif step.commit:
        said = _git(folder, "log", "-1", "--no-show-signature", "--format=%h%n%B", step.commit)
        short, subject = said.split("\n")[:2]
        words["commit"] = f"{short} ({subject})"
    base, ours, theirs = (
        label.format_map(words) if all(words[key] for key in _keys(label)) else plain
        for label, plain in zip(pattern, PLAIN, strict=True)
    )
    return base, ours, theirs


def operation_in(base: str, theirs: str) -> str:
    """Name the operation that wrote markers with these labels; a cherry-pick may be a rebase.

    Args:
        base, theirs: what the markers call the sides, "" where they do not.
    """
    if theirs.startswith("parent of "):
        return "revert"
    picked = base.startswith("parent of ") or _COMMIT.fullmatch(theirs)
    return "cherry-pick" if picked else "merge"


def merge_base(step: Step, folder: str = ".") -> str:
    """Give the commit that a merge goes by, or what git calls it where there is not one.

    Args:
        step: a merge.
        folder: in the repository.

    Raises:
        UnknownStep: git cannot find its commits.
    """
    found = _git(folder, "merge-base", "--all", step.head, step.commit, allowed=1).split()
    return found[0] if len(found) == 1 else "merged common ancestors" if found else "empty tree"


def _keys(label: str) -> list[str]:
    return [part.partition("}")[0] for part in label.split("{")[1:]]


def _git(folder: str, *arguments: str, allowed: int = 0) -> str:
    status, said = capture(["git", "-C", folder, *arguments], errors="drop")
    if not 0 <= status <= allowed:
        raise UnknownStep(f"git {arguments[0]} failed with {status}")
    return os.fsdecode(said)
