"""What several commands take alike."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
"""A folder that is there."""

NEW_FOLDER = click.Path(file_okay=False, path_type=Path)
"""A folder that may be there."""

Decorate = Callable[[Callable[..., Any]], Callable[..., Any]]

with_jobs: Decorate = click.option(
    "-j", "--jobs", type=click.IntRange(1), help="Processes; one for each core if not given."
)
"""How much runs at once."""


def to_folder(text: str) -> Decorate:
    """Ask for the folder that results go to.

    Args:
        text: what it becomes.
    """
    return click.option("-o", "--output", required=True, type=NEW_FOLDER, help=text)


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Say how to get what cannot be imported here.

    Args:
        name: of the extra that brings it.

    Raises:
        ClickException: a package is not there.
    """
    try:
        yield
    except ImportError as error:
        words = f"{error.name} is not installed: pip install 'gitmerge-ai[{name}]'"
        raise click.ClickException(words) from error
