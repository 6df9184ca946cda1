"""Subjects for a change, or the rest of one begun, from all that can propose one; best first.

A proposer is a function from a `Question` to drafts. Each says where it comes from and what its
proposer knows of it; `ranking` says what it is worth. One that names a version, a ticket or a name
of another change is dropped, whoever proposed it; where none is worth enough there is no proposal.
"""

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from gitmerge_ai.messages.bumps import ENDS
from gitmerge_ai.messages.claims import DOING, contradicts
from gitmerge_ai.messages.completing import Completer, is_well_formed
from gitmerge_ai.messages.measures import next_words
from gitmerge_ai.messages.memory import Asked, Memory, Remembered
from gitmerge_ai.messages.phrasing import phrases
from gitmerge_ai.messages.question import Candidate, Draft, Proposer, Question
from gitmerge_ai.messages.ranking import Ranker, worths
from gitmerge_ai.messages.slots import Slots, tickets
from gitmerge_ai.messages.words import END, core, kind, tokens

LEAST = 0.05
"""How sure the best candidate has to be for anything to be proposed; the others need not be."""

MODESTY = 0.4
"""Taken off the logit of the chance of a word among those found to make it the chance that it is
right. Fitted to the validation repositories."""

ALONE = 5
"""Openings that are proposed alone where no subject goes on with them."""

_WHOLE = re.compile(r"\w*://[^\s)>]*|(?<!\S)\.\w[\w.-]*")
"""A link, or a name that begins with a full stop: made of parts it would be one of nothing."""

_ANNOUNCING = re.compile(rf" ({'|'.join(ENDS)})$")

CHANGE = "change"
"""The source of what says no more than the change shows."""

NEAREST = 8
"""Earlier subjects that are taken whole."""

CLOSE = 0.3
"""How sure an earlier subject as it is would be without being ranked."""


def propose(question: Question, most: int = 3, others: Sequence[Proposer] = ()) -> list[Candidate]:
    """Give the best subjects, none where nothing good is known.

    Where nothing is changed, of a commit that is amended say, what was typed is still gone on with.

    Args:
        question: what is asked.
        most: how many.
        others: to ask beside those that are always asked.
    """
    if question.asked.footprint.is_empty and not question.typed:
        return []
    slots = _completer(question.memory, question.asked, len(question.memory)).slots
    found = drafts(question, slots, others)
    worth = worths(found, Ranker(question, slots))
    best = sorted(zip(found, worth, strict=True), key=lambda each: -each[1])
    if question.typed and len(question.memory):
        alone = ((draft, 0.0) for draft in _words_alone(question, slots, found))
        best = _by_next_word([*best, *alone], question)
    if not best or best[0][1] < LEAST:
        return []
    candidates = [Candidate(draft.text, draft.source, sure) for draft, sure in best]
    varied = _varied(candidates, len(question.typed))
    return varied[:most] if question.typed else _with_change(varied, most)


def _words_alone(question: Question, slots: Slots, found: Sequence[Draft]) -> Iterator[Draft]:
    """Propose the next word and no more, where nothing whole that may be said goes on with it.

    Args:
        question: in which something is typed.
        slots: of the change.
        found: what is proposed as a whole.
    """
    memory, asked, typed = question.memory, question.asked, question.typed
    for rest, share in _completer(memory, asked, len(memory)).words(typed, ALONE):
        text = typed + rest
        begun = tokens(text)
        is_said = any(tokens(draft.text)[: len(begun)] == begun for draft in found)
        if rest and not is_said and _is_fresh(text, typed, slots):
            yield Draft(text, "history", share)


def _by_next_word(
    best: Sequence[tuple[Draft, float]], question: Question
) -> list[tuple[Draft, float]]:
    """Put first what goes on with the likeliest word, and be as sure of it as of that word.

    People look at the next word of what they have begun; what is worth most comes first only among
    those that have it in common. What is settled is as sure as it was.

    Args:
        best: drafts and what they are worth, best first.
        question: that they answer.
    """
    memory, asked, typed = question.memory, question.asked, question.typed
    share = _completer(memory, asked, len(memory)).share
    found = [
        (draft, worth if draft.settled else _right(share(typed, draft.text)))
        for draft, worth in best
    ]
    return sorted(found, key=lambda each: -each[1])


def _right(share: float) -> float:
    """Say how often a word of a share is right."""
    if not 0 < share < 1:
        return share
    logit = math.log(share / (1 - share)) - MODESTY
    return 1 / (1 + math.exp(-logit))


def _varied(candidates: Sequence[Candidate], typed: int) -> list[Candidate]:
    """Put those that go on with another word first: alternatives are worth showing if they differ.

    Args:
        candidates: best first.
        typed: characters of each that were typed.
    """
    openings: dict[object, Candidate] = {}
    for each in candidates:
        openings.setdefault(next_words(each.text[typed:], 1), each)
    first = {each.text for each in openings.values()}
    return [*openings.values(), *(each for each in candidates if each.text not in first)]


