"""`undo` after real merges, against a twin repository in which git merges alone."""

import json
from pathlib import Path

import pytest
from repositories import (
    BASE,
    CLASHING,
    COMMAND,
    OURS,
    RESOLVED,
    THEIRS,
    UNPRIVILEGED,
    Repository,
    gitmerge_ai,
    invoked,
    obeys_modes,
)
from twins import ACTS, OTHER_ACTS, Act, both, cherry_pick, merge, rebase, state

pytestmark = pytest.mark.usefixtures("dated")

LONG = "".join(f"value_{number} = call({number}, 1)\n" for number in range(40))


def changed(text: str, side: str, *numbers: int) -> str:
    """Change a token of some lines, another one on each side."""
    for number in numbers:
        line = f"value_{number} = call({number}, 1)\n"
        other = {"ours": line.replace("1)", "2)"), "theirs": line.replace("call", "other")}[side]
        text = text.replace(line, other)
    return text


def undo(repo: Repository, *arguments: str, code: int = 0) -> str:
    done = invoked(repo.path, "undo", *arguments)
    assert done.exit_code == code, done.output
    return done.stdout


def check_twins(repo: Repository, plain: Repository, act: Act) -> None:
    """Undo what was resolved, compare with plain git, and undo that."""
    for twin in (repo, plain):
        act(twin)
    assert plain.git("ls-files", "-u"), "git alone must leave a conflict"
    resolved = state(repo)
    assert resolved != state(plain)
    undo(repo)
    assert state(repo) == state(plain)
    undo(repo)
    assert state(repo) == resolved


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_undo_leaves_what_git_leaves(tmp_path: Path, act: Act) -> None:
    repo, plain = both(tmp_path, merge__conflictStyle="diff3")
    for twin in (repo, plain):
        twin.diverge({"a.py": BASE, "b": "b\n"}, {"a.py": OURS}, {"a.py": THEIRS})
    check_twins(repo, plain, act)
    assert repo.read("a.py") == RESOLVED


@pytest.mark.parametrize("act", OTHER_ACTS, ids=lambda act: act.__name__)
def test_undo_of_patches(tmp_path: Path, act: Act) -> None:
    repo, plain = both(tmp_path, merge__conflictStyle="diff3")
    for twin in (repo, plain):
        twin.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    check_twins(repo, plain, act)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_undo_in_a_file_in_which_a_conflict_is_left(tmp_path: Path, act: Act) -> None:
    repo, plain = both(tmp_path)
    ours = changed(LONG, "ours", 3, 20).replace("value_30 = call(30, 1)", "value_30 = 1")
    theirs = changed(LONG, "theirs", 3, 20).replace("value_30 = call(30, 1)", "value_30 = 2")
    for twin in (repo, plain):
        twin.diverge({"a.py": LONG}, {"a.py": ours}, {"a.py": theirs})
    check_twins(repo, plain, act)
    assert repo.read("a.py").count("<<<<<<<") == 1


@pytest.mark.parametrize("act", [merge, rebase, cherry_pick], ids=lambda act: act.__name__)
def test_undo_with_a_rename_and_a_mode(tmp_path: Path, act: Act) -> None:
    repo, plain = both(tmp_path, merge__conflictStyle="diff3")
    for twin in (repo, plain):
        twin.commit("base", {"a.py": LONG, "c": "c\n"})
        twin.git("checkout", "-q", "-b", "side")
        (twin.path / "a.py").chmod(0o755)
        twin.commit("theirs", {"a.py": changed(LONG, "theirs", 3)})
        twin.git("checkout", "-q", "main")
        twin.git("mv", "a.py", "b.py")
        twin.commit("ours", {"b.py": changed(LONG, "ours", 3)})
    check_twins(repo, plain, act)
    assert repo.git("ls-files", "-s", "b.py").startswith("100755")


@pytest.mark.parametrize("style", ["merge", "zdiff3"])
def test_undo_in_other_styles(tmp_path: Path, style: str) -> None:
    repo, plain = both(tmp_path, merge__conflictStyle=style)
    repo.git("config", "gitmerge-ai.conflictStyle", "diff3")
    line, new = "    return call(a, 1)\n", "    b = a\n"
    added = BASE.replace(line, new + line)
    ours, theirs = added.replace("1", "2"), added.replace("call", "other")
    for twin in (repo, plain):
        twin.diverge({"a.py": BASE}, {"a.py": ours}, {"a.py": theirs})
    check_twins(repo, plain, merge)


