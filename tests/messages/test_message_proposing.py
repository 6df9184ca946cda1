"""What is proposed: in the repository's voice, about this change only, after what was typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitmerge_ai.messages.completing import is_well_formed
from gitmerge_ai.messages.conventions import Conventions
from gitmerge_ai.messages.memory import Asked, Memory
from gitmerge_ai.messages.parts import Part, Summary
from gitmerge_ai.messages.proposing import propose
from gitmerge_ai.messages.question import Question
from gitmerge_ai.messages.words import tokens
from gitmerge_ai.repository.commits import Commit, Footprint


def commit(message: str, *paths: str, added: tuple[str, ...] = (), author: str = "a") -> Commit:
    return Commit(message, author, 0, message, Footprint(paths, added))


HISTORY = [
    commit("Release version 1.2.0", "version.py", "CHANGES.md", added=("1.2.0", "version")),
    commit("Fix typo in README.md", "README.md", added=("typo",)),
    commit("Add parse_header to the parser", "parser.py", added=("parse_header", "def")),
    commit("Release version 1.3.0", "version.py", "CHANGES.md", added=("1.3.0", "version")),
    commit("Fix typo in guide.md", "guide.md", added=("typo",)),
    commit("Add read_line to the parser", "parser.py", added=("read_line", "def")),
    commit("Release version 1.4.0", "version.py", "CHANGES.md", added=("1.4.0", "version")),
    commit("PROJ-1 Update the parser", "parser.py", added=("other",)),
]


def best(
    footprint: Footprint, typed: str = "", history: list[Commit] | None = None, branch: str = ""
) -> str:
    memory = Memory(HISTORY if history is None else history)
    asked = Asked(footprint, "a", branch)
    found = propose(Question(asked, memory, Conventions(), Summary(), typed))
    return found[0].text if found else ""


def test_the_version_is_the_one_of_this_change():
    change = Footprint(("version.py", "CHANGES.md"), ("1.5.0", "version"), ("1.4.0",))
    assert best(change) == "Release version 1.5.0"


def test_the_date_is_the_one_of_this_change():
    days = ("2024-01-02", "2024-02-06", "2024-03-05", "2024-04-02")
    history = [commit(f"Use nightly -> {day}", "toolchain", added=("nightly", day)) for day in days]
    change = Footprint(("toolchain",), ("nightly", "2024-05-07"), ("nightly", "2024-04-02"))
    assert best(change, history=history) == "Use nightly -> 2024-05-07"
    assert "2024" not in best(change._replace(added=("nightly",), removed=()), history=history)


def test_the_name_is_the_one_of_this_change():
    assert best(Footprint(("parser.py",), ("write_line", "def"))) == "Add write_line to the parser"


VIEWS = ("login", "logout", "signup", "profile", "settings", "search")
FORMS = ("Add {} view", "feat(app): add {} view", "views: handle {} there")


@pytest.mark.parametrize("form", FORMS)
def test_a_plain_name_of_another_change_is_not_said_though_the_file_holds_it(form):
    history = [
        commit(form.format(name), "app/views.py", added=("def", name, "request", "render"))
        for name in VIEWS
    ]
    change = Footprint(("app/views.py",), ("def", "export", "request", "render"))
    asked = Asked(change, "a", named=("export",), text=" ".join((*VIEWS, *change.added)))
    found = propose(Question(asked, Memory(history), Conventions(), Summary(), ""))
    assert found[0].text == form.format("export")
    assert not any(name in each.text for name in VIEWS for each in found)


def test_without_a_version_in_the_change_none_is_said():
    change = Footprint(("version.py", "CHANGES.md"), ("version",))
    assert not any(char.isdigit() for char in best(change))


def test_the_ticket_is_the_one_of_the_branch():
    history = [commit(f"PROJ-{n} Update the parser", "parser.py") for n in range(1, 6)]
    change = Footprint(("parser.py",), ("more",))
    assert best(change, history=history, branch="me/PROJ-77-x") == "PROJ-77 Update the parser"
    assert "PROJ" not in best(change, history=history)


def test_what_was_typed_stays_and_a_cut_word_is_ended():
    change = Footprint(("parser.py",), ("write_line", "def"))
    assert best(change, "Add wri") == "Add write_line to the parser"
    assert best(change, "ADD to").startswith("ADD to")
    assert best(change, "fix ty").startswith("fix typo")
    assert best(Footprint(("read-me.md",), ("typo",)), "Fix typo in read-") == (
        "Fix typo in read-me.md"
    )
    assert best(change, "Zqx") == ""


@settings(deadline=None)  # the first example reads what ships
@given(
    st.text(max_size=30).filter(lambda text: "\n" not in text),
    st.lists(st.sampled_from(["1.5.0", "parse_header", "typo", "write_line"]), unique=True),
)
def test_nothing_stale_is_said_and_typed_text_is_kept(typed, added):
    change = Footprint(("version.py", "parser.py"), tuple(added))
    memory = Memory(HISTORY)
    found = propose(Question(Asked(change, "a"), memory, Conventions(), Summary(), typed))
    for each in found:
        assert each.text.startswith(typed)
        rest = each.text[len(typed) :]
        for stale in ("1.2.0", "1.3.0", "1.4.0", "PROJ-1", "README.md", "guide.md", "read_line"):
            assert stale not in rest


@given(st.text(max_size=60))
def test_tokens_joined_are_the_text(text):
    assert "".join(tokens(text)) == text


@pytest.mark.parametrize("footprint", [Footprint(), Footprint(("a.bin",))])
def test_it_says_nothing_where_it_knows_nothing(footprint):
    assert best(footprint, history=[]) == ""


def test_a_change_is_put_into_words_where_history_has_none():
    parts = Summary((Part("rename", "function", "new", "a.py", "old"),))
    asked = Asked(Footprint(("a.py",), ("new",), ("old",)))
    (one, *_) = propose(Question(asked, Memory(), Conventions(), parts))
    assert (one.text, one.source) == ("Rename old to new", "change")
    past = Conventions(capital=True, tense="past", stop=True)
    (one, *_) = propose(Question(asked, Memory(), past, parts))
    assert one.text == "Renamed old to new."
    typed = Conventions(conventional=True, types=frozenset({"fix", "refactor"}), tense="imperative")
    (one, *_) = propose(Question(asked, Memory(), typed, parts))
    assert one.text == "refactor: rename old to new"


@pytest.mark.parametrize(
    ("text", "well"),
    [
        ("a (b)", True),
        ("bump a from 3 to 4", True),
        ("bump a from 3 to 3", False),
        ("bump a: 3 \u2192 3", False),
        ("bump a a", False),
        ("bump a a-b", True),
        ("a ()", False),
        ("a (b", False),
        ("a) b", False),
        ("say `x", False),
        ("replace a.py with a.py", False),
        ("replace a.py with b.py", True),
        ("more and more", True),
        ("move a-b/c.py to a-b/c.py", False),
        ("move a-b/c.py to a-b/d.py", True),
        ("say `x y`", True),
        ("say `x `", False),
        ("say ` x`", False),
        ("say a::b", True),
        ("say a:: b", False),
    ],
)
def test_brackets_and_quotes_are_closed_and_no_name_stands_twice(text, well):
    assert is_well_formed(text) is well


def test_the_name_of_a_commit_is_of_one_change_only():
    history = [commit(f"Merge commit '{n}9e2f89a2605' into tree", "lib.rs") for n in range(6)]
    assert "9e2f89a2605" not in best(Footprint(("lib.rs",), ("other",)), history=history)


def test_the_author_counts():
    theirs = [commit("Tidy up", "x.py", author="b"), commit("Clean house", "x.py", author="a")] * 6
    change = Footprint(("x.py",), ("word",))
    for author, expected in (("a", "Clean house"), ("b", "Tidy up")):
        asked = Asked(change, author)
        found = propose(Question(asked, Memory(theirs), Conventions(), Summary()))
        assert found[0].text == expected


def test_where_nothing_whole_can_be_said_the_word_that_was_begun_is_ended():
    """A subject that says a word twice is not proposed, but one may have been typed."""
    change = Footprint(("parser.py",), ("write_line", "def"))
    assert best(change, "Add the the write_l") == "Add the the write_line"
    assert best(change, "Add the the zzzz") == ""


def test_only_a_link_that_the_changed_files_hold_is_said_again():
    said = "Bump https://example.org/tool"
    history = [commit(said, "a.yaml") for _ in range(9)]
    for text, expected in (("repo: https://example.org/tool\n", said), ("repo: none\n", "")):
        asked = Asked(Footprint(("a.yaml",), ("rev",), ("rev",)), text=text)
        found = propose(Question(asked, Memory(history), Conventions(), Summary()), 9)
        assert [each.text for each in found if "://" in each.text][:1] == [expected][
            : len(expected)
        ]


def test_a_joined_word_that_many_say_is_nobody_s():
    said = "[pre-commit.ci] pre-commit autoupdate"
    history = [commit(said, "a.yaml", added=("rev",)) for _ in range(9)]
    assert best(Footprint(("a.yaml",), ("rev",)), "[pre-comm", history) == said


def test_a_name_that_begins_with_a_full_stop_is_never_made_of_parts():
    history = [commit(f"Add .{name}", f".{name}", added=("root",)) for name in ("npmrc", "env")] * 4
    made = set[str]()
    for path in (".dockerignore", ".github/ci.yml"):
        asked = Asked(Footprint((path,), ("root",)), "a")
        found = propose(Question(asked, Memory(history), Conventions(), Summary()), 9)
        made.update(word for each in found for word in each.text.split() if word[0] == ".")
    assert ".dockerignore" in made
    assert made <= {".dockerignore", ".github", ".github/ci.yml", ".github/ci"}


@pytest.mark.parametrize(
    ("said", "typed", "may"),
    [
        ("Add README", "", False),
        ("Add the README", "", False),
        ("Update README", "", True),
        ("Add README badges", "", True),
        ("Add README", "Add RE", True),
    ],
)
def test_of_a_thing_only_what_was_done_to_it_is_said(said, typed, may):
    parts = (Part("change", "file", "README.md", "README.md"),)
    history = [commit(said, "README.md", added=("text",)) for _ in range(9)]
    asked = Asked(Footprint(("README.md",), ("text",)), "a", named=("README.md",))
    question = Question(asked, Memory(history), Conventions(), Summary(parts, "docs"), typed)
    assert (said in [each.text for each in propose(question, 9)]) is may


SCOPES = [
    *(commit(f"fix({name}): mend the leak", f"{name}.py", added=(name,)) for name in VIEWS),
    *(commit(f"feat({name}): drop a check", f"{name}.py", added=(name,)) for name in VIEWS),
]


def test_a_scope_that_nobody_named_before_is_closed_as_others_are():
    change = Footprint(("downloads.py",), ("downloads",))
    assert best(change, "fix(downlo", SCOPES).startswith("fix(downloads): ")


def test_the_word_that_was_begun_is_said_alone_though_one_that_is_longer_begins_so():
    """A subject with "upgraded" in it does not say "upgrade"."""
    history = [
        *(
            commit(f"deps: upgrade pkg{n} from 1.{n}.0 to 2.{n}.0", "deps", added=(f"2.{n}.0",))
            for n in range(8)
        ),
        *(commit("deps: upgraded the usual suspects", "other", added=("most",)) for _ in range(3)),
    ]
    bumps = (
        Part("bump", "dependency", "alpha", "deps", "1.0.0", "2.0.0"),
        Part("bump", "dependency", "gamma", "deps", "3.0.0", "4.0.0"),
    )
    change = Footprint(("deps",), ("alpha", "2.0.0", "gamma", "4.0.0"), ("1.0.0", "3.0.0"))
    asked = Asked(change, "a", bumps=bumps)
    question = Question(asked, Memory(history), Conventions(), Summary(), "deps: upgrad")
    said = [each.text for each in propose(question)]
    assert said[0] == "deps: upgrade"
    assert "deps: upgraded the usual suspects" in said


def test_what_the_change_shows_is_always_among_what_is_proposed():
    """History may be wrong in all of the first three; of what was typed it knows best."""
    history = [commit(f"{verb} the parser", "parser.py") for verb in ("Tidy", "Mend", "Polish")] * 6
    summary = Summary((Part("add", "file", "tables.rst", "docs/tables.rst"),))
    asked = Asked(Footprint(("parser.py", "docs/tables.rst"), ("tables",)), "a")
    question = Question(asked, Memory(history), Conventions(), summary)
    for most, expected in ((2, True), (3, True), (1, False)):
        *_, last = propose(question, most)
        assert (last.source == "change") is expected
    assert {each.source for each in propose(question._replace(typed="Ti"))} == {"history"}
