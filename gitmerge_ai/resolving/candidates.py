"""What a conflict could become: texts made of its sides, before anything is ranked.

Every candidate is made of what stands in the three sides; nothing is invented here, and nothing is
said about which is right.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from gitmerge_ai.differ.sequences import Change, diff3, matches
from gitmerge_ai.resolving.patterns import PATTERNS, apply
from gitmerge_ai.resolving.tokens import squeezed, tokens
from gitmerge_ai.text.lines import split
from gitmerge_ai.text.markers import Region, has_markers

# A conflict gives a few dozen candidates at most: what comes after is as good as never right.
MOST = 48
# A conflict of more characters gives only the first few: measuring each of them takes long.
LARGE, FEW = 200_000, 6
# Mixed choices are tried where so many places differ; with more, one choice is made for all.
MOST_MIXED = 3
# Sides with more tokens than this are not compared token by token.
MOST_TOKENS = 20_000


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around a conflict.

    `before` and `after` are the clean text on either side, other conflicts of the file settled in
    some way; `merged` is what the structured merge made of the conflict, `None` if it left it.
    """

    before: str = ""
    after: str = ""
    path: str = ""
    merged: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text and the patterns that give it, the plainest first."""

    text: str
    patterns: tuple[str, ...]


def candidates(region: Region, context: Context) -> list[Candidate]:
    """Give what a conflict could become.

    Args:
        region: the conflict; its base may be unknown.
        context: what stands around it.

    Returns:
        At least one candidate, none twice; where white space is all that the sides differ in, it
        counts, otherwise it does not.
    """
    most = MOST if len(region.ours) + len(region.theirs) < LARGE else FEW
    spaced = squeezed(region.ours) == squeezed(region.theirs)
    found: dict[str, tuple[str, list[str]]] = {}
    for pattern, text in islice(_texts(region, context), 4 * most):
        text = _ended(text, region)
        key = text if spaced else squeezed(text)
        if key in found:
            found[key][1].append(pattern)
        elif len(found) < most and (pattern in ("ours", "theirs") or not _marked(text, region)):
            found[key] = (text, [pattern])
    return [Candidate(text, tuple(patterns)) for text, patterns in found.values()]


def _ended(text: str, region: Region) -> str:
    """End a text with a new line where the sides do."""
    whole = not any(side and not side.endswith("\n") for side in (region.ours, region.theirs))
    ending = "\r\n" if "\r\n" in region.ours + region.theirs else "\n"
    return text + ending if text and whole and not text.endswith("\n") else text


def _marked(text: str, region: Region) -> bool:
    """Say whether a text has a conflict marker, as the base of a criss-cross merge has."""
    return any(has_markers(text, size) for size in {7, region.size, region.size + 2})


def _texts(region: Region, context: Context) -> Iterator[tuple[str, str]]:
    base, ours, theirs = split(region.base or ""), split(region.ours), split(region.theirs)
    for pattern in PATTERNS:
        if region.base is not None or "base" not in pattern:
            yield pattern, "".join(apply(pattern, base, _joint(ours), theirs))
    if context.merged is not None:
        yield "merged", context.merged
    yield from _unions(base, _joint(ours), _joint(theirs))
    if region.base is not None:
        yield from _merged("lines", base, ours, theirs)
        parts = tokens(region.base), tokens(region.ours), tokens(region.theirs)
        if max(map(len, parts)) <= MOST_TOKENS:
            yield from _merged("tokens", *parts)
    yield from _interleaved(ours, theirs)


def _joint(found: list[str]) -> list[str]:
    """Give lines such that another can stand after the last."""
    if found and not found[-1].endswith("\n"):
        return [*found[:-1], found[-1] + "\n"]
    return found


def _unions(base: list[str], ours: list[str], theirs: list[str]) -> Iterator[tuple[str, str]]:
    """Give both sides' lines without doubles, less what either side took away."""
    gone = {line for line in base if line not in ours or line not in theirs}
    orders: dict[str, tuple[list[str], list[str]]] = {
        "union": (ours, theirs),
        "union, theirs first": (theirs, ours),
    }
    for name, (first, second) in orders.items():
        known = {line for line in first if line.strip()}
        whole = first + [line for line in second if line not in known]
        yield name, "".join(whole)
        kept = [line for line in whole if line not in gone]
        yield f"{name}, less deleted", "".join(kept)
        if all(found == sorted(found) for found in (ours, theirs)):
            yield "union, sorted", "".join(sorted(kept))


def _merged(
    name: str, base: list[str], ours: list[str], theirs: list[str]
) -> Iterator[tuple[str, str]]:
    """Merge the sides' elements, each place that both changed by one of the patterns."""
    for adjacent, how in ((False, name), (True, f"adjacent {name}")):
        pieces: list[list[str] | tuple[list[str], list[str], list[str]]] = []
        for chunk in diff3(base, ours, theirs, adjacent=adjacent):
            b, o, t = (
                side[part.start : part.stop]
                for side, part in zip(
                    (base, ours, theirs), (chunk.base, chunk.ours, chunk.theirs), strict=True
                )
            )
            if chunk.change is Change.THEIRS:
                pieces.append(t)
            elif chunk.change is not Change.BOTH or not "".join(o + t).strip():
                pieces.append(o)
            else:
                pieces.append((b, o, t))
        open_places = sum(isinstance(piece, tuple) for piece in pieces)
        if not open_places:
            yield f"merged {how}", "".join(part for piece in pieces for part in piece)  # type: ignore[misc]
            continue
        for choice in _choices(open_places, list(PATTERNS), ["ours", "theirs", "ours+theirs"]):
            chosen = iter(choice)
            text = "".join(
                "".join(piece if isinstance(piece, list) else apply(next(chosen), *piece))
                for piece in pieces
            )
            yield f"{how}: {', '.join(dict.fromkeys(choice))}", text


def _interleaved(ours: list[str], theirs: list[str]) -> Iterator[tuple[str, str]]:
    """Walk along what both sides have, and at each difference take one, both or none."""
    common = matches(ours, theirs)
    pieces: list[str | tuple[list[str], list[str]]] = []
    at_ours = at_theirs = 0
    for o, t in [*common, (len(ours), len(theirs))]:
        if o > at_ours or t > at_theirs:
            pieces.append((ours[at_ours:o], theirs[at_theirs:t]))
        if o < len(ours):
            pieces.append(ours[o])
        at_ours, at_theirs = o + 1, t + 1
    count = sum(isinstance(piece, tuple) for piece in pieces)
    if not common or not count:
        return
    take: dict[str, Callable[[list[str], list[str]], list[str]]] = {
        "ours+theirs": lambda o, t: o + t,
        "theirs+ours": lambda o, t: t + o,
        "ours": lambda o, t: o,
        "theirs": lambda o, t: t,
        "neither": lambda o, t: [],
    }
    for choice in _choices(count, list(take), ["ours", "theirs", "ours+theirs", "neither"]):
        chosen = iter(choice)
        text = "".join(
            piece if isinstance(piece, str) else "".join(take[next(chosen)](*piece))
            for piece in pieces
        )
        yield f"interleaved: {', '.join(dict.fromkeys(choice))}", text


def _choices(places: int, alike: Sequence[str], mixed: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Give one choice for all places first, then mixed ones where the places are few."""
    for one in alike:
        yield (one,) * places
    if 1 < places <= MOST_MIXED:
        for several in product(mixed, repeat=places):
            if len(set(several)) > 1:
                yield several
