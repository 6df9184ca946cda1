"""Votes between proposals: who agrees with whom, who wins, and what it cost."""

import pytest

from gitmerge_ai.evolution.selection.voting import Vote, code, decided, parse_vote
from gitmerge_ai.evolution.values import Change, Evaluation


def change(text: str, *, tokens: int = 1, confidence: float = 1.0) -> Change:
    return Change({"a.py": text.encode()}, "endpoint", text, tokens, 0.5, confidence)


def never(change: Change) -> Evaluation:
    raise AssertionError("nothing has to be run")


def test_first_ahead_stops_as_soon_as_it_leads() -> None:
    asked = []

    def proposals():
        for text in ("a = 1\n", "a = 2\n", "a = 1 # one\n", "a  =  1\n", "a = 3\n"):
            asked.append(text)
            yield change(text)

    found = decided(Vote("ahead", 2), proposals(), never)
    assert found == change("a = 1\n")._replace(tokens=4, money=2.0)
    assert len(asked) == 4


def test_nobody_wins_a_tie() -> None:
    tie = [change("a = 1\n"), change("a = 2\n")]
    assert decided(Vote("ahead", 2), tie, never) == Change({}, "vote", "no proposal won", 2, 1.0)
    assert decided(Vote("ahead", 2), [], never) is None


def test_who_leads_at_the_end_wins() -> None:
    found = decided(Vote("ahead", 3), [change("a = 1\n"), change("a = 1\n")], never)
    assert found is not None
    assert found.files == change("a = 1\n").files


def test_confidence_weighs() -> None:
    votes = [
        change("a = 1\n", confidence=0.3),
        change("a = 2\n", confidence=0.9),
        change("a = 1\n", confidence=0.3),
        change("a = 3\n", confidence=1.0),
    ]
    for number, winner in ((3, "a = 2\n"), (4, "a = 3\n"), (1, "a = 1\n")):
        found = decided(Vote("confidence", number), votes, never)
        assert found is not None
        assert found.summary == winner


def test_behaviour_agrees_where_code_does_not() -> None:
    results = {"a = 1\n": "x", "a = 2 - 1\n": "x", "a = 3\n": "y", "a = 4\n": "y", "a = 5\n": "y"}

    def run(proposed: Change) -> Evaluation:
        failing = proposed.summary in ("a = 4\n", "a = 5\n")
        return Evaluation("failed" if failing else "passed", behaviour=results[proposed.summary])

    found = decided(Vote("behaviour", 5), [change(text) for text in results][::-1], run)
    assert found is not None
    assert found.summary == "a = 2 - 1\n"


def test_a_proposal_without_files_only_costs() -> None:
    empty = Change({}, "endpoint", "no usable answer", 100, 1.0)
    found = decided(Vote("confidence", 1), [empty, change("a = 1\n")], never)
    assert found is not None
    assert (found.tokens, found.money) == (101, 1.5)


def test_code_is_equal_but_for_comments_and_space() -> None:
    same = code({"a.js": b"let a = 1; // one\n"}) == code({"a.js": b"let  a =\n1;\n"})
    assert same
    assert code({"a.py": b"if a:\n    b\n    c\n"}) != code({"a.py": b"if a:\n    b\nc\n"})
    assert code({"a.bin": b"\0"}) != code({"a.bin": None})


def test_reads_what_the_option_says() -> None:
    assert parse_vote("ahead:3") == Vote("ahead", 3)
    assert parse_vote("behaviour") == Vote("behaviour", 5)
    for wrong in ("", "most", "ahead:", "ahead:0", "ahead:x"):
        with pytest.raises(ValueError, match="no way to vote"):
            parse_vote(wrong)
