"""The driver as git calls it: the line in the configuration, run by a shell."""

import os
import shlex
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from repositories import BASE, BY_LINES, CLASHING, OURS, RESOLVED, THEIRS, THEIRS_ELSEWHERE

import gitmerge_ai.driver
from gitmerge_ai.commands.driving import labels_of
from gitmerge_ai.repository.installation import driver_line

SCRIPT = os.path.abspath(gitmerge_ai.driver.__file__)
GIT_S_OWN = "<<<<<<< ours\n    return call(a, 2)\n=======\n    return other(a, 1)\n>>>>>>> theirs\n"


class Call:
    """Three files in a folder, and the shell line that merges them."""

    def __init__(self, folder: Path, theirs: str | bytes, python: str = sys.executable) -> None:
        self.folder = folder
        self.line = driver_line(python, SCRIPT)
        for name, content in (("O", BASE), ("A", OURS), ("B", theirs)):
            data = content if isinstance(content, bytes) else content.encode()
            (folder / f".merge_file_{name}").write_bytes(data)
        (folder / ".merge_file_A").chmod(0o640)

    def command(self, size: str = "7", path: str = "a.py", labels: str = "%S %X %Y") -> str:
        """Put in what git puts in."""
        values = {"%O": ".merge_file_O", "%A": ".merge_file_A", "%B": ".merge_file_B"}
        values |= {"%L": size, "%P": shlex.quote(path), "%S %X %Y": labels, "%%": "%"}
        line = self.line
        for placeholder, value in values.items():
            line = line.replace(placeholder, value)
        return line

    def start(self, **options: object) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
            ["sh", "-c", self.command(**options.pop("values", {}))],  # type: ignore[arg-type]
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **options,
        )

    def run(self, **options: object) -> tuple[int, str]:
        """Give the exit status and what was said; nothing may go to standard output."""
        process = self.start(**options)
        printed, said = process.communicate()
        assert printed == b""
        return process.returncode, said.decode()

    @property
    def result(self) -> str:
        return (self.folder / ".merge_file_A").read_text()

    def files(self) -> set[str]:
        return {path.name.removeprefix(".merge_file_") for path in self.folder.iterdir()}


def test_clean_by_lines(tmp_path: Path) -> None:
    call = Call(tmp_path, THEIRS_ELSEWHERE)
    assert call.run() == (0, "")
    assert call.result == BY_LINES
    assert call.files() == {"O", "A", "B"}


def test_clean_by_the_engine(tmp_path: Path) -> None:
    call = Call(tmp_path, THEIRS)
    assert call.run() == (0, "")
    assert call.result == RESOLVED
    assert call.files() == {"O", "A", "B"}


def test_conflicts_left(tmp_path: Path) -> None:
    call = Call(tmp_path, CLASHING)
    assert call.run() == (1, "")
    assert "<<<<<<< ours\n" in call.result


def test_the_mode_stays(tmp_path: Path) -> None:
    call = Call(tmp_path, THEIRS)
    call.run()
    assert stat.S_IMODE((tmp_path / ".merge_file_A").stat().st_mode) == 0o640


def test_labels_and_marker_size_of_git(tmp_path: Path) -> None:
    call = Call(tmp_path, CLASHING)
    labels = "'abc' 'HEAD' 'feature (it'\\''s new)'"
    assert call.run(values={"size": "9", "labels": labels})[0] == 1
    assert "<<<<<<<<< HEAD\n" in call.result
    assert ">>>>>>>>> feature (it's new)\n" in call.result


@pytest.mark.parametrize("labels", ["%S %X %Y", "'' '' ''", ""])
def test_labels_that_git_does_not_give(tmp_path: Path, labels: str) -> None:
    call = Call(tmp_path, CLASHING)
    assert call.run(values={"labels": labels})[0] == 1
    assert "<<<<<<< ours\n" in call.result
    assert ">>>>>>> theirs\n" in call.result


