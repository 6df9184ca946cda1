"""What was decided about other conflicts of the same merge, as features of one still open.

The conflicts of a merge hang together: who took theirs in one file takes it in the next. A
decision is a conflict with the text that replaced it, taken by a person or by a rule that is sure.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from gitmerge_ai.text.markers import Region
from gitmerge_ai.text.words import squeezed, words

LABELS = ("ours", "theirs", "both", "base", "other")
"""What a decision was, and what a candidate would be."""

AGREES = ("merge", "folder", "kind", "file", "weighted", "longer", "alike", "evidence")
"""What the features that compare a candidate with the decisions are called, after "agrees"."""

KNOWN = "decided evidence"
"""A feature that is there wherever anything was decided."""

# Decisions that are looked at, and characters of each side.
MOST, MEASURED = 200, 4_000
# What a decision weighs that has no word of the conflict, and what one more in its file.
UNLIKE, IN_FILE = 0.01, 0.05


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
    """A decision in a word, with what it is compared by.

    `longer` says whether the longer side was taken, `None` where no side was or none is longer.
    """

    path: str
    label: str
    words: frozenset[str]
    longer: bool | None


def labelled(decision: Decision) -> Labelled:
    """Say in a word what a decision was."""
    label = labelling(decision.base, decision.ours, decision.theirs)(decision.text)
    more = len(decision.ours) - len(decision.theirs)
    longer = (label == "ours") == (more > 0) if more and label in ("ours", "theirs") else None
    found = words_of(decision.ours + " " + decision.theirs)
    return Labelled(decision.path, label, found, longer)


def labelling(base: str, ours: str, theirs: str) -> Callable[[str], str]:
    """Give what names what a text in a conflict's place takes; white space does not count.

    Args:
        base, ours, theirs: the conflict.
    """
    whole = {squeezed(base): "base", squeezed(theirs): "theirs", squeezed(ours): "ours"}
    one, other = squeezed(ours), squeezed(theirs)
    joined = {one + other, other + one}
    needed = set(_lines(ours) + _lines(theirs))

    def label_of(text: str) -> str:
        bare = squeezed(text)
        if bare in whole:
            return whole[bare]
        return "both" if bare in joined or needed <= set(_lines(text)) else "other"

    return label_of


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
    own = words_of(region.ours + " " + region.theirs)
    more = len(region.ours) - len(region.theirs)
    return {
        **dict(_features(path, own, decisions)),
        **dict(_weighted(path, own, decisions)),
        **dict(_longer(more, decisions)),
    }


def agreement(label: str, features: Mapping[str, float]) -> dict[str, float]:
    """Compare a candidate with the decisions: in how many of them the same was done.

    Args:
        label: what the candidate would be, as `labelling` names it.
        features: what `decided_features` gave.
    """
    names = {f"agrees {scope}": f"decided {scope}: {label}" for scope in AGREES}
    found = {name: features[known] for name, known in names.items() if known in features}
    if KNOWN in features:
        others = (features[f"decided alike: {other}"] for other in LABELS if other != label)
        found["agrees alike"] -= max(others)
        found["agrees evidence"] = features[KNOWN]
    return found


def _weighted(
    path: str, own: frozenset[str], decisions: Sequence[Labelled]
) -> Iterator[tuple[str, float]]:
    """Give the share of each label, the decisions weighted by how alike they are."""
    weights = dict.fromkeys(LABELS, 0.0)
    for one in decisions:
        near = UNLIKE + IN_FILE * (one.path == path)
        weights[one.label] += likeness(own, one.words) ** 2 + near
    total = sum(weights.values())
    yield KNOWN, math.log1p(total)
    for label, weight in weights.items():
        # A little of each beside what was seen: two decisions are no certainty.
        yield f"decided weighted: {label}", (weight + 0.02) / (total + 0.02 * len(LABELS))


def _longer(more: int, decisions: Sequence[Labelled]) -> Iterator[tuple[str, float]]:
    """Give how often the longer side was taken, as a share of ours and of theirs."""
    known = [one.longer for one in decisions if one.longer is not None]
    if known:
        share = sum(known) / len(known)
        yield "decided longer: ours", share if more > 0 else 1 - share
        yield "decided longer: theirs", 1 - share if more > 0 else share


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
        near = [likeness(own, one.words) for one in decisions if one.label == label]
        yield f"decided alike: {label}", max(near, default=0.0)


def words_of(text: str) -> frozenset[str]:
    """Give the words by which conflicts are compared."""
    return frozenset(words(text[:MEASURED]))


def _lines(text: str) -> list[str]:
    return [line for line in map(squeezed, text.split("\n")) if line]


def likeness(a: frozenset[str], b: frozenset[str]) -> float:
    """Give the share of words that two conflicts have in common (Jaccard)."""
    both = len(a | b)
    return len(a & b) / both if both else 1.0
