"""Mining: what people made of each conflict, once, capped, and taken up again where it stopped."""

import gzip
import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from repositories import ROOT, Repository, gitmerge_ai

from gitmerge_ai.repository.replay import ReplayError
from gitmerge_ai.training import mining
from gitmerge_ai.training.mining import Caps, Selection, collect, name_of, start
from gitmerge_ai.training.records import (
    MinedRegion,
    Summary,
    path_files,
    read,
    read_paths,
    region_files,
)

BASE = "".join(f"line {number} = {number}\n" for number in range(30))


def change(text: str, **lines: str) -> str:
    """Replace lines, named `at5`, of a text."""
    rows = text.splitlines(keepends=True)
    for name, line in lines.items():
        rows[int(name.removeprefix("at"))] = line
    return "".join(rows)


OURS = change(BASE, at5="ours 5\n", at20="ours 20\n")
THEIRS = change(BASE, at5="theirs 5\n", at20="theirs 20\n")
TAKEN = change(BASE, at5="ours 5\n", at20="theirs 20\nours 20\n")


@pytest.fixture
def executor() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


def merged(repo: Repository, committed: str | None = TAKEN, name: str = "file.py") -> str:
    """Merge two branches in conflict as people would: the result is `committed`."""
    repo.diverge({name: BASE}, {name: OURS}, {name: THEIRS})
    repo.git("merge", "-q", "side", ok=False)
    if committed is None:
        repo.git("rm", "-q", "-f", name)
        return repo.commit("Merge the side", {"other": ""})
    return repo.commit("Merge the side", {name: committed})


def mined(
    repo: Repository,
    out: Path,
    executor: Executor,
    caps: Caps | None = None,
    seen: set[bytes] | None = None,
    selection: Selection | None = None,
) -> tuple[Summary, list[MinedRegion]]:
    out.mkdir(exist_ok=True)
    started = start(repo.path, out, executor=executor, caps=caps or Caps(), selection=selection)
    summary = collect(started, seen=set() if seen is None else seen, advance=lambda merges: None)
    return summary, list(read(out / f"{name_of(repo.path)}.jsonl.gz"))


def test_finds_what_people_made_of_each_region(
    plain: Repository, tmp_path: Path, executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "1700000000 +0000")
    commit = merged(plain)
    base = plain.git("merge-base", "main^1", "main^2").strip()
    summary, regions = mined(plain, tmp_path / "out", executor)
    first, second = regions
    assert (first.base, first.ours, first.theirs) == ("line 5 = 5\n", "ours 5\n", "theirs 5\n")
    assert first.resolution == "ours 5\n"
    assert second.resolution == "theirs 20\nours 20\n"
    assert first.before == "".join(BASE.splitlines(keepends=True)[:5])
    assert second.before == first.before + "ours 5\n" + "".join(
        BASE.splitlines(keepends=True)[6:20]
    )
    assert second.after == "".join(BASE.splitlines(keepends=True)[21:])
    assert [(each.number, each.of_file, each.of_merge) for each in regions] == [
        (0, 2, 2),
        (1, 2, 2),
    ]
    assert (first.repository, first.path, first.language) == ("plain", "file.py", "python")
    assert first.kinds == ("content",)
    assert first.blobs == tuple(
        plain.git("rev-parse", f"{name}:file.py").strip() for name in (base, "main^1", "main^2")
    )
    facts = first.merge
    assert (facts.commit, facts.bases, facts.message) == (commit, (base,), "Merge the side\n")
    assert {facts.time, facts.ours_time, facts.theirs_time, facts.base_time} == {1700000000}
    assert facts.on_branch
    assert summary.counts == {
        "merges": {"found": 1, "run": 1, "conflicted": 1},
        "paths": {"content": 1},
        "files": {"read": 1},
        "regions": {"kept": 2},
    }


def test_drops_and_counts_a_region_that_does_not_align(
    plain: Repository, tmp_path: Path, executor: Executor
) -> None:
    merged(plain, change(TAKEN, at4="rewritten\n"))
    summary, regions = mined(plain, tmp_path / "out", executor)
    assert [region.number for region in regions] == [1]
    assert summary.counts["regions"] == {"unaligned": 1, "kept": 1}


