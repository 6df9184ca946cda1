"""The journal: what is written, what it survives, and that it never changes a merge."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from repositories import BASE, OURS, RESOLVED, ROOT, THEIRS, Repository

from gitmerge_ai.repository import journal_store
from gitmerge_ai.repository.steps import Step
from gitmerge_ai.resolving.journal import reading
from gitmerge_ai.resolving.journal.entries import Blobs, Entry, blob_name, encode, write
from gitmerge_ai.values import Labels, Resolution, Sides

TEXT = st.text(st.characters(codec="utf-8") | st.sampled_from(["\n", "\udc80", "\udcff"]))


def entry(path: str = "a.py", text: str = "x\n", **changes: object) -> Entry:
    labels = ("base", "HEAD", "side")
    sides = Sides("b", "o", text, path, Labels(*labels))
    other = Resolution(text, "rules", "ours", 0.25)
    one = Resolution(text, "syntax", "merged", 0.5, (other,), sides, (1, 2))
    made = Entry(
        Step("merge", "1" * 40, "2" * 40, "side"),
        path,
        "driver",
        Blobs("3" * 40, "4" * 40, "5" * 40, "6" * 40),
        1,
        (one,),
        labels,
        time=12.5,
    )
    return made._replace(**changes)


@given(path=TEXT, text=TEXT)
def test_entries_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, path: str, text: str
) -> None:
    git_dir = str(tmp_path_factory.mktemp("git"))
    written = entry(path, text)
    name = write(git_dir, written, kept=b"kept")
    assert reading.read(git_dir).entries == (written._replace(name=name),)
    assert Path(journal_store.kept_file(git_dir, name)).read_bytes() == b"kept"


def test_what_makes_no_sense_is_left_out(tmp_path: Path) -> None:
    git_dir = str(tmp_path)
    write(git_dir, entry("a"))
    folder = tmp_path / journal_store.FOLDER
    whole = json.loads(encode(entry("b")))
    broken = [b"", b"{", b"[]", b"\xff", json.dumps({**whole, "step": 1}).encode()]
    broken += [json.dumps({**whole, "more": 1}).encode(), b'{"kind": "resolved"}']
    for number, data in enumerate(broken):
        (folder / f"{number}.json").write_bytes(data)
    write(git_dir, entry("c"))
    assert [one.path for one in reading.read(git_dir).entries] == ["a", "c"]


def test_what_was_prepared_only_is_not_in_it(tmp_path: Path) -> None:
    prepared = journal_store.prepare(str(tmp_path), encode(entry()))
    assert reading.read(str(tmp_path)).entries == ()
    journal_store.add_prepared(prepared)
    assert len(reading.read(str(tmp_path)).entries) == 1


def test_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_store, "MOST_RECORDS", 5)
    for number in range(12):
        write(str(tmp_path), entry(str(number)), kept=b"x")
    paths = [one.path for one in reading.read(str(tmp_path)).entries]
    assert paths == ["7", "8", "9", "10", "11"]
    assert len(os.listdir(tmp_path / journal_store.FOLDER)) <= 11


def test_large_ones_make_others_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_store, "MOST_BYTES", 50_000)
    for number in range(12):
        write(str(tmp_path), entry(str(number), "x" * 4_000))
    assert 2 <= len(reading.read(str(tmp_path)).entries) <= 5


def test_many_processes_at_once(tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests')!r}]\n"
        "from test_journal import entry, write\n"
        "for number in range(40): write(sys.argv[1], entry(f'{sys.argv[2]}-{number}'))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    running = [subprocess.Popen([*command, str(number)]) for number in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert len({one.path for one in reading.read(str(tmp_path)).entries}) == 120


@pytest.mark.parametrize("kind", ["sha1", "sha256"])
def test_blobs_are_named_as_git_names_them(tmp_path: Path, kind: str) -> None:
    repo = Repository.init(tmp_path, f"--object-format={kind}")
    head = repo.commit("one", {"a": "content\n"})
    assert blob_name(b"content\n", head) == repo.git("rev-parse", "HEAD:a").strip()


def records(repo: Repository) -> list[Entry]:
    git_dir = repo.git("rev-parse", "--absolute-git-dir").strip()
    return list(reading.read(git_dir).entries)


def diverged(repo: Repository) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})


def test_what_the_driver_writes(repo: Repository) -> None:
    diverged(repo)
    head, side = (repo.git("rev-parse", name).strip() for name in ("main", "side"))
    repo.git("merge", "-q", "side")
    [one] = records(repo)
    assert one.step == Step("merge", head, side, "side")
    assert (one.path, one.by, one.left) == ("a.py", "driver", 0)
    places = (f"{head}~:a.py", f"{head}:a.py", "side:a.py", "HEAD:a.py")
    assert one.blobs == Blobs(*(repo.git("rev-parse", place).strip() for place in places))
    [resolution] = one.resolutions
    assert resolution.span == (5, 6)
    assert resolution.sides is not None
    assert resolution.sides.theirs == "    return other(a, 1)\n"


def test_sha256(tmp_path: Path) -> None:
    repo = Repository.init(tmp_path, "--object-format=sha256").with_driver()
    diverged(repo)
    repo.git("merge", "-q", "side")
    assert records(repo)[0].blobs.result == repo.git("rev-parse", "HEAD:a.py").strip()


def test_a_merge_by_lines_is_not_recorded(repo: Repository) -> None:
    repo.diverge({"a": "1\n2\n3\n4\n5\n"}, {"a": "0\n2\n3\n4\n5\n"}, {"a": "1\n2\n3\n4\n6\n"})
    repo.git("merge", "-q", "side")
    assert not (repo.path / ".git" / "gitmerge-ai").exists()


@pytest.mark.parametrize("bare", [False, True])
def test_merge_tree_is_not_recorded(repo: Repository, tmp_path: Path, bare: bool) -> None:
    diverged(repo)
    if bare:
        repo.git("clone", "-q", "--bare", ".", str(tmp_path / "bare"))
        repo = Repository(tmp_path / "bare").with_driver()
    tree = repo.git("merge-tree", "--write-tree", "main", "side").strip()
    assert repo.git("show", f"{tree}:a.py") == RESOLVED
    assert not list(repo.path.rglob("gitmerge-ai"))


def test_a_git_directory_of_another_name(tmp_path: Path) -> None:
    repo = Repository.init(tmp_path / "tree", "--separate-git-dir", str(tmp_path / "git"))
    diverged(repo.with_driver())
    repo.git("merge", "-q", "side")
    assert len(records(repo)) == 1
    (tmp_path / "tree" / ".git").unlink()
    repo.git("--git-dir=../git", "--work-tree=.", "reset", "-q", "--hard", "HEAD^")
    repo.git("--git-dir=../git", "--work-tree=.", "merge", "-q", "side")
    assert len(reading.read(str(tmp_path / "git")).entries) == 2


def test_a_journal_that_cannot_be_written_changes_nothing(repo: Repository) -> None:
    diverged(repo)
    (repo.path / ".git" / "gitmerge-ai").write_text("in the way")
    done = repo.run("git", "merge", "-q", "side")
    assert (done.returncode, done.stderr) == (0, b"")
    assert repo.read("a.py") == RESOLVED


def test_a_disk_that_is_full_changes_nothing(repo: Repository) -> None:
    """No file may grow beyond a kilobyte: a record is larger, the merged file is not."""
    base, ours, theirs, resolved = (
        text.replace(")\n\n\ndef last", f")  # {'x' * 150}\n\n\ndef last")
        for text in (BASE, OURS, THEIRS, RESOLVED)
    )
    repo.diverge({"a.py": base}, {"a.py": ours}, {"a.py": theirs})
    done = repo.run("bash", "-c", "trap '' XFSZ; ulimit -f 1; exec git merge -q side")
    assert (done.returncode, done.stderr) == (0, b"")
    assert repo.read("a.py") == resolved
    assert records(repo) == []
    assert list((repo.path / ".git" / "gitmerge-ai" / "journal").iterdir()) == []


REBASE = "rebase -q main side"


@pytest.mark.parametrize(
    ("command", "operation", "commit"),
    [
        ("cherry-pick side", "cherry-pick", "side"),
        ("-c core.abbrev=5 cherry-pick -x --strategy ort side", "cherry-pick", "side"),
        ("cherry-pick side~..side", "cherry-pick", "side"),
        (REBASE, "rebase", "before"),
        ("rebase -q --apply main side", "am", "before"),
        ("merge -q --no-commit side", "merge", "side"),
        ("merge -q --squash side", "merge", "side"),
    ],
)
def test_the_step_is_known(repo: Repository, command: str, operation: str, commit: str) -> None:
    diverged(repo)
    repo.git("tag", "before", "side")
    head, merged = (repo.git("rev-parse", name).strip() for name in ("main", commit))
    repo.git(*command.split())
    [one] = records(repo)
    assert (one.step.operation, one.step.head, one.step.commit) == (operation, head, merged)


def test_the_stash_is_known(repo: Repository) -> None:
    repo.commit("base", {"a.py": BASE})
    repo.write({"a.py": THEIRS})
    repo.git("stash")
    stash = repo.git("rev-parse", "stash").strip()
    head = repo.commit("ours", {"a.py": OURS})
    repo.git("stash", "pop")
    assert records(repo)[0].step == Step("stash", head, stash)


def test_steps_of_one_rebase_are_one_run(repo: Repository) -> None:
    repo.commit("base", {"a.py": BASE})
    repo.git("checkout", "-q", "-b", "side")
    for step in ("one", "two"):
        repo.commit(step, {"a.py": BASE.replace("call", step)})
    repo.git("checkout", "-q", "main")
    repo.commit("ours", {"a.py": OURS})
    repo.git("rebase", "-q", "main", "side")
    journal = reading.read(str(repo.path / ".git"))
    assert len(journal.steps()) == len(journal.last_run()) == 2
    assert len({entry.step.run for entry in journal.entries}) == 1
