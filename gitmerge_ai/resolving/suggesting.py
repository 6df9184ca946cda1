"""Suggests what to put in the place of each conflict of a marked text, best first.

It brings the parts together: markers, the structured merge, candidates, ranking and a check that
the result parses. It reads no file and no repository, and writes nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from gitmerge_ai.merging.files import merge_files_guarded
from gitmerge_ai.merging.guard import Abandoned
from gitmerge_ai.resolving.alignment import aligned
from gitmerge_ai.resolving.knowledge.known import NOTHING, Known
from gitmerge_ai.resolving.proposing.candidates import Context, candidates
from gitmerge_ai.resolving.ranking.ranker import Asked, Ranked, load
from gitmerge_ai.syntax.grammar import MissingGrammar
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.syntax.tree import Source
from gitmerge_ai.text.markers import (
    Region,
    Segment,
    has_markers,
    parse,
    regions,
    source,
    spans,
)
from gitmerge_ai.values import Resolution, Span

# Seconds for the structured merge of a file, where the caller says nothing else.
TIMEOUT = 10.0
# What is left of a candidate's probability when the file would no longer parse with it.
BROKEN = 0.1
# So many characters before and after a conflict are looked at.
AROUND = 30_000
# Parsing is done for the first few; who is behind them is seldom right.
PARSED = 4


@dataclass(frozen=True, slots=True)
class Suggestions:
    """A conflict's first and last line (counted from 1) and what could replace them, best first."""

    span: Span
    resolutions: tuple[Resolution, ...]


def suggest(
    text: str,
    *,
    path: str = "",
    top: int = 3,
    size: int | None = None,
    base: str | None = None,
    merged: str | None = None,
    timeout: float = TIMEOUT,
    known: Known = NOTHING,
    model: str = "",
) -> list[Suggestions]:
    """Suggest resolutions for every conflict of a text.

    Args:
        text: the file with conflict markers.
        path: what git calls the file; the language is known by it.
        top: how many to give at most, at least one.
        size: the length of the markers, where it is known.
        base: the whole file as it was at the merge base, where the markers do not show it.
        merged: the file as the structured merge has it, where that was made before.
        timeout: seconds that the structured merge of the file may take.
        known: what is known beside the texts.
        model: what ranks, as `gitmerge-ai.model` has it.
    """
    segments = parse(text, size)
    if base is not None:
        segments = with_base(segments, base)
    around = contexts(segments, path, timeout, merged, known)
    ranker = load(model)
    asked = [
        Asked(region, context, candidates(region, context))
        for region, context in zip(regions(segments), around, strict=True)
    ]
    ranked = ranker.rank_all(asked, known.refit)
    places, most = spans(segments), max(1, top)
    return [
        Suggestions(place, tuple(_resolutions(one, found, ranker.stage)[:most]))
        for place, one, found in zip(places, asked, ranked, strict=True)
    ]


def with_base(segments: Sequence[Segment], base: str) -> list[Segment]:
    """Fill in the base of conflicts that do not show it.

    Args:
        segments: a marked text.
        base: the whole file as it was at the merge base.
    """
    found = iter(aligned(segments, base, near=False))
    filled: list[Segment] = []
    for segment in segments:
        if isinstance(segment, Region):
            text = next(found)
            segment = segment if segment.base is not None else segment._replace(base=text)
        filled.append(segment)
    return filled


def contexts(
    segments: Sequence[Segment],
    path: str,
    timeout: float = TIMEOUT,
    merged: str | None = None,
    known: Known = NOTHING,
) -> Iterator[Context]:
    """Give what stands around each conflict, the others settled as ours.

    Args:
        segments: a marked text.
        path: what git calls the file.
        timeout: seconds that the structured merge of the file may take.
        merged: the file as that merge has it, where it was made before.
        known: what is known beside the texts.
    """
    text = _structured(segments, path, timeout) if merged is None else merged
    settled = iter(_settled(segments, text))
    ours = "".join(s.ours if isinstance(s, Region) else s for s in segments)
    at = 0
    for segment in segments:
        if isinstance(segment, Region):
            end = at + len(segment.ours)
            before, after = ours[max(0, at - AROUND) : at], ours[end : end + AROUND]
            facts = known.facts(path, segment, before, after)
            yield Context(before, after, path, next(settled), facts)
            at = end
        else:
            at += len(segment)


def _structured(segments: Sequence[Segment], path: str, timeout: float) -> str | None:
    """Merge the file's three sides by syntax, if the markers show them all."""
    bases = [s.base if isinstance(s, Region) else s for s in segments]
    if None in bases or not any(isinstance(s, Region) for s in segments):
        return None
    sides = (
        "".join(base or "" for base in bases),
        "".join(s.ours if isinstance(s, Region) else s for s in segments),
        "".join(s.theirs if isinstance(s, Region) else s for s in segments),
    )
    try:
        _, result = merge_files_guarded(
            *(side.encode("utf-8", "surrogateescape") for side in sides),
            path=path,
            timeout=timeout,
        )
    except Abandoned:
        return None
    return result.text


def _settled(segments: Sequence[Segment], merged: str | None) -> list[str | None]:
    """Find what became of each conflict in the structured merge."""
    if merged is None:
        return [None for s in segments if isinstance(s, Region)]
    found = aligned(segments, merged)
    return [None if text is None or has_markers(text) else text for text in found]


def _resolutions(asked: Asked, ranked: Ranked, stage: str) -> list[Resolution]:
    parses = _Check(asked.region, asked.context)
    checked = [
        (candidate, chance if at >= PARSED or parses(candidate.text) else chance * BROKEN)
        for at, (candidate, chance) in enumerate(ranked)
    ]
    checked.sort(key=lambda pair: -pair[1])
    return [
        Resolution(candidate.text, stage, candidate.patterns[0], round(chance, 4))
        for candidate, chance in checked
    ]


class _Check:
    """Says whether a file parses with a text in a conflict's place as well as its sides do."""

    def __init__(self, region: Region, context: Context) -> None:
        self.sides = (region.ours, region.theirs)
        self.context = context
        self.row = for_path(context.path, context.before)

    def __call__(self, text: str) -> bool:
        if text in self.sides:
            return True
        errors = self._errors(text)
        return not errors or errors <= self.most

    @cached_property
    def most(self) -> int:
        return max(map(self._errors, self.sides))

    def _errors(self, text: str) -> int:
        if self.row is None:
            return 0
        whole = self.context.before + text + self.context.after
        try:
            return Source(self.row, whole.encode("utf-8", "surrogateescape")).error_count()
        except MissingGrammar:
            return 0


def source_with(segments: Sequence[Segment], texts: Sequence[str | None]) -> str:
    """Write a text with some conflicts replaced.

    Args:
        segments: a marked text.
        texts: for each conflict what replaces it, `None` to leave it as it stands.
    """
    chosen = iter(texts)
    parts = []
    for segment in segments:
        text = next(chosen) if isinstance(segment, Region) else None
        parts.append(source(segment) if text is None else text)
    return "".join(parts)
