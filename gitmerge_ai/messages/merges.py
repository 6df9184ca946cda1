"""The message of a merge: what was merged, which conflicts there were, how each was resolved.

What git wrote stays in front of it. What was resolved without a person is known from the journal;
what else was in conflict, from the comment that git puts into the message.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import wrap

from gitmerge_ai.messages import files
from gitmerge_ai.repository.config import matching
from gitmerge_ai.repository.index import RepositoryError, git
from gitmerge_ai.resolving.journal import reviewing
from gitmerge_ai.resolving.journal.reviewing import Reviewed
from gitmerge_ai.resolving.journal.work_tree import WorkTree, work_tree
from gitmerge_ai.values import Resolution

MOST_SUBJECTS = 12
"""Merged commits that are named."""

WIDTH = 72

_STAGES = {
    "lines": "by lines",
    "syntax": "by syntax",
    "token": "word by word",
    "lineset": "as a list of lines",
    "notebook": "cell by cell",
    "rules": "by rule",
    "classifier": "by the classifier",
    "endpoint": "by a language model",
    "person": "by hand",
}

_KEPT = {"ours": "ours kept", "theirs": "theirs kept", "base": "neither side kept"}
"""What is said of patterns that drop something; all others keep what both sides did."""


class NoMergeError(Exception):
    """There is no merge to speak of; the message says so."""


def message(folder: Path) -> str:
    """Give the message of the merge under way, or else of the merge that is checked out.

    Args:
        folder: in the work tree.

    Raises:
        NoMergeError: there is none.
    """
    try:
        tree = work_tree(folder)
        under_way = (Path(tree.git_dir) / "MERGE_HEAD").exists()
        text = _begun(tree) if under_way else _said(tree)
        sign = files.comment_sign(text, matching(files.COMMENTS, folder)) if under_way else "\0"
        return files.written(described(folder, text, sign, tree), sign).strip()
    except RepositoryError as error:
        raise NoMergeError(str(error)) from error


def described(folder: Path, text: str, sign: str, tree: WorkTree | None = None) -> str:
    """Give the message of a merge with what was merged and resolved below what it says already.

    Args:
        folder: in the work tree.
        text: the message file as git filled it, or the message of a merge that was made.
        sign: of a comment.
        tree: the work tree, if it is at hand.

    Raises:
        RepositoryError: git cannot be read.
    """
    tree = tree or work_tree(folder)
    lines = text.split("\n")
    end = next((at for at, line in enumerate(lines) if line.startswith(sign)), len(lines))
    said, rest = "\n".join(lines[:end]).rstrip(), lines[end:]
    more = [part for part in _parts(tree, in_conflict(text, sign)) if part not in said]
    return "\n\n".join([said, *more]) + "\n" + ("\n" + "\n".join(rest) if rest else "")


def in_conflict(text: str, sign: str) -> list[str]:
    """Give the paths that git names in a message as having been in conflict."""
    lines = iter(text.split("\n"))
    for line in lines:
        if line.removeprefix(sign).strip() == "Conflicts:" and line.startswith(sign):
            break
    found = []
    for line in lines:
        if not line.startswith(f"{sign}\t"):
            break
        found.append(line[len(sign) :].strip())
    return found


def _begun(tree: WorkTree) -> str:
    file = Path(tree.git_dir) / "MERGE_MSG"
    return files.read(file) if file.exists() else "Merge"


def _said(tree: WorkTree) -> str:
    if len(_parents(tree)) < 2:
        raise NoMergeError("there is no merge under way, and the commit checked out is none")
    return git(tree.root, "log", "-1", "--format=%B", "HEAD").decode(errors="surrogateescape")


def _parts(tree: WorkTree, conflicts: Sequence[str]) -> Iterator[str]:
    """Give the paragraphs that tell of a merge."""
    under_way = (Path(tree.git_dir) / "MERGE_HEAD").exists()
    tips = _merge_heads(tree) if under_way else _parents(tree)[1:]
    reviewed = _reviewed(tree, tips) if under_way else _files_of_head(tree)
    yield from _merged(tree, tips, "HEAD" if under_way else "HEAD^1")
    if reviewed:
        yield "\n".join(["Conflicts resolved automatically:", *map(_line, reviewed)])
    known = {one.entry.path for one in reviewed if not one.entry.left}
    by_hand = [path for path in conflicts if path not in known]
    if by_hand:
        yield "\n".join(["Conflicts resolved by hand:", *(f"- {path}" for path in by_hand)])


def _merge_heads(tree: WorkTree) -> list[str]:
    return (Path(tree.git_dir) / "MERGE_HEAD").read_text().split()


def _parents(tree: WorkTree) -> list[str]:
    return git(tree.root, "log", "-1", "--format=%P", "HEAD").decode().split()


def _merged(tree: WorkTree, tips: Sequence[str], ours: str) -> Iterator[str]:
    """Name the commits that were merged, the oldest first."""
    asked = ("log", "--reverse", "--no-merges", "--no-show-signature", "--format=%s", *tips)
    said = git(tree.root, *asked, "--not", ours, "--").decode(errors="surrogateescape")
    subjects = [line for line in said.split("\n") if line]
    if len(subjects) > 1:
        lines = [f"- {subject}" for subject in subjects[:MOST_SUBJECTS]]
        left = len(subjects) - MOST_SUBJECTS
        yield "\n".join(["Merged:", *lines, *([f"- and {left} more"] if left > 0 else [])])


def _reviewed(tree: WorkTree, tips: Sequence[str]) -> list[Reviewed]:
    """Give what the journal says of the merge under way."""
    head = git(tree.root, "rev-parse", "HEAD").decode().strip()
    steps = [entries for entries in tree.journal.last_run() if entries[0].step.head == head]
    found = [
        reviewing.in_work_tree(tree, entry)
        for entries in steps
        for entry in entries
        if entry.step.operation == "merge" and entry.step.commit in ("", *tips)
    ]
    return sorted((one for one in found if one.found), key=lambda one: one.entry.path)


def _files_of_head(tree: WorkTree) -> list[Reviewed]:
    steps = reviewing.of_commit(tree, "HEAD")
    return [one for step in steps for one in step.files if one.found]


def _line(one: Reviewed) -> str:
    """Say of a file how each of its conflicts was resolved."""
    pairs = zip(one.entry.resolutions, one.spans, strict=True)
    counts: dict[str, int] = {}
    for resolution, span in pairs:
        how = _how(resolution) if span else "changed since"
        counts[how] = counts.get(how, 0) + 1
    said = "; ".join(f"{count} × {how}" if count > 1 else how for how, count in counts.items())
    return "\n".join(wrap(f"- {one.entry.path}: {said}", WIDTH, subsequent_indent="  "))


def _how(resolution: Resolution) -> str:
    stage = _STAGES.get(resolution.stage, resolution.stage)
    kept = _KEPT.get(resolution.pattern, "both kept")
    sure = f", {resolution.confidence:.0%} sure" if resolution.stage == "classifier" else ""
    return f"{kept}, {stage}{sure}"
