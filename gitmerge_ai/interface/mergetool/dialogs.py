"""What opens above the mergetool: help, origins, a question, an editor."""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea

from gitmerge_ai.interface.mergetool.keys import KEYS
from gitmerge_ai.interface.mergetool.provenance import Provenance

_CSS = """
{name} {{ align: center middle; }}
{name} > Vertical {{
    width: 90%; max-width: 84; height: auto; max-height: 90%;
    border: round $primary; padding: 0 1; background: $surface;
}}
{name} VerticalScroll {{ height: auto; max-height: 100%; }}
"""


class Reading(ModalScreen[None]):
    """A text to read."""

    DEFAULT_CSS = _CSS.format(name="Reading")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter,question_mark,w", "dismiss", "close")
    ]

    def __init__(self, title: str, text: Text) -> None:
        """Hold what is to be read."""
        super().__init__()
        self._title, self._text = title, text

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical() as box:
            box.border_title = self._title
            box.border_subtitle = "escape closes"
            with VerticalScroll():
                yield Static(self._text)


class Asking(ModalScreen[str]):
    """A question that one key answers; the answer is that key, "" for none."""

    DEFAULT_CSS = _CSS.format(name="Asking")

    def __init__(self, question: str, answers: dict[str, str]) -> None:
        """Hold the question, and for each key what it means."""
        super().__init__()
        self._question, self._answers = question, answers

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical():
            yield Static(Text(self._question))
            for key, means in self._answers.items():
                line = Text(f"  {key}  ", "bold")
                line.append(means, "not bold")
                yield Static(line, id=f"key-{key}")

    def on_key(self, event: object) -> None:
        """Answer by key."""
        key = getattr(event, "key", "")
        if key == "escape" or key in self._answers:
            self.dismiss("" if key == "escape" else key)

    def on_click(self, event: object) -> None:
        """Answer by mouse."""
        name = getattr(getattr(event, "widget", None), "id", None) or ""
        if name.startswith("key-"):
            self.dismiss(name.removeprefix("key-").replace("escape", ""))


class Number(ModalScreen[float | None]):
    """Asks for a percentage."""

    DEFAULT_CSS = _CSS.format(name="Number")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "close")]

    def __init__(self, question: str, value: float) -> None:
        """Hold the question and what stands in the field at first."""
        super().__init__()
        self._question, self._value = question, value

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical():
            yield Static(Text(self._question))
            yield Input(f"{self._value * 100:g}", type="number", select_on_focus=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the number, if it is one."""
        try:
            self.dismiss(min(1.0, max(0.0, float(event.value) / 100)))
        except ValueError:
            self.app.bell()


class Editing(ModalScreen[str | None]):
    """Edits a text in place."""

    DEFAULT_CSS = """
    Editing { align: center middle; }
    Editing > TextArea, Editing > TextArea:focus {
        width: 100%; height: 100%; border: round $primary;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "done", "done", priority=True),
        Binding("escape", "dismiss(None)", "cancel", priority=True),
    ]

    def __init__(self, text: str, title: str) -> None:
        """Hold the text."""
        super().__init__()
        self._text, self._title = text, title

    def compose(self) -> ComposeResult:
        """Lay it out."""
        area = TextArea(self._text, show_line_numbers=True, tab_behavior="indent")
        area.border_title = self._title
        yield area

    def on_descendant_focus(self) -> None:
        """Say how to end once there is something to end."""
        self.query_one(TextArea).border_subtitle = "ctrl+s takes it, escape does not"

    def action_done(self) -> None:
        """Give the text as it is now."""
        self.dismiss(self.query_one(TextArea).text)


def help_text() -> Text:
    """List the keys."""
    text = Text()
    for key in KEYS:
        text.append(f"{key.shown or key.keys:>10}  ", "bold")
        text.append(f"{key.does}\n")
    text.append("\n  The mouse works too: click a suggestion, scroll, click the keys below.\n")
    text.append("  ▌ the conflict you look at   ! still open   ✓ decided", "dim")
    return text


def provenance_text(found: Sequence[Provenance], names: dict[str, str]) -> Text:
    """List the commits of both sides.

    Args:
        found: what was looked up.
        names: of the sides.
    """
    if not found:
        return Text("Nothing is known: the operation left no commits to go by.")
    text = Text()
    for each in found:
        text.append(names[each.side], "bold")
        text.append("\n" if each.of_lines else ": commits that touched the file\n", "dim")
        for commit in each.commits:
            text.append(f"  {commit.commit} ", "yellow")
            text.append(f"{commit.date}  {commit.author}\n", "dim")
            text.append(f"      {commit.subject}\n")
        if not each.commits:
            text.append("  no commit on this side touched it\n")
    return text
