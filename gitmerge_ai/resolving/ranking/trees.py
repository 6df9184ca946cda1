"""The boosted trees of a model, found and read: all that a driver's doubts need of it.

A folder of the user's may hold a network too, which takes a quarter of a second to load; that is
`ranker`'s. This module imports nothing that is slow.
"""

import os
from functools import lru_cache

from gitmerge_ai import shipped
from gitmerge_ai.resolving.ranking import boosting
from gitmerge_ai.resolving.ranking.boosting import TREES, Boosted
from gitmerge_ai.sealed import UnreadableModel

NONE = "none"
"""The setting that lets nothing learned decide."""


def folder_of(model: str) -> str:
    """Give the folder of a model.

    Args:
        model: "" for what ships, "none" for the trees as a yardstick, else a folder.
    """
    return shipped.place("models") if model in ("", NONE) else model


def folder_of_trees(model: str) -> str:
    """Give the folder that a model's trees are in: where it has none, that of what ships."""
    folder = folder_of(model)
    return folder if os.path.exists(os.path.join(folder, TREES)) else folder_of("")


@lru_cache(maxsize=4)
def trees_of(model: str) -> Boosted:
    """Read a model's trees; with none at all, every candidate is as likely.

    Args:
        model: as for `folder_of`.
    """
    try:
        return boosting.read(os.path.join(folder_of_trees(model), TREES))
    except UnreadableModel:
        return Boosted((), ())
