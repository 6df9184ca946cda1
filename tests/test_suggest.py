"""The command `suggest`: what it prints, for a file and with a repository."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gitmerge_ai.cli import main
from gitmerge_ai.repository.operation import operation_of
from gitmerge_ai.resolving.knowledge.gathering import known_in

MARKED = """\
first
<<<<<<< HEAD
total = price * count + tax
||||||| base
total = price * count
=======
total = amount * count
>>>>>>> side
last
<<<<<<< HEAD
a
||||||| base
=======
b
>>>>>>> side
"""


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, ["suggest", *arguments], input=text)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sum.py"
    path.write_text(MARKED)
    return path


def test_json_has_one_entry_for_each_conflict_in_order(file: Path) -> None:
    result = run(str(file), "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert [(one["start_line"], one["end_line"]) for one in found] == [(2, 8), (10, 15)]
    assert all(set(one) == {"start_line", "end_line", "suggestions"} for one in found)
    for one in found:
        assert 1 <= len(one["suggestions"]) <= 3
        chances = [each["confidence"] for each in one["suggestions"]]
        assert chances == sorted(chances, reverse=True)
        for each in one["suggestions"]:
            assert set(each) == {"text", "confidence", "stage", "pattern"}
            assert each["stage"] in ("classifier", "rules")
            assert 0 <= each["confidence"] <= 1
            assert "<<<<<<<" not in each["text"]
    offered = [each["text"] for each in found[0]["suggestions"]]
    assert "total = amount * count + tax\n" in offered
    assert file.read_text() == MARKED


def test_at_most_as_many_as_asked_for(file: Path) -> None:
    for top in (1, 5):
        found = json.loads(run(str(file), "--json", "--top", str(top)).stdout)
        assert len(found[0]["suggestions"]) == top


def test_a_text_replaces_its_region_from_marker_to_marker(file: Path) -> None:
    found = json.loads(run(str(file), "--json", "--top", "1").stdout)
    rows = MARKED.splitlines(keepends=True)
    for one in reversed(found):
        rows[one["start_line"] - 1 : one["end_line"]] = [one["suggestions"][0]["text"]]
    text = "".join(rows)
    assert text.startswith("first\ntotal")
    assert "\nlast\n" in text
    assert not any(sign in text for sign in ("<<<", ">>>", "===", "|||"))


def test_a_listing_for_people_names_each_conflict(file: Path) -> None:
    result = run(str(file))
    assert result.exit_code == 0
    assert "conflict 1 of 2, lines 2 to 8" in result.stdout
    assert "total = amount * count + tax" in result.stdout
    assert "classifier" in result.stdout


def test_standard_input_and_a_path_for_the_language() -> None:
    result = run("-", "-p", "src/sum.py", "--json", text=MARKED)
    assert len(json.loads(result.stdout)) == 2


def test_a_file_without_conflicts_is_an_empty_list(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("Heading\n=======\n")
    result = run(str(path), "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])
    assert "no conflicts" in run(str(path)).stdout


def test_bytes_that_are_no_utf8_are_no_error(tmp_path: Path) -> None:
    path = tmp_path / "a.c"
    path.write_bytes(MARKED.encode().replace(b"tax", b"ta\xe9"))
    for options in (["--json"], []):
        assert run(str(path), *options).exit_code == 0


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    root.mkdir()

    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)

    def commit(line: str) -> None:
        (root / "sum.py").write_text(f"first\n{line}\nlast\n")
        git("add", "sum.py")
        git("commit", "-qm", line)

    git("init", "-q", "-b", "main")
    git("config", "user.name", "T")
    git("config", "user.email", "t@example.org")
    commit("total = price * count")
    git("branch", "side")
    commit("total = price * count + tax")
    git("checkout", "-q", "side")
    commit("total = amount * count")
    git("checkout", "-q", "main")
    git("-c", "merge.conflictStyle=merge", "merge", "side")
    return root


def test_the_base_comes_from_the_repository(repository: Path) -> None:
    file = repository / "sum.py"
    merged = "total = amount * count + tax\n"
    alone = json.loads(run(str(file), "--json", "--top", "99").stdout)
    assert not any("merged" in each["pattern"] for each in alone[0]["suggestions"])
    found = json.loads(
        run(
            str(file), "--json", "--repo", str(repository), "--ours", "main", "--theirs", "side"
        ).stdout
    )
    (best,) = (each for each in found[0]["suggestions"] if "merged" in each["pattern"])
    assert best["text"] == merged


def given(repository: Path, *options: str) -> list[dict]:
    sides = ("--ours", "main", "--theirs", "side")
    file = repository / "sum.py"
    return json.loads(
        run(str(file), "--json", "--top", "99", "--repo", str(repository), *sides, *options).stdout
    )


def texts(found: list[dict]) -> set[str]:
    return {each["text"] for one in found for each in one["suggestions"]}


def pick(repository: Path) -> None:
    """Pick a second commit of the side in the place of the merge: its base is the first."""

    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=repository, capture_output=True, check=False)

    git("merge", "--abort")
    git("checkout", "-q", "side")
    (repository / "sum.py").write_text("first\ntotal = amount * count - rebate\nlast\n")
    git("commit", "-qam", "rebate")
    git("checkout", "-q", "main")
    git("-c", "merge.conflictStyle=merge", "cherry-pick", "side")


def test_markers_tell_that_a_commit_was_picked(repository: Path) -> None:
    pick(repository)
    picked = "total = price * count + tax - rebate\n"
    assert picked in texts(given(repository))
    assert picked in texts(given(repository, "--operation", "rebase"))
    assert picked not in texts(given(repository, "--operation", "merge"))


def test_a_revert_goes_from_its_commit_back(repository: Path) -> None:
    pick(repository)
    with_revert = given(repository, "--operation", "revert")
    assert "total = amount * count - rebate\n" in texts(with_revert)  # the base


def test_the_names_of_branches_tell_the_kind_of_merge(repository: Path) -> None:
    step = operation_of(repository, "merge", "main", "side")
    kinds = [
        known_in(repository, step, ours, "side", "sum.py").branch
        for ours in ("main", "HEAD", "main~0")
    ]
    assert kinds == ["topic into main", "topic into main", ""]
    picked = replace(step, name="cherry-pick")
    assert known_in(repository, picked, "main", "side", "sum.py").branch == ""


def test_a_file_that_one_side_renamed_is_ranked_as_a_whole(repository: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=repository, capture_output=True, check=False)

    git("merge", "--abort")
    git("rm", "-q", "sum.py")
    git("commit", "-qm", "gone")
    git("checkout", "-q", "side")
    git("reset", "-q", "--hard", "HEAD~1")
    git("mv", "sum.py", "total.py")
    git("commit", "-qm", "renamed")
    git("checkout", "-q", "main")
    git("merge", "side")
    [found] = json.loads(run(str(repository / "total.py"), "--json").stdout)
    assert found["reason"] == "renamed from sum.py by theirs, deleted by ours"
    assert [each["pattern"] for each in found["suggestions"]] == ["theirs", "deleted", "base"]
    assert found["suggestions"][0]["text"] == (repository / "total.py").read_text()
    assert found["suggestions"][2]["confidence"] is None
    shown = run(str(repository / "total.py")).stdout
    assert "total.py: renamed from sum.py by theirs, deleted by ours" in shown
    assert "keep theirs' version" in shown


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--repo", "."], "together"),
        (["--operation", "merge"], "together"),
        (["--repo", ".", "--ours", "nowhere", "--theirs", "side"], "nowhere"),
        (["--top", "0"], "top"),
    ],
)
def test_errors_are_one_line(
    repository: Path, options: list[str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    result = run("sum.py", *options)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    assert run(str(tmp_path / "none.py")).exit_code == 2
