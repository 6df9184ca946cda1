"""The script that CI runs, on a pull request between a real remote and its clone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from repositories import BASE, CLASHING, OURS, RESOLVED, ROOT, THEIRS, Repository

SCRIPT = ROOT / "examples" / "merge-base.sh"


@pytest.fixture
def clone(plain: Repository, tmp_path: Path) -> Repository:
    """Be on `side` in a clone of a repository whose `main` has moved on."""
    plain.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    plain.git("clone", "-q", "--bare", ".", str(tmp_path / "remote"))
    plain.git("clone", "-q", "-b", "side", str(tmp_path / "remote"), str(tmp_path / "clone"))
    return Repository(tmp_path / "clone")


def merge_base(
    repo: Repository, *arguments: str, **variables: str
) -> "subprocess.CompletedProcess[bytes]":
    program = repo.path.parent / "bin" / "gitmerge-ai"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!{sys.executable}\nfrom gitmerge_ai.cli import main\nmain()\n")
    program.chmod(0o755)
    path = f"{program.parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), **variables}
    return repo.run("sh", str(SCRIPT), *arguments, env=environment)


def test_a_merge_that_git_alone_would_not_make(clone: Repository) -> None:
    done = merge_base(clone, "main")
    assert done.returncode == 0, done.stderr
    assert clone.read("a.py") == RESOLVED
    assert clone.git("rev-list", "--count", "origin/side..HEAD") == "2\n"


def test_it_is_pushed_when_it_is_asked_to(clone: Repository) -> None:
    assert merge_base(clone, "main", "push", BRANCH="side").returncode == 0
    assert (
        clone.git("ls-remote", "origin", "side").split()[0] == clone.git("rev-parse", "HEAD")[:-1]
    )
    again = merge_base(clone, "main", "push", BRANCH="side")
    assert (again.returncode, again.stdout) == (0, b"main is merged already\n")


def test_conflicts_are_listed_and_taken_back(clone: Repository) -> None:
    clone.commit("clash", {"a.py": CLASHING})
    head = clone.git("rev-parse", "HEAD")
    done = merge_base(clone, "main", "push", BRANCH="side")
    assert done.returncode == 1
    assert b"conflict: a.py" in done.stdout
    assert (clone.git("rev-parse", "HEAD"), clone.status()) == (head, "")


def test_a_branch_that_does_not_exist(clone: Repository) -> None:
    done = merge_base(clone, "nothing")
    assert done.returncode == 2
    assert b"cannot fetch nothing" in done.stderr
