"""What markers call the sides where gitmerge-ai leaves a conflict: the same as git alone."""

from pathlib import Path

import pytest
from repositories import BASE, CLASHING, OURS
from twins import ACTS, OTHER_ACTS, Act, both, state

pytestmark = pytest.mark.usefixtures("dated")


@pytest.mark.parametrize("style", ["merge", "diff3"])
@pytest.mark.parametrize("act", [*ACTS, *OTHER_ACTS])
def test_a_conflict_is_labelled_as_by_git_alone(tmp_path: Path, act: Act, style: str) -> None:
    twins = both(tmp_path, merge__conflictStyle=style)
    for twin in twins:
        twin.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": CLASHING})
        act(twin)
        assert "<<<<<<< " in twin.read("a.py")
    with_driver, alone = twins
    assert with_driver.read("a.py") == alone.read("a.py")
    assert state(with_driver) == state(alone)


def test_a_branch_that_is_switched_to(tmp_path: Path) -> None:
    twins = both(tmp_path)
    for twin in twins:
        twin.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": CLASHING})
        twin.git("checkout", "-q", "main~")
        twin.write({"a.py": OURS})
        twin.run("git", "checkout", "-q", "-m", "side")
        assert "<<<<<<< side\n" in twin.read("a.py")
    assert twins[0].read("a.py") == twins[1].read("a.py")


def test_a_branch_and_its_picks_whose_commits_are_not_one(tmp_path: Path) -> None:
    """A rebase that makes merges anew is at no commit of its own there."""
    twins = both(tmp_path)
    for twin in twins:
        twin.diverge({"a.py": BASE, "b": "1\n"}, {"a.py": OURS}, {"a.py": CLASHING})
        twin.git("checkout", "-q", "-b", "other", "main~")
        twin.commit("other", {"b": "2\n"})
        twin.git("merge", "-q", "--no-edit", "side")
        twin.run("git", "rebase", "-q", "--rebase-merges", "main")
        assert "<<<<<<< " in twin.read("a.py")
    assert twins[0].read("a.py") == twins[1].read("a.py")
