"""What a merge of trees gives: text, regions that stay open, and notes on what was decided.

`lay_out` widens the open regions to whole lines, since that is what conflict markers stand on.
"""

from collections.abc import Iterable
from typing import NamedTuple

from gitmerge_ai.differ.sequences import Change, diff3


class Open(NamedTuple):
    """A region both sides changed and that the tree does not settle."""

    base: bytes
    ours: bytes
    theirs: bytes
    kind: str


class Note(NamedTuple):
    """A decision was taken here that brought both sides together: its pattern in a word."""

    pattern: str


Piece = bytes | Open | Note
Pieces = list[Piece]


def is_open(pieces: Iterable[Piece]) -> bool:
    """Whether something is left for the person."""
    return any(isinstance(piece, Open) for piece in pieces)


def text_of(pieces: Iterable[Piece]) -> bytes:
    """Give the text of pieces that leave nothing open."""
    return b"".join(piece for piece in pieces if isinstance(piece, bytes))


def open_size(pieces: Iterable[Piece]) -> int:
    """Count the bytes that the person would have to read in open regions."""
    return sum(len(p.ours) + len(p.theirs) for p in pieces if isinstance(p, Open))


def merge_lines(base: bytes, ours: bytes, theirs: bytes) -> Pieces:
    """Merge three texts by lines, as git does."""
    return _merge_units(
        base.splitlines(keepends=True),
        ours.splitlines(keepends=True),
        theirs.splitlines(keepends=True),
    )


def _merge_units(base: list[bytes], ours: list[bytes], theirs: list[bytes]) -> Pieces:
    pieces: Pieces = []
    for chunk in diff3(base, ours, theirs):
        in_base = b"".join(base[chunk.base.start : chunk.base.stop])
        in_ours = b"".join(ours[chunk.ours.start : chunk.ours.stop])
        in_theirs = b"".join(theirs[chunk.theirs.start : chunk.theirs.stop])
        if chunk.change is Change.BOTH:
            pieces.append(Open(in_base, in_ours, in_theirs, ""))
        else:
            pieces.append(in_theirs if chunk.change is Change.THEIRS else in_ours)
    return pieces


def lay_out(pieces: Iterable[Piece]) -> Pieces:
    """Widen open regions to whole lines, join those that share one, and trim what is alike.

    Returns:
        Pieces in which every `Open` is made of whole lines.
    """
    laid: Pieces = []
    line = [b"", b"", b""]
    open_kind: str | None = None
    for piece in pieces:
        if isinstance(piece, Note):
            laid.append(piece)
        elif isinstance(piece, Open):
            line = [side + text for side, text in zip(line, _sides(piece), strict=True)]
            open_kind = open_kind or piece.kind
        elif open_kind is None:
            head, newline, rest = (line[0] + piece).rpartition(b"\n")
            laid.append(head + newline)
            line = [rest] * 3
        else:
            head, newline, rest = piece.partition(b"\n")
            line = [side + head + newline for side in line]
            if newline:
                laid.extend(_trimmed(line, open_kind))
                open_kind = None
                head, newline, rest = rest.rpartition(b"\n")
                laid.append(head + newline)
                line = [rest] * 3
        if open_kind is not None and all(not s or s.endswith(b"\n") for s in line):
            laid.extend(_trimmed(line, open_kind))
            open_kind, line = None, [b"", b"", b""]
    laid.extend(_trimmed(line, open_kind) if open_kind is not None else [line[0]])
    return _blanks_behind([piece for piece in laid if piece != b""])


def _blanks_behind(laid: Pieces) -> Pieces:
    """Let the blank line at the start of what one side alone has stand at its end instead."""
    for index in range(len(laid) - 1):
        piece, after = laid[index], laid[index + 1]
        if not isinstance(piece, Open) or not isinstance(after, bytes):
            continue
        blank = after.partition(b"\n")[0] + b"\n"
        sides = [side for side in _sides(piece) if side]
        if blank.strip() or not all(side.startswith(blank) for side in sides):
            continue
        if piece.ours and piece.theirs:
            continue
        base, ours, theirs = (side and side[len(blank) :] + blank for side in _sides(piece))
        laid[index] = blank
        laid[index + 1] = after[len(blank) :]
        laid.insert(index + 1, Open(base, ours, theirs, piece.kind))
    return [piece for piece in laid if piece != b""]


def _sides(piece: Open) -> tuple[bytes, bytes, bytes]:
    return piece.base, piece.ours, piece.theirs


def _trimmed(line: list[bytes], kind: str) -> Pieces:
    """Take lines that ours and theirs have in common at either end out of an open region."""
    base, ours, theirs = (side.splitlines(keepends=True) for side in line)
    head = _common(ours, theirs)
    ours, theirs = ours[head:], theirs[head:]
    before = line[1].splitlines(keepends=True)[:head]
    base = base[_common(base, before) :]
    tail = _common(ours[::-1], theirs[::-1])
    after = ours[len(ours) - tail :]
    ours, theirs = ours[: len(ours) - tail], theirs[: len(theirs) - tail]
    base = base[: len(base) - _common(base[::-1], after[::-1])]
    if not ours and not theirs:
        return [b"".join(before + after)]
    middle = Open(b"".join(base), b"".join(ours), b"".join(theirs), kind)
    return [b"".join(before), middle, b"".join(after)]


def _common(a: list[bytes], b: list[bytes]) -> int:
    """Count the elements that two lists begin with alike."""
    count = 0
    for first, second in zip(a, b, strict=False):
        if first != second:
            break
        count += 1
    return count
