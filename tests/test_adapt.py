"""`gitmerge-ai adapt`: what is learned from a repository's own merges, and where it is kept."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from repositories import Repository, gitmerge_ai

from gitmerge_ai.repository import common_dir
from gitmerge_ai.repository.replay import replaying
from gitmerge_ai.resolving.knowledge import adapted
from gitmerge_ai.resolving.knowledge.adapted import Adapted, Refit
from gitmerge_ai.resolving.knowledge.gathering import known_of
from gitmerge_ai.resolving.knowledge.habits import Habits, Settled
from gitmerge_ai.resolving.suggesting import suggest
from gitmerge_ai.text.markers import Region
from gitmerge_ai.training.learning.adapting import adapt, with_habits
from gitmerge_ai.training.learning.refitting import Scored, refit
from gitmerge_ai.training.mining.histories import Caps, mine_merges

LEARNED = Adapted(Habits({}).learn([Settled("a.py", "pull", "ours")]), 3, 1, 1_700_000_000)


def settle(repo: Repository, number: int, text: str) -> None:
    """Merge two sides that conflict in a.txt, into what a person wrote."""
    repo.git("checkout", "-q", "-b", f"side{number}", "main~1" if number else "main")
    repo.commit(f"theirs {number}", {"a.txt": f"one\ntheirs {number}\nlast\n"})
    repo.git("checkout", "-q", "main")
    repo.commit(f"ours {number}", {"a.txt": f"one\nours {number}\nlast\n"})
    repo.git("merge", "-q", f"side{number}", ok=False)
    repo.write({"a.txt": text})
    repo.git("commit", "-qam", f"Merge branch 'side{number}'")


@pytest.fixture
def settled(plain: Repository) -> Repository:
    """Three merges of a topic into main; each time the people took ours."""
    plain.commit("base", {"a.txt": "one\nbase\nlast\n"})
    for number in range(3):
        settle(plain, number, f"one\nours {number}\nlast\n")
    return plain


def learn(repository: Path, seconds: float = 60.0) -> Adapted:
    with ThreadPoolExecutor(1) as executor:
        return adapt(
            repository,
            executor=executor,
            seconds=seconds,
            begin=lambda merges: None,
            advance=lambda merges: None,
        )


def test_learns_what_was_done_in_earlier_merges(settled):
    found = learn(settled.path)
    assert (found.merges, found.regions) == (3, 3)
    assert found.newest > 0
    features = found.habits.features("a.txt", "topic into main")
    assert features["habit ours"] > 0 > features["habit theirs"]


def test_no_time_teaches_nothing(settled):
    assert learn(settled.path, seconds=-1).merges == 0


def test_a_conflict_does_not_know_of_its_own_merge_or_of_later_ones(settled):
    with replaying(settled.path) as replay:
        merges = [(merge, True) for merge in replay.merges()]
    regions = mine_merges(settled.path, "r", merges, caps=Caps()).regions
    first, second, third = with_habits(regions)
    assert "habit ours" not in first.facts
    assert 0 < second.facts["habit ours"] < third.facts["habit ours"]


@pytest.mark.parametrize("bare", [False, True])
def test_what_was_learned_is_kept(tmp_path, bare):
    repo = Repository.init(tmp_path / "repo", *(["--bare"] if bare else []))
    git_dir = repo.path if bare else repo.path / ".git"
    assert adapted.read(git_dir) is None
    adapted.write(git_dir, LEARNED)
    assert adapted.read(git_dir) == LEARNED
    assert adapted.forget(git_dir)
    assert adapted.read(git_dir) is None
    assert not adapted.forget(git_dir)


def test_all_work_trees_share_it(plain, tmp_path):
    plain.commit("base", {"a.txt": "1\n"})
    plain.git("worktree", "add", "-q", str(tmp_path / "tree"))
    git_dir = Repository(tmp_path / "tree").git("rev-parse", "--absolute-git-dir").strip()
    adapted.write(git_dir, LEARNED)
    assert adapted.read(plain.path / ".git") == LEARNED


def entry(**changes: object) -> bytes:
    fields = {"version": adapted.VERSION, "merges": 1, "regions": 1, "newest": 1, "habits": {}}
    return json.dumps(fields | {"refit": None} | changes).encode()


def test_the_entry_that_the_next_test_damages_is_read(plain):
    common_dir.write(plain.path / ".git", adapted.FILE, entry())
    assert adapted.read(plain.path / ".git") == Adapted(Habits({}), 1, 1, 1)


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"[" * 100_000,
        entry(version=adapted.VERSION + 1),
        entry(merges="many"),
        entry(habits=[]),
        entry(habits={"path": {"a.py": [1]}}),
    ],
)
def test_a_damaged_file_counts_as_none(plain, damaged):
    common_dir.write(plain.path / ".git", adapted.FILE, damaged)
    assert adapted.read(plain.path / ".git") is None


def test_a_failed_write_leaves_what_was_there(plain):
    git_dir = plain.path / ".git"
    file = adapted.write(git_dir, LEARNED)
    with pytest.raises(OSError, match="File name too long"):
        common_dir.write(git_dir, "x" * 250, b"new")
    assert [each.name for each in file.parent.iterdir()] == [adapted.FILE]


def test_the_command_learns_tells_and_forgets(settled):
    done = gitmerge_ai("adapt", "--json", "-j", "1", cwd=settled.path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["merges"], told["conflicts"], told["enough"]) == (3, 3, False)
    assert told["outcomes"] == {"ours": 3, "theirs": 0, "both": 0, "merged": 0, "new": 0}
    assert adapted.read(settled.path / ".git") is not None
    assert settled.status() == ""
    done = gitmerge_ai("adapt", "--forget", cwd=settled.path)
    assert done.stdout == b"Forgotten.\n"
    assert adapted.read(settled.path / ".git") is None


def test_the_command_says_that_there_is_no_repository(tmp_path):
    done = gitmerge_ai("adapt", cwd=tmp_path)
    assert done.returncode == 2
    assert b"not in a git repository" in done.stderr


def test_a_merge_that_was_made_again_counts_once(settled):
    settled.git("checkout", "-q", "-b", "again", "main~1")
    settled.git("merge", "-q", "side2", ok=False)
    settled.write({"a.txt": settled.git("show", "main:a.txt")})
    settled.git("commit", "-qam", "Merge it again")
    found = learn(settled.path)
    assert (found.merges, found.regions) == (4, 3)


def test_the_branches_tell_the_kind_of_a_merge(plain):
    plain.diverge({"a.txt": "base\n"}, {"a.txt": "ours\n"}, {"a.txt": "theirs\n"})
    known = known_of(plain.path, "HEAD", "side", "a.txt", source="side")
    assert known.branch == "topic into main"
    region = Region("base\n", "ours\n", "theirs\n")
    assert known.facts("a.txt", region, "", "")["kind topic into main"] == 1
    assert known_of(plain.path, "HEAD", "side", "a.txt").branch == ""


def scored(taken: int, time: int) -> Scored:
    """A conflict of which the trees say that theirs is twice as likely as ours."""
    return Scored((0.0, 0.7, -2.0), (0, 1, 5), taken, time)


def test_a_repository_that_differs_is_refitted():
    found = refit([scored(0 if number % 4 else 1, number) for number in range(200)])
    assert found is not None
    assert found.shifts[0] > 0 > found.shifts[1]
    ours, theirs, _ = found((0.0, 0.7, -2.0), (0, 1, 5))
    assert ours > theirs


@pytest.mark.parametrize("count", [0, 20, 200])
def test_a_repository_like_others_is_not(count):
    assert refit([scored(number % 3 > 0, number) for number in range(count)]) is None


def test_what_changed_in_the_meantime_is_not_learned():
    assert refit([scored(number >= 100, number) for number in range(200)]) is None


def test_suggestions_go_by_what_was_refitted(plain):
    plain.diverge({"a.txt": "base\n"}, {"a.txt": "ours\n"}, {"a.txt": "theirs\n"})
    text = "<<<<<<< a\nours\n||||||| b\nbase\n=======\ntheirs\n>>>>>>> c\n"
    first = []
    for shifts in ((9.0, 0.0, 0.0, 0.0, 0.0, 0.0), (0.0, 9.0, 0.0, 0.0, 0.0, 0.0)):
        adapted.write(plain.path / ".git", replace(LEARNED, refit=Refit(1.0, shifts)))
        known = known_of(plain.path, "HEAD", "side", "a.txt")
        [found] = suggest(text, path="a.txt", known=known)
        first.append(found.resolutions[0].text)
    assert first == ["ours\n", "theirs\n"]
