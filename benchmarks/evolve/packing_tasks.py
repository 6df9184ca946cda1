"""Online bin packing: first fit as plain Python is to become a heuristic that takes fewer bins.

What is found is measured on instances of the same distribution that it was not scored on, drawn
by a seed: OR3 has 20 instances of 500 items of 20 to 100, uniform, in bins of 150 (OR-Library,
Beasley 1990); Weibull 5k has 5 of 5,000 items of Weibull(45, 3), capped, in bins of 100. Both are
as FunSearch (Romera-Paredes et al. 2024) used them.

Heuristics are told apart by how many bins they fill to the brim, so that a run keeps several kinds.
"""

import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from tasks import PYTHON, Budget, Row, best, build, evolve, here


class Kind(NamedTuple):
    """A set of instances, how others like it are drawn, and the figures to beat."""

    name: str
    number: int
    items: int
    capacity: int
    draw: Callable[[random.Random], int]
    best_fit: float
    funsearch: float
    bar: float


OR3 = Kind("OR3", 20, 500, 150, lambda rng: rng.randint(20, 100), 212.0, 207.45, 209.0)
WEIBULL = Kind(
    *("Weibull 5k", 5, 5_000, 100),
    lambda rng: min(100, max(1, round(rng.weibullvariate(45, 3)))),
    *(2067.0, 2001.4, 2030.0),
)
HELD_OUT_SEED = 20_000


def pack(kind: Kind, data: Path, folder: Path, budget: Budget) -> Row:
    """Evolve a heuristic for a set of instances, and measure it on others.

    Args:
        kind: of instances.
        data: a JSON file with those to score on, under `sets` and the kind's name.
        folder: to make the repository in.
        budget: of the run.
    """
    scored = prepared(json.loads(data.read_text(encoding="utf-8"))["sets"][kind.name])
    others = prepared(drawn(kind))
    build(folder, {**here("packing"), "instances.json": json.dumps(scored)})
    command = f"bins:lower:{PYTHON} score.py instances.json"
    goal = "make priority() take fewer bins"
    features = ("--feature", "size", "--feature", "full")
    score = ("--score", command)
    evolve(folder, budget, ["--goal", goal, *score, "--path", "heuristic.py", *features])
    (folder / "heuristic.py").write_text(best(folder, "heuristic.py"), encoding="utf-8")
    (folder / "held-out.json").write_text(json.dumps(others), encoding="utf-8")
    return Row(
        kind.name,
        "mean bins",
        f"first fit {first_fit(scored):.2f}",
        f"best fit {kind.best_fit}, FunSearch {kind.funsearch}",
        str(kind.bar),
        measured(folder, "instances.json"),
        f"{measured(folder, 'held-out.json')}, first fit {first_fit(others):.2f}",
    )


def drawn(kind: Kind) -> list[dict[str, Any]]:
    """Draw instances that a run is not scored on."""
    rng = random.Random(HELD_OUT_SEED)
    return [
        {"capacity": kind.capacity, "items": [kind.draw(rng) for _ in range(kind.items)]}
        for _ in range(kind.number)
    ]


def prepared(instances: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add how many bins first fit takes."""
    return [{**each, "first_fit": fitted(each["items"], each["capacity"])} for each in instances]


def fitted(items: list[int], capacity: int) -> int:
    """Count the bins of first fit, plainly."""
    rooms: list[int] = []
    for item in items:
        number = next((n for n, room in enumerate(rooms) if room >= item), len(rooms))
        if number == len(rooms):
            rooms.append(capacity)
        rooms[number] -= item
    return len(rooms)


def first_fit(instances: list[dict[str, Any]]) -> float:
    """Give the mean of first fit."""
    return sum(each["first_fit"] for each in instances) / len(instances)


def measured(folder: Path, instances: str) -> str:
    """Score the heuristic of a folder."""
    command = f"{PYTHON} score.py {instances}"
    ran = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True)
    return f"{json.loads(ran.stdout)['bins']:.2f}" if ran.returncode == 0 else ran.stderr.strip()
