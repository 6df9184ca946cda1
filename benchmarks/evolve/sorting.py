"""A sorting network of eight places: the 28 comparators of bubble sort are to become 19.

First it is those that the network needs that count: as long as it may hold others, it can drift to
where it needs fewer. Then a second run leaves out the others while it needs no more: if the plain
number alone counted, one would be left out that is not needed only as long as others are there.
"""

import json
import subprocess
from pathlib import Path

from tasks import PYTHON, Budget, Row, best, build, evolve, here

COMMAND = f"{PYTHON} score.py"
FILE = "network.json"
STEPS = ((("needed",), 0.75), (("needed", "size"), 0.25))
"""What each run makes less of, the first above all, and its share of the time."""

ALONE = ("--islands", "1", "--feature", "places", "--crossover", "0")
"""One network lives, and a child that is no worse replaces it: all have as many places, so they are
all of one kind. Two networks merged are hardly ever one."""


def sort(folder: Path, budget: Budget) -> Row:
    """Evolve a network.

    Args:
        folder: to make the repositories in.
        budget: of both runs.
    """
    files = here("network")
    start = files[FILE]
    for scores, share in STEPS:
        place = folder / scores[-1]
        build(place, files)
        options = ["--goal", f"sort with fewer comparators: {' and '.join(scores)}"]
        for score in scores:
            options += ["--score", f"{score}:lower:{COMMAND}"]
        options += ["--path", FILE, *ALONE]
        evolve(place, budget._replace(minutes=budget.minutes * share), options)
        files[FILE] = best(place, FILE)
    return Row(
        *("sorting network of 8", "comparators", size(place, start), "optimum 19", "19"),
        size(place, files[FILE]),
    )


def size(folder: Path, network: str) -> str:
    """Count the comparators of a network that sorts."""
    (folder / FILE).write_text(network, encoding="utf-8")
    ran = subprocess.run(COMMAND, shell=True, cwd=folder, check=True, capture_output=True)
    return str(json.loads(ran.stdout)["size"])
