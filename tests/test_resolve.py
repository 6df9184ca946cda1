"""`resolve` in the middle of real merges, rebases, cherry-picks, reverts and stashes."""

import json
import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gitmerge_ai.cli import main

BASE = """\
import os


def area(width, height):
    return width * height


def name(thing):
    return thing.name
"""
OURS = BASE.replace("width * height", "abs(width) * height").replace(
    "import os", "import json\nimport os"
)
THEIRS = BASE.replace("width * height", "width * abs(height)").replace(
    "import os", "import os\nimport re"
)
MERGED_LINE = "    return abs(width) * abs(height)\n"


class Repository:
    """A repository with a file that two branches, `ours` and `theirs`, change alike."""

    def __init__(self, root: Path, name: str = "shapes.py") -> None:
        self.root = root
        self.file = root / name
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "ours")
        self.git("config", "user.name", "T")
        self.git("config", "user.email", "t@example.org")
        self.git("config", "core.autocrlf", "false")
        self.commit(BASE)
        self.git("branch", "theirs")

    def git(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, capture_output=True, text=True, check=False
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout

    def commit(self, text: str | bytes) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_bytes(text if isinstance(text, bytes) else text.encode())
        self.git("add", "-A")
        self.git("commit", "-qm", "change")

    def part(self, ours: str | bytes = OURS, theirs: str | bytes = THEIRS) -> None:
        self.git("checkout", "-q", "theirs")
        self.commit(theirs)
        self.git("checkout", "-q", "ours")
        self.commit(ours)

    def unmerged(self) -> bool:
        return bool(self.git("ls-files", "-u"))


def merge(repo: Repository) -> None:
    repo.part()
    repo.git("merge", "theirs", check=False)


def rebase(repo: Repository) -> None:
    repo.part(THEIRS, OURS)
    repo.git("rebase", "theirs", check=False)


def cherry_pick(repo: Repository) -> None:
    repo.part()
    repo.git("cherry-pick", "theirs", check=False)


def revert(repo: Repository) -> None:
    changed = BASE.replace("width * height", "width * tall")
    repo.commit(changed)
    repo.commit(changed.replace("width * tall", "wide * tall"))
    repo.git("revert", "--no-edit", "HEAD~1", check=False)


def stash(repo: Repository) -> None:
    repo.file.write_text(THEIRS)
    repo.git("stash")
    repo.commit(OURS)
    repo.git("stash", "pop", check=False)


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repo")


def run(folder: Path, *arguments: str) -> Result:
    before = Path.cwd()
    os.chdir(folder)
    try:
        return CliRunner().invoke(main, ["resolve", *arguments])
    finally:
        os.chdir(before)


def entries(result: Result) -> dict[str, dict[str, object]]:
    return {entry["path"]: entry for entry in json.loads(result.stdout)}


@pytest.mark.parametrize("begin", [merge, rebase, cherry_pick, stash])
@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_resolves_what_an_operation_left(
    repo: Repository, begin: Callable[[Repository], None], style: str
) -> None:
    repo.git("config", "merge.conflictStyle", style)
    begin(repo)
    assert "<<<<<<<" in repo.file.read_text()
    result = run(repo.root, "--json")
    assert result.exit_code == 0, result.output
    text = repo.file.read_text()
    assert MERGED_LINE in text
    assert all(line in text for line in ("import json\n", "import os\n", "import re\n"))
    assert entries(result)["shapes.py"]["status"] == "resolved"
    assert repo.unmerged()


def test_resolves_a_revert(repo: Repository) -> None:
    revert(repo)
    assert "<<<<<<<" in repo.file.read_text()
    assert run(repo.root).exit_code == 0
    assert "return wide * height\n" in repo.file.read_text()


def test_a_dry_run_changes_nothing(repo: Repository) -> None:
    merge(repo)
    before = repo.file.read_bytes(), repo.git("status", "--porcelain=v2")
    result = run(repo.root, "--dry-run")
    assert result.exit_code == 0
    assert "shapes.py: resolved, " in result.stdout
    assert "nothing was written" in result.stdout
    assert (repo.file.read_bytes(), repo.git("status", "--porcelain=v2")) == before


def test_stages_only_when_asked(repo: Repository) -> None:
    merge(repo)
    assert run(repo.root, "--add").exit_code == 0
    assert not repo.unmerged()
    repo.git("commit", "-qm", "merged")
    assert MERGED_LINE in repo.git("show", "HEAD:shapes.py")


def test_a_second_run_finds_nothing_left(repo: Repository) -> None:
    merge(repo)
    run(repo.root)
    before = repo.file.read_bytes()
    result = run(repo.root, "--json")
    assert result.exit_code == 0
    assert entries(result)["shapes.py"]["status"] == "settled"
    assert repo.file.read_bytes() == before


@pytest.mark.parametrize("style", ["merge", "diff3"])
def test_what_the_person_edited_stays(repo: Repository, style: str) -> None:
    repo.git("config", "merge.conflictStyle", style)
    merge(repo)
    edited = repo.file.read_text().replace("thing.name", "thing.title  # mine")
    repo.file.write_text("# by hand\n" + edited)
    assert run(repo.root).exit_code == 0
    text = repo.file.read_text()
    assert text.startswith("# by hand\n")
    assert "thing.title  # mine" in text
    assert MERGED_LINE in text


def test_a_conflict_settled_by_hand_stays_settled(repo: Repository) -> None:
    repo.git("config", "merge.conflictStyle", "diff3")
    repo.part(
        OURS.replace("thing.name", "thing.name.strip()"),
        THEIRS.replace("thing.name", "thing.name.lower()"),
    )
    repo.git("merge", "theirs", check=False)
    text = repo.file.read_text()
    start = text.rindex("<<<<<<<")
    repo.file.write_text(text[:start] + "    return 'by hand'\n")
    run(repo.root)
    text = repo.file.read_text()
    assert text.endswith("    return 'by hand'\n")
    assert MERGED_LINE in text


def test_a_real_conflict_is_left_as_it_stands(repo: Repository) -> None:
    repo.part(BASE.replace("thing.name", "thing.a"), BASE.replace("thing.name", "thing.b"))
    repo.git("merge", "theirs", check=False)
    before = repo.file.read_bytes()
    result = run(repo.root, "--json")
    assert result.exit_code == 1
    assert entries(result)["shapes.py"]["left"] == 1
    assert repo.file.read_bytes() == before


def test_mode_and_line_endings_stay(repo: Repository) -> None:
    repo.commit(BASE.replace("\n", "\r\n"))
    repo.file.chmod(0o755)
    repo.git("commit", "-qam", "executable")
    repo.git("branch", "-f", "theirs")
    repo.part(OURS.replace("\n", "\r\n"), THEIRS.replace("\n", "\r\n"))
    repo.git("merge", "theirs", check=False)
    assert run(repo.root).exit_code == 0
    data = repo.file.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") > 5
    assert stat.S_IMODE(repo.file.stat().st_mode) == 0o755


def test_bytes_of_another_encoding_stay(repo: Repository) -> None:
    def latin(text: str) -> bytes:
        return text.encode("latin-1") + "# caf\xe9\n".encode("latin-1")

    repo.commit(latin(BASE))
    repo.git("branch", "-f", "theirs")
    repo.part(latin(OURS), latin(THEIRS))
    repo.git("merge", "theirs", check=False)
    assert run(repo.root).exit_code == 0
    assert repo.file.read_bytes().endswith(b"# caf\xe9\n")
    assert MERGED_LINE.encode() in repo.file.read_bytes()


def test_the_attribute_for_the_marker_size_counts(repo: Repository) -> None:
    (repo.root / ".gitattributes").write_text("*.py conflict-marker-size=12\n")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "attributes")
    repo.git("branch", "-f", "theirs")
    merge(repo)
    assert "<" * 12 in repo.file.read_text()
    assert run(repo.root).exit_code == 0
    assert "<<<<" not in repo.file.read_text()


