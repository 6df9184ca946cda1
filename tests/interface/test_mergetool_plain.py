"""The mergetool without a screen: numbered prompts, and by confidence alone."""

import os
import subprocess
import sys

import pytest
from repositories import Repository
from unfinished import changed, ten_conflicts

START = "from gitmerge_ai.cli import main; main()"


def answering(repo: Repository, *lines: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run with prompts and give it these lines."""
    return subprocess.run(
        [sys.executable, "-c", START, "mergetool", "--plain"],
        cwd=repo.path,
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **env},
    )


def stopped(repo: Repository) -> Repository:
    """Stop a merge with two conflicts in a file."""
    gap = "\n" * 5
    sides = (f"{side} 1\n{gap}{side} 2\n" for side in ("base", "ours", "theirs"))
    repo.diverge(*({"f": text} for text in sides))
    repo.git("merge", "side", ok=False)
    return repo


def test_ten_conflicts_are_solved_with_lines(plain):
    ten_conflicts(plain)
    answers = [*"tts", *"ttts", *"tttts", *"ts"]
    done = answering(plain, *answers)
    assert done.returncode == 0, done.stderr
    assert plain.git("diff", "--cached", "side") == ""
    assert "\x1b" not in done.stdout


def test_what_is_said_tells_all_that_a_screen_shows(plain):
    said = answering(stopped(plain)).stdout
    assert "File 1 of 1, f: both modified, conflict 1 of 2, 2 open in all." in said
    assert "Ours (HEAD) from line 1:\n    ours 1\nBase from line 1:\n    base 1\n" in said
    assert "Theirs (side) from line 1:\n    theirs 1\n1. " in said
    assert "% by " in said
    assert "Caution: drops theirs' line 1" in said


def test_the_end_of_input_keeps_choices_and_writes_nothing(plain):
    stopped(plain)
    before = plain.read("f")
    done = answering(plain, "o")
    assert done.returncode == 1
    assert "1 choice is not written; kept for next time" in done.stdout
    assert plain.read("f") == before
    again = answering(plain, "t", "s")
    assert "Your choices from last time are back" in again.stdout
    assert again.returncode == 0
    assert plain.read("f") == "ours 1\n" + "\n" * 5 + "theirs 2\n"


def test_every_letter_does_what_help_says(plain):
    stopped(plain)
    (plain.path.parent / "editor").write_text('#!/bin/sh\necho written by hand > "$1"\n')
    (plain.path.parent / "editor").chmod(0o755)
    lines = ["?", "show 1", "n", "p", "a", "u", "r", "x", "p", "B", "w", "e", "s"]
    done = answering(plain, *lines, GIT_EDITOR=str(plain.path.parent / "editor"))
    assert "a number   take that suggestion" in done.stdout
    assert "A U Thor: theirs" in done.stdout
    assert plain.read("f").startswith("theirs 1\nours 1\n\n")
    assert plain.read("f").endswith("\n\nwritten by hand\n")


def test_what_cannot_be_done_is_said_and_asked_again(plain):
    wrong = ["77", "nonsense", "show", "show x", "e 50"]
    done = answering(stopped(plain), *wrong, "o", "o", "s")
    assert done.stdout.count("there is no suggestion") == len(wrong)
    assert done.returncode == 0


def test_one_answer_can_do_for_all_equal_conflicts(plain):
    files = [{f"f{n}": f"{side}\n" for n in range(3)} for side in ("base", "ours", "theirs")]
    plain.diverge(*files)
    plain.git("merge", "side", ok=False)
    done = answering(plain, "t=", "s", "s", "s")
    assert "Taken for 3 conflicts." in done.stdout
    assert done.returncode == 0
    assert {plain.read(f"f{n}") for n in range(3)} == {"theirs\n"}


def test_questions_are_asked_as_what_they_are(plain):
    plain.commit("base", {"f": "f\n"})
    plain.git("checkout", "-q", "-b", "side")
    plain.git("rm", "-q", "f")
    plain.git("commit", "-q", "-m", "gone")
    plain.git("checkout", "-q", "main")
    plain.commit("changed", {"f": "g\n"})
    plain.git("merge", "side", ok=False)
    done = answering(plain, "2", "s")
    assert "f: deleted by theirs, changed by ours" in done.stdout
    assert "\n2. delete it, 45% by rules.\n" in done.stdout
    assert done.returncode == 0
    assert not (plain.path / "f").exists()


def auto(repo: Repository, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    return repo.run(sys.executable, "-c", START, "mergetool", "--auto", *arguments)


def test_auto_takes_what_is_confident_enough(plain):
    stopped(plain)
    done = auto(plain, "--min-confidence", "0")
    assert done.returncode == 0, done.stderr
    assert done.stdout == b"f: written and staged\n"
    assert "<<<<" not in plain.read("f")


def test_auto_leaves_what_is_not(plain):
    before = ten_conflicts(plain).read("notes.txt")
    done = auto(plain, "--min-confidence", "1")
    assert done.returncode == 1
    assert b"notes.txt: nothing is confident enough" in done.stdout
    assert plain.read("notes.txt") == before
    assert plain.status().count("UU") == 4


def test_auto_asks_no_question(plain):
    plain.diverge({"f": b"\0"}, {"f": b"\0o"}, {"f": b"\0t"})
    plain.git("merge", "side", ok=False)
    done = auto(plain, "--min-confidence", "0")
    assert (done.returncode, done.stdout) == (1, b"f: binary: left for you\n")


def test_four_files_work_without_a_repository(tmp_path):
    texts = {"base": "b\n", "local": "o\n", "remote": "t\n"}
    texts["merged"] = "<<<<<<< a\no\n=======\nt\n>>>>>>> b\n"
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    command = [sys.executable, "-c", START, "mergetool", "--plain", *texts]
    done = subprocess.run(
        command, cwd=tmp_path, input="w\nt\ns\n", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "merged").read_text() == "t\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("one",), "give four files"),
        (("--plain", "--auto"), "exclude each other"),
        (("a", "b", "c", "gone"), "gone: no such file"),
    ],
)
def test_a_wrong_call_is_one_line(plain, arguments, words):
    done = plain.run(sys.executable, "-c", START, "mergetool", *arguments)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert words.encode() in done.stderr


def test_install_sets_git_mergetool_up_and_uninstall_takes_it_back(plain):
    plain.git("config", "merge.tool", "vimdiff")
    run = [sys.executable, "-c", START]
    done = plain.run(*run, "install", "--no-driver", "--mergetool")
    assert b"git mergetool still opens vimdiff" in done.stdout
    assert plain.git("config", "merge.tool") == "vimdiff\n"
    plain.git("config", "--unset", "merge.tool")
    plain.run(*run, "install", "--mergetool")
    assert plain.git("config", "merge.tool") == "gitmerge-ai\n"
    assert plain.git("config", "mergetool.gitmerge-ai.trustExitCode") == "true\n"
    plain.run(*run, "uninstall")
    assert "mergetool" not in plain.git("config", "--list", "--local")


def test_a_choice_for_all_is_what_ours_is(plain):
    ten_conflicts(plain)
    answering(plain, *"oos", "q")
    assert plain.read("cart.js") == changed("ours")["cart.js"]
