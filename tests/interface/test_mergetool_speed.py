"""What a long file costs the mergetool, by the time that its process computes."""

import runpy
from pathlib import Path

import pytest
from repositories import ROOT


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="nobody counts the time here")
def test_a_file_of_5000_lines_opens_and_moves_as_one_of_50() -> None:
    measure = runpy.run_path(str(ROOT / "benchmarks" / "mergetool.py"))["measure"]
    short, long = measure(50, 1), measure(5000, 1)
    for what, (_, computed) in long.items():
        assert computed <= 1.5 * short[what][1] + 0.1, what
