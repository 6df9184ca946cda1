"""What a conflict could become: each kind of candidate on the conflict that asks for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitmerge_ai.resolving.proposing.candidates import (
    MOST,
    MOST_RUNS,
    Candidate,
    Context,
    candidates,
)
from gitmerge_ai.resolving.proposing.following import renamed, renames, with_insertions
from gitmerge_ai.resolving.proposing.patterns import WITHIN, apply
from gitmerge_ai.resolving.proposing.weaving import (
    by_likeness,
    filled,
    places,
    runs,
    three_way,
    two_way,
)
from gitmerge_ai.text.lines import split
from gitmerge_ai.text.markers import Region
from gitmerge_ai.text.words import spaced, squeezed, words

line = st.sampled_from(
    ["a = 1\n", "  a = 1\n", "a = 2\n", "call(a, b)\n", "\n", "}\n", "import x\n"]
)
side = st.lists(line, max_size=6)


def found(base: str | None, ours: str, theirs: str) -> dict[str, Candidate]:
    """Give the candidates by their text without white space."""
    given = candidates(Region(base, ours, theirs), Context(path="a.py"))
    return {squeezed(one.text): one for one in given}


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected", "family"),
    [
        pytest.param(
            "use(host)\n",
            "use(val)\n",
            "if host:\n    use(host)\n    close(host)\n",
            "if val:\n    use(val)\n    close(val)\n",
            "renamed",
            id="what one side renamed, the other goes on using",
        ),
        pytest.param(
            "from .a import x\nfrom .b import y\n",
            "from .a import x\nfrom .b import y\nfrom .c import z\n",
            "from tests.a import x, w\nfrom tests.b import y\n",
            "from tests.a import x, w\nfrom tests.b import y\nfrom tests.c import z\n",
            "merged renamed",
            id="a prefix that one side put everywhere, and more",
        ),
        pytest.param(
            "run(x, 1)\n",
            "start(x, 1)\n",
            "go(x, 1, flag)\n",
            "start(x, 1, flag)\n",
            "inserted",
            id="an addition within what the other side rewrote",
        ),
        pytest.param(
            "Task<Tuple<A, B>> f;\n",
            "Task<(A, B)> f;\n",
            "Task<Option<Tuple<A, B>>> f;\n",
            "Task<Option<(A, B)>> f;\n",
            "adjacent tokens",
            id="what one side wraps and the other rewrites",
        ),
        pytest.param(
            "run -x=true\n",
            "run -x=true -skip=true\n",
            "run -x=true -key=1\n",
            "run -x=true -skip=true -key=1\n",
            "tokens",
            id="two additions behind the same word",
        ),
        pytest.param(
            "if a:\n    b(1)\n",
            "b(1)\n",
            "if a:\n    b(2)\n",
            "b(2)\n",
            "merged",
            id="one side's indentation and the other's words",
        ),
        pytest.param(
            "",
            "def a():\n    one()\n\n",
            "def b():\n    two()\n\n",
            "def a():\n    one()\ndef b():\n    two()\n\n",
            "joined",
            id="one after the other, the blank line that both end with once",
        ),
        pytest.param(
            "",
            "x 1.0\ny 2.0\nz 1.0\n",
            "x 1.1\ny 1.9\n",
            "x 1.1\ny 2.0\nz 1.0\n",
            "alike lines",
            id="of lines that are alike one from each side",
        ),
    ],
)
def test_each_kind_of_conflict_has_its_candidate(
    base: str, ours: str, theirs: str, expected: str, family: str
) -> None:
    given = found(base, ours, theirs)
    assert squeezed(expected) in given
    assert any(name.startswith(family) for name in given[squeezed(expected)].patterns)


def test_where_the_base_is_unknown_sides_are_compared_with_each_other() -> None:
    given = found(None, "x 1.0\ny 2.0\nz 1.0\n", "x 1.1\ny 1.9\n")
    assert squeezed("x 1.1\ny 2.0\nz 1.0\n") in given
    assert squeezed("x 1.0\ny 1.9\n") in given
    assert not any("renamed" in one.patterns[0] for one in given.values())


@given(side, side, side, st.booleans())
def test_every_word_of_a_candidate_stands_in_a_side(
    base: list[str], ours: list[str], theirs: list[str], known: bool
) -> None:
    texts = ["".join(lines) for lines in (base, ours, theirs)]
    given = found(texts[0] if known else None, *texts[1:])
    assert 1 <= len(given) <= MOST
    assert {word for one in given.values() for word in words(one.text)} <= set(
        words("".join(texts))
    )


def test_the_plain_patterns_come_first() -> None:
    given = candidates(Region("a b\n", "a c\n", "d b\n"), Context())
    assert [one.patterns[0] for one in given[:5]] == [
        "ours",
        "theirs",
        "base",
        "ours+theirs",
        "theirs+ours",
    ]


def test_patterns_within_a_conflict_count_what_a_side_has_more_of() -> None:
    assert apply("ours, new of theirs", [" >"], [" )"], [" >", " >"]) == [" )", " >"]
    assert apply("theirs, new of ours", ["a"], ["a", "b"], ["c"]) == ["c", "b"]
    assert apply("neither", ["a"], ["b"], ["c"]) == []


@given(side, side, side, st.booleans())
def test_a_cut_filled_with_a_side_is_that_side(
    base: list[str], ours: list[str], theirs: list[str], adjacent: bool
) -> None:
    for cut in (two_way(ours, theirs), by_likeness(ours, theirs)):
        for pattern, lines in (("ours", ours), ("theirs", theirs)):
            text = filled(cut, [pattern] * len(places(cut)))
            assert squeezed(text) == squeezed("".join(lines))
    alone = three_way(base, base, theirs, adjacent=adjacent)
    assert not places(alone)
    assert squeezed(filled(alone, ())) == squeezed("".join(theirs))


@given(side, side, side, st.booleans(), st.sampled_from([*WITHIN]))
def test_places_can_be_filled_by_every_pattern(
    base: list[str], ours: list[str], theirs: list[str], adjacent: bool, pattern: str
) -> None:
    cut = three_way(base, ours, theirs, adjacent=adjacent)
    text = filled(cut, [pattern] * len(places(cut)))
    assert set(words(text)) <= set(words("".join(base + ours + theirs)))


@pytest.mark.parametrize("count", range(7))
def test_runs_differ_are_mixed_and_end(count: int) -> None:
    given = list(runs(count, MOST_RUNS))
    assert len(given) == min(MOST_RUNS, max(0, (count - 1) * count))
    assert len(set(given)) == len(given)
    assert all(len(choice) == count and len(set(choice)) == 2 for choice in given)


def test_renames_are_read_off_lines_that_stayed_alike() -> None:
    found = renames(split("a(old, 1)\nb(old)\nc(1, 2, 3)\n"), split("a(new, 1)\nb(new)\nother\n"))
    assert found == {("old",): ("new",)}
    assert renames(split("use x\n"), split("use my.x\n")) == {("x",): ("my", ".", "x")}


def test_the_commonest_of_several_renames_counts() -> None:
    before, after = split("f(old)\ng(old)\nh(old)\n"), split("f(new)\ng(odd)\nh(new)\n")
    assert renames(before, after) == {("old",): ("new",)}


def test_renaming_keeps_white_space_and_prefers_the_longest() -> None:
    by = {("n", ".", "path"): ("prefix",), ("n",): ("m",)}
    assert "".join(renamed(spaced("if  n.path ==\tn\n"), by)) == "if  prefix ==\tm\n"


@given(side, side)
def test_insertions_into_the_base_are_the_other_side_less_its_other_changes(
    base: list[str], other: list[str]
) -> None:
    assert with_insertions(base, base, base) == base
    assert with_insertions(base, other, base) == other
    added = [*base[:2], "added\n", *base[2:]]
    assert with_insertions(base, base, added) == added


def test_wide_and_long_conflicts_give_candidates_in_bounded_number() -> None:
    ours = "".join(f"key{i} = {i}\n" for i in range(400))
    theirs = "".join(f"key{i} = {i * 3 % 7}\n" for i in range(400))
    assert 2 < len(found("", ours, theirs)) <= MOST
