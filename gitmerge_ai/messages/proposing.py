"""Subjects for a change, or the rest of one begun, from all that can propose one; best first.

A proposer is a function from a `Question` to candidates. Each candidate says where it comes from
and how sure it is. One that names a version, a ticket or a name of another change is dropped,
whoever proposed it; where none is sure enough there is no proposal at all.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gitmerge_ai.messages.change import Summary
from gitmerge_ai.messages.completing import Completer
from gitmerge_ai.messages.conventions import Conventions
from gitmerge_ai.messages.memory import Asked, Memory
from gitmerge_ai.messages.phrasing import phrases
from gitmerge_ai.messages.slots import Slots
from gitmerge_ai.messages.words import core, tokens

LEAST = 0.04
"""How sure a candidate has to be to be proposed."""

OPENINGS = 6


@dataclass(frozen=True, slots=True)
class Question:
    """A change, what is known of the repository, and what was typed of the subject."""

    asked: Asked
    memory: Memory
    conventions: Conventions
    summary: Summary
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A whole subject, the typed part of it unchanged; where it is from, from 0 to 1 how sure."""

    text: str
    source: str
    confidence: float


Proposer = Callable[[Question], Iterator[Candidate]]


def propose(question: Question, most: int = 3, others: Sequence[Proposer] = ()) -> list[Candidate]:
    """Give the best subjects, none where nothing good is known.

    Args:
        question: what is asked.
        most: how many.
        others: to ask beside those that are always asked.
    """
    if question.asked.footprint.is_empty:
        return []
    slots = Slots(question.memory, question.asked)
    best: dict[str, Candidate] = {}
    for proposer in (*others, *PROPOSERS):
        for each in proposer(question):
            known = best.get(each.text)
            fits = each.confidence >= LEAST and _is_fresh(each.text, question.typed, slots)
            if fits and (known is None or each.confidence > known.confidence):
                best[each.text] = each
    return sorted(best.values(), key=lambda each: -each.confidence)[:most]


def by_history(question: Question) -> Iterator[Candidate]:
    """Propose what earlier commits like this one would have been called."""
    memory, asked = question.memory, question.asked
    if not len(memory):
        return
    completer = _completer(memory, asked, len(memory))
    for each in completer.complete(question.typed, OPENINGS):
        if each.text.strip():
            yield Candidate(question.typed + each.text, "history", math.exp(min(0.0, each.score)))


def by_change(question: Question) -> Iterator[Candidate]:
    """Propose to say what the syntax trees show."""
    for text, confidence in phrases(question.summary, question.conventions):
        typed = question.typed
        if text.lower().startswith(typed.lower()):
            yield Candidate(typed + text[len(typed) :], "change", confidence)


@lru_cache(maxsize=1)
def _completer(memory: Memory, asked: Asked, size: int) -> Completer:
    """Prepare for a change, once for all that is typed about it."""
    return Completer(memory, asked, memory.weigh(asked))


PROPOSERS: tuple[Proposer, ...] = (by_history, by_change)


def _is_fresh(text: str, typed: str, slots: Slots) -> bool:
    """Whether all that is added to what was typed may be said of this change."""
    before = {core(token) for token in tokens(typed)}
    return all(core(token) in before or slots.allows(token) for token in tokens(text))
