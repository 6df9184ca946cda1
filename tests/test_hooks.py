"""Hooks that are installed: what they stop, what they leave alone, and how they go away again."""

import os
from pathlib import Path

import pytest
from repositories import ROOT, Repository, gitmerge_ai

CONFLICT = "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> side\n"
NAMES = sorted(file.name for file in (ROOT / "hooks").iterdir() if not file.suffix)


def install(repo: Repository, *more: str) -> tuple[int, str]:
    done = gitmerge_ai("install", "--no-driver", "--hooks", *more, cwd=repo.path)
    return done.returncode, os.fsdecode(done.stdout + done.stderr)


def there(repo: Repository) -> dict[str, bytes]:
    folder = repo.path / ".git" / "hooks"
    return {f.name: f.read_bytes() for f in folder.glob("*") if f.suffix != ".sample"}


def hook(repo: Repository, name: str, text: str) -> Path:
    file = repo.path / ".git" / "hooks" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


def test_there_and_back(plain: Repository) -> None:
    hook(plain, "pre-commit", "echo mine")
    before = there(plain)
    status, said = install(plain)
    assert status == 0
    assert "pre-commit.before-gitmerge-ai" not in said
    assert sorted(there(plain)) == sorted([*NAMES, "pre-commit.before-gitmerge-ai"])
    installed = there(plain)
    assert "all there already" in install(plain)[1]
    assert there(plain) == installed
    assert gitmerge_ai("uninstall", cwd=plain.path).returncode == 0
    assert there(plain) == before
    assert os.access(plain.path / ".git" / "hooks" / "pre-commit", os.X_OK)


def test_a_commit_with_a_conflict_in_it_is_stopped(plain: Repository) -> None:
    install(plain)
    plain.write({"a.py": CONFLICT})
    plain.git("add", "-A")
    done = plain.run("git", "commit", "-q", "-m", "x")
    assert done.returncode == 1
    assert b"a.py:1: a conflict is left" in done.stdout + done.stderr
    plain.git("commit", "-q", "-m", "x", "--no-verify")


def test_a_commit_with_nothing_wrong_is_silent(plain: Repository) -> None:
    install(plain)
    plain.write({"a.py": "a = 1\n"})
    plain.git("add", "-A")
    done = plain.run("git", "commit", "-q", "-m", "x")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_hook_that_was_there_runs_first_and_can_stop(plain: Repository) -> None:
    hook(plain, "pre-commit", 'echo "mine ran: $#" >&2; exit 7')
    install(plain)
    plain.write({"a.py": CONFLICT})
    plain.git("add", "-A")
    done = plain.run("git", "commit", "-q", "-m", "x")
    assert done.returncode == 1
    assert done.stderr == b"mine ran: 0\n"


def test_a_hook_that_was_switched_off_stays_off(plain: Repository) -> None:
    hook(plain, "pre-commit", "exit 1").chmod(0o644)
    install(plain)
    plain.commit("x", {"a.py": "a = 1\n"})


def test_an_interpreter_that_is_gone_stops_nothing(plain: Repository) -> None:
    install(plain)
    file = plain.path / ".git" / "hooks" / "pre-commit"
    text = file.read_text()
    python = next(line for line in text.splitlines() if line.startswith("python="))
    file.write_text(text.replace(python, "python=/nonexistent/python"))
    plain.commit("x", {"a.py": CONFLICT})
    assert install(plain)[0] == 0
    assert file.read_text() == text


def test_a_merge_is_looked_at_too(plain: Repository) -> None:
    """Git merges both functions in, which is no conflict to it."""
    body = "".join(f"x{n} = {n}\n" for n in range(9))
    added = "def f(a):\n    b = a\n    return b\n\n\n"
    plain.diverge({"a.py": body}, {"a.py": added + body}, {"a.py": body + "\n\n" + added})
    install(plain)
    done = plain.run("git", "merge", "-q", "--no-edit", "side")
    assert done.returncode != 0
    assert b"function f stands twice" in done.stdout + done.stderr


def test_after_a_commit_it_tells_of_branches_that_were_named(plain: Repository) -> None:
    plain.diverge({"a.py": "a = 1\n"}, {"a.py": "a = 2\n"}, {"a.py": "a = 3\n"})
    install(plain)
    plain.write({"b.py": "b = 1\n"})
    plain.git("add", "-A")
    assert plain.run("git", "commit", "-q", "-m", "x").stdout == b""
    plain.git("config", "gitmerge-ai.forecast", "side")
    done = plain.run("git", "commit", "-q", "--allow-empty", "-m", "y")
    assert b"side: 1 file would conflict" in done.stdout + done.stderr


