"""Which earlier commits are near a change, and how near."""

import pytest

from gitmerge_ai.messages.memory import Asked, Memory
from gitmerge_ai.repository.commits import Commit, Footprint


def test_a_commit_shares_with_a_change_what_it_has_of_it():
    same = Footprint(("a.py",), ("def", "red"), ("blue",))
    half = Footprint(("a.py",), ("def", "green"))
    other = Footprint(("docs/b.md",), ("text",))
    memory = Memory(
        Commit(str(at), "a", at, "Subject", each)
        for at, each in enumerate((same, other, same, half))
    )
    found = {each.remembered.number: each.shared for each in memory.weigh(Asked(same, "a"))}
    assert found[2] == pytest.approx(1)
    assert 0.1 < found[3] < 0.9
    assert found[1] < 0.1
    assert 0 not in found, "the first commit brings everything"


def test_a_word_of_many_changes_tells_little_of_one():
    memory = Memory(
        Commit(str(at), "a", at, "Subject", Footprint(("a.py",), ("def", f"name{at}")))
        for at in range(6)
    )
    asked = Asked(Footprint(("a.py",), ("def", "name5", "other")), "a")
    assert memory.is_usual(asked, "def")
    assert not memory.is_usual(asked, "name5")
    assert not memory.is_usual(asked, "other")
