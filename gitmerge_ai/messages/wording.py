"""Where words stand in a text, of prose or of code: which begin so, and which stand behind another.

A text is searched when it is asked about, and what was found is kept: a subject asks about few
words.
"""

import re
from collections import Counter
from collections.abc import Iterator

MOST = 40
"""Words that are found, the most frequent."""

SHORTEST = 2
"""Characters that words are looked for by; by one alone there would be too many."""


class Wording:
    """The words of one text."""

    def __init__(self, text: str) -> None:
        """Take the text."""
        self._text = text
        self._begun: dict[str, Counter[str]] = {}
        self._behind: dict[str, Counter[str]] = {}

    def beginning(self, begun: str) -> Counter[str]:
        """Count the words that begin so, whatever the case, as they are written.

        Names that are joined, by stops say, count as a whole and by the first of them.
        """
        if begun not in self._begun:
            self._begun[begun] = _most(self._beginning(begun))
        return self._begun[begun]

    def behind(self, word: str) -> Counter[str]:
        """Count the words that stand behind one, whatever its case; parts of names in small ones.

        `castle` stands behind `air` in "air castle", `air_castle` and `airCastle`.
        """
        if word not in self._behind:
            self._behind[word] = _most(self._following(word))
        return self._behind[word]

    def _beginning(self, begun: str) -> Iterator[str]:
        if len(begun) < SHORTEST:
            return
        form = rf"(?<!\w){re.escape(begun)}\w*(?:[.'_/+-]\w+)*"
        for found in re.finditer(form, self._text, re.IGNORECASE):
            name = found[0]
            yield name
            if joined := re.search(r"\W", name[len(begun) :]):
                yield name[: len(begun) + joined.start()]

    def _following(self, word: str) -> Iterator[str]:
        if len(word) < SHORTEST or not word.isalpha():
            return
        form = rf"(?i:(?<![a-z]){word})(?:[ \t_-]([^\W_]+)|([A-Z][a-z0-9]+))"
        for found in re.finditer(form, self._text):
            yield found[1] or found[2].lower()


def _most(words: Iterator[str]) -> Counter[str]:
    return Counter(dict(Counter(words).most_common(MOST)))
