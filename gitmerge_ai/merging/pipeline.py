"""The way of one merge, from three texts to one: lines, then syntax, then tokens, then checks.

Every stage gives a result that passes the checks or hands the conflict on; what is left at the end
stands between markers. Reading and writing files is not done here.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import NamedTuple

from gitmerge_ai.differ.lines import conflict_segments, git_merge, to_bytes, to_text
from gitmerge_ai.differ.matching import words
from gitmerge_ai.merging import checks
from gitmerge_ai.merging.advice import Advice, Merged
from gitmerge_ai.merging.doubts import doubt
from gitmerge_ai.merging.generated import generated_reason
from gitmerge_ai.merging.indented import settle_indented
from gitmerge_ai.merging.linerules import LineSetRule, rule_for
from gitmerge_ai.merging.linesets import resolve_region
from gitmerge_ai.merging.pieces import (
    Note,
    Open,
    Pieces,
    has_final,
    is_open,
    lay_out,
    open_size,
    text_of,
    trim,
)
from gitmerge_ai.merging.report import (
    Placed,
    conflicts_of,
    place,
    reopen,
    resolutions_of,
    stages_of,
)
from gitmerge_ai.merging.tokens import settle_tokens
from gitmerge_ai.merging.tree import MUCH, merge_sources
from gitmerge_ai.syntax.language import Language
from gitmerge_ai.syntax.languages import for_path, table
from gitmerge_ai.syntax.tree import Source
from gitmerge_ai.text import markers
from gitmerge_ai.text.lines import split
from gitmerge_ai.text.markers import Region, Segment
from gitmerge_ai.values import MergeResult, Sides

BY_TEXT = frozenset({"token", "indented"})
"""Patterns of what is settled in a merge of trees, but not by them."""

MOST_REOPENED = 6
"""Conflicts of a file beyond which it is not looked for the one that fails the checks."""

_TREE_CHECKS = (
    checks.parse_errors,
    checks.python_syntax,
    checks.comments_kept,
    checks.doubled_declarations,
    checks.shifted_strings,
    checks.unreachable,
)


def merge(
    sides: Sides,
    *,
    language: str | None = None,
    style: str = "merge",
    marker_size: int = 7,
    advice: Advice | None = None,
) -> MergeResult:
    """Merge three versions of a text.

    Args:
        sides: the versions; the path tells the language.
        language: name of a row of the table where the path does not tell.
        style: of the conflicts that are left: "merge", "diff3" or "zdiff3".
        marker_size: length of their markers.
        advice: says what people would hardly commit, so that it is left.

    Returns:
        The merged text. What git's line merge leaves open and no stage can settle stands in it as
        git would write it.

    Raises:
        LineMergeError: git cannot merge these texts at all.
    """
    identity = _identity(sides)
    if identity is not None:
        return MergeResult(identity)
    if sides.path.endswith(".ipynb"):
        from gitmerge_ai.merging.notebook import merge_notebook  # reads JSON, as nothing else does

        notebook = merge_notebook(sides, _merge_cell)
        if notebook is not None:
            return notebook
    git = conflict_segments(sides)
    if not markers.regions(git):
        return MergeResult("".join(map(markers.source, git)))
    generated = generated_reason(sides.path, sides.ours)
    if generated:
        return _as_git(sides, style, marker_size, generated)
    row = table().get(language) if language else for_path(sides.path, sides.ours)
    resolved = _resolve(sides, row, git, advice)
    if resolved is None:
        return _as_git(sides, style, marker_size)
    return _result(sides, git, resolved, style, marker_size)


def _merge_cell(sides: Sides, language: str) -> str | None:
    """Merge the source of a notebook's cell."""
    merged = merge(sides, language=language if language in table() else None)
    return merged.text if merged.clean else None


def _identity(sides: Sides) -> str | None:
    """Settle what needs no merge."""
    if sides.base == sides.ours or sides.ours == sides.theirs:
        return sides.theirs
    return sides.ours if sides.base == sides.theirs else None


class _Resolved(NamedTuple):
    """A merge, laid out, and for each of git's conflicts the stage that worked on it."""

    laid: Pieces
    stages: list[str]


