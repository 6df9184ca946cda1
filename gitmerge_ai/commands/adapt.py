"""`gitmerge-ai adapt`: learn from a repository's own merges what it does with its conflicts."""

import json
from pathlib import Path

import click

from gitmerge_ai.commands.options import FOLDER, with_jobs
from gitmerge_ai.executors import local
from gitmerge_ai.interface.progress import progress
from gitmerge_ai.interface.words import counted
from gitmerge_ai.repository.index import RepositoryError, open_repository
from gitmerge_ai.repository.replay import ReplayError
from gitmerge_ai.resolving.knowledge import adapted
from gitmerge_ai.resolving.knowledge.adapted import Adapted
from gitmerge_ai.resolving.knowledge.habits import OUTCOMES
from gitmerge_ai.training.learning.adapting import adapt as learn

# Conflicts of its own below which a repository's habits hardly change what is suggested.
FEW = 50


@click.command()
@click.argument("repository", metavar="[REPO]", default=".", type=FOLDER)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    help="No further merges are run after that; the newest come first.",
)
@with_jobs
@click.option("--forget", is_flag=True, help="Remove what was learned before, and learn nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def adapt(repository: Path, seconds: float, jobs: int | None, forget: bool, as_json: bool) -> None:
    """Learn what REPO (this one if none is given) did with the conflicts of its own merges.

    Suggestions take account of it from then on. It is kept in the repository's git directory and
    goes nowhere else; run it again to learn of newer merges.
    """
    try:
        git_dir = Path(open_repository(repository).path)
    except RepositoryError as error:
        raise click.ClickException(str(error)) from error
    if forget:
        gone = adapted.forget(git_dir)
        _say({"forgotten": gone}, "Forgotten." if gone else "Nothing was learned.", as_json)
        return
    try:
        found = _learn(repository, seconds, jobs)
    except ReplayError as error:
        raise click.ClickException(str(error)) from error
    file = adapted.write(git_dir, found)
    _say(_entry(found, file), _summary(found, file), as_json)


def _learn(repository: Path, seconds: float, jobs: int | None) -> Adapted:
    with local(jobs) as executor, progress() as bar:
        task = bar.add_task("merges", total=None)
        return learn(
            repository,
            executor=executor,
            seconds=seconds,
            begin=lambda merges: bar.update(task, total=merges),
            advance=lambda merges: bar.advance(task, merges),
        )


def _say(entry: dict[str, object], text: str, as_json: bool) -> None:
    click.echo(json.dumps(entry, indent=2) if as_json else text)


def _entry(found: Adapted, file: Path) -> dict[str, object]:
    return {
        "file": str(file),
        "merges": found.merges,
        "conflicts": found.regions,
        "outcomes": dict(zip(OUTCOMES, _outcomes(found), strict=True)),
        "enough": found.regions >= FEW,
        "refitted": found.refit is not None,
    }


def _outcomes(found: Adapted) -> tuple[int, ...]:
    return found.habits.counts.get("repository", {}).get("all", (0,) * len(OUTCOMES))


def _summary(found: Adapted, file: Path) -> str:
    counts = zip(OUTCOMES, _outcomes(found), strict=True)
    shares = ", ".join(f"{name} {count / max(1, found.regions):.0%}" for name, count in counts)
    merges, regions = counted(found.merges, "merge"), counted(found.regions, "conflict")
    lines = [f"{merges} run again, {regions} that people settled."]
    lines += [f"They became: {shares}."] if found.regions else []
    if found.regions < FEW:
        lines.append("That is little to learn from: suggestions hardly change.")
    if found.refit:
        lines.append("The ranking was refitted: that foretells the newer conflicts better.")
    return "\n".join([*lines, f"Kept in {file}"])
