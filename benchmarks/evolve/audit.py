"""What a benchmark of a run's robustness looks at: what is known, what is sound, what was left."""

import json
import os
import subprocess
import time
from pathlib import Path
from typing import IO

from tasks import COMMAND

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
FILES = {"program.py": PROGRAM, "score.py": SCORE}

RUN = "run"
OPTIONS = ["--goal", "less", "--score", "lower:python3 -S score.py", "--name", RUN]
OWN = (".git/objects/", ".git/refs/gitmerge-ai/", ".git/refs/notes/gitmerge-ai/")
"""Where in a repository a run may write."""


def start(
    repository: Path,
    temporary: Path,
    command: list[str],
    output: IO[bytes] | int = subprocess.DEVNULL,
) -> "subprocess.Popen[bytes]":
    """Start a command of `evolve` in a session of its own.

    Args:
        repository: to run it in.
        temporary: its folder for temporary files.
        command: and its options.
        output: where to what it prints goes.
    """
    return subprocess.Popen(
        [*COMMAND, *command],
        cwd=repository,
        stdout=output,
        env={**os.environ, "TMPDIR": str(temporary)},
        start_new_session=True,
    )


def child(line: bytes) -> str:
    """Give the commit of a child that a line of events tells of, "" for another or a broken one."""
    try:
        event = json.loads(line)
    except ValueError:  # the last one of who was killed
        return ""
    return str(event["commit"]) if event["event"] == "child" else ""


def known(repository: Path) -> dict[str, tuple[float, ...]]:
    """Give the merit of every individual."""
    graph = Graph.open(repository, RUN)
    found = {
        name: merit(graph.plan, record.evaluation) for name, record in graph.individuals.items()
    }
    graph.close()
    return found


def sound(repository: Path) -> bool:
    """Whether git finds nothing wrong."""
    done = subprocess.run(
        ["git", "fsck", "--strict", "--no-dangling"], cwd=repository, capture_output=True
    )
    return not done.returncode and not done.stderr


def users(repository: Path) -> dict[str, bytes]:
    """Give all of a repository that a run has no business with."""
    return {
        name: path.read_bytes()
        for path in repository.rglob("*")
        if path.is_file() and not (name := str(path.relative_to(repository))).startswith(OWN)
    }


def settled(temporary: Path) -> list[str]:
    """Wait until no process of a run is left, a while; give those that are.

    Args:
        temporary: the run's folder for temporary files, by which its processes are known.
    """
    until = time.monotonic() + 30
    while (left := processes(temporary)) and time.monotonic() < until:
        time.sleep(0.05)
    return list(left.values())


def processes(temporary: Path) -> dict[int, str]:
    """Give the processes of a run and their command lines.

    Args:
        temporary: as for `settled`.
    """
    found = {}
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                environment = (process / "environ").read_bytes()
                words = (process / "cmdline").read_bytes()
            except OSError:
                continue
            if os.fsencode(temporary) in environment + words:
                found[int(process.name)] = os.fsdecode(words)
    return found
