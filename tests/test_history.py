"""What each side of a merge did to a file, read from repositories made on the spot."""

import pickle

import pytest
from repositories import Repository

from gitmerge_ai.repository.history import Histories, RepositoryError, SideHistory, history_of


def texts(side: SideHistory) -> list[str]:
    return [change.text for change in side.changes]


@pytest.fixture
def parted(plain: Repository) -> Repository:
    """Two sides: main changes a.txt twice and b.txt once, side changes a.txt once."""
    plain.commit("base", {"a.txt": "1\n", "b.txt": "1\n"})
    plain.git("checkout", "-q", "-b", "side")
    plain.commit("side of a", {"a.txt": "side\n"})
    plain.git("checkout", "-q", "main")
    plain.commit("first of a", {"a.txt": "2\n"})
    plain.commit("only b", {"b.txt": "2\n"})
    plain.commit("second of a", {"a.txt": "3\n"})
    return plain


def test_gives_the_versions_of_each_side_newest_first(parted):
    history = Histories(parted.path).of("main~3", "main", "side", "a.txt")
    assert texts(history.ours) == ["3\n", "2\n"]
    assert texts(history.theirs) == ["side\n"]
    assert history.base == "1\n"
    assert (history.ours.commits, history.theirs.commits) == (3, 1)
    assert [change.subject for change in history.ours.changes] == ["second of a", "first of a"]
    assert {change.author for change in history.ours.changes} == {"author@example.com"}
    assert history.complete


def test_finds_the_base_itself(parted):
    assert history_of(parted.path, None, "main", "side", "a.txt").base == "1\n"


def test_trading_the_sides_trades_the_histories(parted):
    one = history_of(parted.path, None, "main", "side", "a.txt")
    other = history_of(parted.path, None, "side", "main", "a.txt")
    assert (one.ours, one.theirs) == (other.theirs, other.ours)


def test_is_a_value_that_survives_pickling(parted):
    history = history_of(parted.path, None, "main", "side", "a.txt")
    assert pickle.loads(pickle.dumps(history)) == history


def test_reads_a_bare_repository(parted, tmp_path):
    parted.git("clone", "-q", "--bare", ".", str(tmp_path / "bare"))
    history = history_of(tmp_path / "bare", None, "main", "side", "a.txt")
    assert texts(history.ours) == ["3\n", "2\n"]


def test_follows_a_rename_and_finds_the_old_name_on_the_other_side(plain):
    body = "".join(f"line {number}\n" for number in range(30))
    plain.commit("base", {"old.txt": body})
    plain.git("checkout", "-q", "-b", "side")
    plain.commit("theirs", {"old.txt": body + "theirs\n"})
    plain.git("checkout", "-q", "main")
    plain.commit("before", {"old.txt": body + "before\n"})
    plain.git("mv", "old.txt", "new.txt")
    plain.commit("move", {})
    plain.commit("after", {"new.txt": body + "after\n"})
    for ours, theirs in (("main", "side"), ("side", "main")):
        history = history_of(plain.path, None, ours, theirs, "new.txt")
        sides = {ours: history.ours, theirs: history.theirs}
        assert [change.subject for change in sides["main"].changes] == ["after", "before"]
        assert texts(sides["side"]) == [body + "theirs\n"]
        assert history.base == body


def test_a_merge_counts_where_it_is_like_no_parent(plain):
    plain.diverge({"a.txt": "1\n"}, {"a.txt": "2\n"}, {"a.txt": "3\n"})
    plain.git("branch", "other", "main~1")
    plain.git("merge", "-q", "side", ok=False)
    plain.commit("resolved", {"a.txt": "both\n"})
    history = history_of(plain.path, None, "main", "other", "a.txt")
    assert texts(history.ours)[0] == "both\n"
    assert set(texts(history.ours)) == {"both\n", "2\n", "3\n"}
    assert [change.merge for change in history.ours.changes] == [True, False, False]
    assert history.ours.merges == 1


