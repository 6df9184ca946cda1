"""Trains the pointer network on the commits of many repositories.

What is read of the history is left out at random, a subject, all of them or how subjects begin, so
that the network learns not to rest on it; and so are single words. The loss is that of the next
token, which may be said or copied (as Gu et al., 2016), and keeps the sum over all tokens near one,
so that in use nobody has to know it (Devlin et al., 2014). How the network is used without PyTorch
is `messages.pointer`'s business; which names the weights have there, they have here.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gitmerge_ai.messages.pointer import (
    BEHIND,
    HEADS,
    HIDDEN,
    LONGEST,
    SHAPES,
    STRANGERS,
    WIDE,
    Weights,
    Words,
    check_sum,
)
from gitmerge_ai.messages.reading import (
    BEGINNING,
    BEGINNINGS,
    HISTORY,
    OF_CHANGE,
    ROLES,
    SIZES,
    SUBJECT,
    SUBJECTS,
)
from gitmerge_ai.messages.words import END, KINDS, START, context, core
from gitmerge_ai.training.messages.examples import Example

MOST_SAID, MOST_READ = 7_000, 9_000
FEWEST_SAID, IN_SAID, IN_READ, OF_ONE = 12, 4, 7, 2_000
"""Words that may be said and that are only read: at most so many; how often, and in how many
repositories, one has to be there; and how often one counts that is of one repository."""

ITEMS = OF_CHANGE + BEGINNINGS + SUBJECTS * SUBJECT

PASSES, BATCH, RATE, DECAY, WARM = 5.5, 192, 2.5e-3, 0.05, 300
"""Passes over the examples, examples at a time, how fast is learned and forgotten, and steps until
it is as fast."""

DROPPED, LEFT_OUT = 0.2, 0.1
"""Of numbers, and of words, subjects and histories that are read, the share that is left out."""

FIRST, NORMED = 1.5, 0.01
"""How much more the first token counts, and how much it counts that the sum over all is not one."""

NO_TOKEN, UNKNOWN, NO_ITEM = -2, -1, -1

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Arrays:
    """Examples side by side.

    read: number of each item's word; before: of the one before it; roles; marks: check sums of the
    words, -1 where there is no item; sizes; typed: numbers of the tokens before each place; said:
    number of the token there, -1 of one that cannot be said, -2 where there is none; wanted: its
    check sum; chances: how often an example is taken.
    """

    read: Numbers
    before: Numbers
    roles: Numbers
    marks: Numbers
    sizes: NDArray[np.float32]
    typed: Numbers
    said: Numbers
    wanted: Numbers
    chances: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.said)


def vocabulary(found: Mapping[str, Sequence[Example]]) -> Words:
    """Choose the words that are said and read.

    Args:
        found: the examples of each repository.
    """
    said, there, read = Counter[str](), Counter[str](), Counter[str]()
    for examples in found.values():
        here = Counter(context(token) for each in examples for token in each.tokens)
        said.update({word: min(count, OF_ONE) for word, count in here.items()})
        there.update(here.keys())
        read.update({i.word for each in examples for i in each.items if i.role < BEGINNING})
    always = (END, START, *KINDS)
    common = (word for word, count in said.most_common() if count >= FEWEST_SAID)
    spoken = [word for word in common if there[word] >= IN_SAID and word not in always]
    known = {*always, *spoken[:MOST_SAID]}
    others = (word for word, count in read.most_common() if count >= IN_READ)
    more = [word for word in others if word not in known and "\0" not in word][:MOST_READ]
    return Words([*always, *spoken[:MOST_SAID]], more)


def laid_out(words: Words, found: Mapping[str, Sequence[Example]]) -> Arrays:
    """Lay examples out side by side.

    Args:
        words: that are known.
        found: the examples of each repository; of a longer history each is taken less often.
    """
    every = [each for examples in found.values() for each in examples]
    count, nothing = len(every), len(words) + STRANGERS
    read = np.full((4, count, ITEMS), nothing)
    read[2], read[3] = ROLES, NO_ITEM
    places = np.full((3, count, LONGEST), nothing)
    places[1:] = NO_TOKEN
    for at, each in enumerate(every):
        for slot, item in enumerate(each.items[:ITEMS]):
            before = nothing if item.before is None else words.number(item.before)
            read[:, at, slot] = words.number(item.word), before, item.role, check_sum(item.word)
        whole = [*each.tokens, END][:LONGEST]
        for place, (token, last) in enumerate(zip(whole, [None, *whole], strict=False)):
            number = words.number_said(context(token))
            places[:, at, place] = (
                words.number(START if last is None else context(last)),
                UNKNOWN if number is None else number,
                check_sum(core(token)) if token else NO_TOKEN,
            )
    chances = np.concatenate([np.full(len(e), len(e) ** -0.5) for e in found.values() if e])
    sizes = np.array([each.sizes for each in every], np.float32)
    return Arrays(
        read=read[0],
        before=read[1],
        roles=read[2],
        marks=read[3],
        sizes=sizes,
        typed=places[0],
        said=places[1],
        wanted=places[2],
        chances=chances / chances.sum(),
    )


class Pointer(nn.Module):
    """The network."""

    def __init__(self, words: Words) -> None:
        """Draw the weights."""
        super().__init__()
        self.nothing = len(words) + STRANGERS
        self.count = len(words.said)
        self.own = nn.Embedding(self.nothing + 1, WIDE, padding_idx=self.nothing)
        self.behind = nn.Embedding(self.nothing + 1, WIDE, padding_idx=self.nothing)
        self.biases = nn.Parameter(torch.zeros(self.count))
        self.role = nn.Embedding(ROLES + 1, 2 * WIDE)
        self.role_bias = nn.Embedding(ROLES + 1, 1)
        self.before = nn.ModuleList(nn.Linear(WIDE, HIDDEN, bias=False) for _ in range(BEHIND))
        self.bag = nn.Linear(WIDE, HIDDEN, bias=False)
        self.place = nn.Embedding(LONGEST, HIDDEN)
        self.sizes = nn.Linear(SIZES, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN)
        self.ask = nn.Linear(HIDDEN, HEADS * 2 * WIDE)
        self.heard = nn.Linear(HEADS * WIDE, HIDDEN)
        self.norm_heard = nn.LayerNorm(HIDDEN)
        self.think = nn.Linear(HIDDEN, HIDDEN)
        self.thought = nn.Linear(HIDDEN, HIDDEN)
        self.norm_thought = nn.LayerNorm(HIDDEN)
        self.point = nn.Linear(HIDDEN, 2 * WIDE)
        self.say = nn.Linear(HIDDEN, WIDE)
        self.drop = nn.Dropout(DROPPED)
        # Alike in all items of an example.
        self.drop_items = nn.Dropout1d(DROPPED)
        with torch.no_grad():
            for each in (self.own, self.behind, self.role):
                nn.init.normal_(each.weight, 0, 0.1)
            self.own.weight[self.nothing] = 0
            self.behind.weight[self.nothing] = 0
            nn.init.zeros_(self.role_bias.weight)

    def forward(
        self, read: Tensor, before: Tensor, roles: Tensor, sizes: Tensor, typed: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Score what could stand at the places of examples.

        Args:
            read: of the items, examples by items; so are `before` and `roles`.
            before: the words before them.
            roles: of them.
            sizes: of the changes, examples by sizes.
            typed: what stands before each place, examples by places.

        Returns:
            the vectors of what is to be said, examples by places by `WIDE`, and the scores of
            copying each item, examples by places by items.
        """
        items = torch.cat([self.own(read), self.behind(before)], -1) + self.role(roles)
        items = self.drop_items(items.transpose(1, 2)).transpose(1, 2)
        lean = self.role_bias(roles)[:, None, :, 0].masked_fill((roles == ROLES)[:, None], -1e4)
        vectors = self.own(typed)
        length = typed.shape[1]
        there = torch.arange(length, device=typed.device)
        state = self.bag(vectors.cumsum(1) / (there + 1)[:, None]) + self.place(there)
        state = state + self.sizes(sizes)[:, None]
        for back, layer in enumerate(self.before):
            state = state + nn.functional.pad(layer(vectors), (0, 0, back, 0))[:, :length]
        asking = self.ask(self.norm(state)).unflatten(-1, (HEADS, 2 * WIDE)).transpose(1, 2)
        found = asking @ items[:, None].transpose(-1, -2) / math.sqrt(2 * WIDE) + lean[:, None]
        heard = found.softmax(-1) @ items[:, None, :, :WIDE]
        state = state + self.heard(heard.transpose(1, 2).flatten(2))
        state = state + self.thought(nn.functional.gelu(self.think(self.norm_heard(state))))
        state = self.drop(self.norm_thought(state))
        return self.say(state), self.point(state) @ items.transpose(1, 2) / math.sqrt(WIDE) + lean

    def loss(self, some: Mapping[str, Tensor]) -> Tensor:
        """Give the mean over all tokens that can be said or copied.

        Args:
            some: examples, by the names of `Arrays`.
        """
        names = ("read", "before", "roles", "sizes", "typed")
        spoken, copied = self(*(some[name] for name in names))
        said, wanted = some["said"], some["wanted"]
        match = (some["marks"][:, None] == wanted[..., None]) & (wanted[..., None] >= 0)
        is_there = match.any(-1)
        # What belongs to a change is copied where it can be.
        is_kind = (said >= 2) & (said < 2 + len(KINDS))
        is_said = (said >= 0) & ~(is_kind & is_there)
        asked = (said > NO_TOKEN) & (is_said | is_there)
        words = nn.functional.linear(spoken[asked], self.own.weight[: self.count], self.biases)
        copied, match = copied[asked], match[asked]
        own = words.gather(1, said[asked].clamp(min=0)[:, None])[:, 0]
        own = own.masked_fill(~is_said[asked], -1e4)
        copy = copied.masked_fill(~match, -1e4).logsumexp(-1)
        whole = torch.logaddexp(words.logsumexp(-1), copied.logsumexp(-1))
        first = torch.ones_like(said, dtype=torch.float32)
        first[:, 0] = FIRST
        weight = first[asked]
        each = whole - torch.logaddexp(own, copy) + NORMED * whole**2
        return (each * weight).sum() / weight.sum()

    def weights(self, words: Words) -> Weights:
        """Give the weights as they ship."""
        state = self.state_dict()
        matrices = {name: state[name][: SHAPES[name][0]].flatten().tolist() for name in SHAPES}
        vectors = [_quantized(state[f"{name}.weight"][:-1]) for name in ("own", "behind")]
        return Weights(words, vectors, state["biases"].tolist(), matrices)


