"""What is known of a conflict beside its texts, put together: history, habits, other decisions."""

from collections.abc import Sequence
from dataclasses import dataclass

from gitmerge_ai.repository.history import FileHistory
from gitmerge_ai.resolving.knowledge.adapted import Refit
from gitmerge_ai.resolving.knowledge.decided import Decision, decided_features, labelled
from gitmerge_ai.resolving.knowledge.habits import Habits, kind_features
from gitmerge_ai.resolving.knowledge.past import past_features
from gitmerge_ai.text.markers import Region


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a file in a merge; all of it may be missing.

    `history` is the file's on both sides; `habits` the repository's, with the kind of `branch` that
    is merged; `decisions` are about other conflicts of the same merge; `refit` says how the
    repository differs from others.
    """

    history: FileHistory | None = None
    habits: Habits | None = None
    branch: str = ""
    decisions: Sequence[Decision] = ()
    refit: Refit | None = None

    def facts(self, path: str, region: Region, before: str, after: str) -> dict[str, float]:
        """Give a conflict's features that its texts do not show.

        Args:
            path: of the file.
            region: the conflict.
            before, after: the clean text on either side.
        """
        facts = kind_features(self.branch)
        if self.history:
            facts |= past_features(self.history, region, before, after)
        if self.habits:
            facts |= self.habits.features(path, self.branch)
        if self.decisions:
            facts |= decided_features(path, region, list(map(labelled, self.decisions)))
        return facts


NOTHING = Known()