def _with_change(candidates: Sequence[Candidate], most: int) -> list[Candidate]:
    """Give the best, the last of them what the syntax trees show: it is plain, but it is true.

    Args:
        candidates: best first.
        most: how many are given.
    """
    shown = list(candidates[:most])
    told = next((each for each in candidates if each.source == CHANGE), None)
    if told and told not in shown and len(shown) > 1:
        shown[-1] = told
    return shown


def drafts(question: Question, slots: Slots, others: Sequence[Proposer] = ()) -> list[Draft]:
    """Give all that is proposed and says nothing of another change, each text once."""
    found: dict[str, Draft] = {}
    for proposer in (*others, *PROPOSERS):
        for each in proposer(question):
            known = found.get(each.text)
            if known:
                sure = max(known.confidence, each.confidence)
                clues = {**each.clues, **known.clues}
                found[each.text] = known._replace(confidence=sure, clues=clues)
            elif _may_be_said(each.text, question, slots):
                found[each.text] = each
    return list(found.values())


def by_history(question: Question) -> Iterator[Draft]:
    """Propose what earlier commits like this one would have been called."""
    memory, asked = question.memory, question.asked
    if not len(memory):
        return
    completer = _completer(memory, asked, len(memory))
    for rank, each in enumerate(completer.complete(question.typed)):
        if each.text.strip():
            clues = {
                "history rank": rank,
                "history score": each.score,
                "history first": math.log(max(each.first, 1e-9)),
                "history ending": completer.ending(question.typed + each.text),
            }
            sure = math.exp(min(0.0, each.score))
            yield Draft(_whole(question.typed + each.text, question.typed), "history", sure, clues)


def by_nearest(question: Question) -> Iterator[Draft]:
    """Propose the subjects of the nearest changes, with what belongs to this one put in."""
    memory, asked, typed = question.memory, question.asked, question.typed
    if not len(memory):
        return
    completer = _completer(memory, asked, len(memory))
    for rank, each in enumerate(memory.weigh(asked)[:NEAREST]):
        text = _whole(_put_in(each.remembered, completer.slots), typed)
        if text.lower().startswith(typed.lower()) and len(text) > len(typed):
            clues = {
                "nearest rank": rank,
                "nearest weight": each.weight,
                "nearest shared": each.shared,
            }
            sure = CLOSE * each.weight / (1 + rank)
            yield Draft(typed + text[len(typed) :], "nearest", sure, clues)


def by_change(question: Question) -> Iterator[Draft]:
    """Propose to say what the syntax trees show."""
    ticket = next(iter(tickets(question.asked.branch)), "")
    for rank, (text, sure) in enumerate(phrases(question.summary, question.conventions, ticket)):
        typed = question.typed
        if text.lower().startswith(typed.lower()) and len(text) > len(typed):
            clues = {"change rank": rank, "change confidence": sure}
            yield Draft(typed + text[len(typed) :], CHANGE, sure, clues)


@lru_cache(maxsize=1)
def _completer(memory: Memory, asked: Asked, size: int) -> Completer:
    """Prepare for a change, once for all that is typed about it."""
    return Completer(memory, asked, memory.weigh(asked))


PROPOSERS: tuple[Proposer, ...] = (by_history, by_nearest, by_change)


def _whole(text: str, typed: str) -> str:
    """Leave out a last word that only announces another, unless the person is there to go on."""
    return text if typed else _ANNOUNCING.sub("", text)


def _put_in(remembered: Remembered, slots: Slots) -> str:
    """Give an earlier subject with what belongs to this change in it, "" where there is nothing."""
    said = []
    for at in range(len(remembered.tokens) - 1):
        best = max(slots.filled(remembered, at), key=lambda each: each[1], default=None)
        if best is None:
            return ""
        if best[0] == END:
            break
        said.append(best[0])
    return "".join(said)


def _may_be_said(text: str, question: Question, slots: Slots) -> bool:
    """Whether a text is a subject, of this change, and true; of what was typed people know best."""
    claimed = any(core(token) in DOING for token in tokens(question.typed))
    said = [core(token) for token in tokens(text) if kind(token) != "sign"]
    is_true = claimed or not contradicts(said, question.summary.parts)
    return is_true and is_well_formed(text) and _is_fresh(text, question.typed, slots)


def _is_fresh(text: str, typed: str, slots: Slots) -> bool:
    """Whether all that is added to what was typed may be said of this change."""
    if not all(map(slots.holds, _WHOLE.findall(text, len(typed)))):
        return False
    begun, whole = tokens(typed), tokens(text)
    before = {core(token) for token in begun}
    allowed = all(core(token) in before or slots.allows(token) for token in whole)
    kept = sum(1 for one, other in zip(begun, whole, strict=False) if one == other)
    return allowed and not slots.misstates(whole, kept)
