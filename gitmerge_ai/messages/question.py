"""What is asked and what is answered: the values that proposers, ranking and callers share."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from gitmerge_ai.messages.change import Summary
from gitmerge_ai.messages.conventions import Conventions
from gitmerge_ai.messages.memory import Asked, Memory


@dataclass(frozen=True, slots=True)
class Question:
    """A change, what is known of the repository, and what was typed of the subject."""

    asked: Asked
    memory: Memory
    conventions: Conventions
    summary: Summary
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole subject, the typed part of it unchanged, as one proposer sees it.

    source: who proposed it. confidence: how sure that one is, from 0 to 1. clues: what it knows of
    the subject, by name, for the ranking.
    """

    text: str
    source: str
    confidence: float
    clues: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A whole subject, the typed part of it unchanged; where it is from, from 0 to 1 how sure."""

    text: str
    source: str
    confidence: float


Proposer = Callable[[Question], Iterator[Draft]]