def _resolve(
    sides: Sides, row: Language | None, git: Sequence[Segment], advice: Advice | None
) -> _Resolved | None:
    """Try one way after the other to leave less open than git does.

    Returns:
        What leaves least to the person of all that passes the checks, or None.
    """
    texts = [to_bytes(text) for text in (sides.base, sides.ours, sides.theirs)]
    versions = [Source(row, text) for text in texts] if row else []
    by_git = _pieces_of(git)
    rule = rule_for(sides.path)
    candidates = (
        iter([_Candidate(_settle_lines(rule, git))]) if rule else _candidates(versions, git, by_git)
    )
    for candidate in candidates:
        laid = lay_out(candidate.pieces)
        merged = _read(git, laid)
        placed = place(git, merged)
        stages = stages_of(placed, laid)
        if rule is None:
            laid = _without_doubtful(sides, row, merged, placed, laid, advice)
        for attempt in chain([laid], _with_one_reopened(git, laid)):
            most = open_size(by_git) * (MUCH if has_final(attempt) else 1)
            if open_size(attempt) >= most:
                continue
            fault = _fault(sides, texts, versions, attempt)
            if not fault and not (attempt is laid and _depends_on_order(candidate)):
                return _Resolved(attempt, stages)
    return None


def _depends_on_order(candidate: "_Candidate") -> bool:
    """Whether a clean merge says something else when the sides are exchanged."""
    if candidate.exchanged is None or is_open(candidate.pieces):
        return False
    other = candidate.exchanged()
    return is_open(other) or words(text_of(other)) != words(text_of(candidate.pieces))


def _without_doubtful(
    sides: Sides,
    row: Language | None,
    merged: Sequence[Segment],
    placed: Sequence[Placed],
    laid: Pieces,
    advice: Advice | None,
) -> Pieces:
    """Open again what the person had better look at."""
    doubtful = [
        p
        for p in placed
        if p.settled
        and (
            doubt(p.region, sides, row)
            or (advice and advice.unlikely(_with_surroundings(p, merged, sides.path)))
        )
    ]
    return _pieces_of(reopen(merged, doubtful)) if doubtful else laid


def _with_surroundings(placed: Placed, merged: Sequence[Segment], path: str) -> Merged:
    """Put a settled conflict together with what stands around it."""
    lines = split("".join(map(markers.source, merged)))
    first, after = placed.span
    before, behind = "".join(lines[: first - 1]), "".join(lines[after - 1 :])
    return Merged(placed.region, placed.text, before, behind, path)


def _with_one_reopened(git: Sequence[Segment], laid: Pieces) -> Iterator[Pieces]:
    """Give the same merge with one conflict left as git has it, for when that is the bad one."""
    merged = _read(git, laid)
    settled = [p for p in place(git, merged) if p.settled]
    if 1 < len(settled) <= MOST_REOPENED:
        for placed in settled:
            yield _pieces_of(reopen(merged, [placed]))


def _read(git: Sequence[Segment], laid: Pieces) -> list[Segment]:
    """Give a merge as it is read back from its text with markers."""
    segments = _segments_of(laid)
    if not markers.regions(segments):
        return segments
    size = max(s.size for s in git if isinstance(s, Region))
    return markers.parse(markers.render(segments, "diff3", size=size), size)


class _Candidate(NamedTuple):
    """A merge, and how to do it again with the sides exchanged."""

    pieces: Pieces
    exchanged: Callable[[], Pieces] | None = None


def _candidates(
    versions: list[Source], git: Sequence[Segment], by_git: Pieces
) -> Iterator[_Candidate]:
    """Give merges, those that settle most first."""
    indented = settle_indented(by_git)
    if not is_open(indented):
        yield _Candidate(indented)
    if versions:
        base, ours, theirs = versions
        for by_token in (True, False):
            merged = merge_sources(base, ours, theirs, by_token=by_token)
            yield _Candidate(merged, partial(merge_sources, base, theirs, ours, by_token=by_token))
            by_git = _with_final(git, by_git, merged)
            if not any(isinstance(p, Note) and p.pattern in BY_TEXT for p in merged):
                break  # Without tokens it is the same.
    yield _Candidate(settle_tokens(by_git))


