"""Mined conflicts as a model learns from them, laid out in arrays.

`prepare` does the slow part once for each repository and keeps it in one compressed file of plain
arrays; `load` puts repositories together. Making the examples is `examples`'.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gitmerge_ai.resolving.knowledge import decided as decisions
from gitmerge_ai.resolving.knowledge import habits
from gitmerge_ai.resolving.ranking.boosting import absent
from gitmerge_ai.resolving.ranking.features import Features
from gitmerge_ai.resolving.ranking.reading import PLACES, Pieces, side_of
from gitmerge_ai.training.learning.examples import Example, examples
from gitmerge_ai.training.mining import records

FORMAT = 2
"""Raised when what is kept changes its meaning: files of another format are prepared again."""

# Of so many options, one must have a feature for it to get a column.
RAREST = 800

Rows = Callable[[Example], Sequence[Features]]

OF_CONFLICT: Mapping[str, Rows] = {
    "facts": lambda one: (one.facts,),
    "decided": lambda one: (one.decided,),
    "partly": lambda one: (one.partly,),
}
"""Features that all options of a conflict share; each kind may be hidden."""

OF_LABEL: Mapping[str, tuple[str, int, Rows]] = {
    "agrees decided": (
        "labels",
        len(decisions.LABELS),
        lambda one: [decisions.agreement(label, one.decided) for label in decisions.LABELS],
    ),
    "agrees partly": (
        "labels",
        len(decisions.LABELS),
        lambda one: [decisions.agreement(label, one.partly) for label in decisions.LABELS],
    ),
    "usual": (
        "outcomes",
        len(habits.OUTCOMES),
        lambda one: [habits.agreement(outcome, one.facts) for outcome in habits.OUTCOMES],
    ),
}
"""Features that options share by what they take: by which of their numbers, of how many kinds."""

KINDS: Mapping[str, Rows] = {
    "options": lambda one: one.options,
    **OF_CONFLICT,
    **{kind: rows for kind, (_, _, rows) in OF_LABEL.items()},
}
"""All features that are kept, by kind."""

COMPARING = frozenset({*(f"agrees {scope}" for scope in decisions.AGREES), "habit agrees"})
"""The features of `OF_LABEL`."""


def prepared(file: Path) -> Path:
    """Say where a mined file's examples are kept: beside it."""
    return file.with_name(file.name.removesuffix(records.SUFFIX) + ".npz")


def mined_of(file: Path) -> Path:
    """Say from which mined file examples come: what `prepared` was given."""
    return file.with_name(file.name.removesuffix(".npz") + records.SUFFIX)


def save(found: Sequence[Example], file: Path) -> None:
    """Write examples as compressed arrays.

    Args:
        found: the examples.
        file: where to; a name that ends with `.npz`.
    """
    names: dict[str, int] = {}
    arrays: dict[str, Any] = {
        "format": np.array(FORMAT),
        "sizes": np.array([len(one.options) for one in found], np.int64),
        "right": np.array([one.right for one in found], np.int64),
        "ours": np.array([one.ours for one in found], np.int64),
        "theirs": np.array([one.theirs for one in found], np.int64),
        "patterns": np.array(
            [(*one.patterns, *(-2,) * (PLACES - len(one.patterns))) for one in found], np.int8
        ).reshape(len(found), PLACES),
    }
    for name in ("labels", "outcomes"):
        arrays[name] = np.array([n for one in found for n in getattr(one, name)], np.int8)
    for kind, rows_of in KINDS.items():
        rows = [row for one in found for row in rows_of(one)]
        ends = np.cumsum([0, *map(len, rows)])
        columns = [names.setdefault(name, len(names)) for row in rows for name in row]
        arrays[f"{kind} ends"] = ends
        arrays[f"{kind} columns"] = np.array(columns, np.int16)
        arrays[f"{kind} values"] = np.array([v for row in rows for v in row.values()], np.float32)
    readings = [one.reading for one in found]
    arrays["piece ends"] = np.cumsum([0, *(len(one.pieces) for one in readings)])
    arrays["pieces"] = np.array([n for one in readings for n in one.pieces], np.int32)
    arrays["edits"] = np.array([n for one in readings for n in one.edits], np.int8)
    arrays["at"] = np.array([n for one in readings for n in one.at], np.int16)
    arrays["word ends"] = np.cumsum([0, *(len(one.changed) for one in readings)])
    arrays["word sides"] = np.array([side_of(w) for one in readings for w in one.changed], np.int8)
    arrays["word places"] = np.array([w.place for one in readings for w in one.changed], np.int8)
    arrays["follow ends"] = np.cumsum([0, *(one.follows.size for one in found)])
    flat = [one.follows.ravel() for one in found]
    arrays["follows"] = np.concatenate(flat) if flat else np.zeros(0, np.bool_)
    facts = [[one.repository, one.merge, one.time, one.path, one.language] for one in found]
    arrays["about"] = np.array(json.dumps({"names": list(names), "examples": facts}))
    np.savez_compressed(file, **arrays)


