"""How near a text is to what was written: B-Norm, edit similarity, and the next words."""

import math
import re
from collections import Counter

_PARTS = re.compile(r"\w+|[^\w\s]")
_ORDERS = 4


def b_norm(proposed: str, written: str) -> float:
    """Give the smoothed sentence BLEU-4 of lower-cased texts with signs split off, from 0 to 1."""
    ours, theirs = (_PARTS.findall(text.lower()) for text in (proposed, written))
    if not ours or not theirs:
        return float(ours == theirs)
    logs = 0.0
    for order in range(1, _ORDERS + 1):
        have, want = _grams(ours, order), _grams(theirs, order)
        shared, total = sum((have & want).values()), sum(have.values())
        smooth = order > 1
        if not shared + smooth:
            return 0.0
        logs += math.log((shared + smooth) / (total + smooth))
    short = min(0.0, 1 - (len(theirs) + 1) / (len(ours) + 1))
    return math.exp(logs / _ORDERS + short)


def _grams(words: list[str], order: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[at : at + order]) for at in range(len(words) - order + 1))


def edit_similarity(proposed: str, written: str) -> float:
    """Give one less the share of characters that would have to be edited, from 0 to 1."""
    longest = max(len(proposed), len(written))
    if not longest:
        return 1.0
    row = list(range(len(written) + 1))
    for at, ours in enumerate(proposed, 1):
        before, row[0] = row[0], at
        for other, theirs in enumerate(written, 1):
            cost = min(row[other] + 1, row[other - 1] + 1, before + (ours != theirs))
            before, row[other] = row[other], cost
    return 1 - row[-1] / longest


def next_words(rest: str, count: int) -> tuple[str, ...] | None:
    """Give the first words of a text, the first as it is written on: `None` if it has fewer.

    Args:
        rest: what follows what was typed. Where that ended within a word, its end is the first.
        count: how many.
    """
    words = rest.split()
    if len(words) < count:
        return None
    return (f" {words[0]}" if rest[:1].isspace() else words[0], *words[1:count])


def likeness(proposed: str, written: str) -> dict[str, float]:
    """Give what two rests of a subject have in common, by measure, each from 0 to 1.

    What means nothing is left out: the second word of a rest of one word.
    """
    found = {
        "b_norm": b_norm(proposed, written),
        "edit_similarity": edit_similarity(proposed, written),
    }
    for count, measure in ((1, "em1"), (2, "em2")):
        wanted = next_words(written, count)
        if wanted is not None:
            found[measure] = float(next_words(proposed, count) == wanted)
    return found
