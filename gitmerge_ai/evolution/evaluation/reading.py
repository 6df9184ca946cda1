"""What commands print, read: a score, how many tests ran and failed, and what behaves alike."""

import json
import math
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple

FEEDBACK = 2000
"""Characters of the end of what was printed that are kept."""

_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")

_COUNT = re.compile(
    r"\b(?P<number>\d+) (?P<word>passed|passing|failed|failing|failures?|errors?)\b", re.IGNORECASE
)
"""As pytest, cargo, jest and mocha sum up."""

_UNITTEST = re.compile(r"^Ran (\d+) tests?\b", re.MULTILINE)
_UNITTEST_FAILED = re.compile(r"\b(?:failures|errors|unexpected successes)=(\d+)")
_LINE = re.compile(r"^\s*(?:(?P<good>ok \d|--- PASS)|(?P<bad>not ok \d|--- FAIL))", re.MULTILINE)
"""As go and what speaks TAP print a test each."""

_VARYING = re.compile(r"0x[0-9a-f]+|\d+(?:\.\d+)? ?(?:[mµn]?s|seconds?)\b|/tmp/\S+")
"""What differs between two runs of the same code: addresses, times, temporary files."""


class Tally(NamedTuple):
    """How many tests ran, and how much failed; both 0 where the output does not say.

    Errors fail but are no tests: they may be those of a linter, or that no test could be read.
    """

    tests: int
    failing: int


def scores(output: str, name: str) -> Mapping[str, float]:
    """Read what a score command printed: numbers by name, none if there is none.

    Args:
        output: its standard output.
        name: of the objective, for the last number where the last line is no JSON object.
    """
    lines = output.strip().splitlines()
    if lines and lines[-1].startswith("{"):
        try:
            found = json.loads(lines[-1])
        except ValueError:
            return {}
        return {str(key): float(value) for key, value in found.items() if _is_number(value)}
    numbers = _NUMBER.findall(output)
    return {name: float(numbers[-1])} if numbers and math.isfinite(float(numbers[-1])) else {}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def tally(output: str) -> Tally:
    """Count tests as their runner sums them up.

    Args:
        output: all that it printed.
    """
    for line in reversed(output.splitlines()):
        counts = [(int(m["number"]), m["word"].lower()) for m in _COUNT.finditer(line)]
        if counts:
            failing = sum(number for number, word in counts if not word.startswith("pass"))
            return Tally(sum(n for n, word in counts if not word.startswith("err")), failing)
    ran = _UNITTEST.findall(output)
    if ran:
        return Tally(int(ran[-1]), sum(map(int, _UNITTEST_FAILED.findall(output))))
    found = list(_LINE.finditer(output))
    return Tally(len(found), sum(1 for each in found if each["bad"]))


def behaviour(status: int | None, outcome: str, output: str) -> str:
    """Give a name that is equal for equal results of a command.

    Args:
        status, outcome: of the command.
        output: all that it printed.
    """
    plain = _VARYING.sub("", output) if status is not None else ""
    return sha256(f"{status} {outcome} {plain}".encode()).hexdigest()[:12]


def feedback(output: str, errors: str) -> str:
    """Give the end of what was printed.

    Args:
        output, errors: standard output and standard error.
    """
    both = "\n".join(filter(None, (output.rstrip(), errors.rstrip())))
    return both[-FEEDBACK:]
