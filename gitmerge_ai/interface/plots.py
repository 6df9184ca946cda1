"""Plots as SVG that stands in a page: bars of parts, columns over years, and a curve.

Colours are the page's: a part is drawn in the class of its name. Every plot says in words what it
shows, for those who do not see it.
"""

from collections.abc import Mapping, Sequence
from html import escape

from gitmerge_ai.training.backtesting.scores import Point

Parts = Mapping[str, int]
"""Numbers by name, in the order in which they are drawn."""

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 48, 16, 12, 44
"""The size of a plot with axes, and the room around what it draws."""

MOST_LABELS = 14
"""Titles of columns that have room side by side."""

GRID = (0.0, 0.25, 0.5, 0.75, 1.0)


def bar(parts: Parts, whole: int | None = None, *, height: int = 14) -> str:
    """Draw parts side by side, as long together as the plot is wide.

    Args:
        parts: what to draw.
        whole: what would fill the bar, the sum of the parts by default.
        height: of the bar.
    """
    total = whole or sum(parts.values()) or 1
    at = 0.0
    drawn = []
    for name, number in parts.items():
        share = 1000 * number / total
        if number:
            drawn.append(
                f'<rect class="{name}" x="{at:.1f}" width="{share:.1f}" height="{height}">'
                f"<title>{escape(name)}: {number:,}</title></rect>"
            )
        at += share
    told = _told(parts)
    return (
        f'<svg class="bar" viewBox="0 0 1000 {height}" preserveAspectRatio="none" role="img" '
        f'aria-label="{told}">{"".join(drawn)}</svg>'
    )


def columns(rows: Sequence[tuple[str, Parts]]) -> str:
    """Draw a column of parts for each row, their heights to one scale.

    Args:
        rows: a title and its parts.
    """
    most = max((sum(parts.values()) for _, parts in rows), default=0) or 1
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    step = wide / max(1, len(rows))
    drawn = [_level(number / most, f"{number:,}") for number in _levels(most)]
    for number, (title, parts) in enumerate(rows):
        x = LEFT + step * number + step * 0.15
        bottom = float(TOP + high)
        for name, count in parts.items():
            tall = high * count / most
            bottom -= tall
            said = f"{escape(title)} {escape(name)}: {count:,}"
            drawn.append(
                f'<rect class="{name}" x="{x:.1f}" y="{bottom:.1f}" width="{step * 0.7:.1f}" '
                f'height="{tall:.1f}"><title>{said}</title></rect>'
            )
        if number % -(-len(rows) // MOST_LABELS) == 0:
            drawn.append(_label(x + step * 0.35, HEIGHT - BOTTOM + 16, title))
    told = "; ".join(f"{escape(title)} {_told(parts)}" for title, parts in rows)
    return _plot("".join(drawn), told)


def curve(points: Sequence[Point], mark: float) -> str:
    """Draw how right the surest suggestions are, over how many of all these are.

    Args:
        points: of the curve, by growing coverage.
        mark: a confidence; the last point that is at least as sure is marked.
    """
    drawn = [_level(share, f"{share:.0%}") for share in GRID]
    drawn += [_label(_x(share), HEIGHT - BOTTOM + 16, f"{share:.0%}") for share in GRID]
    drawn.append(_label(_x(0.5), HEIGHT - 2, "of all conflicts, the surest first"))
    path = " ".join(f"{_x(each.coverage):.1f},{_y(each.precision):.1f}" for each in points)
    drawn.append(f'<polyline class="line" points="{path}"/>')
    sure = [each for each in points if each.confidence >= mark]
    for each in points:
        title = (
            f"{each.coverage:.0%} of all: {each.precision:.1%} right, from {each.confidence:.0%} on"
        )
        kind = "mark" if sure and each is sure[-1] else "dot"
        radius = 6 if kind == "mark" else 3
        drawn.append(
            f'<circle class="{kind}" cx="{_x(each.coverage):.1f}" cy="{_y(each.precision):.1f}" '
            f'r="{radius}"><title>{title}</title></circle>'
        )
    told = [p for n, p in enumerate(points) if n % max(1, len(points) // 5) == 0]
    return _plot(
        "".join(drawn),
        "; ".join(f"{p.precision:.0%} right of the surest {p.coverage:.0%}" for p in told),
    )


def _levels(most: int) -> range:
    """Choose round numbers up to the most there is, about five of them."""
    steps = (power * digit for power in (10**n for n in range(12)) for digit in (1, 2, 5))
    return range(0, most + 1, next(step for step in steps if step * 5 >= most))


def _plot(content: str, told: str) -> str:
    return (
        f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{told}">'
        f"{content}</svg>"
    )


def _level(share: float, title: str) -> str:
    """Draw a line across the plot, and what it stands for."""
    y = _y(share)
    return (
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="end" x="{LEFT - 8}" y="{y + 4:.1f}">{title}</text>'
    )


def _label(x: float, y: float, text: str) -> str:
    return f'<text class="middle" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)


def _told(parts: Parts) -> str:
    return ", ".join(f"{escape(name)} {number:,}" for name, number in parts.items() if number)
