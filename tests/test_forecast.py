"""What would conflict if this branch were merged with others, told without merging it."""

import json
from pathlib import Path

import pytest
from repositories import BASE, CLASHING, OURS, THEIRS, THEIRS_ELSEWHERE, Repository, gitmerge_ai


@pytest.fixture
def branches(plain: Repository) -> Repository:
    """Be on `main`, beside branches that merge cleanly, with the driver only, and not at all."""
    files = {"a.py": BASE, "b.py": BASE, "d.py": BASE}
    plain.commit("base", files)
    for name, changed in (
        ("by-lines", {"a.py": THEIRS_ELSEWHERE}),
        ("by-driver", {"a.py": THEIRS}),
        ("clashing", {"a.py": THEIRS, "b.py": CLASHING}),
    ):
        plain.git("checkout", "-q", "-b", name, "main")
        plain.commit(name, changed)
    plain.git("checkout", "-q", "-b", "deleting", "main")
    plain.git("rm", "-q", "d.py")
    plain.git("commit", "-q", "-m", "deleting")
    plain.git("checkout", "-q", "main")
    plain.commit("ours", {"a.py": OURS, "b.py": OURS, "d.py": OURS})
    return plain


def forecast(repo: Repository, *arguments: str) -> tuple[int, dict[str, dict[str, object]]]:
    done = gitmerge_ai("forecast", "--json", *arguments, cwd=repo.path)
    assert done.stderr == b""
    return done.returncode, {each["branch"]: each for each in json.loads(done.stdout)}


def test_every_branch_that_is_not_merged(branches: Repository) -> None:
    branches.git("branch", "merged", "HEAD^")
    status, found = forecast(branches)
    assert status == 0
    assert set(found) == {"by-lines", "by-driver", "clashing", "deleting"}
    conflicts = {name: one["conflicts"] for name, one in found.items()}
    assert conflicts == {
        "by-lines": [],
        "by-driver": [],
        "clashing": [{"path": "b.py", "kinds": ["content"]}],
        "deleting": [{"path": "d.py", "kinds": ["modify/delete"]}],
    }
    resolved = {name: one["resolved"] for name, one in found.items()}
    assert resolved == {
        "by-lines": [],
        "by-driver": ["a.py"],
        "clashing": ["a.py"],
        "deleting": [],
    }


def test_it_says_what_a_merge_then_does(branches: Repository) -> None:
    branches.with_driver()
    _, found = forecast(branches, "clashing")
    branches.git("merge", "-q", "clashing", ok=False)
    unmerged = branches.git("diff", "--name-only", "--diff-filter=U").split()
    assert [one["path"] for one in found["clashing"]["conflicts"]] == unmerged


def test_nothing_is_touched(branches: Repository) -> None:
    branches.write({"a.py": "not committed\n"})
    files = {f: f.read_bytes() for f in branches.path.rglob("*") if f.is_file()}
    forecast(branches)
    assert {f: f.read_bytes() for f in branches.path.rglob("*") if f.is_file()} == files


def test_attributes_of_the_repository_count(branches: Repository) -> None:
    branches.commit("attributes", {".gitattributes": "b.py merge=union\na.py -merge\n"})
    _, found = forecast(branches, "clashing", "by-lines")
    assert [one["path"] for one in found["clashing"]["conflicts"]] == ["a.py"]
    assert [one["path"] for one in found["by-lines"]["conflicts"]] == ["a.py"]


@pytest.mark.parametrize(
    ("branch", "what", "status"),
    [
        ("by-lines", "conflict", 0),
        ("by-lines", "git-conflict", 0),
        ("by-driver", "conflict", 0),
        ("by-driver", "git-conflict", 1),
        ("clashing", "conflict", 1),
    ],
)
def test_fail_on(branches: Repository, branch: str, what: str, status: int) -> None:
    assert forecast(branches, branch, "--fail-on", what)[0] == status


def test_in_words(branches: Repository) -> None:
    done = gitmerge_ai("forecast", "by-lines", "clashing", cwd=branches.path)
    assert done.stdout.decode().splitlines() == [
        "by-lines: merges cleanly",
        "clashing: 1 file would conflict, 1 resolved by gitmerge-ai",
        "    conflict  b.py (content)",
        "    resolved  a.py",
    ]
    done = gitmerge_ai("forecast", "--quiet", "by-lines", "by-driver", cwd=branches.path)
    assert (done.returncode, done.stdout) == (0, b"")


def test_in_a_bare_repository(branches: Repository, tmp_path: Path) -> None:
    branches.git("clone", "-q", "--bare", ".", str(tmp_path / "bare"))
    _, found = forecast(Repository(tmp_path / "bare"), "clashing")
    assert [one["path"] for one in found["clashing"]["conflicts"]] == ["b.py"]


def test_a_branch_that_does_not_exist(plain: Repository, tmp_path: Path) -> None:
    plain.commit("base", {"a.py": BASE})
    for folder, name in ((plain.path, "nothing"), (plain.path, "--all"), (tmp_path, "main")):
        done = gitmerge_ai("forecast", "--", name, cwd=folder)
        assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)


def test_no_other_branch(plain: Repository) -> None:
    plain.commit("base", {"a.py": BASE})
    done = gitmerge_ai("forecast", cwd=plain.path)
    assert (done.returncode, done.stdout) == (0, b"no other branch to merge with\n")
