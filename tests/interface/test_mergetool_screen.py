"""The mergetool in a real terminal, driven by keys alone."""

import os
import signal

import pytest
from repositories import COMMAND, Repository
from terminal import Terminal
from unfinished import FILES, changed, ten_conflicts

from gitmerge_ai.repository import installation

CLASHING = "def f(a):\n    return call(a, {})\n"


def test_ten_conflicts_in_four_files_are_solved_with_keys(plain):
    ten_conflicts(plain)
    with Terminal.mergetool(cwd=plain.path) as screen:
        screen.until("conflict 1 of 2", "file 1 of 4", "suggestions──")
        screen.press("o")
        screen.until("conflict 2 of 2", "1 of 10")
        screen.press("t")
        screen.until("2 of 10")
        screen.press("s")
        screen.until("conflict 1 of 3", "cart.js: written and staged")
        screen.press("b", "B", "a")
        screen.until("5 of 10")
        screen.press("u")
        screen.until("4 of 10", "conflict 3 of 3")
        screen.press("a", "s")
        screen.until("conflict 1 of 4", "suggestions──", "net(items)")
        screen.press("down", "enter")
        screen.until("6 of 10")
        screen.press("2", "o", "t")
        screen.until("9 of 10")
        screen.press("s")
        screen.until("setup.cfg", "9 of 10")
        screen.press("o", "s")
        assert screen.ended() == 0
    assert "UU" not in plain.status()
    assert "size = 30" in plain.read("cart.js")
    assert "a.x + 1" in plain.read("cart.js")
    notes = plain.read("notes.txt")
    assert notes.startswith("alpha and ours\nalpha and theirs\n")
    assert "\nbeta and theirs\nbeta and ours\n" in notes
    assert notes.endswith("\ngamma\n")
    assert "<<<<" not in plain.read("prices.py")
    plain.git("commit", "-q", "-m", "merged")


def rebase_of_five(repo: Repository) -> None:
    """Stop a rebase of five commits, three of which conflict."""
    repo.commit("base", {"f.py": CLASHING.format(0), "g.txt": "g\n"})
    repo.git("branch", "upstream")
    for step in range(1, 6):
        name = "f.py" if step % 2 else f"new{step}"
        repo.commit(f"step {step}", {name: CLASHING.format(step)})
    repo.git("checkout", "-q", "upstream")
    repo.commit("upstream", {"f.py": CLASHING.format(9)})
    repo.git("checkout", "-q", "main")
    repo.git("rebase", "upstream", ok=False)


def test_a_rebase_of_five_steps_with_conflicts_in_three(plain):
    rebase_of_five(plain)
    for step in (1, 3, 5):
        with Terminal.mergetool(cwd=plain.path) as screen:
            screen.until("rebase: 0 of 1 decided", f"step {step}")
            screen.press("b" if step < 5 else "t", "s")
            assert screen.ended() == 0
        plain.git("rebase", "--continue", ok=step == 5)
    assert not (plain.path / ".git" / "rebase-merge").exists()
    assert plain.read("f.py") == CLASHING.format(5)
    assert (plain.path / "new4").exists()


def test_quitting_half_way_changes_nothing_and_coming_back_goes_on(plain):
    ten_conflicts(plain)
    before = {name: plain.bytes_of(name) for name in FILES}
    with Terminal.mergetool(cwd=plain.path) as screen:
        screen.until("conflict 1 of 2")
        screen.press("o", "t")
        screen.until("2 of 10")
        screen.press("q")
        screen.until("2 choices are not written")
        screen.press("q")
        assert screen.ended() == 1
    assert {name: plain.bytes_of(name) for name in FILES} == before
    assert plain.status().count("UU") == 4
    with Terminal.mergetool(cwd=plain.path) as screen:
        screen.until("2 of 10", "your choices from last time are back")
        screen.press("q")
        screen.until("not written")
        screen.press("s")
        assert screen.ended() == 1
    assert "<<<<" not in plain.read("cart.js")
    assert plain.status().count("UU") == 3


