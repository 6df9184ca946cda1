"""What there is to decide in a mergetool and what has been decided: immutable, without a screen.

An item is a path with one conflict or more. Every change gives a new session; nothing is read,
written or ranked here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from gitmerge_ai.resolving.suggesting import source_with
from gitmerge_ai.text.markers import Region, Segment, regions
from gitmerge_ai.values import Resolution


@dataclass(frozen=True, slots=True)
class Document:
    """A text with conflicts in it, and what happened to it.

    `base` is the whole file before either side changed it, and is filled in in the conflicts that
    do not show theirs; `None` where it is not known.
    """

    path: str
    segments: tuple[Segment, ...]
    title: str = "both modified"
    base: str | None = None

    @property
    def regions(self) -> list[Region]:
        """The conflicts, in order."""
        return regions(self.segments)


@dataclass(frozen=True, slots=True)
class Question:
    """A path of which one version has to be taken whole, or none.

    `title` says what happened to it; `region` holds what the versions look like; an answer's
    `pattern` is what to do (a side's name, "deleted", "work tree"), its `text` a preview.
    """

    path: str
    title: str
    region: Region
    answers: tuple[Resolution, ...]

    @property
    def regions(self) -> list[Region]:
        """The one conflict."""
        return [self.region]


Item = Document | Question

Place = tuple[int, int]
"""An item and a conflict in it, both counted from 0."""

Choices = tuple[tuple[Resolution | None, ...], ...]
"""For every item what each of its conflicts becomes, `None` where that is open."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A conflict that the person decided: where, what it was, and what it becomes."""

    path: str
    region: Region
    resolution: Resolution


@dataclass(frozen=True, slots=True)
class _Step:
    """A state to go back to."""

    choices: Choices
    place: Place


@dataclass(frozen=True, slots=True)
class Session:
    """All items, the choices made, the conflict that is looked at, and what undo goes back to."""

    items: tuple[Item, ...]
    choices: Choices
    place: Place = (0, 0)
    past: tuple[_Step, ...] = ()
    future: tuple[_Step, ...] = ()

    @classmethod
    def begin(cls, items: tuple[Item, ...]) -> "Session":
        """Start with nothing decided."""
        return cls(items, tuple((None,) * len(item.regions) for item in items))

    @property
    def item(self) -> Item:
        """The item that is looked at."""
        return self.items[self.place[0]]

    @property
    def region(self) -> Region:
        """The conflict that is looked at."""
        return self.item.regions[self.place[1]]

    @property
    def choice(self) -> Resolution | None:
        """What the conflict that is looked at becomes."""
        at, slot = self.place
        return self.choices[at][slot]

    def places(self) -> Iterator[Place]:
        """Give every conflict's place, in order."""
        for at, slots in enumerate(self.choices):
            yield from ((at, slot) for slot in range(len(slots)))

    def left(self, item: int | None = None) -> int:
        """Count the conflicts that are open, in one item or in all."""
        rows = self.choices if item is None else (self.choices[item],)
        return sum(row.count(None) for row in rows)

    def decided(self) -> list[Decided]:
        """Give the decided conflicts of texts, the last decision last; others follow from them."""
        found = [
            (self._since((at, slot)), Decided(item.path, region, resolution))
            for at, (item, row) in enumerate(zip(self.items, self.choices, strict=True))
            if isinstance(item, Document)
            for slot, (region, resolution) in enumerate(zip(item.regions, row, strict=True))
            if resolution is not None
        ]
        return [decided for _, decided in sorted(found, key=lambda pair: pair[0])]

    def _since(self, place: Place) -> int:
        """Give the number of the step that made a conflict's choice."""
        at, slot = place
        made = len(self.past)
        while made and self.past[made - 1].choices[at][slot] == self.choices[at][slot]:
            made -= 1
        return made

    def alike(self, resolution: Resolution) -> dict[Place, Resolution | None]:
        """Give a choice for the conflict looked at and for all whose sides are equal to its own.

        Questions are equal where the same happened to their paths; each takes its own answer.

        Args:
            resolution: the choice.
        """
        found: dict[Place, Resolution | None] = {}
        for at, item in enumerate(self.items):
            if isinstance(item, Question) and isinstance(self.item, Question):
                own = [each for each in item.answers if each.pattern == resolution.pattern]
                if own and _asks(item) == _asks(self.item):
                    found[at, 0] = own[0]
            elif isinstance(item, Document) and isinstance(self.item, Document):
                for slot, region in enumerate(item.regions):
                    if _sides(region) == _sides(self.region):
                        found[at, slot] = resolution
        return {**found, self.place: resolution}

    def go(self, place: Place) -> "Session":
        """Look at another conflict."""
        return replace(self, place=place)

    def move(self, by: int) -> "Session":
        """Look at the next conflict (1) or the one before (-1), in whatever item; stop at ends."""
        found = list(self.places())
        at = found.index(self.place) + by
        return self.go(found[max(0, min(len(found) - 1, at))])

    def move_item(self, by: int) -> "Session":
        """Look at the first open conflict of the next item (1) or the one before (-1)."""
        at = max(0, min(len(self.items) - 1, self.place[0] + by))
        return self if at == self.place[0] else self.go((at, self.first_open(at)))

    def onwards(self) -> "Session":
        """Look at the next open conflict of the item, after the end from its start; else stay."""
        at, slot = self.place
        row = self.choices[at]
        order = [*range(slot + 1, len(row)), *range(slot)]
        following = next((other for other in order if row[other] is None), slot)
        return self.go((at, following))

    def decide(self, chosen: Mapping[Place, Resolution | None]) -> "Session":
        """Make choices, or take them back with `None`, as one step that can be undone."""
        choices = tuple(
            tuple(chosen.get((at, slot), old) for slot, old in enumerate(row))
            for at, row in enumerate(self.choices)
        )
        if choices == self.choices:
            return self
        past = (*self.past, _Step(self.choices, self.place))
        return replace(self, choices=choices, past=past, future=())

    def restored(self, kept: Choices) -> "Session":
        """Make the choices of an earlier session again, as one step.

        Args:
            kept: choices of the same items.
        """
        pairs = zip(self.places(), (choice for row in kept for choice in row), strict=True)
        session = self.decide({place: choice for place, choice in pairs if choice})
        return session if session.choice is None else session.onwards()

    def undo(self) -> "Session":
        """Take the last step back, and look at where it was made."""
        if not self.past:
            return self
        *past, step = self.past
        future = (*self.future, _Step(self.choices, self.place))
        return replace(
            self, choices=step.choices, place=step.place, past=tuple(past), future=future
        )

    def redo(self) -> "Session":
        """Make the step again that was taken back last."""
        if not self.future:
            return self
        *future, step = self.future
        past = (*self.past, _Step(self.choices, self.place))
        return replace(
            self, choices=step.choices, place=step.place, past=past, future=tuple(future)
        )

    def first_open(self, item: int) -> int:
        """Give the first open conflict of an item, or its first where none is open."""
        row = self.choices[item]
        return row.index(None) if None in row else 0


def text_of(document: Document, choices: tuple[Resolution | None, ...]) -> str:
    """Write a document with the choices in it; what is open stands as it was, byte for byte."""
    return source_with(document.segments, [None if c is None else c.text for c in choices])


def _sides(region: Region) -> tuple[str | None, str, str]:
    return region.base, region.ours, region.theirs


def _asks(question: Question) -> tuple[str, tuple[str, ...]]:
    return question.title, tuple(answer.pattern for answer in question.answers)
