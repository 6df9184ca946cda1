"""The mergetool as numbered prompts on standard input and output: for screen readers and pipes.

No colour, no cursor movement, no box: every line says what it is.
"""

from collections.abc import Callable
from dataclasses import dataclass

import click

from gitmerge_ai.interface.mergetool import editor
from gitmerge_ai.interface.mergetool.provenance import provenance
from gitmerge_ai.interface.mergetool.ranking import (
    Means,
    Offer,
    Ranking,
    Request,
    by_hand,
    plain,
    rank,
    starts,
)
from gitmerge_ai.interface.mergetool.rows import shown
from gitmerge_ai.interface.mergetool.saving import Files, SaveError
from gitmerge_ai.interface.mergetool.session import Document, Session
from gitmerge_ai.interface.mergetool.words import pattern_in_words, side_names
from gitmerge_ai.repository.index import RepositoryError
from gitmerge_ai.text.lines import split
from gitmerge_ai.values import Resolution

HELP = """\
a number   take that suggestion; "show" and a number prints it
o, t       take ours, take theirs
b, B       take both: ours first, theirs first
a          take the base: neither side's change
e          edit suggestion 1, "e" and a number another one, in $EDITOR
=          after a number or letter, as in "2=": take it for all equal conflicts
x          leave the conflict open again
w          where both sides' lines come from
n, p       next conflict, conflict before
u, r       undo, redo
s          write this file
q          quit; what is not written is kept for next time
?          this list"""

PATTERNS = {"o": "ours", "t": "theirs", "b": "ours+theirs", "B": "theirs+ours", "a": "base"}


def tell(text: str) -> None:
    """Print lines, whatever characters are in the paths and texts that they quote."""
    for line in text.split("\n"):
        click.echo(shown(line)[0])


