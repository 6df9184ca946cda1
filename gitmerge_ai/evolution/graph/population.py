"""The refs of a population, and what the notes say of where they should be.

Git writes the refs of a transaction one after the other. The notes come first and say which refs
move from where (`placed`, `removed`); so a reader knows which refs to read again, and a process
that opens the graph can finish what one that was killed in between has begun.
"""

import time
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from gitmerge_ai.evolution.graph.events import Event, event
from gitmerge_ai.evolution.graph.records import Placing, Record
from gitmerge_ai.repository.refs import Move, Refs

SETTLING = 2.0
"""Seconds that a ref may need to get where the notes say; it never does if a remote knew better."""


class Population:
    """Where the refs of a run are, as this process knows it; named from the run's prefix on."""

    def __init__(self, refs: Refs, prefix: str) -> None:
        """Read all of them.

        Args:
            refs: of the repository.
            prefix: that their full names begin with.

        Raises:
            RepositoryError: git cannot list them.
        """
        self._refs = refs
        self._prefix = prefix
        self._placings: dict[str, Placing] = {}
        self._unsettled: dict[str, float] = {}
        self._found = {
            ref.removeprefix(prefix): commit for ref, commit in refs.below(prefix).items()
        }

    @property
    def found(self) -> Mapping[str, str]:
        """What every ref names."""
        return MappingProxyType(self._found)

    def told(self, move: Move) -> Event:
        """Give the event that tells of a move, on the commit that comes or the one that goes."""
        last = self._placings.get(move.ref)
        kind = "placed" if move.new else "removed"
        number = last.move + 1 if last else 1
        return event(kind, ref=move.ref, was=move.old or "", move=number)

    def take(self, record: Record) -> None:
        """Take in what a record says of moves; the refs are read with the next `settle`."""
        for placing in record.placings:
            ref = placing.ref
            if ref not in self._placings or self._placings[ref] < placing:
                self._placings[ref] = placing
                self._unsettled[ref] = time.monotonic()

    def settle(self, also: Iterable[str] = ()) -> None:
        """Read the refs that may have moved; one that is not yet where the notes say stays so.

        Args:
            also: refs to read in any case.
        """
        for ref in {*self._unsettled, *also}:
            found = self._refs.read(self._prefix + ref)
            if found is None:
                self._found.pop(ref, None)
            else:
                self._found[ref] = found
            there = ref in self._placings and self._placings[ref].now == (found or "")
            if there or time.monotonic() - self._unsettled.get(ref, 0.0) > SETTLING:
                self._unsettled.pop(ref, None)

    def heal(self) -> None:
        """Finish the moves that a process told the notes of and did not live to make.

        Raises:
            RepositoryError: git cannot make them.
        """
        for ref, placing in self._placings.items():
            found = self._found.get(ref, "")
            if found == placing.was != placing.now:
                self._refs.move([Move(self._prefix + ref, found or None, placing.now or None)])
                self.settle([ref])
