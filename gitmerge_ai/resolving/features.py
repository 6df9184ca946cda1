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
_VERSION = re.compile(r"\d{1,18}(?:\.\d{1,18})*")
_BRACKETS = "()[]{}"
_PROSE = (".md", ".rst", ".txt", ".adoc", ".html")
_DATA = (".json", ".toml", ".yml", ".yaml", ".xml", ".properties", ".ini", ".gradle", ".csproj")

# Patterns common enough for the kind of conflict to speak for or against each.
COMMON = frozenset(
    {"ours", "theirs", "base", "ours+theirs", "theirs+ours", "merged", "merged tokens"}
)
# How many characters of a side or a candidate are looked at.
MEASURED = 50_000
# How many characters on either side are looked at for words that a conflict uses.
NEARBY = 20_000


class Scale:
    """A conflict measured once, so that each of its candidates is measured quickly."""

    def __init__(self, region: Region, context: Context) -> None:
        """Count the words of the sides, and what each side added and took away."""
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
        self.edges = words(context.before[-200:])[-1:], words(context.after[:200])[:1]
        self.neighbours = (
            context.before[-2000:].rstrip().rpartition("\n")[2].strip(),
            context.after[:2000].lstrip().partition("\n")[0].strip(),
        )
        self.pairs = {p for side in (base, ours, theirs) for p in self._pairs(side)}
        nearby = set(words(context.before[-NEARBY:] + context.after[:NEARBY]))
        contested = {w for w in self.ours.keys() ^ self.theirs.keys() if len(w) > 2}
        self.used, self.unused = contested & nearby, contested - nearby
        self.open_brackets = {_balance(ours), _balance(theirs)}
        self.most_words = max(len(ours), len(theirs))
        self.versions = _versions(region.ours), _versions(region.theirs)
        self.numbers_only = _VERSION.sub("#", squeezed(region.ours)) == _VERSION.sub(
            "#", squeezed(region.theirs)
        )
        self.sizes = {
            "added": _ratio(self.added_ours, self.added_theirs),
            "deleted": _ratio(self.gone_ours, self.gone_theirs),
            "kept": _ratio(self.ours, self.theirs),
            "both added": math.log1p((self.added_ours & self.added_theirs).total()),
            "both deleted": math.log1p((self.gone_ours & self.gone_theirs).total()),
            "conflict": math.log1p(self.most_words),
        }
        self.situation = self._situation()

    def _pairs(self, found: Sequence[str]) -> list[tuple[str, str]]:
        before, after = self.edges
        return list(pairwise([*before, *found, *after]))

    def _situation(self) -> tuple[str, ...]:
        """Name what kind of conflict it is."""
        region, path = self.region, self.context.path.lower()
        ours, theirs = self.added_ours.total(), self.added_theirs.total()
        both = (self.added_ours & self.added_theirs).total()
        prose = path.endswith(_PROSE) or "change" in path
        kinds = {
            "base unknown": region.base is None,
            "both added": region.base is not None and not self.base,
            "ours empty": not self.ours,
            "theirs empty": not self.theirs,
            "ours adds nothing": bool(self.ours and not ours),
            "theirs adds nothing": bool(self.theirs and not theirs),
            "ours adds more": ours > 3 * theirs + 5,
            "theirs adds more": theirs > 3 * ours + 5,
            "alike": both * 2 > min(ours, theirs) > 0,
            "one line": max(region.ours.count("\n"), region.theirs.count("\n")) <= 1,
            "large": bool(self.base and self.most_words > 100),
            "imports": _mostly_imports(region.ours + region.theirs),
            "prose": prose,
            "data": not prose and path.endswith(_DATA),
        }
        return tuple(name for name, holds in kinds.items() if holds)

    def of(self, candidate: Candidate) -> Features:
        """Give a candidate's features."""
        text = candidate.text[:MEASURED]
        found = words(text)
        count = Counter(found)
        groups = _groups(candidate)
        features: Features = dict.fromkeys([*groups, *_choices(candidate)], 1.0)
        for group in COMMON.intersection(groups):
            for name in self.situation:
                features[f"{group} | {name}"] = 1.0
        features |= {
            "loses ours": 1 - _share(count, self.added_ours),
            "loses theirs": 1 - _share(count, self.added_theirs),
            "loses of all": self._lost(count),
            "words of ours lost": math.log1p((self.added_ours - count).total()),
            "words of theirs lost": math.log1p((self.added_theirs - count).total()),
            "brings back ours": _share(count - self.theirs, self.gone_ours, 0.0),
            "brings back theirs": _share(count - self.ours, self.gone_theirs, 0.0),
            "doubles": (count - (self.ours | self.theirs)).total() / (len(found) + 1),
            "new pairs": self._new_pairs(found),
            "unbalanced": float(_balance(found) not in self.open_brackets),
            "length": math.log((len(found) + 1) / (self.most_words + 1)),
            "empty": float(not found),
            "repeats context": self._repeats(text),
            "takes what is used around": _part(count, self.used),
            "takes what is not used around": _part(count, self.unused),
        }
        for group in {"ours", "theirs"}.intersection(groups):
            features |= {f"{group}: {name}": value for name, value in self.sizes.items()}
        if self.numbers_only and self.versions[0] != self.versions[1]:
            higher = max(self.versions)
            features["higher number"] = float(_versions(text) == higher)
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
        before, after = self.neighbours
        return float((own[-1] == after) + (own[0] == before))


def _groups(candidate: Candidate) -> list[str]:
    """Give the families of patterns that a candidate belongs to."""
    names = {pattern.split(":")[0] for pattern in candidate.patterns}
    plain = names & {"ours", "theirs", "base", "ours+theirs", "theirs+ours"}
    merged = {name for name in names if name.startswith("merged")}
    return sorted(plain | merged) or sorted(names)[:1]


def _choices(candidate: Candidate) -> list[str]:
    """Give what was chosen where both sides changed one place, if that tells the candidate."""
    first = candidate.patterns[0]
    return [] if ":" not in first else [first if "," not in first else "mixed choices"]


def _mostly_imports(text: str) -> bool:
    found = [line for line in text.split("\n") if line.strip()]
    return 2 * sum(bool(_IMPORT.match(line)) for line in found) > len(found)


def _part(count: Counter[str], of: set[str]) -> float:
    return sum(word in count for word in of) / len(of) if of else 0.0


def _ratio(a: Counter[str], b: Counter[str]) -> float:
    return math.log((a.total() + 1) / (b.total() + 1))


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
