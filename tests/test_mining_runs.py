"""Mining repositories: each record once, capped, and taken up again where a run stopped."""

import gzip
import json
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from histories import OURS, TAKEN, change, merged, mined
from repositories import Repository, gitmerge_ai

from gitmerge_ai.repository.replay import ReplayError
from gitmerge_ai.training.mining import histories as mining
from gitmerge_ai.training.mining.histories import Caps, Selection, collect, name_of, start
from gitmerge_ai.training.mining.records import path_files, read, region_files


@pytest.fixture
def chunk(monkeypatch: pytest.MonkeyPatch) -> int:
    """Make tasks small, and say how many merges are one."""
    monkeypatch.setattr(mining, "CHUNK", 4)
    return 4


def many_merges(repo: Repository, number: int) -> None:
    """Commit one conflicted merge over and over, without its branches."""
    merged(repo)
    tree = repo.git("rev-parse", "HEAD^{tree}").strip()
    for at in range(number):
        sides = ("-p", "main^1", "-p", "main^2")
        commit = repo.git("commit-tree", tree, *sides, "-m", f"again {at}").strip()
        repo.git("update-ref", f"refs/heads/again-{at}", commit)


def test_a_repository_has_a_cap(plain: Repository, tmp_path: Path, chunk: int) -> None:
    many_merges(plain, chunk)
    summary, regions = mined(plain, tmp_path / "out", Caps(per_repository=1))
    assert len(regions) == 2
    assert summary.counts["merges"]["found"] == chunk + 1
    assert summary.counts["merges"]["run"] == chunk


def test_the_same_history_gives_the_same_bytes(plain: Repository, tmp_path: Path) -> None:
    many_merges(plain, 5)
    for out in ("one", "two"):
        mined(plain, tmp_path / out, Caps(per_merge=1))
    one, two = (
        {file.name: file.read_bytes() for file in (tmp_path / out).iterdir()}
        for out in ("one", "two")
    )
    assert one == two
    assert set(one) == {"plain.jsonl.gz", "plain.paths.jsonl.gz", "plain.json"}


def test_what_is_done_is_not_done_again(plain: Repository, tmp_path: Path) -> None:
    merged(plain)
    first, _ = mined(plain, tmp_path / "out")
    file = tmp_path / "out" / "plain.jsonl.gz"
    before = file.stat().st_mtime_ns, file.stat().st_ino
    seen: set[bytes] = set()
    second, regions = mined(plain, tmp_path / "out", seen=seen)
    assert second == first
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == before
    assert seen == {region.digest for region in regions}


def test_a_new_merge_or_another_cap_is_mined(plain: Repository, tmp_path: Path) -> None:
    merged(plain)
    mined(plain, tmp_path / "out")
    _, capped = mined(plain, tmp_path / "out", Caps(per_file=1))
    assert len(capped) == 1
    plain.git("checkout", "-q", "-b", "more", "main~1")
    plain.commit("theirs", {"file.py": change(OURS, at10="more 10\n")})
    plain.git("checkout", "-q", "main")
    plain.commit("ours", {"file.py": change(TAKEN, at10="main 10\n")})
    plain.git("merge", "-q", "more", ok=False)
    plain.commit("merge", {"file.py": change(TAKEN, at10="more 10\n")})
    _, regions = mined(plain, tmp_path / "out")
    assert [region.ours for region in regions if "10" in region.ours] == ["main 10\n"]
    assert len(regions) == 3


def test_a_run_that_was_stopped_leaves_nothing_half_done(
    plain: Repository, tmp_path: Path, chunk: int
) -> None:
    many_merges(plain, chunk)
    out = tmp_path / "out"
    out.mkdir()

    def stop(merges: int) -> None:
        raise KeyboardInterrupt

    with ThreadPoolExecutor(2) as executor:
        started = start(plain.path, out, executor=executor, caps=Caps())
        with pytest.raises(KeyboardInterrupt):
            collect(started, seen=set(), advance=stop)
    assert list(out.iterdir()) == []
    _, regions = mined(plain, out)
    assert len(regions) == 2


def test_a_file_that_was_cut_off_is_told_and_mined_again(plain: Repository, tmp_path: Path) -> None:
    merged(plain)
    mined(plain, tmp_path / "out")
    file = tmp_path / "out" / "plain.jsonl.gz"
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(ValueError, match="end-of-stream"):
        list(read(file))
    _, regions = mined(plain, tmp_path / "out")
    assert len(regions) == 2


@pytest.mark.parametrize("content", [b"text", gzip.compress(b'{"merge": {}}\n', mtime=0)])
def test_a_file_of_something_else_is_an_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "some.jsonl.gz"
    file.write_bytes(content)
    with pytest.raises(ValueError, match="does not hold what it should"):
        list(read(file))


