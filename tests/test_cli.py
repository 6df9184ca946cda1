"""The command line as a whole: its list, its errors, and how fast it is there."""

import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from repositories import ROOT, gitmerge_ai

from gitmerge_ai import __version__
from gitmerge_ai.cli import COMMANDS
from gitmerge_ai.commands.evolve import COMMANDS as EVOLVE

PRESENT = [name for name in COMMANDS if find_spec(f"gitmerge_ai.commands.{name.replace('-', '_')}")]


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_help_lists_every_command(tmp_path: Path, arguments: list[str]) -> None:
    done = gitmerge_ai(*arguments, cwd=tmp_path)
    assert done.returncode == 0
    listed = done.stdout.decode().split("Commands:")[1]
    assert all(f"  {name} " in listed for name in COMMANDS)


def test_a_group_lists_its_own_commands(tmp_path: Path) -> None:
    for arguments in (["evolve"], ["evolve", "--help"]):
        listed = gitmerge_ai(*arguments, cwd=tmp_path).stdout.decode().split("Commands:")[1]
        assert all(f"  {name} " in listed for name in EVOLVE)
        assert "merge-file" not in listed


def test_version(tmp_path: Path) -> None:
    assert gitmerge_ai("--version", cwd=tmp_path).stdout == f"gitmerge-ai {__version__}\n".encode()


@pytest.mark.parametrize("name", PRESENT)
def test_every_command_loads_and_helps(tmp_path: Path, name: str) -> None:
    done = gitmerge_ai(name, "--help", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("arguments", [["nonsense"], ["--nonsense"], ["merge-file", "--nonsense"]])
def test_a_wrong_call_is_one_line_and_two(tmp_path: Path, arguments: list[str]) -> None:
    done = gitmerge_ai(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.startswith(b"gitmerge-ai: ")
    assert done.stderr.count(b"\n") == 1


def test_a_command_that_cannot_be_loaded_spares_the_others(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['gitmerge_ai.commands.doctor'] = None;"
        "from gitmerge_ai.cli import main; main()"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    broken = subprocess.run(
        [*command, "doctor"], env=environment, cwd=tmp_path, capture_output=True, check=False
    )
    assert broken.returncode == 2
    assert broken.stderr.startswith(b"gitmerge-ai: doctor cannot be loaded")
    for arguments in (["--help"], ["install", "--help"]):
        subprocess.run([*command, *arguments], env=environment, cwd=tmp_path, check=True)


def test_no_command_is_imported_before_it_is_called(tmp_path: Path) -> None:
    code = (
        "import sys; from gitmerge_ai import cli;"
        "print(*sorted(name for name in sys.modules if name.startswith('gitmerge_ai.')"
        " or name in ('rich', 'pygit2', 'git', 'tree_sitter')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    group = [b"gitmerge_ai.commands", b"gitmerge_ai.commands.lazy_group"]
    assert done.stdout.split() == [b"gitmerge_ai.cli", *group]


def test_interrupted(tmp_path: Path) -> None:
    """Ctrl-C while it reads: no traceback, and the exit status that shells expect."""
    os.mkfifo(tmp_path / "pipe")
    start = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from gitmerge_ai.cli import main; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", start, "merge-file", "pipe", "pipe", "pipe"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
    )
    with open(tmp_path / "pipe", "wb"):
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 130
    assert b"Traceback" not in said


def test_a_reader_that_goes_away(tmp_path: Path) -> None:
    start = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from gitmerge_ai.cli import main; main()"
    )
    for name in ("base", "ours", "theirs"):
        (tmp_path / name).write_text(f"{name}\n" * 100_000)
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-c", start, "merge-file", "base", "ours", "theirs"],
        cwd=tmp_path,
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
