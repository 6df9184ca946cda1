"""Patterns, candidates and ranking: what could replace a conflict, and in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitmerge_ai.resolving.alignment import aligned
from gitmerge_ai.resolving.proposing.candidates import MOST, Candidate, Context, candidates
from gitmerge_ai.resolving.proposing.patterns import PATTERNS, apply
from gitmerge_ai.resolving.ranking.ranker import NONE, load, softmax
from gitmerge_ai.resolving.suggesting import suggest, with_base
from gitmerge_ai.text.markers import Region, parse, regions
from gitmerge_ai.text.words import spaced, squeezed, tokens, words

HERE = Context(path="a.py")


def texts(found: list[Candidate]) -> list[str]:
    return [one.text for one in found]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("ours", "bo"),
        ("theirs", "tb"),
        ("base", "b"),
        ("ours+theirs", "botb"),
        ("theirs+ours", "tbbo"),
        ("ours-base", "o"),
        ("theirs-base", "t"),
        ("ours+theirs-base", "ot"),
        ("theirs+ours-base", "to"),
    ],
)
def test_the_nine_patterns(pattern: str, expected: str) -> None:
    assert len(PATTERNS) == 9
    assert "".join(apply(pattern, "b", "bo", "tb")) == expected


def test_an_unknown_pattern_is_an_error() -> None:
    with pytest.raises(KeyError):
        apply("both", "b", "o", "t")


@given(st.text())
def test_tokens_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text
    assert "".join(words(text)) == squeezed(text)
    assert "".join(spaced(text)) == text
    assert [word.strip() for word in spaced(text) if word.strip()] == words(text)


def test_words_are_words_numbers_and_single_signs() -> None:
    assert words("été_1 = x2+=10;") == ["été_1", "=", "x2", "+", "=", "10", ";"]


def test_both_changes_of_one_line_are_merged_by_token() -> None:
    region = Region("f(a, b)\n", "g(a, b)\n", "f(a, c)\n")
    assert "g(a, c)\n" in texts(candidates(region, HERE))


def test_a_union_has_no_doubles_and_keeps_the_order() -> None:
    region = Region("", "import a\nimport b\n", "import b\nimport c\n")
    found = texts(candidates(region, HERE))
    assert "import a\nimport b\nimport c\n" in found
    assert "import b\nimport c\nimport a\n" in found


def test_sorted_lines_can_be_merged_in_order() -> None:
    region = Region("", "b\nd\n", "a\nc\n")
    assert "a\nb\nc\nd\n" in texts(candidates(region, HERE))


def test_a_union_leaves_out_what_a_side_deleted() -> None:
    region = Region("old\n", "new\n", "old\nother\n")
    assert "new\nother\n" in texts(candidates(region, HERE))


def test_without_a_base_there_are_candidates_too() -> None:
    region = Region(None, "a\nx\nb\n", "a\ny\nb\n")
    found = candidates(region, HERE)
    assert {"a\nx\nb\n", "a\ny\nb\n", "a\nx\ny\nb\n"} <= set(texts(found))
    assert not any("base" in pattern for one in found for pattern in one.patterns)


def test_the_structured_merge_is_a_candidate() -> None:
    region = Region("a\n", "b\n", "c\n")
    found = candidates(region, Context(merged="by syntax\n"))
    assert [one.patterns for one in found if one.text == "by syntax\n"] == [("merged",)]


def test_where_only_white_space_differs_it_counts() -> None:
    region = Region("x\n", "  x\n", "\tx\n")
    assert {"  x\n", "\tx\n"} <= set(texts(candidates(region, HERE)))


def test_markers_of_a_nested_conflict_are_never_suggested() -> None:
    nested = "<<<<<<<<< a\n1\n=========\n2\n>>>>>>>>> b\n"
    found = texts(candidates(Region(nested, "o\n", "t\n"), HERE))
    assert not any("<<<<" in text for text in found)


line = st.sampled_from(["a = 1\n", "b = 2\n", "call(a, b)\n", "\n", "}\n", "import x\n"])
side = st.lists(line, max_size=5).map("".join)


@given(side, side, side, st.booleans())
def test_candidates_are_few_different_and_ranked(b: str, o: str, t: str, known: bool) -> None:
    region = Region(b if known else None, o, t)
    found = candidates(region, HERE)
    assert 1 <= len(found) <= MOST
    assert len({one.text for one in found}) == len(found)
    assert {squeezed(o), squeezed(t)} <= {squeezed(one.text) for one in found}
    ranked = load(NONE).rank(region, HERE, found)
    chances = [chance for _, chance in ranked]
    assert chances == sorted(chances, reverse=True)
    assert 0 < sum(chances) < 1


@given(st.lists(st.floats(-700, 700), min_size=1, max_size=9))
def test_probabilities_sum_to_one(scores: list[float]) -> None:
    assert sum(softmax(scores)) == pytest.approx(1)


def test_large_conflicts_take_little_time() -> None:
    ours = "".join(f"ours {i} = {i * 7 % 13}\n" for i in range(3000))
    theirs = "".join(f"theirs {i} = {i * 5 % 11}\n" for i in range(3000))
    assert len(candidates(Region("", ours, theirs), HERE)) > 2


def marked(base: str | None, ours: str, theirs: str) -> str:
    rows = ["<<<<<<< ours", ours, *([] if base is None else ["||||||| base", base])]
    rows += ["=======", theirs, ">>>>>>> theirs"]
    return "".join(f"{row}\n" for row in rows if row)


def test_what_people_made_of_a_conflict_is_found_by_its_neighbours() -> None:
    segments = parse(f"a\nb\n{marked('x', 'o', 't')}c\n{marked('y', 'p', 'q')}d\n")
    assert aligned(segments, "new\na\nb\n1\n2\nc\nd\n") == ["1\n2\n", ""]
    assert aligned(segments, "a\nB\n1\nc\n3\nd\n") == [None, "3\n"]


def test_a_base_is_filled_in_from_the_whole_file() -> None:
    segments = parse(f"a\n{marked(None, 'o', 't')}c\n")
    (region,) = regions(with_base(segments, "a\nb\nc\n"))
    assert region.base == "b\n"
    shown = parse(f"a\n{marked('shown', 'o', 't')}c\n")
    assert with_base(shown, "a\nb\nc\n") == shown


def test_each_conflict_has_its_lines_and_its_suggestions() -> None:
    text = "x = [\n" + marked("1,", "2,", "3,") + "]\n" + marked("y", "y2", "y3")
    first, second = suggest(text, path="a.py")
    assert (first.span, second.span) == ((2, 8), (10, 16))
    assert len(first.resolutions) == len(second.resolutions) == 3


def test_what_does_not_parse_comes_after_what_does() -> None:
    text = marked("x = f(1)", "x = f(1)\ny = g(2)", "x = [1,\n2]")
    (one,) = suggest(text, path="a.py", top=50)
    first = [resolution.text for resolution in one.resolutions[:3]]
    assert all(compile(each, "a.py", "exec") for each in first)


def test_at_least_one_suggestion_whatever_the_conflict() -> None:
    for base in (None, ""):
        (one,) = suggest(marked(base, "", ""), top=1)
        assert len(one.resolutions) == 1
