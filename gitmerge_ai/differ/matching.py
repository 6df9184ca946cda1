"""Which child of one version is which child of another.

After GumTree (Falleri et al., 2014): identical subtrees first, then what language tables say
identifies a declaration, then place and likeness. Matches need not keep the order: a child that
stands elsewhere has moved. It compares siblings only, so its cost follows the list, not the file.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from gitmerge_ai.differ.sequences import Pairs, increasing, matches
from gitmerge_ai.syntax.tree import Node

_WORD = re.compile(rb"\w+|[^\w\s]")

LIKE = 0.5
"""Least similarity of two siblings between the same neighbours that are versions of one."""
RENAMED = 0.65
"""Least similarity of two declarations of different names that are versions of one."""
MOST_PAIRS = 900
"""Beyond this many candidate pairs likeness is not looked at: position and name must do."""
LONGEST = 20_000
"""Bytes of a text that are looked at for its likeness."""
SHORTEST_MOVE = 12
"""Bytes below which an identical text elsewhere is a coincidence, not a move."""


def match_children(a: Sequence[Node], b: Sequence[Node]) -> dict[int, int]:
    """Match two lists of siblings.

    Returns:
        For the index of a child in `a`, the index of its version in `b`.
    """
    found = dict(matches([n.text for n in a], [n.text for n in b]))
    _add(found, _reformatted(a, b, found))
    _add(found, _same_without_comments(a, b, found))
    _add(found, _by_signature(a, b, found))
    _add(found, _by_name(a, b, found))
    _add(found, _identical_elsewhere(a, b, found))
    _add(found, _in_gaps(a, b, found))
    _add(found, _renamed(a, b, found))
    return found


def similarity(a: Node, b: Node) -> float:
    """Say how alike two texts are: Dice's coefficient of their words, 0 to 1."""
    first, second = _counted(a.text[:LONGEST]), _counted(b.text[:LONGEST])
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 1.0


@lru_cache(maxsize=MOST_PAIRS)
def _counted(text: bytes) -> Counter[bytes]:
    """Count words once for all that a text is compared with."""
    return words(text)


def words(text: bytes) -> Counter[bytes]:
    """Count the words and signs of a text."""
    return Counter(_WORD.findall(text))


def _add(found: dict[int, int], pairs: Iterable[tuple[int, int]]) -> None:
    taken = set(found.values())
    for i, j in pairs:
        if i not in found and j not in taken:
            found[i] = j
            taken.add(j)


def _left(found: dict[int, int], n_a: int, n_b: int) -> tuple[list[int], list[int]]:
    taken = set(found.values())
    return [i for i in range(n_a) if i not in found], [j for j in range(n_b) if j not in taken]


def _by_signature(a: Sequence[Node], b: Sequence[Node], found: dict[int, int]) -> Pairs:
    """Pair declarations of one signature; of several with one, the first with the first."""
    left_a, left_b = _left(found, len(a), len(b))
    if not (left_a and left_b):
        return []
    places: dict[object, list[int]] = defaultdict(list)
    for j in reversed(left_b):
        signature = b[j].signature()
        if signature is not None:
            places[signature].append(j)
    pairs: Pairs = []
    for i in left_a:
        signature = a[i].signature()
        if signature is not None and places.get(signature):
            pairs.append((i, places[signature].pop()))
    return pairs


def _by_name(a: Sequence[Node], b: Sequence[Node], found: dict[int, int]) -> Pairs:
    """Pair declarations of one name, alone of it in either list, whose signature has changed."""
    left_a, left_b = _left(found, len(a), len(b))
    names_a, names_b = _names(a, left_a), _names(b, left_b)
    return [
        (places[0], names_b[name][0])
        for name, places in names_a.items()
        if len(places) == 1 == len(names_b.get(name, ()))
    ]


def _names(nodes: Sequence[Node], left: list[int]) -> dict[object, list[int]]:
    """Group declarations by the first part of their signature."""
    places: dict[object, list[int]] = defaultdict(list)
    for index in left:
        signature = nodes[index].signature()
        if signature is not None and len(signature) > 1 and signature[1]:
            places[signature[1]].append(index)
    return places


def _same_without_comments(a: Sequence[Node], b: Sequence[Node], found: dict[int, int]) -> Pairs:
    """Pair between the same neighbours what only differs in the comments that belong to it."""
    left_a, left_b = _left(found, len(a), len(b))
    if not any(a[i].is_group for i in left_a) and not any(b[j].is_group for j in left_b):
        return []
    pairs = [
        (left_a[p], left_b[q])
        for p, q in matches([a[i].main.text for i in left_a], [b[j].main.text for j in left_b])
    ]
    return _in_order(pairs, found)


def _in_order(pairs: Pairs, found: dict[int, int]) -> Pairs:
    """Keep the pairs that cross none that are found."""
    order = increasing(sorted(found.items()))
    return [(i, j) for i, j in pairs if all((i - p) * (j - q) > 0 for p, q in order)]


