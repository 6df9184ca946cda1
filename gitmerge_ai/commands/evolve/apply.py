"""`gitmerge-ai evolve apply`: the best commit as a branch."""

import click

from gitmerge_ai.commands.evolve.common import (
    individual,
    opened,
    tell,
    with_json,
    with_remote,
    with_run,
)
from gitmerge_ai.evolution.graph.applying import apply as bring_in
from gitmerge_ai.evolution.graph.story import scores

NOTHING = 1
"""Exit status where no individual is better than the base."""


@click.command()
@click.argument("commit", default="best")
@with_run
@click.option("--branch", metavar="NAME", help="The branch to make; evolve/RUN if not given.")
@click.option(
    "--squash/--lineage",
    default=True,
    help="One commit on the base (default), or a merge that keeps every step to it.",
)
@with_remote
@with_json
@click.pass_context
def apply(
    context: click.Context,
    commit: str,
    run: str | None,
    branch: str | None,
    squash: bool,
    remote: str | None,
    as_json: bool,
) -> None:
    """Make a branch of COMMIT, the best one by default, with a message that tells its story.

    No branch that is there, no file and no index is touched: merge the branch as any other.

    Exits with 1 if there is nothing better than the base yet.
    """
    with opened(run, remote) as graph:
        if commit == "best" and graph.best in (None, graph.plan.base):
            click.echo(f"{graph.run} has found nothing better than its base yet", err=True)
            context.exit(NOTHING)
        record = individual(graph, commit)
        done = bring_in(
            graph, record.individual.commit, branch or f"evolve/{graph.run}", squash=squash
        )
        name = record.individual.commit
        verb = "is" if done.made else "was already"
        values = {"run": graph.run, **done._asdict(), "individual": name}
        tell(as_json, values, f"{done.branch} {verb} {name[:10]}, {scores(record.evaluation)}")
        if record.evaluation is None or not record.evaluation.passed:
            click.echo("it did not pass", err=True)
        elif graph.plan.validate and not (record.validation and record.validation.passed):
            click.echo("it has not passed the held-out checks", err=True)
