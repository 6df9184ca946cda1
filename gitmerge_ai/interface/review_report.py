"""A review in words: as lines for a terminal, and as values for JSON."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain

import click

from gitmerge_ai.interface.mergetool.words import pattern_in_words
from gitmerge_ai.interface.words import counted
from gitmerge_ai.repository.steps import Step
from gitmerge_ai.resolving.journal.entries import Entry
from gitmerge_ai.resolving.journal.reviewing import Commit, Reviewed, ReviewedStep
from gitmerge_ai.text.lines import split
from gitmerge_ai.text.markers import Region
from gitmerge_ai.values import Resolution, Span

MOST_LINES = 12
"""How many lines of a side a terminal shows; `--json` and `--html` have them all."""

STAGES = {
    "syntax": "by syntax",
    "token": "by tokens",
    "lineset": "as a list of lines",
    "notebook": "cell by cell",
    "rules": "chosen by the ranking",
    "classifier": "chosen by the classifier",
    "endpoint": "chosen by the endpoint",
}

OPERATIONS = {
    "merge": "merge of {what} into {head}",
    "rebase": "rebase of {what} onto {head}",
    "cherry-pick": "cherry-pick of {what} onto {head}",
    "revert": "revert of {what} on {head}",
    "stash": "stash {what} applied to {head}",
    "am": "patch {what} applied to {head}",
    "apply": "patch applied to {head}",
    "checkout": "checkout of {what}, with changes made on {head}",
}


def title(one: ReviewedStep) -> str:
    """Say in a line what a step was and where it ended."""
    return f"{operation(one.step)}, {_end(one.commit)}"


def operation(step: Step) -> str:
    """Say what a step was."""
    short = step.commit[:9]
    name = "" if step.name == step.commit else step.name
    what = f"{name} ({short})" if name and short else name or short
    return OPERATIONS[step.operation].format(what=what or "changes", head=step.head[:9])


def headline(resolution: Resolution) -> str:
    """Say in a few words how a conflict was resolved."""
    sides = resolution.sides
    region = Region(sides.base, sides.ours, sides.theirs) if sides else Region(None, "", "")
    words = pattern_in_words(resolution.pattern, region)
    stage = STAGES.get(resolution.stage, resolution.stage)
    how = words if stage in words else f"{words}, {stage}"
    return f"{how}, {resolution.confidence:.0%} sure"


def alternative(other: Resolution) -> str:
    """Say in a few words what else a conflict could have become."""
    words = pattern_in_words(other.pattern, Region(None, "", ""))
    return f"{words}, {other.confidence:.0%}"


def place(one: Reviewed, span: Span | None, resolution: Resolution) -> str:
    """Name the place of a resolution: file and line now, or where it was."""
    if span:
        return f"{one.entry.path}:{span[0]}"
    return f"{one.entry.path}:{resolution.span[0] if resolution.span else 1}"


def lines(steps: Sequence[ReviewedStep]) -> Iterator[str]:
    """Give a review line by line, with colours."""
    for step in steps:
        yield click.style(title(step), bold=True)
        for one in step.files:
            yield from _file(one)
        yield ""
    if any(one.found for step in steps for one in step.files):
        yield "to take something back: gitmerge-ai undo [FILE[:LINE]]"


def _file(one: Reviewed) -> Iterator[str]:
    for resolution, span in zip(one.entry.resolutions, one.spans, strict=True):
        yield ""
        gone = "" if span else click.style("  (no longer there as it was written)", fg="yellow")
        name = click.style(place(one, span, resolution), fg="cyan")
        yield f"  {name}  {headline(resolution)}{gone}"
        yield from resolution_lines(resolution)
    left = f"  {one.entry.path}: {counted(one.entry.left, 'conflict')} left to you"
    if one.entry.left and one.entry.resolutions:
        yield left
    elif one.entry.left:
        yield f"{left}, not as git writes {'it' if one.entry.left == 1 else 'them'}"


def resolution_lines(resolution: Resolution) -> Iterator[str]:
    """Give the sides of a resolution and its text, each line behind its name."""
    sides = resolution.sides
    texts = [("base", sides.base), ("ours", sides.ours), ("theirs", sides.theirs)] if sides else []
    for name, text in chain(texts, [("result", resolution.text)]):
        yield from _quoted(name, text, bold=name == "result")
    for other in resolution.alternatives:
        yield f"    or {alternative(other)}"
        yield from _quoted("", other.text, bold=False)


def _quoted(name: str, text: str, *, bold: bool) -> Iterator[str]:
    rows = [printable(row).rstrip("\r\n") for row in split(text)] or ["(nothing)"]
    more = len(rows) - MOST_LINES
    if more > 1:
        rows = [*rows[:MOST_LINES], f"… {more} more lines"]
    for number, row in enumerate(rows):
        head = f"    {name if number == 0 else '':>6} │ "
        yield head + click.style(row, bold=bold)


def printable(text: str) -> str:
    """Give a text that can be printed: bytes of no known code become question marks."""
    return text.encode("utf-8", "replace").decode()


def _end(commit: Commit | None) -> str:
    return f"in {commit.name[:9]} {commit.subject!r}" if commit else "not committed"


def when(entry: Entry) -> str:
    """Give the time of an entry, to the second, in UTC."""
    return datetime.fromtimestamp(entry.time, UTC).isoformat(timespec="seconds")


def as_values(steps: Sequence[ReviewedStep]) -> list[dict[str, object]]:
    """Give a review as values for JSON."""
    return [
        {
            "operation": one.step.operation,
            "head": one.step.head,
            "merged": one.step.commit or None,
            "name": one.step.name or None,
            "commit": one.commit.name if one.commit else None,
            "files": [_file_values(file) for file in one.files],
        }
        for one in steps
    ]


def _file_values(one: Reviewed) -> dict[str, object]:
    entry = one.entry
    pairs = zip(entry.resolutions, one.spans, strict=True)
    return {
        "path": entry.path,
        "by": entry.by,
        "time": when(entry),
        "left": entry.left,
        "blobs": {name: blob or None for name, blob in entry.blobs._asdict().items()},
        "resolutions": [resolution_values(resolution, span) for resolution, span in pairs],
    }


def resolution_values(resolution: Resolution, now: Span | None) -> dict[str, object]:
    """Give a resolution as values for JSON.

    Args:
        resolution: it.
        now: the lines where it stands, `None` if it was changed since.
    """
    sides = resolution.sides
    return {
        "lines": _lines(resolution.span),
        "lines_now": _lines(now),
        **_ways(resolution),
        "sides": {n: getattr(sides, n) for n in ("base", "ours", "theirs")} if sides else None,
        "alternatives": [_ways(other) for other in resolution.alternatives],
    }


def _ways(resolution: Resolution) -> dict[str, object]:
    keys = ("text", "stage", "pattern", "confidence")
    return {key: getattr(resolution, key) for key in keys}


def _lines(span: Span | None) -> list[int] | None:
    return [span[0], span[1] - 1] if span else None
