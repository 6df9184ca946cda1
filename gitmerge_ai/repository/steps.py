"""Which step of which git command is merging: the merge, the commit being rebased, the stash.

Git does not tell a merge driver. What it leaves in its environment and its directory, and the
command line of the process that called, are put together here; nothing is written.
"""

import os
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gitmerge_ai.repository.line_merge import read
from gitmerge_ai.repository.process import capture

OPERATIONS = {
    "merge": "merge",
    "pull": "merge",
    "rebase": "rebase",
    "cherry-pick": "cherry-pick",
    "revert": "revert",
    "stash": "stash",
    "am": "am",
    "apply": "apply",
    "checkout": "checkout",
    "switch": "checkout",
}
"""The commands that merge into a work tree, and what each is called here. Others, `merge-tree`
above all, change no work tree, so that there is nothing to look back at."""

ANCESTORS = 4
"""How many processes up git is looked for; between it and the driver stands a shell."""

FULL = (40, 64)
"""How many digits the full name of an object has."""

WITH_VALUE = frozenset(
    {"-c", "-C", "--git-dir", "--work-tree", "--namespace", "--cleanup"}
    | {"-m", "--mainline", "-s", "--strategy", "-X", "--strategy-option"}
)
"""Options whose value is the next word."""

HEADS = {
    "merge": "MERGE_HEAD",
    "rebase": "REBASE_HEAD",
    "cherry-pick": "CHERRY_PICK_HEAD",
    "revert": "REVERT_HEAD",
}
"""Where git names the commit of an operation that stopped. A rebase may leave a CHERRY_PICK_HEAD
as well, so it is looked for first."""


class Step(NamedTuple):
    """A merge of one commit into another.

    operation: one of the values of `OPERATIONS`.
    head: the commit that was checked out, ours; "" where there was none yet.
    commit: what was merged into it: the other branch's tip, the commit being picked, reverted or
        rebased, the stash, the commit that is checked out; "" where it is no commit.
    name: what git calls that in conflict markers, where the commit does not tell: a branch's name,
        the subject of a patch.
    run: the same for all steps of one rebase or one series of picks, "" for a step on its own.
    """

    operation: str
    head: str
    commit: str = ""
    name: str = ""
    run: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What tells steps apart; the name is only how git was told of the commit."""
        return self.operation, self.head, self.commit, self.run


def calling(git_dir: str, process: int, environment: Mapping[str, str]) -> Step | None:
    """Find out which step a merge driver was called for.

    Args:
        git_dir: of the work tree.
        process: the one that started the driver.
        environment: of the driver.

    Returns:
        The step, or `None` where no work tree is being merged into.
    """
    tips = merged_heads(environment)
    command = _git_command(process)
    if command is None:
        rebasing = os.path.isdir(f"{git_dir}/rebase-merge")
        command = ["merge"] if tips else ["rebase"] if rebasing else []
    operation = OPERATIONS.get(command[0]) if command else None
    if operation is None:
        return None
    revision, name, run = _DETAILS[operation](git_dir, command[1:])
    if operation == "merge" and len(tips) == 1:
        revision, name = tips[0]
    head, commit = _commits(revision)
    return Step(operation, head, commit, name, run)


def merged_heads(environment: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give the commits that `git merge` merges, each with the name it was given by.

    Args:
        environment: of a process that git has started.
    """
    mark = "GITHEAD_"
    return [(k.removeprefix(mark), v) for k, v in environment.items() if k.startswith(mark)]


def unfinished(git_dir: str) -> Step:
    """Find out which step stopped with conflicts; one that left no trace was a stash.

    Args:
        git_dir: of the work tree.
    """
    for operation, file in HEADS.items():
        revision = _first_line(f"{git_dir}/{file}")
        if revision:
            head, commit = _commits(revision, git_dir)
            run = "rebase-merge/orig-head" if operation == "rebase" else "sequencer/head"
            return Step(operation, head, commit, run=_first_line(f"{git_dir}/{run}"))
    head, _ = _commits("", git_dir)
    return Step("stash", head)


