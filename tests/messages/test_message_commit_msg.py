"""`commit-msg` in real commits: it says what is off, and stops a commit only if asked to."""

import subprocess
import sys

import pytest

OFF = "gitmerge-ai: the subject ends with a full stop"


def said(repo, *arguments, status=0):
    done = repo.run("git", *arguments)
    assert done.returncode == status, done
    return done.stderr.decode()


def test_it_says_what_is_off_and_the_commit_is_made(hooked):
    assert OFF in said(hooked, "commit", "-m", "fixed the page.")
    assert hooked.last() == "fixed the page."


def test_nothing_is_said_of_a_message_like_the_others(hooked):
    assert said(hooked, "commit", "-q", "-m", "Fix the first page") == ""


def test_it_stops_a_commit_if_asked(hooked):
    hooked.git("config", "gitmerge-ai.messageCheck", "block")
    assert OFF in said(hooked, "commit", "-m", "Fix the page.", status=1)
    assert hooked.last() == "Fix typo in page11.md"
    said(hooked, "commit", "-q", "-m", "Fix the page")
    hooked.git("config", "gitmerge-ai.messageCheck", "none")
    hooked.write({"page2.md": "text two\n"})
    assert said(hooked, "commit", "-q", "-a", "-m", "fixed it.") == ""


def test_automatic_messages_are_not_looked_over(hooked):
    hooked.git("config", "gitmerge-ai.messageCheck", "block")
    said(hooked, "commit", "-q", "-m", "Change a page")
    said(hooked, "revert", "--no-edit", "HEAD")
    hooked.write({"page2.md": "text two\n"})
    said(hooked, "commit", "-q", "-a", "--fixup=HEAD")
    hooked.git("checkout", "-q", "-b", "side", "HEAD~1")
    hooked.write({"page3.md": "text three\n"})
    said(hooked, "commit", "-q", "-a", "-m", "Change another page")
    hooked.git("checkout", "-q", "main")
    said(hooked, "merge", "-q", "-m", "merged the side.", "side")
    assert hooked.last() == "merged the side."


def test_comments_and_what_is_below_the_scissors_do_not_count(hooked):
    hooked.git("config", "gitmerge-ai.messageCheck", "block")
    hooked.edited("commit", "--verbose", says="")
    assert hooked.last() == "Fix typo in page1.md"


def test_a_hook_that_was_there_may_refuse_first(hooked):
    before = hooked.path / ".git" / "hooks" / "commit-msg.before-gitmerge-ai"
    before.write_text("#!/bin/sh\nexit 7\n")
    before.chmod(0o755)
    said(hooked, "commit", "-m", "Fix the page", status=1)


@pytest.mark.parametrize("text", [b"\xff\xfe\x00", "修正".encode(), b"", b"\n" * 9, b"x" * 99_999])
def test_no_message_breaks_it(hooked, text):
    hooked.git("config", "gitmerge-ai.messageCheck", "block")
    (hooked.path / "message").write_bytes(text)
    code = "from gitmerge_ai.messages.hooks import main; main()"
    command = [sys.executable, "-c", code, "commit-msg", "message"]
    done = subprocess.run(command, cwd=hooked.path, capture_output=True, check=False)
    assert done.returncode in (0, 10)
    assert b"Traceback" not in done.stderr
