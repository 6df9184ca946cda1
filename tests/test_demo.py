"""The demonstration, run as a newcomer runs it."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gitmerge_ai.demo.cases import CASES, FILES
from gitmerge_ai.demo.story import Outcome

COMMAND = [sys.executable, "-c", "from gitmerge_ai.cli import main; main()", "demo"]


def run(*arguments, cwd, **environment):
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def git(folder, *arguments):
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def files_below(folder):
    return {path: path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """One run, from inside a repository whose hooks export its variables, with odd settings."""
    folder = tmp_path_factory.mktemp("demo")
    home, other = folder / "home", folder / "other"
    home.mkdir()
    (home / ".gitconfig").write_text(
        "[merge]\n\tconflictStyle = zdiff3\n\tdefault = union\n[rerere]\n\tenabled = true\n"
    )
    git(folder, "init", "-q", str(other))
    before = files_below(other), files_below(home)
    hostile = {"HOME": str(home), "GIT_DIR": str(other / ".git"), "GIT_WORK_TREE": str(other)}
    done = run("--json", "--keep", folder / "kept", cwd=other, **hostile)
    after = files_below(other), files_below(home)
    return done, json.loads(done.stdout), folder / "kept", before == after


def test_every_file_comes_out_as_it_should(told):
    done, story, _, _ = told
    assert [f["path"] for f in story["files"] if not f["as_expected"]] == []
    assert story["as_expected"] is True
    assert done.returncode == 0, done.stderr


def test_git_alone_left_a_conflict_in_every_file(told):
    _, story, _, _ = told
    assert len(story["files"]) >= 12
    assert all(f["git_conflicts"] > 0 for f in story["files"])


def test_only_what_is_left_on_purpose_has_a_conflict(told):
    _, story, kept, _ = told
    left = {f["path"] for f in story["files"] if f["left_because"]}
    assert left == {"shop/legacy.py", "shop/tax.py"}
    assert {f["path"] for f in story["files"] if f["conflicts"]} == left
    assert set(git(kept, "diff", "--name-only", "--diff-filter=U").split()) == left
    marked = {case.path for case in CASES if b"\n<<<<<<< HEAD\n" in (kept / case.path).read_bytes()}
    assert marked == left


def test_every_merge_names_its_stage(told):
    _, story, _, _ = told
    assert all(f["stages"] for f in story["files"] if not f["left_because"])


def test_nothing_of_the_user_is_touched(told):
    assert told[3]


def test_the_repository_can_be_worked_on(told, tmp_path):
    _, _, kept, _ = told
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-a", str(kept), str(copy)], check=True)
    for path in ("shop/legacy.py", "shop/tax.py"):
        git(copy, "checkout", "--ours", path)
    git(copy, "commit", "--quiet", "--all", "--no-edit")
    assert len(git(copy, "rev-list", "--parents", "-1", "HEAD").split()) == 3


def test_plain_text_without_a_terminal(tmp_path):
    done = run("--keep", tmp_path / "kept", cwd=tmp_path, COLUMNS="80")
    assert "\x1b" not in done.stdout
    lines = [line for line in done.stdout.splitlines() if str(tmp_path) not in line]
    assert max(map(len, lines)) <= 80
    for case in CASES:
        assert case.path in done.stdout
    assert f"cd {tmp_path / 'kept'}" in done.stdout
    assert done.stdout.index("as git left it") < done.stdout.index("as gitmerge-ai merged it")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    done = run("--keep", tmp_path, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("gitmerge-ai: ")
    assert done.stderr.count("\n") == 1
    assert os.listdir(tmp_path) == ["mine.txt"]


def test_other_outcomes_are_not_as_expected():
    merged, left = CASES[0], next(case for case in CASES if case.left_because)
    marked = b"<<<<<<< HEAD\na\n=======\nb\n>>>>>>> feature\n"
    good = Outcome(merged, marked, merged.version("expected"), False, ("syntax",))
    assert good.as_expected
    assert not replace(good, merged=merged.version("ours")).as_expected
    assert not replace(good, unmerged=True).as_expected
    assert not replace(good, by_git=b"").as_expected
    open_one = Outcome(left, marked, marked, True, ())
    assert open_one.as_expected
    assert not replace(open_one, merged=left.version("ours")).as_expected
    assert not replace(open_one, unmerged=False).as_expected


def test_the_readme_shows_what_really_happens(told):
    _, _, kept, _ = told
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    before, after = [part.partition("```")[0] for part in readme.split("```ts\n")[1:]]
    assert after == (kept / "web/price.ts").read_text()
    sides = [str(FILES / "price" / name) for name in ("ours", "base", "theirs")]
    command = ["git", "merge-file", "-p", "-L", "HEAD", "-L", "base", "-L", "feature", *sides]
    assert before == subprocess.run(command, capture_output=True, text=True).stdout
