"""What a backtest knows of each file and conflict: values, without the work that gives them.

Equal means equal tokens, white space apart; nothing else is forgiven. No text is kept but of what
came out differently.
"""

from dataclasses import dataclass

from gitmerge_ai.text.words import words

EXACT, SPACE, DIFFERENT, LEFT, UNALIGNED = "exact", "space", "different", "left", "unaligned"
"""How a text compares with the one that people committed: the same, the same but for white space,
another; or a conflict is left, or it cannot be told what people made of this one."""

BY_LINES = "lines"
STAGES = (BY_LINES, "lineset", "notebook", "syntax", "token", "rules", "classifier")
"""Who resolves, in the order in which they are asked; "lines" is `git merge-file` alone."""

SUGGESTION = "suggestion"
"""The stage of a case that was only offered, but as sure enough to be applied."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """How the suggestions for a conflict did.

    `rank` is the place of the first that has the tokens people committed, `exact_rank` of the first
    that has their very text; 0 where none of the best three does. `confidence` is the first one's.
    """

    rank: int
    exact_rank: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A conflict of git's: `stage` resolved it, "" where it is left, with this `outcome`.

    `line` is where it begins in our version; `people` names the pattern of what people made of it,
    "" where that cannot be told; `suggested` is `None` there, and where nothing was suggested.
    """

    line: int
    stage: str
    outcome: str
    people: str
    suggested: Suggested | None


@dataclass(frozen=True, slots=True)
class JudgedFile:
    """A file with conflicts, as a whole: `stage` is the last one that it took, "" if any is left.

    `note` says why it was left as git has it. Times are in seconds, `None` where nothing was done.
    """

    commit: str
    time: int
    path: str
    language: str
    stage: str
    outcome: str
    note: str
    conflicts: tuple[Judged, ...]
    merge_seconds: float
    suggest_seconds: float | None


@dataclass(frozen=True, slots=True)
class Case:
    """A difference to look at: five texts of one conflict, or two of a file around its conflicts.

    `line` is where the conflict begins in our version, 0 where the file differs although no
    conflict does that can be compared. `confidence` is `None` where a merge was made without one.
    """

    commit: str
    time: int
    path: str
    language: str
    line: int
    stage: str
    confidence: float | None
    base: str | None
    ours: str
    theirs: str
    result: str
    people: str


def compare(text: str, committed: str) -> str:
    """Say how a text compares with what people committed."""
    if text == committed:
        return EXACT
    return SPACE if words(text) == words(committed) else DIFFERENT