def test_deleted_and_binary_paths_are_listed_and_left(repo: Repository) -> None:
    gone, binary = repo.root / "gone.py", repo.root / "data.bin"
    gone.write_text("x = 1\n")
    binary.write_bytes(b"\0base")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "more")
    repo.git("checkout", "-q", "-B", "theirs")
    gone.write_text("x = 2\n")
    binary.write_bytes(b"\0theirs")
    repo.git("commit", "-qam", "theirs")
    repo.git("checkout", "-q", "ours")
    gone.unlink()
    binary.write_bytes(b"\0ours")
    repo.git("commit", "-qam", "ours")
    repo.git("merge", "theirs", check=False)
    before = repo.git("status", "--porcelain=v2"), binary.read_bytes(), gone.read_bytes()
    result = run(repo.root, "--json")
    assert result.exit_code == 1
    found = entries(result)
    assert found["gone.py"]["note"] == "deleted by ours, changed by theirs"
    assert found["data.bin"]["note"] == "a binary file"
    assert (repo.git("status", "--porcelain=v2"), binary.read_bytes(), gone.read_bytes()) == before


def test_symbolic_links_are_left(repo: Repository) -> None:
    link = repo.root / "link"
    for branch, target in (("theirs", "a"), ("ours", "b")):
        repo.git("checkout", "-q", branch)
        link.symlink_to(target)
        repo.git("add", "-A")
        repo.git("commit", "-qm", "link")
    repo.git("merge", "theirs", check=False)
    result = run(repo.root, "--json")
    assert result.exit_code == 1
    assert entries(result)["link"]["note"] == "a symbolic link"
    assert link.is_symlink()


def test_submodules_are_left(repo: Repository, tmp_path: Path) -> None:
    other = Repository(tmp_path / "other")
    other.part()
    heads = [other.git("rev-parse", name).strip() for name in ("ours", "theirs", "ours~1")]
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{heads[2]},sub")
    repo.git("commit", "-qm", "sub")
    repo.git("branch", "-f", "theirs")
    for branch, head in zip(("ours", "theirs"), heads[:2], strict=True):
        repo.git("checkout", "-q", branch)
        repo.git("update-index", "--cacheinfo", f"160000,{head},sub")
        repo.git("commit", "-qm", "sub")
    repo.git("checkout", "-q", "ours")
    repo.git("merge", "theirs", check=False)
    assert repo.unmerged()
    result = run(repo.root, "--json")
    assert result.exit_code == 1
    assert entries(result)["sub"]["note"] == "a submodule"


