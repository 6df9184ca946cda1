"""What `gitmerge-ai evolve` finds with `edits` agents alone, as a table.

    python benchmarks/evolve/run.py --instances bin_packing.json --quixbugs CHECKOUT
    python benchmarks/evolve/run.py or3 weibull --instances bin_packing.json
    python benchmarks/evolve/run.py quixbugs --quixbugs CHECKOUT [--bug NAME]...
    python benchmarks/evolve/run.py sorting speed

Without a name, all tasks are run. A task is a small repository, built anew, and a run in it of so
many minutes on so many workers. The minutes are of the clock: on a machine that has other work to
do, less is tried in them. A row ends with what was spent, and the commit that was measured.
"""

import tempfile
from contextlib import ExitStack
from pathlib import Path

import click
from packing_tasks import OR3, WEIBULL, pack
from quixbugs import bugs, mend, table_row
from sorting import sort
from speed import quicken
from tasks import Budget, Row, how

MINUTES = {"or3": 20.0, "weibull": 20.0, "quixbugs": 1.0, "sorting": 20.0, "speed": 5.0}
KINDS = {"or3": OR3, "weibull": WEIBULL}
ALONE = {"sorting": sort, "speed": quicken}
"""Tasks that need no data."""
HEAD = Row("task", "measure", "start", "reference", "bar", "found", "held out", "how")


def mended(checkout: Path, names: tuple[str, ...], folder: Path, budget: Budget) -> Row:
    """Try bug after bug, saying how each went."""
    done = []
    for name in names or bugs(checkout):
        done.append(mend(name, checkout, folder / name, budget))
        verdict = "plausible" if done[-1].plausible else "not mended"
        held_out = ", held-out tests pass" if done[-1].held_out else ""
        click.echo(f"{name}: {verdict}{held_out}", err=True)
    return table_row(done)


def given(value: Path | None, option: str) -> Path:
    """Give a path that a task needs, or end."""
    if value is None:
        raise click.UsageError(f"this task needs {option}")
    return value.resolve()


@click.command()
@click.argument("tasks", nargs=-1, type=click.Choice(list(MINUTES)))
@click.option("--instances", type=click.Path(exists=True, path_type=Path), envvar="BIN_PACKING")
@click.option("--quixbugs", type=click.Path(exists=True, path_type=Path), envvar="QUIXBUGS")
@click.option("--bug", "names", multiple=True, help="Only these of QuixBugs.")
@click.option("--minutes", type=float, help="Of each run; those of the bars if not given.")
@click.option("--jobs", default=2, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--keep", type=click.Path(path_type=Path), help="Leave the repositories here.")
def main(
    tasks: tuple[str, ...],
    instances: Path | None,
    quixbugs: Path | None,
    names: tuple[str, ...],
    minutes: float | None,
    jobs: int,
    seed: int,
    keep: Path | None,
) -> None:
    """Print what was found, a row for each task."""

    def done(task: str, folder: Path, budget: Budget) -> Row:
        if task in ALONE:
            return ALONE[task](folder, budget)
        if task == "quixbugs":
            return mended(given(quixbugs, "--quixbugs"), names, folder, budget)
        return pack(KINDS[task], given(instances, "--instances"), folder, budget)

    rows = [HEAD]
    with ExitStack() as stack:
        place = keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for task in tasks or MINUTES:
            budget = Budget(minutes or MINUTES[task], jobs, seed)
            row = done(task, place / task, budget)
            rows.append(row._replace(how=how(place / task, seed)))
    for row in rows:
        click.echo("| " + " | ".join(row) + " |")
        if row is HEAD:
            click.echo("|" + "---|" * len(HEAD))


if __name__ == "__main__":
    main()
