"""Which lines are suspect: what a real pytest, or any Python program, ran."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gitmerge_ai.evolution.operators.localisation import (
    SPECTRA,
    Spectrum,
    cost,
    ochiai,
    prepare,
    recorded,
)

PROGRAM = """\
def sign(number):
    if number < 0:
        return -1
    if number == 0:
        return 1
    return 1
"""

TESTS = """\
import pytest
from program import sign

@pytest.mark.parametrize("number, wanted", [(-3, -1), (4, 1), (0, 0)])
def test_sign(number, wanted):
    assert sign(number) == wanted

@pytest.mark.skip
def test_nothing():
    pass
"""

LOOP = "def slow(n):\n    total = 0\n    for i in range(n):\n        total += i\n    return total\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "root"
    made.mkdir()
    (made / "program.py").write_text(PROGRAM)
    (made / "test_program.py").write_text(TESTS)
    (made / "loop.py").write_text(LOOP)
    return made


def run(root: Path, *command: str, seconds: float = 20.0) -> list[Spectrum]:
    folder = root.parent / "spectra"
    folder.mkdir()
    more = prepare(folder, root, seconds)
    done = subprocess.run(
        [sys.executable, *command], cwd=root, env={**os.environ, **more}, capture_output=True
    )
    return recorded(folder, done.returncode == 0)


def test_the_line_that_only_the_failing_test_runs_is_the_most_suspect(root):
    spectra = run(root, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert sorted(bool(spectrum.passed) for spectrum in spectra) == [False, True, True]
    lines = ochiai(spectra)["program.py"]
    assert max(lines, key=lambda line: lines[line]) == 5
    assert lines[5] == 1.0
    assert 3 not in lines
    assert 0 < lines[2] < 1


def test_a_program_that_fails_is_suspect_wherever_it_ran(root):
    lines = ochiai(run(root, "-c", "import program; assert program.sign(0) == 0"))
    assert set(lines["program.py"]) == {1, 2, 4, 5}


def test_the_busiest_line_costs_most(root):
    lines = cost(run(root, "-c", "import loop; loop.slow(1000)"))["loop.py"]
    assert lines[3] == 1.0
    assert lines[4] > 0.9 > lines[5]


def test_noting_ends_in_time(root):
    lines = cost(run(root, "-c", "import loop; loop.slow(3_000_000)", seconds=0.05))
    assert lines["loop.py"][4] > 0.9


def test_what_a_killed_process_left_is_passed_over(tmp_path):
    whole = '{"passed": false, "lines": {"a.py": {"3": 2}}}\n'
    (tmp_path / SPECTRA).write_text(whole + whole[:20])
    assert recorded(tmp_path, passed=True) == [Spectrum(False, {"a.py": {3: 2}})]
    assert recorded(tmp_path / "elsewhere", passed=True) == []
    assert ochiai([]) == {}
    assert cost([]) == {}
