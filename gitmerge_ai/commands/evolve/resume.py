"""`gitmerge-ai evolve resume`: goes on with a run."""

from pathlib import Path

import click

from gitmerge_ai.commands.evolve.common import chosen, with_run
from gitmerge_ai.commands.evolve.working import with_how, worked_on
from gitmerge_ai.evolution.running import How, proceed


@click.command()
@with_run
@click.option(
    "--minutes",
    type=click.FloatRange(0),
    default=0.0,
    help="Work for so many more; as many as are left of the run's if not given.",
)
@with_how
def resume(run: str | None, minutes: float, how: How, as_json: bool) -> None:
    """Go on with a run that ended, was stopped or was killed, here or on another machine.

    Any number of processes may work on one run. With --remote a run that another clone began is
    fetched, and what is found is shared.
    """
    folder = Path.cwd()
    with worked_on(as_json) as watch:
        found = chosen(folder, run, how.remote)
        proceed(folder, found, how._replace(seconds=minutes * 60), watch, resumed=True)
