"""Where a marked text's conflicts stand in another version of the same file.

Used to learn what people made of a conflict, what the structured merge made of it, and what its
base was where the markers do not show it. The clean lines around a conflict are what finds it.
"""

from collections.abc import Hashable, Sequence

from gitmerge_ai.differ.sequences import matches
from gitmerge_ai.text.lines import split
from gitmerge_ai.text.markers import Region, Segment


def aligned(segments: Sequence[Segment], text: str, *, near: bool = True) -> list[str | None]:
    """Find what stands in `text` in the place of each conflict.

    Args:
        segments: the marked text.
        text: another version of it.
        near: whether the clean lines right before and after a conflict must be found; otherwise
            the nearest that are found will do, and what lies between belongs to the conflict.

    Returns:
        For each conflict, in order, the text in its place, or `None` if that cannot be told.
    """
    elements: list[Hashable] = []
    places: list[int] = []
    for segment in segments:
        if isinstance(segment, Region):
            places.append(len(elements))
            elements.append(("region", len(places)))
        else:
            elements.extend(split(segment))
    found = split(text)
    to_text = dict(matches(elements, found))
    to_text.update({-1: -1, len(elements): len(found)})
    taken = set(places)
    answers: list[str | None] = []
    for place in places:
        start, stop = place - 1, place + 1
        while not near and start not in to_text and start not in taken:
            start -= 1
        while not near and stop not in to_text and stop not in taken:
            stop += 1
        if start in to_text and stop in to_text:
            answers.append("".join(found[to_text[start] + 1 : to_text[stop]]))
        else:
            answers.append(None)
    return answers
