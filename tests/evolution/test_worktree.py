"""Worktrees of evaluation: they hold the tree that was asked for, whatever happened in between."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repositories import ROOT, Repository

from gitmerge_ai.evolution.evaluation.worktree import PREFIX, Worktree, remove_stale

FILES = {
    "a.py": "A = 1\n",
    "src/deep/b.py": "B = 1\n",
    "run.sh": "#!/bin/sh\n",
    "c": "C",
    "d": "A = 1\n",
}


@pytest.fixture(autouse=True)
def _own_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))


@pytest.fixture
def repository(plain: Repository) -> Repository:
    plain.write(FILES)
    (plain.path / "run.sh").chmod(0o755)
    (plain.path / "link").symlink_to("src/deep")
    plain.commit("base", {})
    return plain


@pytest.fixture
def worktree(repository: Repository) -> Iterator[Worktree]:
    made = Worktree(repository.path, tree_of(repository, "HEAD^{commit}"), "run")
    yield made
    made.close()
    assert not made.place.root.exists()


def tree_of(repository: Repository, name: str = "HEAD^{tree}") -> str:
    return repository.git("rev-parse", name).strip()


def there(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Give the files of a folder: content and mode, for a link where it leads."""
    found = {}
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = os.fsencode(os.readlink(path)), 0
        elif path.is_file() and name.split("/")[0] != ".git":
            found[name] = path.read_bytes(), path.stat().st_mode & 0o111
    return found


def test_holds_a_tree(worktree: Worktree, repository: Repository) -> None:
    worktree.bring(tree_of(repository))
    assert there(worktree.place.tree) == there(repository.path)
    assert Repository(worktree.place.tree).status() == ""
    assert Repository(worktree.place.tree).git("rev-parse", "HEAD") == repository.git(
        "rev-parse", "HEAD"
    )


def test_goes_from_tree_to_tree(worktree: Worktree, repository: Repository) -> None:
    first = tree_of(repository)
    repository.git("rm", "-q", "c", "link", "src/deep/b.py")
    repository.commit(
        "next", {"c/now/folder": "x", "link": "a file", "src/new.py": "", "a.py": "2"}
    )
    second = tree_of(repository)
    for tree, name in ((first, "HEAD~"), (second, "HEAD"), (first, "HEAD~"), (second, "HEAD")):
        worktree.bring(tree)
        repository.git("checkout", "-q", name)
        assert there(worktree.place.tree) == there(repository.path)
        repository.git("checkout", "-q", "main")


def test_writes_only_what_differs(worktree: Worktree, repository: Repository) -> None:
    worktree.bring(tree_of(repository))
    before = (worktree.place.tree / "c").stat()
    repository.commit("next", {"a.py": "A = 2\n"})
    worktree.bring(tree_of(repository))
    assert (worktree.place.tree / "a.py").read_text() == "A = 2\n"
    assert (worktree.place.tree / "c").stat() == before


DAMAGE = {
    "changed": "echo x >> run.sh",
    "forged": "touch -r d stamp; printf 'A = 2\\n' > d; touch -r stamp d",
    "removed": "rm -r src a.py",
    "mode": "chmod -x run.sh; chmod 000 src; chmod 777 c",
    "untracked": "mkdir -p x/y; touch x/y/z; ln -s /etc x/etc",
    "link to outside": 'rm -r src; ln -s "$OUTSIDE" src; rm a.py; ln -s "$OUTSIDE/kept" a.py',
    "hard link": 'rm a.py; ln "$OUTSIDE/kept" a.py',
    "folder for a file": "rm a.py; mkdir -p a.py/x; rm link; mkdir link; touch link/x",
    "file for a folder": "rm -r src; touch src",
    "git": "rm .git; mkdir .git; touch .git/index",
    "index": 'rm "$GIT/index"; mkdir "$GIT/index"; git config core.fsmonitor false',
    "private": 'cd "$PRIVATE"; mkdir -p x/y; chmod 000 x; touch z',
    "pipe": "mkfifo pipe; rm c; mkfifo c",
}


