"""What a note on an individual says: one event a line, as JSON; and what becomes of two notes.

A note is a set of lines. Two clones' notes of one individual become one by the union of their
lines, so it does not matter who wrote first, or how often; what is known of an individual is the
fold of its events in the order of their time (a state-based CRDT: Shapiro et al., "Conflict-free
Replicated Data Types", 2011). A line that is not JSON, as `git notes append` writes it, counts as
a comment; one that is broken is kept and does not count.

| event | facts |
|---|---|
| `born` | generation, island, agent, operator, summary |
| `scored`, `validated` | outcome, scores, behaviour, seconds, feedback |
| `spent` | tokens, money |
| `placed`, `removed` | ref, was, move: of the population; the move is the how manieth of that ref |
| `promoted`, `pruned` | by |
| `comment` | by, text |
"""

import json
import math
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeGuard

Event = Mapping[str, Any]
"""A kind (`event`), a time in seconds since 1970, and the facts of its kind."""

TICK = 0.001
"""Seconds by which two events differ at least, to be told apart."""

_MOST = 1 << 64
"""Integers beyond this are no numbers of ours, and may be too large for a float."""


def event(kind: str, **facts: Any) -> Event:
    """Make an event of now.

    Args:
        kind: of the event.
        facts: that belong to it; what JSON can say.
    """
    return {"event": kind, "time": round(time.time(), 3), **facts}


def after(known: Iterable[Event], said: Iterable[Event]) -> list[Event]:
    """Give events as later than others, whatever the clock says: of decisions the last one counts.

    So two clocks may differ, and one may go back (as in a hybrid logical clock: Kulkarni et al.,
    "Logical Physical Clocks", 2014).

    Args:
        known: events on an individual.
        said: new ones on it.
    """
    last = max((float(each["time"]) for each in known if each["time"] < math.inf), default=0.0)
    return [one if one["time"] > last else {**one, "time": round(last + TICK, 3)} for one in said]


def text(events: Iterable[Event]) -> bytes:
    """Write events as lines of a note."""
    return b"".join(f"{json.dumps(each)}\n".encode() for each in events)


def union(*notes: bytes) -> bytes:
    """Give the note with all the lines of several, each once, in the order of their time."""
    lines = {line for note in notes for line in note.splitlines() if line.strip()}
    return b"".join(line + b"\n" for _, line in sorted((_time(line), line) for line in lines))


def read(note: bytes) -> tuple[Event, ...]:
    """Read the events of a note, in the order of their time."""
    lines = sorted((_time(line), line) for line in set(note.splitlines()) if line.strip())
    return tuple(found for _, line in lines if (found := _event(line)) is not None)


@lru_cache(maxsize=1024)  # a line is looked at several times on its way into a note
def _event(line: bytes) -> Event | None:
    if not line.lstrip().startswith(b"{"):
        said = line.decode("utf-8", "replace").strip()
        return {"event": "comment", "time": math.inf, "by": "", "text": said}
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("event"), str):
        return None
    when = found.get("time")
    return found if is_number(when) and not math.isnan(when) else None


def is_number(value: object) -> TypeGuard[float]:
    """Say whether what JSON gave can be taken for a number as floats are."""
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) < _MOST
    return isinstance(value, float)


def _time(line: bytes) -> float:
    found = _event(line)
    return math.inf if found is None else float(found["time"])
