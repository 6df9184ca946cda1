"""What could stand next in a subject."""

from gitmerge_ai.messages.following import Following
from gitmerge_ai.messages.memory import Asked, Memory
from gitmerge_ai.messages.openings import Openings, split_typed
from gitmerge_ai.messages.words import going_on
from gitmerge_ai.repository.commits import Commit, Footprint

SUBJECTS = ("Frobnicate the parser", "Frobnicate the reader", "Polish the parser") * 4


def openings(*added: str, paths: tuple[str, ...] = ("parser.py",)) -> Openings:
    memory = Memory(
        Commit(f"c{at}", "a", 0, subject, Footprint(("parser.py",), ("def",)))
        for at, subject in enumerate(SUBJECTS)
    )
    asked = Asked(Footprint(paths, added), "a")
    return Openings(Following(memory, asked, memory.weigh(asked)), memory, asked)


def test_what_history_begins_with_counts_more_than_what_others_do():
    shares = {each.tokens: each.share for each in openings("def").found("")}
    assert shares["Frobnicate",] > shares["Polish",] > 0.1
    assert (
        sum(share for path, share in shares.items() if path[0] not in ("Frobnicate", "Polish"))
        < 0.2
    )


def test_behind_a_name_of_this_change_stands_what_stood_behind_those_of_others():
    memory = Memory(
        Commit(name, "a", 0, f"Add {name} view", Footprint(("views.py",), ("def", name)))
        for name in ("login", "signup", "search")
    )
    asked = Asked(Footprint(("views.py",), ("def", "export")), "a")
    following = Following(memory, asked, memory.weigh(asked))
    after = following.after(("Add", " export"))
    assert max(after, key=lambda token: after[token]) == " view"
    assert following.after(("Add", " frob")).get(" view", 0.0) < 0.1


def test_an_end_of_nothing_is_no_opening():
    assert ("",) not in [each.tokens for each in openings("def").found("")]


def test_a_word_that_was_begun_is_ended_or_followed():
    found = [each.tokens for each in openings("def").found("Frobnicate the")]
    assert (" the", " parser") in found
    assert all("".join(path).startswith(" the") for path in found)


def test_a_word_of_the_change_can_end_what_was_begun():
    found = [each.tokens for each in openings("write_line").found("Frobnicate wri")]
    assert (" write_line",) in found


def test_features_know_what_the_change_and_history_say():
    here = openings("write_line", "write_line", paths=("lib/writing.py",))
    found = here.found("Frobnicate ")
    by_word = dict(zip((e.tokens for e in found), here.features("Frobnicate ", found), strict=True))
    said = by_word[" the",]
    assert said["in subjects"] > 2
    assert said["here"] > -0.5
    assert here.features("", []) == []


def test_ranked_openings_are_shares_of_one():
    found = openings("def").ranked("Fro")
    assert abs(sum(each.share for each in found) - 1) < 1e-9
    assert [each.share for each in found] == sorted((e.share for e in found), reverse=True)


def test_what_was_typed_is_parted_into_whole_tokens_and_one_begun():
    assert split_typed("") == ((), "")
    assert split_typed("Fix ty") == (("Fix",), " ty")
    assert split_typed("Fix read-") == (("Fix",), " read-")


def test_what_is_typed_goes_on_in_its_case():
    assert going_on("gi", "GitHub") == "github"
    assert going_on(" SESSI", " session_cookie") == " SESSION_COOKIE"
    assert going_on("Ap", "API") == "Api"
    assert going_on("Git", "GitHub") == "GitHub"
    assert going_on("fla", "Flask") == "flask"
    assert going_on("R", "read") == "Read"
    found = [each.tokens for each in openings("GitHub").found("Frobnicate gi")]
    assert found.count((" github",)) == 1
    assert (" gitHub",) not in found
