"""Merges three files, bytes in and bytes out: what the driver, `merge-file` and `resolve` call.

Around the pipeline, which knows text only, it keeps what is the file's own: its encoding, its byte
order mark, and its line endings where one side converted them. It reads and writes no file.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from gitmerge_ai.merging import guard
from gitmerge_ai.merging.advice import Advice
from gitmerge_ai.merging.guard import Abandoned
from gitmerge_ai.text import encoding, lines, markers
from gitmerge_ai.text.encoding import Decoded
from gitmerge_ai.values import Conflict, Labels, MergeResult, Sides

Result = TypeVar("Result")

MAX_BYTES = 1_000_000
"""Larger files are left to git."""


def merge_files(
    base: bytes,
    ours: bytes,
    theirs: bytes,
    *,
    path: str,
    labels: tuple[str, str, str] = ("base", "ours", "theirs"),
    style: str = "merge",
    marker_size: int = 7,
    language: str | None = None,
    advice: Advice | None = None,
) -> tuple[bytes, MergeResult]:
    """Merge three versions of a file.

    Args:
        base, ours, theirs: the contents; an empty base is an add/add.
        path: what git calls the file.
        labels: what markers call base, ours and theirs.
        style: of the conflicts that are left: "merge", "diff3" or "zdiff3".
        marker_size: length of a conflict marker.
        language: name of the language where the path does not tell.
        advice: what is known of people, to leave more or less to them.

    Raises:
        Abandoned: the files are too large, binary, or of different encodings.
    """
    from gitmerge_ai.merging.pipeline import merge

    if ours in (base, theirs):
        return theirs, MergeResult(encoding.decode(theirs).text)
    if theirs == base:
        return ours, MergeResult(encoding.decode(ours).text)
    if max(len(base), len(ours), len(theirs)) > MAX_BYTES:
        raise Abandoned("it is larger than 1 MB")
    versions = [encoding.decode(data) for data in (base, ours, theirs)]
    if any("\0" in version.text for version in versions):
        raise Abandoned("it is a binary file")
    frame = _frame(*versions)
    of_base, of_ours, of_theirs = (version.text for version in versions)
    sides = Sides(of_base, of_ours, of_theirs, path, Labels(*labels))
    conversion = lines.conversion(sides)
    alike = conversion.before(sides) if conversion else sides
    result = merge(alike, language=language, style=style, marker_size=marker_size, advice=advice)
    if advice and result.conflicts and not result.note:
        result = advice.finish(alike, result)
    if conversion:
        result = conversion.after(result)
    return encoding.encode(frame._replace(text=result.text)), result


def merge_files_guarded(
    base: bytes,
    ours: bytes,
    theirs: bytes,
    *,
    path: str,
    labels: tuple[str, str, str] = ("base", "ours", "theirs"),
    style: str = "merge",
    marker_size: int = 7,
    language: str | None = None,
    advice: Advice | None = None,
    timeout: float,
) -> tuple[bytes, MergeResult]:
    """Do as `merge_files` does, in a child process with limits of time and memory.

    Args:
        base, ours, theirs, path, labels, style, marker_size, language, advice: as for
            `merge_files`.
        timeout: seconds that it may take.

    Raises:
        Abandoned: there is no result; git's own has to do.
    """
    work = partial(
        merge_files,
        base,
        ours,
        theirs,
        path=path,
        labels=labels,
        style=style,
        marker_size=marker_size,
        language=language,
        advice=advice,
    )
    [merged] = all_guarded([work], timeout=timeout)
    if isinstance(merged, Abandoned):
        raise merged
    return merged


def all_guarded(
    works: Sequence[Callable[[], Result]], *, timeout: float
) -> list[Result | Abandoned]:
    """Do works in child processes with limits of time and memory, several in one if that goes well.

    Args:
        works: what to do; what they return has to be picklable.
        timeout: seconds that each may take.

    Returns:
        For each what it returned, or why there is no result.
    """
    import pickle  # not for the driver, which needs the bytes only

    def pickled(work: Callable[[], Result]) -> bytes:
        return pickle.dumps(work())

    answers = guard.run_all([partial(pickled, work) for work in works], timeout=timeout)
    return [each if isinstance(each, Abandoned) else pickle.loads(each) for each in answers]


def merged_by_lines(data: bytes, *, path: str, marker_size: int = 7, note: str = "") -> MergeResult:
    """Describe what `git merge-file` gave as a result.

    Args:
        data: the merged file, with markers where lines conflict.
        path: what git calls the file.
        marker_size: length of a conflict marker.
        note: why it was left to git.
    """
    text = encoding.decode(data).text
    segments = markers.parse(text, marker_size)
    regions = zip(markers.regions(segments), markers.spans(segments), strict=True)
    conflicts = tuple(
        Conflict(
            Sides(region.base or "", region.ours, region.theirs, path, region.labels),
            context=("", ""),
            node_kind="",
            span=(first, last + 1),
        )
        for region, (first, last) in regions
    )
    return MergeResult(text, conflicts, (), note)


def _frame(base: Decoded, ours: Decoded, theirs: Decoded) -> Decoded:
    """Choose codec and byte order mark, three-way.

    Raises:
        Abandoned: the sides are in different encodings, so that a merged file might hold two.
    """
    unlike = encoding.foreign(ours.text) != encoding.foreign(theirs.text)
    if unlike and not ours.text.isascii() and not theirs.text.isascii():
        raise Abandoned("its versions are in different encodings")
    of_base, of_ours, of_theirs = ((each.codec, each.bom) for each in (base, ours, theirs))
    if of_theirs in (of_ours, of_base):
        return ours
    if of_ours == of_base:
        return theirs
    raise Abandoned("its versions are in different encodings")