def test_a_criss_cross_leaves_only_what_one_side_has(plain):
    plain.diverge({"a.txt": "1\n", "b.txt": "1\n"}, {"a.txt": "2\n"}, {"b.txt": "2\n"})
    plain.git("tag", "one", "main")
    plain.git("tag", "two", "side")
    plain.git("merge", "-q", "--no-edit", "two")
    plain.git("checkout", "-q", "side")
    plain.git("merge", "-q", "--no-edit", "one")
    plain.commit("later", {"a.txt": "3\n"})
    history = history_of(plain.path, None, "main", "side", "a.txt")
    assert texts(history.ours) == []
    assert texts(history.theirs) == ["3\n"]
    assert history.base in ("1\n", "2\n")


def test_sees_that_a_file_was_deleted_and_came_back(plain):
    plain.commit("base", {"a.txt": "1\n", "b.txt": "1\n"})
    plain.git("checkout", "-q", "-b", "side")
    plain.commit("theirs", {"a.txt": "2\n"})
    plain.git("checkout", "-q", "main")
    plain.git("rm", "-q", "a.txt")
    plain.commit("delete", {})
    plain.commit("bring back", {"a.txt": "3\n"})
    assert texts(history_of(plain.path, None, "main", "side", "a.txt").ours) == ["3\n", ""]


def test_a_spent_budget_gives_an_incomplete_history(parted):
    history = Histories(parted.path).of(None, "main", "side", "a.txt", budget=-1.0)
    assert not history.complete
    assert history.ours.changes == history.theirs.changes == ()


def test_an_incomplete_walk_is_not_kept(parted):
    histories = Histories(parted.path)
    histories.of(None, "main", "side", "a.txt", budget=-1.0)
    assert histories.of(None, "main", "side", "a.txt").complete


def test_a_shallow_clone_gives_what_is_there(parted, tmp_path):
    shallow = Repository(tmp_path / "shallow")
    source = parted.path.as_uri()
    parted.git("clone", "-q", "--no-single-branch", "--depth=2", source, str(shallow.path))
    history = history_of(shallow.path, None, "origin/main", "origin/side", "a.txt")
    assert texts(history.ours) == ["3\n"]
    assert not history.complete


def test_a_missing_version_is_empty(parted):
    blob = parted.git("rev-parse", "main~2:a.txt").strip()
    (parted.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    history = history_of(parted.path, None, "main", "side", "a.txt")
    assert texts(history.ours) == ["3\n", ""]
    assert not history.complete


def test_unrelated_histories_have_no_base(plain):
    plain.commit("one", {"a.txt": "1\n"})
    plain.git("checkout", "-q", "--orphan", "side")
    plain.commit("other", {"a.txt": "2\n"})
    history = history_of(plain.path, None, "main", "side", "a.txt")
    assert (history.base, texts(history.ours), texts(history.theirs)) == ("", ["1\n"], ["2\n"])


def test_odd_bytes_in_a_commit_do_no_harm(plain):
    plain.commit("base", {"a.txt": "1\n"})
    plain.git("branch", "side")
    plain.write({"a.txt": b"\xff\n"})
    plain.git("-c", "i18n.commitEncoding=nonsense", "commit", "-qam", b"caf\xe9")
    change = history_of(plain.path, None, "main", "side", "a.txt").ours.changes[0]
    assert change.subject.startswith("caf")
    assert change.text == "\udcff\n"


@pytest.mark.parametrize("missing", ["nowhere", "HEAD:a.txt", ""])
def test_says_which_commit_is_missing(parted, missing):
    with pytest.raises(RepositoryError, match="no commit"):
        history_of(parted.path, None, "main", missing, "a.txt")


def test_says_that_there_is_no_repository(tmp_path):
    with pytest.raises(RepositoryError, match="not in a git repository"):
        history_of(tmp_path, None, "a", "b", "a.txt")
