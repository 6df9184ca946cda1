"""Kills a run at random moments, resumes it each time, and says whether anything was lost.

    python benchmarks/evolve/killing.py [--kills N] [--seed N]

A small program is evolved by two workers. At a random moment all of the run's own processes, or
only the one that was started, are killed with SIGKILL; what was recorded by then has to be there
afterwards, the best must not be worse, `git fsck` must be clean, and nothing of the user's changed.
At the end no process and no worktree may be left.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from gitmerge_ai.evolution.graph import Graph, merit

PROGRAM = """\
def total(numbers):
    found = 100
    for number in numbers:
        if number > 3:
            found = found + number
    return found - 7
"""
SCORE = """\
from program import total
print(sum(abs(total(range(n)) - n * (n - 1) // 2) for n in range(6)))
"""
OPTIONS = ["--goal", "less", "--score", "lower:python3 -S score.py", "--agents", "2"]
OPTIONS += ["--name", "run"]


@click.command()
@click.option("--kills", default=50, show_default=True)
@click.option("--seed", default=0, show_default=True)
def main(kills: int, seed: int) -> None:
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="killing-") as folder:
        repository, temporary = Path(folder) / "repository", Path(folder) / "temporary"
        temporary.mkdir()
        _make(repository)
        before = _users(repository)
        lost = worse = unsound = touched = 0
        for kill in range(kills):
            command = ["resume", "--run", "run"] if kill else ["run", *OPTIONS]
            known = _known(repository) if kill else {}
            _killed(repository, temporary, command, rng, whole=rng.random() < 0.5, first=not kill)
            found = _known(repository)
            lost += not known.keys() <= found.keys()
            worse += max(known.values(), default=()) > _best(repository)
            unsound += not _sound(repository)
            touched += _users(repository) != before
            click.echo(f"kill {kill + 1}: {len(found) - 1} children")
        _run(repository, temporary, ["resume", "--run", "run", "--minutes", "0.1"])
        left = [path.name for path in temporary.glob("gitmerge-ai-evolve-*")]
        left += _settled(temporary)
        children = len(_known(repository)) - 1
        click.echo(
            f"{kills} kills, {children} children: {lost} lost some, {worse} lost the best, "
            f"{unsound} not sound, {touched} touched the user's, {len(left)} left behind"
        )
        for each in left:
            click.echo(f"left: {each}")
        sys.exit(bool(lost or worse or unsound or touched or left))


def _make(repository: Path) -> None:
    subprocess.run(["git", "init", "-q", repository], check=True)
    (repository / "program.py").write_text(PROGRAM)
    (repository / "score.py").write_text(SCORE)
    who = ["-c", "user.name=me", "-c", "user.email=me@example.com"]
    subprocess.run(["git", "-C", repository, "add", "-A"], check=True)
    subprocess.run(["git", "-C", repository, *who, "commit", "-q", "-m", "base"], check=True)


def _start(repository: Path, temporary: Path, command: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", "from gitmerge_ai.cli import main; main()", "evolve", *command],
        cwd=repository,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(temporary)},
        start_new_session=True,
    )


def _run(repository: Path, temporary: Path, command: list[str]) -> None:
    _start(repository, temporary, command).wait()


def _killed(
    repository: Path,
    temporary: Path,
    command: list[str],
    rng: random.Random,
    *,
    whole: bool,
    first: bool,
) -> None:
    """Start and kill: the whole session, or the first process alone."""
    with _start(repository, temporary, command) as running:
        while first and not _has_children(repository):
            time.sleep(0.05)
        time.sleep(rng.uniform(0, 6))
        if whole:
            os.killpg(running.pid, signal.SIGKILL)
        else:
            running.kill()
    _settled(temporary)


def _settled(temporary: Path) -> list[str]:
    """Wait until no process is left, a while; give those that are."""
    until = time.monotonic() + 30
    while (left := _processes(temporary)) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def _has_children(repository: Path) -> bool:
    done = subprocess.run(
        ["git", "notes", "--ref=gitmerge-ai/run", "list"], cwd=repository, capture_output=True
    )
    return len(done.stdout.splitlines()) > 1


def _known(repository: Path) -> dict[str, tuple[float, ...]]:
    """Give the merit of every individual."""
    graph = Graph.open(repository, "run")
    found = {
        name: merit(graph.plan, record.evaluation) for name, record in graph.individuals.items()
    }
    graph.close()
    return found


def _best(repository: Path) -> tuple[float, ...]:
    """Give the merit of the best, as its ref has it."""
    graph = Graph.open(repository, "run")
    found = graph.individuals[graph.best or graph.plan.base]
    graph.close()
    return merit(graph.plan, found.evaluation)


def _sound(repository: Path) -> bool:
    done = subprocess.run(
        ["git", "fsck", "--strict", "--no-dangling"], cwd=repository, capture_output=True
    )
    return not done.returncode and not done.stderr


def _users(repository: Path) -> dict[str, bytes]:
    own = (".git/objects/", ".git/refs/gitmerge-ai/", ".git/refs/notes/gitmerge-ai/")
    return {
        name: path.read_bytes()
        for path in repository.rglob("*")
        if path.is_file() and not (name := str(path.relative_to(repository))).startswith(own)
    }


def _processes(temporary: Path) -> list[str]:
    """Give the processes that were started with that folder for temporary files."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                environment = (process / "environ").read_bytes()
                words = (process / "cmdline").read_bytes()
            except OSError:
                continue
            if os.fsencode(temporary) in environment + words:
                found.append(os.fsdecode(words))
    return found


if __name__ == "__main__":
    main()
