"""What tasks share: a repository built of files, a run in it, and a row of the table."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

COMMAND = [sys.executable, "-c", "from gitmerge_ai.cli import main; main()", "evolve"]
RUN = "benchmark"
BEST = f"refs/gitmerge-ai/evolve/{RUN}/best"
PYTHON = f"{sys.executable} -B -S -E"
"""Starts quickly: evaluated programs need the standard library only."""


class Budget(NamedTuple):
    """What a run may take: minutes of the clock, workers, the seed of its chances."""

    minutes: float
    jobs: int
    seed: int


class Row(NamedTuple):
    """A line of the table."""

    task: str
    measure: str
    start: str
    reference: str
    bar: str
    found: str
    held_out: str = ""
    how: str = ""


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder."""
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def build(folder: Path, files: Mapping[str, str]) -> None:
    """Make a repository with one commit."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    who = ("-c", "user.name=Benchmark", "-c", "user.email=benchmark@example.org")
    git(folder, *who, "commit", "-q", "-m", "Begin")


def evolve(folder: Path, budget: Budget, options: Sequence[str]) -> None:
    """Run a population of `edits` agents in a repository, its lines going to standard error."""
    command = [*COMMAND, "run", "--name", RUN, "--agent", f"edits:{budget.jobs}", *options]
    command += ["--minutes", str(budget.minutes), "--jobs", str(budget.jobs)]
    command += ["--seed", str(budget.seed)]
    subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr)


def best(folder: Path, path: str) -> str:
    """Give a file as the best individual of a run has it."""
    return git(folder, "show", f"{BEST}:{path}")


def how(folder: Path, seed: int) -> str:
    """Say what the runs in the repositories at and below a folder took.

    Args:
        folder: of a task.
        seed: of its runs.
    """
    evaluations, seconds = 0, 0.0
    for place in sorted(each.parent for each in folder.rglob(".git")):
        command = [*COMMAND, "status", "--json"]
        ran = subprocess.run(command, cwd=place, check=True, capture_output=True, text=True)
        status = json.loads(ran.stdout)
        evaluations += status["children"]
        seconds += (status["last"] or 0) - (status["began"] or 0)
    commit = git(Path(__file__).parent, "describe", "--always", "--dirty").strip()
    return f"seed {seed}, {seconds / 60:.0f} min, {evaluations:,} evaluations, commit {commit}"


def here(name: str) -> dict[str, str]:
    """Read the files of a folder beside this module, by name."""
    return {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted((Path(__file__).parent / name).glob("*.*"))
    }
