"""What the merge driver does: git's own line merge, and the engine only where lines conflict.

Most files merge by lines, and until lines conflict nothing slow is imported. The engine then runs
in a guarded child process. Whatever happens there, `%A` ends up as git alone would have left it,
or better; it is replaced in one step or not at all.
"""

import os
import sys

from gitmerge_ai.repository.line_merge import Merged, is_binary, line_merge, read, replace

TYPE_CHECKING = False  # `typing` is slow to import
if TYPE_CHECKING:
    from gitmerge_ai.resolving.knowledge.known import Known
    from gitmerge_ai.values import MergeResult

NEVER_BY_LINES = (".ipynb",)
"""Files of which a clean line merge may still be broken, so that the engine always sees them."""

LITERAL = ("", "%S", "%X", "%Y")
"""What stands for a label that git did not give; before 2.44 it leaves these as they are."""


def labels_of(given: list[str]) -> tuple[str, str, str]:
    """Give the labels of base, ours and theirs, plain ones where git does not say.

    Args:
        given: `%S`, `%X` and `%Y` as they came.
    """
    base, ours, theirs = (
        plain if label in LITERAL else label
        for label, plain in zip(given, ("base", "ours", "theirs"), strict=True)
    )
    return base, ours, theirs


def labels_found() -> tuple[str, str, str] | None:
    """Find out the labels that git puts into conflict markers but did not give."""
    from gitmerge_ai.repository import journal_store, labels, steps

    try:
        git_dir = journal_store.git_dir_here()
        step = steps.calling(git_dir, os.getppid(), os.environ) if git_dir else None
        return labels.labels_in(step) if step else None
    except (OSError, labels.UnknownStep):
        return None


def say(path: str, message: str) -> None:
    """Tell the person one line. Standard output belongs to git, whose own result stands there."""
    print(f"gitmerge-ai: {path}: {message}", file=sys.stderr)


def engine_merge(
    files: tuple[str, str, str],
    path: str,
    labels: tuple[str, str, str],
    marker_size: int,
    *,
    by_lines: bytes,
    labelled: bool,
) -> tuple[Merged, str] | None:
    """Merge with the engine in a guarded child, or give `None` where git's result has to do.

    Args:
        files: paths of base, ours and theirs.
        path: what git calls the file.
        labels: of base, ours and theirs.
        marker_size: length of a conflict marker.
        by_lines: what git's line merge gave.
        labelled: whether the labels are git's own.

    Returns:
        The merge, and the record of it for `record`.
    """
    from gitmerge_ai.repository import attributes, config

    answers = config.ask(), attributes.ask(path)  # While git looks, there is much to import.
    if sys.flags.no_site:
        import site

        site.main()
    from functools import partial

    from gitmerge_ai.merging import guard

    settings, asked = answers[0](), answers[1]()
    if asked.generated:
        say(path, "is a generated file; make it anew rather than merging it")
        return None
    if settings.languages:
        from gitmerge_ai.syntax.languages import name_of

        if not settings.admits(asked.language or name_of(path)):
            return None
    base, ours, theirs = (read(name) for name in files)
    process = os.getppid()

    def work() -> bytes:
        from gitmerge_ai.merging.files import merge_files
        from gitmerge_ai.resolving.advising import Learned

        known = partial(known_in_merge, path)
        data, result = merge_files(
            base,
            ours,
            theirs,
            path=path,
            labels=labels,
            style=settings.conflict_style,
            marker_size=marker_size,
            language=asked.language,
            advice=Learned(settings.min_confidence, settings.model, known),
        )
        if result.note:
            raise guard.Abandoned(result.note)
        prepared = ""
        if result.resolutions or data != by_lines:
            given = labels if labelled else None
            prepared = prepare((base, ours, theirs), data, result, path, given, process)
        return b"\0".join((b"0" if result.clean else b"1", os.fsencode(prepared), data))

    try:
        answer = guard.run(work, timeout=settings.timeout)
    except guard.Abandoned as reason:
        say(path, f"left as git has it: {reason}")
        return None
    status, prepared, data = answer.split(b"\0", 2)
    return (status == b"0", data), os.fsdecode(prepared)


def prepare(
    versions: tuple[bytes, bytes, bytes],
    data: bytes,
    result: "MergeResult",
    path: str,
    labels: tuple[str, str, str] | None,
    process: int,
) -> str:
    """Prepare the record of a merge, "" where that fails: the merge is worth more than that.

    Args:
        versions, data, result, path, labels, process: as for `journal.entries.prepare`.
    """
    from contextlib import suppress

    with suppress(Exception):
        from gitmerge_ai.resolving.journal import entries

        return entries.prepare(versions, data, result, path=path, labels=labels, process=process)
    return ""


def known_in_merge(path: str) -> "Known":
    """Say what is known of a file beside its texts, if git says what it merges.

    Args:
        path: what git calls the file.
    """
    from pathlib import Path

    from gitmerge_ai.repository import steps
    from gitmerge_ai.repository.index import RepositoryError
    from gitmerge_ai.resolving.knowledge.gathering import known_of
    from gitmerge_ai.resolving.knowledge.known import Known

    heads = steps.merged_heads(os.environ)
    if len(heads) != 1:
        return Known()
    [(theirs, name)] = heads
    source = "" if theirs.startswith(name) else name
    try:
        return known_of(Path.cwd(), "HEAD", theirs, path, source=source)
    except RepositoryError:
        return Known()


def record(prepared: str) -> None:
    """Add to the journal what the engine resolved, once that is in place.

    Args:
        prepared: what the engine's child prepared, "" if nothing.
    """
    if not prepared:
        return
    from gitmerge_ai.repository.journal_store import add_prepared

    try:
        add_prepared(prepared)
    except OSError:
        return  # The merge is done; only what is remembered of it is lost.


def main(arguments: list[str]) -> int:
    """Merge the three files that git names and write the result over ours.

    Args:
        arguments: what git puts for `%O %A %B %L %P %S %X %Y`; the last five may be missing.

    Returns:
        0 when the file is merged, 1 when conflicts are left in it.

    Raises:
        LineMergeError: git could not have merged these files.
        OSError: a file could not be read or written; ours is as it was.
    """
    base, ours, theirs, size, path, *names = [*arguments, *[""] * (8 - len(arguments))]
    marker_size = int(size) if size.isdecimal() and int(size) > 0 else 7
    path = path or ours
    labels = labels_of(names)
    # A git that gives labels is new enough to merge files with the algorithm that it merges with.
    modern = any(name not in LITERAL for name in names)
    options = ("--diff-algorithm=histogram",) if modern else ()
    if is_binary(base) or is_binary(ours) or is_binary(theirs):
        labels = labels if modern else labels_found() or labels
        sides = f"{labels[1]} vs. {labels[2]}"
        print(f"warning: Cannot merge binary files: {path} ({sides})", file=sys.stderr)
        return 1
    files = (base, ours, theirs)

    def by_lines() -> Merged:
        return line_merge(*files, labels=labels, marker_size=marker_size, options=options)

    clean, merged = by_lines()
    if not clean and not modern:
        labels = labels_found() or labels
        clean, merged = by_lines()
    if not clean or path.endswith(NEVER_BY_LINES):
        by_engine = None
        try:
            by_engine = engine_merge(
                files, path, labels, marker_size, by_lines=merged, labelled=modern
            )
        except Exception as error:
            say(path, f"left as git has it: {type(error).__name__}: {error}")
        if by_engine:
            (clean, merged), prepared = by_engine
            replace(ours, merged)
            record(prepared)
            return 0 if clean else 1
    replace(ours, merged)
    return 0 if clean else 1
