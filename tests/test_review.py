"""`review` and `explain` after real merges: text, JSON and the page."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pages import Page
from repositories import BASE, OURS, RESOLVED, THEIRS, Repository, gitmerge_ai, invoked

LATER = "\n\ndef later(a):\n    return 0\n"


def run(repo: Repository, *arguments: str, code: int = 0) -> str:
    done = invoked(repo.path, *arguments)
    assert done.exit_code == code, done.output
    return done.stdout


def review(repo: Repository, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run(repo, "review", "--json", *arguments))
    return found


def explained(repo: Repository, place: str) -> dict[str, Any]:
    done = invoked(repo.path, "explain", "--json", place)
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.exit_code == (0 if found["automatic"] else 1)
    return found


@pytest.fixture
def merged(repo: Repository) -> Repository:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    repo.git("merge", "-q", "side")
    return repo


def name(repo: Repository, revision: str = "HEAD") -> str:
    return repo.git("rev-parse", revision).strip()


def test_the_last_merge(merged: Repository) -> None:
    [step] = review(merged)
    assert (step["operation"], step["commit"]) == ("merge", name(merged))
    assert (step["head"], step["merged"]) == (name(merged, "HEAD^1"), name(merged, "HEAD^2"))
    [file] = step["files"]
    assert (file["path"], file["left"]) == ("a.py", 0)
    [one] = file["resolutions"]
    assert one["lines"] == one["lines_now"] == [5, 5]
    assert (one["stage"], one["pattern"]) == ("syntax", "merged")
    assert one["sides"]["base"] == "    return call(a, 1)\n"
    assert one["text"] == "    return other(a, 2)\n"
    assert 0 < one["confidence"] <= 1
    patterns = [other["pattern"] for other in one["alternatives"]]
    assert len(patterns) == 2
    assert {"ours", "theirs"} & set(patterns)
    assert all(other["text"] != one["text"] for other in one["alternatives"])
    [again] = explained(merged, "a.py:5")["step"]["files"][0]["resolutions"]
    assert again == one
    said = run(merged, "review")
    assert "a.py:5" in said
    assert "return other(a, 2)" in said


def test_a_commit(merged: Repository) -> None:
    assert review(merged, "HEAD") == review(merged)
    assert review(merged, "HEAD^1") == review(merged, "HEAD^2") == []
    merge = name(merged)
    merged.commit("later", {"a.py": merged.read("a.py") + LATER})
    assert review(merged, "HEAD") == []
    assert review(merged, merge)[0]["commit"] == merge
    assert review(merged)[0]["commit"] == merge
    assert "nothing" in run(merged, "review", "HEAD")


def test_a_merge_that_comes_out_as_one_side_is(repo: Repository) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": RESOLVED}, {"a.py": THEIRS})
    tip = name(repo, "side")
    repo.git("merge", "-q", tip)
    assert repo.read("a.py") == RESOLVED
    [step] = review(repo)
    assert step["commit"] == name(repo)
    assert review(repo, "HEAD") == [step]
    assert f"merge of {tip[:9]} into {name(repo, 'HEAD^1')[:9]}, in " in run(repo, "review")


def test_a_merge_that_a_person_finished(repo: Repository) -> None:
    base, ours, theirs = {"a.py": BASE + LATER}, OURS + LATER, THEIRS + LATER
    repo.diverge(
        base,
        {"a.py": ours.replace("return 0", "return 1")},
        {"a.py": theirs.replace("return 0", "return 2")},
    )
    repo.git("merge", "-q", "side", ok=False)
    [step] = review(repo)
    assert (step["commit"], step["files"][0]["left"]) == (None, 1)
    text = repo.read("a.py")
    start, end = text.index("<<<<<<<"), text.index(">>>>>>> side\n") + len(">>>>>>> side\n")
    repo.commit("by hand", {"a.py": "# first\n" + text[:start] + "    return 3\n" + text[end:]})
    [step] = review(repo, "HEAD")
    assert step["commit"] == name(repo)
    assert step["files"][0]["resolutions"][0]["lines_now"] == [6, 6]
    assert review(repo) == [step]


def test_a_resolution_that_was_edited_is_not_there_any_more(repo: Repository) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    repo.git("merge", "-q", "--no-commit", "side")
    repo.commit("by hand", {"a.py": BASE.replace("call(a, 1)", "mine()")})
    assert review(repo, "HEAD") == []
    [step] = review(repo)
    assert step["files"][0]["resolutions"][0]["lines_now"] is None
    assert "no longer there" in run(repo, "review")


def test_a_merge_that_was_aborted(repo: Repository) -> None:
    files = ({"a.py": BASE, "b": "1"}, {"a.py": OURS, "b": "2"}, {"a.py": THEIRS, "b": "3"})
    repo.diverge(*files)
    repo.git("merge", "-q", "side", ok=False)
    repo.git("merge", "--abort")
    [step] = review(repo)
    assert step["commit"] is None
    assert step["files"][0]["resolutions"][0]["lines_now"] is None
    repo.git("merge", "-q", "side", ok=False)
    [step] = review(repo)
    assert len(step["files"]) == 1, "the same merge once more"
    assert step["files"][0]["resolutions"][0]["lines_now"] == [5, 5]


def rebased(repo: Repository) -> None:
    repo.commit("base", {"a.py": BASE + LATER})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("one", {"a.py": THEIRS + LATER})
    repo.commit("two", {"b": "b\n"})
    repo.commit("three", {"a.py": (THEIRS + LATER).replace("return 0", "return add(0)")})
    repo.git("checkout", "-q", "main")
    repo.commit("ours", {"a.py": (OURS + LATER).replace("return 0", "return 1")})
    repo.git("rebase", "-q", "main", "side")


def test_a_rebase_and_its_steps(repo: Repository) -> None:
    rebased(repo)
    steps = review(repo)
    assert [step["commit"] for step in steps] == [name(repo, "side~2"), name(repo, "side")]
    assert review(repo, "side~2") == steps[:1]
    assert review(repo, "side~") == []
    assert review(repo, "side") == steps[1:]


def amend(repo: Repository) -> None:
    repo.write({"b": "b\n"})
    repo.git("add", "b")
    repo.git("commit", "-q", "--amend", "-m", "amended")


def rebase_once_more(repo: Repository) -> None:
    repo.git("checkout", "-q", "-b", "onto", "side~")
    repo.commit("another start", {"c": "c\n"})
    repo.git("rebase", "-q", "--onto", "onto", "main^1", "main")


@pytest.mark.parametrize("act", [amend, rebase_once_more], ids=lambda act: act.__name__)
def test_a_commit_that_was_made_anew(repo: Repository, act: Callable[[Repository], None]) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    repo.git("cherry-pick", "side")
    act(repo)
    [step] = review(repo, "HEAD")
    assert step["files"][0]["path"] == "a.py"


def test_a_stash_that_is_committed(repo: Repository) -> None:
    assert repo.pop(THEIRS, OURS).returncode == 0
    [step] = review(repo)
    assert (step["operation"], step["commit"]) == ("stash", None)
    repo.git("commit", "-q", "-a", "-m", "what was stashed")
    assert review(repo, "HEAD")[0]["commit"] == review(repo)[0]["commit"] == name(repo)


def test_what_resolve_settled(plain: Repository) -> None:
    plain.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    plain.git("merge", "-q", "side", ok=False)
    before, stages = plain.read("a.py"), plain.git("ls-files", "-s")
    run(plain, "resolve", "--add")
    [step] = review(plain)
    assert (step["operation"], step["files"][0]["by"]) == ("merge", "resolve")
    run(plain, "undo")
    assert (plain.read("a.py"), plain.git("ls-files", "-s")) == (before, stages)
    run(plain, "undo")
    plain.git("commit", "-q", "-a", "-m", "merged")
    assert review(plain, "HEAD")[0]["commit"] == name(plain)


def test_nothing_to_review(plain: Repository) -> None:
    assert review(plain) == []
    assert "nothing was resolved" in run(plain, "review")
    plain.commit("one", {"a": "a\n"})
    assert review(plain, "HEAD") == []
    done = gitmerge_ai("review", "nonsense", cwd=plain.path)
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)


def test_the_page(repo: Repository) -> None:
    texts = [text.encode().replace(b"call(a, ", b"call('<script>&\xff', ") for text in (BASE, OURS)]
    theirs = texts[0].replace(b"call", b"other").replace(b"\xff'", b"\xff', b")
    repo.diverge({"a<b.py": texts[0]}, {"a<b.py": texts[1]}, {"a<b.py": theirs})
    repo.git("merge", "-q", "side")
    run(repo, "review", "--html", "report.html")
    text = (repo.path / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.open == []
    assert page.references == []
    assert "script" not in re.findall(r"<\s*(\w+)", text)
    assert "a<b.py:5" in page.words
    assert "return other('<script>&?', b, 2)" in page.words
    assert '<span class="theirs">other</span>' in text
    assert '<span class="ours">2</span>' in text


def test_the_page_of_nothing(plain: Repository, tmp_path: Path) -> None:
    run(plain, "review", "--html", str(tmp_path / "report.html"))
    assert "Nothing" in Page((tmp_path / "report.html").read_text()).words


def test_explain(merged: Repository) -> None:
    found = explained(merged, "a.py:5")
    assert found["automatic"] is True
    assert found["written_in"] == found["step"]["commit"] == name(merged)
    assert found["resolution"]["pattern"] == "merged"
    other = explained(merged, "a.py:1")
    assert (other["automatic"], other["written_in"]) == (False, name(merged, "HEAD~2"))
    assert "a.py:5 was resolved automatically" in run(merged, "explain", "a.py:5")
    assert "not resolved automatically" in run(merged, "explain", "a.py:1", code=1)


def test_explain_lines_that_one_side_wrote(repo: Repository) -> None:
    """Git blames a side for them; that they stand together is the resolution's doing."""
    repo.diverge(
        {"requirements.txt": "a\n"}, {"requirements.txt": "a\nb\n"}, {"requirements.txt": "a\nc\n"}
    )
    repo.git("merge", "-q", "side")
    assert repo.read("requirements.txt") == "a\nb\nc\n"
    found = [explained(repo, f"requirements.txt:{line}") for line in (1, 2, 3)]
    assert [one["automatic"] for one in found] == [False, True, True]
    assert [one["written_in"] for one in found[1:]] == [name(repo, "HEAD^1"), name(repo, "HEAD^2")]


