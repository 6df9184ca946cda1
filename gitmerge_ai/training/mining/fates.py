"""What people made of the paths that git leaves unmerged without conflict regions.

One side deleted or renamed them, most often, or they are binary. They are as common as a quarter
of all conflicts, and whoever resolves one needs a ranking for them too.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from gitmerge_ai.differ.sequences import matches
from gitmerge_ai.merging.files import MAX_BYTES
from gitmerge_ai.repository.replay import FILE_MODES, ConflictedPath, Replay, ReplayedMerge, Stage
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.text import encoding
from gitmerge_ai.text.lines import split
from gitmerge_ai.training.mining.records import MergeFacts, MinedPath

Stages = tuple[Stage | None, Stage | None, Stage | None]


@dataclass(frozen=True, slots=True)
class Fate:
    """A path without regions, and what was committed for it in a word."""

    path: ConflictedPath
    outcome: str

    @property
    def title(self) -> str:
        """What it is counted as."""
        sides = {"base": self.path.base, "ours": self.path.ours, "theirs": self.path.theirs}
        absent = [f"not in {name}" for name, stage in sides.items() if not stage]
        return f"{', '.join([*self.path.kinds, *absent])}: {self.outcome}"


def fates(replay: Replay, replayed: ReplayedMerge) -> Iterator[Fate]:
    """Tell what people made of a merge's files without regions.

    Args:
        replay: the repository.
        replayed: the merge.

    Raises:
        ReplayError: git's process ended.
    """
    for path in replayed.conflicted:
        if not path.is_text_conflict and all(s.mode in FILE_MODES for s in _stages(path) if s):
            yield Fate(path, _outcome(path, replay.blob_id(f"{replayed.merge.commit}:{path.path}")))


def _outcome(path: ConflictedPath, committed: str | None) -> str:
    if committed is None:
        return "deleted"
    named = (("ours", path.ours), ("theirs", path.theirs), ("base", path.base))
    return next((name for name, at in named if at and at.blob == committed), "changed")


def mined(
    replay: Replay, fate: Fate, repository: str, merge: MergeFacts, of_merge: int
) -> MinedPath:
    """Describe a path and how much each side changed of it.

    Args:
        replay: the repository.
        fate: what became of the path.
        repository: what the repository is called.
        merge: what is known of the merge.
        of_merge: how many such paths the merge has in all.

    Raises:
        ReplayError: git's process ended.
    """
    stages = _stages(fate.path)
    base, ours, theirs = (_lines(replay, stage) for stage in stages)
    of_ours, of_theirs = _change(base, ours), _change(base, theirs)
    language = for_path(fate.path.path, "".join((ours or theirs or base)[:1]))
    modes, blobs = zip(*((s.mode, s.blob) if s else ("", "") for s in stages), strict=True)
    return MinedPath(
        repository=repository,
        merge=merge,
        path=fate.path.path,
        language=language.name if language else "",
        kinds=fate.path.kinds,
        modes=modes,
        blobs=blobs,
        lines=(len(base), len(ours), len(theirs)),
        added=(of_ours[0], of_theirs[0]),
        removed=(of_ours[1], of_theirs[1]),
        of_merge=of_merge,
        outcome=fate.outcome,
    )


def _stages(path: ConflictedPath) -> Stages:
    return path.base, path.ours, path.theirs


def _lines(replay: Replay, stage: Stage | None) -> list[str]:
    content = replay.blob(stage.blob) if stage else None
    if not content or b"\0" in content or len(content) > MAX_BYTES:
        return []
    return split(encoding.decode(content).text)


def _change(base: list[str], side: list[str]) -> tuple[int, int]:
    """Count the lines that a side added and removed; a side without the file changed nothing."""
    if not base or not side:
        return 0, 0
    kept = len(matches(base, side))
    return len(side) - kept, len(base) - kept
