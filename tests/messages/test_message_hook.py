"""`prepare-commit-msg` in real commits: it helps where nothing was written, and else keeps away."""

import os
import sys

import pytest
from repositories import Repository

from gitmerge_ai.repository import hook_installation
from gitmerge_ai.repository.installation import git_dir

SHOW = 'cp "$1" seen; echo \'{}\' > "$1"'
"""An editor that keeps what it was given, and writes a message of its own."""


@pytest.fixture
def hooked(plain: Repository) -> Repository:
    for number in range(5):
        plain.commit(f"Fix typo in page{number}.md", {f"page{number}.md": f"text {number}\n"})
    hook_installation.install(plain.path)
    (plain.path / ".git" / "info" / "exclude").write_text("seen\n")
    plain.write({"page1.md": "text one\n"})
    plain.git("add", "-A")
    return plain


def seen(repo: Repository, *arguments: str, editor: str = SHOW.format("done")) -> str:
    """Commit, and give what the editor was given; "" where there was none."""
    repo.git(*arguments, env={**os.environ, "GIT_EDITOR": f"f() {{ {editor}; }}; f"})
    return repo.read("seen") if (repo.path / "seen").exists() else ""


def test_an_empty_message_gets_a_proposal_and_others_as_comments(hooked):
    lines = seen(hooked, "commit").split("\n")
    assert lines[0] == "Fix typo in page1.md"
    assert "# Please enter the commit message" in "\n".join(lines)
    assert hooked.git("log", "-1", "--format=%s").strip() == "done"


@pytest.mark.parametrize("options", [["--verbose"], ["--cleanup=scissors"], ["--status"]])
def test_it_works_with_all_ways_to_show_a_change(hooked, options):
    assert seen(hooked, "commit", *options).startswith("Fix typo in page1.md\n")


@pytest.mark.parametrize("sign", [";", "auto"])
def test_it_knows_what_begins_a_comment(hooked, sign):
    hooked.git("config", "core.commentChar", sign)
    hooked.git("commit", "-q")
    assert hooked.git("log", "-1", "--format=%B").strip() == "Fix typo in page1.md"


@pytest.mark.parametrize(
    "arguments",
    [
        ["commit", "-m", "Mine"],
        ["commit", "--amend"],
        ["commit", "--fixup=HEAD"],
        ["commit", "--squash=HEAD", "-m", "Mine"],
        ["commit", "-C", "HEAD"],
    ],
)
def test_a_message_that_is_there_is_left_alone(hooked, arguments):
    hooked.git(*arguments)
    assert "page1" not in hooked.git("log", "-1", "--format=%B")


def test_a_template_that_says_something_is_left_alone(hooked):
    hooked.write({"template": "Ticket: \n# ask Bob\n"})
    assert seen(hooked, "commit", "-t", "template").startswith("Ticket: \n# ask Bob\n")


def test_a_template_of_comments_gets_a_proposal(hooked):
    hooked.write({"template": "# say why\n"})
    assert seen(hooked, "commit", "-t", "template").startswith("Fix typo in page1.md\n")


def test_a_merge_a_revert_and_a_pick_have_their_own_messages(hooked):
    hooked.git("commit", "-q", "-m", "Change a page")
    hooked.git("revert", "--no-edit", "HEAD")
    hooked.git("checkout", "-q", "-b", "side", "HEAD~2")
    hooked.commit("Add a file", {"more.md": "more\n"})
    hooked.git("checkout", "-q", "main")
    assert seen(hooked, "merge", "--edit", "--no-ff", "side").startswith("Merge branch 'side'")
    hooked.git("merge", "--squash", "side~0", ok=True)
    hooked.git("checkout", "-q", "-b", "other", "HEAD~2")
    hooked.git("cherry-pick", "side")
    assert hooked.git("log", "-1", "--format=%s").strip() == "Add a file"


def test_a_commit_without_an_editor_gets_no_message_that_nobody_saw(hooked):
    hooked.git("commit", "-q", "--no-edit", "--allow-empty-message")
    assert hooked.git("log", "-1", "--format=%B").strip() == ""


def test_it_can_be_switched_off(hooked):
    hooked.git("config", "gitmerge-ai.messages", "false")
    assert seen(hooked, "commit").startswith("\n")


@pytest.mark.parametrize("broken", ["index", "python"])
def test_whatever_is_broken_the_commit_is_made(hooked, broken):
    where = git_dir(hooked.path)
    assert where
    if broken == "index":
        (where / "gitmerge-ai").mkdir(exist_ok=True)
        (where / "gitmerge-ai" / "messages.db").write_bytes(b"\0broken")
    else:
        hook = where / "hooks" / "prepare-commit-msg"
        hook.write_text(hook.read_text().replace(sys.executable, "/nowhere/python"))
    seen(hooked, "commit")
    assert hooked.git("log", "-1", "--format=%s").strip() == "done"


def test_the_first_commit_of_all(plain):
    hook_installation.install(plain.path)
    (plain.path / ".git" / "info" / "exclude").write_text("seen\n")
    plain.write({"a.py": "def f():\n    return 1\n"})
    plain.git("add", "-A")
    assert seen(plain, "commit")
    assert plain.git("log", "-1", "--format=%s").strip() == "done"
