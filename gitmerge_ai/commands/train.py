"""`gitmerge-ai train`: the classifier out of mined conflicts."""

from pathlib import Path

import click

from gitmerge_ai import executors
from gitmerge_ai.commands.options import FOLDER, NEW_FOLDER, extra, to_folder
from gitmerge_ai.interface.progress import progress
from gitmerge_ai.training.mining import records


@click.command()
@click.argument("data", type=FOLDER)
@to_folder("Folder of the run; one that was stopped is gone on with.")
@click.option("--start", type=FOLDER, help="Encoder to start from; the packaged MiniLM if none.")
@click.option(
    "--pretrain",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Steps of pre-training on conflicts and the code around them.",
)
@click.option("--epochs", type=click.FloatRange(0), default=2.0, show_default=True)
@click.option("--batch", type=click.IntRange(1), default=16, show_default=True)
@click.option("--limit", type=click.IntRange(0), default=0, help="Most conflicts of an epoch.")
@click.option("--rounds", type=click.IntRange(1), help="How many trees are grown.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--device", help="As PyTorch calls it; a GPU where there is one.")
@click.option("-j", "--jobs", type=click.IntRange(1), help="Processes and threads.")
@click.option("--tensorboard", type=NEW_FOLDER, help="Folder to log to.")
def train(
    data: Path,
    output: Path,
    start: Path | None,
    pretrain: int,
    epochs: float,
    batch: int,
    limit: int,
    rounds: int | None,
    seed: int,
    device: str | None,
    jobs: int | None,
    tensorboard: Path | None,
) -> None:
    """Train the classifier on the conflicts that `mine` wrote to DATA.

    Repositories that validate and test are left out by name. Boosted trees are grown on features
    first, and small transformers trained that read a file's other conflicts; then a network is
    trained on top of the trees; --epochs 0 leaves it out. With
    --pretrain the network's encoder learns the words of conflicts and of the code around them
    before. Needs the extra: pip install 'gitmerge-ai[train]'.
    """
    with extra("train"):
        from gitmerge_ai.training.learning import training
        from gitmerge_ai.training.learning.boosting import ROUNDS
        from gitmerge_ai.training.learning.preparing import packaged_encoder, prepare_all
    encoder = start or packaged_encoder()
    files = records.region_files(data)
    if not files:
        raise click.ClickException(f"{data} holds nothing that `gitmerge-ai mine` wrote")
    with progress() as bar:
        task = bar.add_task("preparing", total=len(files))
        prepare_all(files, encoder, jobs, lambda: bar.advance(task))
    settings = training.Settings(
        epochs=epochs,
        pretrain=pretrain,
        batch=batch,
        limit=limit,
        seed=seed,
        device=device or training.best_device(),
        threads=jobs or executors.cores(),
    )
    try:
        training.run(data, encoder, output, settings, rounds or ROUNDS, tensorboard)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
