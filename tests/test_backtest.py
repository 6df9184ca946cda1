"""Backtest: a history replayed, every conflict counted once, and as it came out."""

import json
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import asdict
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from pages import Page
from repositories import BASE, CLASHING, OURS, RESOLVED, THEIRS, Repository, gitmerge_ai
from rich.console import Console

from gitmerge_ai.interface.backtest_page import page
from gitmerge_ai.interface.backtest_text import show
from gitmerge_ai.repository import config
from gitmerge_ai.repository.replay import replaying
from gitmerge_ai.text.markers import Region
from gitmerge_ai.training.backtesting.judging import judge, still_open
from gitmerge_ai.training.backtesting.merging import merge_all, open_file
from gitmerge_ai.training.backtesting.replaying import backtest
from gitmerge_ai.training.backtesting.reports import Asked, Report
from gitmerge_ai.training.backtesting.reports import report as report_of
from gitmerge_ai.values import Conflict, MergeResult, Sides

Json = dict[str, Any]

SPACED = RESOLVED.replace("(a, 2)", "(a,  2)")


def merge(
    repo: Repository, name: str, people: str | None, ours: str = OURS, theirs: str = THEIRS
) -> str:
    """Merge two branches that changed `BASE`, as people would who made `people` of it."""
    repo.commit(f"add {name}", {name: BASE})
    repo.git("branch", "-f", "side")
    repo.commit("ours", {name: ours})
    repo.git("switch", "-q", "side")
    repo.commit("theirs", {name: theirs})
    repo.git("switch", "-q", "main")
    repo.run("git", "merge", "-q", "--no-ff", "side")
    if people is None:
        repo.git("rm", "-q", "-f", name)
    else:
        repo.write({name: people})
    repo.git("add", "-A")
    repo.git("commit", "-q", "--allow-empty", "-m", f"merge {name}")
    return repo.git("rev-parse", "HEAD").strip()


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    """Give a repository with a merge of every kind."""
    with pytest.MonkeyPatch.context() as patch:
        for who in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{who}_NAME", "A U Thor")
            patch.setenv(f"GIT_{who}_EMAIL", "author@example.com")
            patch.setenv(f"GIT_{who}_DATE", "1700000000 +0000")
        repo = Repository.init(tmp_path_factory.mktemp("history") / "team")
        merge(repo, "exact.py", RESOLVED)
        same = ("-p", "HEAD^1", "-p", "HEAD^2", "-m", "the same merge once more")
        repo.git("branch", "again", repo.git("commit-tree", "HEAD^{tree}", *same).strip())
        merge(repo, "space.py", SPACED)
        merge(repo, "different.py", OURS)
        merge(repo, "left.py", OURS, theirs=CLASHING)
        merge(repo, "clean.py", OURS + "x = 1\n", theirs=BASE + "x = 1\n")
        merge(repo, "gone.py", None)
        merge(repo, "around.py", RESOLVED + "\nelsewhere = 1\n")
        merge(repo, "untold.txt", "nothing of it\n")
        yield repo


