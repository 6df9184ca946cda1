"""What several commands of `evolve` take alike: a run, and an individual of it."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from gitmerge_ai.evolution.graph import Graph, GraphError, Record, runs
from gitmerge_ai.evolution.graph.remote import Shared, bring, only
from gitmerge_ai.repository.index import RepositoryError

Decorate = Callable[[Callable[..., Any]], Callable[..., Any]]

with_run: Decorate = click.option(
    "--run", metavar="NAME", help="The run; the one that was worked on last if not given."
)

with_remote: Decorate = click.option(
    "--remote", metavar="NAME", help="Fetch the run from this remote first, and push it after."
)

with_json: Decorate = click.option(
    "--json", "as_json", is_flag=True, help="Print the result as JSON."
)


def about_one(command: Callable[..., Any]) -> Callable[..., Any]:
    """Ask for what people say of: a commit of a run, and where the run is shared."""
    for each in (with_json, with_remote, with_run, click.argument("commit")):
        command = each(command)
    return command


def chosen(folder: Path, run: str | None, remote: str | None) -> str:
    """Name the run that is meant, and bring it here if it is at the remote alone.

    Args:
        folder: in the repository.
        run: its name, `None` for the one that was worked on last.
        remote: where to look for it, if anywhere.

    Raises:
        RepositoryError: there is none, or it cannot be brought.
    """
    here = runs(folder)
    if remote and (run not in here if run else not here):
        run = run or only(folder, remote)
        bring(folder, remote, run)
    if not run and not here:
        raise GraphError("there is no run in this repository: begin one with `evolve run`")
    return run or here[0]


@contextmanager
def opened(run: str | None, remote: str | None = None) -> Iterator[Graph]:
    """Open a run, and tell an error in one line.

    Args:
        run: its name, `None` for the one that was worked on last.
        remote: what to exchange it with, before and after.

    Raises:
        ClickException: there is none, or git cannot do what is done in it.
    """
    try:
        folder = Path.cwd()
        graph = Graph.open(folder, chosen(folder, run, remote))
        try:
            if remote:
                Shared(graph, remote).sync()
            yield graph
            if remote:
                Shared(graph, remote).sync()
        finally:
            graph.close()
    except RepositoryError as error:
        raise click.ClickException(str(error)) from error


def individual(graph: Graph, name: str) -> Record:
    """Find an individual by the name of its commit or the start of it, or a place it has.

    Args:
        graph: of the run.
        name: such as `1a2b3c4`, `best`, `base` or `island-0/3-1`.

    Raises:
        GraphError: there is none, or more than one.
    """
    placed = {**graph.population, "base": graph.plan.base}
    wanted = placed.get(name, name.lower())
    found = [one for one in graph.individuals if one.startswith(wanted)] if len(wanted) > 3 else []
    if len(found) == 1:
        return graph.individuals[found[0]]
    what = "more than one individual" if found else "no individual"
    raise GraphError(f"there is {what} {name} in the run {graph.run}")


def tell(as_json: bool, values: Mapping[str, Any], *lines: str) -> None:
    """Print what was done: as JSON, or in words."""
    for line in (json.dumps(values),) if as_json else lines:
        click.echo(line)


def person(graph: Graph) -> str:
    """Name who works here, as commits do; "" where git does not know."""
    try:
        return str(graph.repository.default_signature.name)
    except (KeyError, ValueError):
        return ""
