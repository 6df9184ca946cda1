"""Where what ships with the package lies: weights and hooks, in a wheel and in a checkout alike."""

import os

TYPE_CHECKING = False  # as in typing; a driver finds the weights without pathlib, which is slow

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = os.path.dirname(os.path.abspath(__file__))


def place(name: str) -> str:
    """Give the path of the folder of something that ships beside the code.

    Args:
        name: "models" or "hooks".
    """
    packed = os.path.join(PACKAGE, "_data", name)
    return packed if os.path.isdir(packed) else os.path.join(os.path.dirname(PACKAGE), name)


def folder(name: str) -> "Path":
    """Do as `place` does, for those who have more to do with the folder."""
    from pathlib import Path

    return Path(place(name))
