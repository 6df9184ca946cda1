"""What the history of a file says about a conflict in it: numbers, by name, absent where zero.

It asks what a person looks up before deciding: has one side already had the other's text and moved
on from it, who changed these lines last and how often, do both sides carry the same commits. All
names begin with "past"; those that speak of a side come in pairs that trade places when ours and
theirs do. Reading histories is `repository.history`; what the numbers are worth is learned.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from gitmerge_ai.repository.history import Change, FileHistory, SideHistory
from gitmerge_ai.text.markers import Region

Features = dict[str, float]

DAY = 86_400

# Characters of each side's versions that are searched; older ones than fit are left out.
SEARCHED = 1_000_000

# Histories that are kept ready, for one file's conflicts one after the other.
KEPT = 2


@dataclass(frozen=True, slots=True)
class _Version:
    """A text as it is searched: its lines less their indentation, as one text and as a set."""

    block: str
    lines: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Side:
    """One side's versions, newest first, and the changes that made them."""

    history: SideHistory
    versions: tuple[_Version, ...]
    subjects: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Past:
    """A history that is ready to be searched for many conflicts; `file` holds for all of them."""

    base: _Version
    ours: _Side
    theirs: _Side
    file: Features


@dataclass(frozen=True, slots=True)
class _Edit:
    """What one side did to a conflict: the changes of the file that touched it, newest first."""

    side: _Side
    block: str
    in_place: str
    added: frozenset[str]
    touching: tuple[Change, ...]


def past_features(
    history: FileHistory, region: Region, before: str = "", after: str = ""
) -> Features:
    """Say what a file's history tells about one of its conflicts.

    Args:
        history: of the file that the conflict is in; an empty one gives no features.
        region: the conflict.
        before, after: the clean text on either side of it; the nearest line of each is looked at.
    """
    if not (history.ours.changes or history.theirs.changes):
        return {}
    past = _prepared(history)
    around = _lines(before[-2000:])[-1:], _lines(after[:2000])[:1]
    base = frozenset(_lines(region.base or ""))
    ours = _edit(past, past.ours, region.ours, base, around)
    theirs = _edit(past, past.theirs, region.theirs, base, around)
    features = {"past known": 1.0} | past.file | _shared(ours, theirs)
    for name, own, other in (("ours", ours, theirs), ("theirs", theirs, ours)):
        features |= {f"past {name} {what}": value for what, value in _of(past, own, other).items()}
    return {name: value for name, value in features.items() if value}


@lru_cache(maxsize=KEPT)
def _prepared(history: FileHistory) -> _Past:
    base, ours, theirs = _version(history.base), _side(history.ours), _side(history.theirs)
    return _Past(base, ours, theirs, _of_file(base, ours, theirs))


def _of_file(base: _Version, ours: _Side, theirs: _Side) -> Features:
    """Say how much each side did to the whole file."""
    features = {"past file lines": math.log1p(len(base.lines))}
    for name, side, other in (("ours", ours, theirs), ("theirs", theirs, ours)):
        tip, others = (_tip(each, base) for each in (side, other))
        added, gone = tip - base.lines, base.lines - tip
        changed = [len(each ^ base.lines) + 1 for each in (tip, others)]
        features |= {
            f"past {name} file added": math.log1p(len(added)),
            f"past {name} file gone": math.log1p(len(gone)),
            f"past {name} file gone share": _share(gone, base.lines),
            f"past {name} file shared": _share(added & others, added),
            f"past {name} file part": changed[0] / sum(changed),
        }
    return features


def _side(history: SideHistory) -> _Side:
    sizes = accumulate(len(change.text) for change in history.changes)
    fitting = sum(size <= SEARCHED for size in sizes)
    return _Side(
        history=history,
        versions=tuple(_version(change.text) for change in history.changes[: max(1, fitting)]),
        subjects=frozenset(change.subject for change in history.changes if not change.merge),
    )


def _tip(side: _Side, base: _Version) -> frozenset[str]:
    """Give the lines of a side's newest version; of one that changed nothing, the base's."""
    return (side.versions[0] if side.versions else base).lines


def _version(text: str) -> _Version:
    lines = _lines(text)
    return _Version(_block(lines), frozenset(lines))


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text.split("\n")) if line]


def _block(lines: list[str]) -> str:
    """Join lines so that a search finds whole ones only."""
    return "\n" + "\n".join(lines) + "\n" if lines else ""


def _edit(
    past: _Past,
    side: _Side,
    text: str,
    base: frozenset[str],
    around: tuple[list[str], list[str]],
) -> _Edit:
    lines = _lines(text)
    added, gone = frozenset(lines) - base, base - frozenset(lines)
    states = [
        (version.lines & added, version.lines & gone) for version in (*side.versions, past.base)
    ]
    touching = tuple(
        change
        for change, (after, before) in zip(side.history.changes, pairwise(states), strict=False)
        if after != before
    )
    in_place = _block([*around[0], *lines, *around[1]]) if all(around) else ""
    return _Edit(side, _block(lines), in_place, added, touching)


def _of(past: _Past, own: _Edit, other: _Edit) -> Features:
    """Give the features that speak of one side."""
    tip, *older = other.side.versions or (past.base,)
    blocks = [block for block in (own.block, own.in_place) if block]
    gone = [block for block in blocks if block not in tip.block]
    stood = [block for block in gone if any(block in version.block for version in older)]
    new = own.added - past.base.lines
    dropped = frozenset[str]().union(*(version.lines for version in older)) - tip.lines
    last = own.touching[0].time if own.touching else 0
    last_of_other = other.touching[0].time if other.touching else 0
    history = own.side.history
    return {
        # The other side had this text since they parted, and has it no more.
        "stood": float(any(block not in past.base.block for block in stood)),
        # It had this text when they parted, at this place or another.
        "stood in base": float(any(block in past.base.block for block in gone)),
        # It has this text at another place, and did not have it when they parted.
        "stands elsewhere": float(own.block in tip.block and own.block not in past.base.block),
        "lines dropped by other": _share(new & dropped, own.added),
        "lines elsewhere in other": _share((new & tip.lines) - other.added, own.added),
        "commits": math.log1p(history.commits),
        "merges": math.log1p(history.merges),
        "changes of file": math.log1p(len(history.changes)),
        "changes of region": math.log1p(len(own.touching)),
        "touched last": _days(last - last_of_other) if last and last_of_other else 0.0,
        "tip later": _days(history.time - other.side.history.time),
        "settled": _days(history.time - last) if last else 0.0,
        "by merge": float(bool(own.touching) and own.touching[0].merge),
    }


def _shared(ours: _Edit, theirs: _Edit) -> Features:
    """Give the features that speak of both sides at once."""
    last = [edit.touching[0] for edit in (ours, theirs) if edit.touching]
    versions = [{version.block for version in edit.side.versions} for edit in (ours, theirs)]
    fewer, more = sorted((ours.side.subjects, theirs.side.subjects), key=len)
    return {
        "past same author": float(len(last) == 2 and last[0].author == last[1].author),
        "past same subjects": _share(fewer & more, fewer),
        "past same version": float(bool(versions[0] & versions[1])),
    }


def _share(part: frozenset[str], of: frozenset[str]) -> float:
    return len(part) / len(of) if of else 0.0


def _days(seconds: int) -> float:
    return math.log1p(max(0, seconds) / DAY)
