"""Lets two processes with four agents each evolve two clones of one remote, and audits the end.

    python benchmarks/evolve/sharing.py [--minutes N] [--kill]

Each process works in a clone of its own and meets the other at the remote only. With --kill, all of
the second one's processes are killed half-way, and it is resumed. What either of them told of has
to be known everywhere at the end, with its note, every place of the population has to hold the
best that was ever put there, and nothing may be left behind or changed that is the user's.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
from audit import FILES, OPTIONS, RUN, child, settled, sound, start, users
from tasks import build, git

from gitmerge_ai.evolution.graph import Graph, merit

AGENTS = 4
JOBS = ["--jobs", str(AGENTS)]
SHARED = ["--remote", "origin", "--json"]


@click.command()
@click.option("--minutes", default=30.0, show_default=True)
@click.option("--kill", is_flag=True, help="Kill the second process half-way and resume it.")
def main(minutes: float, kill: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="sharing-") as name:
        folder = Path(name)
        clones = _made(folder)
        before = [users(clone) for clone in clones]
        _work(clones, minutes, kill)
        left = [line for clone in clones for line in settled(_temporary(clone))]
        for clone in (*clones, clones[0]):
            start(clone, _temporary(clone), ["status", "--run", RUN, "--remote", "origin"]).wait()
        wrong = [f"left: {each}" for each in left]
        for clone, was in zip(clones, before, strict=True):
            wrong += [f"{clone.name}: the user's changed"] if users(clone) != was else []
        wrong += _wrong(clones, folder / "remote.git", ends=1 + kill)
        click.echo(f"{len(wrong)} things wrong")
        for each in wrong:
            click.echo(each)
        sys.exit(bool(wrong))


def _made(folder: Path) -> tuple[Path, Path]:
    """Make a remote and two clones of it, each with work of the user's under way."""
    build(folder / "first", FILES)
    git(folder, "clone", "-q", "--bare", "first", "remote.git")
    git(folder / "first", "remote", "add", "origin", str(folder / "remote.git"))
    git(folder, "clone", "-q", "remote.git", "second")
    clones = folder / "first", folder / "second"
    for clone in clones:
        _temporary(clone).mkdir()
        (clone / "program.py").write_text("half done\n")
        (clone / "staged").write_text("mine\n")
        git(clone, "add", "staged")
        git(clone, "branch", "other")
    return clones


def _temporary(clone: Path) -> Path:
    return clone.with_name(f"temporary-{clone.name}")


def _log(clone: Path) -> Path:
    return clone.with_name(f"{clone.name}.jsonl")


def _work(clones: tuple[Path, Path], minutes: float, kill: bool) -> None:
    first, second = clones
    began = time.monotonic()
    run = ["run", *OPTIONS, "--agents", str(AGENTS), *JOBS, *SHARED, "--minutes", str(minutes)]
    running = [_started(first, run)]
    while not git(second, "ls-remote", "origin", f"refs/gitmerge-ai/evolve/{RUN}/plan"):
        time.sleep(0.2)
    for part in (0.5, 1) if kill else (1,):
        left = minutes * part - (time.monotonic() - began) / 60
        resume = ["resume", "--run", RUN, *JOBS, *SHARED, "--minutes", str(left)]
        running.append(_started(second, resume))
        if part < 1:
            time.sleep(max(0, left * 60 - 2))
            os.killpg(running[-1].pid, signal.SIGKILL)
            running.pop().wait()
            settled(_temporary(second))
    for each in running:
        if each.wait():
            raise click.ClickException(f"a process ended with {each.returncode}")


def _started(clone: Path, command: list[str]) -> "subprocess.Popen[bytes]":
    with open(_log(clone), "ab") as log:
        return start(clone, _temporary(clone), command, log)


def _wrong(clones: tuple[Path, Path], remote: Path, *, ends: int) -> Iterator[str]:
    """Say what is not as it has to be, in two clones and their remote.

    Args:
        clones, remote: all that took part.
        ends: how often all workers of a clone were ended at most, in the middle of what they did.
    """
    everywhere = [*clones, remote]
    graphs = [Graph.open(each, RUN) for each in everywhere]
    told = {commit for clone in clones for commit in _told(clone)}
    one = graphs[0]
    click.echo(f"{len(one.individuals) - 1} children, {len(told)} told of, best {_best(one)}")
    agents = Counter(each.individual.agent for each in one.individuals.values())
    click.echo(", ".join(f"{agent or 'base'} {number}" for agent, number in sorted(agents.items())))
    for place, graph in zip(everywhere, graphs, strict=True):
        if lost := told - graph.individuals.keys():
            yield f"{place.name}: {len(lost)} children are not known"
        if graph.individuals != one.individuals:
            yield f"{place.name}: not all is known of all"
        if graph.population != one.population:
            yield f"{place.name}: another population"
        if not sound(place):
            yield f"{place.name}: git fsck finds something"
        yield from (f"lock: {lock}" for lock in place.rglob("*.lock"))
        cut_off = len(_unrecorded(place))
        click.echo(f"{place.name}: {cut_off} children were written and not recorded")
        if cut_off > AGENTS * ends:
            yield f"{place.name}: more than were cut off"
        graph.close()
    yield from _misplaced(one)
    yield from _miscounted(one)
    for clone in clones:
        yield from (f"left: {each}" for each in _temporary(clone).iterdir())
        if len(git(clone, "worktree", "list").splitlines()) != 1:
            yield f"{clone.name}: a worktree is left"


def _miscounted(graph: Graph) -> Iterator[str]:
    """Name who was not born and scored as often as clones made it: once, or both made the same."""
    evaluated = Counter[str]()
    for record in graph.individuals.values():
        born, scored = len(record.all("born")), len(record.all("scored"))
        evaluated[record.individual.tree] += scored
        if not 1 <= born == scored <= 2:
            yield f"{record.individual.commit} was born {born} times and scored {scored} times"
    again = sum(evaluated.values()) - len(evaluated)
    click.echo(f"{again} trees were evaluated in both clones before they met")


def _told(clone: Path) -> set[str]:
    """Give the children that a process told of."""
    return {commit for line in _log(clone).read_bytes().splitlines() if (commit := child(line))}


def _best(graph: Graph) -> object:
    found = graph.individuals[graph.best or graph.plan.base].evaluation
    return dict(found.scores) if found else None


def _unrecorded(place: Path) -> list[str]:
    """Find commits of agents that no ref reaches."""
    listing = git(place, "fsck", "--unreachable", "--no-reflogs").splitlines()
    commits = [line.split()[2] for line in listing if line.startswith("unreachable commit")]
    is_child = ["--no-walk", "--stdin", "--grep=^Gitmerge-ai-outcome:", "--format=%H"]
    done = subprocess.run(
        ["git", "log", *is_child],
        cwd=place,
        input="\n".join(commits),
        capture_output=True,
        text=True,
    )
    return done.stdout.split() if commits else []


def _misplaced(graph: Graph) -> Iterator[str]:
    """Name the places that do not hold the best that was ever put there."""
    tops: dict[str, tuple[float, ...]] = {}
    for record in graph.individuals.values():
        for placing in record.placings:
            worth = merit(graph.plan, record.evaluation)
            tops[placing.ref] = max(worth, tops.get(placing.ref, worth))
    for ref, top in tops.items():
        member = graph.individuals.get(graph.population.get(ref, ""))
        if member is None or merit(graph.plan, member.evaluation) != top:
            yield f"{ref} does not hold the best that was put there"


if __name__ == "__main__":
    main()
