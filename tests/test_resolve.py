"""`resolve` in the middle of real merges, rebases, cherry-picks, reverts and stashes."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from repositories import Repository, invoked

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


class Shapes(Repository):
    """A repository with a file that two branches, `ours` and `theirs`, change alike."""

    name = "shapes.py"

    @classmethod
    def begin(cls, path: Path) -> "Shapes":
        made = cls(Repository.init(path).path)
        made.git("checkout", "-q", "-b", "ours")
        made.save(BASE)
        made.git("branch", "theirs")
        return made

    @property
    def file(self) -> Path:
        return self.path / self.name

    def save(self, text: str | bytes) -> None:
        self.commit("change", {self.name: text})

    def part(self, ours: str | bytes = OURS, theirs: str | bytes = THEIRS) -> None:
        self.git("checkout", "-q", "theirs")
        self.save(theirs)
        self.git("checkout", "-q", "ours")
        self.save(ours)

    def unmerged(self) -> bool:
        return bool(self.git("ls-files", "-u"))


def merge(repo: Shapes) -> None:
    repo.part()
    repo.run("git", "merge", "theirs")


def rebase(repo: Shapes) -> None:
    repo.part(THEIRS, OURS)
    repo.run("git", "rebase", "theirs")


def cherry_pick(repo: Shapes) -> None:
    repo.part()
    repo.run("git", "cherry-pick", "theirs")


def revert(repo: Shapes) -> None:
    changed = BASE.replace("width * height", "width * tall")
    repo.save(changed)
    repo.save(changed.replace("width * tall", "wide * tall"))
    repo.run("git", "revert", "--no-edit", "HEAD~1")


def stash(repo: Shapes) -> None:
    repo.file.write_text(THEIRS)
    repo.git("stash")
    repo.save(OURS)
    repo.run("git", "stash", "pop")


@pytest.fixture
def repo(tmp_path: Path) -> Shapes:
    return Shapes.begin(tmp_path / "repo")


def run(folder: Path, *arguments: str) -> Result:
    return invoked(folder, "resolve", *arguments)


def entries(result: Result) -> dict[str, dict[str, object]]:
    return {entry["path"]: entry for entry in json.loads(result.stdout)}


@pytest.mark.parametrize("begin", [merge, rebase, cherry_pick, stash])
@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_resolves_what_an_operation_left(
    repo: Shapes, begin: Callable[[Shapes], None], style: str
) -> None:
    repo.git("config", "merge.conflictStyle", style)
    begin(repo)
    assert "<<<<<<<" in repo.file.read_text()
    result = run(repo.path, "--json")
    assert result.exit_code == 0, result.output
    text = repo.file.read_text()
    assert MERGED_LINE in text
    assert all(line in text for line in ("import json\n", "import os\n", "import re\n"))
    assert entries(result)["shapes.py"]["status"] == "resolved"
    assert repo.unmerged()


def test_resolves_a_revert(repo: Shapes) -> None:
    revert(repo)
    assert "<<<<<<<" in repo.file.read_text()
    assert run(repo.path).exit_code == 0
    assert "return wide * height\n" in repo.file.read_text()


def test_a_dry_run_changes_nothing(repo: Shapes) -> None:
    merge(repo)
    before = repo.file.read_bytes(), repo.git("status", "--porcelain=v2")
    result = run(repo.path, "--dry-run")
    assert result.exit_code == 0
    assert "shapes.py: resolved, " in result.stdout
    assert "nothing was written" in result.stdout
    assert (repo.file.read_bytes(), repo.git("status", "--porcelain=v2")) == before


def test_stages_only_when_asked(repo: Shapes) -> None:
    merge(repo)
    assert run(repo.path, "--add").exit_code == 0
    assert not repo.unmerged()
    repo.git("commit", "-qm", "merged")
    assert MERGED_LINE in repo.git("show", "HEAD:shapes.py")


def test_a_second_run_finds_nothing_left(repo: Shapes) -> None:
    merge(repo)
    run(repo.path)
    before = repo.file.read_bytes()
    result = run(repo.path, "--json")
    assert result.exit_code == 0
    assert entries(result)["shapes.py"]["status"] == "settled"
    assert repo.file.read_bytes() == before


@pytest.mark.parametrize("style", ["merge", "diff3"])
def test_what_the_person_edited_stays(repo: Shapes, style: str) -> None:
    repo.git("config", "merge.conflictStyle", style)
    merge(repo)
    edited = repo.file.read_text().replace("thing.name", "thing.title  # mine")
    repo.file.write_text("# by hand\n" + edited)
    assert run(repo.path).exit_code == 0
    text = repo.file.read_text()
    assert text.startswith("# by hand\n")
    assert "thing.title  # mine" in text
    assert MERGED_LINE in text


def test_a_conflict_settled_by_hand_stays_settled(repo: Shapes) -> None:
    repo.git("config", "merge.conflictStyle", "diff3")
    repo.part(
        OURS.replace("thing.name", "thing.name.strip()"),
        THEIRS.replace("thing.name", "thing.name.lower()"),
    )
    repo.run("git", "merge", "theirs")
    text = repo.file.read_text()
    start = text.rindex("<<<<<<<")
    repo.file.write_text(text[:start] + "    return 'by hand'\n")
    run(repo.path)
    text = repo.file.read_text()
    assert text.endswith("    return 'by hand'\n")
    assert MERGED_LINE in text


def test_a_real_conflict_is_left_as_it_stands(repo: Shapes) -> None:
    repo.part(BASE.replace("thing.name", "thing.a"), BASE.replace("thing.name", "thing.b"))
    repo.run("git", "merge", "theirs")
    before = repo.file.read_bytes()
    result = run(repo.path, "--json")
    assert result.exit_code == 1
    assert entries(result)["shapes.py"]["left"] == 1
    assert repo.file.read_bytes() == before


def test_mode_and_line_endings_stay(repo: Shapes) -> None:
    repo.save(BASE.replace("\n", "\r\n"))
    repo.file.chmod(0o755)
    repo.git("commit", "-qam", "executable")
    repo.git("branch", "-f", "theirs")
    repo.part(OURS.replace("\n", "\r\n"), THEIRS.replace("\n", "\r\n"))
    repo.run("git", "merge", "theirs")
    assert run(repo.path).exit_code == 0
    data = repo.file.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") > 5
    assert stat.S_IMODE(repo.file.stat().st_mode) == 0o755


def test_bytes_of_another_encoding_stay(repo: Shapes) -> None:
    def latin(text: str) -> bytes:
        return text.encode("latin-1") + "# caf\xe9\n".encode("latin-1")

    repo.save(latin(BASE))
    repo.git("branch", "-f", "theirs")
    repo.part(latin(OURS), latin(THEIRS))
    repo.run("git", "merge", "theirs")
    assert run(repo.path).exit_code == 0
    assert repo.file.read_bytes().endswith(b"# caf\xe9\n")
    assert MERGED_LINE.encode() in repo.file.read_bytes()


def test_the_attribute_for_the_marker_size_counts(repo: Shapes) -> None:
    (repo.path / ".gitattributes").write_text("*.py conflict-marker-size=12\n")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "attributes")
    repo.git("branch", "-f", "theirs")
    merge(repo)
    assert "<" * 12 in repo.file.read_text()
    assert run(repo.path).exit_code == 0
    assert "<<<<" not in repo.file.read_text()


def test_deleted_and_binary_paths_are_listed_and_left(repo: Shapes) -> None:
    gone, binary = repo.path / "gone.py", repo.path / "data.bin"
    repo.commit("more", {"gone.py": "x = 1\n", "data.bin": b"\0base"})
    repo.git("checkout", "-q", "-B", "theirs")
    repo.commit("theirs", {"gone.py": "x = 2\n", "data.bin": b"\0theirs"})
    repo.git("checkout", "-q", "ours")
    gone.unlink()
    repo.commit("ours", {"data.bin": b"\0ours"})
    repo.run("git", "merge", "theirs")
    before = repo.git("status", "--porcelain=v2"), binary.read_bytes(), gone.read_bytes()
    result = run(repo.path, "--json")
    assert result.exit_code == 1
    found = entries(result)
    assert found["gone.py"]["note"] == "deleted by ours, changed by theirs"
    assert found["data.bin"]["note"] == "a binary file"
    assert (repo.git("status", "--porcelain=v2"), binary.read_bytes(), gone.read_bytes()) == before


def test_symbolic_links_are_left(repo: Shapes) -> None:
    link = repo.path / "link"
    for branch, target in (("theirs", "a"), ("ours", "b")):
        repo.git("checkout", "-q", branch)
        link.symlink_to(target)
        repo.git("add", "-A")
        repo.git("commit", "-qm", "link")
    repo.run("git", "merge", "theirs")
    result = run(repo.path, "--json")
    assert result.exit_code == 1
    assert entries(result)["link"]["note"] == "a symbolic link"
    assert link.is_symlink()


def test_submodules_are_left(repo: Shapes, tmp_path: Path) -> None:
    other = Shapes.begin(tmp_path / "other")
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
    repo.run("git", "merge", "theirs")
    assert repo.unmerged()
    result = run(repo.path, "--json")
    assert result.exit_code == 1
    assert entries(result)["sub"]["note"] == "a submodule"


def test_only_the_paths_that_are_named(repo: Shapes) -> None:
    second = repo.path / "deep" / "second.py"
    repo.commit("second", {"deep/second.py": BASE})
    repo.git("branch", "-f", "theirs")
    for branch, text in (("theirs", THEIRS), ("ours", OURS)):
        repo.git("checkout", "-q", branch)
        repo.commit("both", {"deep/second.py": text, "shapes.py": text})
    repo.run("git", "merge", "theirs")
    result = run(second.parent, ".", "--json")
    assert result.exit_code == 0, result.output
    assert list(entries(result)) == ["deep/second.py"]
    assert "<<<<<<<" in repo.file.read_text()
    assert run(second.parent, "../shapes.py").exit_code == 0
    assert "<<<<<<<" not in repo.file.read_text()


def test_a_linked_worktree(repo: Shapes, tmp_path: Path) -> None:
    repo.part()
    linked = tmp_path / "linked"
    repo.git("worktree", "add", "-q", "-b", "here", str(linked), "ours")
    Repository(linked).git("merge", "theirs", ok=False)
    assert "<<<<<<<" in (linked / "shapes.py").read_text()
    assert run(linked).exit_code == 0
    assert MERGED_LINE in (linked / "shapes.py").read_text()
    assert repo.file.read_text() == OURS


def test_markers_alone_are_enough_where_they_show_the_base(repo: Shapes) -> None:
    repo.git("config", "merge.conflictStyle", "zdiff3")
    merge(repo)
    marked = repo.file.read_text()
    repo.git("merge", "--abort")
    repo.file.write_text(marked)
    assert run(repo.path, "shapes.py").exit_code == 0
    assert MERGED_LINE in repo.file.read_text()


def test_the_base_is_found_in_history_when_the_index_lost_it(repo: Shapes) -> None:
    merge(repo)
    repo.git("add", "shapes.py")
    assert not repo.unmerged()
    assert run(repo.path, "shapes.py").exit_code == 0
    assert MERGED_LINE in repo.file.read_text()


def test_without_a_base_nothing_is_touched(repo: Shapes) -> None:
    merge(repo)
    marked = repo.file.read_text()
    repo.git("merge", "--abort")
    repo.file.write_text(marked)
    result = run(repo.path, "shapes.py", "--json")
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


def test_errors_are_one_line(repo: Shapes, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    repo.git("clone", "-q", "--bare", str(repo.path), str(bare))
    for folder, arguments, words in (
        (bare, [], "bare"),
        (tmp_path, [], "not in a git repository"),
        (repo.path, ["missing.py"], "no such file"),
    ):
        result = run(folder, *arguments)
        assert result.exit_code == 2
        assert words in result.stderr
        assert result.stderr.count("\n") == 1


def test_nothing_to_do_is_no_error(repo: Shapes) -> None:
    result = run(repo.path)
    assert (result.exit_code, result.stdout) == (0, "nothing to resolve\n")


def test_a_text_without_markers_that_nobody_settled_is_left(repo: Shapes) -> None:
    (repo.path / ".gitattributes").write_text("*.py -merge\n")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "attributes")
    repo.git("branch", "-f", "theirs")
    merge(repo)
    assert repo.file.read_text() == OURS
    assert run(repo.path).exit_code == 1
    assert repo.file.read_text() == OURS


def test_a_split_index_can_be_read(repo: Shapes) -> None:
    repo.git("update-index", "--split-index")
    merge(repo)
    assert run(repo.path).exit_code == 0
    assert MERGED_LINE in repo.file.read_text()


def test_names_with_odd_characters(tmp_path: Path) -> None:
    class Odd(Shapes):
        name = 'ä "b"\n.py'

    repo = Odd.begin(tmp_path / "odd")
    merge(repo)
    assert run(repo.path, "--add").exit_code == 0
    assert MERGED_LINE in repo.file.read_text()
    assert not repo.unmerged()
