"""One conflicted file of a replayed merge: what the tool makes of it, beside what people committed.

It suggests as the mergetool does, and that is asked for here and nowhere else in a backtest; the
file has been merged before. Nothing is counted here.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gitmerge_ai.merging.generated import generated_reason
from gitmerge_ai.merging.linerules import rule_for
from gitmerge_ai.merging.report import pattern_of
from gitmerge_ai.repository.config import Settings
from gitmerge_ai.resolving.alignment import aligned
from gitmerge_ai.resolving.knowledge.known import Known
from gitmerge_ai.resolving.suggesting import suggest
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.text import markers
from gitmerge_ai.text.lines import split
from gitmerge_ai.text.markers import Region
from gitmerge_ai.training.backtesting.differences import between, elsewhere
from gitmerge_ai.training.backtesting.merging import Merged, Opened
from gitmerge_ai.training.backtesting.verdicts import (
    BY_LINES,
    DIFFERENT,
    EXACT,
    LEFT,
    STAGES,
    SUGGESTION,
    UNALIGNED,
    Case,
    Judged,
    JudgedFile,
    Suggested,
    compare,
)
from gitmerge_ai.training.mining.regions import ConflictedFile
from gitmerge_ai.values import MergeResult, Resolution, Sides

TOP = 3
OTHER = "other"


@dataclass(frozen=True, slots=True)
class _Compared:
    """A conflict and the texts that were compared, `None` where there is none."""

    judged: Judged
    region: Region
    result: str | None
    people: str | None
    first: Resolution | None


def judge(file: Opened, merged: Merged, settings: Settings) -> tuple[JudgedFile, tuple[Case, ...]]:
    """Ask for suggestions for a conflicted file, and compare with what people committed.

    Args:
        file: as git left it.
        merged: as the driver would have left it.
        settings: what counts in the repository.

    Returns:
        What became of it and where it differs.
    """
    result = merged.result
    start = time.perf_counter()
    offered = _offered(file.file, result, settings.model, file.known)
    end = time.perf_counter()
    committed = file.file.committed
    compared = list(_compared(file.file, result, offered))
    clean = result.text if result and result.clean else None
    judged = JudgedFile(
        commit=file.commit,
        time=file.time,
        path=file.path,
        language=language_of(file.path, committed),
        stage=_last_stage(result, compared) if result and result.clean else "",
        outcome=LEFT if clean is None else compare(clean, committed),
        note=merged.note,
        conflicts=tuple(each.judged for each in compared),
        merge_seconds=file.seconds + merged.seconds,
        suggest_seconds=end - start if offered else None,
    )
    cases = [*_cases(judged, compared, settings.min_confidence)]
    if clean is not None and judged.outcome == DIFFERENT and not cases:
        cases.append(elsewhere(judged, clean, committed))
    return judged, tuple(cases)


def language_of(path: str, text: str) -> str:
    """Name a file's language, or its kind where it is a set of lines.

    Args:
        path: as git names it.
        text: its content.
    """
    row = for_path(path, text) or rule_for(path)
    return row.name if row else OTHER


def _offered(
    file: ConflictedFile, result: MergeResult | None, model: str, known: Known
) -> list[tuple[Resolution, ...]]:
    """Suggest resolutions for each conflict of git's; none for a file that a program writes."""
    ours = "".join(s.ours if isinstance(s, Region) else s for s in file.segments)
    path = file.path.path
    if not file.regions or generated_reason(path, ours):
        return []
    text = "".join(map(markers.source, file.segments))
    merged = result.text if result else text
    size = file.regions[0].size
    offered = suggest(text, path=path, top=TOP, size=size, merged=merged, known=known, model=model)
    return [each.resolutions for each in offered]


