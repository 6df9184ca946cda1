"""Words that claim something of a change, and whether the change does it.

"Add", "added" and "feat" claim that something is new, "docs" that only documentation changes. How
much a claim counts is for the trees of `openings` and `ranking` to say: people do write "Add" where
nothing is new. Only what `contradicts` tells is never proposed.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from gitmerge_ai.messages.parts import Part

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


DOING: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("add", "adds", "added", "create", "created", "introduce"), frozenset({"add"})),
    **dict.fromkeys(("remove", "removes", "removed", "delete", "deleted"), frozenset({"remove"})),
    **dict.fromkeys(("rename", "renames", "renamed"), frozenset({"rename"})),
    **dict.fromkeys(("move", "moves", "moved"), frozenset({"move", "rename"})),
}
"""Verbs, and what has to be done to a thing of which they say it."""

_ARTICLES = frozenset(("a", "an", "the", "new"))

_THINGS = frozenset(
    {
        *("class", "command", "component", "file", "function", "method", "model", "module"),
        *("package", "page", "script", "type", "view"),
    }
)
"""What may stand behind a name without meaning another thing than it does."""


def contradicts(said: Sequence[str], parts: Sequence[Part]) -> bool:
    """Whether a subject says of a thing by its name what was done to others only.

    "Add README" is no subject for a change of a README that was there, but "Add README badges" is.

    Args:
        said: its words, as `words.core` gives them, signs left out.
        parts: of the change.
    """
    at = next((at for at, word in enumerate(said) if word in DOING), None)
    if at is None:
        return False
    name, *more = [word for word in said[at + 1 :] if word not in _ARTICLES] or [""]
    if not name or len(more) > 1 or not _THINGS.issuperset(more):
        return False
    done = set(chain.from_iterable(_done(name, part) for part in parts))
    return bool(done) and not done & DOING[said[at]]


def _done(name: str, part: Part) -> Iterator[str]:
    """Give what a part of a change does to what is called so; what is in a file changes it."""
    if name in _forms(part.name) | _forms(part.before):
        yield part.action
    elif name in _forms(part.path):
        yield "change"


def _forms(name: str) -> frozenset[str]:
    """Give what somebody may call a thing, in lower case: a file by its last step, or its stem."""
    step = name.lower().rpartition("/")[2]
    return frozenset((name.lower(), step, step.partition(".")[0] or step)) - {""}
