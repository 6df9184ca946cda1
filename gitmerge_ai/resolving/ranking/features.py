"""What tells a likely resolution from an unlikely one: numbers about a conflict and a candidate.

A feature is a name and a number; one that is absent is not known, or does not apply. They look at
words, lines and paths only, so that they are the same for every language and cost little. What is
known beside the texts (history, earlier decisions) comes in as `Context.facts`.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise, repeat
from posixpath import splitext

from gitmerge_ai.resolving.proposing.candidates import Candidate, Context
from gitmerge_ai.text.markers import Region
from gitmerge_ai.text.words import squeezed, words

Features = dict[str, float]

_IMPORT = re.compile(
    r"\s*(import|from|using|use|#\s*include|require|package|extern crate|export \* from)\b"
    r"|.*\brequire\s*\("
)
_COMMENT = re.compile(r"\s*(//|#|/?\*|--|<!--|;)")
_VERSION = re.compile(r"\d{1,18}(?:\.\d{1,18})*")
_BRACKETS = "()[]{}"

# What the path of a file says about it: a name and what is looked for in the lower-cased path.
_PLACES: dict[str, re.Pattern[str]] = {
    "test": re.compile(r"test|spec|mock|fixture"),
    "prose": re.compile(r"\.(md|rst|txt|adoc|html)$|readme|doc"),
    "changes": re.compile(r"change|news|history|release"),
    "data": re.compile(r"\.(json|toml|ya?ml|xml|properties|ini|csproj|sln|lock|sum)$"),
    "build": re.compile(r"gradle|pom\.xml|setup\.|make|package\.json|cargo\.toml|go\.mod"),
    "generated": re.compile(r"dist/|\.min\.|lock|generated|\.pb\.|vendor/"),
}

# How many characters of a side or a candidate are looked at.
MEASURED = 50_000
# How many characters on either side are looked at for words and lines that a conflict has.
NEARBY = 20_000
# A line of so many letters says something; that it stands twice does too.
TELLING = 8


class Scale:
    """A conflict measured once, so that each of its candidates is measured quickly."""

    def __init__(self, region: Region, context: Context) -> None:
        """Count the words and lines of the sides, and what each side added and took away."""
        region = region._replace(
            base=None if region.base is None else region.base[:MEASURED],
            ours=region.ours[:MEASURED],
            theirs=region.theirs[:MEASURED],
        )
        self.region, self.context = region, context
        base = words(region.base or "")
        ours, theirs = words(region.ours), words(region.theirs)
        self.base, self.ours, self.theirs = Counter(base), Counter(ours), Counter(theirs)
        self.added_ours, self.added_theirs = self.ours - self.base, self.theirs - self.base
        self.gone_ours, self.gone_theirs = self.base - self.ours, self.base - self.theirs
        self.in_sides = self.ours | self.theirs
        self.added = self.added_ours | self.added_theirs
        lines = [_lines(text) for text in (region.base or "", region.ours, region.theirs)]
        self.lines = tuple(map(Counter, lines))
        self.new_lines = tuple(side - self.lines[0] for side in self.lines[1:])
        self.gone_lines = tuple(self.lines[0] - side for side in self.lines[1:])
        self.lines_in_sides = self.lines[1] | self.lines[2]
        self.edges = words(context.before[-200:])[-1:], words(context.after[:200])[:1]
        near = context.before[-2000:], context.after[:2000]
        self.neighbours = (
            near[0].rstrip().rpartition("\n")[2].strip(),
            near[1].lstrip().partition("\n")[0].strip(),
        )
        around = context.before[-NEARBY:] + "\n" + context.after[:NEARBY]
        self.around = {line for line in _lines(around) if len(line) >= TELLING}
        self.pairs = {p for side in (base, ours, theirs) for p in self._pairs(side)}
        nearby = set(words(around))
        contested = {w for w in self.ours.keys() ^ self.theirs.keys() if len(w) > 2}
        self.used, self.unused = contested & nearby, contested - nearby
        self.open_brackets = {_balance(ours), _balance(theirs)}
        self.order = max(_ordered(side) for side in lines[1:])
        self.most_words = max(len(ours), len(theirs))
        self.versions = _versions(region.ours), _versions(region.theirs)
        self.numbers_only = _VERSION.sub("#", squeezed(region.ours)) == _VERSION.sub(
            "#", squeezed(region.theirs)
        )
        facts = {name: float(value) for name, value in context.facts.items()}
        self.of_conflict = self._of_conflict() | facts
        self.comparing = _comparing(region, context.facts) if context.facts else ()

    def _pairs(self, found: Sequence[str]) -> list[tuple[str, str]]:
        before, after = self.edges
        return list(pairwise([*before, *found, *after]))

    def _of_conflict(self) -> Features:
        """Measure the conflict itself; every candidate gets these features."""
        region, path = self.region, self.context.path.lower()
        texts = [squeezed(text) for text in (region.base or "", region.ours, region.theirs)]
        ours, theirs = self.added_ours, self.added_theirs
        features: Features = {
            "base unknown": region.base is None,
            "no base": region.base is not None and not texts[0],
            "ours: empty": not texts[1],
            "theirs: empty": not texts[2],
            "ours: as base": texts[1] == texts[0],
            "theirs: as base": texts[2] == texts[0],
            "sides alike": texts[1] == texts[2],
            "words": math.log1p(self.most_words),
            "lines": math.log1p(max(region.ours.count("\n"), region.theirs.count("\n"))),
            "words of base": math.log1p(self.base.total()),
            "words ratio": _ratio(self.ours, self.theirs),
            "added ratio": _ratio(ours, theirs),
            "gone ratio": _ratio(self.gone_ours, self.gone_theirs),
            "likeness": _likeness(self.ours, self.theirs),
            "ours: likeness to base": _likeness(self.ours, self.base),
            "theirs: likeness to base": _likeness(self.theirs, self.base),
            "ours: added": math.log1p(ours.total()),
            "theirs: added": math.log1p(theirs.total()),
            "ours: gone": math.log1p(self.gone_ours.total()),
            "theirs: gone": math.log1p(self.gone_theirs.total()),
            "ours: added by theirs": _share(self.theirs, ours, -1.0),
            "theirs: added by ours": _share(self.ours, theirs, -1.0),
            "both gone": math.log1p(_common(self.gone_ours, self.gone_theirs)),
            "ours: stands around": self._around(self.new_lines[0]),
            "theirs: stands around": self._around(self.new_lines[1]),
            "imports": _most(_IMPORT, region.ours + region.theirs),
            "comments": _most(_COMMENT, region.ours + region.theirs),
            "ours: comments": _most(_COMMENT, region.ours),
            "theirs: comments": _most(_COMMENT, region.theirs),
            "numbers only": self.numbers_only,
            "ordered": self.order,
            "folders": path.count("/"),
            f"extension {splitext(path)[1]}": 1.0,
        }
        if self.numbers_only:
            features["ours: higher"] = (self.versions[0] > self.versions[1]) - (
                self.versions[0] < self.versions[1]
            )
        places = {f"path: {name}": bool(found.search(path)) for name, found in _PLACES.items()}
        return {name: float(value) for name, value in (features | places).items()}

    def _around(self, lines: Counter[str]) -> float:
        """Give the share of telling lines that stand near the conflict too."""
        telling = [line for line in lines if len(line) >= TELLING]
        return sum(line in self.around for line in telling) / len(telling) if telling else 0.0

    def of(self, candidate: Candidate) -> Features:
        """Give a candidate's features, the conflict's included."""
        text = candidate.text[:MEASURED]
        found = words(text)
        count = Counter(found)
        lines = _lines(text)
        lined = Counter(lines)
        left = self.lines_in_sides - lined
        features: Features = {
            "ours: lost": 1 - _share(count, self.added_ours),
            "theirs: lost": 1 - _share(count, self.added_theirs),
            "ours: words lost": math.log1p(_more(self.added_ours, count)),
            "theirs: words lost": math.log1p(_more(self.added_theirs, count)),
            "ours: brought back": _share_back(self.gone_ours, count, self.theirs),
            "theirs: brought back": _share_back(self.gone_theirs, count, self.ours),
            "ours: lines lost": _missing(self.new_lines[0], lined),
            "theirs: lines lost": _missing(self.new_lines[1], lined),
            "ours: lines back": _missing(self.gone_lines[0], left),
            "theirs: lines back": _missing(self.gone_lines[1], left),
            "lost of all": 1 - _common(count, self.added) / max(1, self.added.total()),
            "likeness to ours": _likeness(count, self.ours),
            "likeness to theirs": _likeness(count, self.theirs),
            "likeness to base": _likeness(count, self.base),
            "doubled words": _more(count, self.in_sides) / (len(found) + 1),
            "doubled lines": sum(
                n for line, n in (lined - self.lines_in_sides).items() if len(line) > 3
            ),
            "new pairs": self._new_pairs(found),
            "unbalanced": _balance(found) not in self.open_brackets,
            "length": math.log((len(found) + 1) / (self.most_words + 1)),
            "empty": not found,
            "edges double": self._edges_double(text),
            "stands around": self._around(lined),
            "order lost": self.order - _ordered(lines),
            "used around": _part(count, self.used),
            "unused around": _part(count, self.unused),
            "ways to get it": len(candidate.patterns),
        }
        if self.numbers_only and self.versions[0] != self.versions[1]:
            features["higher number"] = _versions(text) == max(self.versions)
        for compare in self.comparing:
            features |= compare(text)
        own = {name: float(value) for name, value in features.items()}
        return self.of_conflict | dict.fromkeys(_names(candidate), 1.0) | own

    def none(self) -> Features:
        """Give the features of "it is none of the candidates"."""
        return self.of_conflict | {"none": 1.0}

    def _new_pairs(self, found: list[str]) -> float:
        pairs = self._pairs(found)
        known = sum(map(self.pairs.__contains__, pairs))
        return (len(pairs) - known) / math.sqrt(max(1, len(pairs)))

    def _edges_double(self, text: str) -> float:
        """Say whether the text's last line is the next one too, or its first the one before."""
        own = [line.strip() for line in text.split("\n") if line.strip()]
        if not own:
            return 0.0
        before, after = self.neighbours
        return float((own[-1] == after) + (own[0] == before))


