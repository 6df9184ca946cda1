"""What is wrong with files that are about to be committed, one line each.

Leftover conflict markers, files that parsed on both sides and no longer do, and what a merge lost,
doubled or brought back. Silent where there is nothing to say. Nothing is read or written here.
"""

from collections.abc import Sequence
from typing import NamedTuple

from gitmerge_ai.differ.lines import to_bytes
from gitmerge_ai.merging.checks import compiles
from gitmerge_ai.merging.files import MAX_BYTES
from gitmerge_ai.merging.generated import generated_reason
from gitmerge_ai.merging.leftovers import leftovers
from gitmerge_ai.merging.losses import Loss, losses
from gitmerge_ai.syntax.grammar import MissingGrammar
from gitmerge_ai.syntax.language import Language
from gitmerge_ai.syntax.languages import for_path, table
from gitmerge_ai.syntax.tree import Source
from gitmerge_ai.text import encoding
from gitmerge_ai.values import Sides

SHORTEST_LINE = 4
"""Characters of a line below which it says nothing about where something went."""


class Candidate(NamedTuple):
    """A file to look at: its contents, `None` where there is none, and what is known of it.

    merged: whether it comes out of a merge; else its three sides are what stood there before.
    """

    path: str
    base: bytes | None
    ours: bytes | None
    theirs: bytes | None
    result: bytes | None
    merged: bool = False
    language: str | None = None
    generated: bool = False
    marker_size: int = 7


class Problem(NamedTuple):
    """A thing that is wrong.

    kind: "marker", "unparsed", "lost", "doubled" or "resurrected".
    line: where, counted from 1, in the result; 0 where there is no such place.
    text: what, in a line.
    loss: what the merge did, for the last three.
    """

    path: str
    kind: str
    line: int
    text: str
    loss: Loss | None = None


_DID = {
    ("lost", False): "{side} added {name}, which is not in the result",
    ("lost", True): "{side} added {name} (line {line} there), which is not in the result",
    ("doubled", False): "{name} stands twice",
    ("resurrected", False): "{side} deleted {name}, which is back",
}
"""What to say of a loss, by its kind and whether its line is one of the side's."""


def problems(files: Sequence[Candidate]) -> list[Problem]:
    """Find what is wrong with files that are committed together.

    Args:
        files: those that may be wrong; what one lost may have gone to another.
    """
    found = [problem for file in files for problem in _problems(file)]
    return [p for p in found if not (p.kind == "lost" and _moved(p, files))]


def _problems(file: Candidate) -> list[Problem]:
    versions = (file.base, file.ours, file.theirs)
    if file.merged and (file.result is None or not file.ours or not file.theirs):
        return _of_whole(file)
    if file.result is None or _is_binary(file.result) or any(v and _is_binary(v) for v in versions):
        return []
    base, ours, theirs = (encoding.decode(v or b"").text for v in versions)
    text = encoding.decode(file.result).text
    row = table().get(file.language) if file.language else for_path(file.path, text)
    try:
        return _of_text(file, Sides(base, ours, theirs, file.path), text, row)
    except MissingGrammar:
        return _of_text(file, Sides(base, ours, theirs, file.path), text, None)


def _of_text(file: Candidate, sides: Sides, text: str, row: Language | None) -> list[Problem]:
    known = (sides.ours, sides.theirs)
    at = leftovers(text, known, path=file.path, row=row, size=file.marker_size, merged=file.merged)
    if at:
        return [Problem(file.path, "marker", line, "a conflict is left") for line in at]
    if file.generated or generated_reason(file.path, text):
        return []
    found = []
    line = _first_error(text, [side for side in known if side], row) if row else 0
    if line:
        found.append(Problem(file.path, "unparsed", line, "it parsed before and no longer does"))
    if file.merged:
        found += [_of_loss(file.path, loss) for loss in losses(sides, text, row)]
    return found


def _of_whole(file: Candidate) -> list[Problem]:
    """Judge a file that one side added or deleted."""
    base, ours, theirs, result = file[1:5]
    if base is None and result is None and (ours is None) != (theirs is None):
        side = "ours" if ours is not None else "theirs"
        text = encoding.decode(ours or theirs or b"").text
        loss = Loss("lost", side, "this file", 0, text)
        return [_of_loss(file.path, loss)]
    if base is not None and result is not None:
        for side, there, other in (("ours", ours, theirs), ("theirs", theirs, ours)):
            if there is None and other == base == result:
                return [_of_loss(file.path, Loss("resurrected", side, "this file", 0, ""))]
    return []


def _of_loss(path: str, loss: Loss) -> Problem:
    words = _DID[loss.kind, loss.kind == "lost" and loss.line > 0]
    text = words.format(side=loss.side, name=loss.name, line=loss.line)
    line = 0 if loss.kind == "lost" else loss.line
    return Problem(path, loss.kind, line, text, loss)


def _moved(problem: Problem, files: Sequence[Candidate]) -> bool:
    """Whether what a file lost stands in another one, where no side had it."""
    lines = _lines(problem.loss.text) if problem.loss else set()
    for file in files:
        if file.path != problem.path and file.result and lines:
            had = (_text_lines(side) for side in (file.ours, file.theirs) if side)
            new = (_text_lines(file.result) & lines).difference(*had)
            if 2 * len(new) > len(lines):
                return True
    return False


def _text_lines(data: bytes) -> set[str]:
    return _lines(encoding.decode(data).text)


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if len(line.strip()) >= SHORTEST_LINE}


def _first_error(text: str, sides: Sequence[str], row: Language) -> int:
    """Give the line at which a text does not parse, 0 if it does, or if a side did not either."""
    if not sides or text in sides:
        return 0
    source = _parsed(text, row)
    if not source.error_count() or any(_parsed(side, row).error_count() for side in sides):
        return 0
    if row.name == "python" and compiles(source.text):
        return 0
    waiting = [source.tree.root_node]
    while waiting:
        raw = waiting.pop()
        if raw.is_error or raw.is_missing:
            return raw.start_point[0] + 1
        waiting.extend(child for child in reversed(raw.children) if child.has_error)
    return 0


def _parsed(text: str, row: Language) -> Source:
    return Source(row, to_bytes(text))


def _is_binary(data: bytes) -> bool:
    return len(data) > MAX_BYTES or "\0" in encoding.decode(data).text
