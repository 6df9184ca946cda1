"""The cases of a backtest as they stand in its page: texts side by side, differences marked."""

from collections import Counter
from collections.abc import Sequence
from html import escape
from time import gmtime, strftime

from gitmerge_ai.differ.sequences import matches
from gitmerge_ai.text.words import tokens
from gitmerge_ai.training.backtesting.verdicts import Case

OPEN = 1
"""Cases that are unfolded when the page opens."""


def filters(cases: Sequence[Case]) -> str:
    """Write what chooses the language and the stage of the cases that are shown.

    Args:
        cases: all of them.
    """
    of = {
        "language": Counter(case.language for case in cases),
        "stage": Counter(case.stage for case in cases),
    }
    return "".join(
        f'<label>{name} <select name="{name}">{_options(counts)}</select></label>'
        for name, counts in of.items()
    )


def _options(counts: Counter[str]) -> str:
    return '<option value="">all</option>' + "".join(
        f'<option value="{escape(name)}">{escape(name)} ({number})</option>'
        for name, number in counts.most_common()
    )


def listing(cases: Sequence[Case]) -> str:
    """Write cases, each of which unfolds.

    Args:
        cases: in the order in which they are to stand.
    """
    return "".join(_case(case, unfolded=at < OPEN) for at, case in enumerate(cases))


def _case(case: Case, *, unfolded: bool) -> str:
    where = f"{case.path}:{case.line}" if case.line else case.path
    day = strftime("%Y-%m-%d", gmtime(case.time))
    sure = "" if case.confidence is None else f" {case.confidence:.0%}"
    return (
        f'<details class="case" data-language="{escape(case.language)}" '
        f'data-stage="{escape(case.stage)}"{" open" if unfolded else ""}>'
        f"<summary><code>{escape(where)}</code> "
        f'<span class="chip">{escape(case.stage)}{sure}</span> '
        f'<span class="faint">{escape(case.language)}, {day}</span></summary>'
        f"<p><code>git show {escape(case.commit)} -- {escape(case.path)}</code></p>"
        f"{_sides(case) if case.line else _AROUND}"
        f'<div class="pair">{_results(case)}</div></details>'
    )


_AROUND = (
    "<p>No conflict that can be compared came out differently; the file differs elsewhere.</p>"
)


def _sides(case: Case) -> str:
    base = case.base
    shown = [] if base is None else [_text("base", escape(base), base)]
    for name, text in (("ours", case.ours), ("theirs", case.theirs)):
        shown.append(_text(name, escape(text) if base is None else marked(text, base), text))
    return f'<div class="sides">{"".join(shown)}</div>'


def _results(case: Case) -> str:
    return _text("gitmerge-ai", marked(case.result, case.people), case.result) + _text(
        "people", marked(case.people, case.result), case.people
    )


def _text(title: str, content: str, text: str) -> str:
    shown = f"<pre>{content}</pre>" if text else '<p class="faint">nothing</p>'
    return f'<figure class="text"><figcaption>{title}</figcaption>{shown}</figure>'


def marked(text: str, other: str) -> str:
    """Write a text with the tokens marked that another one lacks.

    Args:
        text: what to write.
        other: what to compare it with.
    """
    mine, theirs = tokens(text), tokens(other)
    shared = {at for at, _ in matches(mine, theirs)}
    parts: list[str] = []
    inside = False
    for at, token in enumerate(mine):
        lacking = at not in shared and not token.isspace()
        if lacking != inside and (lacking or not token.isspace() or "\n" in token):
            parts.append("<mark>" if lacking else "</mark>")
            inside = lacking
        parts.append(escape(token))
    return "".join(parts) + ("</mark>" if inside else "")
