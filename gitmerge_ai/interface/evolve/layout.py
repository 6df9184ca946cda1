"""Where the individuals of a run stand in its phylogeny: a column for each generation.

Within a column everybody stands as near to the middle of its parents as there is room: the least
squares of the distances, with a gap of one, which is an isotonic regression by pooling adjacent
violators (Barlow et al., "Statistical Inference under Order Restrictions", 1972).
"""

from collections.abc import Mapping, Sequence
from itertools import groupby

from gitmerge_ai.evolution.values import Individual


def rows(individuals: Sequence[Individual]) -> Mapping[str, float]:
    """Give the row of every individual, by commit.

    Args:
        individuals: by generation.
    """
    found: dict[str, float] = {}
    for _, column in groupby(individuals, key=lambda each: each.generation):
        wished = [(_middle(each, found), each.commit) for each in column]
        wished.sort(key=lambda each: each[0])
        placed = spread([wish for wish, _ in wished])
        found.update((commit, row) for (_, commit), row in zip(wished, placed, strict=True))
    return found


def spread(wished: Sequence[float]) -> list[float]:
    """Move rows as little as it takes to be one apart.

    Args:
        wished: rows in order.
    """
    pools: list[tuple[float, int]] = []
    for at, wish in enumerate(wished):
        total, count = wish - at, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            before, number = pools.pop()
            total, count = total + before, count + number
        pools.append((total, count))
    level = [total / count for total, count in pools for _ in range(count)]
    return [one + at for at, one in enumerate(level)]


def _middle(individual: Individual, rows: Mapping[str, float]) -> float:
    above = [rows[each] for each in individual.parents if each in rows]
    return sum(above) / len(above) if above else 0.0
