"""Jupyter notebooks merged cell by cell: the result is a notebook whatever happens.

Cells are matched by id, then by source; sources are merged as text, metadata by key. Outputs are
kept only where they still belong to the source. What both sides changed differently stands as two
cells behind one that says so. Markers, which would break the file, are never written.
"""

from collections.abc import Callable

from gitmerge_ai.merging.cells import Cell, Slot, in_order, source_of, with_source
from gitmerge_ai.merging.pieces import is_open, merge_lines, text_of
from gitmerge_ai.text.jsontext import Number, Style, Value, dump, read, style_of, write
from gitmerge_ai.values import Conflict, MergeResult, Resolution, Sides

SourceMerger = Callable[[Sides, str], str | None]
"""Merges the sources of a cell, given the language's name; None where they conflict."""

MARK = "gitmerge-ai"
VOLATILE = frozenset({"language_info", "kernelspec", "widgets", "toc", "vscode", "execution"})
"""Metadata that tools write by themselves: ours is kept where both sides differ."""

CONFLICT_TEXT = {
    "changed": "**Conflict**: the next cell is from {ours}, the one after it from {theirs}. "
    "Keep what is right and delete this cell.",
    "ours": "**Conflict**: {ours} deleted the next cell, {theirs} changed it. "
    "Keep it or delete it, and delete this cell.",
    "theirs": "**Conflict**: {theirs} deleted the next cell, {ours} changed it. "
    "Keep it or delete it, and delete this cell.",
    "metadata": "**Conflict**: both sides changed metadata of {where} differently. Ours is in "
    "place, theirs under `gitmerge-ai` beside it. Keep what is right and delete this cell.",
}


class _Clash(Exception):
    """Both sides changed a value, and not alike."""


def by_lines(sides: Sides, language: str) -> str | None:
    """Merge the sources of a cell by lines."""
    pieces = merge_lines(*(t.encode() for t in (sides.base, sides.ours, sides.theirs)))
    return None if is_open(pieces) else text_of(pieces).decode()


def merge_notebook(sides: Sides, merge_source: SourceMerger = by_lines) -> MergeResult | None:
    """Merge three versions of a notebook.

    Args:
        sides: their texts; an empty base is an add/add.
        merge_source: how the sources of a cell are merged where lines conflict.

    Returns:
        The result, or None if a version is not a notebook.
    """
    try:
        base, ours, theirs = (
            _notebook(text, may_be_empty=text is sides.base)
            for text in (sides.base, sides.ours, sides.theirs)
        )
    except ValueError:
        return None
    style = style_of(sides.ours)
    merge = _Merge(sides, merge_source, _language(ours))
    merged = merge.notebooks(base, ours, theirs)
    text = write(merged, style)
    if merge.conflicts:
        return MergeResult(text, _placed(merge.conflicts, text, style))
    whole = Resolution(
        text, "notebook", "merged", 0.9, sides=sides, span=(1, len(text.splitlines()) + 1)
    )
    return MergeResult(text, (), (whole,))


def _notebook(text: str, *, may_be_empty: bool) -> Cell:
    if may_be_empty and not text.strip():
        return {"cells": []}
    text.encode()  # half a character of UTF-16, or a byte that was no UTF-8, is a ValueError
    found = read(text)
    if not isinstance(found, dict) or not isinstance(found.get("cells"), list):
        raise ValueError("not a notebook")
    for cell in _cells(found):
        if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
            raise ValueError("not a cell")
        source_of(cell)
    return found


def _cells(notebook: Cell) -> list[Cell]:
    cells = notebook["cells"]
    assert isinstance(cells, list)
    return cells  # type: ignore[return-value]


def _language(notebook: Cell) -> str:
    """Name the language of the code cells, Python where nothing is said."""
    metadata = notebook.get("metadata")
    for key, name in (("language_info", "name"), ("kernelspec", "language")):
        part = metadata.get(key) if isinstance(metadata, dict) else None
        found = part.get(name) if isinstance(part, dict) else None
        if isinstance(found, str):
            return found.lower()
    return "python"


