"""Advises a merge by what is learned: doubts the unlikely, resolves what it is sure of.

Here is only what decides in a moment whether the models are to be asked at all; they are imported
when they are. A merge never fails for its advice.
"""

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from gitmerge_ai.merging.advice import Merged
from gitmerge_ai.resolving.ranking.gate import worth_asking
from gitmerge_ai.syntax.languages import name_of
from gitmerge_ai.text.markers import Region
from gitmerge_ai.text.words import words
from gitmerge_ai.values import MergeResult, Sides

if TYPE_CHECKING:
    from gitmerge_ai.resolving.knowledge.known import Known

UNLIKELY = 0.15
"""What has a lower chance of being committed is left. A higher bound would leave more that is
wrong, but also what people install a merge tool for: a dependency that one side bumps beside one
that the other adds."""

UNLIKELY_IN_CODE = 0.3
"""The bound in languages where it was measured on whole files: of 906 of held-out repositories it
costs one right file in 200 and spares a wrong one in 12."""

CODE = frozenset(
    ("c", "cpp", "csharp", "go", "java", "javascript", "jsx", "python", "rust", "tsx", "typescript")
)

# Longer conflicts are not judged.
MEASURED = 20_000


class Learned:
    """Advice by the models, as the configuration has them."""

    def __init__(
        self,
        min_confidence: float = 0.95,
        model: str = "",
        known: "Callable[[], Known] | None" = None,
    ) -> None:
        """Remember what may be applied.

        Args:
            min_confidence: how sure the classifier must be to resolve what is left.
            model: what ranks, as `gitmerge-ai.model` has it.
            known: finds out what is known of the file beside its texts.
        """
        self.min_confidence = min_confidence
        self.model = model
        self.known = known
        self._doubted: dict[tuple[Region, str], bool] = {}

    def unlikely(self, merged: Merged) -> bool:
        """Say whether people would hardly commit this.

        Only where a side took something of the base away: what both only added is kept, as people
        who install a merge tool expect. And only where nobody indented anew: there git sets lines
        side by side that do not belong together, so the conflict tells nothing of the merge.
        """
        region = merged.region
        if (
            self.model == "none"
            or region.base is None
            or not _takes_away(region.base, region.ours, region.theirs)
            or _is_shifted(region.base, region.ours, region.theirs)
        ):
            return False
        # A merge tries several ways, which often come to the same.
        if (region, merged.text) not in self._doubted:
            self._doubted[region, merged.text] = _is_unlikely(merged, self.model)
        return self._doubted[region, merged.text]

    def finish(self, sides: Sides, result: MergeResult) -> MergeResult:
        """Resolve the conflicts that the classifier is sure of."""
        if not any(worth_asking(conflict.sides) for conflict in result.conflicts):
            return result
        try:
            from gitmerge_ai.resolving.deciding import decide

            return decide(sides, result, self.model, self.min_confidence, self.known)
        except Exception:
            return result


def _is_unlikely(merged: Merged, model: str) -> bool:
    try:
        from gitmerge_ai.resolving.doubting import is_unlikely

        bound = UNLIKELY_IN_CODE if name_of(merged.path) in CODE else UNLIKELY
        return is_unlikely(merged, model, bound)
    except Exception:
        return False


def _is_shifted(base: str, *sides: str) -> bool:
    return any(_margin(side) != _margin(base) for side in sides)


def _margin(text: str) -> int:
    lines = filter(str.strip, text.expandtabs(4).split("\n"))
    return min((len(line) - len(line.lstrip()) for line in lines), default=0)


def _takes_away(base: str, ours: str, theirs: str) -> bool:
    """Whether both sides have something, and one fewer of some word than the base.

    Where one has nothing the code may have moved, and what became of it stands elsewhere.
    """
    if (
        not all(map(str.strip, (base, ours, theirs)))
        or max(map(len, (base, ours, theirs))) > MEASURED
    ):
        return False
    known = Counter(words(base))
    return any(known - Counter(words(side)) for side in (ours, theirs))
