"""What a file's history tells about a conflict in it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gitmerge_ai.repository.history import Change, FileHistory, SideHistory
from gitmerge_ai.resolving.knowledge.past import past_features
from gitmerge_ai.text.markers import Region

DAY = 86_400
AROUND = ("def f():\n", "    return x\n")


def version(body: str) -> str:
    return f"import os\n{AROUND[0]}{body}{AROUND[1]}end\n"


def side(*bodies: str, at: int = 10, author: str = "a") -> SideHistory:
    """A side whose commits, newest first and a day apart, put these texts in the region's place."""
    changes = tuple(
        Change(str(number), author, (at - number) * DAY, f"subject {body}", False, version(body))
        for number, body in enumerate(bodies)
    )
    return SideHistory(len(bodies), 0, at * DAY, changes)


def features(base: str, ours: SideHistory, theirs: SideHistory) -> dict[str, float]:
    history = FileHistory(version(base), ours, theirs)
    tips = [each.changes[0].text.split(AROUND[0])[1].split(AROUND[1])[0] for each in (ours, theirs)]
    return past_features(history, Region(base, *tips), *AROUND)


def test_an_empty_history_tells_nothing():
    assert past_features(FileHistory(), Region("a\n", "b\n", "c\n")) == {}


def test_a_side_that_had_the_others_text_has_moved_on():
    found = features("x = 1\n", side("x = 2\n"), side("x = 3\n", "x = 2\n"))
    assert found["past ours stood"] == 1
    assert found["past ours lines dropped by other"] == 1
    assert "past theirs stood" not in found


def test_a_deletion_that_was_taken_back_is_seen_by_the_lines_around():
    found = features("x = 1\n", side("x = 2\n"), side("", "x = 2\n"))
    assert found["past ours stood"] == 1
    found = features("x = 1\n", side(""), side("x = 2\n", ""))
    assert found["past ours stood"] == 1


def test_a_text_that_both_tips_have_tells_nothing():
    found = features("x = 1\n", side("x = 2\ny\n"), side("x = 2\nz\n"))
    assert not any("stood" in name or "dropped" in name for name in found)


def test_indentation_does_not_count():
    found = features("x = 1\n", side("x = 2\n"), side("x = 3\n", "    x = 2\n"))
    assert found["past ours stood"] == 1


def test_counts_the_commits_that_touched_the_region_and_dates_the_last():
    ours = side("x = 3\n", "x = 2\n", at=10)
    theirs = side("x = 4\n", at=3)
    found = features("x = 1\n", ours, theirs)
    assert found["past ours changes of region"] > found["past theirs changes of region"] > 0
    assert found["past ours touched last"] > 0
    assert "past theirs touched last" not in found


def test_a_commit_elsewhere_in_the_file_does_not_touch_the_region():
    ours = side("x = 2\n", "x = 2\n")
    elsewhere = Change("9", "b", 99 * DAY, "elsewhere", False, version("x = 2\n") + "more\n")
    ours = SideHistory(3, 0, 99 * DAY, (elsewhere, *ours.changes))
    found = features("x = 1\n", ours, side("x = 3\n"))
    assert found["past same author"] == 1


def test_sees_commits_that_both_sides_have():
    found = features("x = 1\n", side("x = 4\n", "x = 2\n"), side("x = 3\n", "x = 2\n"))
    assert found["past same subjects"] == 0.5
    assert found["past same version"] == 1


body = st.lists(st.sampled_from(["x = 1\n", "x = 2\n", "y\n", "  y\n", "\n", "end\n"]), max_size=3)
bodies = st.lists(body.map("".join), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(body.map("".join), bodies, bodies, st.integers(5, 20), st.integers(5, 20))
def test_trading_the_sides_trades_the_names(base, ours, theirs, at, other):
    first, second = side(*ours, at=at), side(*theirs, at=other, author="b")
    found = features(base, first, second)
    traded = {"ours": "theirs", "theirs": "ours"}
    renamed = {
        " ".join(traded.get(word, word) for word in name.split()): value
        for name, value in found.items()
    }
    assert features(base, second, first) == renamed


def test_only_so_much_of_a_history_is_searched():
    huge = "x = 2\n" + "filler\n" * 200_000
    found = features("x = 1\n", side("x = 2\n"), side("x = 3\n", huge, "x = 2\n"))
    assert "past ours stood" not in found
    assert found["past theirs changes of file"] > found["past ours changes of file"]


def test_says_how_much_each_side_did_to_the_whole_file():
    found = features("x = 1\n", side("x = 2\nmore = 1\n"), side("x = 3\n"))
    assert found["past ours file added"] > found["past theirs file added"] > 0
    assert found["past ours file gone share"] == found["past theirs file gone share"] == 1 / 5
    assert found["past ours file part"] + found["past theirs file part"] == 1
    assert found["past ours file part"] > 0.5
    assert "past ours file shared" not in found
