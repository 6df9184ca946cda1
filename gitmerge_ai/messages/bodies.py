"""What stands below a subject: the parts of the change as a list, a line for the ticket, and the
trailers that all messages of this author have.

Nothing is said there that the change, the branch or the author's own messages do not say. Bodies in
sentences tell why something was done, which is not known here: they are left to the person.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gitmerge_ai.messages.conventions import FEWEST, MOSTLY, Conventions, body, by_hand
from gitmerge_ai.messages.phrasing import phrases
from gitmerge_ai.messages.question import Candidate, Question
from gitmerge_ai.messages.slots import tickets
from gitmerge_ai.messages.words import core, tokens

LOOKED_AT = 30
"""Messages of the author, the newest, that habits are read from; of all, where there are few."""

OFTEN = 0.5
"""The share of bodies that are lists, and of messages with a line for a ticket, where they are
usual."""

MOST_LINES = 6
WIDTH = 72

TELLING = frozenset(("bump", "replace", "rename", "move", "add", "remove", "signature"))
"""What a body is made of; that something was changed says the subject."""

SIGNED = "Signed-off-by"

_TRAILER = re.compile(r"[A-Z][A-Za-z]*(?:-[A-Za-z]+)+: \S.*")
_OF_PEOPLE = re.compile(r"[A-Za-z-]+-(?i:by): |Change-Id: ")
_BULLET = re.compile(r"^ ?([-*]) +\S", re.MULTILINE)
_TICKET_LINE = re.compile(
    r"^((?:Closes|Fixes|Issue|Refs?|Related|Related to|Resolves|See|Ticket):? )"
    r"(gh-|#)?(\d+|[A-Z][A-Z0-9]+-\d+)\.?$",
    re.MULTILINE,
)


class Habit(NamedTuple):
    """What usually stands below the subjects of an author's messages.

    bullet: what begins the lines of a body, "" where there is none or it is in sentences.
    trailers: those that stand, word for word, in all of them. ticket: what stands before the number
    in a line for the ticket, "" where there is no such line.
    """

    bullet: str = ""
    trailers: tuple[str, ...] = ()
    ticket: str = ""


def with_bodies(question: Question, found: Iterable[Candidate]) -> list[Candidate]:
    """Put below each subject what belongs there."""
    asked = question.asked
    own = by_hand(each.message for each in question.memory.latest_by(asked.author, LOOKED_AT))
    if len(own) >= FEWEST:
        known = habit(own, asked.author)
    else:
        latest = question.memory.latest(2 * LOOKED_AT)
        known = habit(by_hand(each.message for each in latest), "")
    return [each._replace(body="\n\n".join(_parts(question, known, each.text))) for each in found]


def habit(messages: Sequence[str], author: str) -> Habit:
    """Read off messages what stands below their subjects.

    Args:
        messages: by hand, the newest first.
        author: the address of who wrote them all, "" where several did.
    """
    if len(messages) < FEWEST:
        return Habit()
    bodies = [said for each in messages if (said := _TICKET_LINE.sub("", body(each)).strip())]
    bullets = [sign[1] for each in bodies if (sign := _BULLET.search(each))]
    forms = Counter(line[1] + (line[2] or "") for m in messages if (line := _TICKET_LINE.search(m)))
    (form, count) = forms.most_common(1)[0] if forms else ("", 0)
    listed = len(bodies) >= MOSTLY * len(messages) and len(bullets) > OFTEN * len(bodies)
    return Habit(
        Counter(bullets).most_common(1)[0][0] if listed else "",
        tuple(_always(messages, author)) if author else (),
        form if count >= OFTEN * len(messages) else "",
    )


def _always(messages: Sequence[str], author: str) -> Iterator[str]:
    """Give the trailers of all messages, without those that name other people."""
    for line in messages[0].split("\n")[1:]:
        own = line.startswith(f"{SIGNED}: ") and line.endswith(f"<{author}>")
        usual = _TRAILER.fullmatch(line) and all(line in each.split("\n") for each in messages)
        if usual and (own or not _OF_PEOPLE.match(line)):
            yield line


def _parts(question: Question, known: Habit, subject: str) -> Iterator[str]:
    """Give the paragraphs that stand below a subject."""
    if known.bullet and (lines := list(_lines(question, subject))):
        from textwrap import fill  # takes long, and few repositories have need of it

        yield "\n".join(
            fill(f"{known.bullet} {line}", WIDTH, subsequent_indent="  ") for line in lines
        )
    ticket = _ticket(known.ticket, tickets(question.asked.branch))
    if ticket and ticket.rpartition(" ")[2] not in subject:
        yield ticket
    if known.trailers:
        yield "\n".join(known.trailers)


def _lines(question: Question, subject: str) -> Iterator[str]:
    """Say in a line each what the change does, beside what the subject says."""
    summary = question.summary
    telling = tuple(part for part in summary.parts if part.action in TELLING)
    plain = Conventions(tense=question.conventions.tense, capital=True)
    said = {core(token) for token in tokens(subject)}
    for line, _ in list(phrases(summary._replace(parts=telling), plain))[:MOST_LINES]:
        _, *words = (core(token) for token in tokens(line))
        if not said.issuperset(words):
            yield line


def _ticket(form: str, found: Sequence[str]) -> str:
    """Write the line for the branch's ticket, "" where there is none of that form."""
    for ticket in found if form else ():
        number = ticket.removeprefix("#")
        if number.isdigit() == form.endswith(("#", "gh-")):
            return form + number
    return ""