def _with_final(git: Sequence[Segment], by_git: Pieces, merged: Pieces) -> Pieces:
    """Keep later stages from git's conflicts in which the trees left something for good."""
    laid = lay_out(merged)
    if not has_final(laid):
        return by_git
    read = _read(git, laid)
    opens = [piece for piece in laid if isinstance(piece, Open)]
    left = [s for s, piece in zip(markers.spans(read), opens, strict=True) if piece.final]
    final = iter([placed.meets(left) for placed in place(git, read)])
    return [
        piece._replace(final=next(final) or piece.final) if isinstance(piece, Open) else piece
        for piece in by_git
    ]


def _settle_lines(rule: LineSetRule, git: Sequence[Segment]) -> Pieces:
    """Settle conflicts in a file that is a set of lines."""
    pieces: Pieces = []
    texts = [markers.source(segment) for segment in git]
    for index, segment in enumerate(git):
        merged = None
        if isinstance(segment, Region):
            before, after = "".join(texts[:index][-1:]), "".join(texts[index + 1 :][:1])
            merged = resolve_region(
                rule, segment.base or "", segment.ours, segment.theirs, before=before, after=after
            )
        if merged is None:
            pieces.extend(_pieces_of([segment]))
        else:
            pieces.extend([Note("lineset", merged.count("\n")), to_bytes(merged)])
    return pieces


def _pieces_of(git: Sequence[Segment]) -> Pieces:
    return [
        Open(to_bytes(s.base or ""), to_bytes(s.ours), to_bytes(s.theirs), "")
        if isinstance(s, Region)
        else to_bytes(s)
        for s in git
    ]


def _fault(sides: Sides, texts: list[bytes], versions: list[Source], laid: Pieces) -> str | None:
    """Run the checks; open regions are looked at with either side in them."""
    base, ours, theirs = texts
    fault = checks.lost_or_doubled(base, ours, theirs, laid) or checks.foreign_lines(
        (base, ours, theirs), laid
    )
    projections = [laid] if not is_open(laid) else [_taking(laid, s) for s in ("ours", "theirs")]
    for merged in map(text_of, projections):
        fault = fault or checks.stray_markers(
            (sides.base, sides.ours, sides.theirs), to_text(merged), 7
        )
        fault = fault or checks.repeated_lines(texts, merged)
        if versions and not fault:
            tree = Source(versions[0].row, merged)
            fault = next(filter(None, (check(versions, tree) for check in _TREE_CHECKS)), None)
    return fault


def _taking(laid: Pieces, side: str) -> Pieces:
    return [getattr(p, side) if isinstance(p, Open) else p for p in laid]


def _segments_of(laid: Pieces) -> list[Segment]:
    segments: list[Segment] = []
    for piece in laid:
        if isinstance(piece, bytes):
            segments.append(to_text(piece))
        elif isinstance(piece, Open):
            segments.append(Region(to_text(piece.base), to_text(piece.ours), to_text(piece.theirs)))
    return segments


def _result(
    sides: Sides, git: Sequence[Segment], resolved: _Resolved, style: str, marker_size: int
) -> MergeResult:
    laid = trim(resolved.laid) if style == "merge" else resolved.laid
    text = markers.render(_segments_of(laid), style, sides.labels, marker_size)
    kinds = {i: p.kind for i, p in enumerate(p for p in laid if isinstance(p, Open))}
    marked = markers.parse(text, marker_size) if kinds else [text]
    return MergeResult(
        text,
        tuple(conflicts_of(sides, marked, kinds)),
        tuple(resolutions_of(sides, place(git, marked), resolved.stages)),
    )


def _as_git(sides: Sides, style: str, marker_size: int, note: str = "") -> MergeResult:
    _, text = git_merge(sides, style=style, marker_size=marker_size)
    marked = markers.parse(text, marker_size)
    return MergeResult(text, tuple(conflicts_of(sides, marked, {})), (), note)
