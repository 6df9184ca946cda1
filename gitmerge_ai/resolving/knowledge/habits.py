"""What a repository did in its earlier merges: counts by path, folder, kind of file and of branch.

People who merge a release branch back keep one side of the version file every time; in generated
files they take theirs, in the changelog both. `Habits` holds such counts and turns them into
features for a conflict, absent where nothing is known: how much likelier each outcome is than in
other repositories. A path is thought to be like its folder, a folder like its kind of file and that
like the repository, until it has cases of its own. Nothing is read or written here.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from gitmerge_ai.text.lines import split
from gitmerge_ai.text.words import squeezed

Features = dict[str, float]

OUTCOMES = ("ours", "theirs", "both", "merged", "new")
"""What people make of a conflict: a side, one after the other, lines of both, or other lines."""

KNOWN = "habit ours"
"""A feature that is there wherever habits are known."""

PRIOR = (0.33, 0.25, 0.09, 0.18, 0.15)
"""How often people do each where nothing is known of their repository."""

# So many cases of its own weigh as much as what is known without them. The shipped trees were
# grown on habits with these numbers: changed here, they have to be grown again.
WEIGHT = 50.0

LEVELS = ("repository", "extension", "branch", "folder", "path")

_MAIN = re.compile(r"(master|main|trunk|dev|devel|develop|development|default|next|HEAD)")
_RELEASE = re.compile(
    r"v?\d+([.x_-].*)?|(release|stable|maint|maintenance|hotfix|support|lts)\b.*|.*[-_.]stable",
    re.IGNORECASE,
)
_REMOTE = re.compile(r"^(refs/)?(remotes/|heads/)?(origin|upstream)/")
_BRANCH = re.compile(
    r"Merge (?:remote-tracking )?branch(?:es)? '(?P<source>[^']+)'"
    r"(?:,? of (?P<place>\S+))?(?: into '?(?P<target>[^'\s]+))?"
)
_OTHERS = (
    (re.compile(r"Merge pull request "), "pull request"),
    (re.compile(r"Merge tag "), "tag"),
    (re.compile(r"Merge commit "), "commit"),
)


@dataclass(frozen=True, slots=True)
class Settled:
    """A conflict that people settled: in which file and kind of merge, and to which outcome."""

    path: str
    branch: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Habits:
    """How often each outcome was chosen, by level and what it is there (a path, a folder, …)."""

    counts: Mapping[str, Mapping[str, tuple[int, ...]]]

    def learn(self, settled: Iterable[Settled]) -> "Habits":
        """Give habits that know some more conflicts.

        Args:
            settled: conflicts of merges that are earlier than those to be judged.
        """
        counts = {level: dict(self.counts.get(level, {})) for level in LEVELS}
        for each in settled:
            chosen = [int(outcome == each.outcome) for outcome in OUTCOMES]
            for level, key in _keys(each.path, each.branch).items():
                before = counts[level].get(key, (0,) * len(OUTCOMES))
                counts[level][key] = tuple(map(sum, zip(before, chosen, strict=True)))
        return Habits(counts)

    def features(self, path: str, branch: str = "") -> Features:
        """Say what these habits let one expect of a conflict.

        Args:
            path: of the file.
            branch: the kind of merge, as `branch_kind` names it; "" where it is not known.
        """
        keys = _keys(path, branch)
        if not self.counts.get("repository"):
            return {}
        usual = self._expected("repository", keys, PRIOR)
        here = usual
        for level in ("extension", "folder", "path"):
            here = self._expected(level, keys, here)
        of_branch = self._expected("branch", keys, usual)
        # What the file and the kind of merge say apart from each other, taken together.
        both = [h * b / u for h, b, u in zip(here, of_branch, usual, strict=True)]
        shares = [part / sum(both) for part in both]
        return {
            f"habit {outcome}": math.log(share / before)
            for outcome, share, before in zip(OUTCOMES, shares, PRIOR, strict=True)
        }

    def _expected(
        self, level: str, keys: Mapping[str, str], usual: tuple[float, ...]
    ) -> tuple[float, ...]:
        """Give the shares of the outcomes on a level, its few cases mixed with what is usual."""
        count = self.counts.get(level, {}).get(keys.get(level, ""), (0,) * len(OUTCOMES))
        total = sum(count) + WEIGHT
        return tuple((n + WEIGHT * u) / total for n, u in zip(count, usual, strict=True))

    def as_json(self) -> dict[str, Any]:
        """Give the counts as JSON can hold them; `from_json` reads them back."""
        return {
            level: {key: list(count) for key, count in sorted(keys.items())}
            for level, keys in self.counts.items()
        }

    @classmethod
    def from_json(cls, value: object) -> "Habits":
        """Read what `as_json` gave.

        Raises:
            ValueError: it is something else.
        """
        if not isinstance(value, dict) or not all(isinstance(of, dict) for of in value.values()):
            raise ValueError("habits are counts by level and key")
        counts = {
            str(level): {str(key): _count(found) for key, found in keys.items()}
            for level, keys in value.items()
        }
        return cls(counts)


def _count(value: object) -> tuple[int, ...]:
    if (
        not isinstance(value, list)
        or len(value) != len(OUTCOMES)
        or not all(type(number) is int and number >= 0 for number in value)
    ):
        raise ValueError(f"{value!r} does not count outcomes")
    return tuple(value)


def _keys(path: str, branch: str) -> dict[str, str]:
    """Give what a conflict is on each level, the widest level first."""
    whole = PurePosixPath(path)
    keys = ("all", whole.suffix or whole.name, branch, str(whole.parent), path)
    return {level: key for level, key in zip(LEVELS, keys, strict=True) if key}


def outcome(base: str, ours: str, theirs: str, resolution: str) -> str:
    """Say which of `OUTCOMES` a resolution is; white space does not count.

    Args:
        base, ours, theirs: the sides of a conflict.
        resolution: what people made of it.
    """
    return outcomes(base, ours, theirs)(resolution)


def outcomes(base: str, ours: str, theirs: str) -> Callable[[str], str]:
    """Give what says which of `OUTCOMES` a text in a conflict's place is.

    Args:
        base, ours, theirs: the sides of the conflict.
    """
    first, second = squeezed(ours), squeezed(theirs)
    named = {first + second: "both", second + first: "both", second: "theirs", first: "ours"}
    known = {squeezed(line) for side in (base, ours, theirs) for line in split(side)}

    def outcome_of(text: str) -> str:
        bare = squeezed(text)
        if bare in named:
            return named[bare]
        return "merged" if all(squeezed(line) in known for line in split(text)) else "new"

    return outcome_of


def agreement(becomes: str, features: Mapping[str, float]) -> Features:
    """Say how usual a candidate is by a repository's habits; nothing where they are not known.

    Args:
        becomes: what the candidate is, one of `OUTCOMES`.
        features: what `Habits.features` gave.
    """
    known = f"habit {becomes}"
    return {"habit agrees": features[known]} if known in features else {}


def branch_kind(message: str) -> str:
    """Name the kind of a merge by its message: "main into topic", "pull request", "pull", ….

    Args:
        message: of the merge commit, as git proposes it.
    """
    subject = message.lstrip().partition("\n")[0]
    found = _BRANCH.match(subject)
    if found:
        source, place, target = found["source"], found["place"], found["target"]
        if place and (target or source) == source:
            return "pull"
        return between(source, target or "main")
    return next((name for pattern, name in _OTHERS if pattern.match(subject)), "other")


def kind_features(kind: str) -> Features:
    """Give the feature that tells the kind of a merge, none where it is not known."""
    return {f"kind {kind}": 1.0} if kind else {}


def between(source: str, target: str) -> str:
    """Name the kind of a merge by its branches.

    Args:
        source: the branch that is merged, theirs.
        target: the branch that it is merged into, ours.
    """
    return f"{_role(source)} into {_role(target)}"


def _role(branch: str) -> str:
    name = _REMOTE.sub("", branch)
    if _MAIN.fullmatch(name):
        return "main"
    return "release" if _RELEASE.fullmatch(name) else "topic"
