"""The cells of a notebook's versions: their sources, which is which, and their merged order."""

from collections import defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from gitmerge_ai.differ.sequences import matches
from gitmerge_ai.text.jsontext import Value

Cell = dict[str, Value]

LIKE = 0.6
"""Least likeness of the sources of two cells that are versions of one."""
MOST_PAIRS = 2_500
"""Beyond this many candidate pairs likeness is not looked at."""


class Slot(NamedTuple):
    """One cell in the versions that have it."""

    base: Cell | None
    ours: Cell | None
    theirs: Cell | None


def source_of(cell: Cell) -> str:
    """Give a cell's source, which stands as one string or as a list of lines.

    Raises:
        ValueError: it is neither.
    """
    source = cell.get("source", "")
    lines = [source] if isinstance(source, str) else source
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise ValueError("not a source")
    return "".join(line for line in lines if isinstance(line, str))


def with_source(cell: Cell, source: str) -> Cell:
    """Give a cell another source, written as its own is."""
    as_string = isinstance(cell.get("source"), str)
    lines: Value = source if as_string else list[Value](source.splitlines(keepends=True))
    return {**cell, "source": lines}


def match_cells(a: Sequence[Cell], b: Sequence[Cell]) -> dict[int, int]:
    """Match the cells of two versions: by id, by source, then by likeness of the source."""
    found = _same_cells(a, b)
    left_a = [i for i in range(len(a)) if i not in found]
    left_b = sorted(set(range(len(b))) - set(found.values()))
    if len(left_a) * len(left_b) > MOST_PAIRS:
        return found
    scored = [
        (like, i, j)
        for i in left_a
        for j in left_b
        if (like := _likeness(_identity(a[i]), _identity(b[j]))) >= LIKE
    ]
    taken = set(found.values())
    for _, i, j in sorted(scored, reverse=True):
        if i not in found and j not in taken:
            found[i] = j
            taken.add(j)
    return found


def _same_cells(a: Sequence[Cell], b: Sequence[Cell]) -> dict[int, int]:
    """Match the cells of one id, then those of one source."""
    places: dict[str, list[int]] = defaultdict(list)
    for j, cell in reversed(list(enumerate(b))):
        places[str(cell.get("id", ""))].append(j)
    found: dict[int, int] = {}
    for i, cell in enumerate(a):
        name = str(cell.get("id", ""))
        if name and places[name]:
            found[i] = places[name].pop()
    left_a = [i for i in range(len(a)) if i not in found]
    left_b = sorted(set(range(len(b))) - set(found.values()))
    pairs = matches([_identity(a[i]) for i in left_a], [_identity(b[j]) for j in left_b])
    return found | {left_a[x]: left_b[y] for x, y in pairs}


def _identity(cell: Cell) -> tuple[str, str]:
    return str(cell["cell_type"]), source_of(cell)


def _likeness(a: tuple[str, str], b: tuple[str, str]) -> float:
    if a[0] != b[0] or not a[1].strip() or not b[1].strip():
        return 0.0
    matcher = SequenceMatcher(None, a[1], b[1], autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= LIKE else 0.0


def in_order(base: list[Cell], ours: list[Cell], theirs: list[Cell]) -> list[Slot]:
    """Match the cells of the versions and put them in order; ours' additions come first."""
    to_ours, to_theirs = match_cells(base, ours), match_cells(base, theirs)
    new_ours = [j for j in range(len(ours)) if j not in set(to_ours.values())]
    new_theirs = [k for k in range(len(theirs)) if k not in set(to_theirs.values())]
    same = _same_cells([ours[j] for j in new_ours], [theirs[k] for k in new_theirs])
    added = {new_ours[x]: new_theirs[y] for x, y in same.items()}
    places: list[tuple[int | None, int | None, int | None]] = [
        *((i, to_ours.get(i), to_theirs.get(i)) for i in range(len(base))),
        *((None, j, added.get(j)) for j in new_ours),
        *((None, None, k) for k in new_theirs if k not in set(added.values())),
    ]
    by_ours, by_theirs = (_sequence(places, side) for side in (1, 2))
    common = [s for s in range(len(base)) if s in by_ours and s in by_theirs]
    ours_moved = [s for s in by_ours if s in common] != common
    first, second = (by_ours, by_theirs) if ours_moved else (by_theirs, by_ours)
    order = _woven(first, second, before=not ours_moved)
    return [
        Slot(
            None if i is None else base[i],
            None if j is None else ours[j],
            None if k is None else theirs[k],
        )
        for i, j, k in (places[s] for s in order)
    ]


def _sequence(places: Sequence[tuple[int | None, ...]], side: int) -> list[int]:
    having = ((place[side], slot) for slot, place in enumerate(places))
    return [slot for _, slot in sorted((p, slot) for p, slot in having if p is not None)]


def _woven(frame: list[int], other: list[int], *, before: bool) -> list[int]:
    """Put what only the other has behind what it stands behind there.

    Args:
        before: whether it goes before what only the frame has at that place, or behind it.
    """
    woven = list(frame)
    known = set(other)
    at = 0
    for slot in other:
        if slot in woven:
            at = woven.index(slot) + 1
            continue
        while not before and at < len(woven) and woven[at] not in known:
            at += 1
        woven.insert(at, slot)
        at += 1
    return woven
