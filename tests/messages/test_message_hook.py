"""`prepare-commit-msg` in real commits: it helps where nothing was written, and else keeps away."""

import os
import subprocess
import sys

import pytest

from gitmerge_ai.repository.hook_managers import manager
from gitmerge_ai.repository.installation import git_dir

PROPOSED = "Fix typo in page1.md"


def test_an_empty_message_gets_a_proposal_and_others_as_comments(hooked):
    lines = hooked.edited("commit").split("\n")
    assert lines[0] == PROPOSED
    assert lines[1:3] == ["", "# or:"]
    assert lines[3].startswith("# ")
    assert "# Please enter the commit message" in "\n".join(lines)
    assert hooked.last() == "done"


@pytest.mark.parametrize("options", [["--verbose"], ["--cleanup=scissors"], ["--status"]])
def test_it_works_with_all_ways_to_show_a_change(hooked, options):
    assert hooked.edited("commit", *options).startswith(f"{PROPOSED}\n")


@pytest.mark.parametrize("cleanup", ["scissors", "whitespace", "verbatim"])
@pytest.mark.parametrize("option", ["--no-verbose", "--verbose"])
def test_alternatives_are_never_committed_where_git_keeps_comments(hooked, cleanup, option):
    hooked.git("config", "commit.cleanup", cleanup)
    seen = hooked.edited("commit", option, says="")
    assert seen.startswith(f"{PROPOSED}\n")
    assert ("# or:" in seen) is (cleanup == "scissors")
    assert "# or:" not in hooked.last()
    if cleanup == "scissors":
        assert hooked.last() == PROPOSED
        head, _, rest = seen.partition(">8")
        assert "# or:" not in head
        assert rest.index("will be ignored.\n#\n# or:\n# ") < rest.index("#\n# On branch")


def test_what_is_not_sure_enough_is_shown_as_comments_only(hooked):
    unsure = "from gitmerge_ai.messages import hooks; hooks.UNASKED = 1.1; hooks.main()"
    (hooked.path / "message").write_text("\n# comment\n")
    hooked.run(sys.executable, "-c", unsure, "prepare-commit-msg", "message")
    lines = hooked.read("message").split("\n")
    assert lines[:3] == ["", "# perhaps:", f"# {PROPOSED}"]
    assert lines[-3:] == ["", "# comment", ""]
    (hooked.path / "message").write_text("")
    hooked.run(sys.executable, "-c", unsure, "prepare-commit-msg", "message")
    assert hooked.read("message") == ""


@pytest.mark.parametrize("sign", [";", "auto"])
def test_it_knows_what_begins_a_comment(hooked, sign):
    hooked.git("config", "core.commentChar", sign)
    hooked.git("commit", "-q")
    assert hooked.last() == PROPOSED


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
    assert PROPOSED not in hooked.git("log", "-1", "--format=%B")


def test_a_template_that_says_something_is_left_alone(hooked):
    hooked.write({"template": "Ticket: \n# ask Bob\n"})
    assert hooked.edited("commit", "-t", "template").startswith("Ticket: \n# ask Bob\n")


def test_a_template_of_comments_gets_a_proposal(hooked):
    hooked.write({"template": "# say why\n"})
    assert hooked.edited("commit", "-t", "template").startswith(f"{PROPOSED}\n")


def test_a_merge_a_revert_and_a_pick_have_their_own_messages(hooked):
    hooked.git("commit", "-q", "-m", "Change a page")
    hooked.git("revert", "--no-edit", "HEAD")
    hooked.git("checkout", "-q", "-b", "side", "HEAD~2")
    hooked.commit("Add a file", {"more.md": "more\n"})
    hooked.git("checkout", "-q", "main")
    assert hooked.edited("merge", "--edit", "--no-ff", "side").startswith("Merge branch 'side'")
    hooked.git("merge", "--squash", "side~0", ok=True)
    hooked.git("checkout", "-q", "-b", "other", "HEAD~2")
    hooked.git("cherry-pick", "side")
    assert hooked.last() == "Add a file"


def test_a_commit_without_an_editor_gets_no_message_that_nobody_saw(hooked):
    hooked.git("commit", "-q", "--no-edit", "--allow-empty-message")
    assert hooked.last() == ""


def test_it_can_be_switched_off(hooked):
    hooked.git("config", "gitmerge-ai.messages", "false")
    assert hooked.edited("commit").startswith("\n")


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
    hooked.edited("commit")
    assert hooked.last() == "done"


def test_an_autosquash_and_a_reworded_commit_keep_their_messages(hooked):
    hooked.git("commit", "-q", "-m", "Change a page")
    hooked.commit("fixup! Change a page", {"page1.md": "text once\n"})
    hooked.git("-c", "sequence.editor=true", "rebase", "-q", "-i", "--autosquash", "HEAD~2")
    assert hooked.last() == "Change a page"
    reword = "sed -i s/^pick/reword/"
    text = hooked.edited("-c", f"sequence.editor={reword}", "rebase", "-q", "-i", "HEAD~1", says="")
    assert text.startswith("Change a page\n")
    assert "typo" not in text