@given(st.lists(st.sampled_from(sorted(DAMAGE)), min_size=1, max_size=3, unique=True))
@settings(max_examples=15, deadline=None)
def test_puts_back_whatever_was_done(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("damage")
    repository = Repository.init(folder / "user")
    repository.write(FILES)
    (repository.path / "run.sh").chmod(0o755)
    (repository.path / "link").symlink_to("src/deep")
    commit = repository.commit("base", {})
    outside = folder / "outside"
    (outside / "deep").mkdir(parents=True)
    (outside / "kept").write_text("kept")
    worktree = Worktree(repository.path, commit, "run")
    try:
        worktree.bring(tree_of(repository))
        place = worktree.place
        paths = {"OUTSIDE": outside, "GIT": place.git, "PRIVATE": place.home}
        environment = {**os.environ, **{name: str(path) for name, path in paths.items()}}
        for kind in kinds:
            subprocess.run(["sh", "-c", DAMAGE[kind]], cwd=place.tree, env=environment, check=False,
                           capture_output=True)  # fmt: skip
        worktree.bring(tree_of(repository))
        assert there(place.tree) == there(repository.path)
        assert not list(place.home.iterdir())
        assert (place.tree / ".git").is_file()
        assert sorted(path.name for path in outside.iterdir()) == ["deep", "kept"]
        assert (outside / "kept").read_text() == "kept"
        assert not list((outside / "deep").iterdir())
    finally:
        worktree.close()
    assert not place.root.exists()


def test_restores_tracked_files_between_commands(
    worktree: Worktree, repository: Repository
) -> None:
    worktree.bring(tree_of(repository))
    (worktree.place.tree / "a.py").write_text("bribed")
    (worktree.place.tree / "built").write_text("")
    worktree.restore(untracked=False)
    assert (worktree.place.tree / "a.py").read_text() == "A = 1\n"
    assert (worktree.place.tree / "built").exists()


def test_line_endings_as_attributes_say(plain: Repository) -> None:
    commit = plain.commit(
        "base", {".gitattributes": "*.txt eol=crlf\n", "a.txt": "x\n", "b": "x\n"}
    )
    worktree = Worktree(plain.path, commit, "run")
    worktree.bring(tree_of(plain))
    assert (worktree.place.tree / "a.txt").read_bytes() == b"x\r\n"
    assert (worktree.place.tree / "b").read_bytes() == b"x\n"
    plain.commit("next", {".gitattributes": "", "b": "y\n"})
    worktree.bring(tree_of(plain))
    assert (worktree.place.tree / "a.txt").read_bytes() == b"x\n"
    worktree.close()


def test_leaves_no_trace_in_the_repository(repository: Repository) -> None:
    before = snapshot(repository)
    worktree = Worktree(repository.path, tree_of(repository, "HEAD"), "run")
    worktree.bring(tree_of(repository))
    assert snapshot(repository) == before
    worktree.close()
    assert snapshot(repository) == before


def snapshot(repository: Repository) -> dict[str, bytes]:
    return {str(f): f.read_bytes() for f in repository.path.rglob("*") if f.is_file()}


def test_a_killed_worker_s_is_removed_later(repository: Repository, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import os; from pathlib import Path\n"
        "from gitmerge_ai.evolution.evaluation.worktree import Worktree\n"
        f"Worktree(Path({str(repository.path)!r}), 'x', 'killed')\n"
        f"os.kill(os.getpid(), {int(signal.SIGKILL)})\n"
    )
    temporary = tmp_path / "tmp"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)}
    subprocess.run([sys.executable, script], env=environment, check=False)
    [left] = temporary.glob(f"{PREFIX}killed-*")
    mine = Worktree(repository.path, tree_of(repository, "HEAD"), "killed")
    assert remove_stale() == [left]
    assert not left.exists()
    assert mine.place.root.exists()
    mine.close()
