"""The driver in everything that merges in git, with real repositories."""

import os
import signal
import subprocess
from pathlib import Path

import pytest
from repositories import (
    BASE,
    BY_LINES,
    CLASHING,
    OURS,
    RESOLVED,
    THEIRS,
    THEIRS_ELSEWHERE,
    Repository,
)
from twins import both


def test_merge_resolves_what_git_cannot(repo: Repository) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    repo.git("merge", "-q", "side")
    assert repo.read("a.py") == RESOLVED
    assert repo.status() == ""
    assert repo.leftovers() == []


def test_git_alone_leaves_that_conflict(plain: Repository) -> None:
    plain.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    plain.git("merge", "-q", "side", ok=False)


def test_merge_by_lines(repo: Repository) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS_ELSEWHERE})
    repo.git("merge", "-q", "side")
    assert repo.read("a.py") == BY_LINES
    assert repo.leftovers() == []


def test_a_clash_stays_a_conflict_that_names_the_branch(repo: Repository) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": CLASHING})
    repo.git("merge", "-q", "side", ok=False)
    assert "<<<<<<< HEAD\n" in repo.read("a.py")
    assert ">>>>>>> side\n" in repo.read("a.py")
    assert repo.status() == "UU a.py\n"
    stages = repo.git("ls-files", "-u").splitlines()
    assert [line.split()[2] for line in stages] == ["1", "2", "3"]
    assert repo.git("show", ":2:a.py") == OURS
    repo.git("merge", "--abort")
    assert repo.read("a.py") == OURS


@pytest.mark.usefixtures("dated")
@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_unresolved_in_every_style_as_git_alone(tmp_path: Path, style: str) -> None:
    texts = []
    for repository in both(tmp_path, merge__conflictStyle=style):
        repository.diverge({"notes": "a\nb\nc\n"}, {"notes": "a\nX\nc\n"}, {"notes": "a\nY\nc\n"})
        repository.git("merge", "-q", "side", ok=False)
        texts.append(repository.read("notes"))
    assert texts[0] == texts[1]
    assert ("|||||||" in texts[0]) is (style != "merge")


def test_the_style_of_its_own_goes_first(repo: Repository) -> None:
    repo.git("config", "gitmerge-ai.conflictStyle", "diff3")
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": CLASHING})
    repo.git("merge", "-q", "side", ok=False)
    assert "|||||||" in repo.read("a.py")


def test_marker_size_of_the_attribute(repo: Repository) -> None:
    attributes = {".gitattributes": "* conflict-marker-size=12\n"}
    repo.diverge({"a.py": BASE, **attributes}, {"a.py": OURS}, {"a.py": CLASHING})
    repo.git("merge", "-q", "side", ok=False)
    assert "\n" + "<" * 12 + " HEAD\n" in repo.read("a.py")


def test_rebase_of_many_steps(repo: Repository) -> None:
    values = [BASE.replace("call", "call" + "x" * step) for step in range(6)]
    repo.commit("base", {"a.py": BASE})
    repo.git("checkout", "-q", "-b", "side")
    for step, text in enumerate(values[1:]):
        repo.commit(f"step {step}", {"a.py": text})
    repo.git("checkout", "-q", "main")
    repo.commit("ours", {"a.py": OURS})
    repo.git("rebase", "-q", "main", "side")
    assert repo.read("a.py") == values[-1].replace("1", "2")
    assert repo.git("rev-list", "--count", "main..side").strip() == "5"
    assert repo.status() == ""


def test_rebase_stops_and_goes_on(repo: Repository) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": CLASHING})
    repo.git("rebase", "-q", "main", "side", ok=False)
    assert "<<<<<<<" in repo.read("a.py")
    repo.write({"a.py": CLASHING})
    repo.git("add", "a.py")
    repo.git("rebase", "--continue")
    assert repo.read("a.py") == CLASHING
    assert repo.leftovers() == []


def test_cherry_pick(repo: Repository) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    repo.git("cherry-pick", "side")
    assert repo.read("a.py") == RESOLVED


def test_revert(repo: Repository) -> None:
    first = repo.commit("first", {"a.py": THEIRS})
    second = repo.commit("second", {"a.py": BASE})
    repo.commit("third", {"a.py": OURS})
    assert first != second
    repo.git("revert", "--no-edit", second)
    assert repo.read("a.py") == RESOLVED


def test_stash_pop(repo: Repository) -> None:
    assert repo.pop(THEIRS, OURS).returncode == 0
    assert repo.read("a.py") == RESOLVED
    assert repo.git("stash", "list") == ""


