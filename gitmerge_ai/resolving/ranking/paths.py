"""How likely each outcome is where a file has no text to merge: a side deleted or renamed it.

There is nothing to rank there but two answers: the path goes, or a side's version is kept there.
The tables are counted, not fitted, over the training repositories, as `mine` writes such paths to
NAME.paths.jsonl.gz: 1,326 that one side deleted and the other changed, 92 that the other renamed,
46 that both renamed. Which side deleted matters most, then how much the other changed; who renamed
a file wants to keep it.
"""

from collections.abc import Mapping

# A file of which more than this share of lines was changed was changed a lot.
LOT = 0.2

CHANCES: Mapping[tuple[str, bool], Mapping[str, float]] = {
    ("ours", False): {"deleted": 0.92, "theirs": 0.08},
    ("ours", True): {"deleted": 0.79, "theirs": 0.19},
    ("theirs", False): {"deleted": 0.62, "ours": 0.37},
    ("theirs", True): {"ours": 0.47, "deleted": 0.45},
}
"""By the side that deleted it and whether the other changed it a lot: the outcomes, likeliest
first. What is missing to one is something else, written anew."""

RENAMED: Mapping[str, Mapping[str, float]] = {
    "ours": {"theirs": 0.59, "deleted": 0.33},
    "theirs": {"ours": 0.68, "deleted": 0.30},
}
"""The same where the other side renamed it, whatever it changed."""

RENAMED_APART: Mapping[str, Mapping[str, float]] = {
    "base": {"deleted": 0.95, "base": 0.05},
    "ours": {"ours": 0.53, "deleted": 0.33},
    "theirs": {"deleted": 0.50, "theirs": 0.33},
}
"""By whose name of a file it is that both sides renamed, what becomes of that path."""


def chances(deleted_by: str, changed: int, lines: int) -> Mapping[str, float]:
    """Say how likely each outcome is.

    Args:
        deleted_by: "ours" or "theirs".
        changed: lines that the other side added and took away.
        lines: of the file's base.

    Returns:
        The chance of "deleted" and of the changed side's name, likeliest first.
    """
    return CHANCES[deleted_by, changed > LOT * max(1, lines)]
