"""What stands below a proposed subject: only what this author's messages always have there."""

import json

import pytest
from repositories import gitmerge_ai
from told import AUTHOR, tell

from gitmerge_ai.messages.asking import ask, question
from gitmerge_ai.messages.bodies import Habit, habit

ME = "author@example.com"
SIGNED = f"Signed-off-by: {AUTHOR}"
OTHER = "Signed-off-by: Some Body <some@example.com>"
CODE = "def first():\n    return 1\n"


def history(repo, below, count=12):
    """Commit with the same below every subject, then stage two changes of code."""
    said = (f"Change page{n}\n\n{below.replace('%', str(n))}" for n in range(count))
    tell(repo, ((each, {f"page{n}.py": f"x{n} = {n}\n"}) for n, each in enumerate(said)))
    repo.git("config", "user.email", ME)
    repo.write({"page1.py": f"x1 = 2\n{CODE}", "page2.py": CODE.replace("first", "second")})
    repo.git("add", "-A")


def proposed(repo):
    repo.git("checkout", "-q", "-B", "fix/123-pages")
    found = ask(question(repo.path), 3, repo.path, 1.0)
    assert found
    assert "\n" not in found[0].text
    return found[0]


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("", ""),
        (SIGNED, SIGNED),
        (OTHER, ""),
        ("Co-authored-by: Some Body <some@example.com>", ""),
        ("Change-Id: I0123456789", ""),
        ("Closes #%", "Closes #123"),
        (f"Refs gh-%\n\n{SIGNED}", f"Refs gh-123\n\n{SIGNED}"),
        ("Refs: ABC-%", ""),
    ],
)
def test_trailers_are_the_author_s_own_and_tickets_the_branch_s(plain, below, expected):
    history(plain, below)
    assert proposed(plain).body == expected


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("- Say %\n- Say more of it", "- Add first and second"),
        ("* Say %\n* Say more of it", "* Add first and second"),
        ("It has to be %, for once.", ""),
    ],
)
def test_a_body_is_made_of_the_parts_as_others_are_written(plain, below, expected):
    history(plain, below)
    found = proposed(plain)
    assert found.body == expected
    assert found.message == (f"{found.text}\n\n{expected}" if expected else found.text)


def test_a_signature_that_is_not_always_there_is_not_given():
    signed = [f"One\n\n{SIGNED}"] * 9
    assert habit(signed, ME) == Habit(trailers=(SIGNED,))
    assert habit([*signed, "Two"], ME) == Habit()
    assert habit(signed, "") == Habit()
    assert habit(signed[:3], ME) == Habit()


def test_the_editor_opens_with_it_and_a_sign_off_stands_once(hooked):
    said = (f"Fix typo in page{n}.md\n\n{SIGNED}" for n in range(12))
    tell(hooked, ((each, {f"page{n}.md": f"text of {n}\n"}) for n, each in enumerate(said)))
    by_git = "Signed-off-by: C O Mitter <committer@example.com>"
    for options, last in (([], SIGNED), (["-s"], by_git)):
        hooked.write({"page1.md": f"text {options}\n"})
        hooked.git("add", "-A")
        text = hooked.edited("commit", *options, says="")
        assert text.startswith("Fix typo in page1.md\n\n")
        assert hooked.last() == f"Fix typo in page1.md\n\n{last}"


def test_the_command_gives_it_where_it_is_asked_for(plain):
    history(plain, SIGNED)
    subject, *rest = gitmerge_ai("message", "--whole", cwd=plain.path).stdout.decode().split("\n")
    assert rest == ["", SIGNED, ""]
    first = json.loads(gitmerge_ai("message", "--json", cwd=plain.path).stdout)[0]
    assert (first["text"], first["body"]) == (subject, SIGNED)
    plain.write({"typed": "Cha\n\nBecause.\n"})
    typed = gitmerge_ai("message", "--since-typed", "typed", "--json", cwd=plain.path).stdout
    assert json.loads(typed)[0]["body"] == ""
