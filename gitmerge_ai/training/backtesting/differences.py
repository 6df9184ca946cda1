"""Cases to look at: the texts of what came out differently, short enough to be read."""

from gitmerge_ai.differ.sequences import matches
from gitmerge_ai.text.lines import split
from gitmerge_ai.text.markers import Region
from gitmerge_ai.training.backtesting.verdicts import Case, Judged, JudgedFile

# Characters of a case's text, and lines around a difference: enough to see what is the matter.
LONGEST_TEXT = 4_000
AROUND = 3

GAP = "⋯"


def between(
    file: JudgedFile,
    conflict: Judged,
    region: Region,
    result: str,
    people: str,
    confidence: float | None = None,
) -> Case:
    """Describe a conflict that came out differently.

    Args:
        file: the file that it is in.
        conflict: what became of it.
        region: what git left.
        result: what was made of it.
        people: what people made of it.
        confidence: of the result, if it has one.
    """
    return Case(
        commit=file.commit,
        time=file.time,
        path=file.path,
        language=file.language,
        line=conflict.line,
        stage=conflict.stage,
        confidence=confidence,
        base=None if region.base is None else shortened(region.base),
        ours=shortened(region.ours),
        theirs=shortened(region.theirs),
        result=shortened(result),
        people=shortened(people),
    )


def elsewhere(file: JudgedFile, result: str, people: str) -> Case:
    """Describe a file that differs around its conflicts, or where they cannot be compared.

    Args:
        file: the file.
        result: the whole file as it was merged.
        people: as it was committed.
    """
    one, other = apart(result, people)
    return Case(
        commit=file.commit,
        time=file.time,
        path=file.path,
        language=file.language,
        line=0,
        stage=file.stage,
        confidence=None,
        base=None,
        ours="",
        theirs="",
        result=shortened(one),
        people=shortened(other),
    )


def apart(one: str, other: str) -> tuple[str, str]:
    """Give the parts of two texts that are not alike, with a few lines around each."""
    a, b = split(one), split(other)
    parts: list[tuple[int, int, int, int]] = []
    i = j = 0
    for x, y in [*matches(a, b), (len(a), len(b))]:
        if i < x or j < y:
            near = parts and i - parts[-1][1] <= 2 * AROUND
            start_a, _, start_b, _ = parts.pop() if near else (i, x, j, y)
            parts.append((start_a, x, start_b, y))
        i, j = x + 1, y + 1
    of_a = ["".join(a[max(0, start - AROUND) : end + AROUND]) for start, end, _, _ in parts]
    of_b = ["".join(b[max(0, start - AROUND) : end + AROUND]) for _, _, start, end in parts]
    return f"{GAP}\n".join(of_a), f"{GAP}\n".join(of_b)


def shortened(text: str) -> str:
    """Cut a text that is too long to be looked at, at the end of a line if it has lines."""
    if len(text) <= LONGEST_TEXT:
        return text
    head, newline, _ = text[:LONGEST_TEXT].rpartition("\n")
    kept = head + newline or text[:LONGEST_TEXT]
    return f"{kept.rstrip()}\n{GAP} {len(text) - len(kept):,} more characters\n"
