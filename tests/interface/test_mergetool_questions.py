"""Conflicts that are no texts, each asked as what it is."""

import os
from pathlib import Path

import pytest
from opened import BASE, OURS, THEIRS, Opened, commit_tree, stopped
from repositories import Repository

from gitmerge_ai.interface.mergetool.saving import SaveError


def test_deleted_by_theirs_asks_to_keep_or_to_delete(plain):
    plain.commit("base", {"f": BASE})
    plain.git("branch", "side")
    plain.commit("ours", {"f": OURS})
    commit_tree(plain, "side", ("git", "rm", "-q", "f"))
    plain.git("checkout", "-q", "main")
    plain.git("merge", "side", ok=False)
    opened = Opened.of(plain)
    assert opened.titles == [("f", "deleted by theirs, changed by ours")]
    assert opened.answers() == ["ours", "deleted", "base"]
    opened.take("deleted")
    assert opened.save() == "f: deleted and staged"
    assert not (plain.path / "f").exists()
    assert plain.status() == "D  f\n"


def test_a_deletion_can_be_taken_back_after_saving(plain):
    test_deleted_by_theirs_asks_to_keep_or_to_delete(plain)
    plain.git("reset", "-q", "--hard")
    plain.git("merge", "side", ok=False)
    stages = plain.git("ls-files", "-s")
    opened = Opened.of(plain)
    opened.take("deleted")
    opened.save()
    opened.session = opened.session.undo()
    opened.save()
    assert (plain.read("f"), plain.git("ls-files", "-s")) == (OURS, stages)
    opened.take("ours")
    opened.save()
    assert (plain.read("f"), plain.status()) == (OURS, "")


def test_an_edited_file_is_offered_as_it_stands_and_kept_when_replaced(plain):
    test_deleted_by_theirs_asks_to_keep_or_to_delete(plain)
    plain.git("reset", "-q", "--hard")
    plain.git("merge", "side", ok=False)
    plain.write({"f": "my own\n"})
    opened = Opened.of(plain)
    assert opened.answers()[0] == "work tree"
    opened.take("base")
    said = opened.save()
    assert plain.read("f") == BASE
    blob = said.split("git show ")[1].split()[0]
    assert plain.git("show", blob) == "my own\n"
    opened.session = opened.session.undo()
    opened.save()
    opened.take("work tree")
    opened.save()
    assert (plain.read("f"), plain.status()) == ("my own\n", "M  f\n")


def test_added_by_both_is_a_text_without_a_base(plain):
    plain.commit("base", {"other": "x\n"})
    opened = stopped(plain, {"g": "x\n"}, {"f": OURS}, {"f": THEIRS})
    assert opened.titles == [("f", "both added")]
    assert {region.base for region in opened.session.item.regions} == {None}


def test_modes_are_asked_for_beside_the_text(plain):
    plain.commit("base", {"x": "x\n"})
    plain.git("branch", "side")
    plain.commit("ours", {"f": "ours\n"})
    plain.git("checkout", "-q", "side")
    plain.write({"f": "theirs\n"})
    commit_tree(plain, "side", ("chmod", "+x", "f"))
    plain.git("checkout", "-q", "main")
    plain.git("merge", "side", ok=False)
    opened = Opened.of(plain)
    assert opened.titles == [("f", "both added"), ("f", "its mode differs")]
    opened.take("ours", at=0)
    opened.save(0)
    assert plain.status() == "AA f\n"
    opened.take("executable", at=1)
    opened.save(1)
    assert plain.git("ls-files", "-s").startswith("100755")
    assert (plain.status(), os.access(plain.path / "f", os.X_OK)) == ("M  f\n", True)


