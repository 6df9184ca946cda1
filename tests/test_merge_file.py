"""`merge-file` from outside: what it prints, writes and exits with."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from repositories import BASE, BY_LINES, CLASHING, OURS, RESOLVED, THEIRS, Repository, gitmerge_ai

FILES = ("base", "ours", "theirs")
ELSEWHERE = BY_LINES.replace("2", "1")


def _write(folder: Path, theirs: str | bytes, base: str = BASE, ours: str = OURS) -> None:
    for name, content in zip(FILES, (base, ours, theirs), strict=True):
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)


def _call(folder: Path, *options: str, **settings: Any) -> tuple[int, str, str]:
    done = gitmerge_ai("merge-file", *FILES, *options, cwd=folder, **settings)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize(
    ("theirs", "expected"), [(THEIRS, RESOLVED), (ELSEWHERE, BY_LINES), (BASE, OURS)]
)
def test_clean(tmp_path: Path, theirs: str, expected: str) -> None:
    _write(tmp_path, theirs)
    assert _call(tmp_path, "-p", "a.py") == (0, expected, "")
    assert (tmp_path / "ours").read_text() == OURS


def test_language_by_option(tmp_path: Path) -> None:
    _write(tmp_path, THEIRS)
    assert _call(tmp_path, "--language", "python")[:2] == (0, RESOLVED)


def test_conflicts(tmp_path: Path) -> None:
    _write(tmp_path, CLASHING)
    status, text, said = _call(tmp_path, "-p", "a.py")
    assert (status, said) == (1, "")
    assert "<<<<<<< ours\n" in text
    assert ">>>>>>> theirs\n" in text


def test_labels_size_and_style(tmp_path: Path) -> None:
    _write(tmp_path, CLASHING)
    labels = [part for label in ("mine", "old", "its") for part in ("-L", label)]
    options = ["-p", "a.py", "--marker-size", "9", "--conflict-style", "diff3"]
    _, text, _ = _call(tmp_path, *options, *labels)
    for marker in ("<<<<<<<<< mine\n", "||||||||| old\n", "=========\n", ">>>>>>>>> its\n"):
        assert marker in text


def test_style_of_the_configuration(tmp_path: Path) -> None:
    _write(tmp_path, CLASHING)
    Repository.init(tmp_path).git("config", "merge.conflictStyle", "diff3")
    assert "|||||||" in _call(tmp_path, "-p", "a.py")[1]
    assert "|||||||" not in _call(tmp_path, "-p", "a.py", "--conflict-style", "merge")[1]


@pytest.mark.parametrize("there", [True, False])
def test_output_file(tmp_path: Path, there: bool) -> None:
    _write(tmp_path, THEIRS)
    output = tmp_path / "out.py"
    if there:
        output.write_text("old\n")
        output.chmod(0o600)
    assert _call(tmp_path, "-o", "out.py") == (0, "", "")
    assert output.read_text() == RESOLVED
    assert not there or output.stat().st_mode & 0o777 == 0o600
    assert sorted(os.listdir(tmp_path)) == sorted([*FILES, "out.py"])


def test_json_of_a_clean_merge(tmp_path: Path) -> None:
    _write(tmp_path, THEIRS)
    status, text, _ = _call(tmp_path, "-p", "a.py", "--json")
    result = json.loads(text)
    assert status == 0
    assert result["clean"] is True
    assert result["text"] == RESOLVED
    assert result["conflicts"] == []
    (resolution,) = result["resolutions"]
    assert resolution["stage"] in ("syntax", "token")
    assert resolution["pattern"]
    assert 0 <= resolution["confidence"] <= 1
    lines = RESOLVED.splitlines()[resolution["start_line"] - 1 : resolution["end_line"]]
    assert "    return other(a, 2)" in lines


def test_json_of_a_conflict(tmp_path: Path) -> None:
    _write(tmp_path, CLASHING)
    status, text, _ = _call(tmp_path, "-p", "a.py", "--json")
    result = json.loads(text)
    assert status == 1
    assert result["clean"] is False
    (conflict,) = result["conflicts"]
    lines = result["text"].splitlines()[conflict["start_line"] - 1 : conflict["end_line"]]
    assert lines[0] == "<<<<<<< ours"
    assert lines[-1] == ">>>>>>> theirs"
    assert "2" in conflict["ours"]
    assert "3" in conflict["theirs"]


def test_what_the_engine_leaves_is_git_s(tmp_path: Path) -> None:
    filler = "#" * 1_100_000 + "\n"
    _write(tmp_path, THEIRS + filler, BASE + filler, OURS + filler)
    status, text, said = _call(tmp_path, "-p", "a.py", "--json")
    result = json.loads(text)
    assert status == 1
    assert "larger than 1 MB" in said
    assert result["note"] == "it is larger than 1 MB"
    assert [conflict["start_line"] for conflict in result["conflicts"]] == [5]


def test_more_conflicts_than_an_exit_status_counts(tmp_path: Path) -> None:
    def text(mark: str) -> str:
        same = "".join(f"same {line}\n" for line in range(5))
        return "".join(f"{number}{mark}\n{same}" for number in range(300))

    _write(tmp_path, text("y"), text(""), text("x"))
    status, merged, _ = _call(tmp_path)
    assert status == 1
    assert merged.count("<<<<<<<") == 300


@pytest.mark.parametrize(
    ("theirs", "options"),
    [
        (b"\0", ["-p", "a.py"]),
        (THEIRS, ["--marker-size", "0"]),
        (THEIRS, ["--conflict-style", "odd"]),
        (THEIRS, ["-o", "missing/out.py"]),
        (THEIRS, ["-L", "1", "-L", "2", "-L", "3", "-L", "4"]),
        (THEIRS, ["one", "too", "many"]),
    ],
)
def test_errors_are_one_line(tmp_path: Path, theirs: str | bytes, options: list[str]) -> None:
    _write(tmp_path, theirs)
    status, text, said = _call(tmp_path, *options)
    assert (status, text) == (2, "")
    assert said.startswith("gitmerge-ai: ")
    assert said.count("\n") == 1


def test_a_missing_file(tmp_path: Path) -> None:
    status, _, said = _call(tmp_path)
    assert status == 2
    assert "'base' does not exist" in said


def test_without_git(tmp_path: Path) -> None:
    _write(tmp_path, CLASHING)
    status, text, said = _call(tmp_path, env={"PATH": str(tmp_path), "HOME": str(tmp_path)})
    assert (status, text) == (2, "")
    assert "git" in said
    assert said.count("\n") == 1