def test_a_terminal_that_is_closed_loses_no_choice(plain):
    ten_conflicts(plain)
    with Terminal.mergetool(cwd=plain.path) as screen:
        screen.until("conflict 1 of 2")
        screen.press("o")
        screen.until("1 of 10")
        os.kill(screen.pid, signal.SIGKILL)
        screen.ended()
    with Terminal.mergetool(cwd=plain.path) as screen:
        screen.until("1 of 10", "conflict 2 of 2")
        screen.press("u")
        screen.until("0 of 10")


def test_a_terminal_that_is_resized_shows_the_same_conflict(plain):
    ten_conflicts(plain)
    with Terminal.mergetool(cwd=plain.path) as screen:
        screen.until("the three sides", "conflict 1 of 2")
        screen.press("n")
        screen.until("conflict 2 of 2")
        screen.resize(140, 40)
        screen.until("ours (HEAD)──", "theirs (side)──", "conflict 2 of 2", "let size")
        screen.resize(80, 24)
        screen.until("the three sides", "conflict 2 of 2", "let size")
        screen.resize(40, 10)
        screen.until("conflict 2 of 2")


def test_without_colours_signs_say_what_is_what(plain):
    ten_conflicts(plain)
    with Terminal.mergetool(cwd=plain.path, NO_COLOR="1", COLORTERM="", TERM="vt100") as screen:
        text = screen.until("conflict 1 of 2", "!", "▌", "+", "-")
        assert "ours (HEAD)" in text


def test_help_lists_the_keys_and_origins_the_commits(plain):
    ten_conflicts(plain)
    with Terminal.mergetool(cwd=plain.path, columns=100, rows=50) as screen:
        screen.until("conflict 1 of 2")
        screen.press("?")
        screen.until("take both, theirs first", "undo", "quit; what is not written")
        screen.press("escape")
        screen.until(lambda text: "undo" not in text.rpartition("\n")[0])
        screen.press("w")
        screen.until("where these lines come from", "A U Thor", "theirs (side)")
        commits = [plain.git("rev-parse", "--short", name).strip() for name in ("main", "side")]
        screen.until(*commits)


def test_a_conflict_can_be_edited_in_place_and_in_an_editor(plain):
    ten_conflicts(plain)
    editor = plain.path.parent / "editor"
    editor.write_text('#!/bin/sh\nsed -i "s/a\\.[xy]/edited()/" "$1"\n')
    editor.chmod(0o755)
    with Terminal.mergetool(cwd=plain.path, GIT_EDITOR=str(editor)) as screen:
        screen.until("conflict 1 of 2")
        screen.press("e")
        screen.until("1 of 10")
        screen.press("i")
        screen.until("ctrl+s takes it")
        screen.press("// here ")
        screen.until("// here let size")
        screen.press("\x13")
        screen.until("2 of 10")
        screen.press("s")
        screen.until("notes.txt")
    assert "return edited()" in plain.read("cart.js")
    assert "// here let size" in plain.read("cart.js")


def test_the_mouse_takes_what_it_clicks(plain):
    ten_conflicts(plain)
    with Terminal.mergetool(cwd=plain.path) as screen:
        screen.until("conflict 1 of 2", "suggestions──")
        row = next(n for n, line in enumerate(screen.screen.display, 1) if line.startswith("2 "))
        screen.press(f"\x1b[<0;20;{row}M", f"\x1b[<0;20;{row}m")
        screen.until("1 of 10 decided")
        column = screen.screen.display[-1].index("undo") + 1
        screen.press(f"\x1b[<0;{column};24M", f"\x1b[<0;{column};24m")
        screen.until("0 of 10 decided")


