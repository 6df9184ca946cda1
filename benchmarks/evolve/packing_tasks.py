"""Online bin packing: first fit, a plain loop, is to become a heuristic that takes fewer bins.

What is found has to take no more bins than first fit on instances that it was not scored on
(`--validate`), and is measured on others that the run knows nothing of. Both are drawn by seeds
from the same distribution: OR3 has 20 instances of 500 items of 20 to 100, uniform, in bins of 150
(OR-Library, Beasley 1990); Weibull 5k has 5 of 5,000 items of Weibull(45, 3), capped, in bins of
100. Both are as FunSearch (Romera-Paredes et al. 2024) used them.

An evaluation on Weibull 5k takes a second or two, so heuristics first have to do no worse than
their parents on five instances of a thousand items (`--quick`), which takes a thirtieth of that.
Heuristics are told apart by how many bins they fill to the brim, so that a run keeps several kinds.
"""

import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tasks import PYTHON, Budget, Row, best, build, evolve, git, here

PROGRAM = "heuristic.py"


class Kind(NamedTuple):
    """A set of instances, how others like it are drawn, and the figures to beat.

    few: items of each instance of a set that is tried first; 0 is no such set.
    """

    name: str
    number: int
    items: int
    capacity: int
    draw: Callable[[random.Random], int]
    best_fit: float
    funsearch: float
    bar: float
    few: int = 0


OR3 = Kind("OR3", 20, 500, 150, lambda rng: rng.randint(20, 100), 212.0, 207.45, 209.0)
WEIBULL = Kind(
    *("Weibull 5k", 5, 5_000, 100),
    lambda rng: min(100, max(1, round(rng.weibullvariate(45, 3)))),
    *(2067.0, 2001.4, 2030.0),
    few=1_000,
)
VALIDATING_SEED, HELD_OUT_SEED, QUICK_SEED = 10_000, 20_000, 30_000


def pack(kind: Kind, data: Path, folder: Path, budget: Budget) -> Row:
    """Evolve a heuristic for a set of instances, and measure it on others.

    Args:
        kind: of instances.
        data: a JSON file with those to score on, under `sets` and the kind's name.
        folder: to make the repository in.
        budget: of the run.
    """
    scored = json.dumps(json.loads(data.read_text(encoding="utf-8"))["sets"][kind.name])
    files = {"instances.json": scored, "others.json": drawn(kind, VALIDATING_SEED)}
    quick = []
    if kind.few:
        files["few.json"] = drawn(kind._replace(items=kind.few), QUICK_SEED)
        quick = ["--quick", f"few:lower:{PYTHON} score.py few.json inf few"]
    build(folder, {**here("packing"), **files})
    (folder.parent / "held-out.json").write_text(drawn(kind, HELD_OUT_SEED), encoding="utf-8")
    names = ("instances.json", "others.json", "../held-out.json")
    before = [measured(folder, name) for name in names]
    options = ["--goal", "choose() is to take fewer bins", "--path", PROGRAM]
    options += ["--score", f"bins:lower:{PYTHON} score.py instances.json"]
    options += ["--validate", f"{PYTHON} score.py others.json {before[1]}"]
    evolve(folder, budget, [*options, *quick, "--feature", "size", "--feature", "full"])
    (folder / PROGRAM).write_text(best(folder, PROGRAM), encoding="utf-8")
    after = [measured(folder, name) for name in names]
    git(folder, "checkout", "-q", "--", PROGRAM)
    return Row(
        kind.name,
        "mean bins",
        f"first fit {before[0]}",
        f"best fit {kind.best_fit}, FunSearch {kind.funsearch}",
        str(kind.bar),
        after[0],
        f"{after[2]}, first fit {before[2]}",
    )


def drawn(kind: Kind, seed: int) -> str:
    """Draw instances that a run is not scored on."""
    rng = random.Random(seed)
    return json.dumps(
        [
            {"capacity": kind.capacity, "items": [kind.draw(rng) for _ in range(kind.items)]}
            for _ in range(kind.number)
        ]
    )


def measured(folder: Path, instances: str) -> str:
    """Score the heuristic of a folder."""
    command = f"{PYTHON} score.py {instances}"
    ran = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True)
    return f"{json.loads(ran.stdout)['bins']:.2f}" if ran.returncode == 0 else ran.stderr.strip()
