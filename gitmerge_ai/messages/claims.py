"""Words that claim something of a change, and whether the change does it.

"Add", "added" and "feat" claim that something is new, "docs" that only documentation changes. How
much a claim counts is for the trees of `openings` and `ranking` to say: people do write "Add" where
nothing is new.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

ACTIONS: Mapping[str, str] = {
    "add": "add adds added adding create creates created introduce introduces introduced implement"
    " implements implemented new feat feature initial first import imported",
    "remove": "remove removes removed removing delete deletes deleted drop drops dropped clean"
    " cleanup cleaned strip",
    "rename": "rename renames renamed renaming",
    "move": "move moves moved moving split extract extracted",
    "replace": "replace replaces replaced switch",
    "signature": "parameter parameters argument arguments signature",
    "bump": "bump bumps bumped upgrade upgrades upgraded deps dependency dependencies",
}
"""For what a part of a change can do, the words that claim it."""

NATURES: Mapping[str, str] = {
    "docs": "docs doc document documents documented documentation readme changelog typo typos"
    " comment comments",
    "tests": "test tests tested testing spec specs",
    "formatting": "format formatting reformat style lint whitespace indentation",
    "renames": "rename renames renamed move moves moved",
    "dependencies": "bump bumps bumped upgrade upgrades upgraded deps dependency dependencies",
    "code": "fix fixes fixed refactor refactored",
}
"""For what a change can be on the whole, the words that claim it."""


def _by_word(table: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for claim, words in table.items():
        for word in words.split():
            found.setdefault(word, []).append(claim)
    return found


_ACTIONS, _NATURES = _by_word(ACTIONS), _by_word(NATURES)


class Claims:
    """What may be claimed of one change."""

    def __init__(self, actions: Sequence[str], nature: str) -> None:
        """Take what is known of it.

        Args:
            actions: of its parts; where there are none nothing is known.
            nature: what it is on the whole.
        """
        self._nature = nature if actions else ""
        self._shares = {each: actions.count(each) / len(actions) for each in set(actions)}

    def holds(self, word: str) -> float:
        """Say how much of the change does what a word claims, from 0 to 1; `nan` for no claim.

        Args:
            word: as `words.core` gives it.
        """
        return max(self._held(word), default=math.nan)

    def _held(self, word: str) -> Iterator[float]:
        if self._nature:
            yield from (self._shares.get(each, 0.0) for each in _ACTIONS.get(word, ()))
            yield from (float(each == self._nature) for each in _NATURES.get(word, ()))
