"""Says how likely people are to commit what a merge made of a conflict: by the trees alone."""

from gitmerge_ai.merging.advice import Merged
from gitmerge_ai.resolving.proposing.candidates import Context, candidates
from gitmerge_ai.resolving.ranking.boosting import softmax
from gitmerge_ai.resolving.ranking.features import Scale
from gitmerge_ai.resolving.ranking.trees import trees_of
from gitmerge_ai.text.words import squeezed


def chance_of(merged: Merged, model: str) -> float | None:
    """Give the chance of a merged text among all candidates of its conflict.

    Args:
        merged: the conflict and the text.
        model: what ranks, as `gitmerge-ai.model` has it.

    Returns:
        `None` where there are no trees to ask.
    """
    trees = trees_of(model)
    if not trees.trees:
        return None
    context = Context(merged.before, merged.after, merged.path, merged.text)
    found = candidates(merged.region, context)
    scale = Scale(merged.region, context)
    scores = [*(trees.score(scale.of(one)) for one in found), trees.score(scale.none())]
    wanted = squeezed(merged.text)
    for candidate, chance in zip(found, softmax(scores)[:-1], strict=True):
        if squeezed(candidate.text) == wanted:
            return chance
    return None
