"""What would have been proposed for the last commits of a repository, beside what was written.

For each commit only what came before it is known. The beginning of its subject is typed, the rest
is compared. "hard" leaves out subjects that, digits aside, had occurred before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from gitmerge_ai.messages.asking import about, summary, written_here
from gitmerge_ai.messages.bodies import with_bodies
from gitmerge_ai.messages.history import MOST
from gitmerge_ai.messages.measures import b_norm, likeness, next_words
from gitmerge_ai.messages.memory import Memory
from gitmerge_ai.messages.proposing import propose
from gitmerge_ai.messages.question import Candidate, Question
from gitmerge_ai.messages.ranking import form
from gitmerge_ai.messages.slots import Slots
from gitmerge_ai.messages.words import core, kind, tokens
from gitmerge_ai.repository.commits import Commit, changed_files, commits, names

SHARES = (0, 25, 50)
"""Per cent of the characters of a subject that are typed."""

SHOWN = 3
"""Candidates that the right next word may be among."""

READ_AGAIN = 50
"""Commits after which the conventions are read anew."""

MEASURES = ("b_norm", "edit_similarity", "em1", "em2", "top3", "abstained", "whole_b_norm")

ALL, HARD = "all", "hard"

EVERY = 2**31 - 1
"""Commits, as many as git can count."""


class Answer(NamedTuple):
    """What was proposed for a commit of which some was typed, and what it is worth, by measure.

    A measure is left out where it means nothing: the second word of a rest of one word.
    stale: versions, tickets and names in the proposal that are not in the change.
    """

    commit: str
    share: int
    hard: bool
    typed: str
    rest: str
    candidates: tuple[Candidate, ...]
    worth: dict[str, float]
    stale: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """The means of a group of answers: how many there are, and each measure in per cent."""

    group: str
    share: int
    count: int
    means: Mapping[str, float]
    stale: int = 0


class Asking(NamedTuple):
    """A commit, whether nothing like its subject had occurred, and what was known before it."""

    commit: Commit
    hard: bool
    question: Question


def asking(folder: Path, count: int, young: bool = False) -> Iterator[Asking]:
    """Ask about each of the last commits that are no merges, oldest first.

    What a question knows grows with the next one: each has to be dealt with before that.

    Args:
        folder: in the repository.
        count: how many commits.
        young: ask about the first ones instead, when hardly anything was known.
    """
    found, start = walked(folder, count, young)
    memory = Memory(found[:start])
    seen = {form(commit.subject) for commit in found[:start]}
    known = written_here(memory)
    for number, commit in enumerate(found[start:], 1):
        parts = summary(folder, commit.name, changed_files(folder, commit.name))
        asked = about(parts, commit.footprint, commit.author)
        hard = form(commit.subject) not in seen
        yield Asking(commit, hard, Question(asked, memory, known, parts))
        memory.add(commit)
        seen.add(form(commit.subject))
        if number % READ_AGAIN == 0:
            known = written_here(memory)


def walked(folder: Path, count: int, young: bool = False) -> tuple[list[Commit], int]:
    """Give commits that have a subject, oldest first, and where those begin that are asked about.

    The arguments are those of `asking`.
    """
    chosen = names(folder, EVERY)[-count:] if young else names(folder, count + MOST)
    found = [commit for commit in reversed(list(commits(folder, chosen))) if commit.subject]
    return found, max(0, len(found) - count)


def answers(folder: Path, count: int, young: bool = False) -> Iterator[Answer]:
    """Propose a message for each of the last commits that are no merges, oldest first.

    Args:
        folder: in the repository.
        count: how many commits.
        young: the first ones instead.
    """
    for commit, hard, question in asking(folder, count, young):
        for share in SHARES:
            yield _answer(commit, share, hard, question)


def figures(found: Sequence[Answer]) -> list[Figures]:
    """Give the means over all answers and over the hard ones, for each share that was typed."""
    result = []
    for group in (ALL, HARD):
        for share in SHARES:
            chosen = [a for a in found if a.share == share and (a.hard or group == ALL)]
            means = {}
            for measure in MEASURES:
                values = [a.worth[measure] for a in chosen if measure in a.worth]
                if values:
                    means[measure] = 100 * sum(values) / len(values)
            stale = sum(bool(a.stale) for a in chosen)
            result.append(Figures(group, share, len(chosen), means, stale))
    return result


def _answer(commit: Commit, share: int, hard: bool, question: Question) -> Answer:
    typed = commit.subject[: len(commit.subject) * share // 100]
    found = with_bodies(question, propose(question._replace(typed=typed), 2 * SHOWN))
    answer = graded(commit, share, hard, found)
    text = found[0].text[len(typed) :] if found else ""
    return answer._replace(stale=tuple(_stale(text, typed, Slots(question.memory, question.asked))))


def graded(commit: Commit, share: int, hard: bool, found: Sequence[Candidate]) -> Answer:
    """Compare what was proposed with what was written.

    Args:
        commit: whose subject it is.
        share: per cent of it that were typed.
        hard: whether nothing like it had occurred before.
        found: what was proposed, best first.
    """
    cut = len(commit.subject) * share // 100
    typed, rest = commit.subject[:cut], commit.subject[cut:]
    text = found[0].text[cut:] if found else ""
    worth = {
        **(likeness(text, rest) if found else dict.fromkeys(likeness("", rest), 0.0)),
        "abstained": float(not found),
        "whole_b_norm": b_norm(found[0].message, commit.message) if found else 0.0,
    }
    wanted = next_words(rest, 1)
    if wanted is not None:
        openings = dict.fromkeys(next_words(each.text[cut:], 1) for each in found)
        worth["top3"] = float(wanted in list(openings)[:SHOWN])
    return Answer(commit.name, share, hard, typed, rest, tuple(found[:SHOWN]), worth)


def _stale(text: str, typed: str, slots: Slots) -> Iterator[str]:
    """Give what a proposal says that is in neither the change nor what was typed."""
    before = {core(token) for token in tokens(typed)}
    whole = tokens(typed + text)[max(0, len(tokens(typed)) - 1) :]
    for token in whole:
        said = kind(token) in ("version", "ticket", "code") and core(token) not in before
        if said and not slots.allows(token):
            yield token
