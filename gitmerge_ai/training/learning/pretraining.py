"""Pre-trains the encoder on conflicts and the code around them, before it learns to choose.

Two tasks at once, neither of which needs a candidate to be right: words that are masked are to be
told from the others (Devlin et al., BERT, 2019), in the code around a conflict and in its edits,
and of each changed word it is to be told whether the merged text follows that change. A run that
was stopped goes on where its checkpoint stands.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from gitmerge_ai.resolving.ranking.network import TOKENIZER
from gitmerge_ai.resolving.ranking.reading import OF_WORD, PIECES, Edit
from gitmerge_ai.resolving.ranking.vocabulary import Vocabulary
from gitmerge_ai.text.words import words
from gitmerge_ai.training.learning.dataset import Input
from gitmerge_ai.training.learning.model import Encoder, followed_of
from gitmerge_ai.training.mining import records

PRETRAINED, CHECKPOINT = "encoder.pt", "pretraining.pt"
"""What a run's folder holds of it."""

# The share of pieces that are masked; of those, what stays as it is or becomes any other piece, as
# in use nothing is masked.
MASKED, KEPT, OTHER = 0.15, 0.1, 0.1
# Windows of code that are read around one conflict, and the fewest words worth reading.
WINDOWS, FEWEST = 2, 12
# Steps between checkpoints, and between lines of the log.
EVERY, LOGGED = 200, 20
RATE, DECAY = 5e-5, 0.01


@dataclass(frozen=True, slots=True)
class Text:
    """What is read at a time: pieces and what each is to a conflict.

    `changed` marks the pieces of changed words, `follow` which of those changes people followed.
    """

    pieces: NDArray[np.int64]
    edits: NDArray[np.int64]
    changed: NDArray[np.bool_]
    follow: NDArray[np.bool_]


class Pretrainer(nn.Module):
    """The encoder with a head that tells masked pieces, by the embeddings that they have."""

    def __init__(self, start: Path) -> None:
        """Start from a pre-trained encoder in a folder.

        Raises:
            OSError: there is none.
        """
        super().__init__()
        self.encoder = Encoder(start)
        embeddings = self.encoder.embeddings
        self.guess = nn.Linear(embeddings.shape[1], embeddings.shape[1])
        self.bias = nn.Parameter(torch.zeros(len(embeddings)))

    def loss(self, batch: dict[str, Tensor]) -> Tensor:
        """Give what training makes small; `batch` is what `batch_of` gives."""
        hidden = self.encoder.hidden(batch["pieces"], batch["edits"], batch["mask"])
        hit = batch["wanted"] >= 0
        guessed = functional.gelu(self.guess(hidden[hit]))
        logits = guessed @ self.encoder.embeddings.T + self.bias
        loss = functional.cross_entropy(logits, batch["wanted"][hit])
        changed = batch["changed"] & ~hit
        if changed.any():
            follows = self.encoder.follows(self.encoder.states(hidden))
            loss = loss + functional.binary_cross_entropy_with_logits(
                follows[changed], batch["follow"][changed].float()
            )
        return loss


def texts_of(inputs: Sequence[Input], files: Sequence[Path], cut: Vocabulary) -> list[Text]:
    """Give what there is to read: each conflict's edits, and the code around it.

    Args:
        inputs: the training conflicts.
        files: what `mine` wrote of the same repositories.
        cut: what cuts words into pieces.

    Raises:
        OSError: a file cannot be read.
        ValueError: it is not what `mine` writes.
    """
    edits = [
        Text(
            one.pieces.astype(np.int64),
            one.edits.astype(np.int64),
            one.at >= 0,
            followed_of(one).astype(np.bool_),
        )
        for one in inputs
    ]
    return edits + [text for file in files for text in _around(file, cut)]


