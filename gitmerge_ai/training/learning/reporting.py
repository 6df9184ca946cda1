"""Puts together what `evaluate` prints: figures by way of use, by language, and calibration."""

from pathlib import Path
from typing import Any

from gitmerge_ai import shipped
from gitmerge_ai.resolving.ranking import boosting, calibration, neighbours
from gitmerge_ai.resolving.ranking.boosting import TREES
from gitmerge_ai.resolving.ranking.calibration import Calibration
from gitmerge_ai.resolving.ranking.neighbours import NEIGHBOURS
from gitmerge_ai.resolving.ranking.network import Network
from gitmerge_ai.resolving.ranking.ranker import CALIBRATION, ENCODER, TREES_CALIBRATION
from gitmerge_ai.training.learning.evaluation import (
    OPEN,
    SHARES,
    WAYS,
    Answer,
    Judge,
    answers,
    applied,
    by_language,
    by_neighbours,
    by_network,
    figures,
    load_part,
    reliability,
)
from gitmerge_ai.training.learning.split import Part, parts

Report = dict[str, Any]

NAME = "neighbours"
"""What the trees are called where a file's other conflicts correct them; nothing is applied so."""


def report(data: Path, model: Path | None, part: str, least: float) -> Report:
    """Evaluate a model.

    Args:
        data: the prepared repositories.
        model: its folder, `None` for what ships.
        part: of the split, "valid" or "test".
        least: `minConfidence`.

    Raises:
        OSError: something cannot be read.
        UnreadableModel: the model cannot be read.
    """
    folder = model or shipped.folder("models")
    trees = boosting.read(folder / TREES)
    files = parts(data)[Part(part)]
    conflicts = load_part(files, trees)
    judges: dict[str, Judge | None] = {"trees": None}
    scales = {"trees": calibration.read(folder / TREES_CALIBRATION)}
    if (folder / NEIGHBOURS).exists():
        judges[NAME] = by_neighbours(neighbours.read(folder / NEIGHBOURS), files)
        scales[NAME] = scales["trees"]
    if (folder / ENCODER).exists():
        judges["network"] = by_network(Network(folder))
        scales["network"] = calibration.read(folder / CALIBRATION)
    given = {
        name: {
            way: answers(conflicts, trees, way, judge) for way in (OPEN if name == NAME else WAYS)
        }
        for name, judge in judges.items()
    }
    return {
        "part": part,
        "repositories": [file.stem for file in files],
        "figures": {
            name: {way: _by_language(found, way) for way, found in ways.items()}
            for name, ways in given.items()
        },
        "calibration": {
            name: _calibration(ways["texts"], scales[name])
            | {"applied": {} if name == NAME else _applied(ways["texts"], scales[name], least)}
            for name, ways in given.items()
        },
    }


def _by_language(given: list[Answer], way: str) -> dict[str, dict[str, float]]:
    languages = by_language(given)
    names = languages if way == "texts" else [""]
    return {name: figures(languages[name]) for name in names}


def _calibration(given: list[Answer], scale: Calibration) -> dict[str, Any]:
    surest = figures(given)
    return {
        "reliability": reliability(given, scale),
        "risk": ", ".join(f"{s:.0%}: {surest[f'right of surest {s:.0%}']}" for s in SHARES),
    }


def _applied(given: list[Answer], scale: Calibration, least: float) -> dict[str, Any]:
    return {
        language: (*applied(some, scale, least), len(some))
        for language, some in by_language(given).items()
    }