def fit(words: Words, found: Arrays, seed: int, passes: float = PASSES) -> Pointer:
    """Train a network, on a GPU where there is one.

    Args:
        words: that are known.
        found: the examples.
        seed: of the first weights and of the order.
        passes: over the examples.
    """
    torch.manual_seed(seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    draw = np.random.default_rng(seed)
    model = Pointer(words).to(device).train()
    steps = max(1, round(passes * len(found) / BATCH))
    optimizer = torch.optim.AdamW(model.parameters(), RATE, (0.9, 0.98), weight_decay=DECAY)
    plan = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps))
    for _ in range(steps):
        which = draw.choice(len(found), min(BATCH, len(found)), p=found.chances)
        loss = model.loss(
            {n: t.to(device) for n, t in _batch(found, which, draw, model.nothing).items()}
        )
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        plan.step()
    return model.cpu().eval()


def train(found: Mapping[str, Iterable[Example]], seed: int = 1) -> Weights:
    """Choose words and train a network.

    Args:
        found: the examples of each repository.
        seed: of the first weights and of the order.

    Raises:
        ValueError: there is no example.
    """
    examples = {name: list(some) for name, some in found.items()}
    if not any(examples.values()):
        raise ValueError("there is no commit to learn from")
    words = vocabulary(examples)
    return fit(words, laid_out(words, examples), seed).weights(words)


