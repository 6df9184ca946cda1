"""What a report of a backtest says in the same words on a terminal and on a page."""

from gitmerge_ai.training.backtesting.reports import Report
from gitmerge_ai.training.backtesting.scores import interval

OUTCOMES = {
    "exact": "exactly as people committed",
    "space": "equal but for white space",
    "left": "conflict left",
    "different": "merged clean but different",
    "unaligned": "resolved, cannot be compared",
}
"""What can become of a file or a conflict."""


def sure(report: Report) -> str:
    """Say how many conflicts have an answer, and how many of these are right.

    Args:
        report: what was found.
    """
    of = report.total.suggestions
    begin = f"At a confidence of {report.min_confidence:.0%}"
    if not of.answered:
        return f"{begin} no conflict has an answer."
    low, high = interval(of.right, of.answered)
    return (
        f"{begin} {of.answered:,} have an answer ({percent(of.answered, of.count)}), and "
        f"{of.right:,} of these are right: {percent(of.right, of.answered)} "
        f"(95% interval {low:.0%} to {high:.0%})."
    )


def percent(part: int, whole: int) -> str:
    """Write a share, "–" where there is nothing to have one of.

    Args:
        part: how many.
        whole: of how many.
    """
    return f"{100 * part / whole:.1f}%" if whole else "–"
