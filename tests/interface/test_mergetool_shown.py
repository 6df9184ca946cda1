"""What the mergetool says and shows of conflicts: cautions, words, rows, colours."""

from multiprocessing import active_children
from pathlib import Path
from threading import enumerate as enumerate_threads

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitmerge_ai.interface.mergetool.cautions import BROKEN, Judge
from gitmerge_ai.interface.mergetool.editor import ended_like
from gitmerge_ai.interface.mergetool.painting import Painter
from gitmerge_ai.interface.mergetool.ranking import (
    Means,
    Offer,
    Ranker,
    Ranking,
    Request,
    by_hand,
    confident,
    plain,
    rank,
    starts,
)
from gitmerge_ai.interface.mergetool.rows import document_page, shown, side_pages, stacked
from gitmerge_ai.interface.mergetool.session import Decided, Document
from gitmerge_ai.interface.mergetool.words import pattern_in_words, side_names
from gitmerge_ai.syntax.languages import rows as languages
from gitmerge_ai.text.markers import Region, parse
from gitmerge_ai.values import Labels, Resolution

BASE = "alpha = 1\nb = 2\nc = 3\n"
OURS = "alpha = 1\nb = 2 + ours\nc = 3\n"
THEIRS = "b = 20\nc = 3\nd = theirs\n"


def judge(region: Region | None = None) -> Judge:
    region = region or Region(BASE, OURS, THEIRS)
    return Judge("f.py", region, "x = 0\n", "y = 0\n", {"base": 2, "ours": 12, "theirs": 22})


@pytest.mark.parametrize(
    ("text", "cautions"),
    [
        ("b = 20 + ours\nc = 3\nd = theirs\n", ()),
        (THEIRS, ("drops ours' line 13",)),
        (
            OURS,
            ("drops theirs' lines 22, 24", "brings back base's line 2, gone in theirs"),
        ),
        ("b = 20 + ours\nc = 3\nd = theirs\nd = theirs\n", ("has twice: d = theirs",)),
        ("b = (20 + ours\nc = 3\nd = theirs\n", (BROKEN,)),
        ("<<<<<<< HEAD\n=======\n>>>>>>> side\n", ("has conflict markers",)),
    ],
)
def test_cautions(text, cautions):
    assert judge().cautions(text) == cautions


def test_a_side_that_has_markers_of_its_own_is_no_caution():
    ours = "<<<<<<<\n=======\n>>>>>>>\n"
    found = judge(Region("", ours, "")).cautions(ours)
    assert "has conflict markers" not in found


def test_a_side_that_is_dropped_whole_is_named_once():
    region = Region("", "one\ntwo\n", "three\n")
    assert judge(region).cautions("three\n") == ("drops all of ours",)


def test_large_sides_are_judged_quickly_by_parsing_alone():
    big = "".join(f"v{n} = {n}\n" for n in range(20_000))
    assert judge(Region("", big, "x = 1\n")).cautions("x = 1\n") == ()


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("ours+theirs", "ours, then theirs"),
        ("union, sorted", "both sides' lines, sorted as the file is"),
        ("tokens: ours", "word by word, where both changed: ours"),
        ("a pattern of the future", "a pattern of the future"),
    ],
)
def test_patterns_in_words(pattern, words):
    assert pattern_in_words(pattern, Region("", "a\n", "b\n")) == words


def test_imports_are_called_imports():
    region = Region("", "import a\n", "from b import c\n")
    assert pattern_in_words("union, sorted", region) == "both imports, sorted as the file is"


def test_sides_are_named_as_markers_call_them():
    assert side_names(Labels("", "HEAD", "side")) == {
        "base": "base",
        "ours": "ours (HEAD)",
        "theirs": "theirs (side)",
    }


MARKED = "top\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> side\nend\n"


