"""What is known of a merge that stopped, of whatever git command it is."""

import pytest
from repositories import Repository

from gitmerge_ai.repository.index import RepositoryError
from gitmerge_ai.repository.steps import Step
from gitmerge_ai.resolving import adapted
from gitmerge_ai.resolving.adapted import Adapted
from gitmerge_ai.resolving.evidence import of_revisions, of_step, of_unfinished
from gitmerge_ai.resolving.habits import Habits, Settled
from gitmerge_ai.text.markers import Region


def text(line: str) -> str:
    return f"first\n{line}\nlast\n"


@pytest.fixture
def moved_on(plain: Repository) -> Repository:
    """Main has what side had before its last commit."""
    plain.commit("base", {"a.txt": text("one")})
    plain.git("checkout", "-q", "-b", "side")
    plain.commit("two", {"a.txt": text("two")})
    plain.commit("three", {"a.txt": text("three")})
    plain.git("checkout", "-q", "main")
    plain.commit("two as well", {"a.txt": text("two")})
    return plain


REGION = Region("one\n", "two\n", "three\n")
AROUND = ("first\n", "last\n")


def test_two_revisions_are_enough(moved_on):
    facts = of_revisions(moved_on.path, "main", "side").about("a.txt")(REGION, *AROUND)
    assert facts["past ours stood"] == 1


def test_a_merge_that_stopped_is_known(moved_on):
    moved_on.git("merge", "side", ok=False)
    found = of_unfinished(moved_on.path)
    assert found.branch == "topic into main"
    assert found.about("a.txt")(REGION, *AROUND)["past ours stood"] == 1


def test_a_rebase_that_stopped_is_known(moved_on):
    moved_on.commit("four", {"a.txt": text("four")})
    moved_on.git("checkout", "-q", "side")
    moved_on.git("rebase", "main", ok=False)
    found = of_unfinished(moved_on.path)
    assert found.ours == moved_on.git("rev-parse", "main").strip()
    region = Region("two\n", "four\n", "three\n")
    assert found.about("a.txt")(region, *AROUND)["past known"] == 1


def test_a_cherry_pick_that_stopped_starts_from_the_commits_parent(moved_on):
    moved_on.commit("four", {"a.txt": text("four")})
    moved_on.git("cherry-pick", "side", ok=False)
    found = of_unfinished(moved_on.path)
    assert found.base == moved_on.git("rev-parse", "side").strip() + "^"
    region = Region("two\n", "four\n", "three\n")
    assert found.about("a.txt")(region, *AROUND)["past known"] == 1


def test_a_revert_that_stopped_starts_from_the_commit_itself(moved_on):
    moved_on.commit("four", {"a.txt": text("four")})
    moved_on.git("revert", "--no-edit", "HEAD~1", ok=False)
    found = of_unfinished(moved_on.path)
    region = Region("two\n", "four\n", "one\n")
    facts = found.about("a.txt")(region, *AROUND)
    assert facts["past ours changes of region"] > 0


def test_a_stash_leaves_no_commit_to_go_by(moved_on):
    moved_on.write({"a.txt": text("stashed")})
    moved_on.git("stash", "-q")
    moved_on.commit("four", {"a.txt": text("four")})
    moved_on.git("stash", "pop", ok=False)
    assert of_unfinished(moved_on.path) is None


def test_a_step_under_way_is_known_by_its_branches(moved_on):
    side, main = (moved_on.git("rev-parse", name).strip() for name in ("side", "main"))
    found = of_step(moved_on.path, Step("merge", main, side, "side"))
    assert found.branch == "topic into main"
    assert of_step(moved_on.path, Step("merge", main, side)).branch == ""
    assert of_step(moved_on.path, Step("apply", main)) is None


def test_what_was_learned_counts_too(moved_on):
    habits = Habits({}).learn([Settled("a.txt", "", "theirs")] * 5)
    adapted.write(moved_on.path / ".git", Adapted(habits, 5, 5, 0))
    facts = of_revisions(moved_on.path, "main", "side").about("a.txt")(REGION, *AROUND)
    assert facts["habit theirs"] > 0


def test_a_commit_that_is_gone_leaves_the_habits(moved_on):
    habits = Habits({}).learn([Settled("a.txt", "", "theirs")] * 5)
    adapted.write(moved_on.path / ".git", Adapted(habits, 5, 5, 0))
    facts = of_revisions(moved_on.path, "main", "gone").about("a.txt")(REGION, *AROUND)
    assert {name.split()[0] for name in facts} == {"habit"}


def test_says_that_there_is_no_repository(tmp_path):
    with pytest.raises(RepositoryError):
        of_unfinished(tmp_path)
