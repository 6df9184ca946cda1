"""The agent that needs no model: edits of syntax trees, by what has paid and what is suspect.

A repair first tries all single edits of the individual, in one order that all workers share and
each takes its part of; then, and where something is to be optimised from the start, it draws edits
and stacks the more of them the longer nothing has paid. What it proposes parses and differs from
its parent; it reads the files it is given and knows nothing of git.
"""

import random
from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import sha1
from itertools import islice
from typing import NamedTuple

from gitmerge_ai.evolution.agents.context import Context, Past
from gitmerge_ai.evolution.operators.bandit import JOINT, Bandit
from gitmerge_ai.evolution.operators.edits import Edit
from gitmerge_ai.evolution.operators.mutator import Mutator
from gitmerge_ai.evolution.operators.reading import Donor, Text
from gitmerge_ai.evolution.operators.table import OPERATORS
from gitmerge_ai.evolution.values import FAILING, Change
from gitmerge_ai.syntax.grammar import MissingGrammar
from gitmerge_ai.syntax.language import Language
from gitmerge_ai.syntax.languages import for_path

KEPT = 32
"""Parsed files, and lists of edits, that are kept for when they are asked for again."""

LENDERS, LARGEST = 12, 60_000
"""Files that lend statements to others, and the bytes above which one does not."""

PATIENCE = 200
"""Children without gain after which twice as many edits are stacked, on average."""

MOST_STACKED = 6
"""Edits of one proposal."""

TRIES = 40
"""Proposals that are drawn and turned down, as equal to something or broken, before it gives up."""

REACH = 4
"""Lines by which edits may have moved a line since it was found suspect."""

VARIED, NEARLY = 0.1, 0.02
"""What a child is worth that does something else, but at most this share worse."""

ASIDE = 0.05
"""The share of a repair's proposals that are drawn while there are single edits left to try."""


class _Aimed(NamedTuple):
    """An edit of a file and how likely it is to pay."""

    weight: float
    path: str
    edit: Edit


