"""The full-screen mergetool: shows a session, and turns keys into changes of it.

What is decided is `session.py`'s, what is shown `rows.py`'s, what is written `saving.py`'s.
"""

import asyncio
from dataclasses import replace
from typing import ClassVar

from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, OptionList

from gitmerge_ai.interface.mergetool import editor
from gitmerge_ai.interface.mergetool.board import Board, View
from gitmerge_ai.interface.mergetool.dialogs import (
    Asking,
    Editing,
    Number,
    Reading,
    help_text,
    provenance_text,
)
from gitmerge_ai.interface.mergetool.keys import KEYS
from gitmerge_ai.interface.mergetool.provenance import provenance
from gitmerge_ai.interface.mergetool.ranking import (
    Means,
    Offer,
    Ranker,
    Ranking,
    Request,
    by_hand,
    confident,
    plain,
)
from gitmerge_ai.interface.mergetool.saving import Files, SaveError
from gitmerge_ai.interface.mergetool.session import Document, Place, Session
from gitmerge_ai.interface.mergetool.widgets import Offers
from gitmerge_ai.interface.mergetool.words import side_names
from gitmerge_ai.repository.index import RepositoryError
from gitmerge_ai.text import encoding
from gitmerge_ai.values import Resolution


class Mergetool(App[None]):
    """The screen. `files` holds what was read and writes it; `report` is what there is to say
    when it is over."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "gitmerge-ai mergetool"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(k.keys, k.action, k.label or k.does, show=bool(k.label), key_display=k.shown)
            for k in KEYS
            if k.action
        ),
        *(Binding(str(digit), f"accept({digit})", show=False) for digit in range(1, 10)),
    ]

    def __init__(self, files: Files, operation: str, least: float, means: Means) -> None:
        """Hold what there is to decide.

        Args:
            files: what was read.
            operation: what git is in the middle of, in a word.
            least: the confidence that "accept all above" starts from.
            means: what ranking goes by.
        """
        super().__init__()
        self.files = files
        self.session = Session.begin(tuple(each.item for each in files.loaded))
        self.report: list[str] = []
        self._operation, self._least, self._means = operation, least, means
        self._ranker = Ranker()
        self._rankings: dict[int, Ranking] = {}
        self._preview: Resolution | None = None
        self._message = ""

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield Board()
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Show the first open conflict, with what an earlier session chose."""
        self.query_one(Offers).focus()
        self.session = self.session.restored(self.files.recalled())
        if self.session.past:
            self._message = "your choices from last time are back; u takes them away"
        self._show()
        self._rank()

    def on_unmount(self) -> None:
        """End the ranking."""
        self._ranker.close()

    # What is shown

    @property
    def view(self) -> View:
        """What is on the screen."""
        session, (at, slot) = self.session, self.session.place
        item, ranking = session.item, self._rankings.get(at)
        if isinstance(item, Document):
            offers = (ranking.offers[slot] if ranking else ()) or plain(session.region)
        else:
            offers = tuple(Offer(answer) for answer in item.answers)
        cautions = ranking.cautions[slot] if ranking else ()
        preview = self._preview or session.choice or offers[0].resolution
        ranked = ranking is not None or not isinstance(item, Document)
        return View(session, self._operation, offers, preview, ranked, cautions, self._message)

    def _show(self) -> None:
        """Show the conflict that is looked at, with its choice or the best offer."""
        self._preview = None
        self.query_one(Board).show(self.view)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Let the preview follow the selection."""
        view = self.view
        if event.option_index < len(view.offers) and event.option_index != view.selected:
            self._preview, self._message = view.offers[event.option_index].resolution, ""
            self.query_one(Board).preview(self.view)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take what is clicked."""
        self.action_accept(event.option_index + 1)

    # What is ranked

    @work(exclusive=True, group="rank")
    async def _rank(self) -> None:
        """Rank the document that is looked at, with what is decided by now."""
        at, item = self.session.place[0], self.session.item
        if not isinstance(item, Document):
            return
        try:
            ranking = await self._ask(at, item)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            self._say(f"no suggestions: {error}")
            ranking = Ranking(((),) * len(item.regions), ((),) * len(item.regions))
        old = self._rankings.get(at)
        if old:  # a decided conflict keeps what was offered for it while it was open
            offers = tuple(a or b for a, b in zip(ranking.offers, old.offers, strict=True))
            ranking = replace(ranking, offers=offers)
        self._rankings[at] = ranking
        if self.session.place[0] == at:
            self._show_ranking()

    async def _ask(self, at: int, item: Document) -> Ranking:
        decided = tuple(self.session.decided())
        request = Request(item, self.session.choices[at], decided, self._means)
        return await asyncio.wrap_future(self._ranker.ask(request))

    def _show_ranking(self) -> None:
        """Show new offers; what the person had selected stays selected if it is still offered."""
        kept = self._preview
        self._show()
        if kept and any(offer.resolution.text == kept.text for offer in self.view.offers):
            self._preview = kept
            self.query_one(Board).show(self.view)

    # What keys do

    def _become(self, session: Session, message: str = "") -> None:
        """Go over to another state of the session, and say what was done."""
        before, self.session = self.session, session
        self._message = message
        if session.choices != before.choices:
            self.files.keep(session.choices)
        if session.choices != before.choices or session.place[0] != before.place[0]:
            self._rank()
        self._show()

    def _say(self, message: str) -> None:
        """Say something below the suggestions, until the next key changes anything."""
        self._message = message
        self.query_one(Board).preview(self.view)

    def _decide(self, resolution: Resolution) -> None:
        self._become(self.session.decide({self.session.place: resolution}).onwards())

    def action_move(self, by: int) -> None:
        """Go to another conflict."""
        self._become(self.session.move(by))

    def action_move_item(self, by: int) -> None:
        """Go to another file."""
        self._become(self.session.move_item(by))

    def action_select(self, by: int) -> None:
        """Select another suggestion, wherever the focus is."""
        box = self.query_one(Offers)
        count = len(self.view.offers)
        box.highlighted = (-1 if box.highlighted is None else box.highlighted + by) % count

    def action_accept(self, number: int = 0) -> None:
        """Take a suggestion by its number, or the selection."""
        view, offers = self.view, self.view.offers
        if not number:
            self._decide(view.preview)
        elif number <= len(offers):
            self._decide(offers[number - 1].resolution)
        else:
            self.bell()

    def action_take(self, pattern: str) -> None:
        """Take a side, or both."""
        item = self.session.item
        if not isinstance(item, Document):
            answers = [answer for answer in item.answers if answer.pattern == pattern]
            self._decide(answers[0]) if answers else self.bell()
            return
        try:
            self._decide(by_hand(self.session.region, pattern))
        except ValueError as error:
            self._say(str(error))

    def action_everywhere(self) -> None:
        """Take the selection for this conflict and for all equal ones."""
        chosen = self.session.alike(self.view.preview)
        said = f"taken for {len(chosen)} equal conflicts"
        self._become(self.session.decide(chosen).onwards(), said)

    @work
    async def action_confident(self) -> None:
        """Take the best suggestion of every open conflict that is confident enough."""
        least = await self.push_screen_wait(
            Number(
                "Take the best suggestion where its confidence is at least, in percent:",
                self._least,
            )
        )
        if least is None:
            return
        self._least = least
        chosen: dict[Place, Resolution | None] = {}
        for at, item in enumerate(self.session.items):
            if isinstance(item, Document) and self.session.left(at):
                ranking = await self._ask(at, item)
                found = confident(ranking, self.session.choices[at], least)
                chosen |= {(at, slot): each for slot, each in found.items()}
        session = self.session.decide(chosen).onwards()
        said = f"{len(chosen)} taken at {least:.0%} or above, {session.left()} open"
        self._become(session, said)

    def action_edit(self) -> None:
        """Edit the selection in the person's editor."""
        text = self.view.preview.text
        if not isinstance(self.session.item, Document):
            self.bell()
            return
        try:
            with self.suspend():
                edited = editor.edit(text, self.session.item.path, self._means.folder)
        except editor.EditorError as error:
            self._say(str(error))
            return
        self.refresh(layout=True)
        self._edited(text, edited)

    @work
    async def action_edit_here(self) -> None:
        """Edit the selection in place."""
        text = self.view.preview.text
        if not isinstance(self.session.item, Document):
            self.bell()
        elif encoding.foreign(text):
            self._say("it has bytes of no known encoding; e edits it")
        else:
            title = f"{self.session.item.path}, conflict {self.session.place[1] + 1}"
            edited = await self.push_screen_wait(Editing(text, title))
            if edited is not None:
                self._edited(text, edited)

    def _edited(self, before: str, after: str) -> None:
        region = self.session.region
        if after == before:
            self._say("nothing was changed")
            return
        text = editor.ended_like(after, (region.ours, region.theirs))
        self._decide(Resolution(text, "person", "edited", 1.0))

    def action_reopen(self) -> None:
        """Leave the conflict open again."""
        self._become(self.session.decide({self.session.place: None}))

    def action_undo(self) -> None:
        """Take the last step back."""
        self._become(self.session.undo()) if self.session.past else self.bell()

    def action_redo(self) -> None:
        """Make a step again."""
        self._become(self.session.redo()) if self.session.future else self.bell()

    @work
    async def action_whence(self) -> None:
        """Show where the lines of both sides come from."""
        loaded = self.files.loaded[self.session.place[0]]
        try:
            found = await asyncio.to_thread(
                provenance, self._means.folder, loaded, self.session.place[1]
            )
        except RepositoryError as error:
            self._say(str(error))
            return
        text = provenance_text(found, side_names(self.session.region.labels))
        await self.push_screen_wait(Reading("where these lines come from", text))

    def action_scroll(self, by: int) -> None:
        """Scroll the file by a page."""
        self.query_one(Board).scroll_file(by)

    def action_zoom(self) -> None:
        """Make the focused part fill the screen, or not any more."""
        if self.screen.maximized:
            self.screen.minimize()
        elif self.focused:
            self.screen.maximize(self.focused, container=False)

    async def action_help(self) -> None:
        """Show the keys."""
        await self.push_screen(Reading("keys", help_text()))

    # What is written

    def action_save(self) -> None:
        """Write the file, and go to the next that has something left; end after the last."""
        at = self.session.place[0]
        if not self._save(at) or None in self.session.choices[at]:
            return
        self._go_on()

    def action_save_all(self) -> None:
        """Write all files in which something was decided."""
        if self._save_items([at for at, row in enumerate(self.session.choices) if any(row)]):
            self._go_on()

    def _save_items(self, items: list[int]) -> bool:
        """Write all that can be written, and say whether that is all of it."""
        return {self._save(at) for at in items} <= {True}

    def _save(self, at: int) -> bool:
        try:
            said = self.files.save(at, self.session.choices)
        except SaveError as error:
            self._say(str(error))
            return False
        self.report.append(said)
        self._say(said)
        return True

    def _go_on(self) -> None:
        following = self.files.following(self.session.place[0], self.session.choices)
        if following is None:
            self.exit()
        else:
            place = (following, self.session.first_open(following))
            self._become(self.session.go(place), self._message)

    @work
    async def action_leave(self) -> None:
        """Quit; what is not written can be, or is kept for next time."""
        count = self.files.unwritten(self.session.choices)
        if not count:
            self.exit()
            return
        answers = {"s": "write, then quit", "q": "quit; they are kept for next time"}
        question = f"{count} choice{'s are' if count > 1 else ' is'} not written."
        answer = await self.push_screen_wait(Asking(question, {**answers, "escape": "go back"}))
        if answer == "s":
            rows = enumerate(self.session.choices)
            if not self._save_items([at for at, row in rows if row != self.files.written[at]]):
                return
        if answer:
            self.exit()