def test_a_preview_stands_in_the_place_of_the_conflict():
    document = Document("f", tuple(parse(MARKED)))
    page = document_page(document, (None,), 0, "one\ntwo\n")
    assert [(row.number, row.sign, row.text) for row in page] == [
        (1, " ", "top"),
        (2, "▌", "one"),
        (3, "▌", "two"),
        (4, " ", "end"),
    ]
    assert page.focus == (1, 2)
    assert page.code == "top\none\ntwo\nend\n"


def test_without_a_preview_the_conflict_stands_as_it_is_and_the_code_has_ours():
    document = Document("f", tuple(parse(MARKED)))
    page = document_page(document, (None,), 0, None)
    assert [row.text for row in page] == MARKED.splitlines()
    assert [row.sign for row in page] == [" ", "!", "!", "!", "!", "!", " "]
    assert page.code == "top\nours\nend\n"
    assert page[6].code == 3


def test_an_empty_resolution_can_be_seen():
    document = Document("f", tuple(parse(MARKED)))
    page = document_page(document, (Resolution("", "person", "ours", 1.0),), 0, "")
    assert [row.text for row in page] == ["top", "(nothing)", "end"]


def test_changed_words_are_marked_in_each_side():
    pages = side_pages(
        Region("f(a, 1)\nsame\n", "f(b, 1)\nsame\n", "f(a, 2)\nsame\n"),
        {"ours": 5, "base": 6, "theirs": 7},
    )
    marks = {
        side: [row.text[a:b] for row in page for a, b in row.marks] for side, page in pages.items()
    }
    assert marks == {"ours": ["b"], "base": ["a", "1"], "theirs": ["2"]}
    assert [(row.number, row.sign) for row in pages["ours"]] == [(5, "+"), (6, " ")]


def test_a_base_that_is_not_known_says_so():
    pages = side_pages(Region(None, "a\n", ""), {"ours": 1, "base": 1, "theirs": 1})
    assert (pages["base"][0].text, pages["theirs"][0].text) == ("(not known)", "(nothing)")


def test_stacked_sides_have_headings_and_keep_their_code():
    pages = side_pages(Region("b", "o\n", "t\n"), {"ours": 1, "base": 1, "theirs": 1})
    page = stacked(pages, {"ours": "OURS", "base": "BASE", "theirs": "THEIRS"})
    assert [row.text for row in page] == ["OURS", "o", "BASE", "b", "THEIRS", "t"]
    codes = page.code.splitlines()
    assert [codes[row.code - 1] for row in page if row.code] == ["o", "b", "t"]


def test_what_a_terminal_would_obey_is_made_plain():
    text, places = shown("\tx\x1b[2J\udcff", [(1, 2), (3, 7)])
    assert text == "    x␛[2J�"
    assert [text[a:b] for a, b in places] == ["x", "[2J�"]


@given(st.text())
def test_nothing_shown_is_a_control_character(line):
    text, _ = shown(line.replace("\n", ""))
    assert not any(
        ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or 0xD800 <= ord(char) < 0xE000 for char in text
    )


def test_words_are_coloured_by_their_kind():
    painter = Painter("f.py", '# note\ndef f(ä):\n    return "s" + 1\n')
    lines = ["# note", "def f(ä):", '    return "s" + 1']
    found = [[(lines[n][a:b], kind) for a, b, kind in painter.line(n + 1)] for n in range(3)]
    assert found == [
        [("# note", "comment")],
        [("def", "keyword")],
        [("return", "keyword"), ('"s"', "string"), ("1", "number")],
    ]


@pytest.mark.parametrize("name", [row.name for row in languages()])
@pytest.mark.parametrize("text", ["", "a\n", "\udcff\n" * 200, "x = [\n" * 70])
def test_any_text_of_any_language_can_be_coloured(name, text):
    row = next(row for row in languages() if row.name == name)
    path = f"f{row.extensions[0]}" if row.extensions else row.filenames[0]
    painter = Painter(path, text)
    for number in range(1, text.count("\n") + 2):
        painter.line(number)


