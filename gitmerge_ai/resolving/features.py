"""What tells a likely resolution from an unlikely one: numbers about a candidate and its conflict.

Every feature is a name and a number, absent where it is zero. They look at words, lines and paths
only, so that they are the same for every language and cost little.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from gitmerge_ai.resolving.candidates import Candidate, Context
from gitmerge_ai.resolving.tokens import squeezed, words
from gitmerge_ai.text.markers import Region

Features = dict[str, float]

_IMPORT = re.compile(
    r"\s*(import|from|using|use|#\s*include|require|package|extern crate|export \* from)\b"
    r"|.*\brequire\s*\("
)
_VERSION = re.compile(r"\d+(?:\.\d+)+|\d+")
_BRACKETS = "()[]{}"
_PROSE = (".md", ".rst", ".txt", ".adoc", ".html")
_DATA = (
    ".json",
    ".toml",
    ".yml",
    ".yaml",
    ".xml",
    ".properties",
    ".cfg",
    ".ini",
    ".gradle",
    ".csproj",
)

_Situation = tuple[str, ...]


class Scale:
    """A conflict measured once, so that each of its candidates is measured quickly."""

    def __init__(self, region: Region, context: Context) -> None:
        """Count the words of the sides, and what each side added and took away."""
        self.region = region
        self.context = context
        base = words(region.base or "")
        ours, theirs = words(region.ours), words(region.theirs)
        self.base, self.ours, self.theirs = Counter(base), Counter(ours), Counter(theirs)
        self.added_ours, self.added_theirs = self.ours - self.base, self.theirs - self.base
        self.gone_ours, self.gone_theirs = self.base - self.ours, self.base - self.theirs
        edges = words(context.before[-200:])[-1:], words(context.after[:200])[:1]
        self.edges = edges
        self.pairs = {p for side in (base, ours, theirs) for p in self._pairs(side)}
        self.open_brackets = {_balance(ours), _balance(theirs)}
        self.most_words = max(len(ours), len(theirs))
        self.versions = _versions(region.ours), _versions(region.theirs)
        self.numbers_only = _VERSION.sub("#", squeezed(region.ours)) == _VERSION.sub(
            "#", squeezed(region.theirs)
        )
        self.situation = tuple(self._situation())

    def _pairs(self, found: Sequence[str]) -> list[tuple[str, str]]:
        before, after = self.edges
        whole = [*before, *found, *after]
        return list(pairwise(whole))

    def _situation(self) -> list[str]:
        region, path = self.region, self.context.path.lower()
        names = []
        if region.base is None:
            names.append("base unknown")
        elif not self.base:
            names.append("both added")
        if not self.ours:
            names.append("ours empty")
        if not self.theirs:
            names.append("theirs empty")
        found = [line for line in (region.ours + region.theirs).split("\n") if line.strip()]
        if found and sum(bool(_IMPORT.match(line)) for line in found) * 2 > len(found):
            names.append("imports")
        if path.endswith(_PROSE) or "change" in path:
            names.append("prose")
        elif path.endswith(_DATA):
            names.append("data")
        if self.base and self.most_words > 100:
            names.append("large")
        return names

    def of(self, candidate: Candidate) -> Features:
        """Give a candidate's features."""
        found = words(candidate.text)
        count = Counter(found)
        groups = _groups(candidate)
        features: Features = dict.fromkeys(groups, 1.0)
        for group in groups:
            for name in self.situation:
                features[f"{group} | {name}"] = 1.0
        features |= {
            "loses ours": 1 - _share(count, self.added_ours),
            "loses theirs": 1 - _share(count, self.added_theirs),
            "loses of all": self._lost(count),
            "brings back ours": _share(count - self.theirs, self.gone_ours, 0.0),
            "brings back theirs": _share(count - self.ours, self.gone_theirs, 0.0),
            "doubles": (count - (self.ours | self.theirs)).total() / (len(found) + 1),
            "new pairs": self._new_pairs(found),
            "unbalanced": float(_balance(found) not in self.open_brackets),
            "length": math.log((len(found) + 1) / (self.most_words + 1)),
            "empty": float(not found),
            "repeats context": self._repeats(candidate.text),
        }
        if self.numbers_only and self.versions[0] != self.versions[1]:
            higher = max(self.versions)
            features["higher number"] = float(_versions(candidate.text) == higher)
        return {name: value for name, value in features.items() if value}

    def none(self) -> Features:
        """Give the features of "it is none of the candidates"."""
        changed = self.added_ours.total() + self.added_theirs.total()
        gone = self.gone_ours.total() + self.gone_theirs.total()
        features = {
            "none": 1.0,
            "none: log of words": math.log1p(self.most_words),
            "none: log of added": math.log1p(changed),
            "none: log of deleted": math.log1p(gone),
        }
        return features | {f"none | {name}": 1.0 for name in self.situation}

    def _lost(self, count: Counter[str]) -> float:
        kept = (count & (self.added_ours | self.added_theirs)).total()
        return 1 - kept / max(1, (self.added_ours | self.added_theirs).total())

    def _new_pairs(self, found: list[str]) -> float:
        pairs = self._pairs(found)
        return sum(pair not in self.pairs for pair in pairs) / math.sqrt(max(1, len(pairs)))

    def _repeats(self, text: str) -> float:
        """Say whether the text's last line is the next one too, or its first the one before."""
        own = [line.strip() for line in text.split("\n") if line.strip()]
        if not own:
            return 0.0
        after = next((x.strip() for x in self.context.after.split("\n", 3) if x.strip()), None)
        before = self.context.before.rstrip().rpartition("\n")[2].strip()
        return float((own[-1] == after) + (own[0] == before))


def _groups(candidate: Candidate) -> list[str]:
    """Give the families of patterns that a candidate belongs to."""
    names = {pattern.split(":")[0] for pattern in candidate.patterns}
    plain = names & {"ours", "theirs", "base", "ours+theirs", "theirs+ours"}
    merged = {name for name in names if name.startswith("merged")}
    return sorted(plain | merged) or sorted(names)[:1]


def _share(count: Counter[str], of: Counter[str], nothing: float = 1.0) -> float:
    total = of.total()
    return (count & of).total() / total if total else nothing


def _balance(found: list[str]) -> tuple[int, ...]:
    return tuple(
        found.count(a) - found.count(b)
        for a, b in zip(_BRACKETS[::2], _BRACKETS[1::2], strict=True)
    )


def _versions(text: str) -> list[list[int]]:
    return [[int(part) for part in v.split(".")] for v in _VERSION.findall(text)]
