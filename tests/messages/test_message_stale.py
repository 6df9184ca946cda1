"""Nothing of another change is ever said of this one: no version, no ticket, no name.

Every earlier message has marks of its own; none may come back that is not in this change, on this
branch, or typed.
"""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gitmerge_ai.messages.conventions import conventions
from gitmerge_ai.messages.memory import Asked, Memory
from gitmerge_ai.messages.parts import Part, Summary
from gitmerge_ai.messages.proposing import Question, propose
from gitmerge_ai.messages.slots import tickets
from gitmerge_ai.repository.commits import Commit, Footprint

THANKS = "Fix {name}, thanks to {person}"

FORMS = (
    "Bump the version to {version}",
    "Release {version}",
    "v{version}",
    "Update {name} from {old} to {version}",
    "{issue} Fix {name}",
    "{ticket}: add {name}",
    "fix(core): {name} fails ({issue})",
    "Rename {name} to {other}",
    THANKS,
    "Fix typo in {path} (closes {issue})",
    "Support Python {version} in {name}()",
    "Revert {person}'s change of {name}",
    "Fix {name}, see https://{person}.org/{ticket}",
    "Add {plain} view",
    "feat(core): {plain} can be read",
)
TYPED = (
    *("", "Fix ", "Bump the ver", "Update get", "Rel", "(", "v", "#", "Support Py"),
    *("Fix it, thanks to ", "Fix it, thanks to Ze", "Rename ", "Add lib/", "Revert Z"),
)
KINDS = ("version", "old", "issue", "ticket", "name", "other", "person", "path", "plain")


def marks(number: int) -> dict[str, str]:
    """Give names and numbers that no other change has."""
    letter = "abcdefghijklmnopqrstuvwxyz"[number % 26] * (1 + number // 26)
    return {
        "version": f"7.{number}.31",
        "old": f"6.{number}.32",
        "issue": f"#90{number:02}",
        "ticket": f"XYZ-80{number:02}",
        "name": f"get_{letter}qv",
        "other": f"make{letter.title()}Qw",
        "person": f"Zed{letter}",
        "path": f"lib/{letter}qx.py",
        "plain": f"blorb{letter}",
    }


def commit(number: int, form: str, in_change: list[str]) -> Commit:
    known = marks(number)
    added = ("def", "return", *(known[kind] for kind in in_change if kind not in ("old", "path")))
    footprint = Footprint((known["path"],), added, (known["old"], "value"))
    message = form.format(**known)
    return Commit(f"{number:040}", "a", number, message, footprint)


HISTORIES = st.lists(
    st.tuples(st.sampled_from(FORMS), st.lists(st.sampled_from(KINDS), max_size=4, unique=True)),
    min_size=1,
    max_size=25,
)


@settings(max_examples=30, deadline=None)
@example([(THANKS, [])] * 9, [], False, "Fix it, thanks to ")
@example([("Bump the version to {version}", [])], ["ticket", "version"], False, "#")
@example([(THANKS, [])] * 9, [], False, "Fix it, thanks to Ze")
@given(
    HISTORIES,
    st.lists(st.sampled_from(KINDS), max_size=5, unique=True),
    st.booleans(),
    st.sampled_from(TYPED),
)
def test_nothing_of_another_change_is_said(history, in_change, on_branch, typed):
    before = [commit(number, *each) for number, each in enumerate(history)]
    mine = marks(99)
    footprint = commit(99, "", in_change).footprint
    branch = f"me/{mine['ticket']}-{mine['issue'][1:]}-topic" if on_branch else ""
    memory = Memory(before)
    parts = Summary((Part("add", "function", mine["name"], mine["path"]),))
    # What others called plainly stands in the changed file, too.
    there = [marks(n)["plain"] for n, (_, kinds) in enumerate(history) if "plain" in kinds]
    asked = Asked(footprint, "a", branch, parts.named, " ".join((*footprint.added, *there)))
    known = conventions(each.message for each in before)
    found = propose(Question(asked, memory, known, parts, typed), 10)
    for each in found:
        assert each.text.startswith(typed)
        for number in range(len(before)):
            for kind, mark in marks(number).items():
                # A plain word that is not in its own change is nobody's name, and one of the file
                # may end what was begun.
                if kind != "plain" or (mark in there and not typed):
                    assert mark not in each.text[len(typed) :], each
        if mine["ticket"] in each.text or mine["issue"] in each.text:
            assert on_branch
            assert tickets(branch)
        for kind in ("version", "old"):
            if mine[kind] in each.text:
                assert mine[kind] in (*footprint.added, *footprint.removed)
