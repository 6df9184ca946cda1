"""What the pattern head learns: the merge pattern of each place that both sides changed."""

from itertools import product
from operator import getitem

from gitmerge_ai.differ.sequences import Change, diff3
from gitmerge_ai.resolving.proposing.patterns import PATTERNS, apply
from gitmerge_ai.resolving.ranking.reading import COMPARED, PLACES
from gitmerge_ai.text.markers import Region
from gitmerge_ai.text.words import squeezed, words

NAMES = list(PATTERNS)
"""The pattern head's classes, in order."""

# Where several places are open, only these patterns are tried in all combinations.
COMMON = ("ours", "theirs", "ours+theirs", "theirs+ours", "base")


def patterns_of(region: Region, resolution: str) -> tuple[int, ...]:
    """Find the merge pattern of each place that both sides changed, after MergeBERT's labels.

    Args:
        region: the conflict, its base known.
        resolution: what people made of it.

    Returns:
        For each place its class in `NAMES`, all -1 if no choice of patterns gives the resolution.
    """
    sides = [words(text)[:COMPARED] for text in (region.base or "", region.ours, region.theirs)]
    pieces: list[str | list[str]] = []
    places = 0
    for chunk in diff3(*sides):
        parts = [
            side[part.start : part.stop]
            for side, part in zip(sides, (chunk.base, chunk.ours, chunk.theirs), strict=True)
        ]
        if chunk.change is Change.BOTH:
            names = NAMES if places == 0 else COMMON
            pieces.append(["".join(apply(name, *parts)) for name in names])
            places += 1
        else:
            pieces.append("".join(parts[2] if chunk.change is Change.THEIRS else parts[1]))
    if not places:
        return ()
    # Of many places only the first is tried with every pattern: the others are seldom rare ones.
    open_places = [piece for piece in pieces if isinstance(piece, list)]
    wanted = squeezed(resolution)
    if places <= PLACES:
        for choice in product(*(range(len(piece)) for piece in open_places)):
            chosen = iter(zip(open_places, choice, strict=True))
            text = "".join(
                piece if isinstance(piece, str) else getitem(*next(chosen)) for piece in pieces
            )
            if text == wanted:
                first, *rest = choice
                return (first, *(NAMES.index(COMMON[at]) for at in rest))
    return (-1,) * min(places, PLACES)
