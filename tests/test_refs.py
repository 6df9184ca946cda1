"""Refs that move by compare and swap, all or none, whoever else is at it."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from repositories import Repository

from gitmerge_ai.repository import refs as module
from gitmerge_ai.repository.index import RepositoryError
from gitmerge_ai.repository.refs import Move, Refs

A, B = "refs/test/a", "refs/test/b"


@pytest.fixture
def commits(plain: Repository) -> tuple[str, str]:
    return plain.commit("one", {"f": "1\n"}), plain.commit("two", {"f": "2\n"})


def test_all_of_them_move_or_none(plain: Repository, commits: tuple[str, str]) -> None:
    one, two = commits
    refs = Refs(plain.path / ".git")
    assert refs.move([Move(A, None, one), Move(B, None, one)])
    assert not refs.move([Move(A, None, two)])
    assert not refs.move([Move(A, one, two), Move(B, two, one)])
    assert refs.below("refs/test/") == {A: one, B: one}
    assert refs.move([Move(A, one, two), Move(B, one, None)])
    assert (refs.read(A), refs.read(B)) == (two, None)
    assert not refs.move([Move(A, one, one), Move(B, None, one)]), "A is not where it is held"
    assert refs.move([Move(A, two, two), Move(B, None, one)])
    assert plain.git("for-each-ref", "refs/test").count("\n") == 2
    assert not (plain.path / ".git" / "logs" / "refs" / "test").exists()


def test_what_another_git_did_counts(plain: Repository, commits: tuple[str, str]) -> None:
    one, two = commits
    refs = Refs(plain.path / ".git")
    assert refs.move([Move(A, None, one)])
    plain.git("pack-refs", "--all", "--prune")
    plain.git("gc", "-q", "--prune=now")
    assert refs.read(A) == one
    plain.git("update-ref", A, two)
    assert not refs.move([Move(A, one, None)])
    assert refs.move([Move(A, two, one)])


def test_a_name_or_an_object_that_cannot_be(plain: Repository, commits: tuple[str, str]) -> None:
    refs = Refs(plain.path / ".git")
    for name in ("refs/test/a b", "refs/test/x\nupdate refs/heads/main", "refs/test/a.lock"):
        with pytest.raises(RepositoryError, match="cannot be the name"):
            refs.move([Move(name, None, commits[0])])
    with pytest.raises(RepositoryError, match="nonexistent object"):
        refs.move([Move(A, None, "1" * 40)])
    assert refs.move([Move(A, None, commits[0])]), "git is started again after it failed"
    with pytest.raises(RepositoryError, match="cannot create"):
        refs.move([Move(f"{A}/below", None, commits[0])])


def test_a_lock_of_a_dead_process_is_broken(
    plain: Repository, commits: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STALE", 0.1)
    refs = Refs(plain.path / ".git")
    lock = plain.path / ".git" / f"{A}.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    assert refs.move([Move(A, None, commits[0])])
    assert not lock.exists()


def test_a_lock_that_is_in_use_is_waited_for(
    plain: Repository, commits: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.3)
    refs = Refs(plain.path / ".git")
    lock = plain.path / ".git" / f"{A}.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    start = time.monotonic()
    with pytest.raises(RepositoryError, match=r"a\.lock"):
        refs.move([Move(A, None, commits[0])])
    assert time.monotonic() - start > 0.3
    assert lock.exists()


def test_git_being_killed_does_not_matter(plain: Repository, commits: tuple[str, str]) -> None:
    one, two = commits
    refs = Refs(plain.path / ".git")
    assert refs.move([Move(A, None, one)])
    assert refs._git is not None
    os.kill(refs._git._process.pid, signal.SIGKILL)
    refs._git._process.wait()
    assert refs.move([Move(A, one, two)])


def runs(process: int) -> bool:
    """Whether a process is there and not merely waiting to be asked how it ended."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_git_ends_with_the_process_that_started_it(
    plain: Repository, commits: tuple[str, str]
) -> None:
    code = (
        "import os, signal; from gitmerge_ai.repository.refs import Move, Refs;"
        f"refs = Refs('.git'); refs.move([Move({A!r}, None, {commits[0]!r})]);"
        "print(refs._git._process.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    command = ["python", "-c", code]
    environment = {**os.environ, "PYTHONPATH": str(Path(module.__file__).parents[2])}
    done = subprocess.run(
        command, cwd=plain.path, env=environment, capture_output=True, check=False
    )
    end = time.monotonic() + 30
    while runs(int(done.stdout)):
        assert time.monotonic() < end, "git outlived the process"


def test_a_forked_process_has_a_git_of_its_own(plain: Repository, commits: tuple[str, str]) -> None:
    one, two = commits
    refs = Refs(plain.path / ".git")
    assert refs.move([Move(A, None, one)])
    child = os.fork()
    if not child:
        os._exit(0 if refs.move([Move(B, None, two)]) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert refs.move([Move(A, one, two), Move(B, two, one)])


@pytest.mark.parametrize(
    ("said", "passes"),
    [
        ("Unable to create '/r/.git/refs/notes/x.lock': File exists.", True),
        ("Unable to create '/r/.git/refs/notes/x.lock': No space left on device", False),
        ("Unable to create '/r/.git/refs/notes/x.lock': Permission denied", False),
        ("couldn't write '/r/.git/refs/notes/x.lock'", False),
        ("'refs/notes' exists; cannot create 'refs/notes/x.lock'", False),
    ],
)
def test_only_a_lock_that_another_process_holds_is_waited_for(said: str, passes: bool) -> None:
    words = f"fatal: prepare: cannot lock ref 'refs/notes/x': {said}"
    assert module._Said(False, words).locked == passes
