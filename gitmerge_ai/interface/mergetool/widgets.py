"""The widgets of the mergetool: a viewer of long texts, and a list of offers."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.geometry import Region as Area
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from gitmerge_ai.interface.mergetool.painting import KINDS, Painter
from gitmerge_ai.interface.mergetool.ranking import Offer
from gitmerge_ai.interface.mergetool.rows import Page, Row, shown

LOOKS = ("clean", "current", "chosen", "open", "ours", "base", "theirs", "heading")

NOTHING = Page((), "")


class Viewer(ScrollView, can_focus=True):
    """Shows a page, line by line; only the lines on the screen are ever made."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"viewer--{name}" for name in (*LOOKS, *KINDS, "gutter", "mark")
    }

    DEFAULT_CSS = """
    Viewer { scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; }
    Viewer > .viewer--current { background: $primary-muted; }
    Viewer > .viewer--chosen { background: $success-muted; }
    Viewer > .viewer--open { background: $error-muted; }
    Viewer > .viewer--heading { text-style: italic; }
    Viewer > .viewer--gutter { color: #808080; }
    Viewer > .viewer--mark { text-style: bold underline; background: $warning-muted; }
    Viewer > .viewer--comment { color: #808080; text-style: italic; }
    Viewer > .viewer--string { color: $text-success; }
    Viewer > .viewer--number, Viewer > .viewer--constant { color: $text-warning; }
    Viewer > .viewer--type { color: $text-secondary; }
    Viewer > .viewer--keyword { color: $text-primary; }
    """

    def __init__(self, **options: str) -> None:
        """Show nothing yet."""
        super().__init__(**options)  # type: ignore[arg-type]
        self.page = NOTHING
        self._painter = Painter("", "")

    def show(self, page: Page, path: str) -> None:
        """Show a page, and bring its focus into sight.

        Args:
            page: what to show.
            path: of the file, which tells the language.
        """
        if page.code != self.page.code or path != self._painter.path:
            self._painter = Painter(path, page.code)
        moved = page.focus != self.page.focus
        self.page = page
        self.virtual_size = Size(self._gutter + page.width, len(page))
        if moved:
            self._follow()
        self.refresh()

    def on_resize(self) -> None:
        """Keep the focus in sight."""
        self._follow()

    def _follow(self) -> None:
        first, count = self.page.focus
        height = max(1, self.size.height)
        around = max(0, min(3, (height - count) // 2))
        area = Area(0, max(0, first - around), 1, min(count + 2 * around, height))
        self.scroll_to_region(area, animate=False, force=True)

    @property
    def _gutter(self) -> int:
        return len(str(self.page.last)) + 3

    def render_line(self, y: int) -> Strip:
        """Make one line of the screen."""
        left, top = self.scroll_offset
        at, width = y + top, self.size.width
        if at >= len(self.page):
            return Strip.blank(width, self.rich_style)
        row = self.page[at]
        base = self.rich_style + self._style(row.look)
        number = str(row.number) if row.number else ""
        gutter = f"{row.sign}{number.rjust(self._gutter - 2)} "
        line = self._text(row)
        line.end = ""
        segments = list(line.render(self.app.console))
        body = Strip(segments).crop(left, left + max(0, width - self._gutter))
        head = Segment(gutter, self._style("gutter"))
        whole = Strip([head, *body]).adjust_cell_length(width)
        return whole.apply_style(base)

    def _text(self, row: Row) -> Text:
        words = self._painter.line(row.code) if row.code else []
        stretches = [(a, b) for a, b, _ in words] + list(row.marks)
        text, places = shown(row.text, stretches)
        kinds = [kind for _, _, kind in words] + ["mark"] * len(row.marks)
        made = Text(text, no_wrap=True)
        for (a, b), kind in zip(places, kinds, strict=True):
            made.stylize(self._style(kind), a, b)
        return made

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"viewer--{name}", partial=True)


class Offers(OptionList, inherit_bindings=False):
    """The ranked resolutions of the conflict that is looked at; the keys are the program's."""

    def show(self, offers: Sequence[Offer], words: Sequence[str], selected: int | None) -> None:
        """List offers.

        Args:
            offers: best first.
            words: what to call each of them.
            selected: which one the cursor is on.
        """
        lines = map(_line, range(1, len(offers) + 1), offers, words)
        self.clear_options()
        self.add_options([Option(line) for line in lines])
        self.highlighted = selected


def _line(number: int, offer: Offer, words: str) -> Text:
    resolution = offer.resolution
    ranked = resolution.stage != "person"
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(f"{number} ", "bold")
    line.append(f"{resolution.confidence:>4.0%}  " if ranked else "      ")
    line.append(words)
    if ranked:
        line.append(f"  {resolution.stage}", "dim")
    if offer.cautions:
        line.append(f"  ⚠ {offer.cautions[0]}", "italic")
    return line
