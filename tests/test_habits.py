"""What a repository did in its earlier merges, and what that lets one expect."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitmerge_ai.resolving.knowledge.habits import (
    OUTCOMES,
    PRIOR,
    Habits,
    Settled,
    between,
    branch_kind,
    outcome,
)

NONE = Habits({})

settled = st.builds(
    Settled,
    st.sampled_from(["a.py", "src/a.py", "src/b.py", "Makefile", "src/deep/c.js"]),
    st.sampled_from(["", "main into topic", "pull"]),
    st.sampled_from(OUTCOMES),
)


@pytest.mark.parametrize(
    ("resolution", "expected"),
    [
        ("b\n", "ours"),
        ("c\n", "theirs"),
        ("b\nc\n", "both"),
        ("c\nb\n", "both"),
        ("  b\n", "ours"),
        ("a\n", "merged"),
        ("", "merged"),
        ("d\n", "new"),
        ("b\nd\n", "new"),
    ],
)
def test_names_what_people_made_of_a_conflict(resolution, expected):
    assert outcome("a\n", "b\n", "c\n", resolution) == expected


def test_a_deletion_that_is_taken_is_a_side():
    assert outcome("a\n", "", "c\n", "") == "ours"
    assert outcome("a\n", "", "c\n", "c\n") == "theirs"


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Merge branch 'master' into feature", "main into topic"),
        ("Merge branch 'feature'", "topic into main"),
        ("Merge branch 'feature' into develop\n\nbody", "topic into main"),
        ("Merge branch '2.x' into master", "release into main"),
        ("Merge branch 'master' into release/3.1", "main into release"),
        ("Merge remote-tracking branch 'upstream/master' into fix", "main into topic"),
        ("Merge remote-tracking branch 'origin/main'", "main into main"),
        ("Merge branch 'master' of github.com:a/b", "pull"),
        ("Merge branch 'fix' of github.com:a/b into fix", "pull"),
        ("Merge branch 'master' of github.com:a/b into fix", "main into topic"),
        ("Merge pull request #12 from a/b", "pull request"),
        ("Merge tag 'v1.2'", "tag"),
        ("Merge commit 'abc'", "commit"),
        ("Bring both together", "other"),
        ("", "other"),
    ],
)
def test_names_the_kind_of_a_merge(message, kind):
    assert branch_kind(message) == kind


def test_branches_name_the_kind_as_the_message_does():
    assert between("origin/master", "feature") == branch_kind("Merge branch 'master' into feature")


def test_nothing_known_gives_no_features():
    assert NONE.features("a.py", "pull") == {}


def test_what_was_always_done_in_a_file_is_expected_there():
    cases = [Settled("src/version.py", "pull", "ours"), Settled("README", "pull", "theirs")] * 8
    habits = NONE.learn(cases)
    found = habits.features("src/version.py", "pull")
    assert found["habit ours"] > 0 > found["habit theirs"]
    assert habits.features("README", "pull")["habit theirs"] > 0


def test_a_file_without_cases_is_like_its_folder():
    cases = [Settled("src/a.py", "", "ours"), Settled("lib/a.py", "", "theirs")] * 8
    habits = NONE.learn(cases)
    found = [habits.features(path)["habit ours"] for path in ("src/b.py", "b.py", "lib/b.py")]
    assert found == sorted(found, reverse=True)
    assert found[0] > found[2]


def test_the_kind_of_merge_counts():
    cases = [Settled("a.py", "main into topic", "theirs"), Settled("b.py", "pull", "ours")] * 8
    habits = NONE.learn(cases)
    assert habits.features("c.py", "pull")["habit ours"] > habits.features("c.py", "")["habit ours"]


def test_one_case_says_less_than_many():
    one = NONE.learn([Settled("a.py", "", "ours")]).features("a.py")
    many = NONE.learn([Settled("a.py", "", "ours")] * 20).features("a.py")
    assert 0 < one["habit ours"] < many["habit ours"]


@given(st.lists(settled, min_size=1), settled)
def test_features_are_shares_of_what_is_usual(cases, at):
    found = NONE.learn(cases).features(at.path, at.branch)
    shares = [
        math.exp(found[f"habit {name}"]) * usual
        for name, usual in zip(OUTCOMES, PRIOR, strict=True)
    ]
    assert sum(shares) == pytest.approx(1)


@given(st.lists(settled), st.lists(settled))
def test_learning_in_parts_is_learning_at_once(first, second):
    assert NONE.learn(first).learn(second) == NONE.learn([*first, *second])


@given(st.lists(settled, min_size=1))
def test_survives_json(cases):
    habits = NONE.learn(cases)
    assert Habits.from_json(json.loads(json.dumps(habits.as_json()))) == habits


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"path": []},
        {"path": {"a.py": [1, 2]}},
        {"path": {"a.py": [1, 2, 3, 4, -1]}},
        {"path": {"a.py": [1, 2, 3, 4, "5"]}},
        {"path": {"a.py": [1, 2, 3, 4, True]}},
    ],
)
def test_refuses_what_it_did_not_write(value):
    with pytest.raises(ValueError, match=r"habits|count"):
        Habits.from_json(value)
