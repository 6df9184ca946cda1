"""`gitmerge-ai driver`: the merge driver by hand, or from a line of the user's own."""

import sys

import click

from gitmerge_ai.commands import driving
from gitmerge_ai.repository.line_merge import LineMergeError

GIT_WOULD_FAIL = 129
"""Exit status where git itself could not merge: git then stops instead of seeing a conflict."""


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, metavar="%O %A %B [%L %P %S %X %Y]", type=click.UNPROCESSED)
def driver(arguments: tuple[str, ...]) -> None:
    """Merge %O, %A and %B into %A, as git asks a merge driver to.

    Exits with 0 when %A is merged, with 1 when conflicts are left in it, and above 128 only where
    git itself would fail. `gitmerge-ai install` sets up a faster way to the same thing.
    """
    if not 3 <= len(arguments) <= 8:
        raise click.UsageError("give %O %A %B, and as far as git knows them %L %P %S %X %Y")
    try:
        sys.exit(driving.main(list(arguments)))
    except (LineMergeError, OSError) as error:
        click.echo(f"gitmerge-ai: {error}", err=True)
        sys.exit(GIT_WOULD_FAIL)
