"""What could replace the open conflicts of a document, ranked, and what to think of it.

The one place where the mergetool asks `gitmerge_ai.resolving`. Ranking runs in a process of its
own, so that it can neither hold the screen up nor take it down.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path

from gitmerge_ai.executors import begin_worker
from gitmerge_ai.interface.mergetool.cautions import BROKEN, Judge
from gitmerge_ai.interface.mergetool.session import Decided, Document, text_of
from gitmerge_ai.repository.index import RepositoryError, open_repository
from gitmerge_ai.resolving.knowledge.decided import Decision
from gitmerge_ai.resolving.knowledge.gathering import known_now
from gitmerge_ai.resolving.knowledge.known import Known
from gitmerge_ai.resolving.suggesting import suggest
from gitmerge_ai.text.markers import Region
from gitmerge_ai.values import Resolution

TOP = 9
"""How many are offered: as many as there are keys for."""

Row = tuple[Resolution | None, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A resolution and what to think of before it is taken."""

    resolution: Resolution
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Means:
    """What ranking goes by beside the texts: the repository's folder, the model that
    `gitmerge-ai.model` names, and the seconds that a file may take."""

    folder: Path
    model: str = ""
    timeout: float = 10.0


@dataclass(frozen=True, slots=True)
class Request:
    """A document, its choices, and what was decided in all documents."""

    document: Document
    row: Row
    decided: tuple[Decided, ...]
    means: Means


@dataclass(frozen=True, slots=True)
class Ranking:
    """For every conflict of a document its offers, none where it is decided or nothing is known,
    and what to think of the choice that was made."""

    offers: tuple[tuple[Offer, ...], ...]
    cautions: tuple[tuple[str, ...], ...]


def rank(request: Request) -> Ranking:
    """Rank what could replace each open conflict, with the others as they were decided.

    Args:
        request: what is to be ranked.
    """
    judges = _judges(request.document, request.row)
    found = iter(_suggested(request))
    offers, cautions = [], []
    for choice, judge in zip(request.row, judges, strict=True):
        ranked = next(found, ()) if choice is None else ()
        offers.append(tuple(Offer(each, judge.cautions(each.text)) for each in ranked))
        cautions.append(judge.cautions(choice.text) if choice else ())
    return Ranking(tuple(offers), tuple(cautions))


def plain(region: Region) -> tuple[Offer, ...]:
    """Give what can be offered before anything is ranked: the sides, one and both.

    Args:
        region: the conflict.
    """
    patterns = ["ours", "theirs", "ours+theirs", "theirs+ours"]
    return tuple(Offer(by_hand(region, pattern)) for pattern in patterns)


def by_hand(region: Region, pattern: str) -> Resolution:
    """Give the resolution that a key asks for.

    Args:
        region: the conflict.
        pattern: a side's name, or two with a plus sign.

    Raises:
        ValueError: the base is asked for and not known.
    """
    if pattern == "base" and region.base is None:
        raise ValueError("the base is not known")
    texts = [str(getattr(region, side)) for side in pattern.split("+")]
    ending = "\r\n" if "\r\n" in region.ours + region.theirs else "\n"
    first = texts[0]
    if len(texts) > 1 and first and not first.endswith("\n"):
        texts[0] += ending
    return Resolution("".join(texts), "person", pattern, 1.0)


class Ranker:
    """Ranks in a process of its own, one request after another."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._pool = ProcessPoolExecutor(
            1, mp_context=get_context("spawn"), initializer=begin_worker
        )

    def ask(self, request: Request) -> "Future[Ranking]":
        """Let a request be ranked.

        Args:
            request: what is to be ranked.
        """
        return self._pool.submit(rank, request)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        for process in list((self._pool._processes or {}).values()):
            process.kill()
        # Were it not waited for, the pool's thread and the interpreter's end could close the same
        # pipe at once, and Python would print a traceback over the last screen.
        self._pool.shutdown(cancel_futures=True)


def _suggested(request: Request) -> Sequence[tuple[Resolution, ...]]:
    document, row = request.document, request.row
    open_regions = [r for r, choice in zip(document.regions, row, strict=True) if choice is None]
    if not open_regions:
        return []
    decisions = [
        Decision(
            each.path,
            each.region.base or "",
            each.region.ours,
            each.region.theirs,
            each.resolution.text,
        )
        for each in request.decided
    ]
    found = suggest(
        text_of(document, row),
        path=document.path,
        top=TOP,
        size=open_regions[0].size,
        base=document.base,
        timeout=request.means.timeout,
        known=replace(_known(request.means.folder, document.path), decisions=decisions),
        model=request.means.model,
    )
    if len(found) != len(open_regions):  # what was chosen looks like a conflict itself
        return []
    return [each.resolutions for each in found]


@lru_cache(maxsize=64)
def _known(folder: Path, path: str) -> Known:
    """Look up the history of a file, once."""
    try:
        return known_now(open_repository(folder), path)
    except RepositoryError:
        return Known()


def _judges(document: Document, row: Row) -> list[Judge]:
    """Make a judge for each conflict, the others being as decided, or else ours."""
    settled = iter(row)
    chosen = []
    for segment in document.segments:
        choice = next(settled) if isinstance(segment, Region) else None
        text = segment.ours if isinstance(segment, Region) else segment
        chosen.append(choice.text if choice else text)
    whole = "".join(chosen)
    ends = [0, *accumulate(map(len, chosen))]
    places = iter(starts(document))
    return [
        Judge(document.path, segment, whole[: ends[at]], whole[ends[at + 1] :], next(places))
        for at, segment in enumerate(document.segments)
        if isinstance(segment, Region)
    ]


def starts(document: Document) -> list[dict[str, int]]:
    """Give the number of each side's first line, for every conflict.

    Args:
        document: a text with conflicts.
    """
    lines = {"ours": 1, "base": 1, "theirs": 1}
    found = []
    for segment in document.segments:
        if isinstance(segment, Region):
            found.append(dict(lines))
        for side in lines:
            text = segment if isinstance(segment, str) else getattr(segment, side) or ""
            lines[side] += text.count("\n")
    return found


def confident(ranking: Ranking, row: Row, least: float) -> dict[int, Resolution]:
    """Give the best offers that are confident enough and still parse, by conflict.

    Args:
        ranking: of the document.
        row: its choices; what is decided stays.
        least: the confidence that it takes.
    """
    return {
        slot: offers[0].resolution
        for slot, (offers, choice) in enumerate(zip(ranking.offers, row, strict=True))
        if choice is None
        and offers
        and offers[0].resolution.confidence >= least
        and BROKEN not in offers[0].cautions
    }
