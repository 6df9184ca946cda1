"""How long a driver call takes, as a whole process, beside git's own line merge.

    python benchmarks/driver_time.py CASES_DIR... [--limit N] [--rounds N]

First on the cases' conflicts (folders as `benchmarks/merge.py` reads them): median, 95th
percentile and the slowest ones. Then on files that merge cleanly by lines, made from the cases by
changing a file's first line on one side and its last on the other: the ratio to what the parts
cost alone, `git merge-file` plus a Python that starts and does nothing. Calls of one round take
turns, so that what else the machine does falls on all of them.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import click
from merge import DRIVER, GAVE_UP, GIT, LABELS, Case, Crash, by_driver, call, lay_out, read_cases

Timing = tuple[float, str]
"""Milliseconds, and what was timed."""


def percentile_95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[18] if values[1:] else values[0]


def on_conflicts(cases: list[Case], folder: Path) -> tuple[list[Timing], list[Timing], int]:
    """Time driver and git on every case; also count the files that the driver left to git."""
    ours: list[Timing] = []
    git: list[Timing] = []
    given_up = 0
    for case in cases:
        files = lay_out(case, folder)
        start = time.perf_counter()
        GIT(case, files)
        middle = time.perf_counter()
        try:
            given_up += GAVE_UP in by_driver(case, files).note
        except Crash as crash:
            click.echo(f"{case.folder}: {crash}", err=True)
        end = time.perf_counter()
        git.append((1000 * (middle - start), case.name))
        ours.append((1000 * (end - middle), case.name))
    return ours, git, given_up


def clean_by_lines(case: Case) -> Case:
    """Make a case in which one side changes the first line and the other the last."""
    base = case.expected.rstrip(b"\n") + b"\n" + b"padding\n" * 8
    return replace(case, base=base, ours=b"first\n" + base, theirs=base + b"last\n")


def on_clean(cases: list[Case], rounds: int, folder: Path) -> dict[str, list[float]]:
    """Time driver, git and an empty Python in turns on files that merge cleanly."""
    times: dict[str, list[float]] = {"driver": [], "git merge-file": [], "empty python": []}
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
            start = time.perf_counter()
            subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True)
            times[name].append(1000 * (time.perf_counter() - start))
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
        values = [value for value, _ in timings]
        middle, high = statistics.median(values), percentile_95(values)
        click.echo(f"  {tool:<16} median {middle:7.1f} ms   95% {high:7.1f} ms")
    for value, case in sorted(ours, reverse=True)[:slowest]:
        click.echo(f"    {value:7.1f} ms  {case}")
    click.echo(f"\n{rounds} calls that merge cleanly by lines")
    middles = {name: statistics.median(values) for name, values in clean.items()}
    for tool, middle in middles.items():
        click.echo(f"  {tool:<16} median {middle:7.1f} ms")
    ratios = [a / (b + c) for a, b, c in zip(*clean.values(), strict=True)]
    click.echo(
        f"  driver / (git merge-file + empty python), median: {statistics.median(ratios):.2f}"
    )


if __name__ == "__main__":
    main()