class Edits:
    """Proposes changes; remembers what it has learnt of the run and what it has not tried yet."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._bandit = Bandit({operator.name: operator.share for operator in OPERATORS})
        self._learnt = 0
        self._idle = 0
        self._mutators: dict[str, Mutator | None] = {}
        self._queues: dict[str, Iterator[_Aimed]] = {}
        self._lent: dict[str, tuple[Donor, ...]] = {}

    def __call__(self, context: Context) -> Change | None:
        """Propose a change of the parent, None if it finds none that is new."""
        self._learn(context.past)
        if _mends(context) and context.rng.random() >= ASIDE:
            change = self._next_single(context)
            if change:
                return change
        drawn = (self._drawn(context) for _ in range(TRIES))
        return next((change for change in drawn if change), None)

    def _learn(self, past: tuple[Past, ...]) -> None:
        new = past[self._learnt :]
        self._learnt = len(past)
        self._bandit.learn((child.operator, _reward(child.gain)) for child in new)
        for child in new:
            self._idle = 0 if child.gain and child.gain > 0 else self._idle + 1

    def _next_single(self, context: Context) -> Change | None:
        """Give the next of the worker's part of all single edits that the run has not had."""
        commit = context.parent.commit
        if commit not in self._queues:
            _forget(self._queues)
            queue = iter(self._singles(context)[context.worker :: context.workers])
            self._queues[commit] = queue
        for aimed in self._queues[commit]:
            mutator = self._mutator(context, aimed.path)
            text = mutator.made(aimed.edit) if mutator else None
            if mutator and text is not None and not context.seen({aimed.path: text}):
                summary = aimed.edit.summary(mutator.text)
                return Change({aimed.path: text}, aimed.edit.operator, summary)
        return None

    def _singles(self, context: Context) -> list[_Aimed]:
        """Give all single edits of the parent, likeliest first; the same for every worker."""
        found: list[_Aimed] = []
        for path in sorted(_suspects(context)):
            mutator = self._mutator(context, path)
            if mutator:
                rng = random.Random(f"{context.plan.seed} {path}")
                ranked = mutator.ranked(_suspicion(context, path), rng)
                found += (_Aimed(weight, path, edit) for weight, edit in ranked)
        found.sort(key=lambda aimed: -aimed.weight)
        return found

    def _drawn(self, context: Context) -> Change | None:
        """Draw one edit, or several on top of each other."""
        rng = context.rng
        files: dict[str, bytes] = {}
        edits: list[Edit] = []
        said: list[str] = []
        for _ in range(self._number(rng)):
            path = _drawn_path(context)
            mutator = self._mutator(context, path, files.get(path)) if path else None
            if path is None or mutator is None:
                continue
            choose = partial(self._bandit.choose, rng=rng)
            suspicion = None if path in files else _suspicion(context, path)
            edit = mutator.draw(choose, suspicion, rng)
            text = mutator.made(edit) if edit else None
            if edit and text is not None:
                files[path] = text
                edits.append(edit)
                said.append(edit.summary(mutator.text))
        if not edits or context.seen(files):
            return None
        operators = dict.fromkeys(edit.operator for edit in edits)
        return Change(files, JOINT.join(operators), "\n".join(said))

    def _number(self, rng: random.Random) -> int:
        """Draw how many edits to stack: more of them the longer nothing paid."""
        more = 1 - 0.7 * 0.5 ** (self._idle / PATIENCE)
        number = 1
        while number < MOST_STACKED and rng.random() < min(0.5, more):
            number += 1
        return number

    def _mutator(self, context: Context, path: str, text: bytes | None = None) -> Mutator | None:
        """Parse a file of the parent, or a text that it became, None if it cannot be."""
        text = context.files[path] if text is None else text
        key = f"{path} {sha1(text, usedforsecurity=False).hexdigest()}"
        if key not in self._mutators:
            _forget(self._mutators)
            row = _row(path, text)
            try:
                found = Mutator(row, text, self._donors(context, row)) if row else None
            except MissingGrammar:
                found = None
            self._mutators[key] = found
        return self._mutators[key]

    def _donors(self, context: Context, row: Language) -> tuple[Donor, ...]:
        """Give what files of a language lend, read once for the run."""
        if row.name not in self._lent:
            sources = (context.files, context.others)
            alike = [(path, files) for files in sources for path in files if for_path(path) == row]
            alike.sort(key=lambda one: one[0])
            random.Random(context.plan.seed).shuffle(alike)
            texts = (text for path, files in alike if len(text := files[path]) <= LARGEST)
            lent = (donor for text in islice(texts, LENDERS) for donor in Text(row, text).lends())
            self._lent[row.name] = tuple(dict.fromkeys(lent))
        return self._lent[row.name]


def _reward(gain: float | None) -> float:
    """Say what a child was worth: a little if it ran and did something else, nearly as well."""
    if gain is None or gain == 0:
        return 0.0
    return 1.0 if gain > 0 else VARIED if gain > -NEARLY else 0.0


def _mends(context: Context) -> bool:
    """Whether tests of the parent's fail, so that one edit may be all it takes."""
    scores = context.evaluation.scores if context.evaluation else {}
    return bool(context.plan.until) and scores.get(FAILING, 1) > 0


def _suspects(context: Context) -> list[str]:
    """Give the files worth changing: the suspect ones, or all if none is."""
    return [path for path in context.suspicion if path in context.files] or list(context.files)


def _suspicion(context: Context, path: str) -> Mapping[int, float] | None:
    """Give the suspicion of a file's lines, blurred where they may have moved since the base."""
    lines = context.suspicion.get(path)
    if lines is None or context.parent.commit == context.plan.base:
        return lines
    blurred: dict[int, float] = {}
    for line, suspect in lines.items():
        for off in range(-REACH, REACH + 1):
            value = suspect * 0.8 ** abs(off)
            blurred[line + off] = max(value, blurred.get(line + off, 0.0))
    return blurred


def _drawn_path(context: Context) -> str | None:
    """Draw a file by its suspicion."""
    paths = _suspects(context)
    weights = [sum(context.suspicion.get(path, {0: 1.0}).values()) for path in paths]
    return context.rng.choices(paths, weights)[0] if paths and sum(weights) else None


def _row(path: str, text: bytes) -> Language | None:
    return for_path(path, text[:200].decode(errors="replace"))


def _forget(kept: dict[str, Mutator | None] | dict[str, Iterator[_Aimed]]) -> None:
    """Make room for one more, the oldest first."""
    while len(kept) >= KEPT:
        kept.pop(next(iter(kept)))
