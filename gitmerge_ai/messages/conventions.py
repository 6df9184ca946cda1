"""How a repository writes its messages, read off its latest ones, and where a message departs.

Nothing is demanded that most of the messages do not keep themselves.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gitmerge_ai.messages.languages import language, small_words
from gitmerge_ai.messages.slots import tickets

LOOKED_AT = 300
"""Messages, the newest, that a convention is read from."""

READ = 2 * LOOKED_AT
"""Messages that are read for it, since automatic ones do not count."""

FEWEST = 8
MOSTLY = 0.8
"""Messages, and the share of them, that make a custom a convention."""

LONGEST_SUBJECT = 72
"""Characters of a subject, where a repository says nothing else."""

_CONVENTIONAL = re.compile(r"(?P<type>[a-z]+)(?:\((?P<scope>[^()\s]+)\))?!?: \S")
_GITMOJI = re.compile(r":[a-z0-9_+-]+:|[\u2600-\u27bf\U0001f300-\U0001faff]")
_TICKET = re.compile(r"\[?(?P<ticket>[A-Z][A-Z0-9]+-\d+)\]?:? ")
_TRAILER = re.compile(r"^([A-Z][A-Za-z]*(?:-[A-Za-z]+)+): \S", re.MULTILINE)
_ISSUE = re.compile(r"\s*\((?:#|!)\d+\)$")
_AUTOMATIC = re.compile(
    r"Merge |Revert \"|fixup! |squash! |amend! |Bump "
    r"|\[(?:[\w.-]*-plugin|pre-commit\.ci|bot|ci[ -]skip|skip[ -]ci|automated)[^\]]*\] "
)

_PAST = re.compile(r"[A-Za-z]{2,}ed$", re.IGNORECASE)
_NOT_PAST = frozenset(("embed", "feed", "need", "seed", "speed", "exceed", "proceed", "succeed"))
_VERBS = """
add allow apply avoid bump change check clean convert correct create delete disable document drop
enable ensure expose extend extract fix handle implement improve increase introduce make mark merge
mention move pass pin prevent reduce refactor remove rename reorder replace restore return revert
rewrite set show simplify skip sort split start stop support switch test tidy tweak update upgrade
use validate wrap write
"""
_IMPERATIVE = frozenset(_VERBS.split())


class Conventions(NamedTuple):
    """What most messages do. `None` says that there is no convention.

    conventional: subjects are `type(scope): …`; types and scopes: those in use.
    gitmoji: subjects begin with a pictogram; pictograms: those in use.
    ticket: they begin with a ticket; ticket_form: how, with `{}` where it stands.
    capital: the first word has a capital. stop: subjects end with a full stop.
    tense: "imperative" or "past". length: characters that nearly all subjects keep within.
    body: most messages have one. trailers: those that most messages have.
    language: that they are in, as `languages` names it, or a script other than Latin.
    """

    conventional: bool = False
    types: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    gitmoji: bool = False
    pictograms: frozenset[str] = frozenset()
    ticket: bool = False
    ticket_form: str = "{} "
    capital: bool | None = None
    stop: bool | None = None
    tense: str | None = None
    length: int = LONGEST_SUBJECT
    body: bool | None = None
    trailers: tuple[str, ...] = ()
    language: str | None = None


def conventions(messages: Iterable[str]) -> Conventions:
    """Read the conventions off messages, the newest first; automatic ones do not count."""
    kept = by_hand(messages)[:LOOKED_AT]
    if len(kept) < FEWEST:
        return Conventions()
    subjects = [_ISSUE.sub("", each.partition("\n")[0].strip()) for each in kept]
    matches = [found for each in subjects if (found := _CONVENTIONAL.match(each))]
    types = Counter(found["type"] for found in matches)
    words = [word for each in subjects if (word := first_word(each))]
    lengths = sorted(map(len, subjects))
    trailers = Counter(name for each in kept for name in set(_TRAILER.findall(each)))
    return Conventions(
        conventional=len(matches) >= MOSTLY * len(kept),
        types=frozenset(name for name, count in types.items() if count > 1),
        scopes=frozenset(found["scope"] for found in matches if found["scope"]),
        gitmoji=_share(bool(_GITMOJI.match(each)) for each in subjects) is True,
        pictograms=frozenset(found[0] for each in subjects if (found := _GITMOJI.match(each))),
        ticket=_share(bool(_TICKET.match(each)) for each in subjects) is True,
        ticket_form=_ticket_form(subjects),
        capital=_share(word[0].isupper() for word in words if word[0].isalpha()),
        stop=_share(each.endswith(".") for each in subjects),
        tense=_tense(words),
        length=max(LONGEST_SUBJECT, lengths[int(0.98 * (len(lengths) - 1))]),
        body=_share(bool(body(each)) for each in kept),
        trailers=tuple(n for n, count in trailers.items() if count >= MOSTLY * len(kept)),
        language=_language(kept),
    )


def by_hand(messages: Iterable[str]) -> list[str]:
    """Give the messages that somebody wrote."""
    return [each for each in messages if each.strip() and not _AUTOMATIC.match(each)]


def departures(message: str, known: Conventions, branch: str = "") -> Iterator[str]:
    """Tell in a sentence each where a message departs from the conventions.

    Args:
        message: without comments.
        known: the conventions.
        branch: the name of the branch, which may hold a ticket.
    """
    lines = message.strip().split("\n")
    subject = lines[0].strip()
    if not subject:
        yield "the message is empty"
        return
    if _AUTOMATIC.match(subject):
        return
    found = _CONVENTIONAL.match(subject)
    untyped = known.conventional and not found
    if untyped:
        yield "the subject has no type: messages here begin like `fix: ` or `feat(scope): `"
    if found and known.conventional and known.types and found["type"] not in known.types:
        yield f"the type `{found['type']}` is not in use here: {', '.join(sorted(known.types))}"
    if known.gitmoji and not _GITMOJI.match(subject):
        yield "the subject does not begin with a pictogram"
    if known.ticket and not _TICKET.match(subject):
        there = tickets(branch)
        yield f"the subject does not begin with a ticket{f': {there[0]}?' if there else ''}"
    word = "" if untyped else first_word(subject)
    if word and word[0].isalpha() and known.capital not in (None, word[0].isupper()):
        case = "a capital" if known.capital else "a small letter"
        yield f"the subject begins with `{word}`; others begin with {case}"
    if known.stop not in (None, subject.endswith(".")):
        yield f"the subject {'has no' if known.stop else 'ends with a'} full stop"
    tense = tense_of(word)
    if known.tense and tense and tense != known.tense:
        yield f"`{word}` is {tense}; subjects here are {known.tense}"
    if len(subject) > known.length:
        yield f"the subject has {len(subject)} characters; {known.length} are usual at most"
    if len(lines) > 1 and lines[1].strip():
        yield "there is no empty line after the subject"
    if known.body and not body(message):
        yield "there is no body; most messages here have one"
    for trailer in known.trailers:
        if not re.search(rf"^{re.escape(trailer)}: ", message, re.MULTILINE):
            yield f"the trailer {trailer} is missing"
    spoken = language(message)
    strange = known.language and spoken and spoken != known.language
    if strange and not small_words(message)[known.language or ""]:
        yield f"the message seems to be in {spoken}; messages here are in {known.language}"


def _ticket_form(subjects: Sequence[str]) -> str:
    found = [match for each in subjects if (match := _TICKET.match(each))]
    forms = Counter(match[0].replace(match["ticket"], "{}") for match in found)
    return forms.most_common(1)[0][0] if forms else "{} "


def _language(messages: Sequence[str]) -> str | None:
    found = Counter(filter(None, map(language, messages)))
    name, count = found.most_common(1)[0] if found else (None, 0)
    return name if count >= max(FEWEST // 2, MOSTLY * found.total()) else None


def body(message: str) -> str:
    """Give what a message says below its subject, without trailers."""
    rest = message.partition("\n")[2]
    return "\n".join(line for line in rest.split("\n") if not _TRAILER.match(line)).strip()


def first_word(subject: str) -> str:
    """Give the first word of a subject behind its type, pictogram or ticket."""
    for form in (_CONVENTIONAL, _TICKET, _GITMOJI):
        if found := form.match(subject):
            end = found.end() - 1 if form is _CONVENTIONAL else found.end()
            subject = subject[end:].lstrip()
    return re.split(r"[\s:,.]", subject, maxsplit=1)[0]


def _share(values: Iterable[bool]) -> bool | None:
    """Say what most of the values are, if most are alike."""
    given = list(values)
    true = sum(given)
    if not given or max(true, len(given) - true) < MOSTLY * len(given):
        return None
    return true * 2 > len(given)


def tense_of(word: str) -> str | None:
    """Say in which tense a verb is, `None` where that is not known."""
    low = word.lower()
    if low in _IMPERATIVE:
        return "imperative"
    return "past" if _PAST.match(low) and low not in _NOT_PAST else None


def _tense(words: Sequence[str]) -> str | None:
    known = [tense for word in words if (tense := tense_of(word))]
    if len(known) < FEWEST // 2:
        return None
    past = _share(tense == "past" for tense in known)
    return None if past is None else "past" if past else "imperative"
