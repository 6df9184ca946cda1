"""Counting what a backtest found, and cutting its texts to what can be shown."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages import Page

from gitmerge_ai.interface.backtest_cases import marked
from gitmerge_ai.training.backtesting.differences import GAP, LONGEST_TEXT, apart, shortened
from gitmerge_ai.training.backtesting.scores import curve, interval, seconds, tally
from gitmerge_ai.training.backtesting.verdicts import (
    DIFFERENT,
    EXACT,
    LEFT,
    SPACE,
    UNALIGNED,
    Judged,
    JudgedFile,
    Suggested,
)

JUDGED = st.builds(
    Judged,
    line=st.integers(1, 9),
    stage=st.sampled_from(["", "syntax", "token"]),
    outcome=st.sampled_from([EXACT, SPACE, LEFT, DIFFERENT, UNALIGNED]),
    people=st.sampled_from(["", "ours", "theirs", "merged"]),
    suggested=st.none()
    | st.builds(
        Suggested,
        rank=st.integers(0, 3),
        exact_rank=st.integers(0, 3),
        confidence=st.floats(0, 1),
    ),
)
FILES = st.lists(
    st.builds(
        JudgedFile,
        commit=st.just("c"),
        time=st.just(0),
        path=st.just("p"),
        language=st.just("python"),
        stage=st.sampled_from(["", "syntax"]),
        outcome=st.sampled_from([EXACT, SPACE, LEFT, DIFFERENT]),
        note=st.just(""),
        conflicts=st.lists(JUDGED, max_size=3).map(tuple),
        merge_seconds=st.just(0.1),
        suggest_seconds=st.none(),
    ),
    max_size=6,
)
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUIET
@given(FILES, st.floats(0, 1))
def test_a_tally_adds_up(files: list[JudgedFile], minimum: float) -> None:
    found = tally(files, minimum)
    of = found.files
    assert of.count == len(files) == of.right + of.left + of.different
    each = found.conflicts
    assert each.count == sum(len(file.conflicts) for file in files)
    assert each.count == each.right + each.left + each.different + each.unaligned
    offers = found.suggestions
    assert offers.top1 <= offers.top3 <= offers.count
    assert offers.right <= offers.answered <= offers.count
    points = curve(files)
    assert [p.coverage for p in points] == sorted({p.coverage for p in points})
    assert [p.confidence for p in points] == sorted((p.confidence for p in points), reverse=True)
    if offers.count:
        assert points[-1].coverage == 1
        assert points[-1].precision == offers.top1 / offers.count


def test_times_and_shares_of_few_cases() -> None:
    assert seconds([]).longest == 0
    assert seconds([2.0]).median == seconds([2.0]).percentile95 == 2
    assert seconds([1.0, 3.0]).median == 2
    assert interval(0, 0) == (0, 1)
    low, high = interval(9, 10)
    assert 0.55 < low < 0.6
    assert 0.97 < high < 1


LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d\n", "\n"]), max_size=30).map("".join)


@QUIET
@given(LINES, LINES)
def test_what_is_apart_is_in_the_texts(one: str, other: str) -> None:
    of_one, of_other = apart(one, other)
    assert (not of_one and not of_other) is (one == other)
    for part, whole in ((of_one, one), (of_other, other)):
        assert all(piece in whole for piece in part.split(f"{GAP}\n"))


def test_a_long_text_is_cut_at_a_line() -> None:
    text = "line\n" * LONGEST_TEXT
    short = shortened(text)
    assert len(short) < LONGEST_TEXT + 40
    kept = 5 * short.count("line\n")
    assert short.endswith(f"line\n{GAP} {len(text) - kept:,} more characters\n")
    assert shortened("x" * LONGEST_TEXT + "yz").endswith(f"x\n{GAP} 2 more characters\n")
    assert shortened("short\n") == "short\n"


@QUIET
@given(st.text("ab <&\n", max_size=40), st.text("ab <&\n", max_size=40))
def test_marking_changes_no_text(text: str, other: str) -> None:
    shown = "".join(Page(f"<pre>{marked(text, other)}</pre>").texts.get("pre", [])) if text else ""
    inside = Page(f"<pre>{marked(text, other)}</pre>")
    assert sorted(shown + "".join(inside.texts.get("mark", []))) == sorted(text)
    assert ("<mark>" in marked(text, text)) is False
