"""The conventions of a repository, and what departs from them."""

import pytest

from gitmerge_ai.messages.conventions import Conventions, conventions, departures

PLAIN = [f"Add part {n}" for n in range(12)]
CONVENTIONAL = [f"{t}(core): add part {n}" for n in range(6) for t in ("feat", "fix")]
PAST = [f"Fixed the thing {n}." for n in range(12)]
TICKETS = [f"ABC-{n} Add part" for n in range(12)]
EMOJI = [f":sparkles: add part {n}" for n in range(12)]
GERMAN = [f"Füge den Teil {n} für das Ganze hinzu" for n in range(12)]
RUSSIAN = [f"Добавить часть {n} в main.py" for n in range(12)]
ENGLISH = [f"Add part {n} to the whole of it" for n in range(12)]
BODIES = [f"Add part {n}\n\nBecause of this.\n\nReviewed-by: A <a@b>" for n in range(12)]


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (PLAIN, {"capital": True, "stop": False, "tense": "imperative", "conventional": False}),
        (CONVENTIONAL, {"conventional": True, "types": {"feat", "fix"}, "scopes": {"core"}}),
        (PAST, {"tense": "past", "stop": True}),
        (TICKETS, {"ticket": True, "ticket_form": "{} ", "capital": True}),
        ([f"[{each[:5]}] add" for each in TICKETS], {"ticket": True, "ticket_form": "[{}] "}),
        (EMOJI, {"gitmoji": True, "capital": False, "pictograms": {":sparkles:"}}),
        (BODIES, {"body": True, "trailers": ("Reviewed-by",)}),
        (PLAIN[:3], {"capital": None, "tense": None}),
        (["Merge branch 'x'"] * 20, {"capital": None}),
        ([], {"capital": None}),
        (GERMAN, {"language": "German", "capital": True}),
        (RUSSIAN, {"language": "Cyrillic script"}),
        (ENGLISH, {"language": "English"}),
        (PLAIN, {"language": None}),
        (GERMAN[:6] + ENGLISH[:6], {"language": None}),
    ],
)
def test_conventions_are_read_off_messages(messages, expected):
    found = conventions(messages)
    assert {key: getattr(found, key) for key in expected} == expected


@pytest.mark.parametrize(
    ("messages", "message", "said"),
    [
        (PLAIN, "Add more", []),
        (PLAIN, "add more", ["begins with `add`"]),
        (PLAIN, "Added more.", ["full stop", "is past"]),
        (PLAIN, "Add " + "x" * 80, ["characters"]),
        (PLAIN, "Add more\nat once", ["no empty line"]),
        (PLAIN, "", ["empty"]),
        (PLAIN, "Merge branch 'x' of y.", []),
        (CONVENTIONAL, "Add more", ["has no type"]),
        (CONVENTIONAL, "chore: add more", ["`chore` is not in use"]),
        (TICKETS, "Add more", ["ABC-7?"]),
        (EMOJI, "add more", ["pictogram"]),
        (BODIES, "Add more", ["no body", "Reviewed-by"]),
        (ENGLISH, "Add the rest of it", []),
        (ENGLISH, "Add die", []),
        (ENGLISH, "Add die Teile für das Ganze", ["in German; messages here are in English"]),
        (ENGLISH, "Добавить часть", ["Cyrillic script"]),
        (GERMAN, "Ändere den Teil für main.py", []),
        (GERMAN, "Fix the end of it", ["in English"]),
        (RUSSIAN, "Исправить main.py", []),
        (RUSSIAN, "Fix the end of it", ["in English"]),
        (RUSSIAN, "Fix main.py", []),
    ],
)
def test_departures_are_told(messages, message, said):
    found = list(departures(message, conventions(messages), branch="abc/ABC-7-more"))
    assert len(found) == len(said)
    assert all(part in each for part, each in zip(said, found, strict=True))


@pytest.mark.parametrize("message", [*PLAIN, *PAST, *TICKETS, *EMOJI, "Größe ändern", "修正"])
def test_where_there_is_no_convention_nothing_departs(message):
    assert list(departures(message, Conventions())) == []