def test_no_repository(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ReplayError):
        mined(Repository(tmp_path / "empty"), tmp_path / "out")


@pytest.mark.parametrize(
    ("path", "name"),
    [("a/flask", "flask"), ("a/flask.git", "flask"), ("flask/.git", "flask"), ("x+y/repo", "x+y")],
)
def test_names_a_repository_after_its_folder(tmp_path: Path, path: str, name: str) -> None:
    assert name_of(tmp_path / path) == name


def test_regions_and_paths_have_files_of_their_own(plain: Repository, tmp_path: Path) -> None:
    merged(plain)
    mined(plain, tmp_path / "out")
    assert [file.name for file in region_files(tmp_path / "out")] == ["plain.jsonl.gz"]
    assert [file.name for file in path_files(tmp_path / "out")] == ["plain.paths.jsonl.gz"]


def test_only_the_newest_merges(
    plain: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2020-01-01T00:00:00Z")
    merged(plain, TAKEN.replace("ours 5", "old 5"))
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2021-01-01T00:00:00Z")
    tree = plain.git("rev-parse", "main^1^{tree}").strip()
    newer = plain.git("commit-tree", tree, "-p", "main^1", "-p", "main^2", "-m", "newer").strip()
    plain.git("update-ref", "refs/heads/newer", newer)
    for selection in (Selection(limit=1), Selection(since="2020-06-01")):
        _, regions = mined(plain, tmp_path / "out", selection=selection)
        assert {region.merge.commit for region in regions} == {newer}
    _, regions = mined(plain, tmp_path / "out")
    assert len({region.merge.commit for region in regions}) == 2


class Recording(ThreadPoolExecutor):
    """One thread, and what it was given."""

    def __init__(self) -> None:
        super().__init__(1)
        self.futures: list[Future[object]] = []

    def submit(self, *arguments: Any, **named: Any) -> Future[Any]:
        self.futures.append(super().submit(*arguments, **named))
        return self.futures[-1]


def test_what_nobody_waits_for_is_cancelled(plain: Repository, tmp_path: Path, chunk: int) -> None:
    many_merges(plain, 5 * chunk)
    recording = Recording()
    mined(plain, tmp_path / "out", Caps(per_repository=1), executor=recording)
    assert not recording.futures[0].cancelled()
    assert recording.futures[-1].cancelled()


def test_the_command_mines_what_it_can(plain: Repository, tmp_path: Path) -> None:
    merged(plain)
    (tmp_path / "empty").mkdir()
    done = gitmerge_ai("mine", "empty", "plain", "-o", "out", "-j", "1", "--json", cwd=tmp_path)
    [summary] = json.loads(done.stdout)
    assert summary["counts"]["regions"] == {"kept": 2}
    assert done.returncode == 2
    first, last = done.stderr.decode().splitlines()
    assert "not a git repository" in first
    assert "1 of 2" in last
    again = gitmerge_ai("mine", "plain", "-o", "out", cwd=tmp_path)
    assert (again.returncode, again.stderr) == (0, b"")
    assert again.stdout == b"plain: 1 merges, 1 with conflicts, 1 files, 2 regions\n"
    assert len(list(read(tmp_path / "out" / "plain.jsonl.gz"))) == 2


def test_the_command_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        repo = Repository.init(tmp_path / name)
        merged(repo, name=f"{name}.py")
    first = gitmerge_ai("mine", "two", "-o", "out", "-j", "1", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    before = (tmp_path / "out" / "two.jsonl.gz").stat().st_mtime_ns
    names = ("one", "two", "three")
    done = gitmerge_ai("mine", *names, "-o", "out", "-j", "1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode().splitlines()
    assert [line.partition(":")[0] for line in lines] == [*names, "all"]
    assert (tmp_path / "out" / "two.jsonl.gz").stat().st_mtime_ns == before
    # All three have the same conflicts: only the first one's are kept, and two's, mined before.
    assert [line.rpartition(", ")[2] for line in lines] == [
        "2 regions",
        "2 regions",
        "0 regions",
        "4 regions",
    ]


def test_the_command_refuses_two_repositories_of_one_name(tmp_path: Path) -> None:
    for name in ("a/same", "b/same"):
        Repository.init(tmp_path / name)
    done = gitmerge_ai("mine", "a/same", "b/same", "-o", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert b"one file" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_fork_gives_nothing_again(plain: Repository, tmp_path: Path) -> None:
    merged(plain)
    plain.git("clone", "-q", str(plain.path), str(tmp_path / "fork"))
    seen: set[bytes] = set()
    mined(plain, tmp_path / "out", seen=seen)
    summary, regions = mined(Repository(tmp_path / "fork"), tmp_path / "out", seen=seen)
    assert regions == []
    assert summary.counts["regions"] == {"duplicate": 2}
