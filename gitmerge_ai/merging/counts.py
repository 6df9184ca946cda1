"""How often a merge may have what its sides have: the arithmetic that several checks share."""


def bounds(base: int, by_ours: int, by_theirs: int) -> tuple[int, int]:
    """Give the least and the most that a merge may have of something, that keeps what both did.

    Args:
        base: how often it stands in the base.
        by_ours, by_theirs: how many more or fewer of it each side has. Where both added or both
            deleted, they may have done the same.
    """
    both = base + by_ours + by_theirs
    if by_ours >= 0 and by_theirs >= 0:
        return base + max(by_ours, by_theirs), both
    if by_ours <= 0 and by_theirs <= 0:
        return max(both, 0), base + min(by_ours, by_theirs)
    return max(both, 0), max(both, 0)
