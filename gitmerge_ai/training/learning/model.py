"""The classifier: a transformer that reads a conflict once, with small heads that judge outcomes.

The encoder gets word pieces with edit-type embeddings (kept, added, deleted, by which side), after
MergeBERT (Svyatkovskiy et al., 2022), and starts from a pre-trained one. Three heads share its
states:

- the *candidate* head scores every candidate by what it follows and leaves of each side's edit,
  added to the score that the boosted trees give its features, so that training starts from them;
- the *pattern* head gives each place that both sides changed one of the nine merge patterns;
- the *follow* head says of each changed word whether people followed that change, which is the
  merged text's tokens predicted one by one, and teaches even where no candidate is right.

Only training and exporting use this module; a merge runs the exported ONNX graphs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from gitmerge_ai.resolving.ranking.arrays import GROUPS, NUMBERS, places_of, pools_of
from gitmerge_ai.resolving.ranking.reading import PLACES, Edit
from gitmerge_ai.training.learning.dataset import Input
from gitmerge_ai.training.learning.labels import NAMES

# Width of a piece's state as the heads see it, and of the candidate head's hidden layer.
STATE, HIDDEN = 96, 128
# Weights of the losses beside the candidates'.
PATTERN_LOSS, FOLLOW_LOSS = 0.3, 0.5


@dataclass(frozen=True, slots=True)
class Batch:
    """Conflicts as tensors: b conflicts, n pieces, c options, k places at most.

    `pieces`, `edits` and `mask` are (b, n). `pools` is (b, c * GROUPS, n): for each option the
    weights of the pieces in each group, which sum to one where there are any. `numbers` is
    (b, c, NUMBERS); `options` (b, c) marks those that exist; `right` (b). `places` is (b, k, n),
    `patterns` (b, k) with -1 where there is none to learn. `changed` and `follow` are (b, n): the
    pieces of changed words, and which of them people followed.
    """

    pieces: Tensor
    edits: Tensor
    mask: Tensor
    pools: Tensor
    numbers: Tensor
    options: Tensor
    right: Tensor
    places: Tensor
    patterns: Tensor
    changed: Tensor
    follow: Tensor

    def to(self, device: str) -> "Batch":
        """Move the batch."""
        return Batch(*(getattr(self, name).to(device) for name in self.__slots__))


class Encoder(nn.Module):
    """Reads conflicts: a state for each piece, and each place's pattern."""

    def __init__(self, start: Path) -> None:
        """Start from a pre-trained BERT-like encoder in a folder.

        Raises:
            OSError: there is none.
        """
        super().__init__()
        self.bert = AutoModel.from_pretrained(start, add_pooling_layer=False)
        width = self.bert.config.hidden_size
        self.edit = nn.Embedding(len(Edit), width)
        nn.init.zeros_(self.edit.weight)
        self.state = nn.Linear(width, STATE)
        self.pattern = nn.Linear(2 * STATE, len(NAMES))
        self.follow = nn.Linear(STATE, 1)

    @property
    def embeddings(self) -> nn.Parameter:
        """The vocabulary's, (pieces, width): half of all weights, and not trained."""
        found: nn.Parameter = self.bert.embeddings.word_embeddings.weight
        return found

    def forward(self, pieces: Tensor, edits: Tensor, mask: Tensor) -> Tensor:
        """Give the states, (b, n, STATE)."""
        return self.states(self.hidden(pieces, edits, mask))

    def hidden(self, pieces: Tensor, edits: Tensor, mask: Tensor) -> Tensor:
        """Give the pieces as the encoder's last layer has them, (b, n, width)."""
        words = self.bert.embeddings.word_embeddings(pieces) + self.edit(edits)
        found: Tensor = self.bert(inputs_embeds=words, attention_mask=mask).last_hidden_state
        return found

    def states(self, hidden: Tensor) -> Tensor:
        """Give the states of what `hidden` gave."""
        return torch.tanh(self.state(hidden))

    def patterns(self, states: Tensor, places: Tensor) -> Tensor:
        """Give the places' patterns as logits, (b, k, nine)."""
        pooled = torch.bmm(places, states)
        whole = states[:, :1].expand_as(pooled)
        found: Tensor = self.pattern(torch.cat([pooled, whole], -1))
        return found

    def follows(self, states: Tensor) -> Tensor:
        """Give each piece's logit of being followed, (b, n)."""
        found: Tensor = self.follow(states).squeeze(-1)
        return found


