"""`benchmarks/evolve/`: what tasks score with is right, and a task runs from start to table."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from repositories import ROOT

TASKS = ROOT / "benchmarks" / "evolve"
PYTHON = [sys.executable, "-B"]


def run(*command: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*PYTHON, *command], cwd=cwd, capture_output=True, text=True, check=False)


BEST = """\
def choose(item, rooms):
    fitting = [(room, number) for number, room in enumerate(rooms) if room >= item]
    return min(fitting)[1] if fitting else None
"""
ALONE = "def choose(item, rooms):\n    return None\n"
TOO_FULL = "def choose(item, rooms):\n    return 0 if rooms else None\n"


def packing(tmp_path: Path, heuristic: str = "") -> Path:
    instances = [
        {"capacity": 10, "items": [4, 6, 5, 5, 7, 3]},
        {"capacity": 10, "items": [5, 6, 4, 5]},
    ]
    (tmp_path / "instances.json").write_text(json.dumps(instances))
    for path in (TASKS / "packing").glob("*.py"):
        (tmp_path / path.name).write_text(path.read_text())
    if heuristic:
        (tmp_path / "heuristic.py").write_text(heuristic)
    return tmp_path


@pytest.mark.parametrize(("heuristic", "bins", "full"), [("", 3, 1.5), (BEST, 2.5, 2.5)])
def test_packing_counts_bins(tmp_path, heuristic, bins, full):
    place = packing(tmp_path, heuristic)
    done = run("score.py", "instances.json", cwd=place)
    assert json.loads(done.stdout) == {"bins": bins, "full": full}
    assert run("score.py", "instances.json", str(bins), cwd=place).returncode == 0
    assert run("score.py", "instances.json", str(bins - 1), cwd=place).returncode == 1


@pytest.mark.parametrize(("heuristic", "fault"), [(ALONE, "more than"), (TOO_FULL, "does not fit")])
def test_packing_turns_down(tmp_path, heuristic, fault):
    done = run("score.py", "instances.json", cwd=packing(tmp_path, heuristic))
    assert done.returncode != 0
    assert fault in done.stderr


EXCHANGE_SORT = [
    *([0, 1], [2, 3], [4, 5], [6, 7], [0, 2], [1, 3], [4, 6], [5, 7], [1, 2], [5, 6]),
    *([0, 4], [1, 5], [2, 6], [3, 7], [2, 4], [3, 5], [1, 2], [3, 4], [5, 6]),
]
"""Batcher's merge exchange: Knuth, "The Art of Computer Programming" 3, 5.2.2."""


def test_a_network_has_to_sort_and_counts_what_it_needs(tmp_path):
    for path in (TASKS / "network").iterdir():
        (tmp_path / path.name).write_text(path.read_text())
    assert scored(tmp_path) == {"size": 28, "needed": 28, "places": 8}
    rows = json.loads((tmp_path / "network.json").read_text())
    (tmp_path / "network.json").write_text(json.dumps([*rows, [3, 4]]))
    done = run("score.py", cwd=tmp_path)
    assert "too many" in done.stderr
    (tmp_path / "network.json").write_text(json.dumps([[1, 0], *EXCHANGE_SORT]))
    assert scored(tmp_path) == {"size": 20, "needed": 19, "places": 8}
    (tmp_path / "network.json").write_text(json.dumps(rows[1:]))
    done = run("score.py", cwd=tmp_path)
    assert done.returncode != 0
    assert "does not sort" in done.stderr


def scored(folder):
    return json.loads(run("score.py", cwd=folder).stdout)


def test_a_bug_is_mended_from_start_to_table(tmp_path):
    checkout = tmp_path / "checkout"
    for folder in ("python_programs", "python_testcases", "json_testcases"):
        (checkout / folder).mkdir(parents=True)
    (checkout / "python_programs" / "less.py").write_text(
        "def less(a, b):\n    return a if a > b else b\n"
    )
    cases = [[[1, 2], 1], [[5, 3], 3], [[0, 9], 0], [[4, 4], 4], [[7, 2], 2]]
    (checkout / "json_testcases" / "less.json").write_text("\n".join(map(json.dumps, cases)))
    (checkout / "python_testcases" / "test_less.py").write_text(
        "import json\n"
        "from pathlib import Path\n"
        "import pytest\n"
        "from python_programs.less import less\n"
        "lines = (Path(__file__).parents[1] / 'json_testcases/less.json').read_text()\n"
        "@pytest.mark.parametrize('given,wanted', [json.loads(s) for s in lines.splitlines()])\n"
        "def test_less(given, wanted):\n"
        "    assert less(*given) == wanted\n"
    )
    command = ["run.py", "quixbugs", "--quixbugs", str(checkout), "--minutes", "0.5", "--jobs", "1"]
    done = run(*command, cwd=TASKS)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith("| task | measure |")
    assert "| 1 | 1 pass held-out tests |" in done.stdout