def test_a_hook_put_over_ours_is_not_lost(plain: Repository) -> None:
    hook(plain, "pre-commit", "echo first")
    install(plain)
    hook(plain, "pre-commit", "echo second")
    before = there(plain)
    status, said = install(plain)
    assert status == 2
    assert "another tool has replaced the hook pre-commit" in said
    assert there(plain) == before
    done = gitmerge_ai("uninstall", cwd=plain.path)
    assert b"the one from before it is still there" in done.stdout
    left = there(plain)
    assert sorted(left) == ["pre-commit", "pre-commit.before-gitmerge-ai"]
    assert b"second" in left["pre-commit"]


MANAGED = [
    (".pre-commit-config.yaml", "the pre-commit framework", "id: gitmerge-ai-check"),
    ("lefthook.yml", "lefthook", "run: gitmerge-ai check"),
    (".overcommit.yml", "overcommit", "gitmerge-ai"),
]


MESSAGES = ("gitmerge-ai-hook prepare-commit-msg", "gitmerge-ai-hook commit-msg")


@pytest.mark.parametrize(("file", "name", "add"), MANAGED)
def test_a_manager_is_told_of_and_left_alone(
    plain: Repository, file: str, name: str, add: str
) -> None:
    plain.write({file: "# nothing yet\n"})
    status, said = install(plain)
    assert status == 1
    assert f"{name} decides here. Add to {file}" in said
    assert add in said
    assert all(line in said for line in MESSAGES) == (name != "overcommit")
    assert there(plain) == {}
    assert plain.read(file) == "# nothing yet\n"


def test_husky(plain: Repository) -> None:
    plain.git("config", "core.hooksPath", ".husky/_")
    plain.write({".husky/pre-commit": "npm test\n", ".husky/_/pre-commit": "#!/bin/sh\n"})
    status, said = install(plain)
    assert status == 1
    assert "husky decides here" in said
    assert all(line in said for line in MESSAGES)
    assert sorted(f.name for f in (plain.path / ".husky").iterdir()) == ["_", "pre-commit"]
    doctor = gitmerge_ai("doctor", cwd=plain.path).stdout
    assert b"husky decides here and does not run it" in doctor
    plain.write({".husky/pre-commit": "npm test\ngitmerge-ai check\n"})
    assert b"husky runs gitmerge-ai" in gitmerge_ai("doctor", cwd=plain.path).stdout


def test_hooks_of_the_pre_commit_framework_without_its_file(plain: Repository) -> None:
    hook(plain, "pre-commit", "# File generated by pre-commit: https://pre-commit.com")
    before = there(plain)
    assert install(plain)[0] == 1
    assert there(plain) == before


def test_a_folder_of_hooks_that_others_share(plain: Repository, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    plain.git("config", "--global", "core.hooksPath", str(tmp_path / "shared"))
    status, said = install(plain)
    assert status == 1
    assert "core.hooksPath" in said
    assert list((tmp_path / "shared").iterdir()) == []


def test_hooks_belong_to_a_repository(tmp_path: Path) -> None:
    done = gitmerge_ai("install", "--global", "--hooks", cwd=tmp_path)
    assert done.returncode == 2
    assert b"hooks belong to a repository" in done.stderr


def test_from_a_linked_worktree_and_a_folder_below(plain: Repository, tmp_path: Path) -> None:
    plain.commit("x", {"d/a.py": "a = 1\n"})
    plain.git("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "linked")
    linked = Repository(tmp_path / "linked")
    done = gitmerge_ai("install", "--hooks", cwd=linked.path / "d")
    assert done.returncode == 0
    for repository in (plain, linked):
        repository.write({"b.py": CONFLICT})
        repository.git("add", "-A")
        assert repository.run("git", "commit", "-q", "-m", "x").returncode == 1


def test_doctor_tells_of_hooks(plain: Repository) -> None:
    assert b"hooks: not installed" in gitmerge_ai("doctor", cwd=plain.path).stdout
    install(plain)
    assert (
        b"ok  hooks: commit-msg, post-commit, pre-commit"
        in gitmerge_ai("doctor", cwd=plain.path).stdout
    )


def test_every_hook_is_a_shell_script_that_can_run() -> None:
    for name in NAMES:
        file = ROOT / "hooks" / name
        assert os.access(file, os.X_OK)
        assert file.read_text().startswith("#!/bin/sh\n# gitmerge-ai: ")
