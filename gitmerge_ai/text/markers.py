"""Conflict markers: reading a marked text into segments, and writing segments with markers.

Reads git's three styles at any marker size and Jujutsu's two. It tells what stands between which
markers; what a region should become is not decided here.

A text is a list of segments: a `str` is clean text, a `Region` a conflict. Joined back with
`source`, the segments give the text unchanged. A line that only looks like a marker stays clean
text: an underline of a heading, an opening without its end, an example that is indented.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gitmerge_ai.text.lines import split
from gitmerge_ai.values import Labels

DEFAULT_SIZE = 7

# Git can be told to use shorter markers (conflict-marker-size); below this a "marker" is far more
# often code (a shift, a prompt), and has to be asked for by its size.
SMALLEST_GUESSED = 4

STYLES = ("merge", "diff3", "zdiff3")

_MARKER = re.compile(r"(?m)^(?:(<+)|(>+)|(\|+)|(=+)|(%+)|(\++)|(-+)|(\\+))(?=[ \r\n]|\Z)")
_NO_NEWLINE = "(no terminating newline)"
_NO_LABELS = Labels("", "", "")


class Region(NamedTuple):
    """A conflict as it stands between its markers.

    `base` is `None` where the markers do not show it. `certain` is false where more than one line
    could be the separator and the likeliest was taken. `text` is the whole region, from marker to
    marker, as it stood in the file ("" for a region that was not read from one).
    """

    base: str | None
    ours: str
    theirs: str
    labels: Labels = _NO_LABELS
    size: int = DEFAULT_SIZE
    text: str = ""
    certain: bool = True


Segment = str | Region


class _Marker(NamedTuple):
    """A line that may be a marker: its character, its length, where the line starts and ends."""

    char: str
    size: int
    start: int
    end: int
    label: str


def parse(text: str, size: int | None = None) -> list[Segment]:
    """Split a text into clean segments and conflicts.

    Args:
        text: the file's text.
        size: the length of the markers where it is known; otherwise every length counts from
            `SMALLEST_GUESSED` on.

    Returns:
        Segments in order; no two clean ones stand side by side and none is empty.
    """
    found = [m for m in _markers(text) if _fits(m.size, size)]
    segments: list[Segment] = []
    at = 0
    for start, end, region in _regions(text, found):
        if at < start:
            segments.append(text[at:start])
        segments.append(region)
        at = end
    if at < len(text):
        segments.append(text[at:])
    return segments


def regions(segments: Iterable[Segment]) -> list[Region]:
    """Give the conflicts among segments."""
    return [s for s in segments if isinstance(s, Region)]


def spans(segments: Iterable[Segment]) -> list[tuple[int, int]]:
    """Give each conflict's first line, counted from 1, and its last."""
    found = []
    line = 1
    for segment in segments:
        count = source(segment).count("\n")
        if isinstance(segment, Region):
            last = line + count - (1 if segment.text.endswith("\n") else 0)
            found.append((line, last))
        line += count
    return found


def source(segment: Segment) -> str:
    """Give a segment as it stood in the file it was read from."""
    return segment if isinstance(segment, str) else segment.text


def has_markers(text: str, size: int = DEFAULT_SIZE) -> bool:
    """Say whether any line opens or closes a conflict of this marker size."""
    if "<" * size not in text and ">" * size not in text:
        return False  # most often, and found much sooner
    return any(m.char in "<>" and m.size == size for m in _markers(text))


def _fits(found: int, asked: int | None) -> bool:
    return found >= SMALLEST_GUESSED if asked is None else found == asked


def _markers(text: str) -> Iterator[_Marker]:
    for match in _MARKER.finditer(text):
        end = text.find("\n", match.end())
        end = len(text) if end < 0 else end + 1
        label = text[match.end() : end].strip()
        run = match.group()
        if run[0] == "=" and label:
            continue
        yield _Marker(run[0], len(run), match.start(), end, label)


def _regions(text: str, found: list[_Marker]) -> Iterator[tuple[int, int, Region]]:
    """Give the outermost pairs of markers that make a conflict, with where they start and end."""
    done = 0
    for own in sorted(_pairs(found), key=lambda own: own[0].start):
        opening, closing = own[0], own[-1]
        if opening.start < done:
            continue
        region = _jujutsu(text, own) or _git(text, own)
        if region:
            done = closing.end
            yield opening.start, done, region


def _pairs(found: list[_Marker]) -> Iterator[list[_Marker]]:
    """Match openings with closings of their size, as brackets are matched.

    Yields:
        A pair's markers from opening to closing, less those of pairs nested in it.
    """
    open_by_size: dict[int, list[list[_Marker]]] = {}
    for marker in found:
        stack = open_by_size.setdefault(marker.size, [])
        if marker.char == "<":
            stack.append([marker])
        elif stack:
            stack[-1].append(marker)
            if marker.char == ">":
                yield stack.pop()