def _around(file: Path, cut: Vocabulary) -> Iterator[Text]:
    """Read the code before and after each conflict; what stood around another is left out."""
    seen: set[str] = set()
    for region in records.read(file):
        for code in (region.before, region.after)[:WINDOWS]:
            found = words(code)
            if len(found) < FEWEST or code in seen:
                continue
            seen.add(code)
            inside = [piece for of_word in cut(found[:PIECES]) for piece in of_word[:OF_WORD]]
            pieces = np.array([cut.start, *inside[: PIECES - 2], cut.end], np.int64)
            edits = np.full(len(pieces), int(Edit.CONTEXT), np.int64)
            edits[[0, -1]] = int(Edit.NONE)
            nothing = np.zeros(len(pieces), np.bool_)
            yield Text(pieces, edits, nothing, nothing)


def batch_of(texts: Sequence[Text], cut: Vocabulary, draw: random.Random) -> dict[str, Tensor]:
    """Put texts side by side, some pieces masked; `wanted` is -1 for the others."""
    long = max(len(one.pieces) for one in texts)
    noise = np.random.default_rng(draw.getrandbits(32))
    shape = len(texts), long
    batch = {
        "pieces": np.zeros(shape, np.int64),
        "edits": np.zeros(shape, np.int64),
        "mask": np.zeros(shape, np.int64),
        "wanted": np.full(shape, -1, np.int64),
        "changed": np.zeros(shape, np.bool_),
        "follow": np.zeros(shape, np.bool_),
    }
    for row, one in enumerate(texts):
        size = len(one.pieces)
        hit = (noise.random(size) < MASKED) & (one.edits != int(Edit.NONE))
        how = noise.random(size)
        masked = np.where(hit & (how >= KEPT + OTHER), cut.mask, one.pieces)
        other = noise.integers(len(cut), size=size)
        batch["pieces"][row, :size] = np.where(hit & (how < OTHER), other, masked)
        batch["wanted"][row, :size] = np.where(hit, one.pieces, -1)
        batch["mask"][row, :size] = 1
        for name in ("edits", "changed", "follow"):
            batch[name][row, :size] = getattr(one, name)
    return {name: torch.from_numpy(array) for name, array in batch.items()}


def pretrain(
    texts: Sequence[Text],
    start: Path,
    out: Path,
    *,
    steps: int,
    batch: int,
    seed: int,
    device: str,
    log: Callable[..., None],
) -> None:
    """Pre-train an encoder, unless it is done, and keep its weights in `out`.

    Args:
        texts: what there is to read.
        start: the folder of the encoder to start from.
        out: the run's folder.
        steps: how many batches are read.
        batch: how many texts are read at once.
        seed: of the order and of what is masked.
        device: as PyTorch calls it.
        log: told the loss.

    Raises:
        OSError: there is no encoder in `start`, or the run's folder cannot be written.
    """
    if (out / PRETRAINED).exists():
        return
    torch.manual_seed(seed)
    cut = Vocabulary(start / TOKENIZER)
    model = Pretrainer(start).to(device)
    model.encoder.embeddings.requires_grad_(False)
    optimizer = torch.optim.AdamW(
        [p for p in model.parameters() if p.requires_grad], lr=RATE, weight_decay=DECAY
    )
    kept, done = out / CHECKPOINT, 0
    if kept.exists():
        state = torch.load(kept, weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        done = int(state["step"])
    losses: list[float] = []
    model.train()
    for step in range(done, steps):
        # A step depends on its number alone, so that a run that was stopped goes on the same way.
        draw = random.Random(seed * 1_000_003 + step)
        torch.manual_seed(draw.getrandbits(32))
        some = draw.sample(range(len(texts)), min(batch, len(texts)))
        tensors = batch_of([texts[at] for at in some], cut, draw)
        if not (tensors["wanted"] >= 0).any():
            continue
        loss = model.loss({name: one.to(device) for name, one in tensors.items()})
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(float(loss.detach()))
        if (step + 1) % LOGGED == 0:
            log(step + 1, pretraining_loss=sum(losses[-LOGGED:]) / len(losses[-LOGGED:]))
        if (step + 1) % EVERY == 0:
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
            keep({**state, "step": step + 1}, kept)
    keep(model.encoder.state_dict(), out / PRETRAINED)
    kept.unlink(missing_ok=True)


def keep(state: Mapping[str, object], file: Path) -> None:
    """Write a state such that it is there whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    torch.save(state, file.with_suffix(".part"))
    file.with_suffix(".part").replace(file)