def _batch(
    found: Arrays, which: Numbers, draw: np.random.Generator, nothing: int
) -> dict[str, Tensor]:
    """Take some examples, and leave out what is left out: `nothing` is the number of no word."""
    roles = found.roles[which]
    count = len(which)
    slot = (roles - HISTORY) // 2
    is_history = (roles >= HISTORY) & (roles < ROLES)
    is_usual = (roles >= BEGINNING) & (roles < HISTORY)
    subjects = draw.random((count, SUBJECTS)) < LEFT_OUT
    gone = is_history & np.take_along_axis(subjects, slot.clip(0, SUBJECTS - 1), 1)
    gone |= is_history & (draw.random((count, 1)) < LEFT_OUT)
    gone |= is_usual & (draw.random((count, 1)) < LEFT_OUT)
    unread = gone | (draw.random(roles.shape) < LEFT_OUT)
    longest = int((found.said[which] > NO_TOKEN).sum(1).max())
    arrays: dict[str, NDArray[Any]] = {
        "read": np.where(unread, nothing, found.read[which]),
        "before": np.where(gone, nothing, found.before[which]),
        "roles": np.where(gone, ROLES, roles),
        "marks": np.where(gone, NO_ITEM, found.marks[which]),
        "sizes": found.sizes[which],
        "typed": found.typed[which, :longest],
        "said": found.said[which, :longest],
        "wanted": found.wanted[which, :longest],
    }
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def _rate(step: int, steps: int) -> float:
    """Give how fast is learned at a step: soon as fast as ever, then ever slower."""
    warm = min(1.0, (step + 1) / min(WARM, max(1, steps // 4)))
    return warm * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps))))


def _quantized(rows: Tensor) -> tuple[list[float], memoryview]:
    """Make of each row a scale and whole numbers of one byte."""
    scales = (rows.abs().amax(1) / 127).clamp(min=1e-12)
    found = (rows / scales[:, None]).round().to(torch.int8).numpy()
    return scales.tolist(), memoryview(found.tobytes()).cast("b")
