"""Whatever a repository is like, a commit is made, with the message that the person wrote."""

import os
import shutil
import sys

import pytest
from repositories import COMMAND, UNPRIVILEGED, obeys_modes
from told import tell

from gitmerge_ai.messages.index import FILE
from gitmerge_ai.repository import hook_installation

RUSSIAN = [f"Исправить опечатку в page{number}.md" for number in range(12)]
JAPANESE = [f"page{number}.md の誤字を修正" for number in range(12)]
BROKEN = [b"Fix \xff\xfe typo \xe9 %d".decode("utf-8", "surrogateescape") % n for n in range(12)]
STRANGE = [
    "",
    "\n\n\n",
    "x" * 20_000,
    "a\x01b\x7f",
    "# looks like a comment",
    "-m --amend",
    "…" * 99,
]


def commits_as_ever(hooked, *arguments):
    """Commit by way of both hooks, and see that it is what the person wrote."""
    shown = hooked.edited("commit", *arguments, says="By hand")
    assert hooked.last() == "By hand"
    assert "Traceback" not in shown
    return shown.split("\n")[0]


def test_an_empty_change(hooked):
    hooked.git("reset", "-q", "--hard")
    assert commits_as_ever(hooked, "--allow-empty") == ""


def test_the_first_commit_of_all(hooked):
    hooked.git("checkout", "-q", "--orphan", "new")
    commits_as_ever(hooked)
    shutil.rmtree(hooked.path / ".git" / "gitmerge-ai", ignore_errors=True)
    hooked.git("update-ref", "-d", "HEAD")
    commits_as_ever(hooked)


def test_a_shallow_clone(hooked, tmp_path):
    hooked.git("clone", "-q", "--depth", "3", f"file://{hooked.path}", str(tmp_path / "shallow"))
    shallow = type(hooked)(tmp_path / "shallow")
    hook_installation.install(shallow.path)
    shallow.write({"page1.md": "text one\n"})
    shallow.git("add", "-A")
    commits_as_ever(shallow)


def test_a_change_of_binaries_alone(hooked):
    hooked.git("reset", "-q", "--hard")
    hooked.write({"a.bin": bytes(range(256)) * 99, "b.png": b"\x89PNG\0\0"})
    hooked.git("add", "-A")
    commits_as_ever(hooked)


@pytest.mark.parametrize("history", [RUSSIAN, JAPANESE, BROKEN, STRANGE])
def test_messages_of_all_kinds(hooked, history):
    tell(hooked, ((text, {f"page{n}.md": f"text {n}\n"}) for n, text in enumerate(history)))
    hooked.write({"page1.md": "text one\n"})
    hooked.git("add", "-A")
    shown = commits_as_ever(hooked)
    assert history is not RUSSIAN or shown == "Исправить опечатку в page1.md"
    hooked.git(
        "-c", "i18n.commitEncoding=latin-1", "commit", "-q", "--amend", "-m", b"Gr\xf6\xdfer"
    )


def test_names_of_files_in_no_encoding(hooked):
    for name in (b"\xff\xfe.py", b"a\nb.py", b'"quoted" \t.py', "größe.py".encode()):
        with open(os.fsencode(hooked.path) + b"/" + name, "wb") as file:
            file.write(b"def f():\n    return 1\n")
    hooked.git("add", "-A")
    commits_as_ever(hooked)


def test_fifty_thousand_files(hooked):
    blob = hooked.git("hash-object", "-w", "page1.md").strip()
    lines = "".join(f"100644 {blob}\tdir{n % 99}/file{n}.py\n" for n in range(50_000))
    done = hooked.run("git", "update-index", "--index-info", input=lines.encode())
    assert done.returncode == 0
    message = hooked.path / ".git" / "COMMIT_EDITMSG"
    message.write_text("\n# comment\n")
    done = hooked.run(str(hooked.path / ".git" / "hooks" / "prepare-commit-msg"), str(message), "")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert message.read_text().endswith("\n# comment\n")


def test_a_damaged_index_is_built_again(hooked):
    for damage in (b"", b"\0broken", b"SQLite format 3\0" * 300):
        file = hooked.path / ".git" / "gitmerge-ai" / FILE
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(damage)
        assert commits_as_ever(hooked, "--allow-empty")
        assert file.stat().st_size > 5_000
        hooked.git("reset", "-q", "--soft", "HEAD~")


@obeys_modes
@pytest.mark.parametrize("closed", ["gitmerge-ai", "."])
def test_where_nothing_may_be_written(hooked, closed):
    place = hooked.path / ".git" / closed
    place.mkdir(exist_ok=True)
    message = hooked.path / ".git" / "COMMIT_EDITMSG"
    message.write_text("\n# comment\n")
    place.chmod(0o555)
    hook = str(hooked.path / ".git" / "hooks" / "prepare-commit-msg")
    try:
        done = hooked.run(*UNPRIVILEGED, hook, str(message))
        asked = hooked.run(*UNPRIVILEGED, *COMMAND, "message")
    finally:
        place.chmod(0o755)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    expected = "Fix typo in page1.md\n" if closed != "." else ""
    assert message.read_text().startswith(f"{expected}\n# ")
    assert asked.stdout.startswith(b"Fix typo in page1.md\n")
    assert not (hooked.path / ".git" / "gitmerge-ai" / FILE).exists()


def test_a_bare_repository_and_none_at_all(hooked, tmp_path):
    hooked.git("clone", "-q", "--bare", ".", str(tmp_path / "bare"))
    for place in (tmp_path / "bare", tmp_path):
        (place / "message").write_text("\n# comment\n")
        code = "from gitmerge_ai.messages.hooks import main; main()"
        for hook in ("prepare-commit-msg", "commit-msg"):
            command = [sys.executable, "-c", code, hook, str(place / "message"), ""]
            done = type(hooked)(place).run(*command)
            assert (done.returncode, done.stdout) == (0, b"")
        assert (place / "message").read_text().endswith("\n# comment\n")


def test_a_disk_that_is_full_loses_no_message(hooked, tmp_path):
    code = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "from gitmerge_ai.messages.hooks import main; main()"
    )
    message = hooked.path / ".git" / "COMMIT_EDITMSG"
    message.write_text("\n# comment\n")
    done = hooked.run(sys.executable, "-c", code, "prepare-commit-msg", str(message), "")
    assert (done.returncode, done.stdout) == (0, b"")
    assert message.read_text() == "\n# comment\n"
    assert [f.name for f in message.parent.glob("COMMIT_EDITMSG*")] == ["COMMIT_EDITMSG"]
