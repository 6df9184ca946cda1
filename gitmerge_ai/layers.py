"""The layers of small networks in plain Python, where weights are too few to load a library for.

Vectors are sequences of numbers; weights have the names that PyTorch gives them, a matrix row after
row.
"""

import math
from collections.abc import Mapping, Sequence
from operator import mul

Vector = Sequence[float]
Shapes = Mapping[str, tuple[int, ...]]

# What PyTorch adds to a variance.
_EPSILON = 1e-5


class Layers:
    """The weights of a network's layers."""

    def __init__(self, shapes: Shapes, weights: Mapping[str, Vector]) -> None:
        """Take the weights.

        Args:
            shapes: of all of them: rows and columns, or only a length.
            weights: by name.
        """
        self._vectors = weights
        self._rows = {
            name: [found[at : at + shapes[name][1]] for at in _starts(*shapes[name])]
            for name, found in weights.items()
            if len(shapes[name]) > 1
        }

    def linear(self, name: str, vector: Vector) -> list[float]:
        """Multiply by a matrix and add a bias."""
        return plus(self.times(name, vector), self._vectors[f"{name}.bias"])

    def times(self, name: str, vector: Vector) -> list[float]:
        """Multiply by a matrix."""
        return [dot(row, vector) for row in self._rows[f"{name}.weight"]]

    def norm(self, name: str, vector: Vector) -> list[float]:
        """Bring numbers to a mean of 0 and a variance of 1, then to what was learned."""
        mean = sum(vector) / len(vector)
        variance = sum((each - mean) ** 2 for each in vector) / len(vector)
        by = 1 / math.sqrt(variance + _EPSILON)
        weight, bias = self._vectors[f"{name}.weight"], self._vectors[f"{name}.bias"]
        return [(x - mean) * by * w + b for x, w, b in zip(vector, weight, bias, strict=True)]

    def row(self, name: str, at: int) -> Vector:
        """Give a row of a matrix."""
        return self._rows[f"{name}.weight"][at]


def dot(a: Vector, b: Vector) -> float:
    """Multiply two vectors."""
    found: float = sum(map(mul, a, b))
    return found


def plus(a: Vector, b: Vector) -> list[float]:
    """Add two vectors."""
    return [x + y for x, y in zip(a, b, strict=True)]


def gelu(x: float) -> float:
    """Let what is positive pass, and hardly anything else (Hendrycks and Gimpel, 2016)."""
    return 0.5 * x * (1 + math.erf(x / math.sqrt(2)))


def _starts(rows: int, columns: int) -> range:
    """Give where the rows of a matrix begin."""
    return range(0, rows * columns, columns)