def prepare(file: Path, cut: Pieces) -> int:
    """Make a mined file's examples and keep them, unless that is done.

    Args:
        file: what `mine` wrote.
        cut: what cuts words into pieces.

    Returns:
        How many examples there are.
    """
    out = prepared(file)
    if out.exists() and out.stat().st_mtime >= file.stat().st_mtime:
        with np.load(out) as kept:
            if "format" in kept and int(kept["format"]) == FORMAT:
                return len(kept["sizes"])
    found = list(examples(file, cut))
    part = out.with_name(f"part-{out.name}")
    save(found, part)
    part.replace(out)
    return len(found)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Conflicts of several repositories, laid out side by side.

    `table` has a row for each option of each conflict, those of one conflict together; `facts`,
    `decided` and `partly` a row for each conflict, in the same columns, with "not a number" for
    what is not known. `compared` has, by kind, a row for each option in the columns that
    `comparing` numbers; `labels` says what each option takes, -1 for none of these. `about` tells
    each conflict's repository, merge, time, path and language.
    """

    columns: list[str]
    sizes: NDArray[np.int64]
    right: NDArray[np.int64]
    ours: NDArray[np.int64]
    theirs: NDArray[np.int64]
    patterns: NDArray[np.int8]
    labels: NDArray[np.int8]
    table: NDArray[np.float32]
    facts: NDArray[np.float32]
    decided: NDArray[np.float32]
    partly: NDArray[np.float32]
    comparing: NDArray[np.int64]
    compared: Mapping[str, NDArray[np.float32]]
    inputs: list["Input"]
    about: list[tuple[str, str, int, str, str]]

    def __len__(self) -> int:
        return len(self.sizes)


@dataclass(frozen=True, slots=True)
class Input:
    """What the encoder gets of one conflict, as `Example` and `Reading` have it."""

    pieces: NDArray[np.int32]
    edits: NDArray[np.int8]
    at: NDArray[np.int16]
    sides: NDArray[np.int8]
    places: NDArray[np.int8]
    follows: NDArray[np.bool_]


def load(files: Sequence[Path], columns: Sequence[str] | None = None) -> Dataset:
    """Put prepared repositories together.

    Args:
        files: what `prepare` wrote.
        columns: the features to lay out; those seen in enough options where none are given.
    """
    kept = [dict(np.load(file)) for file in files]
    abouts = [json.loads(str(one.pop("about"))) for one in kept]
    names = list(columns) if columns is not None else _common(kept, abouts)
    places = {name: at for at, name in enumerate(names)}
    comparing = [name for name in names if name in COMPARING]
    tables: dict[str, list[NDArray[np.float32]]] = {}
    inputs: list[Input] = []
    about: list[tuple[str, str, int, str, str]] = []
    for one, facts in zip(kept, abouts, strict=True):
        to = np.array([places.get(name, -1) for name in facts["names"]] or [-1])
        for kind in ("options", *OF_CONFLICT):
            tables.setdefault(kind, []).append(_dense(one, kind, to, names))
        for kind in OF_LABEL:
            tables.setdefault(kind, []).append(_compared(one, kind, facts["names"], comparing))
        inputs += _inputs(one)
        about += [tuple(row) for row in facts["examples"]]
    joined = {
        name: np.concatenate([one[name] for one in kept])
        for name in ("sizes", "right", "ours", "theirs", "patterns", "labels")
    }
    dense = {kind: np.concatenate(rows) for kind, rows in tables.items()}
    return Dataset(
        columns=names,
        table=dense["options"],
        facts=dense["facts"],
        decided=dense["decided"],
        partly=dense["partly"],
        comparing=np.array([places[name] for name in comparing], np.int64),
        compared={kind: dense[kind] for kind in OF_LABEL},
        inputs=inputs,
        about=about,
        **joined,
    )


def _common(kept: Sequence[dict[str, Any]], abouts: Sequence[dict[str, Any]]) -> list[str]:
    seen: dict[str, int] = {}
    least = sum(int(one["sizes"].sum()) for one in kept) / RAREST
    for one, facts in zip(kept, abouts, strict=True):
        for kind in ("options", "facts", "decided", "agrees decided", "usual"):
            counts = np.bincount(one[f"{kind} columns"], minlength=len(facts["names"]))
            for name, count in zip(facts["names"], counts.tolist(), strict=True):
                seen[name] = seen.get(name, 0) + count
    return sorted(name for name, count in seen.items() if count >= least)


def _dense(
    one: dict[str, Any], kind: str, to: NDArray[np.int64], names: Sequence[str]
) -> NDArray[np.float32]:
    ends = one[f"{kind} ends"]
    blank = [absent(name) if kind == "options" else np.nan for name in names]
    table = np.tile(np.array(blank, np.float32), (len(ends) - 1, 1))
    rows = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
    columns = to[one[f"{kind} columns"]]
    known = columns >= 0
    table[rows[known], columns[known]] = one[f"{kind} values"][known]
    return table


def _compared(
    one: dict[str, Any], kind: str, known: Sequence[str], comparing: Sequence[str]
) -> NDArray[np.float32]:
    """Lay out for each option what holds for all that take the same of their conflict."""
    number, count, _ = OF_LABEL[kind]
    to = np.array([comparing.index(name) if name in comparing else -1 for name in known] or [-1])
    rows = _dense(one, kind, to, comparing)
    label = one[number].astype(np.int64)
    conflict = np.repeat(np.arange(len(one["sizes"])), one["sizes"])
    found: NDArray[np.float32] = rows[conflict * count + np.maximum(label, 0)]
    found[label < 0] = np.nan
    return found


def _inputs(one: dict[str, Any]) -> Iterator[Input]:
    for at, size in enumerate(one["sizes"].tolist()):
        piece = slice(*one["piece ends"][at : at + 2].tolist())
        word = slice(*one["word ends"][at : at + 2].tolist())
        follow = slice(*one["follow ends"][at : at + 2].tolist())
        yield Input(
            one["pieces"][piece],
            one["edits"][piece],
            one["at"][piece],
            one["word sides"][word],
            one["word places"][word],
            one["follows"][follow].reshape(size, -1),
        )


def seen_with(data: Dataset, *, facts: NDArray[np.bool_], decided: str = "") -> NDArray[np.float32]:
    """Lay the options out with what is known beside the texts.

    Args:
        data: the conflicts.
        facts: what is known of each conflict's history and habits, as `known` gives it.
        decided: which of the merge's other decisions are known: "" for none, "partly", "decided"
            for all.

    Returns:
        Shape (options in all, columns).
    """
    table = data.table.copy()
    seen = np.where(facts, data.facts, np.nan)
    for rows in (seen, getattr(data, decided)) if decided else (seen,):
        _lay(table, np.repeat(rows, data.sizes, axis=0), slice(None))
    usual = np.repeat(facts[:, data.comparing], data.sizes, axis=0)
    _lay(table, np.where(usual, data.compared["usual"], np.nan), data.comparing)
    if decided:
        _lay(table, data.compared[f"agrees {decided}"], data.comparing)
    return table


def _lay(
    table: NDArray[np.float32], rows: NDArray[np.float32], columns: slice | NDArray[np.int64]
) -> None:
    """Put what is known over some columns of a table."""
    part = table[:, columns]
    there = ~np.isnan(rows)
    part[there] = rows[there]
    table[:, columns] = part


def known(
    data: Dataset, *, history: NDArray[np.bool_] | bool, habits: NDArray[np.bool_] | bool
) -> NDArray[np.bool_]:
    """Say which of each conflict's facts are known.

    Args:
        data: the conflicts.
        history: whose file's history is, or whether all are.
        habits: for whose repository earlier merges are.

    Returns:
        Shape (conflicts, columns).
    """
    of_habits = np.array([name.startswith("habit") for name in data.columns])
    whose = [np.broadcast_to(np.asarray(one), len(data)) for one in (history, habits)]
    return np.where(of_habits[None], whose[1][:, None], whose[0][:, None])
