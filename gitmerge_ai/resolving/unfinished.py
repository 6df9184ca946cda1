"""Resolves what a merge left in one file of the work tree; what the person did since stays.

A file that is still as git left it is merged anew from its three versions. In any other only the
conflicts that still stand between markers are touched, and only if everything else stays byte for
byte. Without the base of a conflict nothing can be defended, so it is left. No file is read or
written here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gitmerge_ai.differ.lines import git_merge, to_bytes, to_text
from gitmerge_ai.merging.advice import Advice
from gitmerge_ai.merging.files import merge_files_guarded
from gitmerge_ai.merging.guard import Abandoned
from gitmerge_ai.merging.report import place, resolutions_of
from gitmerge_ai.repository.line_merge import LineMergeError
from gitmerge_ai.resolving.alignment import aligned
from gitmerge_ai.resolving.suggesting import source_with, with_base
from gitmerge_ai.text import encoding
from gitmerge_ai.text.markers import STYLES, Region, Segment, has_markers, parse, regions, source
from gitmerge_ai.values import Resolution, Sides

Versions = tuple[bytes, bytes, bytes]
"""Base, ours and theirs."""


@dataclass(frozen=True, slots=True)
class How:
    """What is known of a file beside its content.

    `size` is the length of its conflict markers; `language` is set where the path does not tell;
    `timeout` is how many seconds the file may take; `advice` says what people do.
    """

    path: str
    size: int = 7
    language: str | None = None
    timeout: float = 10.0
    advice: Advice | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file.

    `data` is its new content, `None` if it stays as it is; `resolved` and `left` count conflicts;
    `note` says in a line why something is left.
    """

    data: bytes | None
    resolved: int
    left: int
    note: str = ""
    resolutions: tuple[Resolution, ...] = ()


def resolve(data: bytes, versions: Versions | None, how: How, base: str | None = None) -> Outcome:
    """Resolve the conflicts of a file.

    Args:
        data: the file as it stands in the work tree.
        versions: as the index has them, in the form they have in the work tree; `None` where it
            has none.
        how: what else is known of the file.
        base: the file where both sides part, if it is known without versions.
    """
    if encoding.is_binary(data):
        return Outcome(None, 0, 1, "a binary file")
    decoded = encoding.decode(data)
    segments = parse(decoded.text, how.size)
    standing = regions(segments)
    if not standing:
        return _without_conflicts(data, decoded.text, versions, how)
    style = _style_of_git(segments, versions, how) if versions else None
    if versions and style:
        found = _merged(versions, standing, style, how)
        if found:
            return found
    if versions and versions[0]:
        base = encoding.decode(versions[0]).text
    if base is not None:
        segments = with_base(segments, base)
    found = _standing(segments, how)
    if found.data is None:
        return found
    text = to_text(found.data)
    return replace(found, data=encoding.encode(decoded._replace(text=text)))


def _without_conflicts(data: bytes, text: str, versions: Versions | None, how: How) -> Outcome:
    if has_markers(text, how.size):
        return Outcome(None, 0, 1, "its conflict markers cannot be read")
    if versions and data in versions[1:]:
        side = "ours" if data == versions[1] else "theirs"
        return Outcome(None, 0, 1, f"it has no conflict markers and is {side} unchanged")
    return Outcome(None, 0, 0, "it has no conflict markers")


def _style_of_git(segments: Sequence[Segment], versions: Versions, how: How) -> str | None:
    """Find the style in which a file is git's own merge of its versions, whatever the labels."""
    base, ours, theirs = (encoding.decode(version).text for version in versions)
    sides = Sides(base, ours, theirs)
    for style in STYLES:
        try:
            _, text = git_merge(sides, style=style, marker_size=how.size)
        except (LineMergeError, OSError, UnicodeEncodeError):
            return None
        git = parse(text, how.size)
        if any(_shape(git, based) == _shape(segments, based) for based in (True, False)):
            return style
    return None


def _shape(segments: Sequence[Segment], based: bool) -> list[object]:
    """Give what counts when two marked texts are compared."""
    return [
        s if isinstance(s, str) else (s.base if based else None, s.ours, s.theirs) for s in segments
    ]


def _merged(versions: Versions, standing: Sequence[Region], style: str, how: How) -> Outcome | None:
    """Merge a file anew, `None` if that settles nothing."""
    labels = standing[0].labels
    try:
        data, result = merge_files_guarded(
            *versions,
            path=how.path,
            labels=(labels.base or "base", labels.ours, labels.theirs),
            style=style,
            marker_size=how.size,
            language=how.language,
            advice=how.advice,
            timeout=how.timeout,
        )
    except Abandoned as reason:
        return Outcome(None, 0, len(standing), str(reason))
    left = len(result.conflicts)
    if result.note:
        return Outcome(None, 0, len(standing), result.note)
    if left and not result.resolutions:
        return None
    resolved = max(len(result.resolutions), len(standing) - left)
    return Outcome(data, resolved, left, "", result.resolutions)


def _standing(segments: Sequence[Segment], how: How) -> Outcome:
    """Resolve the conflicts that show what they come from; all other text stays as it is."""
    count = len(regions(segments))
    known = [s if _is_known(s) else source(s) for s in segments]
    if not regions(known):
        return Outcome(None, 0, count, "its markers do not show the base")
    texts = ("".join(_side(s, side) for s in known) for side in ("base", "ours", "theirs"))
    try:
        data, result = merge_files_guarded(
            *(to_bytes(text) for text in texts),
            path=how.path,
            style="diff3",
            marker_size=how.size,
            language=how.language,
            advice=how.advice,
            timeout=how.timeout,
        )
    except Abandoned as reason:
        return Outcome(None, 0, count, str(reason))
    found = aligned(known, to_text(data))
    if None in found or source_with(known, found) != to_text(data):
        return Outcome(None, 0, count, "what is around its conflicts would have to change too")
    settled = [None if text is None or has_markers(text, how.size) else text for text in found]
    resolved = len(settled) - settled.count(None)
    if not resolved:
        return Outcome(None, 0, count, result.note)
    text = source_with(known, settled)
    left = count - resolved
    resolutions = result.resolutions
    if left:
        placed = place(segments, parse(text, how.size))
        whole = Sides("", "", "", how.path)
        resolutions = tuple(resolutions_of(whole, placed, ["syntax"] * len(placed)))
    return Outcome(to_bytes(text), resolved, left, "", resolutions)


def _is_known(segment: Segment) -> bool:
    return isinstance(segment, str) or (segment.base is not None and segment.certain)


def _side(segment: Segment, side: str) -> str:
    return segment if isinstance(segment, str) else str(getattr(segment, side))
