"""How paths are said in messages: which of their steps, and whether the ending of a name is.

Where an earlier message says `esp32/modmachine` of `ports/esp32/modmachine.c`, what a change of
`ports/rp2/machine_pin.c` is about may be said as `rp2/machine_pin`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

MOST = 20
"""Paths of a change that are looked at."""


class Form(NamedTuple):
    """The part of a path that is said: steps from the first one on, and how.

    first: the number of the first step that is said, -1 for the last one of all.
    steps: how many folders are said; 0 where it is all to the end.
    is_bare: whether the name's ending is left out.
    """

    first: int
    steps: int
    is_bare: bool


def forms(word: str, paths: Sequence[str]) -> set[Form]:
    """Tell in which forms a word is a part of some paths.

    Args:
        word: as `core` gives it.
        paths: of the change whose message said it.
    """
    return {form for path in paths[:MOST] for form in _forms(word, path.lower())}


def _forms(word: str, path: str) -> Iterator[Form]:
    if word not in path:
        return
    steps = path.split("/")
    for first in range(len(steps)):
        rest = "/".join(steps[first:])
        is_name = first == len(steps) - 1
        if word in (rest, _bare(rest)):
            yield Form(-1 if is_name else first, 0, word != rest)
        elif rest.startswith(f"{word}/"):
            yield Form(first, word.count("/") + 1, False)


def said(found: Iterable[Form], paths: Sequence[str]) -> list[tuple[str, float]]:
    """Say the paths of a change in some forms: each part, and what share of them it is.

    Args:
        found: the forms, each of which counts the same.
        paths: of the change.
    """
    parts = Counter(part for form in found for path in paths[:MOST] if (part := _said(form, path)))
    return [(part, count / parts.total()) for part, count in parts.most_common()]


def _said(form: Form, path: str) -> str:
    """Give a path in a form, "" where it has too few steps for it."""
    steps = path.split("/")
    if form.steps:
        last = form.first + form.steps
        return "/".join(steps[form.first : last]) if last < len(steps) else ""
    rest = "/".join(steps[form.first :])
    return _bare(rest) if form.is_bare else rest


def parts(paths: Iterable[str]) -> Iterator[str]:
    """Give whatever may be said of paths: all steps that follow each other, names also bare."""
    for path in paths:
        steps = path.split("/")
        for first in range(len(steps)):
            rest = "/".join(steps[first:])
            yield from (rest, _bare(rest))
            yield from ("/".join(steps[first:last]) for last in range(len(steps) - 1, first, -1))


def _bare(path: str) -> str:
    """Leave out the ending of the name: of a name that begins with a stop that is all of it."""
    folder, slash, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    return f"{folder}{slash}{stem}" if stem else path
