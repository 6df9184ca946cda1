"""`benchmarks/messages.py` prints what is proposed, and a floor that copies the nearest change."""

import subprocess
import sys

from repositories import ROOT, Repository

SCRIPT = ROOT / "benchmarks" / "messages.py"


def test_the_floor_copies_the_nearest_change(plain: Repository):
    for number in range(4):
        plain.commit("Mend the parser", {"parser.py": f"def parse():\n    return {number}\n"})
        plain.commit("Tell of a page", {"page.md": f"A page of {number} words\n"})
    done = subprocess.run(
        [sys.executable, SCRIPT, plain.path, "--last", "2"],
        capture_output=True,
        text=True,
        check=True,
    )
    floor, ours = (
        part.splitlines() for part in done.stdout.split("the floor\n")[1].split("plain\n")
    )
    for printed in (floor, ours):
        nothing_typed = next(line.split() for line in printed if line.split()[:2] == ["all", "0"])
        assert nothing_typed[3:7] == ["2", "100.0", "100.0", "100.0"]


def test_numbers_that_a_site_adds_are_left_out_once_more(plain: Repository):
    for number in range(4):
        plain.commit(f"Mend the parser (#{number})", {"parser.py": f"x = {number}\n"})
    done = subprocess.run(
        [sys.executable, SCRIPT, plain.path, "--last", "1"],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [line.split() for line in done.stdout.splitlines()]
    floor, ours, *bare = (row[4] for row in rows if row[:2] == ["all", "0"])
    assert float(floor) < 100
    assert float(ours) < float(floor)
    assert bare == ["100.0", "100.0"]
