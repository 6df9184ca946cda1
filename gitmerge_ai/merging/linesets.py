"""Files that are sets of lines: requirements, ignore lists, INI files, changelogs and their like.

Such files have no grammar, or one that says less than the lines do. A rule tells which lines are
members and what names them; members that only one side added, changed or deleted are settled, and
anything else is left. It works on one conflict of git's line merge at a time.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from gitmerge_ai.merging.linerules import LineSetRule, Unit, read
from gitmerge_ai.text.lines import split

Key = tuple[tuple[str, ...], str]

LONG_ENTRY = 20
"""Characters from which on two equal entries are no coincidence."""


def resolve_region(
    rule: LineSetRule, base: str, ours: str, theirs: str, *, before: str = "", after: str = ""
) -> str | None:
    """Resolve one conflict of git's line merge.

    Args:
        rule: how the file's lines are to be taken.
        base, ours, theirs: the three versions of the region, whole lines each.
        before, after: clean lines around it, which show whether the file is sorted.

    Returns:
        The lines to put in its place, or None to leave it.
    """
    versions = [read(rule, text) for text in (base, ours, theirs)]
    if any(version is None for version in versions):
        return None
    b, o, t = (_Version(version) for version in versions if version is not None)
    around = _is_sorted(rule, before, after, o, t) if rule.sort else False
    keys = _merge_keys(rule, b, o, t, in_order=around)
    if keys is None or not _in_their_sections(keys, b, o, t):
        return None
    text = _write(rule, keys, b, o, t)
    ends = [side.endswith("\n") or not side for side in (base, ours, theirs)]
    if _choose(ends[0], ends[1], ends[2]):
        return text
    return text.removesuffix("\n").removesuffix("\r")


class _Version:
    """One version of a region: its units in order and by key, and the blank lines at its end."""

    def __init__(self, found: tuple[Sequence[Unit], str]) -> None:
        self.units, self.tail = found
        self.keys = [unit.key for unit in self.units]
        self.by_key = {unit.key: unit for unit in self.units}

    @property
    def has_doubles(self) -> bool:
        return len(self.by_key) < len(self.units)

    def text(self, key: Key) -> str | None:
        """What stands for a member, white space at line ends left out."""
        unit = self.by_key.get(key)
        return None if unit is None else re.sub(r"[ \t\r]*\n", "\n", unit.text)

    def before(self, key: Key) -> Unit | None:
        at = self.keys.index(key)
        return self.units[at - 1] if at else None


def _choose(base: bool, ours: bool, theirs: bool) -> bool:
    return theirs if ours == base else ours


def _merge_keys(
    rule: LineSetRule, b: _Version, o: _Version, t: _Version, *, in_order: bool
) -> list[Key] | None:
    """Say which members the result has, in order."""
    if any(version.has_doubles for version in (b, o, t)):
        return None
    if any(_contradicts(b.text(k), o.text(k), t.text(k)) for k in {*b.keys, *o.keys, *t.keys}):
        return None
    new_ours = [k for k in o.keys if k not in b.by_key]
    new_theirs = [k for k in t.keys if k not in b.by_key and k not in o.by_key]
    gone = any(k not in o.by_key and k not in t.by_key for k in b.keys)
    if gone and new_theirs and any(k not in t.by_key for k in new_ours) and not rule.independent:
        return None  # both replaced one line, each by another
    if _repeat(o, t, new_ours, new_theirs):
        return None
    common = [k for k in o.keys if k in t.by_key]
    if common != [k for k in t.keys if k in o.by_key]:
        return None
    merged = [k for k in o.keys if k in t.by_key or k not in b.by_key]
    before: Key | None = None
    for key in t.keys:
        if key in new_theirs:
            at = merged.index(before) + 1 if before is not None else 0
            while at < len(merged) and merged[at] in new_ours and merged[at] not in t.by_key:
                if not _is_behind(rule, o.by_key[merged[at]], t.by_key[key], in_order=in_order):
                    break
                at += 1
            merged.insert(at, key)
        if key in merged:
            before = key
    return merged


def _repeat(o: _Version, t: _Version, new_ours: list[Key], new_theirs: list[Key]) -> bool:
    """Whether both sides added one entry under two headings: the headings are one, renamed."""
    by_ours = {o.by_key[k].text.strip() for k in new_ours if k not in t.by_key}
    by_theirs = {t.by_key[k].text.strip() for k in new_theirs}
    return any(len(text) >= LONG_ENTRY for text in by_ours & by_theirs)


def _contradicts(base: str | None, ours: str | None, theirs: str | None) -> bool:
    """Whether both sides made something of a member, and not the same."""
    return ours != theirs and base not in (ours, theirs)


def _is_behind(rule: LineSetRule, ours: Unit, theirs: Unit, *, in_order: bool) -> bool:
    """Whether an addition of theirs stands behind one of ours at the same place."""
    section, name = theirs.key
    if theirs.heads:
        return ours.key[0][: len(section)] == section
    if ours.heads or ours.key[0] != section:
        return False
    return not in_order or rule.order(ours.key[1]) <= rule.order(name)


def _in_their_sections(keys: list[Key], b: _Version, o: _Version, t: _Version) -> bool:
    """Whether every member stands under the heading that it stood under."""
    units = {**b.by_key, **t.by_key, **o.by_key}
    at: tuple[str, ...] = ()
    for key in keys:
        unit = units[key]
        if unit.heads:
            at = unit.heads
        elif unit.key[0] != at:
            return False
    return True


def _is_sorted(rule: LineSetRule, before: str, after: str, o: _Version, t: _Version) -> bool:
    """Whether the members around the region, and each side's own in it, stand in order."""
    above = _block(rule, split(before)[::-1])[::-1]
    below = _block(rule, split(after))
    if len(above) + len(below) < 2:
        return False
    for version in (o, t):
        names = [rule.order(n) for n in (*above, *(name for _, name in version.keys), *below)]
        if any(first > second for first, second in pairwise(names)):
            return False
    return True


