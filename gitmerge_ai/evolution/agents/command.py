"""An agent that is a program: any headless coding agent, run in a worktree of the individual.

What it leaves there, less what git ignores, is the change, whether it committed it or not. Unlike
evaluated code it is the user's own tool, so it has the user's environment, where its keys and
settings are, and the network; but it works outside the user's repository, within limits, and
nothing that it starts outlives it.
"""

import os
import shlex
import subprocess
from pathlib import Path

import pygit2

from gitmerge_ai.evolution.agents.context import Context
from gitmerge_ai.evolution.evaluation.confinement import LINKS, Unconfined, confined, editable
from gitmerge_ai.evolution.evaluation.sandbox import Sandbox
from gitmerge_ai.evolution.evaluation.worktree import Worktree
from gitmerge_ai.evolution.values import Change, Limits, Plan

LIMITS = Limits(seconds=900, memory=8 << 30, disk=2 << 30, processes=1024, output=16 << 20)
"""What one run of the program may use."""

_SHOWN = 40
"""Characters of a command that are shown as what made a child."""


class CommandAgent:
    """Runs a command for every change that it is asked for, until it is closed."""

    def __init__(self, repository: Path, plan: Plan, command: str, limits: Limits = LIMITS) -> None:
        """Start nothing yet.

        Args:
            repository: the user's.
            plan: of the run.
            command: for the shell; `{goal}`, `{feedback}` and `{comments}` in it are replaced by
                what they name, as one word each.
            limits: what it may use.
        """
        self.repository = repository
        self.plan = plan
        self.command = command
        self.limits = limits
        self._opened: tuple[Worktree, Sandbox] | None = None

    def __call__(self, context: Context) -> Change | None:
        """Run the command on the parent; None if it fails or leaves nothing that may be used.

        Raises:
            WorktreeError, SandboxError: it cannot be run.
        """
        worktree, sandbox = self._open()
        worktree.bring(context.parent.tree)
        ran = sandbox.run(
            _filled(self.command, context),
            self.limits,
            disk_before=worktree.size,
            extra={name: text for name, text in os.environ.items() if not name.startswith("GIT_")},
        )
        if ran.outcome != "passed":
            return None
        try:
            files = _left(worktree, context.parent.tree)
        except (Unconfined, subprocess.CalledProcessError):
            return None
        may_write = editable(self.plan)
        files = {path: data for path, data in files.items() if may_write(path)}
        if not files or context.seen(files):
            return None
        program = self.command.split()[0]
        names = ", ".join(sorted(files))
        return Change(files, f"command:{program}"[:_SHOWN], f"Change {names}")

    def close(self) -> None:
        """Remove the worktree."""
        if self._opened:
            worktree, sandbox = self._opened
            self._opened = None
            sandbox.close()
            worktree.close()

    def _open(self) -> tuple[Worktree, Sandbox]:
        if self._opened is None:
            worktree = Worktree(self.repository, self.plan.base, self.plan.name)
            self._opened = worktree, Sandbox(worktree.place, isolated=False)
        return self._opened


def _filled(command: str, context: Context) -> str:
    feedback = context.evaluation.feedback if context.evaluation else ""
    for name, text in (
        ("goal", context.plan.goal),
        ("feedback", feedback),
        ("comments", "\n".join(context.comments)),
    ):
        command = command.replace(f"{{{name}}}", shlex.quote(text))
    return command


def _left(worktree: Worktree, tree: str) -> dict[str, bytes | None]:
    """Read what is different from a tree, as git would commit it.

    Raises:
        Unconfined: a link, or a path outside what a change may touch.
        CalledProcessError: git cannot read it.
    """
    folder = os.fspath(worktree.place.tree)
    clean = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", "-C", folder, "add", "-A"], check=True, capture_output=True, env=clean)
    repository = pygit2.Repository(folder)
    before = repository[tree]
    assert isinstance(before, pygit2.Tree)
    modes: dict[str, int] = {}
    files: dict[str, bytes | None] = {}
    for delta in repository.index.diff_to_tree(before).deltas:
        gone = delta.status_char() == "D"
        left = delta.old_file if gone else delta.new_file
        modes[left.path] = left.mode
        blob = None if gone or left.mode in LINKS else repository[left.id]
        files[left.path] = blob.data if isinstance(blob, pygit2.Blob) else None
    confined(files, modes.get)
    return files
