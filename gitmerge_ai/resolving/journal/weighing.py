"""What else could have become of conflicts that were resolved automatically, and how likely it was.

A merge by syntax or by tokens asks nobody how likely it is, as that takes time which a driver has
not; whoever looks back has it. What the classifier resolved was weighed when it was done.
"""

from collections.abc import Sequence
from dataclasses import replace

from gitmerge_ai.repository.index import RepositoryError
from gitmerge_ai.resolving.journal.explaining import Explanation
from gitmerge_ai.resolving.journal.reviewing import Reviewed, ReviewedStep, result
from gitmerge_ai.resolving.journal.work_tree import WorkTree
from gitmerge_ai.resolving.proposing.candidates import Context, candidates
from gitmerge_ai.resolving.ranking.ranker import Ranker, load
from gitmerge_ai.text import encoding
from gitmerge_ai.text.lines import split
from gitmerge_ai.text.markers import Region
from gitmerge_ai.text.words import squeezed
from gitmerge_ai.values import Resolution

ALTERNATIVES = 2
"""Runners-up that are shown."""

MOST = 100
"""Resolutions that are weighed; with more, nobody waits for that, nor reads it."""


def weighed(tree: WorkTree, steps: Sequence[ReviewedStep], model: str) -> list[ReviewedStep]:
    """Give the same steps, their resolutions with confidences and alternatives.

    Args:
        tree: the work tree.
        steps: what was resolved.
        model: what ranks, as `gitmerge-ai.model` has it.
    """
    count = sum(len(file.entry.resolutions) for step in steps for file in step.files)
    if not count or count > MOST:
        return list(steps)
    ranker = load(model)
    return [
        replace(step, files=tuple(_file(tree, file, ranker) for file in step.files))
        for step in steps
    ]


def weighed_line(tree: WorkTree, found: Explanation, model: str) -> Explanation:
    """Give the same explanation, with the confidence of its resolution and alternatives.

    Args:
        tree: the work tree.
        found: where a line comes from.
        model: what ranks, as `gitmerge-ai.model` has it.
    """
    if found.step is None or found.resolution is None:
        return found
    at = found.step.files[0].entry.resolutions.index(found.resolution)
    [step] = weighed(tree, [found.step], model)
    return replace(found, step=step, resolution=step.files[0].entry.resolutions[at])


def _file(tree: WorkTree, file: Reviewed, ranker: Ranker) -> Reviewed:
    entry = file.entry
    try:
        lines = split(encoding.decode(result(tree, entry)).text)
    except RepositoryError:
        return file
    resolutions = tuple(_weighed(one, entry.path, lines, ranker) for one in entry.resolutions)
    return replace(file, entry=entry._replace(resolutions=resolutions))


def _weighed(one: Resolution, path: str, lines: Sequence[str], ranker: Ranker) -> Resolution:
    if one.alternatives or one.sides is None or one.span is None:
        return one
    first, after = one.span
    around = "".join(lines[: first - 1]), "".join(lines[after - 1 :])
    region = Region(one.sides.base, one.sides.ours, one.sides.theirs)
    context = Context(*around, path, one.text)
    ranked = ranker.rank(region, context, candidates(region, context))
    own = squeezed(one.text)
    others = [pair for pair in ranked if squeezed(pair[0].text) != own]
    chance = next((chance for each, chance in ranked if squeezed(each.text) == own), one.confidence)
    return one._replace(
        confidence=round(chance, 4),
        alternatives=tuple(
            Resolution(each.text, ranker.stage, each.patterns[0], round(chance, 4))
            for each, chance in others[:ALTERNATIVES]
        ),
    )
