"""QuixBugs (Lin et al. 2017): one-line faults in 40 small Python programs, mended by edits alone.

Of a program's test cases two in three are the gate of a run, of the failing ones as of the passing
ones; the rest is held out and tried on what was found. A fix is plausible if it passes the gate.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tasks import PYTHON, Budget, Row, best, build, evolve, here

FOLDERS = ("python_programs", "python_testcases", "json_testcases")
SECONDS_OF_A_CHECK = 3


class Mended(NamedTuple):
    """What became of a bug."""

    name: str
    plausible: bool
    held_out: bool
    found: str


def bugs(checkout: Path) -> list[str]:
    """List the programs of a checkout that have tests."""
    names = (path.stem for path in sorted((checkout / "python_programs").glob("*.py")))
    tests = checkout / "python_testcases"
    return [name for name in names if (tests / f"test_{name}.py").exists()]


def table_row(mended: list[Mended]) -> Row:
    """Sum up."""
    plausible = sum(each.plausible for each in mended)
    held_out = sum(each.held_out for each in mended)
    return Row(
        "QuixBugs Python",
        f"plausible fixes of {len(mended)}",
        "0",
        "every single edit: 16 of 29",
        "22 of 40",
        str(plausible),
        f"{held_out} pass held-out tests",
    )


def mend(name: str, checkout: Path, folder: Path, budget: Budget) -> Mended:
    """Run a population on one bug.

    Args:
        name: of the program.
        checkout: of QuixBugs.
        folder: to make the repository in.
        budget: of the run.
    """
    program, tests = f"python_programs/{name}.py", f"python_testcases/test_{name}.py"
    wanted = (program, tests, "python_testcases/load_testdata.py", "python_testcases/node.py")
    paths = (*wanted, f"json_testcases/{name}.json")
    files = {path: (checkout / path) for path in paths if (checkout / path).exists()}
    runner = {f"cases/{path}": text for path, text in here("cases").items()}
    build(folder, {**{path: file.read_text() for path, file in files.items()}, **runner})
    command = f"{PYTHON} cases/check.py {tests}"
    gate, held_out = halves(verdicts(command, folder))
    until = f"{command} {' '.join(map(str, gate))}"
    goal = f"let the tests of {name} pass"
    more = ["--until", until, "--path", program, "--timeout", str(SECONDS_OF_A_CHECK)]
    evolve(folder, budget, ["--goal", goal, *more])
    text = best(folder, program)
    (folder / program).write_text(text, encoding="utf-8")
    passed = verdicts(command, folder)
    plausible = all(passed[number] for number in gate)
    return Mended(name, plausible, plausible and all(passed[n] for n in held_out), text)


def halves(passed: dict[int, bool]) -> tuple[list[int], list[int]]:
    """Deal cases out, the failing ones first: the gate, and what is held out."""
    dealt = sorted(passed, key=lambda number: passed[number])
    held_out = dealt[2::3]
    return sorted(set(dealt) - set(held_out)), sorted(held_out)


def verdicts(command: str, folder: Path) -> dict[int, bool]:
    """Say of each case whether it passes; each runs alone, so that none waits for another."""
    listed = _lines(command, folder)
    return {n: _lines(f"{command} {n}", folder).get(n, False) for n in listed}


def _lines(command: str, folder: Path) -> dict[int, bool]:
    ran = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True)
    found = {
        int(m[2]): not m[1] for m in re.finditer(r"^(not )?ok (\d+)", ran.stdout, re.MULTILINE)
    }
    if not found:
        sys.exit(f"no test case ran: {command}\n{ran.stderr}")
    return found