class Inline(Executor):
    """Does the work at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def replayed(repo: Repository, since: str | None = None, limit: int | None = None) -> Report:
    configured = config.read(repo.path)
    found = backtest(
        repo.path,
        executor=Inline(),
        settings=configured,
        since=since,
        limit=limit,
        watch=lambda what, done, of: None,
    )
    return report_of(Asked("team", since, limit, configured.min_confidence, 1), found, 1.0)


def backtested(repo: Repository, since: str | None = None, limit: int | None = None) -> Json:
    """Give a report as `--json` prints it."""
    found: Json = json.loads(json.dumps(asdict(replayed(repo, since, limit))))
    return found


@pytest.fixture(scope="module")
def report(history: Repository) -> Json:
    return backtested(history)


def test_every_merge_and_every_path_is_counted_once(report: Json) -> None:
    assert report["merges"] == {"replayed": 9, "conflicted": 8, "failed": 0}
    assert report["paths"] == {
        "count": 8,
        "unmerged": {},
        "dropped": {"repeated": 1, "gone": 1},
        "judged": 6,
    }


def test_the_outcomes_of_files_and_conflicts_are_told_apart(report: Json) -> None:
    files = {"count": 6, "exact": 1, "space": 1, "left": 1, "different": 3}
    conflicts = {"count": 6, "exact": 2, "space": 1, "left": 1, "different": 1, "unaligned": 1}
    assert report["total"]["files"] == files
    assert report["total"]["conflicts"] == conflicts
    assert report["untold"] == 1
    assert report["people"] == {"merged": 3, "ours": 2}


def test_each_conflict_belongs_to_the_stage_that_resolved_it(report: Json) -> None:
    by_name = {stage["name"]: stage for stage in report["stages"]}
    assert list(by_name)[:5] == ["lines", "lineset", "notebook", "syntax", "token"]
    assert list(by_name)[5:7] == ["rules", "classifier"]
    resolved = [stage for stage in report["stages"] if stage["conflicts"]["count"]]
    assert sum(stage["conflicts"]["count"] for stage in resolved) == 5
    assert sum(stage["files"]["count"] for stage in resolved) == 5
    assert {stage["name"] for stage in resolved} <= {"syntax", "token"}


def test_suggestions_are_compared_with_what_always_taking_a_side_gives(
    report: Json,
) -> None:
    offers = report["total"]["suggestions"]
    assert offers["count"] == 5
    assert (offers["ours"], offers["theirs"]) == (2, 0)
    assert offers["top1"] <= offers["top3"] == 5
    assert offers["exact3"] == 4
    last = report["curve"][-1]
    assert last["coverage"] == 1
    assert last["precision"] == offers["top1"] / offers["count"]


def test_the_tables_by_language_and_year_add_up(report: Json) -> None:
    assert {row["name"]: row["tally"]["files"]["count"] for row in report["languages"]} == {
        "python": 5,
        "other": 1,
    }
    (year,) = report["years"]
    assert year == {"year": 2023, "merges": report["merges"], "tally": report["total"]}


def test_a_difference_is_listed_with_all_texts(report: Json) -> None:
    assert report["differing"] == 3
    untold, around, different = report["cases"]
    assert (different["path"], different["line"]) == ("different.py", 5)
    assert different["base"] == "    return call(a, 1)\n"
    assert different["ours"] == different["people"] == "    return call(a, 2)\n"
    assert different["theirs"] == "    return other(a, 1)\n"
    assert different["result"] == "    return other(a, 2)\n"
    assert (around["path"], around["line"], around["base"]) == ("around.py", 0, None)
    assert "elsewhere" in around["people"]
    assert "elsewhere" not in around["result"]
    assert (untold["line"], untold["people"]) == (0, "nothing of it\n")


def test_the_newest_merges_alone(history: Repository) -> None:
    report = backtested(history, "2020-01-01", 1)
    assert report["merges"] == {"replayed": 1, "conflicted": 1, "failed": 0}
    assert (report["limit"], report["since"]) == (1, "2020-01-01")
    assert backtested(history, "2024-01-01")["merges"]["replayed"] == 0


def test_the_configuration_of_the_repository_counts(history: Repository) -> None:
    history.git("config", "gitmerge-ai.minConfidence", "0.01")
    history.git("config", "gitmerge-ai.languages", "rust")
    try:
        report = backtested(history)
    finally:
        history.git("config", "--remove-section", "gitmerge-ai")
    offers = report["total"]["suggestions"]
    assert report["min_confidence"] == 0.01
    assert (offers["answered"], offers["right"]) == (5, offers["top1"])
    assert report["total"]["files"]["left"] == 6
    assert report["left"] == {"gitmerge-ai.languages does not name its language": 6}
    wrong = [case for case in report["cases"] if case["stage"] == "suggestion"]
    assert len(wrong) == 5 - offers["top1"]


def test_what_cannot_be_compared_is_counted_with_the_reason(plain: Repository) -> None:
    merge(plain, "marked.py", "<<<<<<< a\n=======\n>>>>>>> b\n")
    assert backtested(plain)["paths"]["dropped"] == {"marked": 1}


def test_a_deleted_file_is_no_conflict_inside(plain: Repository) -> None:
    plain.commit("base", {"file.py": BASE})
    plain.git("branch", "side")
    plain.git("rm", "-q", "file.py")
    plain.git("commit", "-q", "-m", "delete")
    plain.git("switch", "-q", "side")
    plain.commit("modify", {"file.py": OURS})
    plain.git("switch", "-q", "main")
    plain.run("git", "merge", "-q", "side")
    plain.git("rm", "-q", "file.py")
    plain.git("commit", "-q", "--allow-empty", "-m", "merge")
    report = backtested(plain)
    assert report["paths"]["unmerged"] == {"modify/delete": 1}
    assert report["total"]["files"]["count"] == 0


def test_suggestions_know_what_the_file_went_through_on_both_sides(tmp_path: Path) -> None:
    first = []
    for name, earlier in (("straight", "x = 1\n"), ("moved-on", "x = 'theirs'\n")):
        repo = Repository.init(tmp_path / name)
        repo.commit("base", {"a.py": "x = 1\n"})
        repo.git("branch", "side")
        repo.commit("ours at first", {"a.py": earlier, "b.py": "y = 1\n"})
        repo.commit("ours", {"a.py": "x = 'ours'\n"})
        repo.git("switch", "-q", "side")
        repo.commit("theirs", {"a.py": "x = 'theirs'\n"})
        repo.git("switch", "-q", "main")
        repo.run("git", "merge", "-q", "side")
        repo.commit("merge", {"a.py": "x = 'ours'\n"})
        with replaying(repo.path) as replay:
            (once,) = replay.replay(list(replay.merges()))
            file = open_file(replay, once, once.conflicted[0], 0)
        assert not isinstance(file, str)
        settings = config.read(repo.path)
        (merged,) = merge_all([file], settings)
        judged, _ = judge(file, merged, settings)
        (conflict,) = judged.conflicts
        assert conflict.suggested
        first.append(conflict.suggested)
    straight, moved_on = first
    assert moved_on.rank == 1
    assert moved_on.confidence > straight.confidence + 0.05


def test_a_repository_without_merges(plain: Repository) -> None:
    report = replayed(plain)
    assert report.merges.replayed == 0
    assert "0 merges replayed" in page(report)


def test_the_command_writes_nothing_to_the_repository_and_leaves_nothing_behind(
    history: Repository, tmp_path: Path, report: Json
) -> None:
    def state() -> dict[str, bytes]:
        return {str(p): p.read_bytes() for p in history.path.rglob("*") if p.is_file()}

    before = state()
    scratch, file = tmp_path / "scratch", tmp_path / "page.html"
    scratch.mkdir()
    done = gitmerge_ai(
        *("backtest", str(history.path), "--json", "--html", str(file), "--jobs", "1"),
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(scratch)},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert state() == before
    assert list(scratch.glob("gitmerge-ai*")) == []
    assert "Backtest of team" in file.read_text()
    assert {**json.loads(done.stdout), "run": report["run"]} == report


def test_ctrl_c_leaves_nothing(history: Repository, tmp_path: Path) -> None:
    scratch, tools, file = tmp_path / "scratch", tmp_path / "tools", tmp_path / "page.html"
    for folder in (scratch, tools):
        folder.mkdir()
    git = tools / "git"
    git.write_text(
        "#!/bin/sh\n"
        'case "$*" in *merge-tree*) kill -INT 0;; esac\n'  # as a terminal does: to all at once
        f'exec {shutil.which("git")} "$@"\n'
    )
    git.chmod(0o755)
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    done = gitmerge_ai(
        *("backtest", str(history.path), "--html", str(file)),
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(scratch), "PATH": path},
        start_new_session=True,
    )
    assert done.returncode == 128 + signal.SIGINT
    assert (done.stdout, done.stderr.strip()) == (b"", b"")
    assert list(scratch.glob("gitmerge-ai*")) == []
    assert not file.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("outside",), b"not a git repository"),
        (("outside", "--html", "no/such/page.html"), b"there is no folder"),
    ],
)
def test_an_error_is_one_line(tmp_path: Path, arguments: tuple[str, ...], said: bytes) -> None:
    (tmp_path / "outside").mkdir()
    done = gitmerge_ai("backtest", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_what_is_printed_says_what_was_found(history: Repository) -> None:
    out = StringIO()
    show(replayed(history), Console(file=out, width=120))
    lines = out.getvalue().splitlines()
    assert lines[0] == "team: 9 merges replayed, 8 with conflicts (88.9%)"
    assert lines[1] == "8 files in conflict, 6 of them compared below"
    rows = {re.split(r"\s{2,}", line)[0]: line.split()[-4:] for line in lines}
    assert rows["merged clean but different"] == ["3", "50.0%", "1", "16.7%"]
    assert rows["conflict left"] == ["1", "16.7%", "1", "16.7%"]
    assert any("different.py:5" in line for line in lines)


def test_the_page_stands_alone_and_shows_the_cases(history: Repository) -> None:
    report = replayed(history)
    text = page(report)
    read = Page(text)
    assert read.open == []
    assert read.references == []
    assert not re.search(r"https?://|@import|url\(", text)
    assert [(case["data-language"], case["data-stage"]) for case in read.cases] == [
        (case.language, case.stage) for case in report.cases
    ]
    assert "elsewhere" in "".join(read.texts["pre"] + read.texts["mark"])
    assert {"all", "python (2)", "other (1)"} <= set(read.texts["option"])


def test_the_page_never_runs_what_it_shows(plain: Repository) -> None:
    script = "  # </pre><script>alert(1)</script>"
    merge(plain, "a'\"><b>.py", OURS, theirs=THEIRS.replace("a, 1)", f"a, 1){script}"))
    report = replayed(plain)
    assert script.strip() in report.cases[0].theirs
    read = Page(page(report))
    assert len(read.texts["script"]) == 1
    assert "alert" not in read.texts["script"][0]
    assert "b" not in read.texts


def test_a_conflict_that_is_left_at_another_place_is_not_resolved() -> None:
    git = Region(base="if a:\n", ours="if a and b:\n", theirs="if not a:\n")
    moved = Sides("if a:\n    go()\n", "if a and b:\n    go()\n", "")
    other = Sides("x = 1\n}\n", "x = 2\n}\n", "x = 3\n}\n")
    for sides, still in ((moved, True), (other, False)):
        left = Conflict(sides, ("", ""), "", (1, 9))
        assert still_open(git, MergeResult("", (left,))) is still
    assert not still_open(git, MergeResult(""))
