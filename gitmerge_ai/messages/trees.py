"""The trees that ship for messages, by the names of their files."""

from functools import cache

from gitmerge_ai.resolving.ranking.boosting import Boosted, read
from gitmerge_ai.sealed import UnreadableModel
from gitmerge_ai.shipped import folder


@cache
def shipped(name: str) -> Boosted | None:
    """Read trees once; `None` where they cannot be read."""
    try:
        return read(folder("models") / name)
    except UnreadableModel:
        return None