def test_explain_after_later_changes(merged: Repository) -> None:
    merge = name(merged)
    merged.commit("later", {"a.py": "# new\n" + merged.read("a.py")})
    merged.git("mv", "a.py", "b.py")
    merged.git("commit", "-q", "-m", "renamed")
    found = explained(merged, "b.py:6")
    assert (found["automatic"], found["step"]["commit"]) == (True, merge)
    assert explained(merged, "b.py:1")["automatic"] is False
    merged.commit("changed", {"b.py": merged.read("b.py").replace("other(a, 2)", "mine()")})
    assert explained(merged, "b.py:6")["automatic"] is False


def test_explain_what_is_not_committed(repo: Repository) -> None:
    repo.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    repo.git("merge", "-q", "--no-commit", "side")
    found = explained(repo, "a.py:5")
    assert (found["automatic"], found["written_in"], found["step"]["commit"]) == (True, None, None)


def test_an_aborted_merge_explains_nothing(repo: Repository) -> None:
    repo.diverge(
        {"requirements.txt": "a\n", "x": "1"},
        {"requirements.txt": "a\nb\n", "x": "2"},
        {"requirements.txt": "a\nc\n", "x": "3"},
    )
    repo.git("merge", "-q", "side", ok=False)
    assert explained(repo, "requirements.txt:2")["automatic"] is True
    repo.git("merge", "--abort")
    assert explained(repo, "requirements.txt:2")["automatic"] is False


@pytest.mark.parametrize("place", ["a.py", "a.py:x", "a.py:999", "nothing:1", "../x:1"])
def test_explain_of_what_is_not_there(merged: Repository, place: str) -> None:
    assert run(merged, "explain", place, code=2) == ""
