"""Decides between proposals by vote: several are asked for, and the one most agree on is made.

Three ways, by the name that `--vote` gives:

- `ahead:K`: the first to be K votes ahead of the next, equal code counting as one, white space and
  comments apart ("first-to-ahead-by-k": Meyerson et al., "Solving a Million-Step LLM Task with Zero
  Errors", 2025);
- `confidence:N`: of N votes, the code with the greatest sum of confidence;
- `behaviour:N`: of N votes, the most frequent result that passes what the plan runs.

It neither makes proposals nor runs them: both are handed in.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from itertools import islice
from typing import NamedTuple, TypeVar

from gitmerge_ai.evolution.selection.normalised import normalised
from gitmerge_ai.evolution.values import Change, Evaluation
from gitmerge_ai.syntax.grammar import MissingGrammar
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.syntax.tree import Source

Proposal = TypeVar("Proposal")

MOST = 15
"""Votes after which `ahead` takes who leads, if one does."""

WAYS = {"ahead": 2, "confidence": 5, "behaviour": 5}
"""By name, with what its number is if none is given."""


class Vote(NamedTuple):
    """How to decide: the way, and its number."""

    way: str
    number: int


class Ballot(NamedTuple):
    """One vote: for what change, what else is taken for the same, and how much it counts."""

    change: Change
    kind: Hashable
    weight: float = 1.0


def parse_vote(text: str) -> Vote:
    """Read what `--vote` says.

    Args:
        text: a way, or a way and a number behind a colon.

    Raises:
        ValueError: it is neither.
    """
    way, found, number = text.partition(":")
    if way not in WAYS or (found and not number.isdecimal()) or (found and int(number) < 1):
        raise ValueError(f"{text!r} is no way to vote: {', '.join(f'{w}:N' for w in WAYS)}")
    return Vote(way, int(number) if found else WAYS[way])


def decided(
    vote: Vote, proposals: Iterable[Change], run: Callable[[Change], Evaluation]
) -> Change | None:
    """Give the proposal that wins; None where nobody does.

    What wins is the first proposal of its kind. Changes without files only say what they took:
    that, and what the losers took, is added to the winner.

    Args:
        vote: how to decide.
        proposals: as many as there are; no more are asked for than it takes.
        run: evaluates a change, for `behaviour`.
    """
    spent: list[Change] = []
    cast: Iterable[Change] = _counted(proposals, spent)
    if vote.way == "ahead":
        winner = _first_ahead((Ballot(each, code(each.files)) for each in cast), vote.number)
    elif vote.way == "confidence":
        ballots = [Ballot(each, code(each.files), each.confidence) for each in _some(cast, vote)]
        winner = _greatest(ballots)
    else:
        ran = [(each, run(each)) for each in _some(cast, vote)]
        winner = _greatest([Ballot(each, found.behaviour) for each, found in ran if found.passed])
    tokens, money = sum(each.tokens for each in spent), sum(each.money for each in spent)
    if winner is None:
        return Change({}, "vote", "no proposal won", tokens, money) if tokens or money else None
    return winner._replace(tokens=tokens, money=money)


def code(files: Mapping[str, bytes | None]) -> Hashable:
    """Give what is equal for changes that differ in white space and comments only.

    Args:
        files: of a change.
    """
    return tuple(sorted((path, _code_of(path, data)) for path, data in files.items()))


def _code_of(path: str, data: bytes | None) -> str:
    row = for_path(path)
    if data is None or row is None:
        return repr(data)
    try:
        return normalised(Source(row, data))
    except MissingGrammar:
        return repr(data)


def _counted(proposals: Iterable[Change], spent: list[Change]) -> Iterable[Change]:
    for each in proposals:
        spent.append(each)
        if each.files:
            yield each


def _some(cast: Iterable[Change], vote: Vote) -> Iterable[Change]:
    return islice(cast, vote.number)


def _first_ahead(ballots: Iterable[Ballot], ahead: int) -> Change | None:
    votes: Counter[Hashable] = Counter()
    first: dict[Hashable, Change] = {}
    for ballot in islice(ballots, MOST):
        votes[ballot.kind] += 1
        first.setdefault(ballot.kind, ballot.change)
        (leader, most), *others = votes.most_common(2)
        if most - (others[0][1] if others else 0) >= ahead:
            return first[leader]
    (_, most), *others = votes.most_common(2) or [(None, 0)]
    leads = most > 0 and (not others or most > others[0][1])
    return first[votes.most_common(1)[0][0]] if leads else None


def _greatest(ballots: list[Ballot]) -> Change | None:
    """Give the first of the kind with the greatest weight; of equal ones, the earlier."""
    weights: dict[Hashable, float] = {}
    for ballot in ballots:
        weights[ballot.kind] = weights.get(ballot.kind, 0.0) + ballot.weight
    kind = max(weights, key=lambda each: weights[each], default=None)
    return next((ballot.change for ballot in ballots if ballot.kind == kind), None)