def _comparing(region: Region, facts: Mapping[str, float]) -> tuple[Callable[[str], Features], ...]:
    """Give what compares a text with the merge's other decisions, and with the habits known."""
    from gitmerge_ai.resolving.knowledge import decided, habits  # slow, and seldom needed

    sides = region.base or "", region.ours, region.theirs
    found: list[Callable[[str], Features]] = []
    if decided.KNOWN in facts:
        label_of = decided.labelling(*sides)
        found.append(lambda text: decided.agreement(label_of(text), facts))
    if habits.KNOWN in facts:
        outcome_of = habits.outcomes(*sides)
        found.append(lambda text: habits.agreement(outcome_of(text), facts))
    return tuple(found)


def _names(candidate: Candidate) -> set[str]:
    """Give the names of the patterns that lead to a candidate, and of their families."""
    families = {pattern.split(":")[0] for pattern in candidate.patterns}
    first = candidate.patterns[0]
    return {f"is {name}" for name in families} | {f"first {first if ',' not in first else 'mixed'}"}


def _lines(text: str) -> list[str]:
    return [line for line in map(squeezed, text.split("\n")) if line]


def _ordered(lines: Sequence[str]) -> float:
    """Give the share of neighbouring lines that stand in alphabetical order."""
    pairs = list(pairwise(lines))
    return sum(a <= b for a, b in pairs) / len(pairs) if pairs else 1.0


