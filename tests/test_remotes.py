"""A remote whose refs move by compare and swap, all or none, and nothing else with them."""

from pathlib import Path

import pytest
from repositories import Repository

from gitmerge_ai.repository import remotes
from gitmerge_ai.repository.index import RepositoryError
from gitmerge_ai.repository.refs import Move
from gitmerge_ai.repository.remotes import Remote

A, B = "refs/test/a", "refs/test/b"


@pytest.fixture
def bare(plain: Repository, tmp_path: Path) -> Repository:
    found = Repository.init(tmp_path / "bare.git", "--bare")
    plain.git("remote", "add", "origin", str(found.path))
    return found


def test_refs_move_from_what_was_seen_only(plain: Repository, bare: Repository) -> None:
    one, two = plain.commit("one", {"f": "1\n"}), plain.commit("two", {"f": "2\n"})
    three = plain.git("commit-tree", "-p", one, "-m", "three", f"{one}^{{tree}}").strip()
    remote = Remote(plain.path, "origin")
    assert remote.push([Move(A, None, two), Move(B, None, two)]) == ""
    assert "stale" in remote.push([Move(A, None, one)])
    assert "stale" in remote.push([Move(A, one, three), Move(B, two, one)])
    assert "stale" in remote.push([Move(A, one, None)])
    assert remote.refs("refs/test/*") == {A: two, B: two}, "none of them has moved"
    assert remote.push([Move(A, two, three), Move(B, two, None)]) == ""
    assert remote.refs("refs/test/*") == {A: three}


def test_only_what_is_named_is_pushed(plain: Repository, bare: Repository) -> None:
    one = plain.commit("one", {"f": "1\n"})
    plain.git("tag", "-a", "-m", "tag", "v1")
    plain.git("config", "push.followTags", "true")
    assert Remote(plain.path, "origin").push([Move(A, None, one)]) == ""
    assert bare.git("for-each-ref", "--format=%(refname)").split() == [A]


def test_only_what_is_named_is_fetched(plain: Repository, bare: Repository) -> None:
    one = plain.commit("one", {"f": "1\n"})
    plain.git("tag", "-a", "-m", "tag", "v1")
    plain.git("push", "-q", "origin", "main", "v1", f"main:{A}")
    other = Repository.init(bare.path.parent / "other")
    other.git("remote", "add", "origin", str(bare.path))
    other.git("config", "fetch.prune", "true")
    other.git("config", "remote.origin.tagOpt", "--tags")
    remote = Remote(other.path, "origin")
    assert remote.fetch(remote.refs(A)[A])
    assert other.git("cat-file", "-t", one).strip() == "commit"
    assert other.git("for-each-ref") == ""
    assert not (other.path / ".git" / "FETCH_HEAD").exists()
    assert not remote.fetch("1" * 40)


def test_what_goes_wrong_is_said(
    plain: Repository, bare: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RepositoryError, match="nowhere"):
        Remote(plain.path, "nowhere").refs(A)
    with pytest.raises(RepositoryError, match="cannot be a remote"):
        Remote(plain.path, "--upload-pack=x")
    one = plain.commit("one", {"f": "1\n"})
    hook = bare.path / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexec tail -f /dev/null\n")
    hook.chmod(0o755)
    monkeypatch.setattr(remotes, "TIMEOUT", 0.5)
    with pytest.raises(RepositoryError, match="did not answer"):
        Remote(plain.path, "origin").push([Move(A, None, one)])
