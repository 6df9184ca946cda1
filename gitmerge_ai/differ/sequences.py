"""Alignment of two and three sequences of hashable things: lines, tokens, children.

Patience diff (unique common elements first, after Bram Cohen) narrows the work to small gaps, which
the O(ND) algorithm of Myers (1986) settles. `diff3` is the algorithm of Khanna, Kunal and Pierce
(2007): maximal stretches that both sides keep are stable, and what lies between is a chunk.

Its values are named tuples, which take a third of the time that dataclasses take.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from enum import Enum
from itertools import compress
from operator import ne
from typing import NamedTuple

Pairs = list[tuple[int, int]]

# Beyond this many differences a gap is taken as wholly replaced: the alignment of two texts that
# have next to nothing in common says nothing, and its cost is quadratic.
MOST_DIFFERENCES = 200


class Change(Enum):
    """Who changed a chunk of the base."""

    NOBODY = "nobody"
    OURS = "ours"
    THEIRS = "theirs"
    ALIKE = "alike"
    BOTH = "both"


class Chunk(NamedTuple):
    """One stretch of three aligned sequences, as half-open index ranges."""

    change: Change
    base: range
    ours: range
    theirs: range


def matches(a: Sequence[Hashable], b: Sequence[Hashable]) -> Pairs:
    """Align two sequences.

    Returns:
        Pairs of indices of equal elements, increasing in both.
    """
    # Most of what is compared is alike at both ends.
    most = min(len(a), len(b))
    head = next(compress(range(most), map(ne, a, b)), most)
    most -= head
    tail = next(compress(range(most), map(ne, reversed(a), reversed(b))), most)
    found: Pairs = [(at, at) for at in range(head)]
    found += zip(range(len(a) - tail, len(a)), range(len(b) - tail, len(b)), strict=True)
    work = [(head, len(a) - tail, head, len(b) - tail)]
    while work:
        a_low, a_high, b_low, b_high = work.pop()
        while a_low < a_high and b_low < b_high and a[a_low] == b[b_low]:
            found.append((a_low, b_low))
            a_low, b_low = a_low + 1, b_low + 1
        while a_low < a_high and b_low < b_high and a[a_high - 1] == b[b_high - 1]:
            a_high, b_high = a_high - 1, b_high - 1
            found.append((a_high, b_high))
        if a_low == a_high or b_low == b_high:
            continue
        anchors = _unique_anchors(a, b, a_low, a_high, b_low, b_high)
        if not anchors:
            found.extend(_gap(a, b, range(a_low, a_high), range(b_low, b_high)))
            continue
        previous = (a_low, b_low)
        for i, j in anchors:
            found.append((i, j))
            work.append((previous[0], i, previous[1], j))
            previous = (i + 1, j + 1)
        work.append((previous[0], a_high, previous[1], b_high))
    found.sort()
    return found


def _gap(a: Sequence[Hashable], b: Sequence[Hashable], in_a: range, in_b: range) -> Pairs:
    """Align a gap; what only one side has is left out first, since it can match nothing."""
    had_a, had_b = {a[i] for i in in_a}, {b[j] for j in in_b}
    left_a = [i for i in in_a if a[i] in had_b]
    left_b = [j for j in in_b if b[j] in had_a]
    pairs = _myers([a[i] for i in left_a], [b[j] for j in left_b])
    return [(left_a[p], left_b[q]) for p, q in pairs]


def _unique_anchors(
    a: Sequence[Hashable], b: Sequence[Hashable], a_low: int, a_high: int, b_low: int, b_high: int
) -> Pairs:
    """Find elements that occur once in either range, as a longest increasing run of pairs."""
    in_a = Counter(a[a_low:a_high])
    in_b = Counter(b[b_low:b_high])
    place = {b[j]: j for j in range(b_low, b_high) if in_b[b[j]] == 1}
    pairs = [(i, place[a[i]]) for i in range(a_low, a_high) if in_a[a[i]] == 1 and a[i] in place]
    return increasing(pairs)


def increasing(pairs: Pairs) -> Pairs:
    """Give a longest run of `pairs`, sorted by the first index, that increases in the second."""
    tails: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    for at, (_, j) in enumerate(pairs):
        pile = bisect_left(tails, j)
        before.append(tops[pile - 1] if pile else -1)
        if pile == len(tails):
            tails.append(j)
            tops.append(at)
        else:
            tails[pile] = j
            tops[pile] = at
    run: Pairs = []
    at = tops[-1] if tops else -1
    while at >= 0:
        run.append(pairs[at])
        at = before[at]
    return run[::-1]


def _myers(a: Sequence[Hashable], b: Sequence[Hashable]) -> Pairs:
    """Give the longest common subsequence, or nothing past `MOST_DIFFERENCES`."""
    n, m = len(a), len(b)
    most = min(n + m, MOST_DIFFERENCES)
    if _least_differences(a, b) > most or set(a).isdisjoint(b):
        return []
    # How far each diagonal reaches; those below zero count from the list's end, as indices do.
    furthest = [0] * (2 * most + 3)
    trail: list[list[int]] = []
    for cost in range(most + 1):
        trail.append(furthest[:])
        for k in range(-cost, cost + 1, 2):
            above, below = furthest[k - 1], furthest[k + 1]
            x = below if k == -cost or (k != cost and above < below) else above + 1
            y = x - k
            while x < n and y < m and a[x] == b[y]:
                x += 1
                y += 1
            furthest[k] = x
            if x >= n and y >= m:
                return _walk_back(trail, n, m)
    return []


def _least_differences(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """Count what one has and the other has not, wherever it stands."""
    if len(a) + len(b) <= MOST_DIFFERENCES:
        return 0
    return len(a) + len(b) - 2 * (Counter(a) & Counter(b)).total()


def _walk_back(trail: list[list[int]], x: int, y: int) -> Pairs:
    pairs: Pairs = []
    for cost in range(len(trail) - 1, -1, -1):
        furthest = trail[cost]
        k = x - y
        down = k == -cost or (k != cost and furthest[k - 1] < furthest[k + 1])
        before = k + 1 if down else k - 1
        start_x = furthest[before]
        start_y = start_x - before
        middle = start_x if down else start_x + 1
        while x > middle and y > middle - k:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        if cost == 0:
            break
        x, y = start_x, start_y
    pairs.reverse()
    return pairs


def diff3(
    base: Sequence[Hashable],
    ours: Sequence[Hashable],
    theirs: Sequence[Hashable],
    *,
    adjacent: bool = False,
) -> list[Chunk]:
    """Align three sequences.

    Args:
        base, ours, theirs: the sequences.
        adjacent: whether changes of the two sides that touch, but do not overlap, are told apart:
            an addition next to a replacement, or two replacements side by side. Two additions at
            one place always are one chunk.

    Returns:
        Chunks that cover all three from start to end, in order.
    """
    by_ours = _hunks(base, ours)
    by_theirs = _hunks(base, theirs)
    chunks: list[Chunk] = []
    at = _Place(0, 0, 0)
    for cluster in _clusters(by_ours, by_theirs, adjacent=adjacent):
        low, high = cluster.low, cluster.high
        chunks.extend(_stable(at, low - at.base))
        start = at.after(low - at.base)
        end = _Place(
            high,
            start.ours + (high - low) + sum(h.growth for h in cluster.ours),
            start.theirs + (high - low) + sum(h.growth for h in cluster.theirs),
        )
        change = _who(base, ours, theirs, start, end, cluster)
        chunks.append(
            Chunk(
                change,
                range(start.base, end.base),
                range(start.ours, end.ours),
                range(start.theirs, end.theirs),
            )
        )
        at = end
    chunks.extend(_stable(at, len(base) - at.base))
    return chunks


class _Hunk(NamedTuple):
    """A stretch of the base that one side replaced, `low == high` for an addition.

    An addition or deletion between elements that repeat in it could as well stand a little higher
    or lower; `first` to `last` is the stretch that it could touch.
    """

    low: int
    high: int
    size: int
    first: int
    last: int

    @property
    def growth(self) -> int:
        return self.size - (self.high - self.low)


class _Cluster(NamedTuple):
    """Hunks of both sides that have to be looked at together."""

    low: int
    high: int
    ours: tuple[_Hunk, ...]
    theirs: tuple[_Hunk, ...]


class _Place(NamedTuple):
    base: int
    ours: int
    theirs: int

    def after(self, count: int) -> "_Place":
        return _Place(self.base + count, self.ours + count, self.theirs + count)


def _stable(at: _Place, count: int) -> Iterator[Chunk]:
    end = at.after(count)
    if count:
        yield Chunk(
            Change.NOBODY,
            range(at.base, end.base),
            range(at.ours, end.ours),
            range(at.theirs, end.theirs),
        )


def _hunks(base: Sequence[Hashable], side: Sequence[Hashable]) -> list[_Hunk]:
    hunks = []
    i = j = 0
    for p, q in [*matches(base, side), (len(base), len(side))]:
        if i < p or j < q:
            up, down = _room(base, i, p, side, j, q)
            hunks.append(_Hunk(i, p, q - j, i - up, p + down))
        i, j = p + 1, q + 1
    return hunks


def _room(
    base: Sequence[Hashable], i: int, p: int, side: Sequence[Hashable], j: int, q: int
) -> tuple[int, int]:
    """Count how far an addition or deletion could slide up and down."""
    if i < p and j < q:
        return 0, 0
    text, low, high = (side, j, q) if i == p else (base, i, p)
    up = down = 0
    while low - up > 0 and i - up > 0 and text[low - up - 1] == text[high - up - 1]:
        up += 1
    while (
        high + down < len(text) and p + down < len(base) and text[low + down] == text[high + down]
    ):
        down += 1
    return up, down


def _clusters(
    by_ours: list[_Hunk], by_theirs: list[_Hunk], *, adjacent: bool
) -> Iterator[_Cluster]:
    """Group hunks of the two sides that overlap, or touch where that is not told apart."""
    groups: list[_Cluster] = []
    rest = list(by_theirs)
    start = 0
    for hunk in by_ours:
        while start < len(rest) and rest[start].last < hunk.first:
            groups.append(_Cluster(rest[start].low, rest[start].high, (), (rest[start],)))
            start += 1
        stop = start
        while stop < len(rest) and rest[stop].first <= hunk.last:
            stop += 1
        met = tuple(t for t in rest[start:stop] if _together(hunk, t, adjacent=adjacent))
        ends = [(hunk.first, hunk.last) if met else (hunk.low, hunk.high)]
        ends += [(t.first, t.last) for t in met]
        groups.append(_Cluster(min(e[0] for e in ends), max(e[1] for e in ends), (hunk,), met))
    groups += [_Cluster(t.low, t.high, (), (t,)) for t in rest[start:]]
    yield from _joined(groups)


def _joined(groups: list[_Cluster]) -> Iterator[_Cluster]:
    """Join groups that share a hunk or a part of the base; each hunk ends up in one."""
    joined: list[_Cluster] = []
    for group in sorted(groups, key=lambda g: (g.low, g.high)):
        last = joined[-1] if joined else None
        if last is None or not _shares(last, group):
            joined.append(group)
            continue
        joined[-1] = _Cluster(
            min(last.low, group.low),
            max(last.high, group.high),
            tuple(dict.fromkeys((*last.ours, *group.ours))),
            tuple(dict.fromkeys((*last.theirs, *group.theirs))),
        )
    yield from joined


def _shares(last: _Cluster, group: _Cluster) -> bool:
    if group.low < last.high:
        return True
    return any(h in last.theirs for h in group.theirs) or any(h in last.ours for h in group.ours)


def _together(ours: _Hunk, theirs: _Hunk, *, adjacent: bool) -> bool:
    """Whether two hunks have to be looked at together."""
    low, high = max(ours.first, theirs.first), min(ours.last, theirs.last)
    if low < high or not adjacent:
        return low <= high
    both_add = ours.low == ours.high and theirs.low == theirs.high
    inside = ours.first < theirs.first < ours.last or theirs.first < ours.first < theirs.last
    return low == high and (both_add or inside)


def _who(
    base: Sequence[Hashable],
    ours: Sequence[Hashable],
    theirs: Sequence[Hashable],
    start: _Place,
    end: _Place,
    cluster: _Cluster,
) -> Change:
    if not cluster.theirs:
        return Change.OURS
    if not cluster.ours:
        return Change.THEIRS
    in_ours = list(ours[start.ours : end.ours])
    return Change.ALIKE if in_ours == list(theirs[start.theirs : end.theirs]) else Change.BOTH