class _Merge:
    """One merge: what is left open is gathered on the way."""

    def __init__(self, sides: Sides, merge_source: SourceMerger, language: str) -> None:
        self.sides = sides
        self.merge_source = merge_source
        self.language = language
        self.conflicts: list[tuple[Conflict, Cell]] = []
        self.with_ids = False

    def notebooks(self, base: Cell, ours: Cell, theirs: Cell) -> Cell:
        self.with_ids = any("id" in cell for cell in (*_cells(ours), *_cells(theirs)))
        b, o, t = ({k: v for k, v in n.items() if k != "cells"} for n in (base, ours, theirs))
        cells: list[Cell] = []
        try:
            rest = _merge_objects(b, o, t)
        except _Clash:
            rest = self._with_theirs(o, t)
            cells.append(self._marker("metadata", Sides("", "", ""), where="the notebook"))
        for slot in in_order(_cells(base), _cells(ours), _cells(theirs)):
            cells.extend(self._cell(slot))
        merged: Cell = {key: rest.get(key) for key in ours if key == "cells" or key in rest}
        merged |= rest
        merged["cells"] = list[Value](_with_own_ids(cells))
        return merged

    def _cell(self, slot: Slot) -> list[Cell]:
        base, ours, theirs = slot.base, slot.ours, slot.theirs
        if ours is not None and theirs is not None:
            return self._both(base or {}, ours, theirs)
        kept = ours or theirs
        if kept is None or base is None:
            return [kept] if kept else []
        if source_of(kept) == source_of(base):
            return []
        side = "theirs" if ours else "ours"
        texts = Sides(source_of(base), source_of(ours or {}), source_of(theirs or {}))
        marked = _marked(kept, "theirs" if side == "ours" else "ours")
        return [self._marker(side, texts), marked]

    def _both(self, base: Cell, ours: Cell, theirs: Cell) -> list[Cell]:
        texts = Sides(source_of(base), source_of(ours), source_of(theirs))
        source = self._merged_source(ours, texts)
        if source is None or ours["cell_type"] != theirs["cell_type"]:
            return [
                self._marker("changed", texts),
                _marked(ours, "ours"),
                _marked(theirs, "theirs"),
            ]
        volatile = ("source", "outputs", "execution_count")
        b, o, t = ({k: v for k, v in c.items() if k not in volatile} for c in (base, ours, theirs))
        before: list[Cell] = []
        try:
            rest = _merge_objects(b, o, t)
        except _Clash:
            rest = self._with_theirs(o, t)
            before = [self._marker("metadata", texts, where="the next cell")]
        results = _results(base, ours, theirs, source)
        merged: Cell = {**rest, **results, "source": ours.get("source", "")}
        order = [key for key in (*ours, *theirs) if key in merged]
        return [*before, with_source({key: merged[key] for key in order}, source)]

    def _merged_source(self, ours: Cell, texts: Sides) -> str | None:
        if texts.ours in (texts.theirs, texts.base):
            return texts.theirs
        if texts.theirs == texts.base:
            return texts.ours
        by_line = by_lines(texts, "") if texts.base else None
        language = "markdown" if ours["cell_type"] == "markdown" else self.language
        return self.merge_source(texts, language) if by_line is None else by_line

    def _with_theirs(self, ours: Cell, theirs: Cell) -> Cell:
        """Keep ours, and what theirs has otherwise where the person finds it."""
        metadata = ours.get("metadata")
        if not isinstance(metadata, dict):
            metadata = {}
        other = {k: v for k, v in theirs.items() if ours.get(k) != v}
        return {**ours, "metadata": {**metadata, MARK: {"conflict": "ours", "theirs": other}}}

    def _marker(self, what: str, texts: Sides, where: str = "") -> Cell:
        labels = self.sides.labels
        text = CONFLICT_TEXT[what].format(ours=labels.ours, theirs=labels.theirs, where=where)
        cell: Cell = {"cell_type": "markdown"}
        if self.with_ids:
            cell["id"] = f"{MARK}-{len(self.conflicts) + 1}"
        cell |= {"metadata": {MARK: {"conflict": "marker"}}, "source": [text]}
        texts = texts._replace(path=self.sides.path, labels=labels)
        self.conflicts.append((Conflict(texts, ("", ""), "cell", (1, 1)), cell))
        return cell