@pytest.mark.parametrize(
    ("committed", "why"),
    [
        (None, "gone"),
        (TAKEN + "<<<<<<< left\n=======\n>>>>>>> behind\n", "marked"),
        (TAKEN + "\0", "binary"),
        (TAKEN + "x" * 1_000_001, "large"),
    ],
    ids=["gone", "marked", "binary", "large"],
)
def test_says_why_a_file_is_of_no_use(
    plain: Repository, tmp_path: Path, executor: Executor, committed: str | None, why: str
) -> None:
    merged(plain, committed)
    summary, regions = mined(plain, tmp_path / "out", executor)
    assert regions == []
    assert summary.counts["files"] == {why: 1}


def test_an_added_file_gives_regions_as_git_leaves_them(
    plain: Repository, tmp_path: Path, executor: Executor
) -> None:
    plain.diverge({"README": ""}, {"file.py": OURS}, {"file.py": THEIRS})
    plain.git("merge", "-q", "side", ok=False)
    plain.commit("merge", {"file.py": TAKEN})
    _, regions = mined(plain, tmp_path / "out", executor)
    assert [(each.base, each.ours, each.theirs) for each in regions] == [
        ("", "ours 5\n", "theirs 5\n"),
        ("", "ours 20\n", "theirs 20\n"),
    ]
    assert regions[0].kinds == ("add/add",)
    assert regions[0].blobs[0] == ""


def test_bytes_of_no_known_code_come_back(
    plain: Repository, tmp_path: Path, executor: Executor
) -> None:
    sides = [f"{text}\n".encode("latin-1") for text in ("Bär", "Löwe", "Kühe")]
    plain.diverge(*({"a.txt": side} for side in sides))
    plain.git("merge", "-q", "side", ok=False)
    plain.commit("merge", {"a.txt": sides[1]})
    _, [region] = mined(plain, tmp_path / "out", executor)
    texts = (region.base, region.ours, region.theirs)
    assert [text.encode("utf-8", "surrogateescape") for text in texts] == sides


def test_tells_a_branch_from_other_refs(
    plain: Repository, tmp_path: Path, executor: Executor
) -> None:
    commit = merged(plain)
    plain.git("update-ref", "refs/pull/1/head", commit)
    plain.git("reset", "-q", "--hard", "HEAD^1")
    _, regions = mined(plain, tmp_path / "out", executor)
    assert [region.merge.on_branch for region in regions] == [False, False]


def test_counts_what_became_of_deleted_files(
    plain: Repository, tmp_path: Path, executor: Executor
) -> None:
    plain.commit("base", {"kept": "a\n", "dropped": "a\n"})
    plain.git("checkout", "-q", "-b", "side")
    plain.git("rm", "-q", "kept", "dropped")
    plain.git("commit", "-q", "-m", "theirs")
    plain.git("checkout", "-q", "main")
    plain.commit("ours", {"kept": "b\n", "dropped": "b\n"})
    plain.git("merge", "-q", "side", ok=False)
    plain.git("rm", "-q", "dropped")
    plain.commit("merge", {"kept": "b\n"})
    summary, regions = mined(plain, tmp_path / "out", executor)
    assert regions == []
    assert summary.counts["fates"] == {
        "modify/delete, not in theirs: ours": 1,
        "modify/delete, not in theirs: deleted": 1,
    }


def test_a_fork_gives_nothing_again(plain: Repository, tmp_path: Path, executor: Executor) -> None:
    merged(plain)
    plain.git("clone", "-q", str(plain.path), str(tmp_path / "fork"))
    seen: set[bytes] = set()
    mined(plain, tmp_path / "out", executor, seen=seen)
    summary, regions = mined(Repository(tmp_path / "fork"), tmp_path / "out", executor, seen=seen)
    assert regions == []
    assert summary.counts["regions"] == {"duplicate": 2}


@pytest.mark.parametrize("caps", [Caps(per_file=1), Caps(per_merge=1)], ids=["file", "merge"])
def test_caps_are_drawn(plain: Repository, tmp_path: Path, executor: Executor, caps: Caps) -> None:
    merged(plain)
    summary, regions = mined(plain, tmp_path / "out", executor, caps)
    assert len(regions) == 1
    assert regions[0].of_merge == 2
    assert summary.counts["regions"] == {"over a cap": 1, "kept": 1}


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