def test_links_are_asked_for_by_their_target(plain):
    for branch in ("base", "side", "main"):
        commands = [("ln", "-sfn", f"to-{branch}", "link")]
        if branch == "base":
            plain.commit("root", {"x": "x\n"})
            commit_tree(plain, "main", *commands)
            plain.git("branch", "side")
        else:
            commit_tree(plain, branch, *commands)
    plain.git("merge", "side", ok=False)
    opened = Opened.of(plain)
    assert opened.titles == [("link", "a symbolic link, changed by both")]
    assert opened.session.region.theirs == "to-side\n"
    opened.take("theirs")
    opened.save()
    assert (plain.path / "link").readlink() == Path("to-side")
    assert plain.status() == "M  link\n"


def test_submodules_are_asked_for_by_their_commit(plain, tmp_path):
    module = Repository.init(tmp_path / "module")
    names = [module.commit(name, {"f": f"{name}\n"}) for name in ("base", "ours")]
    module.git("checkout", "-q", "-b", "other", names[0])
    names.append(module.commit("theirs", {"f": "theirs\n"}))
    plain.commit("root", {"x": "x\n"})
    plain.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(module.path), "m")
    for branch, name in zip(("main", "side", "main"), (names[0], names[2], names[1]), strict=True):
        commit_tree(plain, branch, ("git", "-C", "m", "checkout", "-q", name))
        if name == names[0]:
            plain.git("branch", "side")
    plain.git("merge", "side", ok=False)
    opened = Opened.of(plain)
    assert opened.titles == [("m", "a submodule, changed by both")]
    assert names[1] in opened.session.region.ours
    opened.take("theirs")
    assert opened.save() == "m: theirs taken and staged; now run git submodule update"
    assert names[2] in plain.git("ls-files", "-s", "m")


def test_binaries_are_taken_whole(plain):
    opened = stopped(plain, {"f": b"\0b"}, {"f": b"\0ours"}, {"f": b"\0theirs"})
    assert opened.titles == [("f", "binary")]
    assert opened.session.region.ours == "binary, 5 bytes\n"
    opened.take("theirs")
    opened.save()
    assert plain.bytes_of("f") == b"\0theirs"
    assert plain.status() == "M  f\n"


def test_renamed_apart_leaves_three_questions(plain):
    plain.commit("base", {"f": BASE})
    plain.git("branch", "side")
    commit_tree(plain, "main", ("git", "mv", "f", "ours"))
    commit_tree(plain, "side", ("git", "mv", "f", "theirs"))
    plain.git("checkout", "-q", "main")
    plain.git("merge", "side", ok=False)
    opened = Opened.of(plain)
    assert opened.titles == [
        ("f", "renamed to ours by ours, to theirs by theirs"),
        ("ours", "renamed from f by ours, to theirs by theirs"),
        ("theirs", "renamed from f by theirs, to ours by ours"),
    ]
    assert [opened.answers(at) for at in range(3)] == [
        ["deleted", "base"],
        ["ours", "deleted"],
        ["deleted", "theirs"],
    ]
    opened.take("deleted", at=0)
    opened.take("ours", at=1)
    opened.take("deleted", at=2)
    for at in range(3):
        opened.save(at)
    assert plain.status() == ""
    assert (plain.read("ours"), (plain.path / "theirs").exists()) == (BASE, False)


RENAMED = {"ours": ("side", "main"), "theirs": ("main", "side")}
"""By the side that renamed a file: the branch that deleted it, and the one that renamed it."""


@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize("by", RENAMED)
def test_renamed_by_one_side_and_deleted_by_the_other_is_told_and_ranked_so(plain, by, edited):
    plain.commit("base", {"f": BASE, "gone": "x\n"})
    plain.git("branch", "side")
    deleting, renaming = RENAMED[by]
    edit = ("sh", "-c", "echo three >> new; rm gone" if edited else "rm gone")
    commit_tree(plain, renaming, ("git", "mv", "f", "new"), edit)
    commit_tree(plain, deleting, ("git", "rm", "-q", "f"), ("sh", "-c", "echo y >> gone"))
    plain.git("checkout", "-q", "main")
    plain.git("merge", "side", ok=False)
    opened = Opened.of(plain)
    other = "theirs" if by == "ours" else "ours"
    assert opened.titles == [
        ("gone", f"deleted by {by}, changed by {other}"),
        ("new", f"renamed from f by {by}, deleted by {other}"),
    ]
    assert opened.answers(1) == [by, "deleted", "base"]
    first, second, base = opened.session.items[1].answers
    assert first.confidence > second.confidence
    assert (first.stage, base.stage) == ("rules", "person")
    opened.take(by, at=1)
    opened.save(1)
    assert (plain.path / "new").exists()
    assert plain.git("ls-files", "--unmerged", "new") == ""


