"""A sorting network of eight places: the 28 comparators of bubble sort are to become 19.

Inputs that a network leaves unsorted cost it more than a comparator each, so that the way to fewer
comparators may lead over networks that do not sort everything.
"""

import json
import subprocess
from pathlib import Path

from tasks import PYTHON, Budget, Row, best, build, evolve, here

COMMAND = f"{PYTHON} score.py"


def sort(folder: Path, budget: Budget) -> Row:
    """Evolve a network.

    Args:
        folder: to make the repository in.
        budget: of the run.
    """
    build(folder, here("network"))
    start = measured(folder)
    goal = "sort with fewer comparators"
    features = ("--feature", "unsorted", "--feature", "size")
    score = ("--score", f"cost:lower:{COMMAND}")
    evolve(folder, budget, ["--goal", goal, *score, "--path", "network.py", *features])
    (folder / "network.py").write_text(best(folder, "network.py"), encoding="utf-8")
    return Row("sorting network of 8", "comparators", start, "optimum 19", "19", measured(folder))


def measured(folder: Path) -> str:
    """Count the comparators of a folder's network, and what it leaves unsorted."""
    ran = subprocess.run(COMMAND, shell=True, cwd=folder, check=True, capture_output=True)
    found = json.loads(ran.stdout)
    wrong = f", {found['unsorted']} inputs unsorted" if found["unsorted"] else ""
    return f"{found['size']}{wrong}"
