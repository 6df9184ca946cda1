"""Alignment of two and three sequences of hashable things: lines, tokens, children.

Patience diff (unique common elements first, after Bram Cohen) narrows the work to small gaps, which
the O(ND) algorithm of Myers (1986) settles. `diff3` is the algorithm of Khanna, Kunal and Pierce
(2007): maximal stretches that both sides keep are stable, and what lies between is a chunk.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import Enum

Pairs = list[tuple[int, int]]

# Beyond this many differences a gap is taken as wholly replaced: the alignment of two texts that
# have next to nothing in common says nothing, and its cost is quadratic.
MOST_DIFFERENCES = 400


class Change(Enum):
    """Who changed a chunk of the base."""

    NOBODY = "nobody"
    OURS = "ours"
    THEIRS = "theirs"
    ALIKE = "alike"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Chunk:
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
    found: Pairs = []
    work = [(0, len(a), 0, len(b))]
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
            found.extend(
                (a_low + i, b_low + j) for i, j in _myers(a[a_low:a_high], b[b_low:b_high])
            )
            continue
        previous = (a_low, b_low)
        for i, j in anchors:
            found.append((i, j))
            work.append((previous[0], i, previous[1], j))
            previous = (i + 1, j + 1)
        work.append((previous[0], a_high, previous[1], b_high))
    found.sort()
    return found


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
    most = min(len(a) + len(b), MOST_DIFFERENCES)
    furthest = {1: 0}
    trail: list[dict[int, int]] = []
    for cost in range(most + 1):
        trail.append(dict(furthest))
        for k in range(-cost, cost + 1, 2):
            down = k == -cost or (k != cost and furthest[k - 1] < furthest[k + 1])
            x = furthest[k + 1] if down else furthest[k - 1] + 1
            y = x - k
            while x < len(a) and y < len(b) and a[x] == b[y]:
                x, y = x + 1, y + 1
            furthest[k] = x
            if x >= len(a) and y >= len(b):
                return _walk_back(trail, len(a), len(b))
    return []


def _walk_back(trail: list[dict[int, int]], x: int, y: int) -> Pairs:
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
        adjacent: whether changes of the two sides that touch, but do not overlap, are told apart.

    Returns:
        Chunks that cover all three from start to end, in order.
    """
    to_ours = dict(matches(base, ours))
    to_theirs = dict(matches(base, theirs))
    cuts = _cuts(len(base), len(ours), len(theirs), to_ours, to_theirs, adjacent=adjacent)
    chunks: list[Chunk] = []
    b = o = t = 0
    for b_end, o_end, t_end, stable in cuts:
        chunk = _classify(
            base, ours, theirs, range(b, b_end), range(o, o_end), range(t, t_end), stable
        )
        if chunk:
            chunks.append(chunk)
        b, o, t = b_end, o_end, t_end
    return chunks


def _cuts(
    n_base: int,
    n_ours: int,
    n_theirs: int,
    to_ours: dict[int, int],
    to_theirs: dict[int, int],
    *,
    adjacent: bool,
) -> list[tuple[int, int, int, bool]]:
    """Give the ends of the chunks, each with whether the chunk is stable."""
    cuts: list[tuple[int, int, int, bool]] = []
    b = o = t = 0
    for i in range(n_base):
        in_ours, in_theirs = to_ours.get(i), to_theirs.get(i)
        if in_ours is not None and in_theirs is not None:
            if (i, in_ours, in_theirs) != (b, o, t):
                cuts.append((i, in_ours, in_theirs, False))
            b, o, t = i + 1, in_ours + 1, in_theirs + 1
            cuts.append((b, o, t, True))
        elif adjacent and b < i:
            # The border before element i is certain on a side that kept i or the one before it.
            ours_at = in_ours if in_ours is not None else _after(to_ours, i)
            theirs_at = in_theirs if in_theirs is not None else _after(to_theirs, i)
            if ours_at is not None and theirs_at is not None and (ours_at, theirs_at) >= (o, t):
                cuts.append((i, ours_at, theirs_at, False))
                b, o, t = i, ours_at, theirs_at
    cuts.append((n_base, n_ours, n_theirs, False))
    return cuts


def _after(to_side: dict[int, int], i: int) -> int | None:
    before = to_side.get(i - 1)
    return None if before is None else before + 1


def _classify(
    base: Sequence[Hashable],
    ours: Sequence[Hashable],
    theirs: Sequence[Hashable],
    b: range,
    o: range,
    t: range,
    stable: bool,
) -> Chunk | None:
    if not (b or o or t):
        return None
    if stable:
        return Chunk(Change.NOBODY, b, o, t)
    in_base, in_ours, in_theirs = (
        list(base[b.start : b.stop]),
        list(ours[o.start : o.stop]),
        list(theirs[t.start : t.stop]),
    )
    if in_ours == in_theirs:
        return Chunk(Change.ALIKE, b, o, t)
    if in_ours == in_base:
        return Chunk(Change.THEIRS, b, o, t)
    if in_theirs == in_base:
        return Chunk(Change.OURS, b, o, t)
    return Chunk(Change.BOTH, b, o, t)
