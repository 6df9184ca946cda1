"""Switching it on and off, and asking whether it is on."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from repositories import BASE, BY_LINES, OURS, RESOLVED, ROOT, THEIRS, Repository, gitmerge_ai

from gitmerge_ai import driver
from gitmerge_ai.repository.installation import DRIVER, driver_line

ODD_CONFIG = """\
# a comment of mine
[core]
	repositoryformatversion = 0
	filemode = true
	bare = false
[merge]
	conflictStyle = zdiff3 ; the best one
[alias]
	x = "!echo '[merge]'"
[merge "other"]
	driver = false
"""


@pytest.mark.parametrize("before", [None, ODD_CONFIG])
def test_there_and_back_is_byte_for_byte(plain: Repository, before: str | None) -> None:
    config = plain.path / ".git" / "config"
    if before:
        config.write_text(before)
    original = config.read_bytes()
    first = gitmerge_ai("install", cwd=plain.path)
    assert (first.returncode, first.stderr) == (0, b"")
    installed = config.read_bytes()
    again = gitmerge_ai("install", cwd=plain.path)
    assert again.stdout.startswith(b"Already installed")
    assert config.read_bytes() == installed
    lines = installed.splitlines()
    assert [line for line in original.splitlines() if line not in lines] == []
    assert gitmerge_ai("uninstall", cwd=plain.path).returncode == 0
    assert config.read_bytes() == original
    assert gitmerge_ai("uninstall", cwd=plain.path).stdout.startswith(b"It was not installed")
    assert config.read_bytes() == original


def test_what_it_installs_is_used_and_then_not(plain: Repository) -> None:
    plain.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    gitmerge_ai("install", cwd=plain.path)
    plain.git("merge", "-q", "side")
    assert plain.read("a.py") == RESOLVED
    plain.git("reset", "-q", "--hard", "HEAD^")
    gitmerge_ai("uninstall", cwd=plain.path)
    plain.git("merge", "-q", "side", ok=False)


def test_from_a_folder_below_and_a_linked_worktree(plain: Repository, tmp_path: Path) -> None:
    plain.diverge({"d/a.py": BASE}, {"d/a.py": OURS}, {"d/a.py": THEIRS})
    plain.git("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "linked")
    linked = Repository(tmp_path / "linked")
    assert gitmerge_ai("install", cwd=linked.path / "d").returncode == 0
    for repository in (plain, linked):
        repository.git("merge", "-q", "side")
        assert repository.read("d/a.py") == RESOLVED


def test_global(plain: Repository, tmp_path: Path) -> None:
    assert gitmerge_ai("install", "--global", cwd=tmp_path).returncode == 0
    plain.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    plain.git("merge", "-q", "side")
    assert plain.read("a.py") == RESOLVED
    assert b"It is still used here" in gitmerge_ai("uninstall", cwd=plain.path).stdout
    assert gitmerge_ai("uninstall", "--global", cwd=tmp_path).returncode == 0
    assert plain.git("config", "--get-regexp", "^merge", ok=False) == ""


def test_settings_of_the_person_stay(plain: Repository) -> None:
    gitmerge_ai("install", cwd=plain.path)
    plain.git("config", "gitmerge-ai.timeout", "5")
    plain.git("config", "merge.ff", "false")
    gitmerge_ai("uninstall", cwd=plain.path)
    assert plain.git("config", "gitmerge-ai.timeout") == "5\n"
    assert plain.git("config", "merge.ff") == "false\n"


def test_outside_a_repository(tmp_path: Path) -> None:
    done = gitmerge_ai("install", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b"--global" in done.stderr


def test_another_default_driver_is_not_pushed_aside(plain: Repository) -> None:
    plain.git("config", "merge.default", "other")
    config = (plain.path / ".git" / "config").read_bytes()
    done = gitmerge_ai("install", cwd=plain.path)
    assert done.returncode == 2
    assert b"git config --local --unset merge.default" in done.stderr
    assert (plain.path / ".git" / "config").read_bytes() == config
    gitmerge_ai("uninstall", cwd=plain.path)
    assert (plain.path / ".git" / "config").read_bytes() == config


def test_a_configuration_that_cannot_be_written(plain: Repository) -> None:
    (plain.path / ".git" / "config.lock").write_text("")
    done = gitmerge_ai("install", cwd=plain.path)
    assert done.returncode == 2
    assert b"lock" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_the_package_in_an_odd_place(plain: Repository, tmp_path: Path) -> None:
    """Git, the shell and its configuration all read the path."""
    place = tmp_path / 'it\'s 100%A "odd" $HOME;#'
    shutil.copytree(ROOT / "gitmerge_ai", place / "gitmerge_ai")
    script = place / "gitmerge_ai" / "driver.py"
    gitmerge_ai("install", cwd=plain.path)
    plain.git("config", DRIVER, driver_line(sys.executable, str(script)))
    theirs = BASE.replace("return a\n", "return -a\n")
    plain.diverge({"a.py": BASE, "b.py": BASE}, {"a.py": OURS, "b.py": OURS}, {"a.py": theirs})
    done = plain.run("git", "merge", "-q", "side")
    assert (done.returncode, done.stderr) == (0, b"")
    assert plain.read("a.py") == BY_LINES
    shutil.rmtree(place)
    plain.git("reset", "-q", "--hard", "HEAD^")
    done = plain.run("git", "merge", "-q", "side")
    assert b"could not run" in done.stderr
    assert plain.read("a.py") == BY_LINES


def _findings(folder: Path) -> tuple[int, dict[str, dict[str, str]]]:
    done = gitmerge_ai("doctor", "--json", cwd=folder)
    report = json.loads(done.stdout)
    assert report["ok"] is (done.returncode == 0)
    return done.returncode, {each["check"]: each for each in report["findings"]}


def test_doctor_where_it_is_off(plain: Repository) -> None:
    status, found = _findings(plain.path)
    assert status == 1
    assert found["driver"]["state"] == "off"
    assert found["trial merge"]["state"] == "off"


def test_doctor_where_it_is_on(repo: Repository) -> None:
    repo.commit("files", {"a.bin": "x", "b.py": "y", ".gitattributes": "*.bin binary\n"})
    status, found = _findings(repo.path)
    assert status == 0
    assert found["driver"]["state"] == "ok"
    assert found["trial merge"]["state"] == "ok"
    assert "1 of 3 files keep -merge (binary)" in found["attributes"]["text"]
    words = gitmerge_ai("doctor", cwd=repo.path).stdout.decode()
    assert "a conflict that git alone leaves was resolved" in words
    assert repo.status() == ""


def test_doctor_outside_a_repository(tmp_path: Path) -> None:
    gitmerge_ai("install", "--global", cwd=tmp_path)
    status, found = _findings(tmp_path)
    assert status == 0
    assert found["trial merge"]["state"] == "ok"


def test_doctor_names_what_shadows_it(plain: Repository, tmp_path: Path) -> None:
    gitmerge_ai("install", "--global", cwd=tmp_path)
    plain.git("config", "merge.default", "text")
    status, found = _findings(plain.path)
    assert status == 1
    assert "'text', set in .git/config" in found["in the way"]["text"]
    assert found["trial merge"]["state"] == "off"


def test_doctor_sees_that_python_is_gone(repo: Repository) -> None:
    repo.git("config", DRIVER, driver_line("/nonexistent/python", driver.__file__))
    status, found = _findings(repo.path)
    assert status == 1
    assert "another installation" in found["driver"]["text"]
    assert found["trial merge"]["state"] == "broken"
    assert "could not run" in found["trial merge"]["text"]


@pytest.mark.parametrize("place", [".gitattributes", ".git/info/attributes"])
def test_doctor_names_the_file_that_shadows_it(repo: Repository, place: str) -> None:
    repo.commit("files", {"a.py": "a", "b.py": "b"})
    repo.write({place: "# all of them\n* merge=union\n"})
    status, found = _findings(repo.path)
    assert status == 1
    assert found["attributes"]["state"] == "off"
    said = place.removeprefix(".git/")
    assert f"2 of 2 files keep merge=union, as {said}" in found["attributes"]["text"]


def test_doctor_tries_it_as_a_program_with_windows_would(repo: Repository, tmp_path: Path) -> None:
    assert _findings(repo.path)[1]["from a GUI"]["state"] == "ok"
    wrapper = tmp_path / "bin" / "only-on-my-path"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S {driver.__file__} "$@"\n')
    wrapper.chmod(0o755)
    repo.git("config", DRIVER, "only-on-my-path %O %A %B %L %P %S %X %Y")
    environment = {**os.environ, "PATH": f"{wrapper.parent}:{os.environ['PATH']}"}
    done = gitmerge_ai("doctor", "--json", cwd=repo.path, env=environment)
    found = {each["check"]: each for each in json.loads(done.stdout)["findings"]}
    assert (done.returncode, found["trial merge"]["state"]) == (1, "ok")
    assert found["from a GUI"]["state"] == "broken"