def test_labels_of_which_git_gives_some() -> None:
    assert labels_of(["%S", "%X", "%Y"]) == ("base", "ours", "theirs")
    assert labels_of(["b", "", "t"]) == ("b", "ours", "t")


@pytest.mark.parametrize("size", ["%L", "", "x", "0", "-1"])
def test_a_marker_size_that_makes_no_sense(tmp_path: Path, size: str) -> None:
    call = Call(tmp_path, CLASHING)
    assert call.run(values={"size": shlex.quote(size)})[0] == 1
    assert "<<<<<<< ours\n" in call.result


def test_binary_keeps_ours(tmp_path: Path) -> None:
    call = Call(tmp_path, b"\0\1\2")
    status, said = call.run()
    assert status == 1
    assert "Cannot merge binary files: a.py" in said
    assert call.result == OURS


def test_a_large_file_is_left_to_git(tmp_path: Path) -> None:
    filler = "#" * 1_100_000 + "\n"
    call = Call(tmp_path, THEIRS + filler)
    for name, text in (("O", BASE), ("A", OURS)):
        (tmp_path / f".merge_file_{name}").write_text(text + filler)
    status, said = call.run()
    assert status == 1
    assert "larger than 1 MB" in said
    assert GIT_S_OWN in call.result


@pytest.mark.parametrize("body", [None, "exit 1", "exit 2", "exit 127", "kill -9 $$"])
@pytest.mark.parametrize(("theirs", "status"), [(THEIRS_ELSEWHERE, 0), (THEIRS, 1)])
def test_python_that_is_gone_or_broken(
    tmp_path: Path, body: str | None, theirs: str, status: int
) -> None:
    python = tmp_path / "python"
    if body:
        python.write_text(f"#!/bin/sh\n{body}\n")
        python.chmod(0o755)
    folder = tmp_path / "work"
    folder.mkdir()
    call = Call(folder, theirs, str(python))
    returned, said = call.run()
    assert returned == status
    assert "gitmerge-ai doctor" in said
    assert call.result == BY_LINES if status == 0 else GIT_S_OWN in call.result
    assert call.files() == {"O", "A", "B"}


def test_python_that_is_gone_and_a_binary_file(tmp_path: Path) -> None:
    call = Call(tmp_path, b"\0", "/nonexistent/python")
    assert call.run()[0] == 1
    assert call.result == OURS


def test_package_that_is_gone(tmp_path: Path) -> None:
    call = Call(tmp_path, THEIRS)
    call.line = driver_line(sys.executable, str(tmp_path / "driver.py"))
    assert call.run()[0] == 1
    assert GIT_S_OWN in call.result


def test_package_that_is_damaged(tmp_path: Path) -> None:
    script = tmp_path / "driver.py"
    script.write_text(Path(SCRIPT).read_text()[:-200] + "\ndef broken(:\n")
    folder = tmp_path / "work"
    folder.mkdir()
    call = Call(folder, THEIRS)
    call.line = driver_line(sys.executable, str(script))
    assert call.run()[0] == 1
    assert GIT_S_OWN in call.result


def test_engine_that_is_gone(tmp_path: Path) -> None:
    """Without site-packages there are no grammars: git's result, and a line that says so."""
    package = tmp_path / "elsewhere" / "gitmerge_ai"
    package.parent.mkdir()
    package.symlink_to(Path(SCRIPT).parent)
    broken = tmp_path / "python"
    broken.write_text(f'#!/bin/sh\nshift 2\nexec {sys.executable} -I -S -c "{_WITHOUT_SITE}" "$@"')
    broken.chmod(0o755)
    folder = tmp_path / "work"
    folder.mkdir()
    call = Call(folder, THEIRS)
    call.line = driver_line(str(broken), str(package / "driver.py"))
    status, said = call.run()
    assert status == 1
    assert "left as git has it: ModuleNotFoundError" in said
    assert GIT_S_OWN in call.result


