"""What a merge of trees gives: text, regions that stay open, and notes on what was decided.

`lay_out` widens the open regions to whole lines, since that is what conflict markers stand on.
"""

from collections.abc import Iterable
from typing import NamedTuple

from gitmerge_ai.differ.sequences import Change, diff3


class Open(NamedTuple):
    """A region both sides changed and that the tree does not settle.

    final: whether no later stage may settle it: what the sides did contradicts, and tokens that
        happen to go together do not change that.
    """

    base: bytes
    ours: bytes
    theirs: bytes
    kind: str
    final: bool = False

    @property
    def sides(self) -> tuple[bytes, bytes, bytes]:
        """Its three texts."""
        return self.base, self.ours, self.theirs


class Note(NamedTuple):
    """A decision was taken here that brought both sides together.

    pattern: what it was, in a word.
    breaks: over how many line breaks of the text behind it.
    """

    pattern: str
    breaks: int = 0


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


def has_final(pieces: Iterable[Piece]) -> bool:
    """Whether something is left that no later stage may settle."""
    return any(isinstance(piece, Open) and piece.final for piece in pieces)


def as_final(pieces: Iterable[Piece]) -> Pieces:
    """Keep later stages from what is open."""
    return [p._replace(final=True) if isinstance(p, Open) else p for p in pieces]


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
    """Widen open regions to whole lines, and join those that share one.

    Returns:
        Pieces in which every `Open` is made of whole lines, and none begins or ends with a line
        that all versions share.
    """
    laid: Pieces = []
    line = [b"", b"", b""]
    region: Open | None = None
    for piece in pieces:
        if isinstance(piece, Note):
            laid.append(piece)
        elif isinstance(piece, Open):
            line = [side + text for side, text in zip(line, piece.sides, strict=True)]
            final = piece.final or (region is not None and region.final)
            region = (region or piece)._replace(final=final)
        elif region is None:
            head, newline, rest = (line[0] + piece).rpartition(b"\n")
            laid.append(head + newline)
            line = [rest] * 3
        else:
            head, newline, rest = piece.partition(b"\n")
            line = [side + head + newline for side in line]
            if newline:
                laid.extend(_parted(line, region))
                region = None
                head, newline, rest = rest.rpartition(b"\n")
                laid.append(head + newline)
                line = [rest] * 3
        if region is not None and all(not s or s.endswith(b"\n") for s in line):
            laid.extend(_parted(line, region))
            region, line = None, [b"", b"", b""]
    laid.extend([line[0]] if region is None else _parted(line, region))
    return _blanks_behind([piece for piece in laid if piece != b""])


def trim(laid: Pieces) -> Pieces:
    """Take lines that ours and theirs have in common at either end out of the conflicts.

    Where the base is shown this would show less of the sides than there is; git does not either.
    """
    trimmed = (_trimmed(piece) if isinstance(piece, Open) else [piece] for piece in laid)
    return _blanks_behind([piece for pieces in trimmed for piece in pieces if piece != b""])


def _blanks_behind(laid: Pieces) -> Pieces:
    """Let the blank line at the start of what one side alone has stand at its end instead."""
    for index in range(len(laid) - 1):
        piece, after = laid[index], laid[index + 1]
        if not isinstance(piece, Open) or not isinstance(after, bytes):
            continue
        blank = after.partition(b"\n")[0] + b"\n"
        sides = [side for side in piece.sides if side]
        if blank.strip() or not all(side.startswith(blank) for side in sides):
            continue
        if piece.ours and piece.theirs:
            continue
        base, ours, theirs = (side and side[len(blank) :] + blank for side in piece.sides)
        laid[index] = blank
        laid[index + 1] = after[len(blank) :]
        laid.insert(index + 1, piece._replace(base=base, ours=ours, theirs=theirs))
    return [piece for piece in laid if piece != b""]


def _parted(line: list[bytes], region: Open) -> Pieces:
    """Give the open region that the versions of some lines make, and what all of them share."""
    if line[1] == line[2]:
        return [line[1]]
    base, ours, theirs = (side.splitlines(keepends=True) for side in line)
    head = min(_common(base, ours), _common(base, theirs))
    before = ours[:head]
    base, ours, theirs = base[head:], ours[head:], theirs[head:]
    tail = min(_common(base[::-1], ours[::-1]), _common(base[::-1], theirs[::-1]))
    after = ours[len(ours) - tail :]
    middle = _with_lines(region, *(side[: len(side) - tail] for side in (base, ours, theirs)))
    return [b"".join(before), middle, b"".join(after)]


def _with_lines(region: Open, *sides: list[bytes]) -> Open:
    base, ours, theirs = map(b"".join, sides)
    return region._replace(base=base, ours=ours, theirs=theirs)


def _trimmed(region: Open) -> Pieces:
    base, ours, theirs = (side.splitlines(keepends=True) for side in region.sides)
    head = _common(ours, theirs)
    before = ours[:head]
    ours, theirs = ours[head:], theirs[head:]
    base = base[_common(base, before) :]
    tail = _common(ours[::-1], theirs[::-1])
    after = ours[len(ours) - tail :]
    ours, theirs = ours[: len(ours) - tail], theirs[: len(theirs) - tail]
    base = base[: len(base) - _common(base[::-1], after[::-1])]
    return [b"".join(before), _with_lines(region, base, ours, theirs), b"".join(after)]


def _common(a: list[bytes], b: list[bytes]) -> int:
    """Count the elements that two lists begin with alike."""
    count = 0
    for first, second in zip(a, b, strict=False):
        if first != second:
            break
        count += 1
    return count
