"""Changes stay inside the worktree, and away from what judges them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitmerge_ai.evolution.evaluation.confinement import Unconfined, confined, editable
from gitmerge_ai.evolution.values import Objective, Plan

MODES = {"link": 0o120000, "module": 0o160000, "src": 0o040000, "src/a.py": 0o100644}


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "C:/x",
        "../x",
        "a/../../x",
        "a/./b",
        "a//b",
        "a/",
        "a\\..\\b",
        "a\0b",
        ".git",
        ".git/config",
        ".GIT/config",
        "src/.Git/hooks/x",
        ".git./config",
        ".git /config",
        ".g\u200cit/config",
        "git~1/config",
        ".git::$INDEX_ALLOCATION/config",
        "link",
        "link/x",
        "module/x",
    ],
)
def test_no_change_leaves_the_worktree(path: str) -> None:
    for content in (b"x", None):
        with pytest.raises(Unconfined, match="'"):
            confined({"src/a.py": b"fine", path: content}, MODES.get)


@pytest.mark.parametrize("path", ["src/a.py", "new/b.py", ".gitignore", ".github/x", "a b", "git~"])
def test_plain_paths_may_be_written(path: str) -> None:
    confined({path: b""}, MODES.get)


@given(
    st.lists(st.sampled_from(["..", ".", "", "a", ".git", "link", "~"]), min_size=1).map("/".join)
)
def test_what_may_be_written_lies_inside(path: str) -> None:
    try:
        confined({path: b""}, MODES.get)
    except Unconfined:
        return
    assert set(path.split("/")) <= {"a", "~", "link"}
    assert not path.startswith("link")


def test_judges_are_not_edited() -> None:
    objectives = (Objective("bins", "python tools/score.py --fast"),)
    plan = Plan("r", "", "", checks=("pytest -q checks.py::test_x",), objectives=objectives)
    may = editable(plan)
    assert may("pack.py")
    assert may("src/deep/attest.py")
    judges = ["tools/score.py", "checks.py", "tests/a.py", "tests.py", "src/test_a.py", "a_test.go"]
    judges += ["a.spec.ts", "conftest.py", "src/test/java/A.java", "x/FooTest.java"]
    assert not [path for path in judges if may(path)]
    assert not may("picture.png")
    assert not may("instances.json")
    assert editable(plan._replace(paths=("*.json",)))("network.json")


def test_named_paths_are_all_that_is_edited() -> None:
    may = editable(
        Plan("r", "", "", paths=("src", "./solution.py", "*.txt"), checks=("x solution.py",))
    )
    assert [p for p in ("src/a.py", "solution.py", "a.txt", "b.py", "srcs/x.py") if may(p)] == [
        "src/a.py",
        "solution.py",
        "a.txt",
    ]