def test_a_repository_has_a_cap(
    plain: Repository, tmp_path: Path, executor: Executor, chunk: int
) -> None:
    many_merges(plain, chunk)
    summary, regions = mined(plain, tmp_path / "out", executor, Caps(per_repository=1))
    assert len(regions) == 2
    assert summary.counts["merges"]["found"] == chunk + 1
    assert summary.counts["merges"]["run"] == chunk


def test_the_same_history_gives_the_same_bytes(
    plain: Repository, tmp_path: Path, executor: Executor
) -> None:
    many_merges(plain, 5)
    for out in ("one", "two"):
        mined(plain, tmp_path / out, executor, Caps(per_merge=1))
    one, two = (
        {file.name: file.read_bytes() for file in (tmp_path / out).iterdir()}
        for out in ("one", "two")
    )
    assert one == two
    assert set(one) == {"plain.jsonl.gz", "plain.paths.jsonl.gz", "plain.json"}


def test_what_is_done_is_not_done_again(
    plain: Repository, tmp_path: Path, executor: Executor
) -> None:
    merged(plain)
    first, _ = mined(plain, tmp_path / "out", executor)
    file = tmp_path / "out" / "plain.jsonl.gz"
    before = file.stat().st_mtime_ns, file.stat().st_ino
    seen: set[bytes] = set()
    second, regions = mined(plain, tmp_path / "out", executor, seen=seen)
    assert second == first
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == before
    assert seen == {region.digest for region in regions}


def test_a_new_merge_or_another_cap_is_mined(
    plain: Repository, tmp_path: Path, executor: Executor
) -> None:
    merged(plain)
    mined(plain, tmp_path / "out", executor)
    _, capped = mined(plain, tmp_path / "out", executor, Caps(per_file=1))
    assert len(capped) == 1
    plain.git("checkout", "-q", "-b", "more", "main~1")
    plain.commit("theirs", {"file.py": change(OURS, at10="more 10\n")})
    plain.git("checkout", "-q", "main")
    plain.commit("ours", {"file.py": change(TAKEN, at10="main 10\n")})
    plain.git("merge", "-q", "more", ok=False)
    plain.commit("merge", {"file.py": change(TAKEN, at10="more 10\n")})
    _, regions = mined(plain, tmp_path / "out", executor)
    assert [region.ours for region in regions if "10" in region.ours] == ["main 10\n"]
    assert len(regions) == 3


def test_a_run_that_was_stopped_leaves_nothing_half_done(
    plain: Repository, tmp_path: Path, executor: Executor, chunk: int
) -> None:
    many_merges(plain, chunk)
    out = tmp_path / "out"
    out.mkdir()

    def stop(merges: int) -> None:
        raise KeyboardInterrupt

    started = start(plain.path, out, executor=executor, caps=Caps())
    with pytest.raises(KeyboardInterrupt):
        collect(started, seen=set(), advance=stop)
    assert list(out.iterdir()) == []
    _, regions = mined(plain, out, executor)
    assert len(regions) == 2


def test_a_file_that_was_cut_off_is_told_and_mined_again(
    plain: Repository, tmp_path: Path, executor: Executor
) -> None:
    merged(plain)
    mined(plain, tmp_path / "out", executor)
    file = tmp_path / "out" / "plain.jsonl.gz"
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(ValueError, match="end-of-stream"):
        list(read(file))
    _, regions = mined(plain, tmp_path / "out", executor)
    assert len(regions) == 2


@pytest.mark.parametrize("content", [b"text", gzip.compress(b'{"merge": {}}\n', mtime=0)])
def test_a_file_of_something_else_is_an_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "some.jsonl.gz"
    file.write_bytes(content)
    with pytest.raises(ValueError, match="does not hold what it should"):
        list(read(file))


def test_no_repository(tmp_path: Path, executor: Executor) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ReplayError):
        mined(Repository(tmp_path / "empty"), tmp_path / "out", executor)


@pytest.mark.parametrize(
    ("path", "name"),
    [("a/flask", "flask"), ("a/flask.git", "flask"), ("flask/.git", "flask"), ("x+y/repo", "x+y")],
)
def test_names_a_repository_after_its_folder(tmp_path: Path, path: str, name: str) -> None:
    assert name_of(tmp_path / path) == name


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