def _compared(
    file: ConflictedFile, result: MergeResult | None, offered: Sequence[tuple[Resolution, ...]]
) -> Iterator[_Compared]:
    """Compare what became of each conflict with what people made of it."""
    people = aligned(file.segments, file.committed)
    texts = aligned(file.segments, result.text) if result else [None] * len(people)
    lists = offered or [()] * len(people)
    rows = zip(file.regions, _lines(file), texts, people, lists, strict=True)
    for region, line, text, wanted, listed in rows:
        stage = _stage(result, region)
        outcome = UNALIGNED if text is None or wanted is None else compare(text, wanted)
        if not stage or (text is not None and markers.has_markers(text)):
            stage, outcome = "", LEFT
        judged = Judged(
            line=line,
            stage=stage,
            outcome=outcome,
            people="" if wanted is None else pattern_of(region, wanted),
            suggested=None if wanted is None or not listed else _suggested(listed, wanted),
        )
        yield _Compared(judged, region, text, wanted, listed[0] if listed else None)


def _lines(file: ConflictedFile) -> list[int]:
    """Give the lines of our version, counted from 1, at which the conflicts begin."""
    found = []
    line = 1
    for segment in file.segments:
        if isinstance(segment, Region):
            found.append(line)
        line += (segment.ours if isinstance(segment, Region) else segment).count("\n")
    return found


def _stage(result: MergeResult | None, region: Region) -> str:
    """Tell which stage resolved a conflict, "" if none did."""
    if result is None or still_open(region, result):
        return ""
    texts = (region.base or "", region.ours, region.theirs)
    known = [(each.sides, each.stage) for each in result.resolutions if each.sides]
    own = [stage for sides, stage in known if (sides.base, sides.ours, sides.theirs) == texts]
    # A part of it may have been left by one stage and resolved by a later one.
    own = own or [stage for sides, stage in known if _alike(region, sides)]
    return own[-1] if own else _any_stage(result) if result.clean else ""


def still_open(region: Region, result: MergeResult) -> bool:
    """Whether a conflict stands in a merge, be it where the file's parts were moved to.

    Args:
        region: the conflict as git has it.
        result: the merge; one of its conflicts that has half of the same lines is this one.
    """
    return any(_alike(region, conflict.sides) for conflict in result.conflicts)


def _alike(region: Region, sides: Sides) -> bool:
    mine = _written(region.base or "", region.ours, region.theirs)
    other = _written(sides.base, sides.ours, sides.theirs)
    return 2 * len(mine & other) >= max(1, min(len(mine), len(other)))


def _written(*texts: str) -> set[str]:
    """Give the lines of some texts, less brackets and their like."""
    return {line for text in texts for line in split(text) if any(map(str.isalnum, line))}


def _any_stage(result: MergeResult) -> str:
    """Name a stage of a clean merge whose conflicts are not told one by one."""
    return result.resolutions[0].stage if result.resolutions else BY_LINES


def _last_stage(result: MergeResult, compared: Sequence[_Compared]) -> str:
    taken = {each.judged.stage for each in compared}
    return next((stage for stage in reversed(STAGES) if stage in taken), _any_stage(result))


def _suggested(offered: Sequence[Resolution], people: str) -> Suggested:
    found = [compare(each.text, people) for each in offered]
    exact = found.index(EXACT) + 1 if EXACT in found else 0
    rank = next((at for at, each in enumerate(found, 1) if each != DIFFERENT), 0)
    return Suggested(rank, exact, offered[0].confidence)


def _cases(file: JudgedFile, compared: Sequence[_Compared], minimum: float) -> Iterator[Case]:
    """Give the conflicts that came out differently, or would have by a suggestion this sure."""
    for each in compared:
        judged, people = each.judged, each.people or ""
        if judged.outcome == DIFFERENT:
            yield between(file, judged, each.region, each.result or "", people)
        elif each.first and _misleading(judged, minimum):
            offer = replace(judged, stage=SUGGESTION)
            yield between(file, offer, each.region, each.first.text, people, each.first.confidence)


def _misleading(conflict: Judged, minimum: float) -> bool:
    """Whether the first suggestion for a conflict that is left is sure, and wrong."""
    offer = conflict.suggested
    return bool(
        conflict.outcome == LEFT and offer and offer.rank != 1 and offer.confidence >= minimum
    )
