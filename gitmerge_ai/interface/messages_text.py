"""The figures of a backtest of messages as a table of text."""

from collections.abc import Sequence

from gitmerge_ai.messages.backtesting import Figures

_COLUMNS = {
    "b_norm": "B-Norm",
    "edit_similarity": "similarity",
    "em1": "1 word",
    "em2": "2 words",
    "top3": "1 of 3",
    "abstained": "abstained",
    "whole_b_norm": "whole",
}


def table(name: str, figures: Sequence[Figures]) -> str:
    """Give the figures as lines, in per cent.

    Args:
        name: of the repository.
        figures: to show.
    """
    heads = ["subjects", "typed", "count", *_COLUMNS.values(), "stale"]
    rows = [
        [each.group, f"{each.share} %", str(each.count)]
        + [f"{each.means[key]:.1f}" if key in each.means else "-" for key in _COLUMNS]
        + [str(each.stale)]
        for each in figures
    ]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = [
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in (heads, *rows)
    ]
    return "\n".join([name, *lines])