def _block(rule: LineSetRule, lines: list[str]) -> list[str]:
    """Name the members that stand together, up to a line that is none."""
    names: list[str] = []
    for line in lines:
        found = read(rule, line)
        if found is None or len(found[0]) != 1 or found[0][0].heads:
            break
        names.append(found[0][0].key[1])
    return names


def _write(rule: LineSetRule, keys: list[Key], b: _Version, o: _Version, t: _Version) -> str:
    written: list[str] = []
    previous: Unit | None = None
    for key in keys:
        mine, yours = o.by_key.get(key), t.by_key.get(key)
        unit = yours if mine is None or (yours and o.text(key) == b.text(key)) else mine
        assert unit is not None
        written.append(_lead(rule, unit, previous, b, o, t) + unit.text)
        previous = unit
    tails = (b.tail, o.tail, t.tail)
    return "".join(written) + (tails[2] if tails[1] == tails[0] else tails[1])


def _lead(
    rule: LineSetRule, unit: Unit, previous: Unit | None, b: _Version, o: _Version, t: _Version
) -> str:
    """Find the blank lines before a unit, which may have got another one before it."""
    if previous is None:
        return (o.units or t.units)[0].lead
    home = o if unit.key in o.by_key else t
    usual = home.before(unit.key)
    if usual is None and rule.heading is None:
        return unit.lead
    if usual is not None and bool(usual.heads) == bool(previous.heads):
        return unit.lead
    return _usual_lead(unit, previous, b, o, t)


def _usual_lead(unit: Unit, previous: Unit, b: _Version, o: _Version, t: _Version) -> str:
    """Do as the versions do where such a unit follows such another."""
    for version in (o, t, b):
        for first, second in pairwise(version.units):
            if (bool(first.heads), bool(second.heads)) == (bool(previous.heads), bool(unit.heads)):
                return second.lead
    return (o.tail or t.tail or unit.lead or "\n") if unit.heads else ""
