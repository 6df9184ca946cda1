"""Where what ships with the package lies: weights and hooks, in a wheel and in a checkout alike."""

from pathlib import Path

PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """Give the folder of something that ships beside the code.

    Args:
        name: "models" or "hooks".
    """
    packed = PACKAGE / "_data" / name
    return packed if packed.is_dir() else PACKAGE.parent / name