def test_undo_of_an_add_add(tmp_path: Path) -> None:
    repo, plain = both(tmp_path)
    for twin in (repo, plain):
        twin.diverge(
            {"x": "x\n", "requirements.txt": ""},
            {"requirements.txt": "one\ntwo\n", "more/requirements.txt": "one\ntwo\n"},
            {"requirements.txt": "one\nthree\n", "more/requirements.txt": "one\nthree\n"},
        )
    check_twins(repo, plain, merge)


def test_undo_of_a_conflict_that_was_only_made_smaller(tmp_path: Path) -> None:
    repo, plain = both(tmp_path)
    case = Path(__file__).parent.parent / "fixtures" / "kotlin" / "delete-modify"
    texts = ({"a.kt": (case / f"{side}.kt").read_bytes()} for side in ("base", "ours", "theirs"))
    base, ours, theirs = texts
    for twin in (repo, plain):
        twin.diverge(base, ours, theirs)
    check_twins(repo, plain, merge)


def test_undo_with_line_endings_and_marker_size(tmp_path: Path) -> None:
    repo, plain = both(tmp_path, core__autocrlf="true")
    attributes = {".gitattributes": "* conflict-marker-size=11\n"}
    crlf = [text.replace("\n", "\r\n") for text in (BASE, OURS, THEIRS)]
    for twin in (repo, plain):
        twin.diverge({"a.py": crlf[0], **attributes}, {"a.py": crlf[1]}, {"a.py": crlf[2]})
    check_twins(repo, plain, merge)


def test_undo_where_an_attribute_names_the_driver(tmp_path: Path) -> None:
    repo, plain = both(tmp_path)
    for twin in (repo, plain):
        twin.diverge(
            {"a.py": BASE, ".gitattributes": "*.py merge=gitmerge-ai\n"},
            {"a.py": OURS},
            {"a.py": THEIRS},
        )
    check_twins(repo, plain, merge)


def test_undo_in_a_linked_worktree_and_from_a_folder(tmp_path: Path) -> None:
    repo = Repository.init(tmp_path / "repo").with_driver()
    repo.diverge({"in/a.py": BASE}, {"in/a.py": OURS}, {"in/a.py": THEIRS})
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "linked", "main")
    linked = Repository(tmp_path / "linked")
    linked.git("merge", "-q", "side")
    assert not (repo.path / ".git" / "gitmerge-ai").exists(), "a journal is one work tree's"
    done = gitmerge_ai("undo", "a.py", cwd=linked.path / "in")
    assert done.returncode == 0, done.stderr
    assert "<<<<<<<" in linked.read("in/a.py")
    assert repo.read("in/a.py") == OURS


@pytest.fixture
def two(repo: Repository) -> Repository:
    """Give a repository that merged a file in which two conflicts were resolved."""
    ours, theirs = changed(LONG, "ours", 3, 20), changed(LONG, "theirs", 3, 20)
    repo.diverge({"a.py": LONG}, {"a.py": ours}, {"a.py": theirs})
    repo.git("merge", "-q", "side")
    return repo


def test_undo_of_one_line(two: Repository) -> None:
    resolved = state(two)
    undo(two, "a.py:21")
    text = two.read("a.py")
    assert text.count("<<<<<<<") == 1
    assert text.splitlines()[20].startswith("<<<<<<<")
    assert "value_3 = other(3, 2)\n" in text
    assert two.status() == "UU a.py\n"
    undo(two, "a.py:22")
    assert state(two) == resolved


def test_undo_of_one_line_after_the_other_and_of_all(two: Repository) -> None:
    resolved = state(two)
    undo(two, "a.py:4")
    undo(two, "a.py:25")
    assert two.read("a.py").count("<<<<<<<") == 2
    one_by_one = state(two)
    undo(two, "a.py")
    assert state(two) == resolved
    undo(two, "a.py")
    assert state(two) == one_by_one


def test_a_line_that_nobody_resolved(two: Repository) -> None:
    resolved = state(two)
    assert "a.py:1: nothing here was resolved automatically" in undo(two, "a.py:1", code=1)
    undo(two, "b.py", code=1)
    assert state(two) == resolved