def _reformatted(a: Sequence[Node], b: Sequence[Node], found: dict[int, int]) -> Pairs:
    """Pair texts between the same neighbours that are equal but for white space."""
    left_a, left_b = _left(found, len(a), len(b))
    if not (left_a and left_b):
        return []
    pairs = [
        (left_a[p], left_b[q])
        for p, q in matches([a[i].squeezed for i in left_a], [b[j].squeezed for j in left_b])
    ]
    return _in_order([(i, j) for i, j in pairs if a[i].same_as(b[j])], found)


def _identical_elsewhere(a: Sequence[Node], b: Sequence[Node], found: dict[int, int]) -> Pairs:
    """Pair texts that stand once in what is left of either list, wherever they stand."""
    left_a, left_b = _left(found, len(a), len(b))
    if not (left_a and left_b):
        return []
    in_a = Counter(a[i].squeezed for i in left_a)
    place = {b[j].squeezed: j for j in left_b}
    in_b = Counter(b[j].squeezed for j in left_b)
    return [
        (i, place[a[i].squeezed])
        for i in left_a
        if in_a[a[i].squeezed] == 1 == in_b[a[i].squeezed]
        and len(a[i].text) >= SHORTEST_MOVE
        and a[i].named
        and a[i].same_as(b[place[a[i].squeezed]])
    ]


def _in_gaps(a: Sequence[Node], b: Sequence[Node], found: dict[int, int]) -> Pairs:
    """Pair what stands between the same neighbours, by field, then by kind and likeness."""
    pairs: Pairs = []
    fences = [(-1, -1), *increasing(sorted(found.items())), (len(a), len(b))]
    taken = set(found.values())
    for (i_low, j_low), (i_high, j_high) in pairwise(fences):
        gap_a = [i for i in range(i_low + 1, i_high) if i not in found]
        gap_b = [j for j in range(j_low + 1, j_high) if j not in taken]
        if gap_a and gap_b:
            pairs.extend(_pair_gap(a, b, gap_a, gap_b))
    return pairs


def _pair_gap(a: Sequence[Node], b: Sequence[Node], gap_a: list[int], gap_b: list[int]) -> Pairs:
    pairs = _by_field(a, b, gap_a, gap_b)
    done_a = {i for i, _ in pairs}
    done_b = {j for _, j in pairs}
    rest_a = [i for i in gap_a if i not in done_a]
    rest_b = [j for j in gap_b if j not in done_b]
    if len(rest_a) == 1 == len(rest_b) and _stands_for(a[rest_a[0]], b[rest_b[0]]):
        return [*pairs, (rest_a[0], rest_b[0])]
    if len(rest_a) * len(rest_b) > MOST_PAIRS:
        return pairs
    scored = [
        (_likeness(a[i], b[j]), -abs((i - gap_a[0]) - (j - gap_b[0])), i, j)
        for i in rest_a
        for j in rest_b
        if a[i].kind == b[j].kind and a[i].main.named and not _different_names(a[i], b[j])
    ]
    best: Pairs = []
    for like, _, i, j in sorted(scored, reverse=True):
        if like < LIKE:
            break
        crosses = any((i - p) * (j - q) <= 0 for p, q in best)
        if not crosses:
            best.append((i, j))
    return pairs + best


def _by_field(a: Sequence[Node], b: Sequence[Node], gap_a: list[int], gap_b: list[int]) -> Pairs:
    """Pair children that hold the one place of a field in either version."""
    fields_a = Counter(a[i].main.field for i in gap_a)
    fields_b = Counter(b[j].main.field for j in gap_b)
    place = {b[j].main.field: j for j in gap_b}
    return [
        (i, place[field])
        for i in gap_a
        if (field := a[i].main.field) and fields_a[field] == 1 == fields_b[field]
    ]


def _stands_for(a: Node, b: Node) -> bool:
    """Whether the one thing between two neighbours is what stood there before."""
    if not (a.main.named and b.main.named) or a.is_comment or b.is_comment:
        return False
    return a.signature() is None and b.signature() is None


def _different_names(a: Node, b: Node) -> bool:
    first, second = a.signature(), b.signature()
    return first is not None and second is not None and first != second


def _likeness(a: Node, b: Node) -> float:
    if not a.children and not b.children and b"\n" not in a.text:
        return 0.0
    return similarity(a, b)


def _renamed(a: Sequence[Node], b: Sequence[Node], found: dict[int, int]) -> Pairs:
    """Pair declarations that differ in name but hardly in body."""
    left_a, left_b = _left(found, len(a), len(b))
    names_a = [i for i in left_a if a[i].signature() is not None]
    names_b = [j for j in left_b if b[j].signature() is not None]
    if len(names_a) * len(names_b) > MOST_PAIRS:
        return []
    scored = [
        (similarity(a[i], b[j]), -abs(i - j), i, j)
        for i in names_a
        for j in names_b
        if a[i].kind == b[j].kind and b"\n" in a[i].text
    ]
    return [(i, j) for like, _, i, j in sorted(scored, reverse=True) if like >= RENAMED]
