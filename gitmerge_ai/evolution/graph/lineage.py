"""Who descends from whom, and what follows from what people said of ancestors."""

from collections import deque
from collections.abc import Iterator, Mapping

from gitmerge_ai.evolution.graph.records import Comment, Record


def ancestors(records: Mapping[str, Record], commit: str) -> Iterator[str]:
    """Give the individuals that one descends from, itself first and then the nearest.

    Args:
        records: by commit.
        commit: of one of them.
    """
    seen = {commit}
    waiting = deque([commit])
    while waiting:
        one = waiting.popleft()
        if one not in records:
            continue
        yield one
        new = [each for each in records[one].individual.parents if each not in seen]
        seen.update(new)
        waiting.extend(new)


def comments(records: Mapping[str, Record], commit: str) -> tuple[Comment, ...]:
    """Give what was said of an individual and its ancestors, the oldest first.

    Args:
        records: by commit.
        commit: of the individual.
    """
    found = {each for one in ancestors(records, commit) for each in records[one].comments}
    return tuple(sorted(found, key=lambda each: (each.time, each.text)))


def alive(records: Mapping[str, Record], commit: str, known: dict[str, bool]) -> bool:
    """Say whether an individual may have offspring: no ancestor was pruned, nor it itself.

    What a person promoted may, whatever became of its ancestors.

    Args:
        records: by commit.
        commit: of the individual.
        known: answers so far, to which the new ones are added.
    """
    waiting = [] if commit in known else [commit]
    while waiting:
        one = waiting[-1]
        record = records.get(one)
        parents = record.individual.parents if record and not record.decision else ()
        unknown = [each for each in parents if each not in known]
        if unknown and one not in known:
            waiting.extend(unknown)
            continue
        waiting.pop()
        pruned = record is not None and record.decision == "pruned"
        known[one] = not pruned and all(known[each] for each in parents)
    return known[commit]
