"""Lines and their endings, as git counts them: a line ends with LF, or with CR and LF.

Where one side turned a file from LF to CRLF, or back, every line differs and nothing would merge.
`conversion` takes that conversion out before the merge and puts it back after it. Where no side
converted anything, mixed endings included, nothing is touched.
"""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from gitmerge_ai.values import MergeResult, Resolution, Sides

LF = "\n"
CRLF = "\r\n"


def split(text: str) -> list[str]:
    """Cut a text into lines, each with its ending; only LF ends a line.

    `str.splitlines` would cut at form feeds and Unicode separators too, which git does not.

    Args:
        text: any text.
    """
    lines = text.split(LF)
    last = lines.pop()
    return [line + LF for line in lines] + ([last] if last else [])


def endings(text: str) -> Counter[str]:
    """Count the lines that end with each of LF and CRLF.

    Args:
        text: any text.
    """
    crlf = text.count(CRLF)
    return Counter({LF: text.count(LF) - crlf, CRLF: crlf})


def dominant(text: str) -> str:
    """Give the ending that most lines have: LF, CRLF, or "" where no line ends.

    Args:
        text: any text.
    """
    count = endings(text)
    if not count.total():
        return ""
    return CRLF if count[CRLF] > count[LF] else LF


class Conversion(NamedTuple):
    """A merge of sides with different endings: by LF alone, and `ending` for the result."""

    ending: str

    def before(self, sides: Sides) -> Sides:
        """Give the three sides with LF only, so that they can be compared."""
        return _sides(sides, _to_lf)

    def after(self, result: MergeResult) -> MergeResult:
        """Give a result, and all that it quotes, the ending."""

        def convert(text: str) -> str:
            return _to_lf(text).replace(LF, self.ending)

        conflicts = (
            each._replace(
                sides=_sides(each.sides, convert),
                context=(convert(each.context[0]), convert(each.context[1])),
            )
            for each in result.conflicts
        )
        resolutions = (_resolution(each, convert) for each in result.resolutions)
        return MergeResult(convert(result.text), tuple(conflicts), tuple(resolutions), result.note)


def conversion(sides: Sides) -> Conversion | None:
    """Tell whether one side converted the line endings, and to what.

    The side that did must be of one ending throughout: in a mixed file nobody can say which
    lines were meant, and every byte is left alone.

    Args:
        sides: the three texts.
    """
    base, ours, theirs = (dominant(text) for text in (sides.base, sides.ours, sides.theirs))
    if len({base, ours, theirs} - {""}) < 2:
        return None
    chosen = theirs if ours == base or not ours else ours
    deciding = [text for text in (sides.ours, sides.theirs) if dominant(text) == chosen]
    if any(min(endings(text).values()) for text in deciding):
        return None
    return Conversion(chosen)


def _to_lf(text: str) -> str:
    return text.replace(CRLF, LF)


def _sides(sides: Sides, convert: Callable[[str], str]) -> Sides:
    return sides._replace(
        base=convert(sides.base), ours=convert(sides.ours), theirs=convert(sides.theirs)
    )


def _resolution(resolution: Resolution, convert: Callable[[str], str]) -> Resolution:
    return resolution._replace(
        text=convert(resolution.text),
        sides=resolution.sides and _sides(resolution.sides, convert),
        alternatives=tuple(_resolution(each, convert) for each in resolution.alternatives),
    )
