"""How long a driver call takes, as a whole process, beside git's own line merge.

    python benchmarks/driver_time.py CASES_DIR... [--limit N] [--rounds N]

First on the cases' conflicts (folders as `benchmarks/merge.py` reads them): median, 95th
percentile and the slowest ones. Then on files that merge cleanly by lines, made from the cases by
changing a file's first line on one side and its last on the other: the ratio to what the parts
cost alone, `git merge-file` plus a Python that starts and does nothing. Calls of one round take
turns, so that what else the machine does falls on all of them. CPU time, of a process and all that
it waited for, says more than wall time where the machine has other work.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import click
from merge import DRIVER, GAVE_UP, GIT, LABELS, Case, Crash, by_driver, call, lay_out, read_cases


class Timing(NamedTuple):
    """What one process took, in milliseconds: wall time, and CPU time with its children's."""

    wall: float
    cpu: float


Timed = tuple[Timing, str]
"""What a call took, and which case it was on."""

MEASURES = ("wall", "cpu")


def percentile_95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[18] if values[1:] else values[0]


def now() -> Timing:
    """Read the clocks."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Timing(1000 * time.perf_counter(), 1000 * (used.ru_utime + used.ru_stime))


def since(start: Timing) -> Timing:
    end = now()
    return Timing(end.wall - start.wall, end.cpu - start.cpu)


def on_conflicts(cases: list[Case], folder: Path) -> tuple[list[Timed], list[Timed], int]:
    """Time driver and git on every case; also count the files that the driver left to git."""
    ours: list[Timed] = []
    git: list[Timed] = []
    given_up = 0
    for case in cases:
        files = lay_out(case, folder)
        start = now()
        GIT(case, files)
        git.append((since(start), case.name))
        start = now()
        try:
            given_up += GAVE_UP in by_driver(case, files).note
        except Crash as crash:
            click.echo(f"{case.folder}: {crash}", err=True)
        ours.append((since(start), case.name))
    return ours, git, given_up


def clean_by_lines(case: Case) -> Case:
    """Make a case in which one side changes the first line and the other the last."""
    base = case.expected.rstrip(b"\n") + b"\n" + b"padding\n" * 8
    return replace(case, base=base, ours=b"first\n" + base, theirs=base + b"last\n")


def on_clean(cases: list[Case], rounds: int, folder: Path) -> dict[str, list[Timing]]:
    """Time driver, git and an empty Python in turns on files that merge cleanly."""
    times: dict[str, list[Timing]] = {"driver": [], "git merge-file": [], "empty python": []}
    for at in range(rounds):
        files = lay_out(clean_by_lines(cases[at % len(cases)]), folder)
        sides = [str(files[side]) for side in LABELS]
        base, ours, theirs = sides
        commands = {
            "git merge-file": ["git", "merge-file", "-p", ours, base, theirs],
            "empty python": [sys.executable, "-I", "-S", "-c", "pass"],
            "driver": [sys.executable, "-I", "-S", str(DRIVER), *sides, "7", "a.py", *LABELS],
        }
        for name, command in commands.items():
            start = now()
            subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True)
            times[name].append(since(start))
    return times


@click.command()
@click.argument("roots", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--limit", type=int, help="Only so many cases, spread over all.")
@click.option("--rounds", default=100, show_default=True, help="Of calls that merge cleanly.")
@click.option("--slowest", default=5, show_default=True, help="How many slow cases to name.")
def main(roots: tuple[Path, ...], limit: int | None, rounds: int, slowest: int) -> None:
    """Time the driver on the cases in ROOTS, and on files that merge cleanly by lines."""
    cases = [case for root in roots for case in read_cases(root)]
    if not cases:
        raise click.ClickException("no case there")
    if limit and limit < len(cases):
        cases = [cases[at * len(cases) // limit] for at in range(limit)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        call(["git", "init", "-q"], folder, "merge")
        ours, git, given_up = on_conflicts(cases, folder)
        clean = on_clean(cases, rounds, folder)
    click.echo(f"{len(cases)} conflicted files, {given_up} left to git without an answer")
    for tool, timings in (("driver", ours), ("git merge-file", git)):
        for measure in MEASURES:
            values = [getattr(timing, measure) for timing, _ in timings]
            middle, high = statistics.median(values), percentile_95(values)
            click.echo(f"  {tool:<14} {measure:<4} median {middle:7.1f} ms   95% {high:7.1f} ms")
    for timing, case in sorted(ours, reverse=True)[:slowest]:
        click.echo(f"    {timing.wall:7.1f} ms  {case}")
    click.echo(f"\n{rounds} calls that merge cleanly by lines")
    for measure in MEASURES:
        for tool, found in clean.items():
            middle = statistics.median(getattr(timing, measure) for timing in found)
            click.echo(f"  {tool:<14} {measure:<4} median {middle:7.1f} ms")
    ratios = [a.wall / (b.wall + c.wall) for a, b, c in zip(*clean.values(), strict=True)]
    cpu, *of_parts = (sum(timing.cpu for timing in timings) for timings in clean.values())
    click.echo("driver / (git merge-file + empty python)")
    click.echo(f"  wall, median: {statistics.median(ratios):.2f}")
    click.echo(f"  cpu: {cpu / sum(of_parts):.2f}")


if __name__ == "__main__":
    main()
