"""`gitmerge-ai evaluate`: the figures of a model on repositories that it has not seen."""

import json
from pathlib import Path
from typing import Any

import click

from gitmerge_ai.commands.options import FOLDER, extra

COLUMNS = ("regions", "ours", "theirs", "top-1", "top-3", "any", "answered at 90%")


@click.command()
@click.argument("data", type=FOLDER)
@click.option("--model", type=FOLDER, help="Folder of the model; what ships if not given.")
@click.option("--part", type=click.Choice(["valid", "test"]), default="test", show_default=True)
@click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.95, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def evaluate(
    data: Path, model: Path | None, part: str, min_confidence: float, as_json: bool
) -> None:
    """Rank the conflicts that `train` prepared in DATA, and compare with what people committed.

    Prints the figures of the trees alone, of the trees with the file's other conflicts, and of the
    network if there is one, for each thing that may be known beside the texts, by language, with
    the calibration and what would be applied unasked.
    """
    with extra("train"):
        from gitmerge_ai.training.learning.reporting import report
    found = report(data, model, part, min_confidence)
    if as_json:
        click.echo(json.dumps(found, indent=1))
    else:
        _show(found)


def _show(found: Any) -> None:
    for ranker, ways in found["figures"].items():
        click.echo(f"\n{ranker:32}" + "".join(f"{name:>17}" for name in COLUMNS))
        for way, languages in ways.items():
            for language, figures in languages.items():
                name = f"{way}, {language}" if language else way
                row = "".join(f"{figures[column]:17g}" for column in COLUMNS)
                click.echo(f"{name:32}{row}")
    for ranker, facts in found["calibration"].items():
        click.echo(f"\n{ranker}: answers, mean confidence, share right")
        for count, mean, right in facts["reliability"]:
            click.echo(f"{count:8}{100 * mean:8.1f}{100 * right:8.1f}")
        click.echo("share answered and precision, surest first: " + facts["risk"])
        for language, (applied, right, total) in facts["applied"].items():
            share = f"{100 * right / applied:.1f}% right" if applied else "nothing"
            click.echo(f"applied unasked, {language or 'all'}: {applied} of {total}, {share}")
