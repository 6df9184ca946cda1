"""What was decided about other conflicts of the same merge, as features of one still open.

The conflicts of a merge hang together: who took theirs in one file takes it in the next. A
decision is a conflict with the text that replaced it, taken by a person or by a rule that is sure.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from gitmerge_ai.text.markers import Region
from gitmerge_ai.text.words import squeezed, words

LABELS = ("ours", "theirs", "both", "base", "other")
"""What a decision was."""

# Decisions that are looked at, and characters of each side.
MOST, MEASURED = 200, 4_000


@dataclass(frozen=True, slots=True)
class Decision:
    """A conflict that is settled: its sides and the text in its place."""

    path: str
    base: str
    ours: str
    theirs: str
    text: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A decision in a word, with what it is compared by."""

    path: str
    label: str
    words: frozenset[str]


def labelled(decision: Decision) -> Labelled:
    """Say in a word what a decision was."""
    found = _words(decision.ours + " " + decision.theirs)
    return Labelled(decision.path, label_of(decision), found)


def label_of(decision: Decision) -> str:
    """Name what was taken; white space does not count."""
    text, ours, theirs, base = map(
        squeezed, (decision.text, decision.ours, decision.theirs, decision.base)
    )
    for label, known in (("ours", ours), ("theirs", theirs), ("base", base)):
        if text == known:
            return label
    lines = set(_lines(decision.text))
    both = all(line in lines for line in _lines(decision.ours) + _lines(decision.theirs))
    return "both" if both or text in (ours + theirs, theirs + ours) else "other"


def decided_features(path: str, region: Region, decisions: Sequence[Labelled]) -> dict[str, float]:
    """Give the features of a conflict that earlier decisions give it.

    Args:
        path: the file that the conflict is in.
        region: the conflict.
        decisions: about other conflicts of the merge.
    """
    decisions = decisions[-MOST:]
    if not decisions:
        return {}
    own = _words(region.ours + " " + region.theirs)
    return dict(_features(path, own, decisions))


def _features(
    path: str, own: frozenset[str], decisions: Sequence[Labelled]
) -> Iterator[tuple[str, float]]:
    at = PurePosixPath(path)
    scopes = {
        "merge": decisions,
        "folder": [one for one in decisions if PurePosixPath(one.path).parent == at.parent],
        "kind": [one for one in decisions if PurePosixPath(one.path).suffix == at.suffix],
        "file": [one for one in decisions if one.path == path],
    }
    for scope, some in scopes.items():
        yield f"decided {scope}: number", math.log1p(len(some))
        if some:
            for label in LABELS:
                share = sum(one.label == label for one in some) / len(some)
                yield f"decided {scope}: {label}", share
    yield from ((f"decided last: {label}", float(decisions[-1].label == label)) for label in LABELS)
    for label in LABELS:
        likeness = [_likeness(own, one.words) for one in decisions if one.label == label]
        yield f"decided alike: {label}", max(likeness, default=0.0)


def _words(text: str) -> frozenset[str]:
    return frozenset(words(text[:MEASURED]))


def _lines(text: str) -> list[str]:
    return [line for line in map(squeezed, text.split("\n")) if line]


def _likeness(a: frozenset[str], b: frozenset[str]) -> float:
    both = len(a | b)
    return len(a & b) / both if both else 1.0
