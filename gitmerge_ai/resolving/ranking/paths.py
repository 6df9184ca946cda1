"""How likely each outcome is where one side deleted a file and the other changed it.

There is no text to rank there, only two answers: it stays deleted, or the changed version is kept.
The table is counted, not fitted: 1,326 such paths of the training repositories, as `mine` writes
them to NAME.paths.jsonl.gz. Which side deleted matters most, then how much the other changed.
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
