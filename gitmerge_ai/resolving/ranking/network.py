"""Runs the exported classifier: one conflict in, a score for each of its candidates out.

ONNX Runtime and numpy are imported here and only here, on one thread: a merge driver is one of many
processes. What the numbers mean is said where they are made, in `arrays` and
`training.learning.model`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gitmerge_ai.resolving.proposing.candidates import Candidate, Context
from gitmerge_ai.resolving.ranking.arrays import GROUPS, numbers_of, pools_of
from gitmerge_ai.resolving.ranking.ranker import ENCODER
from gitmerge_ai.resolving.ranking.reading import followed, read, side_of
from gitmerge_ai.resolving.ranking.runtime import onnxruntime
from gitmerge_ai.resolving.ranking.vocabulary import Vocabulary
from gitmerge_ai.sealed import UnreadableModel
from gitmerge_ai.text.markers import Region

JUDGE, TOKENIZER = "judge.onnx", "tokenizer.json"
"""What a model's folder holds beside the encoder, the trees and the calibrations."""


Read = tuple[NDArray[np.float32], NDArray[np.float32]]
"""A conflict that was read: the states of its pieces and their logits of being followed."""


class Network:
    """An exported classifier, loaded."""

    def __init__(self, folder: Path) -> None:
        """Load the graphs and the vocabulary.

        Raises:
            UnreadableModel: one of them is missing or damaged.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._vocabulary = Vocabulary(folder / TOKENIZER)
            self._encoder, self._judge = (
                onnxruntime.InferenceSession(
                    str(folder / name), options, providers=["CPUExecutionProvider"]
                )
                for name in (ENCODER, JUDGE)
            )
        except Exception as error:  # both libraries raise bare exceptions of their own
            raise UnreadableModel(f"{folder}: {error}") from error

    def scores(
        self, region: Region, context: Context, found: Sequence[Candidate], trees: Sequence[float]
    ) -> list[float]:
        """Score the candidates of a conflict, and last "none of these".

        Args:
            region: the conflict.
            context: what stands around it.
            found: its candidates.
            trees: the trees' scores of the same options.
        """
        reading = read(region, context, self._vocabulary)
        rows = [followed(reading, candidate) for candidate in found]
        texts = [candidate.patterns for candidate in found]
        ours, theirs = (_place(texts, name) for name in ("ours", "theirs"))
        scores = self.judge(
            self.read(np.array(reading.pieces), np.array(reading.edits)),
            np.array(reading.at, np.int16),
            np.array([side_of(word) for word in reading.changed], np.int8),
            np.array(rows, np.bool_).reshape(len(found), len(reading.changed)),
            numbers_of(np.array(trees), ours, theirs),
        )
        return [float(score) for score in scores]

    def read(self, pieces: NDArray[Any], edits: NDArray[Any]) -> Read:
        """Read a conflict, which is what takes long.

        Args:
            pieces, edits: the input, as `Reading` has it; (n,).
        """
        states, follow = self._run(
            self._encoder,
            pieces=pieces.astype(np.int64)[None],
            edits=edits.astype(np.int64)[None],
        )
        return states, follow

    def judge(
        self,
        read: Read,
        at: NDArray[np.int16],
        sides: NDArray[np.int8],
        follows: NDArray[np.bool_],
        numbers: NDArray[np.float32],
    ) -> NDArray[np.float64]:
        """Score the options of a conflict that was read.

        Args:
            read: what `read` gave.
            at: which changed word each piece is part of, as `Reading` has it; (n,).
            sides: of the changed words, (m,).
            follows: which changed words each candidate follows, (candidates, m).
            numbers: about the options, (candidates + 1, NUMBERS).

        Returns:
            Shape (candidates + 1,).
        """
        states, follow = read
        pools = pools_of(at, sides, follows)
        (scores,) = self._run(
            self._judge,
            states=states,
            follow=follow,
            pools=pools.reshape(1, len(pools) * GROUPS, -1),
            numbers=numbers[None],
        )
        found: NDArray[np.float64] = scores[0].astype(np.float64)
        return found

    @staticmethod
    def _run(session: Any, **inputs: Any) -> list[Any]:
        found: list[Any] = session.run(None, inputs)
        return found


def _place(patterns: Sequence[Sequence[str]], name: str) -> int:
    return next((at for at, names in enumerate(patterns) if name in names), -1)
