"""The line merge that does not see indentation: for what one side put into a block, or took out.

Lines are aligned by what they say; a line that one side changed gets the indentation that the
other side gave its neighbours. It only settles regions in which one side has most lines of the
base, and none of them where it stood, so that nothing is guessed about what went where.
"""

from gitmerge_ai.differ.sequences import Change, diff3, matches
from gitmerge_ai.merging.pieces import Note, Open, Pieces, text_of


def settle_indented(pieces: Pieces) -> Pieces:
    """Merge what is open in a merge by lines without their indentation, as far as that goes."""
    settled: Pieces = []
    for piece in pieces:
        merged = merge_indented(piece) if isinstance(piece, Open) and not piece.final else None
        settled.extend([piece] if merged is None else merged)
    return settled


def merge_indented(region: Open) -> Pieces | None:
    """Merge an open region in which one side only indented lines anew and added some.

    Returns:
        The merged text, or None if that is not what happened or if lines conflict all the same.
    """
    texts = (region.base, region.ours, region.theirs)
    # A region of a tree ends within a line; the last line of each side ends one all the same.
    ended = {text.endswith(b"\n") for text in texts if text}
    if len(ended) > 1:
        return None
    end = b"" if ended == {True} else b"\n"
    base, ours, theirs = ((text and text + end).splitlines(keepends=True) for text in texts)
    keys = [[line.strip() for line in side] for side in (base, ours, theirs)]
    frame = next((k for k in (1, 2) if _is_shifted(base, (ours, theirs)[k - 1])), None)
    if not base or frame is None:
        return None
    chunks = diff3(*keys, adjacent=True)
    if any(chunk.change is Change.BOTH for chunk in chunks):
        return None
    framed, edited = (ours, theirs) if frame == 1 else (theirs, ours)
    by_edit = Change.THEIRS if frame == 1 else Change.OURS
    pieces: Pieces = []
    shift = (b"", b"")
    for chunk in chunks:
        in_frame, in_edit = (chunk.ours, chunk.theirs) if frame == 1 else (chunk.theirs, chunk.ours)
        if chunk.change is not by_edit:
            pieces.extend(framed[i] for i in in_frame)
            if chunk.change is Change.NOBODY:
                shift = _indent(framed[in_frame[-1]]), _indent(edited[in_edit[-1]])
            continue
        if in_frame:
            shift = _indent(framed[in_frame[0]]), _indent(base[chunk.base[0]])
        pieces.extend(_shifted(edited[i], *shift) for i in in_edit)
    text = text_of(pieces).removesuffix(end)
    return [Note("indented", text.count(b"\n")), text]


def _is_shifted(base: list[bytes], side: list[bytes]) -> bool:
    """Whether a side has most of the base's lines, and none where it stood.

    The first line may: a region can begin in the middle of one.
    """
    pairs = matches([line.strip() for line in base], [line.strip() for line in side])
    moved = [(i, j) for i, j in pairs if base[i] != side[j] and base[i].strip()]
    kept = [i for i, j in pairs if base[i] == side[j] and base[i].strip() and i]
    return bool(moved) and not kept and 2 * len(pairs) >= len(base)


def _indent(line: bytes) -> bytes:
    return line[: len(line) - len(line.lstrip())]


def _shifted(line: bytes, there: bytes, here: bytes) -> bytes:
    return there + line[len(here) :] if line.strip() and line.startswith(here) else line