def test_the_command_refuses_two_repositories_of_one_name(tmp_path: Path) -> None:
    for name in ("a/same", "b/same"):
        Repository.init(tmp_path / name)
    done = gitmerge_ai("mine", "a/same", "b/same", "-o", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert b"one file" in done.stderr
    assert not (tmp_path / "out").exists()


def test_cases_for_the_benchmarks(plain: Repository, tmp_path: Path) -> None:
    commit = merged(plain)
    script = [sys.executable, str(ROOT / "benchmarks" / "cases.py")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = plain.run(*script, str(plain.path), "-o", str(tmp_path / "out"), env=environment)
    assert done.returncode == 0, done.stderr
    case = tmp_path / "out" / "python" / f"plain-{commit[:8]}-0"
    texts = {"base": BASE, "ours": OURS, "theirs": THEIRS, "expected": TAKEN}
    assert {name: (case / f"{name}.py").read_text() for name in texts} == texts
    facts = json.loads((case / "meta.json").read_text())
    assert (facts["repo"], facts["merge"], facts["path"]) == ("plain", commit, "file.py")


def test_says_what_the_structured_merge_and_the_histories_tell(
    plain: Repository, tmp_path: Path, executor: Executor
) -> None:
    base, ours, theirs = (
        f"def call(a):\n    return {text}\n\n\n{BASE}"
        for text in ("first(a, 1)", "first(a, 2)", "other(a, 1)")
    )
    both = base.replace("first(a, 1)", "other(a, 2)")
    plain.diverge(
        {"file.py": base},
        {"file.py": ours.replace("line 20 = 20", "line 20 = 21")},
        {"file.py": theirs.replace("line 20 = 20", "line 20 = 22")},
    )
    plain.git("merge", "-q", "side", ok=False)
    plain.commit("merge", {"file.py": both})
    _, [first, second] = mined(plain, tmp_path / "out", executor)
    assert first.merged == first.resolution == "    return other(a, 2)\n"
    assert second.merged is None
    assert first.facts["past known"] == 1.0


def test_a_file_that_takes_long_is_not_merged(
    plain: Repository, tmp_path: Path, executor: Executor
) -> None:
    base, ours, theirs = (f"call({text})\n" for text in ("1, 2", "2, 2", "1, 3"))
    large = "".join(f"line = {number}\n" for number in range(30_000))
    plain.diverge({"a.py": base + large}, {"a.py": ours + large}, {"a.py": theirs + large})
    plain.git("merge", "-q", "side", ok=False)
    plain.commit("merge", {"a.py": "call(2, 3)\n" + large})
    _, [region] = mined(plain, tmp_path / "out", executor)
    assert region.merged is None


def deleted(repo: Repository) -> None:
    """Merge a side that deleted three files which ours changed: one stays, two go."""
    repo.commit("base", {"kept.py": BASE, "dropped.py": BASE, "mended.py": BASE})
    repo.git("checkout", "-q", "-b", "side")
    repo.git("rm", "-q", "kept.py", "dropped.py", "mended.py")
    repo.git("commit", "-q", "-m", "theirs")
    repo.git("checkout", "-q", "main")
    repo.commit("ours", dict.fromkeys(("kept.py", "dropped.py", "mended.py"), OURS + "more\n"))
    repo.git("merge", "-q", "side", ok=False)
    repo.git("rm", "-q", "dropped.py")
    repo.commit("merge", {"kept.py": OURS + "more\n", "mended.py": TAKEN})


def test_keeps_paths_without_regions(plain: Repository, tmp_path: Path, executor: Executor) -> None:
    deleted(plain)
    summary, regions = mined(plain, tmp_path / "out", executor)
    assert regions == []
    assert summary.counts["other paths"] == {"kept": 3}
    [file] = path_files(tmp_path / "out")
    paths = {path.path: path for path in read_paths(file)}
    outcomes = {name: path.outcome for name, path in paths.items()}
    assert outcomes == {"dropped.py": "deleted", "kept.py": "ours", "mended.py": "changed"}
    kept = paths["kept.py"]
    assert (kept.kinds, kept.language, kept.of_merge) == (("modify/delete",), "python", 3)
    assert kept.modes == ("100644", "100644", "")
    assert kept.blobs == (
        *(plain.git("rev-parse", f"{at}:kept.py").strip() for at in ("main~2", "main^1")),
        "",
    )
    assert (kept.lines, kept.added, kept.removed) == ((30, 31, 0), (3, 0), (2, 0))
    assert kept.merge.message == "merge\n"


def test_a_binary_file_has_no_lines(plain: Repository, tmp_path: Path, executor: Executor) -> None:
    plain.diverge({"a.bin": b"a\n\0"}, {"a.bin": b"b\n\0"}, {"a.bin": b"c\n\0"})
    plain.git("merge", "-q", "side", ok=False)
    plain.commit("merge", {"a.bin": b"c\n\0"})
    mined(plain, tmp_path / "out", executor)
    [path] = read_paths(tmp_path / "out" / "plain.paths.jsonl.gz")
    assert (path.outcome, path.lines, path.added) == ("theirs", (0, 0, 0), (0, 0))
    assert "binary" in path.kinds


def test_caps_and_forks_hold_for_paths_too(
    plain: Repository, tmp_path: Path, executor: Executor
) -> None:
    deleted(plain)
    seen: set[bytes] = set()
    summary, _ = mined(plain, tmp_path / "out", executor, Caps(per_merge=2), seen)
    assert summary.counts["other paths"] == {"over a cap": 1, "kept": 2}
    plain.git("clone", "-q", str(plain.path), str(tmp_path / "fork"))
    summary, _ = mined(
        Repository(tmp_path / "fork"), tmp_path / "out", executor, Caps(per_merge=2), seen
    )
    assert summary.counts["other paths"] == {"over a cap": 1, "duplicate": 2}
    summary, _ = mined(plain, tmp_path / "few", executor, Caps(per_repository=1))
    assert summary.counts["other paths"]["kept"] == 1


def test_regions_and_paths_have_files_of_their_own(
    plain: Repository, tmp_path: Path, executor: Executor
) -> None:
    merged(plain)
    mined(plain, tmp_path / "out", executor)
    assert [file.name for file in region_files(tmp_path / "out")] == ["plain.jsonl.gz"]
    assert [file.name for file in path_files(tmp_path / "out")] == ["plain.paths.jsonl.gz"]


def test_only_the_newest_merges(
    plain: Repository, tmp_path: Path, executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2020-01-01T00:00:00Z")
    merged(plain, TAKEN.replace("ours 5", "old 5"))
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2021-01-01T00:00:00Z")
    tree = plain.git("rev-parse", "main^1^{tree}").strip()
    newer = plain.git("commit-tree", tree, "-p", "main^1", "-p", "main^2", "-m", "newer").strip()
    plain.git("update-ref", "refs/heads/newer", newer)
    for selection in (Selection(limit=1), Selection(since="2020-06-01")):
        _, regions = mined(plain, tmp_path / "out", executor, selection=selection)
        assert {region.merge.commit for region in regions} == {newer}
    _, regions = mined(plain, tmp_path / "out", executor)
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
    with Recording() as recording:
        mined(plain, tmp_path / "out", recording, Caps(per_repository=1))
        assert not recording.futures[0].cancelled()
        assert recording.futures[-1].cancelled()


def test_the_command_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    for name in ("one", "two", "three", "four"):
        repo = Repository.init(tmp_path / name)
        merged(repo, name=f"{name}.py")
    first = gitmerge_ai("mine", "two", "-o", "out", "-j", "1", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    before = (tmp_path / "out" / "two.jsonl.gz").stat().st_mtime_ns
    names = ("one", "two", "three", "four")
    done = gitmerge_ai("mine", *names, "-o", "out", "-j", "1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode().splitlines()
    assert [line.partition(":")[0] for line in lines] == [*names, "all"]
    assert (tmp_path / "out" / "two.jsonl.gz").stat().st_mtime_ns == before
    # All four have the same conflicts: only the first one's are kept, and two's, mined before.
    assert [line.rpartition(", ")[2] for line in lines] == [
        "2 regions",
        "2 regions",
        "0 regions",
        "0 regions",
        "4 regions",
    ]
