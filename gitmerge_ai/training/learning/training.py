"""Trains the classifier on mined conflicts, from prepared arrays to weights, top to bottom.

The steps: grow boosted trees on the features (out of fold for the training repositories, so that
what is added to them is learned on scores as good as they will be elsewhere); train the small
transformers that read a file's other conflicts; pre-train the encoder, if that is asked for; then
train the network on top of the trees. A run that was stopped goes on where its last checkpoint
stands; what happens is logged as JSON lines. The same steps run on a CPU and on a GPU.
"""

import json
import random
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.optim.lr_scheduler import LambdaLR

from gitmerge_ai.resolving.ranking.network import TOKENIZER
from gitmerge_ai.resolving.ranking.vocabulary import Vocabulary
from gitmerge_ai.training.learning import dataset, neighbours
from gitmerge_ai.training.learning.boosting import scores_of
from gitmerge_ai.training.learning.dataset import Dataset
from gitmerge_ai.training.learning.files import in_files
from gitmerge_ai.training.learning.lessons import (
    ASKED,
    MIXED,
    Lessons,
    grow_trees,
    lessons_of,
    training_scores,
)
from gitmerge_ai.training.learning.mirroring import OTHER, exchanged, mirror
from gitmerge_ai.training.learning.model import Batch, Classifier, batch_of
from gitmerge_ai.training.learning.pretraining import PRETRAINED, keep, pretrain, texts_of
from gitmerge_ai.training.learning.split import Part, parts

CHECKPOINT, BEST, LOG = "checkpoint.pt", "classifier.pt", "log.jsonl"
"""What a run's folder holds beside the trees and their scores."""