def _git(text: str, own: list[_Marker]) -> Region | None:
    opening, closing = own[0], own[-1]
    inner = own[1:-1]
    bar = next((m for m in inner if m.char == "|"), None)
    after_bar = [m for m in inner if m.char == "=" and (bar is None or m.start > bar.start)]
    if bar and not after_bar:
        bar, after_bar = None, [m for m in inner if m.char == "="]
    if not after_bar:
        return None
    separators = [m for m in after_bar if not _undersplit(text, m)] or after_bar
    first = bar or opening
    middle = max(
        separators,
        key=lambda m: _alike(text[first.end : m.start], text[m.end : closing.start]),
    )
    return Region(
        base=text[bar.end : middle.start] if bar else None,
        ours=text[opening.end : (bar or middle).start],
        theirs=text[middle.end : closing.start],
        labels=Labels(bar.label if bar else "", opening.label, closing.label),
        size=opening.size,
        text=text[opening.start : closing.end],
        certain=len(separators) == 1,
    )


def _undersplit(text: str, marker: _Marker) -> bool:
    """Say whether a run of `=` stands under a heading of its length."""
    above = text[: marker.start].rstrip("\r\n").rpartition("\n")[2].rstrip()
    return len(above) == marker.size and above[0].isalnum()


def _alike(a: str, b: str) -> int:
    """Count the lines that two texts share, less what the longer has alone."""
    in_a, in_b = set(split(a)), set(split(b))
    return 2 * len(in_a & in_b) - len(in_a ^ in_b)


def _jujutsu(text: str, own: list[_Marker]) -> Region | None:
    """Read Jujutsu's styles: a diff and a text, or two texts around their base."""
    opening, closing = own[0], own[-1]
    heads = [m for m in own[1:-1] if m.char in "%+-"]
    if not heads or heads[0].start != opening.end:
        return None
    base: str | None = None
    sides: list[tuple[str, str]] = []
    for head, following in zip(heads, [*heads[1:], closing], strict=True):
        body = text[head.end : following.start]
        label = head.label
        if head.char == "%":
            second = next((m for m in own if m.char == "\\" and m.start == head.end), None)
            if second:
                body, label = text[second.end : following.start], second.label
            before, after = _apply(body)
            base = _unended(before, head.label)
            sides.append((label, _unended(after, label)))
        elif head.char == "+":
            sides.append((label, _unended(body, label)))
        else:
            base = _unended(body, label)
    if len(sides) != 2 or base is None or len(heads) > 3:
        return None
    (ours_label, ours), (theirs_label, theirs) = sides
    labels = Labels("", ours_label, theirs_label)
    whole = text[opening.start : closing.end]
    return Region(base, ours, theirs, labels, opening.size, whole)


def _apply(diff: str) -> tuple[str, str]:
    """Give both sides of a diff without headers."""
    rows = split(diff)
    before = "".join(row[1:] if row[0] in " -" else row for row in rows if row[0] != "+")
    after = "".join(row[1:] if row[0] in " +" else row for row in rows if row[0] != "-")
    return before, after


def _unended(text: str, label: str) -> str:
    return text.removesuffix("\n").removesuffix("\r") if label.endswith(_NO_NEWLINE) else text


def render(
    segments: Sequence[Segment],
    style: str = "merge",
    labels: Labels | None = None,
    size: int | None = None,
) -> str:
    """Write segments as one text.

    Args:
        segments: clean texts and conflicts; a conflict whose base is unknown is written without
            one whatever the style.
        style: one of `STYLES`.
        labels: what to call the sides; each region's own by default.
        size: the length of the markers; each region's own by default.
    """
    ending = "\r\n" if _crlf(segments) else "\n"
    return "".join(
        s if isinstance(s, str) else _write(s, style, labels or s.labels, size or s.size, ending)
        for s in segments
    )


def _crlf(segments: Sequence[Segment]) -> bool:
    """Say whether the first line that has an ending ends as on Windows, as git looks at it."""
    for segment in segments:
        texts = [segment] if isinstance(segment, str) else [segment.ours, segment.theirs]
        for text in texts:
            if "\n" in text:
                return text[: text.index("\n")].endswith("\r")
    return False


def _write(region: Region, style: str, labels: Labels, size: int, ending: str) -> str:
    head, ours, theirs, tail = "", region.ours, region.theirs, ""
    if style == "zdiff3" and region.base is not None:
        head, ours, theirs, tail = _trim(ours, theirs)
        if not ours and not theirs:
            return head + tail
    parts = [head, _line("<", size, labels.ours, ending), _ended(ours, ending)]
    if style != "merge" and region.base is not None:
        parts += [_line("|", size, labels.base, ending), _ended(region.base, ending)]
    parts += [_line("=", size, "", ending), _ended(theirs, ending)]
    parts += [_line(">", size, labels.theirs, ending), tail]
    return "".join(parts)


def _trim(ours: str, theirs: str) -> tuple[str, str, str, str]:
    """Take the lines that both sides start and end with out of them."""
    a, b = split(ours), split(theirs)
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    stop_a, stop_b = len(a) - end, len(b) - end
    return (
        "".join(a[:start]),
        "".join(a[start:stop_a]),
        "".join(b[start:stop_b]),
        "".join(a[stop_a:]),
    )


def _line(char: str, size: int, label: str, ending: str) -> str:
    return char * size + (f" {label}" if label else "") + ending


def _ended(text: str, ending: str) -> str:
    return text if not text or text.endswith("\n") else text + ending