def _most(pattern: re.Pattern[str], text: str) -> float:
    """Give the share of lines that match."""
    found = [line for line in text.split("\n") if line.strip()]
    return sum(bool(pattern.match(line)) for line in found) / len(found) if found else 0.0


def _missing(of: Counter[str], lines: Counter[str]) -> float:
    total = of.total()
    return _more(of, lines) / total if total else 0.0


def _part(count: Counter[str], of: set[str]) -> float:
    return sum(map(count.__contains__, of)) / len(of) if of else 0.0


def _ratio(a: Counter[str], b: Counter[str]) -> float:
    return math.log((a.total() + 1) / (b.total() + 1))


def _likeness(a: Counter[str], b: Counter[str]) -> float:
    """Give the share of words that two texts have in common (Jaccard, counted)."""
    common = _common(a, b)
    both = a.total() + b.total() - common
    return common / both if both else 1.0


def _share(count: Counter[str], of: Counter[str], nothing: float = 1.0) -> float:
    total = of.total()
    return _common(count, of) / total if total else nothing


def _share_back(gone: Counter[str], count: Counter[str], side: Counter[str]) -> float:
    """Give the share of what went that a text has again and the other side has not."""
    back = {word: count[word] - side[word] for word in gone if count[word] > side[word]}
    return _share(Counter(back), gone, 0.0)


def _common(a: Counter[str], b: Counter[str]) -> int:
    """Count what two have in common: `(a & b).total()` without making the multiset between."""
    if len(a) > len(b):
        a, b = b, a
    return sum(map(min, a.values(), map(b.get, a, repeat(0))))


def _more(a: Counter[str], b: Counter[str]) -> int:
    """Count what one has more of than the other, as `(a - b).total()`."""
    return a.total() - _common(a, b)


def _balance(found: list[str]) -> tuple[int, ...]:
    return tuple(
        found.count(a) - found.count(b)
        for a, b in zip(_BRACKETS[::2], _BRACKETS[1::2], strict=True)
    )


def _versions(text: str) -> list[list[int]]:
    return [[int(part) for part in v.split(".")] for v in _VERSION.findall(text)]