# So many validation conflicts tell how far a run has come.
CHECKED = 700


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run depends on beside its data.

    `rate` is the encoder's learning rate, `rate_heads` that of what is new; `pretrain` counts the
    steps of pre-training; `epochs` may be a fraction, 0 for the trees alone; `limit` is the most
    training conflicts, 0 for all of them; `mirrored` is how often a conflict is learned with its
    sides exchanged. `every` so many steps the run is checked and kept.
    """

    epochs: float = 2.0
    pretrain: int = 0
    batch: int = 16
    rate: float = 6e-5
    rate_heads: float = 1e-3
    warm_up: float = 0.06
    decay: float = 0.01
    limit: int = 0
    mirrored: float = 0.25
    seed: int = 1
    device: str = "cpu"
    threads: int = 2
    every: int = 200


class Log:
    """Writes what happens to a file as JSON lines, and to TensorBoard where a folder is given."""

    def __init__(self, file: Path, board: Path | None) -> None:
        self._file = file
        self._board: Any = None
        if board:
            from torch.utils.tensorboard import SummaryWriter

            self._board = SummaryWriter(str(board))

    def __call__(self, step: int, **values: float | str) -> None:
        """Log values of one step."""
        line = {"time": round(time.time(), 1), "step": step, **values}
        with self._file.open("a") as file:
            file.write(json.dumps(line) + "\n")
        print(json.dumps(line), flush=True)
        for name, value in values.items():
            if self._board and isinstance(value, float):
                self._board.add_scalar(name, value, step)


def batched(lessons: Lessons, which: Sequence[int], mirrored: Collection[int] = ()) -> Batch:
    """Put some conflicts together, some of them with ours and theirs exchanged."""
    data = lessons.data
    return batch_of(
        [mirror(data.inputs[at]) if at in mirrored else data.inputs[at] for at in which],
        [exchanged(lessons.numbers[at]) if at in mirrored else lessons.numbers[at] for at in which],
        [int(data.right[at]) for at in which],
        [OTHER[data.patterns[at]] if at in mirrored else data.patterns[at] for at in which],
    )


def order_of(data: Dataset, settings: Settings, epoch: int) -> Iterator[list[int]]:
    """Give an epoch's batches: conflicts of like length together, the batches in any order."""
    draw = random.Random(settings.seed * 1000 + epoch)
    which = list(range(len(data)))
    draw.shuffle(which)
    which = which[: settings.limit or None]
    which.sort(key=lambda at: (len(data.inputs[at].pieces) // 8, draw.random()))
    batches = [which[at : at + settings.batch] for at in range(0, len(which), settings.batch)]
    draw.shuffle(batches)
    yield from batches


def fit(
    lessons: Lessons, check: Lessons, start: Path, out: Path, settings: Settings, log: Log
) -> None:
    """Train the network, and keep the weights that do best on the check's conflicts.

    Args:
        lessons: of the training repositories.
        check: of the validation repositories.
        start: the folder of the encoder to start from.
        out: the run's folder.
        settings: how.
        log: told the loss, and every `settings.every` steps the check's accuracy.

    Raises:
        OSError: there is no encoder in `start`, or the run's folder cannot be written.
    """
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    model = Classifier(start).to(settings.device)
    if (out / PRETRAINED).exists():
        model.encoder.load_state_dict(torch.load(out / PRETRAINED, weights_only=True))
    total = max(1, int(settings.epochs * sum(1 for _ in order_of(lessons.data, settings, 0))))
    # Rare words are not learned from so few conflicts, and the vocabulary is half of all weights.
    model.encoder.embeddings.requires_grad_(False)
    trained = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    old = [p for name, p in trained if ".bert." in name]
    new = [p for name, p in trained if ".bert." not in name]
    optimizer = torch.optim.AdamW(
        [{"params": old, "lr": settings.rate}, {"params": new, "lr": settings.rate_heads}],
        weight_decay=settings.decay,
    )
    warm = max(1, int(settings.warm_up * total))
    plan = LambdaLR(
        optimizer, lambda at: min((at + 1) / warm, max(0.0, (total - at) / (total - warm + 1)))
    )
    step, best = 0, 0.0
    kept = out / CHECKPOINT
    if kept.exists():
        state = torch.load(kept, weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        plan.load_state_dict(state["plan"])
        step, best = int(state["step"]), float(state["best"])
    losses: list[float] = []
    epochs = int(np.ceil(settings.epochs))
    steps = (one for epoch in range(epochs) for one in order_of(lessons.data, settings, epoch))
    model.train()
    for at, which in enumerate(steps):
        if at < step or at >= total:
            continue
        # A step depends on its number alone, so that a run that was stopped goes on the same way.
        draw = random.Random(settings.seed * 1_000_003 + at)
        torch.manual_seed(draw.getrandbits(32))
        mirrored = {one for one in which if draw.random() < settings.mirrored}
        loss = model.loss(batched(lessons, which, mirrored).to(settings.device))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        plan.step()
        losses.append(float(loss.detach()))
        if (at + 1) % 20 == 0:
            log(at + 1, loss=sum(losses[-20:]) / len(losses[-20:]), of=str(total))
        if (at + 1) % settings.every == 0 or at + 1 == total:
            right = accuracy(model, check, settings)
            log(at + 1, check=right)
            if right >= best:
                best = right
                torch.save(model.state_dict(), out / BEST)
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
            state |= {"plan": plan.state_dict(), "step": at + 1, "best": best}
            keep(state, kept)
            model.train()


def accuracy(model: Classifier, check: Lessons, settings: Settings) -> float:
    """Give the share of conflicts, of some spread over the check's, that the network gets right."""
    model.eval()
    which = list(range(0, len(check.data), max(1, len(check.data) // CHECKED)))
    which.sort(key=lambda at: len(check.data.inputs[at].pieces))
    right = 0
    with torch.no_grad():
        for at in range(0, len(which), settings.batch):
            batch = batched(check, which[at : at + settings.batch]).to(settings.device)
            scores, _, _ = model.scores(batch)
            last = batch.options.sum(1, keepdim=True) - 1
            right += int((scores.scatter(1, last, -1e9).argmax(1) == batch.right).sum())
    return right / max(1, len(which))


def best_device() -> str:
    """Name the device to train on: a GPU where there is one."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def run(
    folder: Path, start: Path, out: Path, settings: Settings, rounds: int, board: Path | None = None
) -> None:
    """Train everything, from prepared repositories to weights.

    Args:
        folder: where the prepared repositories are.
        start: the folder of the encoder to start from.
        out: the run's folder.
        settings: how.
        rounds: how many trees.
        board: a folder for TensorBoard.

    Raises:
        OSError: a folder cannot be read or written.
        ValueError: a part of the split has too few repositories.
    """
    out.mkdir(parents=True, exist_ok=True)
    log = Log(out / LOG, board)
    found = parts(folder)
    if not found[Part.TRAIN] or not found[Part.VALID]:
        raise ValueError(f"{folder} has no repositories to train on, or none to validate on")
    data = dataset.load(found[Part.TRAIN])
    log(0, settings=json.dumps(asdict(settings)), conflicts=float(len(data)))
    trees = grow_trees(data, out, rounds, settings.seed)
    check_data = dataset.load(found[Part.VALID], data.columns)
    table = dataset.seen_with(
        check_data, facts=dataset.known(check_data, history=True, habits=False)
    )
    check = lessons_of(check_data, scores_of(trees, table))
    first = [int(one[:-1, 0].argmax()) for one in check.numbers]
    right = float(np.mean(np.array(first) == check_data.right))
    log(0, trees=right, check_conflicts=float(len(check_data)))
    if settings.pretrain:
        cut = Vocabulary(start / TOKENIZER)
        texts = texts_of(data.inputs, list(map(dataset.mined_of, found[Part.TRAIN])), cut)
        pretrain(
            texts,
            start,
            out,
            steps=settings.pretrain,
            batch=settings.batch,
            seed=settings.seed,
            device=settings.device,
            log=log,
        )
    scores = training_scores(data, out, rounds, settings.seed)
    ways = [in_files(data, found[Part.TRAIN], scores[way]) for way in ASKED]
    neighbours.train(ways, data.right, out, settings.seed)
    if settings.epochs:
        fit(lessons_of(data, scores[MIXED]), check, start, out, settings, log)
