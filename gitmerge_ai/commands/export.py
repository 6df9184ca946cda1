"""`gitmerge-ai export`: a trained classifier as it ships, calibrated."""

from pathlib import Path

import click

from gitmerge_ai.commands.options import FOLDER, extra, to_folder


@click.command()
@click.argument("run", type=FOLDER)
@click.option("--data", required=True, type=FOLDER, help="The conflicts that it was trained on.")
@to_folder("Folder of the model.")
@click.option("--start", type=FOLDER, help="Encoder that the run started from.")
def export(run: Path, data: Path, output: Path, start: Path | None) -> None:
    """Write the model of a training RUN: trees, neighbours, 8-bit ONNX, vocabulary, calibration.

    The calibration is learned on DATA's validation repositories from the exported model itself, and
    for the trees on its training repositories too, from trees that were grown on others of them.
    Needs the extra: pip install 'gitmerge-ai[train]'.
    """
    with extra("train"):
        from gitmerge_ai.training.learning import calibrating, exporting
        from gitmerge_ai.training.learning.preparing import packaged_encoder
    exporting.export(run, start or packaged_encoder(), output)
    calibrating.calibrate(data, run, output)
    for file in sorted(output.iterdir()):
        click.echo(f"{file.name}: {file.stat().st_size / 1e6:.1f} MB")
