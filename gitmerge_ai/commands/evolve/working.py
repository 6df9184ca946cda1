"""What `run` and `resume` take alike, and how they end."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import FrameType
from typing import Any

import click

from gitmerge_ai.evolution.agents.kinds import AgentError
from gitmerge_ai.evolution.beginning import Broken
from gitmerge_ai.evolution.evaluation.sandbox import SandboxError, problem
from gitmerge_ai.evolution.evaluation.worktree import WorktreeError
from gitmerge_ai.evolution.running import EXECUTORS, How, RunError
from gitmerge_ai.executors import NoExecutor
from gitmerge_ai.interface.evolve.live import Shown, shown
from gitmerge_ai.repository.index import RepositoryError

TERMINATED = 143
"""Exit status after SIGTERM, as shells have it."""

SANDBOXES = {"auto": None, "bubblewrap": True, "none": False}

_OPTIONS = (
    click.option(
        "-j", "--jobs", type=click.IntRange(0), default=0, help="Workers; one for each core if 0."
    ),
    click.option(
        "--executor",
        type=click.Choice(sorted(EXECUTORS)),
        default="local",
        help="Processes here, or a Ray cluster whose machines see the repository at one place.",
    ),
    click.option("--remote", default="", metavar="NAME", help="Share the run through this remote."),
    click.option(
        "--sandbox",
        type=click.Choice(list(SANDBOXES)),
        default="auto",
        help="What keeps evaluated code in: bubblewrap where it works, if not said.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print events, a JSON object a line."),
)


def with_how(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options on how to work on a run, which the command gets as one."""

    @wraps(command)
    def called(jobs: int, executor: str, remote: str, sandbox: str, **options: Any) -> Any:
        how = How(jobs, executor, remote, isolated=SANDBOXES[sandbox])
        if how.isolated and problem():
            raise click.ClickException(f"bubblewrap (bwrap) {problem()}")
        return command(how=how, **options)

    for option in reversed(_OPTIONS):
        called = option(called)
    return called


@contextmanager
def worked_on(as_json: bool) -> Iterator[Shown]:
    """Show a run while it is worked on; tell an error in one line, and end cleanly on SIGTERM.

    Args:
        as_json: whether to show it as events.

    Raises:
        ClickException: the run makes no sense, or cannot go on.
    """
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        with shown(as_json) as watch:
            yield watch
    except (
        AgentError,
        Broken,
        NoExecutor,
        RepositoryError,
        RunError,
        SandboxError,
        WorktreeError,
    ) as error:
        raise click.ClickException(str(error)) from error
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise SystemExit(TERMINATED)
