"""What to think of before a text takes a conflict's place: "does not parse", "drops ours' line 12".

Cautions are shown, never acted on. They look at texts only.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from gitmerge_ai.syntax.grammar import MissingGrammar
from gitmerge_ai.syntax.language import Language
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.syntax.tree import Source
from gitmerge_ai.text.lines import split
from gitmerge_ai.text.markers import Region, has_markers
from gitmerge_ai.text.words import squeezed, words

BROKEN = "does not parse"

MOST = 100_000
"""Characters of a side above which lines are not looked at one by one."""

AROUND = 10_000
"""Characters before and after a conflict that are parsed with it."""

SHORTEST = 4
"""Characters below which a line (`}`, `end`) says nothing by standing twice."""


@dataclass
class Judge:
    """Looks at what could replace one conflict.

    path: of the file.
    region: the conflict.
    before, after: the text around it.
    starts: the first line of the region in base, ours and theirs, by name.
    """

    path: str
    region: Region
    before: str
    after: str
    starts: dict[str, int]

    def cautions(self, text: str) -> tuple[str, ...]:
        """Say in a few words each what a text would break, lose, bring back or double.

        Args:
            text: what would stand in the conflict's place.
        """
        region = self.region
        if text not in (region.ours, region.theirs) and has_markers(text, region.size):
            return ("has conflict markers",)
        found = [] if self._parses(text) else [BROKEN]
        if len(region.ours) + len(region.theirs) + len(text) < MOST:
            found += [self._dropped("ours", text), self._dropped("theirs", text)]
            found += [*self._restored(text), self._doubled(text)]
        return tuple(caution for caution in found if caution)

    def _parses(self, text: str) -> bool:
        return text in (self.region.ours, self.region.theirs) or self._errors(text) <= self._most

    @cached_property
    def _most(self) -> int:
        return max(self._errors(self.region.ours), self._errors(self.region.theirs))

    @cached_property
    def _language(self) -> Language | None:
        return for_path(self.path, self.before)

    def _errors(self, text: str) -> int:
        if self._language is None:
            return 0
        whole = self.before[-AROUND:] + text + self.after[:AROUND]
        try:
            return Source(self._language, whole.encode("utf-8", "surrogateescape")).error_count()
        except MissingGrammar:
            return 0

    def _dropped(self, side: str, text: str) -> str:
        """Name the lines whose words a side added and the text has not."""
        own = getattr(self.region, side)
        added = Counter(words(own)) - Counter(words(self.region.base or ""))
        lost = added - Counter(words(text))
        return self._named("drops", side, own, _lines_with(own, lost, text))

    def _restored(self, text: str) -> list[str]:
        """Name the lines of the base that a side deleted and the text has again."""
        base = split(self.region.base or "")
        has = {squeezed(line) for line in split(text)}
        found: dict[str, list[int]] = {}
        for side in ("ours", "theirs"):
            gone = has - {squeezed(line) for line in split(getattr(self.region, side))}
            found[side] = [
                at
                for at, line in enumerate(base)
                if len(squeezed(line)) >= SHORTEST and squeezed(line) in gone
            ]
        if found["ours"] == found["theirs"]:
            found = {"both": found["ours"]}
        return [
            f"brings back base's {_numbers(lines, self.starts['base'])}, gone in {side}"
            for side, lines in found.items()
            if lines
        ]

    def _doubled(self, text: str) -> str:
        sides = (self.region.base or "", self.region.ours, self.region.theirs)
        before = Counter(dict.fromkeys(_counted(text), 1))
        for side in sides:
            before |= _counted(side)
        more = _counted(text) - before
        first = next((line for line in split(text) if squeezed(line) in more), "")
        return f"has twice: {first.strip()}" if first else ""

    def _named(self, verb: str, side: str, own: str, lines: list[int]) -> str:
        if not lines:
            return ""
        if len(lines) > 1 and len(lines) == len([line for line in split(own) if line.strip()]):
            return f"{verb} all of {side}"
        return f"{verb} {side}' {_numbers(lines, self.starts[side])}"


def _lines_with(own: str, lost: Counter[str], text: str) -> list[int]:
    kept = {squeezed(line) for line in split(text)}
    return [
        at
        for at, line in enumerate(split(own))
        if squeezed(line) not in kept and any(word in lost for word in words(line))
    ]


def _counted(text: str) -> Counter[str]:
    lines = (squeezed(line) for line in split(text))
    return Counter(line for line in lines if len(line) >= SHORTEST)


def _numbers(lines: list[int], start: int) -> str:
    """Name lines as "line 12", "lines 12-14" or "lines 12, 15 and 3 more"."""
    runs: list[list[int]] = []
    for at in lines:
        if runs and runs[-1][1] == at - 1:
            runs[-1][1] = at
        else:
            runs.append([at, at])
    named = [f"{start + a}" if a == b else f"{start + a}-{start + b}" for a, b in runs[:2]]
    rest = f" and {len(runs) - 2} more" if len(runs) > 2 else ""
    return f"line{'s' if len(lines) > 1 else ''} {', '.join(named)}{rest}"
