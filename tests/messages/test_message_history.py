"""The index of a repository's commits: bounded, up to date, never in the way."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from repositories import Repository

from gitmerge_ai.messages import history as reading
from gitmerge_ai.messages.archive import Archive, Listed
from gitmerge_ai.messages.history import history
from gitmerge_ai.messages.index import FILE, VERSION, BrokenIndexError, opened
from gitmerge_ai.repository.commits import Commit, CommitsError, commits, look, names


def all_in(archive: Archive) -> list[Commit]:
    return list(archive.commits([each.number for each in archive.outlines()]))


def subjects(repo: Repository, budget: float = 3) -> list[str]:
    return [commit.subject for commit in all_in(history(repo.path, budget))]


def index_of(repo: Repository) -> Path:
    return repo.path / ".git" / "gitmerge-ai" / FILE


def test_it_holds_messages_paths_and_words(plain):
    plain.commit("Start", {"a.py": "old_name = 1\n"})
    plain.commit("Go on\n\nWith a body.", {"a.py": "new_name = 1\n", "docs/ä b.md": "text here\n"})
    first, second = all_in(history(plain.path))
    assert (first.subject, second.message) == ("Start", "Go on\n\nWith a body.")
    assert second.author == "author@example.com"
    assert set(second.footprint.paths) == {"a.py", "docs/ä b.md"}
    assert set(second.footprint.added) == {"new_name", "text", "here"}
    assert second.footprint.removed == ("old_name",)


def test_it_grows_and_knows_all_branches(plain):
    plain.commit("one", {"a": "1\n"})
    assert subjects(plain) == ["one"]
    plain.git("checkout", "-q", "-b", "side")
    plain.commit("two", {"b": "2\n"})
    assert subjects(plain) == ["one", "two"]
    plain.git("checkout", "-q", "main")
    plain.commit("three", {"c": "3\n"})
    assert subjects(plain) == ["one", "two", "three"]


def test_a_commit_that_git_cannot_show_hides_no_other(plain):
    said = [f"commit {number}" for number in range(7)]
    for each in said:
        plain.commit(each, {"a.py": f"{each}\n"})
    for number in (0, 2, 3, 6):
        name = plain.git("rev-parse", f"HEAD~{6 - number}:a.py").strip()
        (plain.path / ".git" / "objects" / name[:2] / name[2:]).unlink()
    assert sorted(subjects(plain)) == said
    assert subjects(plain) == [c.subject for c in commits(plain.path, names(plain.path, 9)[::-1])]


def test_commits_are_found_by_what_they_touch(plain):
    plain.commit("Add one (#12)", {"src/a.py": "alpha = 1\n"})
    plain.commit("Change one", {"src/a.py": "beta = 1\n"})
    found = history(plain.path).postings(
        ["@/src/a.py", "@src/", "+alpha", "-alpha", "+beta", "=one", "=change", "=#12", "+gamma"]
    )
    assert {key: list(numbers) for key, numbers in found.items()} == {
        "@/src/a.py": [1, 2],
        "@src/": [1, 2],
        "+alpha": [1],
        "-alpha": [2],
        "+beta": [2],
        "=one": [1, 2],
        "=change": [2],
    }


def test_commits_are_found_by_the_declarations_that_they_are_in(plain):
    for number in range(3):
        body = "".join(f"    step{n} = {n}\n" for n in range(9))
        other = f"    last = {number}\n"
        plain.commit(f"Step {number}", {"a.py": f"def measured(a):\n{body}{other}"})
    archive = history(plain.path)
    assert list(archive.postings(["&measured"])["&measured"]) == [2, 3]
    assert [each.footprint.symbols for each in all_in(archive)] == [(), *[("measured",)] * 2]


def test_on_disk_and_in_memory_the_same_is_found(plain):
    for number in range(5):
        plain.commit(f"Fix {number}", {f"a{number % 2}.py": f"name{number} = {number}\n"})
    kept, listed = history(plain.path), Listed()
    for commit in all_in(kept):
        listed.add(commit)
    shown = [each[1:] for each in kept.outlines()]
    assert shown == [each[1:] for each in listed.outlines()]
    for features in (["@*.py"], ["+name3", "-name1"], ["=fix", "=3"]):
        one, other = kept.postings(features), listed.postings(features)
        assert {f: [n - 1 for n in one[f]] for f in one} == other
        assert (
            kept.counts(features)
            == listed.counts(features)
            == {f: len(n) for f, n in other.items()}
        )


def test_what_is_known_is_not_read_again(plain, monkeypatch):
    plain.commit("one", {"a": "1\n"})
    assert subjects(plain) == ["one"]
    monkeypatch.setattr(reading, "names", None)
    assert subjects(plain) == ["one"]


@pytest.mark.parametrize("broken", [b"", b"\0\xff", b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_broken_index_is_built_again(plain, broken):
    plain.commit("one", {"a": "1\n"})
    subjects(plain)
    index_of(plain).write_bytes(broken)
    assert subjects(plain) == ["one"]
    assert len(index_of(plain).read_bytes()) > len(broken)


def test_an_index_of_another_version_is_built_again(plain):
    plain.commit("one", {"a": "1\n"})
    subjects(plain)
    with closing(sqlite3.connect(index_of(plain))) as database:
        database.execute("DROP TABLE features")
        database.execute(f"PRAGMA user_version = {VERSION + 1}")
    assert subjects(plain) == ["one"]
    assert history(plain.path).postings(["=one"])


def test_damage_anywhere_is_survived(plain):
    for number in range(8):
        plain.commit(f"Fix {number}", {"a.py": f"name{number} = {number}\n"})
    subjects(plain)
    good = index_of(plain).read_bytes()
    chance = Random(1)
    for _ in range(40):
        data = bytearray(good)
        for _ in range(chance.randint(1, 200)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        index_of(plain).write_bytes(data[: chance.choice([len(data), chance.randrange(len(data))])])
        try:
            archive = history(plain.path)
            all_in(archive)
            archive.postings(["+name1", "@*.py", "=fix"])
        except BrokenIndexError:
            assert not index_of(plain).exists()
    index_of(plain).unlink(missing_ok=True)
    assert len(subjects(plain)) == 8


def test_it_is_bounded_and_keeps_the_newest(plain, monkeypatch):
    monkeypatch.setattr(reading, "MOST", 4)
    for number in range(12):
        day = f"2020-01-{number + 1:02}T00:00:00"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GIT_AUTHOR_DATE", day)
            plain.commit(f"commit {number}", {"a": f"word{number}\n"})
        found = subjects(plain)
        assert len(found) <= 5
        assert found[-1] == f"commit {number}"
    archive = history(plain.path)
    assert archive.postings(["+word11"])
    assert not archive.postings(["+word3"])


def test_what_there_was_no_time_for_comes_with_the_next_call(plain):
    for number in range(4):
        plain.commit(f"commit {number}", {"a": f"{number}\n"})
    assert subjects(plain, budget=0) == ["commit 3"]
    assert set(subjects(plain, budget=0)) == {"commit 2", "commit 3"}
    assert len(subjects(plain)) == 4


def test_many_at_once_all_get_the_whole(plain):
    for number in range(6):
        plain.commit(f"commit {number}", {"a": f"{number}\n"})
    with ThreadPoolExecutor(4) as running:
        found = list(running.map(lambda _: len(subjects(plain)), range(8)))
    assert found == [6] * 8
    assert [file.name for file in index_of(plain).parent.iterdir()] == [FILE]


def test_two_processes_that_build_it_at_once_do_not_meet(plain):
    for number in range(12):
        plain.commit(f"commit {number}", {"a.py": f"name{number} = 1\n"})
    command = [sys.executable, "-c", "from gitmerge_ai.cli import main; main()", "message"]
    plain.write({"a.py": "name = 2\n"})
    plain.git("add", "-A")
    running = [subprocess.Popen(command, cwd=plain.path, stderr=subprocess.PIPE) for _ in "12"]
    assert [one.communicate()[1] for one in running] == [b"", b""]
    archive = opened(plain.path / ".git")
    assert sorted(each.subject for each in all_in(archive)) == sorted(
        f"commit {number}" for number in range(12)
    )
    assert [len(archive.postings([f"+name{n}"])[f"+name{n}"]) for n in range(12)] == [1] * 12


def test_while_another_process_writes_what_is_there_is_read(plain, monkeypatch):
    monkeypatch.setattr("gitmerge_ai.messages.index.PATIENCE", 0.05)
    plain.commit("one", {"a": "1\n"})
    subjects(plain)
    plain.commit("two", {"a": "2\n"})
    with closing(sqlite3.connect(index_of(plain), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert subjects(plain) == ["one"]
        other.execute("ROLLBACK")
    assert subjects(plain) == ["one", "two"]


def test_it_works_where_nothing_can_be_written(plain):
    plain.commit("one", {"a": "1\n"})
    (plain.path / ".git" / "gitmerge-ai").write_text("a file where the folder would be")
    assert subjects(plain) == ["one"]


def test_there_may_be_no_commit_and_no_repository(plain, tmp_path):
    assert subjects(plain) == []
    assert not history(tmp_path).outlines()
    with pytest.raises(CommitsError):
        look(tmp_path / "nowhere")()


def test_a_shallow_clone_and_a_work_tree_have_one_too(plain, tmp_path):
    for number in range(3):
        plain.commit(f"commit {number}", {"a": f"{number}\n"})
    plain.git("clone", "-q", "--depth", "2", f"file://{plain.path}", str(tmp_path / "shallow"))
    assert subjects(Repository(tmp_path / "shallow")) == ["commit 1", "commit 2"]
    plain.git("worktree", "add", "-q", str(tmp_path / "tree"), "-b", "tree")
    assert len(subjects(Repository(tmp_path / "tree"))) == 3
    assert index_of(plain).exists()


def test_strange_encodings_and_binaries_do_no_harm(plain):
    plain.write({"a.bin": b"\0\1\2", "latin": "größe = 1\n".encode("latin-1")})
    plain.git("add", "-A")
    plain.git("-c", "i18n.commitEncoding=latin-1", "commit", "-q", "-m", b"Gr\xf6\xdfer")
    (commit,) = all_in(history(plain.path))
    assert commit.message == "Größer"
    assert set(commit.footprint.paths) == {"a.bin", "latin"}


def test_reading_can_stop_early(plain):
    for number in range(5):
        plain.commit(f"commit {number}", {"a": f"{number}\n"})
    found = commits(plain.path, names(plain.path, 5))
    assert next(found).subject == "commit 4"
    found.close()


def test_the_users_own_settings_of_diff_do_not_matter(plain):
    plain.git("config", "diff.noprefix", "true")
    plain.git("config", "diff.external", f"{sys.executable} -c pass")
    plain.git("config", "color.ui", "always")
    plain.commit("one", {"a.py": "some_word = 1\n"})
    plain.write({"a.py": "other_word = 1\n"})
    plain.git("add", "-A")
    (commit,) = all_in(history(plain.path))
    assert (commit.footprint.paths, commit.footprint.added) == (("a.py",), ("some_word",))
    assert look(plain.path)().footprint.added == ("other_word",)


def test_a_submodule_that_moved_is_a_change_without_words(plain):
    for number in range(3):
        plain.git("update-index", "--add", "--cacheinfo", f"160000,{'ab1c'[number] * 40},lib/sub")
        plain.git("commit", "-q", "-m", "lib/sub: Update submodule to latest.")
    found = all_in(history(plain.path))
    assert [each.footprint.paths for each in found] == [("lib/sub",)] * 3
    assert not any(each.footprint.added or each.footprint.removed for each in found)
    plain.git("update-index", "--cacheinfo", f"160000,{'d' * 40},lib/sub")
    assert look(plain.path)().footprint.paths == ("lib/sub",)
