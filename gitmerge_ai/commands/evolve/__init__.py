"""`gitmerge-ai evolve`: the agent population, one thin module for each of its commands."""

import click

from gitmerge_ai.commands.lazy_group import LazyGroup

COMMANDS = {
    "run": "Start a run and work on it until its budget is spent.",
    "resume": "Go on with a run, here or on another machine.",
    "status": "Say how the runs of this repository stand.",
    "graph": "Show the commits of a run, in the terminal or as a page.",
    "show": "Show one commit of a run: its change, scores, log and lineage.",
    "promote": "Keep a commit in the population, whatever it scored.",
    "prune": "Let a commit and what descends from it have no more offspring.",
    "comment": "Say something of a commit that the agents get to read.",
    "stop": "Let every process of a run come to its end.",
    "apply": "Bring the best commit in as a branch.",
}
"""Every command of `evolve` and its line of help."""


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    package="gitmerge_ai.commands.evolve",
    no_args_is_help=False,
    invoke_without_command=True,
)
@click.pass_context
def evolve(context: click.Context) -> None:
    """Let a population of agents edit, merge and select commits of the repository, unattended.

    A run's state is in git alone, in refs and notes under gitmerge-ai; no branch, work tree or
    index of yours is touched.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