def test_an_empty_message_under_a_rebase_is_the_person_s(hooked):
    hooked.git("commit", "-q", "-m", "Change a page")
    stop = "sed -i s/^pick/edit/"
    hooked.git("-c", f"sequence.editor={stop}", "rebase", "-q", "-i", "HEAD~1")
    hooked.write({"page2.md": "text two\n"})
    hooked.git("add", "-A")
    assert "typo" not in hooked.edited("commit")


@pytest.mark.parametrize("name", [".githooks", "hooks dir"])
def test_hooks_in_another_folder_run_the_same(hooked, name):
    place = hooked.path / ".git" / name
    (hooked.path / ".git" / "hooks").rename(place)
    hooked.git("config", "core.hooksPath", str(place))
    assert hooked.edited("commit").startswith(f"{PROPOSED}\n")


@pytest.mark.parametrize("folder", [".husky", ".managed"])
def test_a_hook_manager_runs_the_lines_that_are_given_for_it(hooked, on_path, folder):
    hooked.git("config", "core.hooksPath", folder)
    found = manager(hooked.path)
    for file, line in (said.split(maxsplit=1) for said in found.add.split("\n")):
        hooked.write({file: f"#!/bin/sh -e\n{line}\n"})
        (hooked.path / file).chmod(0o755)
    assert manager(hooked.path).mentioned
    assert hooked.edited("commit", says="fixed it.", PATH=on_path).startswith(f"{PROPOSED}\n")
    assert hooked.last() == "fixed it."
    hooked.git("config", "gitmerge-ai.messageCheck", "block")
    told = {"env": {**os.environ, "PATH": on_path}}
    hooked.git("commit", "-q", "--allow-empty", "-m", "fixed it.", ok=False, **told)
    hooked.git("commit", "-q", "--allow-empty", "-m", "Fix it", **told)
    for name in ("prepare-commit-msg", "commit-msg"):
        assert hooked.run(str(hooked.path / folder / name), "message").returncode == 0


def test_the_framework_s_word_for_where_a_message_is_from_counts(hooked):
    (hooked.path / "message").write_text("\n# comment\n")
    command = [sys.executable, "-m", "gitmerge_ai.messages.hooks", "prepare-commit-msg", "message"]
    for source, first in (("commit", ""), ("", PROPOSED)):
        environment = {**os.environ, "PRE_COMMIT_COMMIT_MSG_SOURCE": source}
        hooked.run(*command, env=environment)
        assert hooked.read("message").split("\n")[0] == first


def test_a_hook_that_was_there_runs_first_and_what_it_writes_stays(hooked):
    (hooked.path / ".git" / "hooks" / "prepare-commit-msg.before-gitmerge-ai").write_text(
        '#!/bin/sh\necho "From the other hook" > "$1"\n'
    )
    (hooked.path / ".git" / "hooks" / "prepare-commit-msg.before-gitmerge-ai").chmod(0o755)
    assert hooked.edited("commit").startswith("From the other hook\n")


def test_a_tool_without_an_editor_that_asks_the_hook_gets_the_subject_alone(hooked):
    file = hooked.path / ".git" / "PREPARE_COMMIT_MSG"  # as git-gui does
    file.write_text("")
    hooked.run(str(hooked.path / ".git" / "hooks" / "prepare-commit-msg"), str(file))
    assert file.read_text() == f"{PROPOSED}\n"


def test_a_message_that_a_tool_gives_is_left_alone(hooked):
    hooked.write({"message": ""})
    hooked.git("commit", "-q", "-F", "message", "--allow-empty-message")
    assert hooked.last() == ""


def test_it_is_over_when_its_time_is(hooked):
    hooked.git("config", "gitmerge-ai.messageTimeout", "0.3")
    slow = (
        "import sys; from gitmerge_ai.messages import hooks; import time\n"
        "hooks.prepare = lambda *a: time.sleep(9)\n"
        "hooks.main()"
    )
    done = hooked.run(sys.executable, "-c", slow, "prepare-commit-msg", "file", "", timeout=5)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_the_hook_starts_without_the_command_line():
    code = "import gitmerge_ai.messages.hooks, sys; print(sorted({} & set(sys.modules)))"
    slow = "{'click', 'rich', 'pygit2', 'tree_sitter', 'sqlite3', 'json', 'urllib.request'}"
    done = subprocess.run(
        [sys.executable, "-c", code.format(slow)], capture_output=True, check=True
    )
    assert done.stdout == b"[]\n"
