"""What is asked and what is answered: the values that proposers, ranking and callers share."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from gitmerge_ai.messages.conventions import Conventions
from gitmerge_ai.messages.memory import Asked, Memory
from gitmerge_ai.messages.parts import Summary


class Question(NamedTuple):
    """A change, what is known of the repository, and what was typed of the subject."""

    asked: Asked
    memory: Memory
    conventions: Conventions
    summary: Summary
    typed: str = ""


class Draft(NamedTuple):
    """A whole subject, the typed part of it unchanged, as one proposer sees it.

    source: who proposed it. confidence: how sure that one is, from 0 to 1. clues: what it knows of
    the subject, by name, for the ranking. settled: whether that confidence counts, whatever the
    ranking says.
    """

    text: str
    source: str
    confidence: float
    clues: Mapping[str, float] = MappingProxyType({})
    settled: bool = False


class Candidate(NamedTuple):
    """A whole subject, the typed part of it unchanged; where it is from, from 0 to 1 how sure.

    body: what stands below it where messages here have a body or trailers, "" where nothing does.
    """

    text: str
    source: str
    confidence: float
    body: str = ""

    @property
    def message(self) -> str:
        """The whole message."""
        return f"{self.text}\n\n{self.body}" if self.body else self.text


Proposer = Callable[[Question], Iterator[Draft]]