class Judge(nn.Module):
    """Scores candidates by what they follow of the two edits, on top of the trees' score."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear((GROUPS + 1) * STATE + NUMBERS + 1, HIDDEN)
        self.score = nn.Linear(HIDDEN, 1)
        self.trees = nn.Parameter(torch.ones(1))
        nn.init.zeros_(self.score.weight)
        nn.init.zeros_(self.score.bias)

    def forward(self, states: Tensor, follow: Tensor, pools: Tensor, numbers: Tensor) -> Tensor:
        """Give the options' scores, (b, c).

        Args:
            states: of the pieces, (b, n, STATE).
            follow: the pieces' logits of being followed, (b, n).
            pools: as `Batch` has them.
            numbers: as `Batch` has them; the first is the trees' score.
        """
        b, c, _ = numbers.shape
        pooled = torch.bmm(pools, states).reshape(b, c, GROUPS * STATE)
        whole = states[:, :1].expand(b, c, STATE)
        # How well the option agrees with the follow head: followed words likely, left ones not.
        chances = torch.bmm(pools, follow.unsqueeze(-1)).reshape(b, c, GROUPS)
        agreed = (chances * chances.new_tensor([1.0, -1.0, 1.0, -1.0])).sum(-1, keepdim=True)
        seen = torch.cat([pooled, whole, numbers, agreed], -1)
        found = self.score(functional.gelu(self.hidden(seen))).squeeze(-1)
        total: Tensor = found + self.trees * numbers[..., 0]
        return total


class Classifier(nn.Module):
    """The encoder with its heads, for training."""

    def __init__(self, start: Path) -> None:
        """Start from a pre-trained encoder in a folder.

        Raises:
            OSError: there is none.
        """
        super().__init__()
        self.encoder = Encoder(start)
        self.judge = Judge()

    def scores(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Give options' scores (b, c), places' patterns (b, k, nine) and pieces' follows (b, n)."""
        states = self.encoder(batch.pieces, batch.edits, batch.mask)
        follows = self.encoder.follows(states)
        scores = self.judge(states, follows, batch.pools, batch.numbers)
        scores = scores.masked_fill(~batch.options, -1e9)
        return scores, self.encoder.patterns(states, batch.places), follows

    def loss(self, batch: Batch) -> Tensor:
        """Give what training makes small."""
        scores, patterns, follows = self.scores(batch)
        loss = functional.cross_entropy(scores, batch.right)
        if (batch.patterns >= 0).any():
            known = batch.patterns >= 0
            loss = loss + PATTERN_LOSS * functional.cross_entropy(
                patterns[known], batch.patterns[known]
            )
        if batch.changed.any():
            loss = loss + FOLLOW_LOSS * functional.binary_cross_entropy_with_logits(
                follows[batch.changed], batch.follow[batch.changed]
            )
        return loss


def followed_of(one: Input) -> NDArray[np.bool_]:
    """Say which pieces are of a changed word whose change people followed."""
    inside = one.at >= 0
    found: NDArray[np.bool_] = one.follows[-1][np.maximum(one.at, 0)] if len(one.sides) else inside
    return found & inside


def batch_of(
    inputs: Sequence[Input],
    numbers: Sequence[NDArray[np.float32]],
    right: Sequence[int],
    patterns: Sequence[NDArray[np.int8]],
) -> Batch:
    """Put conflicts side by side, padded.

    Args:
        inputs: the conflicts; the last row of `follows` is what people followed.
        numbers: about their options.
        right: which option is.
        patterns: of their places.
    """
    b, n, c = len(inputs), max(len(one.pieces) for one in inputs), max(map(len, numbers))
    whole = {name: torch.zeros(b, n, dtype=torch.long) for name in ("pieces", "edits")}
    mask, changed = torch.zeros(b, n, dtype=torch.long), torch.zeros(b, n, dtype=torch.bool)
    follow, places = torch.zeros(b, n), torch.zeros(b, PLACES, n)
    pools, about = torch.zeros(b, c, GROUPS, n), torch.zeros(b, c, NUMBERS)
    options, wanted = torch.zeros(b, c, dtype=torch.bool), torch.full((b, PLACES), -1)
    for row, (one, some) in enumerate(zip(inputs, numbers, strict=True)):
        long, count = len(one.pieces), len(some)
        whole["pieces"][row, :long] = torch.from_numpy(one.pieces.astype(np.int64))
        whole["edits"][row, :long] = torch.from_numpy(one.edits.astype(np.int64))
        mask[row, :long] = 1
        pools[row, :count, :, :long] = torch.from_numpy(
            pools_of(one.at, one.sides, one.follows[:-1])
        )
        places[row, :, :long] = torch.from_numpy(places_of(one.at, one.places))
        inside = one.at >= 0
        changed[row, :long] = torch.from_numpy(inside)
        follow[row, :long] = torch.from_numpy(followed_of(one).astype(np.float32))
        about[row, :count] = torch.from_numpy(some)
        options[row, :count] = True
        wanted[row] = torch.from_numpy(np.maximum(patterns[row], -1).astype(np.int64))
    return Batch(
        pieces=whole["pieces"],
        edits=whole["edits"],
        mask=mask,
        pools=pools.reshape(b, c * GROUPS, n),
        numbers=about,
        options=options,
        right=torch.tensor(list(right)),
        places=places,
        patterns=wanted,
        changed=changed,
        follow=follow,
    )
