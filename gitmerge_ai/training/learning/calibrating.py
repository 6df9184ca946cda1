"""Calibrates an exported model, network and trees alone, on the validation repositories."""

from pathlib import Path

from gitmerge_ai.resolving.ranking import boosting, calibration
from gitmerge_ai.resolving.ranking.boosting import TREES
from gitmerge_ai.resolving.ranking.network import Network
from gitmerge_ai.resolving.ranking.ranker import CALIBRATION, ENCODER, TREES_CALIBRATION
from gitmerge_ai.training.learning.evaluation import answers, by_network, calibrated, load_part
from gitmerge_ai.training.learning.split import Part
from gitmerge_ai.training.learning.training import parts

WAY = "texts"
"""What is known when the calibration is learned: the least that is known in use."""


def calibrate(data: Path, model: Path) -> None:
    """Write a model's calibrations.

    Args:
        data: the prepared repositories.
        model: the model's folder.

    Raises:
        OSError: something cannot be read or written.
        UnreadableModel: the model cannot be read.
    """
    trees = boosting.read(model / TREES)
    valid = load_part(parts(data)[Part.VALID], trees)
    by_trees = answers(valid, trees, WAY)
    calibration.write(calibrated(by_trees), model / TREES_CALIBRATION)
    if (model / ENCODER).exists():
        by_both = answers(valid, trees, WAY, by_network(Network(model)))
        calibration.write(calibrated(by_both), model / CALIBRATION)
