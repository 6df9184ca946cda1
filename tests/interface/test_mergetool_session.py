"""The state of a mergetool, without a screen."""

from hypothesis import given
from hypothesis import strategies as st

from gitmerge_ai.interface.mergetool.loading import answer
from gitmerge_ai.interface.mergetool.session import Document, Question, Session, text_of
from gitmerge_ai.text.markers import Region, parse
from gitmerge_ai.values import Resolution

CONFLICT = "<<<<<<< HEAD\n{0} ours\n=======\n{0} theirs\n>>>>>>> side\n"
TEXT = "top\n" + CONFLICT.format("a") + "middle\r\n" + CONFLICT.format("b") + CONFLICT.format("a")


def document(path: str = "f", text: str = TEXT) -> Document:
    return Document(path, tuple(parse(text)))


def question(path: str) -> Question:
    answers = (answer("ours", path), answer("deleted"))
    return Question(path, "deleted by theirs", Region(path, path, ""), answers)


def session() -> Session:
    return Session.begin((document("f"), document("g"), question("h"), question("i")))


def chosen(text: str = "new\n") -> Resolution:
    return Resolution(text, "person", "edited", 1.0)


def test_nothing_decided_is_the_file_byte_for_byte():
    assert text_of(document(), (None, None, None)) == TEXT


def test_a_choice_replaces_its_conflict_and_nothing_else():
    begun = session().move(1)
    done = begun.decide({begun.place: chosen("chosen\n")})
    expected = TEXT.replace(CONFLICT.format("b"), "chosen\n")
    assert text_of(document(), done.choices[0]) == expected
    assert (done.left(0), done.left()) == (2, 7)


def test_moving_goes_through_all_files_and_stops_at_both_ends():
    begun = session()
    seen = [begun.place]
    for _ in range(9):
        begun = begun.move(1)
        seen.append(begun.place)
    assert seen == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (2, 0), (3, 0), (3, 0), (3, 0)]
    assert session().move(-1).place == (0, 0)


def test_moving_to_a_file_finds_its_first_open_conflict():
    begun = session().decide({(1, 0): chosen()})
    assert begun.move_item(1).place == (1, 1)
    assert begun.move_item(-1) is begun


def test_onwards_looks_for_what_is_open_in_the_same_file():
    begun = session().decide({(0, 1): chosen(), (0, 2): chosen()}).go((0, 2))
    assert begun.onwards().place == (0, 0)
    full = begun.decide({(0, 0): chosen()}).go((0, 1))
    assert full.onwards().place == (0, 1)


def test_equal_conflicts_are_found_in_every_file():
    assert set(session().alike(chosen())) == {(0, 0), (0, 2), (1, 0), (1, 2)}


def test_equal_questions_take_their_own_answer():
    found = session().go((2, 0)).alike(answer("ours", "h"))
    assert {place: r.text for place, r in found.items() if r} == {(2, 0): "h", (3, 0): "i"}


def test_a_decision_that_changes_nothing_is_no_step():
    begun = session().decide({(0, 0): chosen()})
    assert begun.decide({(0, 0): chosen()}) is begun


def test_undo_goes_back_to_where_the_choice_was_made():
    begun = session().go((0, 1)).decide({(0, 1): chosen()}).onwards()
    back = begun.undo()
    assert (back.place, back.choice) == ((0, 1), None)
    assert back.redo().choices == begun.choices


def test_a_new_choice_forgets_what_was_undone():
    begun = session().decide({(0, 0): chosen("a")}).undo().decide({(0, 0): chosen("b")})
    assert begun.redo() is begun


def test_choices_of_an_earlier_session_come_back_as_one_step():
    kept = ((chosen("a"), None, chosen("b")), (None,) * 3, (None,), (None,))
    begun = session().restored(kept)
    assert begun.choices == kept
    assert begun.place == (0, 1)
    assert begun.undo().left() == 8
    assert session().restored(session().choices) == session()


def test_only_texts_count_as_decided():
    begun = session().decide({(0, 0): chosen(), (2, 0): answer("deleted")})
    assert [(d.path, d.region.ours) for d in begun.decided()] == [("f", "a ours\n")]


def test_the_last_decision_comes_last():
    begun = session().decide({(1, 0): chosen("first")}).decide({(0, 0): chosen("second")})
    begun = begun.decide({(1, 1): chosen("third")}).decide({(1, 0): chosen("again")})
    assert [d.resolution.text for d in begun.decided()] == ["second", "third", "again"]


@given(st.lists(st.tuples(st.integers(0, 7), st.sampled_from(["a", "b", None, "undo", "redo"]))))
def test_undoing_everything_gives_the_beginning_and_redoing_the_end(steps):
    begun = session()
    places = list(begun.places())
    for at, what in steps:
        if what in ("undo", "redo"):
            begun = getattr(begun, what)()
        else:
            begun = begun.decide({places[at]: chosen(what) if what else None})
    end = begun.choices
    while begun.past:
        begun = begun.undo()
    assert begun.left() == 8
    while begun.future and begun.choices != end:
        begun = begun.redo()
    assert begun.choices == end