@pytest.mark.parametrize("command", ["rebase", "cherry-pick", "revert"])
def test_a_rename_is_told_in_other_operations_too(plain, command):
    plain.commit("base", {"f": BASE})
    plain.git("branch", "side")
    commit_tree(plain, "main", ("git", "rm", "-q", "f"))
    commit_tree(plain, "side", ("git", "mv", "f", "new"))
    if command == "rebase":
        plain.git("rebase", "main", ok=False)
    elif command == "cherry-pick":
        plain.git("checkout", "-q", "main")
        plain.git("cherry-pick", "side", ok=False)
    else:
        commit_tree(plain, "side", ("git", "rm", "-q", "new"))
        plain.git("revert", "--no-edit", "HEAD~1", ok=False)
    titles = {
        "revert": [("f", "renamed from new by theirs, deleted by ours")],
    }.get(command, [("new", "renamed from f by theirs, deleted by ours")])
    assert Opened.of(plain).titles == titles


def test_a_rename_that_git_cannot_find_again_is_asked_without_it(plain):
    plain.commit("base", {"f": BASE})
    plain.git("branch", "side")
    commit_tree(plain, "main", ("git", "rm", "-q", "f"))
    commit_tree(plain, "side", ("git", "mv", "f", "new"))
    plain.git("checkout", "-q", "main")
    plain.git("merge", "side", ok=False)
    tree = plain.git("rev-parse", "side^{tree}").strip()
    (plain.path / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    assert Opened.of(plain).titles == [("new", "deleted by ours, changed by theirs")]


def test_renamed_apart_and_changed_at_one_place_says_that_markers_are_in_it(plain):
    common = "line\n" * 20
    plain.commit("base", {"f": BASE + common})
    plain.git("branch", "side")
    for branch, text in (("main", OURS), ("side", THEIRS)):
        plain.git("checkout", "-q", branch)
        plain.git("mv", "f", branch)
        plain.commit(branch, {branch: text + common})
    plain.git("checkout", "-q", "main")
    plain.git("merge", "side", ok=False)
    assert Opened.of(plain).titles[1] == (
        "main",
        "renamed from f by ours, to side by theirs, conflict markers in it",
    )


def test_a_text_that_was_resolved_by_hand_is_kept_as_it_stands(plain):
    stopped(plain, {"f": BASE}, {"f": OURS}, {"f": THEIRS})
    plain.write({"f": "by hand\n"})
    opened = Opened.of(plain)
    assert opened.titles == [("f", "no conflict markers in it")]
    opened.take("work tree")
    assert opened.save() == "f: kept as it stands and staged"
    assert (plain.read("f"), plain.status()) == ("by hand\n", "M  f\n")


def test_a_text_that_is_gone_from_the_work_tree_can_be_had_back(plain):
    stopped(plain, {"f": BASE}, {"f": OURS}, {"f": THEIRS})
    (plain.path / "f").unlink()
    opened = Opened.of(plain)
    assert opened.titles == [("f", "deleted from the work tree")]
    opened.take("theirs")
    plain.write({"f": "made meanwhile\n"})
    with pytest.raises(SaveError, match="changed by something else"):
        opened.save()
    assert plain.read("f") == "made meanwhile\n"
    (plain.path / "f").unlink()
    opened.save()
    assert plain.read("f") == THEIRS