def _marked(cell: Cell, side: str) -> Cell:
    metadata = cell.get("metadata")
    known = metadata if isinstance(metadata, dict) else {}
    return {**cell, "metadata": {**known, MARK: {"conflict": side}}}


def _with_own_ids(cells: list[Cell]) -> list[Cell]:
    """Give a cell whose id stands already (the other version of one) an id of its own."""
    taken: set[str] = set()
    done: list[Cell] = []
    for cell in cells:
        name = cell.get("id")
        if isinstance(name, str):
            own, number = name, 2
            while own in taken:
                own, number = f"{name[:56]}-{number}", number + 1
            taken.add(own)
            cell = cell if own == name else {**cell, "id": own}
        done.append(cell)
    return done


def _results(base: Cell, ours: Cell, theirs: Cell, source: str) -> Cell:
    """Merge outputs and execution count; they go where they may not be this source's."""
    if "outputs" not in ours and "outputs" not in theirs:
        return {}
    kept = _outputs(base, ours, theirs, source)
    if kept is None:
        return {"execution_count": None, "outputs": []}
    counts = [cell.get("execution_count") for cell in (base, ours, theirs)]
    try:
        count = _merge_values(*counts)
    except _Clash:
        count = None
    return {"execution_count": count, "outputs": kept}


def _outputs(base: Cell, ours: Cell, theirs: Cell, source: str) -> Value:
    b, o, t = (cell.get("outputs", []) for cell in (base, ours, theirs))
    if o == t:
        return o if source in (source_of(ours), source_of(theirs)) or not o else None
    for mine, side, other in ((o, ours, t), (t, theirs, o)):
        if other == b and source == source_of(side):
            return mine
    return None


_MISSING = object()


def _merge_objects(base: Cell, ours: Cell, theirs: Cell) -> Cell:
    merged = _merge_values(base, ours, theirs)
    assert isinstance(merged, dict)
    return merged


def _merge_values(base: Value, ours: Value, theirs: Value, *, volatile: bool = False) -> Value:
    """Merge values by key.

    Raises:
        _Clash: both sides changed one differently.
    """
    if ours == theirs or theirs == base:
        return ours
    if ours == base:
        return theirs
    if not (isinstance(ours, dict) and isinstance(theirs, dict)):
        if volatile:
            return ours
        raise _Clash
    known = base if isinstance(base, dict) else {}
    merged: Cell = {}
    for key in (*ours, *(k for k in theirs if k not in ours)):
        b, o, t = (side.get(key, _MISSING) for side in (known, ours, theirs))
        drop = volatile or key in VOLATILE
        if key == "nbformat_minor" and isinstance(o, Number) and isinstance(t, Number):
            merged[key] = max(o, t, key=lambda n: float(n.digits))
            continue
        value = _merge_values(b, o, t, volatile=drop)  # type: ignore[arg-type]
        if value is not _MISSING:
            merged[key] = value
    return merged


def _placed(found: list[tuple[Conflict, Cell]], text: str, style: Style) -> tuple[Conflict, ...]:
    """Find the lines of the cells that say that something is left."""
    conflicts: list[Conflict] = []
    at = 0
    for conflict, cell in found:
        written = dump(cell, style, level=2)
        at = max(text.find(written, at), at)
        first = text.count("\n", 0, at) + 1
        conflicts.append(conflict._replace(span=(first, first + written.count("\n") + 1)))
        at += 1
    return tuple(conflicts)
