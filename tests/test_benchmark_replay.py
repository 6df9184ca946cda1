"""`benchmarks/replay.py` replays the merges of a history, and notices when a driver does harm."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from repositories import BASE, CLASHING, OURS, ROOT, THEIRS, Repository

SCRIPT = ROOT / "benchmarks" / "replay.py"


@pytest.fixture
def history(tmp_path: Path) -> Repository:
    """Two merges in conflict: one that the engine resolves, and one with a file that it leaves."""
    made = Repository.init(tmp_path / "history")
    base = {"a.py": BASE, "b.py": BASE, "same.txt": "same\n"}
    made.diverge(base, {"a.py": OURS, "b.py": OURS}, {"a.py": THEIRS})
    made.git("merge", "-q", "--no-commit", "side", ok=False)
    made.commit("merge", {"a.py": OURS})
    made.git("checkout", "-q", "-b", "other", "main~2")
    made.commit("clashing", {"a.py": CLASHING, "b.py": BASE.replace("call", "third")})
    made.git("checkout", "-q", "main")
    made.commit("ours again", {"b.py": OURS.replace("first", "start")})
    made.git("merge", "-q", "--no-commit", "other", ok=False)
    made.commit("merge again", {"a.py": CLASHING, "b.py": OURS})
    return made


def replay(history: Repository, package: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    before = history.git("for-each-ref"), history.git("count-objects", "-v")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(history.path), "--limit", "5"],
        env={**os.environ, "PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (history.git("for-each-ref"), history.git("count-objects", "-v")) == before
    assert history.status() == ""
    return done


def test_replays_and_counts(history: Repository) -> None:
    done = replay(history)
    assert done.returncode == 0, done.stdout + done.stderr
    heads, *rows = done.stdout.splitlines()
    assert heads.split()[:4] == ["merges", "clean", "now", "files"]
    assert [row.rsplit(maxsplit=8)[1:6] for row in rows] == [["2", "1", "3", "2", "0"]] * 2
    assert rows[-1].split()[-1] == "0"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("raise RuntimeError('broken')", "the driver failed"),
        ("return MergeResult('def broken(:\\n')", "errors after"),
        (r"return MergeResult('<<<<<<< a\n=======\n>>>>>>> b\n')", "a marker stands in it"),
        ("open('stray', 'w').close(); raise guard.Abandoned('no')", "stray: left over"),
    ],
)
def test_notices_harm(history: Repository, tmp_path: Path, body: str, words: str) -> None:
    package = tmp_path / "package"
    shutil.copytree(ROOT / "gitmerge_ai", package / "gitmerge_ai")
    with (package / "gitmerge_ai" / "merging" / "pipeline.py").open("a") as file:
        file.write(f"\n\ndef merge(sides, **options):\n    {body}\n")
        file.write("\nfrom gitmerge_ai.merging import guard\n")
    done = replay(history, package)
    assert done.returncode == 1, done.stdout + done.stderr
    assert words in done.stdout
