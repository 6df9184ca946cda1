"""The `gitmerge-ai` command: a group whose commands are imported only when they are called."""

import click

from gitmerge_ai import __version__
from gitmerge_ai.commands.lazy_group import LazyGroup

COMMANDS = {
    "install": "Let git merge with gitmerge-ai.",
    "uninstall": "Take back what install wrote.",
    "doctor": "Try a merge and say what is on, off, or in the way.",
    "demo": "Build a repository with conflicts and merge it, with and without gitmerge-ai.",
    "merge-file": "Merge three files and print the result.",
    "resolve": "Resolve what an unfinished merge left in the work tree.",
    "mergetool": "Settle conflicts by hand, with ranked resolutions to choose from.",
    "check": "Look at what is staged for conflicts left and what a merge lost or doubled.",
    "forecast": "Say which branches would conflict with this one.",
    "review": "List what was resolved automatically.",
    "explain": "Say whether a line was resolved automatically.",
    "undo": "Put conflicts back that were resolved automatically.",
    "suggest": "List ranked resolutions for the conflicts in a file.",
    "message": "Propose or complete the message for the staged change.",
    "evolve": "Let a population of agents work on the repository, unattended.",
    "driver": "Merge one file for git, which calls this itself.",
    "adapt": "Learn from the repository's own merges.",
    "backtest": "Replay a repository's merges and report how this would have done on them.",
    "mine": "Collect conflicts and their resolutions out of histories.",
    "completion": "Print what lets a shell complete commands and options.",
    "train": "Train the classifier on collected conflicts.",
    "evaluate": "Print a classifier's figures on repositories that it has not seen.",
    "export": "Write a trained classifier as it ships.",
}
"""Every command and its line of help, in the order they are shown."""


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    package="gitmerge_ai.commands",
    no_args_is_help=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="gitmerge-ai", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """Merge by syntax, by token and by what people would commit; never silently wrong."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
