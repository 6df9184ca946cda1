"""Words are found in a text by how they begin, and by what stands before them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitmerge_ai.messages.conventions import Conventions
from gitmerge_ai.messages.memory import Asked, Memory
from gitmerge_ai.messages.parts import Summary
from gitmerge_ai.messages.proposing import propose
from gitmerge_ai.messages.question import Question
from gitmerge_ai.messages.wording import MOST, Wording
from gitmerge_ai.repository.commits import Commit, Footprint

CODE = "class PeriodicLog:\n    def periodic_task(self): return PeriodicLog.multiplier + periodic\n"


def test_words_that_begin_so_are_given_as_they_are_written():
    found = Wording(CODE).beginning("periodic")
    assert found == {
        "PeriodicLog": 2,
        "PeriodicLog.multiplier": 1,
        "periodic_task": 1,
        "periodic": 1,
    }


@pytest.mark.parametrize("text", ["air castle", "Air-castle", "x.air_castle()", "the AirCastle"])
def test_what_stands_behind_a_word_is_found_in_prose_and_in_names(text):
    assert Wording(text).behind("air") == {"castle": 1}


@pytest.mark.parametrize(
    "text", ["fair castle", "airs castle", "air. castle", "airport", "air\ncastle"]
)
def test_what_does_not_stand_behind_it_is_not(text):
    assert not Wording(text).behind("air")


@given(st.text(), st.text(st.characters(max_codepoint=127), max_size=5))
def test_any_text_can_be_searched_for_anything(text, word):
    found = Wording(text)
    assert all(each.casefold().startswith(word.casefold()) for each in found.beginning(word))
    assert len(found.behind(word)) <= MOST


def test_a_name_that_only_the_changed_file_holds_is_completed():
    history = [
        Commit(f"c{at}", "a", 0, f"Fix step {at}", Footprint((f"{at}.py",))) for at in range(9)
    ]
    asked = Asked(Footprint(("a.py",), ("value",)), "a", text=CODE)
    found = propose(Question(asked, Memory(history), Conventions(), Summary(), "Fix PeriodicL"), 5)
    assert any(each.text.startswith("Fix PeriodicLog") for each in found)