def test_edits_stay_where_they_are(two: Repository) -> None:
    edited = two.read("a.py").replace("value_10 = call(10, 1)", "value_10 = 'mine'")
    two.write({"a.py": edited + "more = 1\n"})
    said = undo(two, "a.py")
    text = two.read("a.py")
    assert text.count("<<<<<<<") == 2
    assert "value_10 = 'mine'\n" in text
    assert text.endswith("more = 1\n")
    kept = said.partition("kept in ")[2].split("\n")[0]
    assert two.read(kept) == edited + "more = 1\n"
    undo(two, "a.py")
    assert two.read("a.py") == edited + "more = 1\n"
    assert two.git("ls-files", "-u") == ""


def test_a_resolution_that_was_edited_stays(two: Repository) -> None:
    two.write({"a.py": two.read("a.py").replace("value_3 = other(3, 2)", "value_3 = 'mine'")})
    undo(two, "a.py")
    text = two.read("a.py")
    assert text.count("<<<<<<<") == 1
    assert "value_3 = 'mine'\n" in text


def test_whole_puts_the_file_back_and_keeps_what_it_held(two: Repository) -> None:
    two.write({"a.py": "all new\n"})
    undo(two, "a.py", code=1)
    [told] = json.loads(undo(two, "--whole", "--json", "a.py"))
    assert two.read("a.py").count("<<<<<<<") == 2
    assert told["edited"] is True
    assert Path(told["kept"]).read_text() == "all new\n"
    undo(two, "a.py")
    assert two.read("a.py") == "all new\n"


def test_a_file_that_is_gone(two: Repository) -> None:
    (two.path / "a.py").unlink()
    undo(two, "a.py", code=2)
    undo(two, "--whole", "a.py")
    assert two.read("a.py").count("<<<<<<<") == 2


def test_undo_of_a_merge_that_was_aborted_does_nothing(repo: Repository) -> None:
    repo.diverge(
        {"a.py": BASE, "b": "1\n"}, {"a.py": OURS, "b": "2\n"}, {"a.py": THEIRS, "b": "3\n"}
    )
    repo.git("merge", "-q", "side", ok=False)
    repo.git("merge", "--abort")
    before = state(repo)
    undo(repo, code=1)
    assert state(repo) == before


def test_a_conflict_of_another_merge_is_not_lost(repo: Repository) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    repo.git("merge", "-q", "side")
    repo.git("checkout", "-q", "-b", "third", "main")
    repo.commit("third", {"a.py": RESOLVED.replace("return a\n", "return -a\n")})
    repo.git("checkout", "-q", "main")
    repo.commit("fourth", {"a.py": RESOLVED.replace("return a\n", "return +a\n")})
    repo.git("merge", "-q", "third", ok=False)
    before = state(repo)
    undo(repo, "a.py", code=2)
    assert state(repo) == before


def test_an_index_that_is_locked_leaves_all_as_it_is(two: Repository) -> None:
    (two.path / ".git" / "index.lock").touch()
    text = two.read("a.py")
    undo(two, "a.py", code=2)
    assert two.read("a.py") == text


def test_undo_outside_of_a_repository(tmp_path: Path) -> None:
    done = gitmerge_ai("undo", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1


@obeys_modes
def test_undo_without_write_permission(two: Repository) -> None:
    folder = two.path / ".git" / "gitmerge-ai" / "journal"
    folder.chmod(0o555)
    text = two.read("a.py")
    done = two.run(*UNPRIVILEGED, *COMMAND, "undo", "a.py")
    folder.chmod(0o755)
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert two.read("a.py") == text


def test_a_rebase_is_undone_step_by_step(repo: Repository) -> None:
    repo.commit("base", {"a.py": LONG})
    repo.git("checkout", "-q", "-b", "side")
    text = LONG
    for number in (3, 20):
        text = changed(text, "theirs", number)
        repo.commit(f"step {number}", {"a.py": text})
    repo.git("checkout", "-q", "main")
    repo.commit("ours", {"a.py": changed(LONG, "ours", 3, 20)})
    repo.git("rebase", "-q", "main", "side")
    undo(repo)
    assert repo.read("a.py").count("<<<<<<<") == 1
    assert "value_3 = other(3, 2)\n" in repo.read("a.py")
    repo.git("checkout", "-q", "-f", "side")
    undo(repo, "a.py:4")
    assert "value_20 = other(20, 2)\n" in repo.read("a.py")
    assert repo.read("a.py").index("<<<<<<<") < repo.read("a.py").index("value_4 ")


def test_clash_has_nothing_to_undo(repo: Repository) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": CLASHING})
    repo.git("merge", "-q", "side", ok=False)
    before = state(repo)
    undo(repo, code=1)
    assert state(repo) == before