def _rebased(git_dir: str, words: list[str]) -> tuple[str, str, str]:
    """Give the commit that a rebase is at; a merge that it makes anew is not one commit."""
    last = next(reversed(_lines(f"{git_dir}/rebase-merge/done")), "")
    revision = "" if last.split()[:1] in (["merge"], ["m"]) else _second_word(last)
    return revision, "", _first_line(f"{git_dir}/rebase-merge/orig-head")


def _picked(git_dir: str, words: list[str]) -> tuple[str, str, str]:
    todo = _second_word(_first_line(f"{git_dir}/sequencer/todo"))
    return todo or _first_word(words), "", _first_line(f"{git_dir}/sequencer/head")


def _stashed(git_dir: str, words: list[str]) -> tuple[str, str, str]:
    word = _first_word(words[1:])
    return f"stash@{{{word}}}" if word.isdigit() else word or "stash@{0}", "", ""


def _mailed(git_dir: str, words: list[str]) -> tuple[str, str, str]:
    folder = f"{git_dir}/rebase-apply"
    files = ("original-commit", "final-commit", "orig-head")
    revision, subject, start = (_first_line(f"{folder}/{file}") for file in files)
    return revision, subject, start


def _unnamed(git_dir: str, words: list[str]) -> tuple[str, str, str]:
    return "", _first_word(words), ""


def _switched(git_dir: str, words: list[str]) -> tuple[str, str, str]:
    """Give the branch that is switched to, or a path; here `-m` is to merge and takes no value."""
    word = next((word for word in words if not word.startswith("-")), "")
    return word, word, ""


_DETAILS = {
    "merge": _unnamed,
    "rebase": _rebased,
    "cherry-pick": _picked,
    "revert": _picked,
    "stash": _stashed,
    "am": _mailed,
    "apply": _unnamed,
    "checkout": _switched,
}
"""How to find for each operation the commit, the name and the run, from the git directory and the
words of the command."""


def _git_command(process: int) -> list[str] | None:
    """Give the words of the git command that a process descends from, from its name on."""
    for words in _ancestors(process):
        program = os.path.basename(words[0]).removesuffix(".exe") if words else ""
        if program.startswith("git-"):
            return [program.removeprefix("git-"), *words[1:]]
        if program == "git":
            return _without_options(words[1:])
    return None


def _ancestors(process: int) -> Iterator[list[str]]:
    for _ in range(ANCESTORS):
        try:
            parent, words = _by_proc(process) if os.path.isdir("/proc/self") else _by_ps(process)
        except (OSError, ValueError, IndexError):
            return
        yield words
        process = parent


def _by_proc(process: int) -> tuple[int, list[str]]:
    parent = read(f"/proc/{process}/stat").rpartition(b")")[2].split()[1]
    return int(parent), os.fsdecode(read(f"/proc/{process}/cmdline")).split("\0")[:-1]


def _by_ps(process: int) -> tuple[int, list[str]]:
    said = capture(["ps", "-o", "ppid=,args=", "-p", str(process)], errors="drop")[1]
    parent, *words = os.fsdecode(said).split()
    return int(parent), words


def _without_options(words: list[str]) -> list[str]:
    """Leave out the options before the first word that is none."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in WITH_VALUE else 1
    return words[at:]


def _first_word(words: list[str]) -> str:
    return next(iter(_without_options(words)), "")


def _second_word(line: str) -> str:
    words = [word for word in line.split() if word not in ("-C", "-c")]
    return words[1] if len(words) > 1 else ""


def _first_line(path: str) -> str:
    return next(iter(_lines(path)), "")


def _lines(path: str) -> list[str]:
    """Give the lines of a file that hold something, none where there is no file."""
    try:
        lines = os.fsdecode(read(path)).split("\n")
    except OSError:
        return []
    return [line.strip() for line in lines if line.strip()]


def _commits(revision: str, git_dir: str = "") -> tuple[str, str]:
    """Give the full names of the current commit and of another, "" for one that is not there."""
    where = [f"--git-dir={git_dir}"] if git_dir else []

    def full_name(given: str) -> str:
        if not given or (len(given) in FULL and not given.strip("0123456789abcdef")):
            return given
        command = ["git", *where, "rev-parse", "-q", "--verify", f"{given}^{{commit}}"]
        status, said = capture(command, errors="drop")
        return os.fsdecode(said.strip()) if status == 0 else ""

    return full_name("HEAD"), full_name(revision)
