"""Applies what the classifier is sure enough of to the conflicts that a merge has left.

Sure enough is said by the calibration: in the file's language, resolutions of that confidence were
right at least 95 times in 100 on repositories that trained nothing, and it is no less than
`minConfidence`. What is applied must pass the checks that any merge must pass. Everything else
stays a conflict; what could be done about it is `suggesting`'s to say.
"""

from collections.abc import Callable, Sequence

from gitmerge_ai.merging import checks
from gitmerge_ai.resolving.knowledge.known import Known
from gitmerge_ai.resolving.proposing.candidates import Context, candidates
from gitmerge_ai.resolving.ranking.gate import worth_asking
from gitmerge_ai.resolving.ranking.ranker import Ranker, applied_from, load
from gitmerge_ai.syntax.grammar import MissingGrammar
from gitmerge_ai.syntax.language import Language
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.syntax.tree import Source
from gitmerge_ai.text.lines import split
from gitmerge_ai.text.markers import Region, Segment, parse, regions
from gitmerge_ai.values import Conflict, MergeResult, Resolution, Sides

# What the trees alone give less than this, the network does not lift to where it is applied.
WORTH_READING = 0.5
# Runners-up that are kept with a resolution.
ALTERNATIVES = 2

_CHECKS = (
    checks.parse_errors,
    checks.python_syntax,
    checks.doubled_declarations,
    checks.unreachable,
)


def decide(
    sides: Sides,
    result: MergeResult,
    model: str,
    min_confidence: float,
    known: Callable[[], Known] | None,
) -> MergeResult:
    """Resolve the conflicts of a merge that the classifier is sure of.

    Args:
        sides: what was merged.
        result: the merge, with conflicts.
        model: what ranks, as `gitmerge-ai.model` has it.
        min_confidence: how sure it must be at least.
        known: finds out what is known of the file beside its texts.

    Returns:
        The same merge with fewer conflicts, or the very same.
    """
    asked = [conflict for conflict in result.conflicts if worth_asking(conflict.sides)]
    row = for_path(sides.path, sides.ours)
    if not asked or row is None or not applied_from(model, row.name):
        return result
    segments = parse(result.text)
    if len(regions(segments)) != len(result.conflicts):
        return result
    ranker = load(model)
    facts = known() if known else Known()
    lines = split(result.text)
    decided: list[tuple[Conflict, Resolution]] = []
    for number, conflict in enumerate(result.conflicts):
        if conflict in asked:
            found = _sure(sides, lines, conflict, ranker, row, min_confidence, facts)
            if found and _passes(sides, segments, number, found.text, row):
                decided.append((conflict, found))
    return _with(result, lines, decided) if decided else result


def _sure(
    sides: Sides,
    lines: Sequence[str],
    conflict: Conflict,
    ranker: Ranker,
    row: Language,
    least: float,
    known: Known,
) -> Resolution | None:
    """Give the resolution of a conflict that may be applied, if there is one."""
    first, after = conflict.span
    before, behind = "".join(lines[: first - 1]), "".join(lines[after - 1 :])
    of = conflict.sides
    region = Region(of.base, of.ours, of.theirs)
    facts = known.facts(sides.path, region, before, behind)
    context = Context(before, behind, sides.path, None, facts)
    ranked = ranker.rank(region, context, candidates(region, context), WORTH_READING)
    if not ranked:
        return None
    (best, confidence), *others = ranked
    if not ranker.calibration.applies(row.name, confidence, least):
        return None
    return Resolution(
        best.text,
        ranker.stage,
        best.patterns[0],
        round(confidence, 4),
        tuple(
            Resolution(one.text, ranker.stage, one.patterns[0], round(chance, 4))
            for one, chance in others[:ALTERNATIVES]
        ),
        of,
    )


def _passes(
    sides: Sides, segments: Sequence[Segment], number: int, text: str, row: Language
) -> bool:
    """Check the file with a conflict resolved, the others settled as ours and then as theirs."""
    texts = (sides.base, sides.ours, sides.theirs)
    try:
        versions = [Source(row, one.encode("utf-8", "surrogateescape")) for one in texts]
        for side in ("ours", "theirs"):
            whole = _settled(segments, number, text, side)
            merged = Source(row, whole.encode("utf-8", "surrogateescape"))
            if any(check(versions, merged) for check in _CHECKS):
                return False
    except MissingGrammar:
        return False
    return True


def _settled(segments: Sequence[Segment], number: int, text: str, side: str) -> str:
    """Give a file with one conflict replaced by a text and the others by a side."""
    parts, at = [], 0
    for segment in segments:
        if isinstance(segment, Region):
            parts.append(text if at == number else str(getattr(segment, side)))
            at += 1
        else:
            parts.append(segment)
    return "".join(parts)


def _with(
    result: MergeResult, lines: Sequence[str], decided: Sequence[tuple[Conflict, Resolution]]
) -> MergeResult:
    """Put resolutions in the place of their conflicts, and move what comes after."""
    taken = {conflict.span: resolution for conflict, resolution in decided}
    spans = sorted(taken)
    parts, at = [], 0
    for first, after in spans:
        parts += [*lines[at : first - 1], taken[first, after].text]
        at = after - 1
    text = "".join([*parts, *lines[at:]])

    def moved(line: int) -> int:
        return line + sum(
            len(split(taken[span].text)) - (span[1] - span[0]) for span in spans if span[1] <= line
        )

    conflicts = tuple(
        conflict._replace(span=(moved(conflict.span[0]), moved(conflict.span[1])))
        for conflict in result.conflicts
        if conflict.span not in taken
    )
    before = [
        one._replace(span=one.span and (moved(one.span[0]), moved(one.span[1])))
        for one in result.resolutions
    ]
    new = [
        taken[span]._replace(span=(moved(span[0]), moved(span[0]) + len(split(taken[span].text))))
        for span in spans
    ]
    resolutions = sorted([*before, *new], key=lambda one: one.span or (0, 0))
    return result._replace(text=text, conflicts=conflicts, resolutions=tuple(resolutions))
