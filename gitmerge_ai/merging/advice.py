"""What a merge asks of one who knows what people do, without knowing who that is.

The merge itself knows syntax. Whether people would commit what it made of a conflict, and what they
would do with one that it leaves, is learned; the upper floors pass that in.
"""

from typing import NamedTuple, Protocol

from gitmerge_ai.text.markers import Region
from gitmerge_ai.values import MergeResult, Sides


class Merged(NamedTuple):
    """A conflict of git's with the text that was merged in its place, and what stands around."""

    region: Region
    text: str
    before: str
    after: str
    path: str


class Advice(Protocol):
    """Somebody who knows what people do with conflicts."""

    def unlikely(self, merged: Merged) -> bool:
        """Say whether people would hardly commit this, so that it had better be left to them."""
        ...

    def finish(self, sides: Sides, result: MergeResult) -> MergeResult:
        """Resolve more of a merge that has conflicts left, or give it as it is."""
        ...
