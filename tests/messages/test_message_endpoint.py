"""What an endpoint says of a change: shown what it needs, checked, and never needed."""

import json
import os
import sys

import pytest
from endpoints import gives, says, serving

from gitmerge_ai.messages.asking import ask, question
from gitmerge_ai.messages.consulting import MOST_PARTS, MOST_TEXT, conversation, usable
from gitmerge_ai.messages.conventions import Conventions
from gitmerge_ai.messages.memory import Asked, Memory
from gitmerge_ai.messages.parts import Part, Summary
from gitmerge_ai.messages.question import Candidate, Question
from gitmerge_ai.repository.commits import Footprint
from gitmerge_ai.repository.shown import staged_text

NO_SOCKET = """
import os, sys
def kill(event, arguments):
    if event.startswith("socket."):
        print(event, file=sys.stderr)
        os._exit(99)
sys.addaudithook(kill)
"""


def asked(repo, url, typed="", patience=5.0):
    repo.git("config", "gitmerge-ai.endpoint", url)
    return ask(question(repo.path, typed), 3, repo.path, patience)


def test_its_subject_is_one_and_the_others_stay(hooked):
    hooked.git("reset", "-q", "--hard")
    hooked.write({"cart.py": "def total(items):\n    return sum(items)\n"})
    hooked.git("add", "-A")
    hooked.git("config", "gitmerge-ai.endpointConfidence", "1")
    with serving(says("Count what is in a cart")) as server:
        found = asked(hooked, server.url)
    assert found[0] == Candidate("Count what is in a cart", "endpoint", 1.0)
    assert {each.source for each in found} > {"endpoint"}


def test_what_it_says_is_ranked_beside_the_others(hooked):
    with serving(says("You can use a decorator to set the page")) as server:
        found = asked(hooked, server.url)
    assert found[0].source == "history"


def test_it_is_shown_the_change_its_like_and_the_latest(hooked):
    hooked.git("checkout", "-q", "-b", "ABC-12-pages")
    with serving(says("Fix it")) as server:
        asked(hooked, server.url, typed="Fix ")
    system, *examples, last = server.asked[0]["messages"]
    assert "imperative" in system["content"]
    assert "-text" in examples[-2]["content"] or "+text" in examples[-2]["content"]
    assert [each["role"] for each in examples[:2]] == ["user", "assistant"]
    assert examples[-1]["content"] == "Fix typo in page1.md"
    for part in (
        "change file page1.md",
        "+text one",
        "-text of page1.md",
        "ABC-12",
        "go on from it: Fix ",
    ):
        assert part in last["content"]
    subjects = [each["content"] for each in examples[1::2]]
    assert len(subjects) == len(set(subjects))


@pytest.mark.parametrize(
    "reply",
    [
        gives(b"", 500),
        gives(b"nonsense"),
        says(""),
        says("<think>so much to think about"),
        says("Fix #4711, as in 7.8.9"),
        says("Use <secret-1>"),
        says("x" * 500),
        lambda handler: handler.closing.wait(5),
    ],
)
def test_whatever_goes_wrong_there_are_the_others(hooked, reply):
    with serving(reply) as server:
        found = asked(hooked, server.url, patience=0.3)
    assert found[0].source == "history"
    assert "endpoint" not in [each.source for each in found]


def test_an_address_that_is_none_does_no_harm(hooked):
    assert asked(hooked, "nowhere at all")[0].source == "history"


def test_no_secret_of_the_change_leaves(hooked):
    secrets = "API_KEY=abcdef123456\npassword: 'tiger'\n"
    hooked.commit("Fix typo in page3.md", {"page3.md": secrets})
    hooked.write({"page1.md": secrets})
    hooked.git("add", "-A")
    with serving(says("Fix it")) as server:
        asked(hooked, server.url)
    sent = json.dumps(server.asked)
    assert "<secret-1>" in sent
    assert "123456" not in sent
    assert "tiger" not in sent


@pytest.mark.parametrize(
    ("answer", "typed", "expected"),
    [
        ("Fix it", "", "Fix it"),
        ("\n\n  Fix it  \n\nBecause.", "", "Fix it"),
        ("`Fix it`", "", "Fix it"),
        ('"Fix it"', "", "Fix it"),
        ("Fix it", "Fi", "Fix it"),
        ("fix it", "FIX", "FIX it"),
        ("Correct it", "Fix", ""),
        ("Fix", "Fix", ""),
        ("Fix\x1b[31m it", "", ""),
        ("", "", ""),
    ],
)
def test_an_answer_is_a_line_that_goes_on_from_what_was_typed(answer, typed, expected):
    assert usable(answer, typed) == expected


def test_a_large_change_is_told_by_its_parts(plain):
    parts = tuple(Part("add", "function", f"f{n}", f"src/{n}.py") for n in range(300))
    footprint = Footprint(tuple(part.path for part in parts))
    whole = Question(Asked(footprint), Memory(), Conventions(), Summary(parts))
    (_, last) = [content for _, content in conversation(whole, "x" * MOST_TEXT, {})]
    assert f"- add function: {300 - MOST_PARTS} more" in last
    assert len(last) < 2 * MOST_TEXT
    plain.write({f"{n}.txt": f"start {n}\n" + "line\n" * 4000 for n in range(9)})
    plain.git("add", "-A")
    text = staged_text(plain.path, MOST_TEXT)
    assert all(f"start {n}" in text for n in range(9))
    assert len(text) <= MOST_TEXT


@pytest.mark.parametrize("way", ["hook", "message"])
def test_without_an_endpoint_no_socket_is_opened(hooked, tmp_path, way):
    (tmp_path / "sitecustomize.py").write_text(NO_SOCKET)
    before = os.environ.get("PYTHONPATH", "")
    watched = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{before}"}
    if way == "hook":
        assert hooked.edited("commit", says="", **watched).startswith("Fix typo in page1.md\n")
        assert hooked.last() == "Fix typo in page1.md"
    else:
        assert message(hooked, watched) == (0, b"Fix typo in page1.md")
    hooked.git("config", "gitmerge-ai.endpoint", "http://127.0.0.1:9/v1")
    hooked.write({"page2.md": "text two\n"})
    hooked.git("add", "-A")
    assert message(hooked, watched) == (99, b"")


def message(repo, environment):
    start = "from gitmerge_ai.cli import main; main()"
    command = [sys.executable, "-c", start, "message", "--candidates", "1"]
    done = repo.run(*command, env={**os.environ, **environment})
    return done.returncode, done.stdout.strip()
