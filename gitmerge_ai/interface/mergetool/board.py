"""The main part of the mergetool's screen: the file, the three sides, the suggestions.

It shows a `View` and knows neither keys nor files.
"""

from dataclasses import dataclass

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.events import Resize
from textual.widgets import Static

from gitmerge_ai.interface.mergetool.ranking import Offer, starts
from gitmerge_ai.interface.mergetool.rows import (
    document_page,
    shown,
    side_pages,
    stacked,
    text_page,
)
from gitmerge_ai.interface.mergetool.session import Document, Session
from gitmerge_ai.interface.mergetool.widgets import Offers, Viewer
from gitmerge_ai.interface.mergetool.words import pattern_in_words, side_names
from gitmerge_ai.values import Resolution

WIDE = 100
"""Columns below which the sides are never put side by side."""

GUTTER = 8
"""Columns of a side that are not its text, about."""

LOW = 30
"""Rows below which fewer suggestions are in sight."""


@dataclass(frozen=True, slots=True)
class View:
    """What is on the screen.

    session: all that is decided, and the conflict that is looked at.
    operation: what git is in the middle of, in a word.
    offers: for the conflict that is looked at, best first.
    preview: what stands in its place.
    ranked: whether the offers are ranked yet.
    cautions: about the choice that was made for it.
    message: what there is to say instead of cautions.
    """

    session: Session
    operation: str
    offers: tuple[Offer, ...]
    preview: Resolution
    ranked: bool
    cautions: tuple[str, ...] = ()
    message: str = ""

    @property
    def selected(self) -> int | None:
        """The offer that the preview shows; none for a choice that is not among them."""
        texts = [offer.resolution.text for offer in self.offers]
        return texts.index(self.preview.text) if self.preview.text in texts else None

    def in_words(self, resolution: Resolution) -> str:
        """Say what a resolution does to the conflict that is looked at."""
        whole = not isinstance(self.session.item, Document)
        return pattern_in_words(resolution.pattern, self.session.region, whole=whole)


class Board(Container):
    """Everything between the top of the screen and the footer."""

    DEFAULT_CSS = """
    Board { layout: vertical; }
    Board #title { height: 1; background: $primary-muted; padding: 0 1; text-wrap: nowrap;
                   text-overflow: ellipsis; }
    Board Viewer, Board Offers {
        border: none; border-top: solid $foreground 30%; border-title-color: $foreground 70%;
        background: $background; padding: 0;
    }
    Board Viewer:focus, Board Offers:focus {
        border: none; border-top: solid $accent; border-title-color: $foreground;
    }
    Board #document { height: 1fr; }
    Board #sides { height: 10; }
    Board #sides > Viewer { width: 1fr; height: 100%; }
    Board #base { margin: 0 1; }
    Board #stacked { height: 10; display: none; }
    Board.narrow #stacked { display: block; }
    Board.narrow #sides { display: none; }
    Board #offers {
        height: auto; max-height: 10; text-wrap: nowrap; text-overflow: ellipsis;
    }
    Board.low #offers { max-height: 6; }
    Board #cautions { height: 1; padding: 0 1; color: $text-warning; text-wrap: nowrap;
                      text-overflow: ellipsis; }
    """

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self._view: View | None = None

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Static(id="title")
        yield Viewer(id="document")
        with Horizontal(id="sides"):
            for side in ("ours", "base", "theirs"):
                yield Viewer(id=side)
        yield Viewer(id="stacked")
        yield Offers(id="offers", markup=False)
        yield Static(id="cautions")

    def on_resize(self, event: Resize) -> None:
        """Lay it out anew."""
        self.set_class(event.size.height < LOW, "low")
        if self._view:
            self.preview(self._view)

    def show(self, view: View) -> None:
        """Show everything."""
        words = [view.in_words(offer.resolution) for offer in view.offers]
        self.query_one(Offers).show(view.offers, words, view.selected)
        self.preview(view)

    def preview(self, view: View) -> None:
        """Show everything but the list of offers, where only the selection has moved."""
        self._view = view
        self._show_file(view)
        self._show_sides(view)
        self._show_words(view)

    def scroll_file(self, by: int) -> None:
        """Scroll the file by pages."""
        viewer = self.query_one("#document", Viewer)
        viewer.scroll_relative(y=by * max(1, viewer.size.height - 2), animate=False)

    def _show_file(self, view: View) -> None:
        (at, slot), item = view.session.place, view.session.item
        if isinstance(item, Document):
            page = document_page(item, view.session.choices[at], slot, view.preview.text)
        else:
            page = text_page(view.preview.text)
        viewer = self.query_one("#document", Viewer)
        viewer.border_title = _line(item.path)
        viewer.show(page, item.path)

    def _show_sides(self, view: View) -> None:
        (_, slot), item, region = view.session.place, view.session.item, view.session.region
        names = side_names(region.labels)
        lines = starts(item)[slot] if isinstance(item, Document) else dict.fromkeys(names, 1)
        pages = side_pages(region, lines)
        for side, page in pages.items():
            pane = self.query_one(f"#{side}", Viewer)
            pane.border_title = _line(names[side])
            pane.show(page, item.path)
        below = self.query_one("#stacked", Viewer)
        under = stacked(pages, names)
        below.border_title = "the three sides"
        below.show(under, item.path)
        most = max(4, self.size.height * 2 // 5)
        widest = 3 * max(page.width + GUTTER for page in pages.values())
        narrow = self.size.width < WIDE or (widest > self.size.width and len(under) < most)
        self.set_class(narrow, "narrow")
        self.query_one("#sides").styles.height = min(most, max(map(len, pages.values())) + 1)
        below.styles.height = min(most, len(under) + 1)

    def _show_words(self, view: View) -> None:
        session, (at, slot) = view.session, view.session.place
        item, total = session.item, sum(map(len, session.choices))
        count, files = len(item.regions), len(session.items)
        equal = len(session.alike(view.preview)) - 1
        parts = (
            f"conflict {slot + 1} of {count}" if count > 1 else "",
            f"file {at + 1} of {files}" if files > 1 else "",
            f"{total - session.left()} of {total} decided",
            f"{equal} equal to this one (=)" if equal else "",
            item.title,
        )
        title = f"{view.operation}: " + " · ".join(part for part in parts if part)
        self.query_one("#title", Static).update(_line(title))
        choice = session.choice
        box = self.query_one(Offers)
        heading = "suggestions" if view.ranked else "suggestions, ranking …"
        if choice:
            heading = f"✓ {view.in_words(choice)}"
        box.border_title = _line(heading)
        found = view.cautions
        if view.selected is not None:
            found = view.offers[view.selected].cautions or found
        said = view.message or (f"⚠ {'; '.join(found)}" if found else "")
        self.query_one("#cautions", Static).update(_line(said))


def _line(text: str) -> Text:
    """Make a text of somebody else's, a path or a label, fit for a line: no markup, no controls."""
    return Text(shown(text)[0], no_wrap=True)
