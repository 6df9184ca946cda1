"""Reasons to leave to the person what would merge cleanly.

A merge that keeps what both sides did may still not be what either meant. Each doubt here is one
that people's own resolutions have borne out: where it holds, they mostly wrote something else.
"""

import re
from collections import Counter

from gitmerge_ai.differ.lines import to_bytes
from gitmerge_ai.differ.sequences import Change, Chunk, diff3
from gitmerge_ai.merging.tokens import split_tokens
from gitmerge_ai.syntax.grammar import keywords
from gitmerge_ai.syntax.language import Language
from gitmerge_ai.text.markers import Region
from gitmerge_ai.values import Sides

_NAME = re.compile(r"[^\W\d]\w+")
_SIGN = re.compile(rb"[<>=!+*/%&|^~-]+")
_IMPORT = re.compile(r"\s*(?:import|from|using|use|pub use|require|open|package|#\s*include)\b")


def doubt(region: Region, sides: Sides, row: Language | None) -> str | None:
    """Give the reason to leave a conflict, although it could be merged, if there is one.

    Args:
        region: one of git's conflicts.
        sides: the whole texts that it comes from.
        row: their language, if it is known.
    """
    return _uses_what_is_gone(
        region, sides, keywords(row.grammar) if row else frozenset()
    ) or _sign_and_operand(region)


def _sign_and_operand(region: Region) -> str | None:
    """A sign that one side changed and a word beside it that the other did: often one meaning.

    `n < 3` became `n < 4` and `n <= 3`, which say the same; `n <= 4` says what nobody meant.
    """
    versions = [
        split_tokens(to_bytes(text)) for text in (region.base or "", region.ours, region.theirs)
    ]
    base, ours, theirs = ([token for _, token in tokens] for tokens in versions)
    before: Chunk | None = None
    for chunk in diff3(base, ours, theirs, adjacent=True):
        if before is not None and {before.change, chunk.change} == {Change.OURS, Change.THEIRS}:
            changed = [_changed(c, base, ours, theirs) for c in (before, chunk)]
            if any(all(map(_SIGN.fullmatch, tokens)) for tokens in changed):
                return "one side changed a sign and the other what stands beside it"
        before = chunk
    return None


def _changed(chunk: Chunk, base: list[bytes], ours: list[bytes], theirs: list[bytes]) -> set[bytes]:
    side, places = (ours, chunk.ours) if chunk.change is Change.OURS else (theirs, chunk.theirs)
    return {base[i] for i in chunk.base} | {side[i] for i in places}


def _uses_what_is_gone(region: Region, sides: Sides, known: frozenset[str]) -> str | None:
    """A name that one side took away and the other uses once more: most often a renaming.

    It is gone if it is from this region, and at least half from the file; what moved is not.
    """
    texts = (region.base or "", region.ours, region.theirs)
    if all(_IMPORT.match(line) for text in texts for line in text.splitlines() if line.strip()):
        return None  # The parts of a path are no uses of a name.
    base, ours, theirs = (_names(text) for text in texts)
    for gone, used, there, who in (
        (ours, theirs, sides.ours, "ours"),
        (theirs, ours, sides.theirs, "theirs"),
    ):
        for name, count in base.items():
            if name in known or gone[name] or used[name] <= count:
                continue
            word = re.compile(rf"\b{name}\b")
            if 2 * len(word.findall(there)) <= len(word.findall(sides.base)):
                return f"{who} takes {name} away and the other side uses it anew"
    return None


def _names(text: str) -> Counter[str]:
    return Counter(_NAME.findall(text))