def test_stash_pop_that_clashes_keeps_the_stash(repo: Repository) -> None:
    assert repo.pop(CLASHING, OURS).returncode == 1
    assert "<<<<<<<" in repo.read("a.py")
    assert repo.git("stash", "list") != ""


def test_am_with_three_way(repo: Repository) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    patch = repo.git("format-patch", "-1", "side", "--stdout")
    repo.git("am", "-3", input=patch.encode())
    assert repo.read("a.py") == RESOLVED


def test_apply_with_three_way(repo: Repository) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    patch = repo.git("diff", "main~", "side")
    repo.git("apply", "-3", input=patch.encode())
    assert repo.read("a.py") == RESOLVED


def test_checkout_with_merge(repo: Repository) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    repo.git("checkout", "-q", "main~")
    repo.write({"a.py": OURS})
    repo.git("checkout", "-q", "-m", "side")
    assert repo.read("a.py") == RESOLVED


def test_checkout_conflict_makes_the_conflict_again(repo: Repository) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": CLASHING})
    repo.git("merge", "-q", "side", ok=False)
    repo.write({"a.py": "lost\n"})
    repo.git("checkout", "--conflict=merge", "a.py")
    assert "<<<<<<< ours\n" in repo.read("a.py")
    assert ">>>>>>> theirs\n" in repo.read("a.py")


@pytest.mark.parametrize("bare", [False, True])
def test_merge_tree(repo: Repository, bare: bool, tmp_path: Path) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    if bare:
        repo.git("clone", "-q", "--bare", ".", str(tmp_path / "bare"))
        repo = Repository(tmp_path / "bare")
        repo.git("branch", "-q", "-f", "side", "side")
        repo = repo.with_driver()
    printed = repo.git("merge-tree", "--write-tree", "main", "side").splitlines()
    assert len(printed) == 1, "what the driver says must not mix with what git prints"
    assert repo.git("show", f"{printed[0]}:a.py") == RESOLVED
    assert repo.leftovers() == []


def test_merge_tree_with_a_clash(repo: Repository) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": CLASHING})
    printed = repo.git("merge-tree", "--write-tree", "main", "side", ok=False).splitlines()
    assert "<<<<<<<" in repo.git("show", f"{printed[0]}:a.py")
    assert repo.read("a.py") == OURS
    assert repo.status() == ""


def test_partial_clone(repo: Repository, tmp_path: Path) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("clone", "-q", "--filter=blob:none", f"file://{repo.path}", str(tmp_path / "partial"))
    partial = Repository(tmp_path / "partial").with_driver()
    partial.git("merge", "-q", "origin/side")
    assert partial.read("a.py") == RESOLVED


def test_linked_worktree(repo: Repository, tmp_path: Path) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "linked", "main")
    linked = Repository(tmp_path / "linked")
    linked.git("merge", "-q", "side")
    assert linked.read("a.py") == RESOLVED
    assert linked.leftovers() == []
    assert repo.read("a.py") == OURS
    assert repo.leftovers() == []


def test_superproject_with_a_submodule(repo: Repository, tmp_path: Path) -> None:
    part = Repository.init(tmp_path / "part")
    part.commit("part", {"a": "1\n"})
    repo.git("submodule", "--quiet", "add", str(part.path), "part")
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    repo.git("merge", "-q", "side")
    assert repo.read("a.py") == RESOLVED
    assert repo.read("part/a") == "1\n"
    inside = Repository(repo.path / "part").with_driver()
    inside.diverge({"b.py": BASE}, {"b.py": OURS}, {"b.py": THEIRS})
    inside.git("merge", "-q", "side")
    assert inside.read("b.py") == RESOLVED
    assert repo.leftovers() == []


def test_sparse_checkout(repo: Repository) -> None:
    files = {"in/a.py": BASE, "out/b.py": BASE}
    repo.diverge(files, dict.fromkeys(files, OURS), dict.fromkeys(files, THEIRS))
    repo.git("sparse-checkout", "set", "in")
    assert not (repo.path / "out").exists()
    repo.git("merge", "-q", "side")
    assert repo.read("in/a.py") == RESOLVED
    assert repo.git("show", "HEAD:out/b.py") == RESOLVED


def test_rename_on_one_side(repo: Repository) -> None:
    repo.commit("base", {"a.py": BASE})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("theirs", {"a.py": THEIRS})
    repo.git("checkout", "-q", "main")
    repo.git("mv", "a.py", "b.py")
    repo.commit("ours", {"b.py": OURS})
    repo.git("merge", "-q", "side")
    assert repo.read("b.py") == RESOLVED


