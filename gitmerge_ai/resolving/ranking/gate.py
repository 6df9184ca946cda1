"""Says in a moment whether the classifier could be sure of a conflict, before it is even imported.

It is sure of few, and nearly always of the same kinds: one side did next to nothing, both changed
numbers only, or the sides are the same but for white space. Of what it was sure of on validation
repositories these are four in five, and they are one conflict in ten; a merge driver that loaded a
model for all the others would be slow for nothing.
"""

import re
from collections import Counter

from gitmerge_ai.text.words import squeezed, words
from gitmerge_ai.values import Sides

# So alike is a side to the base that did next to nothing (the share of words in common).
ALIKE = 0.93
# Longer conflicts are not looked at.
MEASURED = 20_000

_NUMBER = re.compile(r"\d+(?:\.\d+)*")


def worth_asking(sides: Sides) -> bool:
    """Say whether a conflict is of a kind that the classifier can be sure of.

    Args:
        sides: of the conflict.
    """
    if max(map(len, sides[:3])) > MEASURED:
        return False
    ours, theirs = squeezed(sides.ours), squeezed(sides.theirs)
    if ours == theirs or _NUMBER.sub("#", ours) == _NUMBER.sub("#", theirs):
        return True
    base, *both = (Counter(words(text)) for text in sides[:3])
    return any(_likeness(side, base) >= ALIKE for side in both)


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    both = (one | other).total()
    return (one & other).total() / both if both else 1.0
