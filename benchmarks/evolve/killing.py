"""Kills a run at random moments, resumes it each time, and says whether anything was lost.

    python benchmarks/evolve/killing.py [--kills N] [--seed N]

A small program is evolved by two workers. Moments are told by what the run does, not by the clock,
so that a machine with other work to do changes nothing: while the processes start, a moment after
one of the next children was told of, or at the sight of the lock of a ref, that is while a child is
being recorded. Then the first process, its session, or all that it started, git's too, gets
SIGKILL. What was known or told of by then has to be there afterwards, the best must not be worse,
`git fsck` must be clean, and nothing of the user's changed. At the end no process and no worktree
may be left.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import click
from audit import FILES, OPTIONS, RUN, child, known, processes, settled, sound, start, users
from tasks import build

from gitmerge_ai.evolution.graph import Graph, merit

WAITING = 30.0
"""Seconds to wait for the lock of a ref."""


class Place(NamedTuple):
    """A repository, the folder for temporary files of its runs, and what all chance comes from."""

    repository: Path
    temporary: Path
    rng: random.Random


Running = subprocess.Popen[bytes]


@click.command()
@click.option("--kills", default=50, show_default=True)
@click.option("--seed", default=0, show_default=True)
def main(kills: int, seed: int) -> None:
    with tempfile.TemporaryDirectory(prefix="killing-") as name:
        place = Place(Path(name) / "repository", Path(name) / "temporary", random.Random(seed))
        place.temporary.mkdir()
        build(place.repository, FILES)
        before = users(place.repository)
        faults = Counter[str]()
        moments = Counter[str]()
        _begin(place)
        had = known(place.repository)
        for kill in range(kills):
            moment = place.rng.choice(list(MOMENTS))
            told = _killed(place, moment)
            found = known(place.repository)
            moments[moment] += 1
            faults["lost some"] += not had.keys() | told <= found.keys()
            faults["lost the best"] += max(had.values()) > _best(place.repository)
            faults["not sound"] += not sound(place.repository)
            faults["touched the user's"] += users(place.repository) != before
            click.echo(f"kill {kill + 1}, {moment}: {len(found) - 1} children")
            had = found
        start(*place[:2], ["resume", "--run", RUN, "--minutes", "0.1"]).wait()
        left = [path.name for path in place.temporary.glob("gitmerge-ai-evolve-*")]
        left += [str(path) for path in place.repository.rglob("*.lock")]
        left += settled(place.temporary)
        click.echo(", ".join(f"{number} {moment}" for moment, number in moments.items()))
        click.echo(f"{kills} kills, {len(had) - 1} children, {len(left)} left behind")
        click.echo(", ".join(f"{number} {fault}" for fault, number in faults.items()))
        for each in left:
            click.echo(f"left: {each}")
        sys.exit(bool(faults.total() or left))


def _begin(place: Place) -> None:
    """Begin a run, and end it as a person does once it has a child."""
    running = start(*place[:2], ["run", *OPTIONS, "--agents", "2", "--json"], subprocess.PIPE)
    _children(running, 1)
    running.terminate()
    running.communicate()


def _killed(place: Place, moment: str) -> set[str]:
    """Resume, wait for a moment and kill; give the children that were told of by then."""
    resume = ["resume", "--run", RUN, "--json"]
    with start(*place[:2], resume, subprocess.PIPE) as running:
        assert running.stdout
        told = MOMENTS[moment](running, place)
        place.rng.choice(WAYS)(running, place)
        told |= {commit for line in running.stdout if (commit := child(line))}
    settled(place.temporary)
    return told


def _children(running: Running, number: int) -> set[str]:
    """Wait until a number of children was told of."""
    assert running.stdout
    told = set[str]()
    while len(told) < number and (line := running.stdout.readline()):
        told |= {commit for commit in [child(line)] if commit}
    return told


def _starting(running: Running, place: Place) -> set[str]:
    time.sleep(place.rng.uniform(0, 3))
    return set()


def _evaluating(running: Running, place: Place) -> set[str]:
    told = _children(running, place.rng.randint(1, 6))
    time.sleep(place.rng.uniform(0, 0.2))
    return told


def _recording(running: Running, place: Place) -> set[str]:
    told = _children(running, place.rng.randint(1, 3))
    refs = place.repository / ".git" / "refs"
    locks = [refs / f"notes/gitmerge-ai/{RUN}.lock", refs / f"gitmerge-ai/evolve/{RUN}/best.lock"]
    until = time.monotonic() + WAITING
    while time.monotonic() < until and not any(map(os.path.exists, locks)):
        pass
    return told


def _first(running: Running, place: Place) -> None:
    running.kill()


def _session(running: Running, place: Place) -> None:
    os.killpg(running.pid, signal.SIGKILL)


def _all(running: Running, place: Place) -> None:
    while found := processes(place.temporary):
        for process in found:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


MOMENTS: dict[str, Callable[[Running, Place], set[str]]] = {
    "while it started": _starting,
    "after a child": _evaluating,
    "while one was recorded": _recording,
}
WAYS: tuple[Callable[[Running, Place], None], ...] = (_first, _session, _all)


def _best(repository: Path) -> tuple[float, ...]:
    """Give the merit of the best, as its ref has it."""
    graph = Graph.open(repository, RUN)
    found = graph.individuals[graph.best or graph.plan.base]
    graph.close()
    return merit(graph.plan, found.evaluation)


if __name__ == "__main__":
    main()