def test_add_add(repo: Repository) -> None:
    repo.diverge({"x": "x\n"}, {"n": "one\n"}, {"n": "two\n"})
    repo.git("merge", "-q", "side", ok=False)
    assert "<<<<<<<" in repo.read("n")


def test_criss_cross(repo: Repository) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": CLASHING})
    repo.git("branch", "-q", "old", "main")
    repo.git("merge", "-q", "side", ok=False)
    repo.commit("merged one way", {"a.py": OURS})
    repo.git("checkout", "-q", "side")
    repo.git("merge", "-q", "old", ok=False)
    repo.commit("merged the other way", {"a.py": CLASHING})
    assert len(repo.git("merge-base", "--all", "main", "side").split()) == 2
    repo.git("merge", "-q", "main", ok=False)
    text = repo.read("a.py")
    assert "<<<<<<<" in text, "people resolved one conflict in two ways: nobody may choose"
    assert "2" in text
    assert "3" in text


def test_criss_cross_resolved_alike(repo: Repository) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    repo.git("branch", "-q", "old", "main")
    repo.git("merge", "-q", "side")
    repo.git("checkout", "-q", "side")
    repo.git("merge", "-q", "old")
    repo.commit("later", {"a.py": RESOLVED.replace("return a\n", "return -a\n")})
    repo.git("merge", "-q", "main")
    assert repo.read("a.py") == RESOLVED.replace("return a\n", "return -a\n")


def test_rerere_records_and_replays(repo: Repository) -> None:
    repo.git("config", "rerere.enabled", "true")
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": CLASHING})
    repo.git("merge", "-q", "side", ok=False)
    repo.commit("by hand", {"a.py": BASE.replace("1", "23")})
    repo.git("reset", "-q", "--hard", "HEAD^")
    repo.git("merge", "-q", "side", ok=False)
    assert repo.read("a.py") == BASE.replace("1", "23")
    assert repo.git("ls-files", "-u") != "", "rerere fills the file in; the person stages it"


def test_octopus_leaves_the_driver_out(repo: Repository) -> None:
    repo.commit("base", {"a.py": BASE, "b.py": BASE, "c.py": BASE})
    for name in ("a", "b", "c"):
        repo.git("checkout", "-q", "-b", name, "main")
        repo.commit(name, {f"{name}.py": OURS})
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "a", "b", "c")
    assert repo.read("b.py") == OURS


def test_merges_side_by_side_do_not_meet(tmp_path: Path) -> None:
    """Linked worktrees share one git directory, in which the driver writes."""
    repo = Repository.init(tmp_path / "repo").with_driver()
    names = [f"{number}.py" for number in range(4)]
    repo.diverge(*(dict.fromkeys(names, text) for text in (BASE, OURS, THEIRS)))
    trees = [Repository(tmp_path / f"tree{number}") for number in range(3)]
    for tree in trees:
        repo.git("worktree", "add", "-q", "--detach", str(tree.path), "main")
    running = [subprocess.Popen(["git", "merge", "-q", "side"], cwd=tree.path) for tree in trees]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert {tree.read(name) for tree in trees for name in names} == {RESOLVED}
    assert repo.leftovers() == []


@pytest.mark.parametrize("moment", [0.01, 0.05, 0.1, 0.2])
def test_git_and_driver_killed_together(repo: Repository, moment: float) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    merging = subprocess.Popen(
        ["git", "merge", "-q", "side"], cwd=repo.path, start_new_session=True
    )
    try:
        merging.communicate(timeout=moment)
    except subprocess.TimeoutExpired:
        os.killpg(merging.pid, signal.SIGKILL)
        merging.communicate()
    assert repo.read("a.py") in (OURS, RESOLVED)
    (repo.path / ".git" / "index.lock").unlink(missing_ok=True)
    repo.git("reset", "-q", "--hard", "side~")
    repo.git("merge", "-q", "side")
    assert repo.read("a.py") == THEIRS


@pytest.mark.parametrize(("languages", "merged"), [("python, go", True), ("java", False)])
def test_only_the_languages_that_are_asked_for(
    repo: Repository, languages: str, merged: bool
) -> None:
    repo.git("config", "gitmerge-ai.languages", languages)
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    repo.git("merge", "-q", "side", ok=merged)
    assert ("<<<<<<<" in repo.read("a.py")) is not merged
