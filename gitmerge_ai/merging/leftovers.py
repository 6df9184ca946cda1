"""Conflict markers that were left in a file, as opposed to those that are shown in it.

Documentation and tests of merge tools hold markers on purpose. What a side had already is no
leftover; elsewhere a marker in a fenced example, a string or a comment is taken for an example
unless the file was just merged.
"""

import re
from collections import Counter
from collections.abc import Iterable

from gitmerge_ai.differ.lines import to_bytes
from gitmerge_ai.syntax.language import Language
from gitmerge_ai.syntax.tree import Source, is_string
from gitmerge_ai.text import markers
from gitmerge_ai.text.lines import split

PROSE = (".md", ".markdown", ".mdx", ".rst", ".txt", ".adoc", ".asciidoc", ".org", ".tex", ".eml")
"""Ends of the names of files in which a single line like a marker is no sign of a conflict."""

_FENCE = re.compile(r"\s*(?:`{3,}|~{3,}|-{4,}\s*$|\.{4,}\s*$|#\+(?:begin|end)_|\\(?:begin|end)\{)")
_BY_STASH = frozenset({"Updated upstream", "Stashed changes"})


def leftovers(
    text: str,
    known: Iterable[str],
    *,
    path: str,
    row: Language | None = None,
    size: int = markers.DEFAULT_SIZE,
    merged: bool = False,
) -> list[int]:
    """Find the lines, counted from 1, at which conflicts were left.

    Args:
        text: the file.
        known: other versions of it, whose markers are no leftovers.
        path: where it is.
        row: its language, if it is known.
        size: the length of its conflict markers.
        merged: whether it comes out of a merge, in which examples do not appear by themselves.
    """
    if not markers.has_markers(text, size):
        return []
    lines = split(text)
    spans = markers.spans(markers.parse(text, size))
    starts = {first: lines[first - 1] for first, _ in spans}
    strays = _strays(lines, spans, size) if merged or not path.lower().endswith(PROSE) else {}
    had: Counter[str] = Counter()
    for version in known:
        had |= Counter(split(version))
    new = [at for at, line in sorted((starts | strays).items()) if not _had(had, line)]
    if merged or not new:
        return new
    return [at for at in new if not _is_example(lines, at, path, row)]


def _strays(lines: list[str], spans: list[tuple[int, int]], size: int) -> dict[int, str]:
    """Find labelled markers outside of any conflict that can be read."""
    shape = re.compile(rf"(?:<{{{size}}}|>{{{size}}}) \S")
    inside = {at for first, last in spans for at in range(first, last + 1)}
    numbered = enumerate(lines, 1)
    return {at: line for at, line in numbered if at not in inside and shape.match(line)}


def _had(had: Counter[str], line: str) -> bool:
    """Take a line out of those that are known, if it is one."""
    had[line] -= 1
    return had[line] >= 0


def _is_example(lines: list[str], at: int, path: str, row: Language | None) -> bool:
    if any(lines[at - 1].rstrip().endswith(label) for label in _BY_STASH):
        return False
    if path.lower().endswith(PROSE):
        return sum(bool(_FENCE.match(line)) for line in lines[: at - 1]) % 2 == 1
    return row is not None and _in_string(lines, at, row)


def _in_string(lines: list[str], at: int, row: Language) -> bool:
    """Say whether a line stands in a string or a comment that begins before it."""
    text = to_bytes("".join(lines))
    start = len(to_bytes("".join(lines[: at - 1])))
    raw = Source(row, text).tree.root_node.descendant_for_byte_range(start, start + 1)
    while raw is not None:
        if raw.start_byte < start and (is_string(raw.type) or raw.type in row.comments):
            return True
        raw = raw.parent
    return False