@dataclass
class Prompts:
    """A session with prompts: what was read, the state, and how the person is asked and told."""

    files: Files
    means: Means
    session: Session
    say: Callable[[str], None] = tell
    ranking: Ranking | None = None

    def offers(self) -> tuple[Offer, ...]:
        """What is offered for the conflict that is looked at."""
        item, (at, slot) = self.session.item, self.session.place
        if not isinstance(item, Document):
            return tuple(Offer(answer) for answer in item.answers)
        decided = tuple(self.session.decided())
        self.ranking = rank(Request(item, self.session.choices[at], decided, self.means))
        return self.ranking.offers[slot] or plain(self.session.region)

    def tell(self, offers: tuple[Offer, ...]) -> None:
        """Describe the conflict and what is offered."""
        session, (at, slot) = self.session, self.session.place
        item, region = session.item, session.region
        self.say("")
        self.say(
            f"File {at + 1} of {len(session.items)}, {item.path}: {item.title}, "
            f"conflict {slot + 1} of {len(item.regions)}, {session.left()} open in all."
        )
        lines = starts(item)[slot] if isinstance(item, Document) else {}
        for side, name in side_names(region.labels).items():
            text = getattr(region, side)
            place = f" from line {lines[side]}" if side in lines else ""
            name = name[0].upper() + name[1:]
            self.say(f"{name}{place}:" if text else f"{name}: nothing.")
            self._tell_text(text or "")
        if session.choice:
            self.say(f"Chosen: {self._words(session.choice)}.")
        for number, offer in enumerate(offers, 1):
            self.say(f"{number}. {self._in_words(offer)}")

    def _words(self, resolution: Resolution) -> str:
        whole = not isinstance(self.session.item, Document)
        return pattern_in_words(resolution.pattern, self.session.region, whole=whole)

    def _in_words(self, offer: Offer) -> str:
        resolution = offer.resolution
        words = self._words(resolution)
        if resolution.stage != "person":
            words += f", {resolution.confidence:.0%} by {resolution.stage}"
        cautions = "; ".join(offer.cautions)
        return f"{words}. Caution: {cautions}." if cautions else f"{words}."

    def _tell_text(self, text: str) -> None:
        for line in split(text):
            self.say("    " + line.rstrip("\r\n"))

    def obey(self, line: str, offers: tuple[Offer, ...]) -> bool:
        """Do what a line asks for, and say whether to go on.

        Raises:
            ValueError: it asks for something that is not there.
            SaveError: a file could not be written.
            EditorError: the editor failed.
            RepositoryError: git could not answer.
        """
        everywhere = line.endswith("=") and len(line) > 1
        word, _, rest = line.removesuffix("=").strip().partition(" ")
        simple: dict[str, Callable[[], Session]] = {
            "n": lambda: self.session.move(1),
            "p": lambda: self.session.move(-1),
            "u": self.session.undo,
            "r": self.session.redo,
            "x": lambda: self.session.decide({self.session.place: None}),
        }
        if word == "q":
            return False
        if word in simple:
            self.session = simple[word]()
        elif word == "?":
            self.say(HELP)
        elif word == "w":
            self._tell_origins()
        elif word == "show":
            self._tell_text(self._offer(offers, rest).text)
        elif word == "s":
            return self._save()
        else:
            self._decide(self._chosen(word, rest, offers), everywhere=everywhere)
        self.files.keep(self.session.choices)
        return True

    def _offer(self, offers: tuple[Offer, ...], number: str) -> Resolution:
        if not number.isdecimal() or not 0 < int(number) <= len(offers):
            raise ValueError(f"there is no suggestion {number}; type ? for what can be typed")
        return offers[int(number) - 1].resolution

    def _chosen(self, word: str, rest: str, offers: tuple[Offer, ...]) -> Resolution:
        """Find the resolution that a line names."""
        item, region = self.session.item, self.session.region
        if word == "e" and isinstance(item, Document):
            text = self._offer(offers, rest or "1").text
            edited = editor.edit(text, item.path, self.means.folder)
            text = editor.ended_like(edited, (region.ours, region.theirs))
            return Resolution(text, "person", "edited", 1.0)
        pattern = PATTERNS.get(word)
        if pattern and isinstance(item, Document):
            return by_hand(region, pattern)
        found = [offer.resolution for offer in offers if offer.resolution.pattern == pattern]
        return found[0] if found else self._offer(offers, word)

    def _decide(self, resolution: Resolution, *, everywhere: bool) -> None:
        chosen = self.session.alike(resolution) if everywhere else {self.session.place: resolution}
        before = self.session.place
        self.session = self.session.decide(chosen).onwards()
        self.say(f"Taken for {len(chosen)} conflicts." if everywhere else "Taken.")
        if self.session.place == before and not self.session.left(before[0]):
            self.say("All conflicts of this file are decided; s writes it.")

    def _tell_origins(self) -> None:
        at, slot = self.session.place
        found = provenance(self.means.folder, self.files.loaded[at], slot)
        for each in found:
            what = "these lines" if each.of_lines else "the file"
            self.say(f"Commits on the side of {each.side} that touched {what}:")
            for commit in each.commits:
                self.say(f"    {commit.date}, {commit.author}: {commit.subject} ({commit.commit})")
        if not found:
            self.say("Nothing is known of where the lines come from.")

    def _save(self) -> bool:
        """Write the file and go on to the next one that is open; say whether there is any."""
        at = self.session.place[0]
        self.say(self.files.save(at, self.session.choices))
        if self.files.complete():
            return False
        following = self.files.following(at, self.session.choices)
        if following is not None:
            self.session = self.session.go((following, self.session.first_open(following)))
        return True


def run(files: Files, means: Means) -> list[str]:
    """Ask about every conflict until the person quits or all is written.

    Args:
        files: what was read.
        means: what ranking goes by.

    Returns:
        What is left to say at the end.
    """
    session = Session.begin(tuple(each.item for each in files.loaded))
    prompts = Prompts(files, means, session)
    prompts.session = session.restored(files.recalled())
    if prompts.session.past:
        click.echo("Your choices from last time are back; u takes them away.")
    place = None
    while True:
        if (prompts.session.place, prompts.session.choices) != place:
            offers = prompts.offers()
            prompts.tell(offers)
            place = prompts.session.place, prompts.session.choices
        try:
            line = input("Number, letter, or ? for help: ").strip()
        except EOFError:
            break
        try:
            if line and not prompts.obey(line, offers):
                break
        except (ValueError, SaveError, editor.EditorError, RepositoryError) as error:
            tell(f"{error}.")
    count = files.unwritten(prompts.session.choices)
    said = f"{count} choice{'s are' if count > 1 else ' is'} not written; kept for next time"
    return [said] if count else []
