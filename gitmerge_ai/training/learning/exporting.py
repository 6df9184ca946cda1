"""Turns a trained classifier into what ships: two ONNX graphs, the encoder's weights in 8 bits.

The encoder reads a conflict once; the judge, which is small, scores its candidates. The heads that
only helped training are left out.
"""

import shutil
from pathlib import Path

import torch
from torch import Tensor, nn

from gitmerge_ai.resolving.ranking.arrays import GROUPS, NUMBERS
from gitmerge_ai.resolving.ranking.boosting import TREES
from gitmerge_ai.resolving.ranking.neighbours import NEIGHBOURS
from gitmerge_ai.resolving.ranking.network import JUDGE, TOKENIZER
from gitmerge_ai.resolving.ranking.ranker import ENCODER
from gitmerge_ai.training.learning import training
from gitmerge_ai.training.learning.model import STATE, Classifier

OPSET = 18


class _Reading(nn.Module):
    """The encoder for one conflict: no padding, hence no mask."""

    def __init__(self, model: Classifier) -> None:
        super().__init__()
        self.encoder = model.encoder

    def forward(self, pieces: Tensor, edits: Tensor) -> tuple[Tensor, Tensor]:
        states = self.encoder(pieces, edits, torch.ones_like(pieces))
        return states, self.encoder.follows(states)


def export(run: Path, start: Path, out: Path) -> None:
    """Write a run's trees to a model's folder, and its best weights if it trained a network.

    Args:
        run: the folder of a training run.
        start: the folder of the encoder that it started from.
        out: the folder to write to.

    Raises:
        OSError: something is missing, or cannot be written.
    """
    # After `runtime` has told the library to keep to itself.
    from onnxruntime.quantization import (  # type: ignore[import-untyped]
        QuantType,
        quantize_dynamic,
    )

    out.mkdir(parents=True, exist_ok=True)
    for name in (TREES, NEIGHBOURS):
        if (run / name).exists():
            shutil.copyfile(run / name, out / name)
    if not (run / training.BEST).exists():
        return
    model = Classifier(start)
    model.load_state_dict(torch.load(run / training.BEST, weights_only=True))
    model.eval()
    whole = out / f"whole-{ENCODER}"
    pieces = torch.ones(1, 24, dtype=torch.long)
    torch.onnx.export(
        _Reading(model),
        (pieces, torch.ones_like(pieces)),
        str(whole),
        input_names=["pieces", "edits"],
        output_names=["states", "follow"],
        dynamic_axes={name: {1: "n"} for name in ("pieces", "edits", "states", "follow")},
        opset_version=OPSET,
        dynamo=False,
    )
    quantize_dynamic(
        whole,
        out / ENCODER,
        op_types_to_quantize=["MatMul", "Gather"],
        per_channel=True,
        weight_type=QuantType.QInt8,
    )
    whole.unlink()
    states, numbers = torch.zeros(1, 24, STATE), torch.zeros(1, 5, NUMBERS)
    torch.onnx.export(
        model.judge,
        (states, torch.zeros(1, 24), torch.zeros(1, 5 * GROUPS, 24), numbers),
        str(out / JUDGE),
        input_names=["states", "follow", "pools", "numbers"],
        output_names=["scores"],
        dynamic_axes={
            "states": {1: "n"},
            "follow": {1: "n"},
            "pools": {1: "groups", 2: "n"},
            "numbers": {1: "c"},
            "scores": {1: "c"},
        },
        opset_version=OPSET,
        dynamo=False,
    )
    shutil.copyfile(start / TOKENIZER, out / TOKENIZER)
