"""Trains the transformer that reads a file's other conflicts, from scores to weights.

What the trees say of a training conflict is said by trees that were grown on other repositories, so
that what is learned to correct is what there will be to correct. So few weights are trained in
seconds, on one core sooner than on a GPU; how they are used without PyTorch is
`resolving.ranking.neighbours`'s.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gitmerge_ai.layers import Vector
from gitmerge_ai.resolving.ranking.neighbours import (
    CORRECTION,
    HEADS,
    NEIGHBOURS,
    RELATION,
    SHAPES,
    TOKEN,
    WIDE,
    relation,
    to_bytes,
    token_of,
)
from gitmerge_ai.training.learning.files import InFile

# Passes over the conflicts, conflicts at a time, and how fast is learned.
EPOCHS, BATCH, RATE, DECAY, DROPPED = 6, 256, 4e-3, 0.01, 0.1
# Transformers that are trained: one alone is a matter of luck.
VOICES = 3
# So much of what is learned counts: in folds by repository less of it was as often right, and surer
# to be better than the trees.
KEPT = 0.7


@dataclass(frozen=True, slots=True)
class Arrays:
    """Conflicts that have others in their file, laid out side by side.

    Of each: its token; the tokens of the others, how they stand to it, and which of them are there;
    of its options the logs of their probabilities, their kinds, and which of them are there; and
    which option people took.
    """

    token: Tensor
    others: Tensor
    relations: Tensor
    there: Tensor
    logs: Tensor
    kinds: Tensor
    options: Tensor
    right: Tensor

    def __len__(self) -> int:
        return len(self.right)

    def at(self, which: Tensor) -> "Arrays":
        """Take some of the conflicts."""
        return Arrays(*(getattr(self, field.name)[which] for field in fields(self)))


class Transformer(nn.Module):
    """One layer in which the asked conflict attends to itself and the others of its file."""

    def __init__(self) -> None:
        """Draw the weights; at first nothing is corrected."""
        super().__init__()
        self.read = nn.Linear(TOKEN, WIDE)
        self.relate = nn.Linear(RELATION, WIDE, bias=False)
        self.near = nn.Linear(RELATION, HEADS, bias=False)
        self.norm = nn.LayerNorm(WIDE)
        self.ask = nn.Linear(WIDE, WIDE)
        self.tell = nn.Linear(WIDE, 2 * WIDE)
        self.heard = nn.Linear(WIDE, WIDE)
        self.norm_heard = nn.LayerNorm(WIDE)
        self.think = nn.Linear(WIDE, 2 * WIDE)
        self.thought = nn.Linear(2 * WIDE, WIDE)
        self.norm_thought = nn.LayerNorm(WIDE)
        self.correct = nn.Linear(WIDE, CORRECTION)
        self.drop = nn.Dropout(DROPPED)
        nn.init.zeros_(self.correct.weight)
        nn.init.zeros_(self.correct.bias)

    def forward(self, token: Tensor, others: Tensor, relations: Tensor, there: Tensor) -> Tensor:
        """Give the correction of each conflict."""
        own = self.read(token)
        beside = self.read(others) + self.relate(relations)
        normed = self.norm(torch.cat([own[:, None], beside], 1))
        asking = self._heads(self.ask(normed[:, :1]))
        keys, values = map(self._heads, self.tell(normed).chunk(2, -1))
        # It is itself no other: nothing is said of how it stands to itself.
        near = nn.functional.pad(self.near(relations), (0, 0, 1, 0)).transpose(1, 2)
        open_ = nn.functional.pad(there, (1, 0), value=True)
        scores = (asking @ keys.transpose(-1, -2)).squeeze(2) / math.sqrt(WIDE // HEADS) + near
        shares = scores.masked_fill(~open_[:, None], -1e9).softmax(-1)
        heard = (shares[:, :, None] @ values).reshape(len(token), WIDE)
        state = own + self.drop(self.heard(heard))
        thought = self.drop(nn.functional.gelu(self.think(self.norm_heard(state))))
        state = state + self.drop(self.thought(thought))
        found: Tensor = self.correct(self.norm_thought(state))
        return found

    def scores(self, some: Arrays) -> Tensor:
        """Give the corrected scores of the options, next to nothing where there is none."""
        correction = self(some.token, some.others, some.relations, some.there)
        found = some.logs * (1 + correction[:, -1:]) + correction[:, :-1].gather(1, some.kinds)
        return torch.where(some.options, found, -1e9)

    def weights(self) -> dict[str, Vector]:
        """Give the weights as they ship."""
        state = self.state_dict()
        return {name: state[name].flatten().tolist() for name in SHAPES}

    @staticmethod
    def _heads(states: Tensor) -> Tensor:
        return states.reshape(*states.shape[:2], HEADS, -1).transpose(1, 2)


def train(ways: Sequence[Sequence[InFile]], right: NDArray[np.int64], out: Path, seed: int) -> None:
    """Train the transformers and write their weights to a run's folder, unless that is done.

    Args:
        ways: the training conflicts in their files, once for each that may be known beside the
            texts; where none has another in its file, nothing is written.
        right: which option people took of each.
        out: the run's folder.
        seed: of the first transformer.
    """
    if (out / NEIGHBOURS).exists() or not any(one.others for one in ways[0]):
        return
    learned = [laid_out(way, right) for way in ways]
    voices = [fit(learned, seed + number).weights() for number in range(VOICES)]
    (out / NEIGHBOURS).write_bytes(to_bytes(voices))


def laid_out(found: Sequence[InFile], right: NDArray[np.int64]) -> Arrays:
    """Lay out the conflicts that have others in their file.

    Args:
        found: all conflicts, one of them in a file with others at least.
        right: which option people took of each.
    """
    which = [at for at, one in enumerate(found) if one.others]

    def rows(numbers: Callable[[InFile], Sequence[Any]]) -> Tensor:
        each = [torch.tensor(numbers(found[at])) for at in which]
        return nn.utils.rnn.pad_sequence(each, batch_first=True)

    return Arrays(
        token=rows(lambda one: token_of(one.asked)),
        others=rows(lambda one: [token_of(other) for other in one.others]),
        relations=rows(lambda one: [relation(one.asked, other) for other in one.others]),
        there=rows(lambda one: [True] * len(one.others)),
        logs=rows(lambda one: one.asked.logs),
        kinds=rows(lambda one: one.asked.kinds),
        options=rows(lambda one: [True] * len(one.asked.kinds)),
        right=torch.from_numpy(right[which]),
    )


def fit(ways: Sequence[Arrays], seed: int) -> Transformer:
    """Train a transformer.

    Args:
        ways: the same conflicts, once for each that may be known beside the texts.
        seed: of the first weights and of the order.
    """
    torch.manual_seed(seed)
    model = Transformer()
    batches = max(1, len(ways[0]) // BATCH)
    total = EPOCHS * batches
    optimizer = torch.optim.AdamW(model.parameters(), RATE, weight_decay=DECAY)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=total, pct_start=0.1)
    draw = np.random.default_rng(seed)
    model.train()
    for _ in range(EPOCHS):
        order = torch.from_numpy(draw.permutation(len(ways[0])))
        for at in range(batches):
            way = ways[int(draw.integers(len(ways)))]
            some = way.at(order[at * BATCH : (at + 1) * BATCH])
            loss = nn.functional.cross_entropy(model.scores(some), some.right)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            plan.step()
    with torch.no_grad():
        for weights in model.correct.parameters():
            weights.mul_(KEPT)
    return model.eval()
