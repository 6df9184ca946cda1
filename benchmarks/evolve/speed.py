"""A slow program in plain Python is to take less time and still give what it has to.

What takes the time is found by running it once; edits go where that is. Scores are milliseconds of
CPU, measured again where two are close. Whether what is found gives the right answers is checked
with inputs that it was not chosen by (`--validate`), and once more with others at the end.
"""

import subprocess
from pathlib import Path

from tasks import PYTHON, Budget, Row, best, build, evolve, here

PROGRAM = "program.py"
CHECK = f"{PYTHON} check.py"
SCORE = f"{PYTHON} score.py"


def quicken(folder: Path, budget: Budget) -> Row:
    """Evolve the program.

    Args:
        folder: to make the repository in.
        budget: of the run.
    """
    files = here("slow")
    build(folder, files)
    before = milliseconds(folder)
    options = ["--goal", "take less time", "--path", PROGRAM, "--check", f"{CHECK} 1"]
    options += ["--score", f"ms:lower:{SCORE}", "--repeats", "3", "--validate", f"{CHECK} 2"]
    evolve(folder, budget, options)
    (folder / PROGRAM).write_text(best(folder, PROGRAM), encoding="utf-8")
    after = milliseconds(folder)
    right = all(_run(f"{CHECK} {seed}", folder).returncode == 0 for seed in range(100, 110))
    return Row(
        *("slow program", "ms of CPU", f"{before:.1f}", "", ""),
        f"{after:.1f}, {before / after:.1f} times as fast",
        "right on 10 other sets of inputs" if right else "wrong on other inputs",
    )


def milliseconds(folder: Path) -> float:
    """Measure the program of a folder."""
    return float(_run(SCORE, folder).stdout)


def _run(command: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True)