_WITHOUT_SITE = (
    "import site, sys, runpy; site.main = lambda: None; sys.argv = sys.argv[1:];"
    "runpy.run_path(sys.argv[0], run_name='__main__')"
)


def test_odd_places_for_python(tmp_path: Path) -> None:
    python = tmp_path / "it's 100%A" / "python $x"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    folder = tmp_path / "work"
    folder.mkdir()
    call = Call(folder, THEIRS_ELSEWHERE, str(python))
    call.line = call.line.replace("%%A", "\0")
    command = call.command().replace("\0", "%A")
    assert subprocess.run(["sh", "-c", command], cwd=folder, check=False).returncode == 0
    assert call.result == BY_LINES


@pytest.mark.parametrize("moment", [0, 0.005, 0.02, 0.05, 0.1, 0.2])
@pytest.mark.parametrize("theirs", [THEIRS_ELSEWHERE, THEIRS])
def test_killed_at_any_moment(tmp_path: Path, moment: float, theirs: str) -> None:
    """All its processes at once: the file is as it was, or merged, and never half written."""
    call = Call(tmp_path, theirs)
    process = call.start(start_new_session=True)
    try:
        process.communicate(timeout=moment)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    assert call.result in (OURS, BY_LINES, RESOLVED)


def test_no_space_for_the_result(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    call = Call(tmp_path, THEIRS_ELSEWHERE)

    def no_space() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))

    status, said = call.run(preexec_fn=no_space)
    assert status == 1
    assert "File too large" in said
    assert call.result == OURS
    assert call.files() == {"O", "A", "B"}


def test_timeout_of_the_configuration(tmp_path: Path) -> None:
    environment = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "gitmerge-ai.timeout"}
    environment["GIT_CONFIG_VALUE_0"] = "0.000001"
    call = Call(tmp_path, THEIRS)
    status, said = call.run(env={**os.environ, **environment})
    assert status == 1
    assert "longer than 1e-06 s" in said
    assert GIT_S_OWN in call.result


def test_two_at_once(tmp_path: Path) -> None:
    calls = []
    for number in range(4):
        folder = tmp_path / str(number)
        folder.mkdir()
        calls.append(Call(folder, THEIRS))
    running = [call.start() for call in calls]
    assert [process.wait() for process in running] == [0] * 4
    assert {call.result for call in calls} == {RESOLVED}


def imported(folder: Path, theirs: str) -> set[str]:
    """Give all that is imported by a call and its child."""
    Call(folder, theirs)
    files = [f".merge_file_{name}" for name in "OAB"]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-X", "importtime", SCRIPT, *files, "7", "a.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}


@pytest.mark.parametrize("theirs", [THEIRS_ELSEWHERE, CLASHING])
def test_nothing_else_is_imported_where_lines_merge(tmp_path: Path, theirs: str) -> None:
    slow = {"click", "pygit2", "tree_sitter", "subprocess", "typing", "re", "dataclasses", "site"}
    assert bool(imported(tmp_path, theirs) & slow) is (theirs == CLASHING)


def test_what_is_merged_and_doubted_imports_nothing_that_takes_long(tmp_path: Path) -> None:
    found = imported(tmp_path, THEIRS)
    assert {"gitmerge_ai.resolving.doubting", "gitmerge_ai.resolving.journal.entries"} <= found
    assert not found & {"dataclasses", "pathlib", "ast", "_hashlib", "gzip", "subprocess", "numpy"}


def test_the_command_by_hand(tmp_path: Path) -> None:
    from repositories import gitmerge_ai

    Call(tmp_path, CLASHING)
    files = [f".merge_file_{name}" for name in "OAB"]
    assert gitmerge_ai("driver", *files, cwd=tmp_path).returncode == 1
    assert gitmerge_ai("driver", *files[:2], cwd=tmp_path).returncode == 2
    missing = gitmerge_ai("driver", *files[:2], "missing", cwd=tmp_path)
    assert missing.returncode == 129
    assert missing.stderr.count(b"\n") == 1
