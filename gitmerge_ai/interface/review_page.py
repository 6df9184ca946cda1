"""A review as one HTML file, to read without a network or to attach to a pull request.

Words that only ours has are marked in one way, those that only theirs has in another, and what of
the base is gone is struck out; so the result shows where each of its words is from.
"""

import re
from collections.abc import Iterable, Sequence
from html import escape

from gitmerge_ai.differ.sequences import matches
from gitmerge_ai.interface import review_report
from gitmerge_ai.interface.words import counted
from gitmerge_ai.resolving.journal.reviewing import Reviewed, ReviewedStep
from gitmerge_ai.text.lines import split
from gitmerge_ai.values import Resolution, Sides, Span

MOST_WORDS = 4000
"""Longer texts are shown without marks."""

_WORD = re.compile(r"\w+|\n|[^\S\n]+|[^\w\s]")

STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --ours: #2563eb; --theirs: #b45309;
  --gone: #dc2626; }
@media (prefers-color-scheme: dark) {
  :root { --ours: #7db0ff; --theirs: #f5b35c; --gone: #ff8080; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 90rem; padding: 1.5rem; font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0; }
h2 { font-size: 1.1rem; margin: 2.5rem 0 .5rem; }
h3 { font: 600 1rem/1.5 ui-monospace, monospace; margin: 0; overflow-wrap: anywhere; }
p { margin: .3rem 0; }
.quiet { opacity: .75; }
.legend span { margin-right: 1.2rem; }
article { border: 1px solid var(--line); border-radius: .5rem; margin: 1rem 0; overflow: hidden; }
article > header { background: var(--soft); padding: .6rem .9rem; }
.sides { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); }
.sides > div + div { border-left: 1px solid var(--line); }
.result { border-top: 1px solid var(--line); }
.name { font-size: .8rem; padding: .4rem .9rem 0; opacity: .75; }
pre { font: 13px/1.5 ui-monospace, monospace; margin: 0; padding: .2rem .9rem .8rem;
  white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
.ours { color: var(--ours); text-decoration: underline; text-underline-offset: .2em; }
.theirs { color: var(--theirs); text-decoration: underline dotted; text-underline-offset: .2em; }
del { color: var(--gone); }
.none { font-style: italic; opacity: .6; }
.gone { color: var(--gone); }
details { border-top: 1px solid var(--line); padding: .4rem .9rem; }
details pre { padding-left: 0; }
@media (max-width: 50rem) {
  .sides { grid-template-columns: minmax(0, 1fr); }
  .sides > div + div { border-left: 0; border-top: 1px solid var(--line); }
}
"""

LEGEND = (
    '<p class="legend"><span><span class="ours">words of ours</span></span>'
    '<span><span class="theirs">words of theirs</span></span>'
    "<span><del>words of the base that a side dropped</del></span></p>"
)


def page(steps: Sequence[ReviewedStep], name: str) -> str:
    """Write a review as a page.

    Args:
        steps: what was resolved.
        name: of the repository.
    """
    files = [file for step in steps for file in step.files]
    count = sum(len(file.entry.resolutions) for file in files)
    left = sum(file.entry.left for file in files)
    heading = f"Resolved automatically in {escape(name)}"
    summary = (
        f"{counted(count, 'conflict')} in {counted(len(files), 'file')} resolved, {left} left."
        if files
        else "Nothing was resolved automatically."
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{heading}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{heading}</h1>\n<p>{summary}</p>\n{LEGEND if files else ''}\n"
        + "".join(map(_step, steps))
        + "</body>\n</html>\n"
    )


def _step(one: ReviewedStep) -> str:
    time = review_report.when(one.files[0].entry).replace("T", " ").replace("+00:00", " UTC")
    return (
        f"<section>\n<h2>{_text(review_report.title(one))}</h2>\n"
        f'<p class="quiet">{time}</p>\n' + "".join(map(_file, one.files)) + "</section>\n"
    )


def _file(one: Reviewed) -> str:
    pairs = zip(one.entry.resolutions, one.spans, strict=True)
    articles = "".join(_resolution(one, resolution, span) for resolution, span in pairs)
    if not one.entry.left:
        return articles
    left = f"{counted(one.entry.left, 'conflict')} left to the person"
    return f"{articles}<p><code>{_text(one.entry.path)}</code>: {left}</p>\n"


def _resolution(one: Reviewed, resolution: Resolution, span: Span | None) -> str:
    gone = "" if span else ' <span class="gone">No longer there as it was written.</span>'
    sides = resolution.sides
    columns = _sides(sides) if sides else ""
    return (
        f"<article>\n<header><h3>{_text(review_report.place(one, span, resolution))}</h3>"
        f"<p>{_text(review_report.headline(resolution))}.{gone}</p></header>\n"
        f'{columns}<div class="result"><div class="name">result</div>'
        f"<pre>{_result(resolution.text, sides)}</pre></div>\n"
        f"{_alternatives(resolution.alternatives)}</article>\n"
    )


def _sides(sides: Sides) -> str:
    base, ours, theirs = sides.base, sides.ours, sides.theirs
    columns = {
        "base": _marked(base, {"del": _unmatched(base, ours) | _unmatched(base, theirs)}),
        "ours": _marked(ours, {"ours": _unmatched(ours, base)}),
        "theirs": _marked(theirs, {"theirs": _unmatched(theirs, base)}),
    }
    cells = (
        f'<div><div class="name">{side}</div><pre>{text}</pre></div>'
        for side, text in columns.items()
    )
    return f'<div class="sides">{"".join(cells)}</div>\n'


def _result(text: str, sides: Sides | None) -> str:
    if sides is None:
        return _marked(text, {})
    new = _unmatched(text, sides.base)
    not_ours, not_theirs = _unmatched(text, sides.ours), _unmatched(text, sides.theirs)
    by_line = {side: new & _in_lines_of(text, sides, side) for side in ("ours", "theirs")}
    ours = ((new & not_theirs) - not_ours - by_line["theirs"]) | by_line["ours"]
    theirs = ((new & not_ours) - not_theirs - by_line["ours"]) | by_line["theirs"]
    return _marked(text, {"ours": ours, "theirs": theirs})


def _in_lines_of(text: str, sides: Sides, side: str) -> set[int]:
    """Give the places of the words in lines that only one side has."""
    others = {name: set(split(getattr(sides, name))) for name in ("base", "ours", "theirs")}
    mine = others.pop(side)
    found: set[int] = set()
    place = 0
    for line in split(text):
        words = _WORD.findall(line)
        if line in mine and not any(line in other for other in others.values()):
            found.update(place + i for i, word in enumerate(words) if not word.isspace())
        place += len(words)
    return found


def _alternatives(others: Iterable[Resolution]) -> str:
    return "".join(
        f"<details><summary>or {_text(review_report.alternative(other))}</summary>"
        f"<pre>{_marked(other.text, {})}</pre></details>\n"
        for other in others
    )


def _unmatched(text: str, other: str) -> set[int]:
    """Give the places of the words of a text that another has not."""
    mine, others = _WORD.findall(text), _WORD.findall(other)
    if max(len(mine), len(others)) > MOST_WORDS:
        return set()
    matched = {i for i, _ in matches(mine, others)}
    return {i for i, word in enumerate(mine) if i not in matched and not word.isspace()}


def _marked(text: str, marks: dict[str, set[int]]) -> str:
    """Write a text with some of its words marked."""
    if not text:
        return '<span class="none">nothing</span>'
    by_word = {place: name for name, places in marks.items() for place in places}
    parts: list[str] = []
    for place, word in enumerate(_WORD.findall(text)):
        name = by_word.get(place)
        start, end = ("<del>", "</del>") if name == "del" else (f'<span class="{name}">', "</span>")
        parts.append(f"{start}{_text(word)}{end}" if name else _text(word))
    return "".join(parts)


def _text(text: str) -> str:
    return escape(review_report.printable(text))