def test_every_key_can_be_pressed_anywhere(plain):
    plain.commit("base", {"gone": "x\n", "text": CLASHING.format(1)})
    plain.git("checkout", "-q", "-b", "side")
    plain.git("rm", "-q", "gone")
    plain.commit("theirs", {"text": CLASHING.format(2)})
    plain.git("checkout", "-q", "main")
    plain.commit("ours", {"text": CLASHING.format(3), "gone": "y\n"})
    plain.git("merge", "side", ok=False)
    keys = "np][jk123456789otbBa=xurzz \t\x1b[5~\x1b[6~"
    with Terminal.mergetool(cwd=plain.path) as screen:
        for title in ("deleted by theirs", "both modified"):
            screen.until(title)
            screen.press(*keys, "[" if title.startswith("both") else "]")
        screen.until("deleted by theirs")
        screen.press("x", "]", "x", "[")
        screen.until("deleted by theirs", "0 of 2 decided")
        screen.press("q")
        assert screen.ended() == 1
    assert plain.status() == "UD gone\nUU text\n"


def test_equal_conflicts_and_confident_ones_are_taken_at_once(plain):
    files = [{f"f{n}": f"{side}\n" for n in range(3)} for side in ("base", "ours", "theirs")]
    plain.diverge(*files)
    plain.git("merge", "side", ok=False)
    with Terminal.mergetool(cwd=plain.path) as screen:
        screen.until("2 equal to this one (=)")
        screen.press("=")
        screen.until("3 of 3 decided", "taken for 3 equal conflicts")
        screen.press("u")
        screen.until("0 of 3 decided")
        screen.press("c")
        screen.until("percent:")
        screen.press("1", "enter")
        screen.until("3 of 3 decided", "3 taken at 1% or above, 0 open")
        screen.press("S")
        assert screen.ended() == 0
    assert plain.status().count("UU") == 0


def test_git_mergetool_opens_it_and_stages_what_is_done(plain):
    where = installation.scope(False, plain.path)
    installation.install(where, installation.parts()["mergetool"])
    ten_conflicts(plain)
    with Terminal("git", "mergetool", "cart.js", cwd=plain.path) as screen:
        screen.until("conflict 1 of 2", "cart.js", "0 of 2 decided")
        screen.press("o")
        screen.until("1 of 2 decided")
        screen.press("q")
        screen.until("not written")
        screen.press("q")
        assert screen.ended() == 1
    assert plain.status().startswith("UU cart.js")
    with Terminal("git", "mergetool", "cart.js", cwd=plain.path) as screen:
        screen.until("1 of 2 decided")
        screen.press("o", "s")
        assert screen.ended() == 0
    assert plain.read("cart.js") == changed("ours")["cart.js"]
    assert "UU cart.js" not in plain.status()


def test_names_and_texts_of_any_bytes_are_shown_and_kept(plain):
    name = os.fsdecode(b"[bold]\xff\n.py")
    sides = [b"[red]\x1b[2J\xe9\tx\r\n" + side for side in (b"base\n", b"ours\n", b"theirs\n")]
    plain.diverge(*({name: data} for data in sides))
    plain.git("merge", "side", ok=False)
    with Terminal.mergetool(cwd=plain.path) as screen:
        screen.until("[bold]�␊.py", "[red]␛[2J� ")
        screen.press("t", "s")
        assert screen.ended() == 0
        screen.until("[bold]�␊.py: written and staged")
    assert plain.bytes_of(name) == sides[2]


def test_a_pipe_is_told_what_to_use(plain):
    ten_conflicts(plain)
    done = plain.run(*COMMAND, "mergetool")
    assert done.returncode == 2
    assert b"--plain or --auto" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("--plain",), ("--auto",)])
def test_nothing_to_resolve_is_said(plain, arguments):
    plain.commit("base", {"f": "f\n"})
    done = plain.run(*COMMAND, "mergetool", *arguments)
    assert (done.returncode, done.stdout) == (0, b"nothing to resolve\n")
