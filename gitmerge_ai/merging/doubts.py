"""Reasons to leave to the person what would merge cleanly.

A merge that keeps what both sides did may still not be what either meant. Each doubt here is one
that people's own resolutions have borne out: where it holds, they mostly wrote something else.
"""

import re
from collections import Counter

from gitmerge_ai.text.markers import Region

_NAME = re.compile(r"[^\W\d]\w+")


def doubt(region: Region) -> str | None:
    """Give the reason to leave a conflict, although it could be merged, if there is one."""
    return _uses_what_is_gone(region)


def _uses_what_is_gone(region: Region) -> str | None:
    """A name that one side took away here and the other uses once more: most often a renaming."""
    base, ours, theirs = (_names(t) for t in (region.base or "", region.ours, region.theirs))
    for gone, used, who in ((ours, theirs, "ours"), (theirs, ours, "theirs")):
        for name, count in base.items():
            if not gone[name] and used[name] > count:
                return f"{who} takes {name} away and the other side uses it anew"
    return None


def _names(text: str) -> Counter[str]:
    return Counter(_NAME.findall(text))
