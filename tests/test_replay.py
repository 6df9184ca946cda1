"""Replaying: the same conflicts as git's own merge, and a repository that is left as it was."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from repositories import Repository

from gitmerge_ai.repository.replay import (
    BATCH,
    ConflictedPath,
    ReplayedMerge,
    ReplayError,
    replaying,
)

LINES = "".join(f"line {number}\n" for number in range(20))
Edit = Callable[[Path], None]


def git(folder: Path, *arguments: str, check: bool = True) -> str:
    done = Repository(folder).run("git", *arguments)
    assert not check or done.returncode == 0, done.stderr
    return os.fsdecode(done.stdout)


def commit(folder: Path, message: str = "change") -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD").strip()


def branches(folder: Path, base: Edit, ours: Edit, theirs: Edit) -> str:
    """Make a base and two branches off it; stand on ours and merge theirs without committing.

    Returns:
        What `git ls-files -u` says of the merge.
    """
    base(folder)
    commit(folder)
    git(folder, "switch", "-q", "-c", "theirs")
    theirs(folder)
    commit(folder)
    git(folder, "switch", "-q", "main")
    ours(folder)
    commit(folder)
    git(folder, "merge", "-q", "--no-commit", "--no-ff", "theirs", check=False)
    return git(folder, "ls-files", "-u", "-z")


def writes(text: str | bytes, name: str = "file.txt") -> Edit:
    data = text.encode() if isinstance(text, str) else text

    def edit(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_bytes(data)

    return edit


def removes(folder: Path) -> None:
    (folder / "file.txt").unlink()


def moves(text: str, name: str = "moved.txt") -> Edit:
    def edit(folder: Path) -> None:
        removes(folder)
        writes(text, name)(folder)

    return edit


def nothing(folder: Path) -> None:
    del folder


def replay(folder: Path, *revisions: str) -> list[ReplayedMerge]:
    with replaying(folder) as replay:
        return list(replay.replay(replay.merges(*revisions)))


def listed(paths: tuple[ConflictedPath, ...]) -> str:
    """Write conflicted paths as `git ls-files -u -z` does."""
    return "".join(
        f"{stage.mode} {stage.blob} {number}\t{path.path}\0"
        for path in paths
        for number, stage in enumerate((path.base, path.ours, path.theirs), 1)
        if stage
    )


CASES = {
    "content": (writes(LINES), writes(LINES + "ours\n"), writes(LINES + "theirs\n")),
    "add/add": (writes(""), writes("ours\n", "new.txt"), writes("theirs\n", "new.txt")),
    "binary": (writes(b"\0base"), writes(b"\0ours"), writes(b"\0theirs")),
    "modify/delete": (writes(LINES), writes(LINES + "ours\n"), removes),
    "rename/delete": (writes(LINES), moves(LINES), removes),
    "rename/rename": (writes(LINES), moves(LINES, "a.txt"), moves(LINES, "b.txt")),
}


@pytest.mark.parametrize("kind", CASES)
def test_gives_the_stages_of_gits_own_merge(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "repository"
    Repository.init(folder)
    unmerged = branches(folder, *CASES[kind])
    commit(folder, "merge")
    [replayed] = replay(folder)
    assert listed(replayed.conflicted) == unmerged != ""
    assert any(kind in path.kinds for path in replayed.conflicted)
    assert not replayed.failed
    is_text = [path.is_text_conflict for path in replayed.conflicted]
    assert is_text == [kind in ("content", "add/add")] * len(is_text)


def test_follows_a_rename(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    Repository.init(folder)
    ours, theirs = LINES + "ours\n", LINES + "theirs\n"
    unmerged = branches(folder, writes(LINES), moves(ours), writes(theirs))
    merge = commit(folder, "merge")
    with replaying(folder) as replay:
        [replayed] = replay.replay(replay.merges())
        [path] = replayed.conflicted
        stages = (path.base, path.ours, path.theirs)
        texts = [replay.blob(stage.blob) for stage in stages if stage]
    assert listed((path,)) == unmerged
    assert path.path == "moved.txt"
    assert texts == [LINES.encode(), ours.encode(), theirs.encode()]
    assert replayed.merge.commit == merge


def test_a_clean_merge_has_the_tree_of_gits_own(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    Repository.init(folder)
    branches(folder, writes(LINES), writes("ours\n", "a"), writes("theirs\n", "b"))
    commit(folder, "merge")
    [replayed] = replay(folder)
    assert replayed.conflicted == ()
    assert not replayed.failed
    assert replayed.tree == git(folder, "rev-parse", "HEAD^{tree}").strip()


@pytest.mark.parametrize("name", ["a\nb", 'quo"te', "tab\there", "ümlaut", "byte\udcff"])
def test_takes_any_path(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "repository"
    Repository.init(folder)
    edits = [writes(text, name) for text in ("base\n", "ours\n", "theirs\n")]
    unmerged = branches(folder, edits[0], edits[1], edits[2])
    merge = commit(folder, "merge")
    with replaying(folder) as replay:
        [replayed] = replay.replay(replay.merges())
        committed = replay.blob(f"{merge}:{name}")
    assert listed(replayed.conflicted) == unmerged
    assert [path.path for path in replayed.conflicted] == [name]
    # A path with a line feed cannot be asked for, and that is said, not guessed at.
    assert (committed is None) == ("\n" in name)


def test_the_repository_is_not_written(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    Repository.init(folder)
    branches(folder, *CASES["content"])
    commit(folder, "merge")
    (folder / "file.txt").write_text("not committed\n")

    def state() -> dict[Path, tuple[int, int]]:
        found = (path for path in folder.rglob("*") if path.is_file())
        return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in found}

    before = state()
    [replayed] = replay(folder)
    assert replayed.conflicted
    assert state() == before


def test_the_repositorys_drivers_and_attributes_have_no_say(tmp_path: Path) -> None:
    folder, trace = tmp_path / "repository", tmp_path / "ran"
    Repository.init(folder)
    branches(folder, *CASES["content"])
    commit(folder, "merge")
    git(folder, "config", "merge.tracing.driver", f"touch '{trace}'")
    git(folder, "config", "merge.default", "tracing")
    (folder / ".gitattributes").write_text("* merge=union\n")
    (folder / ".git" / "info" / "attributes").write_text("* merge=tracing\n")
    [replayed] = replay(folder)
    assert [path.kinds for path in replayed.conflicted] == [("content",)]
    assert not trace.exists()


def test_the_users_configuration_has_no_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, home = tmp_path / "repository", tmp_path / "home"
    Repository.init(folder)
    branches(folder, writes(LINES), moves(LINES + "ours\n"), writes(LINES + "theirs\n"))
    commit(folder, "merge")
    (home / "git").mkdir(parents=True)
    (home / "git" / "config").write_text("[merge]\n default = union\n")
    (home / "git" / "attributes").write_text("* merge=union\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", os.fspath(home))
    monkeypatch.setenv("HOME", os.fspath(home))
    [replayed] = replay(folder)
    assert [(path.path, path.kinds) for path in replayed.conflicted] == [
        ("moved.txt", ("content",))
    ]


def test_goes_on_after_a_merge_that_cannot_be_run(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    Repository.init(folder)
    branches(folder, *CASES["content"])
    lost = git(folder, "rev-parse", "theirs:file.txt").strip()
    first = commit(folder, "first merge")
    git(folder, "branch", "-q", "-D", "theirs")
    writes(LINES, "second.txt")(folder)
    git(folder, "switch", "-q", "-c", "more")
    commit(folder)
    writes(LINES + "more\n", "second.txt")(folder)
    commit(folder)
    git(folder, "switch", "-q", "main")
    writes("main\n", "second.txt")(folder)
    commit(folder)
    git(folder, "merge", "-q", "more", check=False)
    second = commit(folder, "second merge")
    object_file = folder / ".git" / "objects" / lost[:2] / lost[2:]
    object_file.unlink()
    with replaying(folder) as replay:
        merges = sorted(replay.merges(), key=lambda merge: merge.commit != first)
        broken, whole = replay.replay(merges)
    assert broken.merge.commit == first
    assert broken.failed
    assert whole.merge.commit == second
    assert [path.path for path in whole.conflicted] == ["second.txt"]


def test_replays_more_merges_than_one_process_takes(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    Repository.init(folder)
    branches(folder, *CASES["content"])
    commit(folder, "merge")
    with replaying(folder) as replay:
        [merge] = replay.merges()
        replayed = list(replay.replay([merge] * (2 * BATCH + 1)))
    assert len(replayed) == 2 * BATCH + 1
    assert {len(each.conflicted) for each in replayed} == {1}


def test_conflicting_submodules_do_not_hide_the_next_merge(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    Repository.init(folder)

    def points(commit: str) -> Edit:
        entry = f"160000,{commit * 40},module"
        return lambda at: print(git(at, "update-index", "--add", "--cacheinfo", entry), end="")

    for branch, side in (("main", "1"), ("ours", "2"), ("theirs", "3")):
        git(
            folder,
            "switch",
            "-q",
            "-C",
            branch,
            *(() if branch == "main" else ("main",)),
            check=False,
        )
        points(side)(folder)
        git(folder, "commit", "-q", "-m", branch)
    tree = git(folder, "rev-parse", "ours^{tree}").strip()
    merge = git(folder, "commit-tree", tree, "-p", "ours", "-p", "theirs", "-m", "merge").strip()
    with replaying(folder) as replay:
        [found] = replay.merges(merge)
        first, second = replay.replay([found, found])
    assert [path.path for path in first.conflicted] == ["module"]
    assert second == first
    assert not first.conflicted[0].is_text_conflict


def test_unrelated_histories_have_no_base(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    Repository.init(folder)
    writes("ours\n")(folder)
    commit(folder)
    git(folder, "switch", "-q", "--orphan", "other")
    writes("theirs\n")(folder)
    commit(folder)
    git(folder, "switch", "-q", "main")
    git(folder, "merge", "-q", "--allow-unrelated-histories", "other", check=False)
    commit(folder, "merge")
    with replaying(folder) as replay:
        [replayed] = replay.replay(replay.merges())
        assert replay.bases(replayed.merge) == ()
    assert [path.kinds for path in replayed.conflicted] == [("add/add",)]


def test_a_criss_cross_has_two_bases_and_a_virtual_one(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    Repository.init(folder)
    branches(folder, *CASES["content"])
    writes(LINES + "ours\ntheirs\n")(folder)
    commit(folder, "one way")
    git(folder, "switch", "-q", "theirs")
    git(folder, "merge", "-q", "main^1", check=False)
    writes(LINES + "theirs\nours\n")(folder)
    commit(folder, "the other way")
    git(folder, "switch", "-q", "main")
    git(folder, "merge", "-q", "theirs", check=False)
    unmerged = git(folder, "ls-files", "-u", "-z")
    last = commit(folder, "across")
    with replaying(folder) as replay:
        [across] = [merge for merge in replay.merges() if merge.commit == last]
        [replayed] = replay.replay([across])
        assert len(replay.bases(across)) == 2
        base = replayed.conflicted[0].base
        assert base is not None
        assert b"<<<<<<<" in (replay.blob(base.blob) or b"")
    assert listed(replayed.conflicted) == unmerged


def test_octopus_merges_are_left_out_and_other_refs_are_not(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    Repository.init(folder)
    writes(LINES)(folder)
    base = commit(folder)
    sides = []
    for name in "abc":
        git(folder, "switch", "-q", "--detach", base)
        writes(name, name)(folder)
        sides.append(commit(folder))
    tree = git(folder, "rev-parse", "HEAD^{tree}").strip()
    parents = [part for side in sides for part in ("-p", side)]
    octopus = git(folder, "commit-tree", tree, "-m", "three", *parents).strip()
    pull = git(folder, "commit-tree", tree, "-m", "two", *parents[:4]).strip()
    git(folder, "update-ref", "refs/heads/octopus", octopus)
    git(folder, "update-ref", "refs/pull/1/head", pull)
    assert [each.merge.commit for each in replay(folder)] == [pull]
    assert replay(folder, "--branches") == []


@pytest.mark.parametrize("kind", ["bare", "worktree", "inside", "shallow", "alternates"])
def test_replays_every_kind_of_repository(tmp_path: Path, kind: str) -> None:
    folder, other = tmp_path / "repository", tmp_path / "other"
    Repository.init(folder)
    branches(folder, *CASES["content"])
    commit(folder, "merge")
    if kind == "worktree":
        git(folder, "worktree", "add", "-q", "--detach", os.fspath(other))
    elif kind == "inside":
        other = folder / "deep" / "er"
        other.mkdir(parents=True)
    else:
        options = {"bare": "--bare", "shallow": "--depth=2", "alternates": "--shared"}
        source = f"file://{folder}" if kind == "shallow" else os.fspath(folder)
        git(tmp_path, "clone", "-q", options[kind], source, os.fspath(other))
    [replayed] = replay(other)
    # A shallow clone that ends at the parents has lost their base.
    expected = "add/add" if kind == "shallow" else "content"
    assert [path.kinds for path in replayed.conflicted] == [(expected,)]


def test_a_folder_that_is_no_repository(tmp_path: Path) -> None:
    with pytest.raises(ReplayError, match="not a git repository"), replaying(tmp_path):
        pass


def test_reads_blobs_and_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "1700000001 +0100")
    folder = tmp_path / "repository"
    Repository.init(folder)
    writes("text\n", "folder/file")(folder)
    writes("", "empty")(folder)
    first = commit(folder, "Überschrift\n\nText\n")
    git(folder, "config", "i18n.commitEncoding", "ISO-8859-1")
    (folder / "message").write_bytes("Grüße\n".encode("latin-1"))
    git(folder, "commit", "-q", "--allow-empty", "-F", "message")
    second = git(folder, "rev-parse", "HEAD").strip()
    with replaying(folder) as replay:
        assert replay.blob(f"{first}:folder/file") == b"text\n"
        assert replay.blob(f"{first}:empty") == b""
        assert replay.blob(f"{first}:folder") is None
        assert replay.blob(f"{first}:none of this") is None
        assert replay.blob(first) is None
        known = git(folder, "rev-parse", f"{first}:folder/file").strip()
        assert replay.blob_id(f"{first}:folder/file") == known
        assert replay.blob_id(f"{first}:folder") is None
        assert replay.blob_id(f"{first}:none of this") is None
        assert replay.commit(f"{first}:empty") is None
        written, encoded = replay.commit(first), replay.commit(second)
    assert written is not None
    assert (written.time, written.message) == (1700000001, "Überschrift\n\nText\n")
    assert encoded is not None
    assert encoded.message == "Grüße\n"