def test_both_sides_are_joined_by_a_line_ending():
    region = Region(None, "a", "b")
    assert by_hand(region, "ours+theirs").text == "a\nb"
    assert by_hand(Region(None, "a\r\n", "b\r\n"), "theirs+ours").text == "b\r\na\r\n"
    with pytest.raises(ValueError, match="not known"):
        by_hand(region, "base")
    assert [offer.resolution.text for offer in plain(region)] == ["a", "b", "a\nb", "b\na"]


@pytest.mark.parametrize(
    ("text", "sides", "ended"),
    [
        ("a", ("x\n", "y\n"), "a\n"),
        ("a", ("x", "y\n"), "a"),
        ("a\nb\n", ("x\r\n", "y\r\n"), "a\r\nb\r\n"),
        ("a\n", ("x\r\n", "y\n"), "a\n"),
        ("", ("x\n", "y\n"), ""),
    ],
)
def test_an_edited_text_ends_its_lines_as_the_sides_do(text, sides, ended):
    assert ended_like(text, sides) == ended


NOWHERE = Means(Path("/"))

TWO = MARKED + "1\n2\n" + MARKED.replace("ours", "mine").replace("theirs", "yours")


def test_every_open_conflict_is_ranked_and_the_decided_one_judged():
    document = Document("f.txt", tuple(parse(TWO)))
    choice = Resolution("ours\n", "person", "ours", 1.0)
    decided = (Decided("f.txt", document.regions[0], choice),)
    ranking = rank(Request(document, (choice, None), decided, NOWHERE))
    assert ranking.offers[0] == ()
    assert {"mine\n", "yours\n"} <= {offer.resolution.text for offer in ranking.offers[1]}
    assert ranking.cautions == (("drops theirs' line 2",), ())


def test_what_was_decided_changes_the_rank_of_what_is_open():
    texts = [MARKED.replace("ours", f"ours{n}").replace("theirs", f"theirs{n}") for n in range(9)]
    document = Document("f.txt", tuple(parse("\n1\n2\n".join(texts))))
    found = {}
    for side in ("ours", "theirs"):
        row = tuple(by_hand(region, side) for region in document.regions[:8])
        decided = tuple(
            Decided("f.txt", *pair) for pair in zip(document.regions, row, strict=False)
        )
        offers = rank(Request(document, (*row, None), decided, NOWHERE)).offers[8]
        found[side] = {each.resolution.pattern: each.resolution.confidence for each in offers}
    assert found["ours"]["ours"] > found["theirs"]["ours"]
    assert found["theirs"]["theirs"] > found["ours"]["theirs"]


def test_nothing_of_the_ranking_is_left_when_it_is_closed():
    document = Document("f.txt", tuple(parse(TWO)))
    threads = set(enumerate_threads())
    ranker = Ranker()
    asked = ranker.ask(Request(document, (None, None), (), NOWHERE))
    ranker.close()
    assert not active_children()
    assert set(enumerate_threads()) <= threads
    assert asked.done()


def test_a_choice_that_looks_like_a_conflict_leaves_the_others_unranked():
    document = Document("f.txt", tuple(parse(TWO)))
    choice = Resolution(MARKED, "person", "edited", 1.0)
    ranking = rank(Request(document, (choice, None), (), NOWHERE))
    assert ranking.offers == ((), ())
    assert ranking.cautions[0] == ("has conflict markers",)


def test_sides_start_at_their_own_lines():
    document = Document("f", tuple(parse(TWO.replace("mine\n", "mine\nmore\n") + MARKED)))
    assert [(s["ours"], s["theirs"]) for s in starts(document)] == [(2, 2), (7, 7), (11, 10)]


def test_confident_offers_parse_and_are_only_for_open_conflicts():
    sure = Offer(Resolution("a", "rules", "ours", 0.97))
    broken = Offer(Resolution("a", "rules", "ours", 0.99), (BROKEN,))
    unsure = Offer(Resolution("a", "rules", "ours", 0.5))
    ranking = Ranking(((sure,), (broken,), (unsure,), (), (sure,)), ((),) * 5)
    row = (None, None, None, None, sure.resolution)
    assert confident(ranking, row, 0.95) == {0: sure.resolution}
