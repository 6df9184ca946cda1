"""Which lines to change: those that failing tests run and passing ones do not, or the costly ones.

`prepare` gives the environment in which a check or a score command is run once more, on the
unchanged repository, so that the Python in it notes its lines (`recorder`); `ochiai` and `cost`
make suspicion of them. In other languages nothing is recorded, and nothing more suspect than
anything else.
"""

import json
import math
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from gitmerge_ai.evolution.operators import recorder

PLUGIN = "sitecustomize"
SPECTRA = "spectra.jsonl"

Suspicion = Mapping[str, Mapping[int, float]]
"""By path and line (from 1), from 0 to 1; lines that are not in it are not suspect."""


class Spectrum(NamedTuple):
    """How often each line ran, by path, in a test that passed or not, or (None) in a program."""

    passed: bool | None
    lines: Mapping[str, Mapping[int, int]]


def prepare(folder: Path, root: Path, seconds: float) -> Mapping[str, str]:
    """Give what has to be in the environment of a command so that its lines are noted.

    Args:
        folder: outside of the repository, writable to the command.
        root: of the work tree that the command runs in.
        seconds: when to stop noting.
    """
    shutil.copyfile(recorder.__file__, folder / f"{PLUGIN}.py")
    return {
        "PYTHONPATH": str(folder),
        "PYTEST_PLUGINS": PLUGIN,
        recorder.OUT: str(folder / SPECTRA),
        recorder.ROOT: str(root),
        recorder.SECONDS: str(seconds),
    }


def recorded(folder: Path, passed: bool) -> list[Spectrum]:
    """Read what was noted, nothing if nothing was.

    Args:
        folder: as it was prepared.
        passed: whether the command exited 0, which decides for programs without tests.
    """
    try:
        lines = (folder / SPECTRA).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return [spectrum for line in lines if (spectrum := _spectrum(line, passed)) is not None]


def _spectrum(line: str, passed: bool) -> Spectrum | None:
    try:
        found = json.loads(line)
        verdict = passed if found["passed"] is None else bool(found["passed"])
        counts = {
            str(path): {int(number): int(count) for number, count in by_line.items()}
            for path, by_line in found["lines"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # A process that was killed in the middle of a line.
    return Spectrum(verdict, counts)


def ochiai(spectra: Sequence[Spectrum]) -> Suspicion:
    """Suspect lines by Ochiai's coefficient of running and failing.

    Abreu, Zoeteweij and van Gemund, "On the Accuracy of Spectrum-based Fault Localization" (2007).
    """
    failing = sum(spectrum.passed is False for spectrum in spectra)
    ran: dict[str, dict[int, list[int]]] = {}
    for spectrum in spectra:
        for path, lines in spectrum.lines.items():
            for line in lines:
                counts = ran.setdefault(path, {}).setdefault(line, [0, 0])
                counts[spectrum.passed is False] += 1
    return {
        path: {
            line: failed / math.sqrt(failing * (failed + passed))
            for line, (passed, failed) in lines.items()
            if failed
        }
        for path, lines in ran.items()
    }


def cost(spectra: Sequence[Spectrum]) -> Suspicion:
    """Suspect lines by how often they ran, the busiest with 1, by the logarithm."""
    counts: dict[str, dict[int, int]] = {}
    for spectrum in spectra:
        for path, lines in spectrum.lines.items():
            for line, count in lines.items():
                by_line = counts.setdefault(path, {})
                by_line[line] = by_line.get(line, 0) + count
    most = max((count for lines in counts.values() for count in lines.values()), default=0)
    return {
        path: {line: math.log1p(count) / math.log1p(most) for line, count in lines.items()}
        for path, lines in counts.items()
    }
