"""The index of a repository's commits: bounded, up to date, never in the way."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from repositories import Repository

from gitmerge_ai.messages import history as index
from gitmerge_ai.messages.history import FILE, history
from gitmerge_ai.repository import common_dir
from gitmerge_ai.repository.commits import CommitsError, commits, names, staged


def subjects(repo: Repository) -> list[str]:
    return [commit.subject for commit in history(repo.path)]


def test_it_holds_messages_paths_and_words(plain):
    plain.commit("Start", {"a.py": "old_name = 1\n"})
    plain.commit("Go on\n\nWith a body.", {"a.py": "new_name = 1\n", "docs/ä b.md": "text here\n"})
    first, second = history(plain.path)
    assert (first.subject, second.message) == ("Start", "Go on\n\nWith a body.")
    assert second.author == "author@example.com"
    assert set(second.footprint.paths) == {"a.py", "docs/ä b.md"}
    assert set(second.footprint.added) == {"new_name", "text", "here"}
    assert second.footprint.removed == ("old_name",)


def test_it_grows_and_follows_branches(plain):
    plain.commit("one", {"a": "1\n"})
    assert subjects(plain) == ["one"]
    plain.git("checkout", "-q", "-b", "side")
    plain.commit("two", {"b": "2\n"})
    assert subjects(plain) == ["one", "two"]
    plain.git("checkout", "-q", "main")
    plain.commit("three", {"c": "3\n"})
    assert subjects(plain) == ["one", "three"]


def test_what_is_known_is_not_read_again(plain, monkeypatch):
    plain.commit("one", {"a": "1\n"})
    before = history(plain.path)
    asked: list[list[str]] = []
    monkeypatch.setattr(index, "commits", lambda folder, wanted: asked.append(wanted) or iter(()))
    assert history(plain.path) == before
    assert asked == [[]]


@pytest.mark.parametrize("broken", [b"", b"\0\xff", b"1 00000000\n[]", b"1 e4ad1b8b\n[[1]]"])
def test_a_broken_index_is_built_again(plain, broken):
    plain.commit("one", {"a": "1\n"})
    subjects(plain)
    file = plain.path / ".git" / "gitmerge-ai" / FILE
    good = file.read_bytes()
    file.write_bytes(broken)
    assert subjects(plain) == ["one"]
    assert file.read_bytes() == good


def test_a_flipped_byte_is_noticed(plain):
    plain.commit("one", {"a": "1\n"})
    subjects(plain)
    data = bytearray(common_dir.read(plain.path / ".git", FILE) or b"")
    data[data.index(b"one")] ^= 1
    common_dir.write(plain.path / ".git", FILE, bytes(data))
    assert subjects(plain) == ["one"]


def test_what_there_was_no_time_for_comes_with_the_next_call(plain):
    for number in range(4):
        plain.commit(f"commit {number}", {"a": f"{number}\n"})
    assert [c.subject for c in history(plain.path, budget=0)] == ["commit 3"]
    assert [c.subject for c in history(plain.path, budget=0)] == ["commit 2", "commit 3"]
    assert len(subjects(plain)) == 4


def test_many_at_once_all_get_the_whole(plain):
    for number in range(6):
        plain.commit(f"commit {number}", {"a": f"{number}\n"})
    with ThreadPoolExecutor(4) as running:
        found = list(running.map(lambda _: len(history(plain.path)), range(8)))
    assert found == [6] * 8
    assert not list((plain.path / ".git" / "gitmerge-ai").glob(".*"))


def test_it_works_where_nothing_can_be_written(plain):
    plain.commit("one", {"a": "1\n"})
    (plain.path / ".git" / "gitmerge-ai").write_text("a file where the folder would be")
    assert subjects(plain) == ["one"]


def test_there_may_be_no_commit_and_no_repository(plain, tmp_path):
    assert history(plain.path) == []
    assert history(tmp_path) == []
    with pytest.raises(CommitsError):
        staged(tmp_path / "nowhere")


def test_a_shallow_clone_and_a_work_tree_have_one_too(plain, tmp_path):
    for number in range(3):
        plain.commit(f"commit {number}", {"a": f"{number}\n"})
    plain.git("clone", "-q", "--depth", "2", f"file://{plain.path}", str(tmp_path / "shallow"))
    assert [c.subject for c in history(tmp_path / "shallow")] == ["commit 1", "commit 2"]
    plain.git("worktree", "add", "-q", str(tmp_path / "tree"), "-b", "tree")
    assert len(history(tmp_path / "tree")) == 3
    assert (plain.path / ".git" / "gitmerge-ai" / FILE).exists()


def test_strange_encodings_and_binaries_do_no_harm(plain):
    plain.write({"a.bin": b"\0\1\2", "latin": "größe = 1\n".encode("latin-1")})
    plain.git("add", "-A")
    plain.git("-c", "i18n.commitEncoding=latin-1", "commit", "-q", "-m", b"Gr\xf6\xdfer")
    (commit,) = history(plain.path)
    assert commit.message == "Größer"
    assert set(commit.footprint.paths) == {"a.bin", "latin"}


def test_reading_can_stop_early(plain):
    for number in range(5):
        plain.commit(f"commit {number}", {"a": f"{number}\n"})
    reading = commits(plain.path, names(plain.path, 5))
    assert next(reading).subject == "commit 4"
    reading.close()


def test_the_users_own_settings_of_diff_do_not_matter(plain):
    plain.git("config", "diff.noprefix", "true")
    plain.git("config", "diff.external", f"{sys.executable} -c pass")
    plain.git("config", "color.ui", "always")
    plain.commit("one", {"a.py": "some_word = 1\n"})
    plain.write({"a.py": "other_word = 1\n"})
    plain.git("add", "-A")
    (commit,) = history(plain.path)
    assert (commit.footprint.paths, commit.footprint.added) == (("a.py",), ("some_word",))
    assert staged(plain.path).added == ("other_word",)
