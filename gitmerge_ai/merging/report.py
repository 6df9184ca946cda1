"""What became of each of git's conflicts: the resolutions and conflicts of a merged text."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from gitmerge_ai.differ.lines import to_text
from gitmerge_ai.differ.sequences import matches
from gitmerge_ai.merging.pieces import Note, Open, Pieces
from gitmerge_ai.text import markers
from gitmerge_ai.text.lines import split
from gitmerge_ai.text.markers import Region, Segment
from gitmerge_ai.values import Conflict, Labels, Resolution, Sides, Span

CONTEXT_LINES = 5

CONFIDENCE = 0.6
"""The chance that what is merged here is what people commit: one, until a classifier tells."""

STAGES = {"lineset": "lineset", "token": "token", "indented": "lines"}
"""The stage by the pattern that a piece of a merge is noted with; the first of a region counts."""


class Placed(NamedTuple):
    """One of git's conflicts and the lines of the merged text that stand in its place."""

    region: Region
    span: Span
    text: str
    settled: bool

    def meets(self, conflicts: Sequence[Span]) -> bool:
        """Whether any of these conflicts (first and last line) stands in its place."""
        first, after = self.span
        return any(start < after and first <= end for start, end in conflicts)


def place(git: Sequence[Segment], merged: Sequence[Segment]) -> list[Placed]:
    """Find where git's conflicts stand in a merged text, by the clean lines around them.

    The lines of both sides are aligned too: a clean line that one side has once more, the end of
    a function above all, would be found in the wrong place.

    Args:
        git: git's line merge, as segments.
        merged: another merge of the same sides, as segments that were read from it.
    """
    lines: list[str] = []
    gaps: list[tuple[int, Region]] = []
    inside: set[int] = set()
    for segment in git:
        start = len(lines)
        if isinstance(segment, Region):
            gaps.append((start, segment))
            lines += [*split(segment.ours), *split(segment.theirs)]
            inside.update(range(start, len(lines)))
        else:
            lines.extend(split(segment))
    there = split("".join(map(markers.source, merged)))
    open_lines = markers.spans(merged)
    pairs = [pair for pair in matches(lines, there) if pair[0] not in inside]
    placed = []
    for at, region in gaps:
        after = bisect_left(pairs, (at, 0))
        start = pairs[after - 1][1] + 1 if after else 0
        end = pairs[after][1] if after < len(pairs) else len(there)
        settled = all(last <= start or first > end for first, last in open_lines)
        placed.append(Placed(region, (start + 1, end + 1), "".join(there[start:end]), settled))
    return placed


def stages_of(placed: Sequence[Placed], laid: Pieces) -> list[str]:
    """Name for each of git's conflicts the stage that made what stands in its place.

    Args:
        placed: where they stand in the text that `laid` gives with markers, bases shown.
        laid: the merge.
    """
    noted: list[tuple[str, Span]] = []
    line = 1
    for piece in laid:
        if isinstance(piece, Note):
            noted.append((piece.pattern, (line, line + piece.breaks)))
        elif isinstance(piece, Open):
            line += 4 + sum(len(split(side)) for side in map(to_text, piece.sides))
        else:
            line += piece.count(b"\n")
    return [
        next(
            (
                stage
                for pattern, stage in STAGES.items()
                if p.meets([span for found, span in noted if found == pattern])
            ),
            "syntax",
        )
        for p in placed
    ]


def reopen(merged: Sequence[Segment], doubtful: Sequence[Placed]) -> list[Segment]:
    """Put conflicts of git's back in the place of what had settled them."""
    lines = split("".join(map(markers.source, merged)))
    at = 0
    text = ""
    size = max([7, *(s.size for s in merged if isinstance(s, Region))])
    for placed in doubtful:
        first, after = placed.span
        text += "".join(lines[at : first - 1])
        text += markers.render([placed.region], "diff3", size=size)
        at = after - 1
    return markers.parse(text + "".join(lines[at:]), size)


def conflicts_of(sides: Sides, merged: Sequence[Segment], kinds: dict[int, str]) -> list[Conflict]:
    """List the conflicts that stand in a merged text.

    Args:
        sides: the whole texts, for path and labels.
        merged: the merged text as segments that were read from it.
        kinds: for a conflict's place in the order of conflicts, the kind of its node.
    """
    found: list[Conflict] = []
    spans = markers.spans(merged)
    texts = [markers.source(segment) for segment in merged]
    for index, segment in enumerate(merged):
        if not isinstance(segment, Region):
            continue
        number = len(found)
        before = split(texts[index - 1])[-CONTEXT_LINES:] if index else []
        after = split(texts[index + 1])[:CONTEXT_LINES] if index + 1 < len(texts) else []
        first, last = spans[number]
        found.append(
            Conflict(
                _sides(sides, segment),
                ("".join(before), "".join(after)),
                kinds.get(number, ""),
                (first, last + 1),
            )
        )
    return found


def resolutions_of(
    sides: Sides, placed: Sequence[Placed], stages: Sequence[str]
) -> list[Resolution]:
    """List what stands in the place of git's conflicts and holds none itself.

    Args:
        sides: the whole texts.
        placed: git's conflicts in the merged text.
        stages: the stage that worked on each.
    """
    return [
        Resolution(
            text=p.text,
            stage=stage,
            pattern=pattern_of(p.region, p.text),
            confidence=CONFIDENCE,
            sides=_sides(sides, p.region),
            span=p.span,
        )
        for p, stage in zip(placed, stages, strict=True)
        if p.settled
    ]


def pattern_of(region: Region, text: str) -> str:
    """Name the merge pattern that gives a text, "merged" if none does."""
    ours, theirs = region.ours, region.theirs
    patterns = {
        "base": region.base,
        "theirs+ours": theirs + ours,
        "ours+theirs": ours + theirs,
        "theirs": theirs,
        "ours": ours,
    }
    squeezed = "".join(text.split())
    found = [
        name for name, t in patterns.items() if t is not None and "".join(t.split()) == squeezed
    ]
    return found[-1] if found else "merged"


def _sides(whole: Sides, region: Region) -> Sides:
    labels = whole.labels or Labels()
    return whole._replace(
        base=region.base or "", ours=region.ours, theirs=region.theirs, labels=labels
    )
