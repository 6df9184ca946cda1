"""Calibrates an exported model, network and trees alone, on conflicts that it has not seen."""

from pathlib import Path

import numpy as np

from gitmerge_ai.resolving.ranking import boosting, calibration
from gitmerge_ai.resolving.ranking.boosting import TREES
from gitmerge_ai.resolving.ranking.network import Network
from gitmerge_ai.resolving.ranking.ranker import CALIBRATION, ENCODER, TREES_CALIBRATION
from gitmerge_ai.training.learning.evaluation import (
    answers,
    answers_by,
    by_network,
    calibrated,
    load_part,
)
from gitmerge_ai.training.learning.lessons import MIXED, OUT_OF_FOLD
from gitmerge_ai.training.learning.split import Part, parts

WAY = "texts"
"""What is known when the calibration is learned: the least that is known in use."""


def calibrate(data: Path, run: Path, model: Path) -> None:
    """Write a model's calibrations.

    The trees are calibrated on the training repositories too, by what trees said of each that were
    grown on others: repositories differ, and the validation repositories are few.

    Args:
        data: the prepared repositories.
        run: the folder of the training run.
        model: the model's folder.

    Raises:
        OSError: something cannot be read or written.
        UnreadableModel: the model cannot be read.
    """
    trees = boosting.read(model / TREES)
    valid = load_part(parts(data)[Part.VALID], trees)
    train = load_part(parts(data)[Part.TRAIN], trees)
    scores = np.load(run / OUT_OF_FOLD)[MIXED]
    by_trees = answers(valid, trees, WAY) + answers_by(train, scores)
    calibration.write(calibrated(by_trees), model / TREES_CALIBRATION)
    if (model / ENCODER).exists():
        by_both = answers(valid, trees, WAY, by_network(Network(model)))
        calibration.write(calibrated(by_both), model / CALIBRATION)
