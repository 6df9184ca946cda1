"""`gitmerge-ai message` and `backtest --messages` as a user runs them."""

import json

import pytest
from repositories import Repository, gitmerge_ai


@pytest.fixture
def repo(plain: Repository) -> Repository:
    for number in range(10):
        plain.commit(f"Fix typo in page{number}.md", {f"page{number}.md": f"text {number}\n"})
    plain.write({"page1.md": "text one\n"})
    plain.git("add", "-A")
    return plain


def said(repo: Repository, *arguments: str, status: int = 0) -> str:
    done = gitmerge_ai(*arguments, cwd=repo.path)
    assert done.returncode == status, done
    return done.stdout.decode()


def test_it_prints_the_best_first(repo):
    assert said(repo, "message").split("\n")[0] == "Fix typo in page1.md"
    assert said(repo, "message", "--candidates", "1") == "Fix typo in page1.md\n"


def test_json_says_where_each_is_from(repo):
    first, *_ = json.loads(said(repo, "message", "--json"))
    assert first["text"] == "Fix typo in page1.md"
    assert first["source"] == "history"
    assert 0 < first["confidence"] <= 1


def test_what_was_typed_is_ended(repo):
    assert said(repo, "message", "--prefix", "Fix ty").startswith("Fix typo in page1.md\n")
    repo.write({"typed": "Fix t\n\n# comment\n"})
    assert said(repo, "message", "--since-typed", "typed").startswith("Fix typo")


def test_nothing_staged_is_nothing_said(repo):
    repo.git("reset", "-q", "--hard")
    assert said(repo, "message") == ""
    assert json.loads(said(repo, "message", "--json")) == []


def test_what_was_typed_is_gone_on_with_though_nothing_is_staged(repo):
    """Somebody amends a commit, say; what belonged to another change is not said of this one."""
    repo.git("reset", "-q", "--hard")
    found = said(repo, "message", "--prefix", "Fix ty").split("\n")
    assert found[0].startswith("Fix typo")
    assert not any("page" in each for each in found)


def test_check_tells_what_is_off(repo):
    repo.write({"good": "Fix page\n# comment\n", "bad": "fixed page.\n"})
    assert said(repo, "message", "--check", "good") == ""
    assert len(said(repo, "message", "--check", "bad", status=1).splitlines()) == 3


def test_errors_are_one_line(repo, tmp_path):
    outside = gitmerge_ai("message", cwd=tmp_path)
    assert (outside.returncode, outside.stderr.count(b"\n")) == (2, 1)
    said(repo, "message", "--prefix", "a", "--check", "page1.md", status=2)


def test_backtest_knows_only_what_came_before(repo):
    found = json.loads(said(repo, "backtest", ".", "--messages", "--last", "4", "--json"))
    every = {(each["group"], each["share"]): each for each in found["figures"]}
    assert every["all", 0]["count"] == 4
    assert every["hard", 0]["count"] == 0
    assert every["all", 25]["means"]["em1"] == 100
    assert all(each["stale"] == 0 for each in found["figures"])
    assert "B-Norm" in said(repo, "backtest", ".", "--messages", "--last", "2")


def test_backtest_asks_of_the_first_commits_if_told(repo):
    first = repo.git("rev-list", "--reverse", "HEAD").split()[:3]
    asked = ("backtest", ".", "--messages", "--young", "--last", "3", "--json")
    found = json.loads(said(repo, *asked))["answers"]
    assert list(dict.fromkeys(each["commit"] for each in found)) == first
    assert all(each["hard"] for each in found if each["commit"] == first[0])


def test_fifty_files_of_every_kind_do_no_harm(repo):
    repo.write({f"many/{n}.bin": b"\0" * n for n in range(50)})
    repo.git("add", "-A")
    said(repo, "message")
