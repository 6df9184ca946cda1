"""What a shell is told, and the page that `man` shows."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from repositories import ROOT, gitmerge_ai

from gitmerge_ai.cli import COMMANDS

PAGE = ROOT / "docs" / "man" / "gitmerge-ai.1"


@pytest.fixture(autouse=True)
def _named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell(tmp_path: Path, shell: str) -> None:
    done = gitmerge_ai("completion", shell, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert f"_GITMERGE_AI_COMPLETE={shell}_complete" in done.stdout.decode()
    assert b"gitmerge-ai" in done.stdout
    if shutil.which(shell):
        checked = subprocess.run([shell, "-n"], input=done.stdout, capture_output=True, check=False)
        assert (checked.returncode, checked.stderr) == (0, b"")


def test_an_unknown_shell(tmp_path: Path) -> None:
    assert gitmerge_ai("completion", "csh", cwd=tmp_path).returncode == 2


def program(folder: Path) -> Path:
    """Make a program of the name that is installed."""
    file = folder / "gitmerge-ai"
    file.write_text(f"#!{sys.executable}\nfrom gitmerge_ai.cli import main\nmain()\n")
    file.chmod(0o755)
    return file


def completed(folder: Path, *words: str) -> list[str]:
    """Let bash complete the last of some words, with the script that it is given."""
    program(folder)
    quoted = " ".join(f"'{word}'" for word in words)
    script = f"""
        eval "$(gitmerge-ai completion bash)"
        COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}
        _gitmerge_ai_completion gitmerge-ai
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, check=True
    )
    return done.stdout.decode().split()


def test_bash_completes_commands_and_options(tmp_path: Path) -> None:
    assert completed(tmp_path, "gitmerge-ai", "merge") == ["merge-file", "mergetool"]
    assert "--fail-on" in completed(tmp_path, "gitmerge-ai", "forecast", "--")
    assert completed(tmp_path, "gitmerge-ai", "forecast", "--fail-on", "git") == ["git-conflict"]


def test_the_page_has_every_command() -> None:
    listed = set(re.findall(r"(?m)^\.TP\n\.B (\S+)$", PAGE.read_text()))
    assert set(COMMANDS) <= listed, "docs/man/gitmerge-ai.1 lacks a command"
    assert {name for name in listed if "." not in name} <= set(COMMANDS)


@pytest.mark.skipif(not shutil.which("man"), reason="there is no man")
def test_git_shows_the_page(tmp_path: Path) -> None:
    (tmp_path / "share" / "man").mkdir(parents=True)
    shutil.copytree(PAGE.parent, tmp_path / "share" / "man" / "man1")
    program(tmp_path).rename(tmp_path / "git-gitmerge-ai")
    environment = {
        **os.environ,
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "MANPATH": str(tmp_path / "share" / "man"),
        "MANPAGER": "cat",
        "GIT_PAGER": "cat",
    }
    command = ["git", "gitmerge-ai", "--help"]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert b"forecast" in done.stdout