def test_only_the_paths_that_are_named(repo: Repository) -> None:
    second = repo.root / "deep" / "second.py"
    second.parent.mkdir()
    second.write_text(BASE)
    repo.git("add", "-A")
    repo.git("commit", "-qm", "second")
    repo.git("branch", "-f", "theirs")
    for branch, text in (("theirs", THEIRS), ("ours", OURS)):
        repo.git("checkout", "-q", branch)
        second.write_text(text)
        repo.commit(text)
    repo.git("merge", "theirs", check=False)
    result = run(second.parent, ".", "--json")
    assert result.exit_code == 0, result.output
    assert list(entries(result)) == ["deep/second.py"]
    assert "<<<<<<<" in repo.file.read_text()
    assert run(second.parent, "../shapes.py").exit_code == 0
    assert "<<<<<<<" not in repo.file.read_text()


def test_a_linked_worktree(repo: Repository, tmp_path: Path) -> None:
    repo.part()
    linked = tmp_path / "linked"
    repo.git("worktree", "add", "-q", "-b", "here", str(linked), "ours")
    subprocess.run(["git", "merge", "theirs"], cwd=linked, capture_output=True, check=False)
    assert "<<<<<<<" in (linked / "shapes.py").read_text()
    assert run(linked).exit_code == 0
    assert MERGED_LINE in (linked / "shapes.py").read_text()
    assert repo.file.read_text() == OURS


def test_markers_alone_are_enough_where_they_show_the_base(repo: Repository) -> None:
    repo.git("config", "merge.conflictStyle", "zdiff3")
    merge(repo)
    marked = repo.file.read_text()
    repo.git("merge", "--abort")
    repo.file.write_text(marked)
    assert run(repo.root, "shapes.py").exit_code == 0
    assert MERGED_LINE in repo.file.read_text()


def test_the_base_is_found_in_history_when_the_index_lost_it(repo: Repository) -> None:
    merge(repo)
    repo.git("add", "shapes.py")
    assert not repo.unmerged()
    assert run(repo.root, "shapes.py").exit_code == 0
    assert MERGED_LINE in repo.file.read_text()


def test_without_a_base_nothing_is_touched(repo: Repository) -> None:
    merge(repo)
    marked = repo.file.read_text()
    repo.git("merge", "--abort")
    repo.file.write_text(marked)
    result = run(repo.root, "shapes.py", "--json")
    assert result.exit_code == 1
    assert "base" in str(entries(result)["shapes.py"]["note"])
    assert repo.file.read_text() == marked


def test_jujutsus_markers_without_a_git_repository(tmp_path: Path) -> None:
    file = tmp_path / "shapes.py"
    file.write_text(
        "def area(width, height):\n"
        "<<<<<<< Conflict 1 of 1\n"
        "%%%%%%% Changes from base to side #1\n"
        "-    return width * height\n"
        "+    return abs(width) * height\n"
        "+++++++ Contents of side #2\n"
        "    return width * abs(height)\n"
        ">>>>>>> Conflict 1 of 1 ends\n"
    )
    assert run(tmp_path, "shapes.py").exit_code == 0
    assert file.read_text() == "def area(width, height):\n" + MERGED_LINE


def test_errors_are_one_line(repo: Repository, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    repo.git("clone", "-q", "--bare", str(repo.root), str(bare))
    for folder, arguments, words in (
        (bare, [], "bare"),
        (tmp_path, [], "not in a git repository"),
        (repo.root, ["missing.py"], "no such file"),
    ):
        result = run(folder, *arguments)
        assert result.exit_code == 2
        assert words in result.stderr
        assert result.stderr.count("\n") == 1


def test_nothing_to_do_is_no_error(repo: Repository) -> None:
    result = run(repo.root)
    assert (result.exit_code, result.stdout) == (0, "nothing to resolve\n")


def test_a_text_without_markers_that_nobody_settled_is_left(repo: Repository) -> None:
    (repo.root / ".gitattributes").write_text("*.py -merge\n")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "attributes")
    repo.git("branch", "-f", "theirs")
    merge(repo)
    assert repo.file.read_text() == OURS
    assert run(repo.root).exit_code == 1
    assert repo.file.read_text() == OURS


def test_a_split_index_can_be_read(repo: Repository) -> None:
    repo.git("update-index", "--split-index")
    merge(repo)
    assert run(repo.root).exit_code == 0
    assert MERGED_LINE in repo.file.read_text()


def test_names_with_odd_characters(repo: Repository) -> None:
    repo.git("mv", "shapes.py", 'ä "b"\n.py')
    repo.git("commit", "-qm", "rename")
    repo.git("branch", "-f", "theirs")
    repo.file = repo.root / 'ä "b"\n.py'
    merge(repo)
    assert run(repo.root, "--add").exit_code == 0
    assert MERGED_LINE in repo.file.read_text()
    assert not repo.unmerged()
