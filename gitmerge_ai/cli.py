"""The `gitmerge-ai` command: a group whose commands are imported only when they are called."""

import sys
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

from gitmerge_ai import __version__

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
    "driver": "Merge one file for git, which calls this itself.",
    "adapt": "Learn from the repository's own merges.",
    "backtest": "Replay a repository's merges and report how this would have done on them.",
    "mine": "Collect conflicts and their resolutions out of histories.",
    "completion": "Print what lets a shell complete commands and options.",
    "train": "Train the classifier on collected conflicts.",
    "evaluate": "Print a classifier's figures on repositories that it has not seen.",
    "export": "Write a trained classifier as it ships.",
}
"""Every command and its line of help, in the order they are shown. A command `merge-file` is the
object `merge_file` in the module `gitmerge_ai.commands.merge_file`."""

ERROR = 2
"""Exit status of every error that is told in one line."""

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command.

        Raises:
            ClickException: its module cannot be imported.
        """
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        try:
            command: click.Command = getattr(import_module(f"gitmerge_ai.commands.{name}"), name)
        except ImportError as error:
            raise click.ClickException(f"{cmd_name} cannot be loaded: {error}") from error
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete a command's name without importing one of them."""
        fitting = ((n, words) for n, words in COMMANDS.items() if n.startswith(incomplete))
        commands = [CompletionItem(name, help=words) for name, words in fitting]
        return commands + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing one of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run a command; an error is one line and exits with 2, Ctrl-C exits with 130."""
        try:
            code = super().main(*arguments, **{**options, "standalone_mode": False})
        except click.UsageError as error:
            _fail(f"{error.format_message()}{_see_help(error.ctx)}")
        except click.ClickException as error:
            _fail(error.format_message())
        except (click.Abort, KeyboardInterrupt):
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(1)
        except OSError as error:
            _fail(str(error))
        except Exception as error:
            if sys.flags.dev_mode:
                raise
            _fail(f"{type(error).__name__}: {error} (PYTHONDEVMODE=1 shows where)")
        sys.exit(code if isinstance(code, int) else 0)


def _see_help(context: click.Context | None) -> str:
    return f" (see {context.command_path} --help)" if context else ""


def _fail(message: str) -> None:
    click.echo("gitmerge-ai: " + " ".join(message.split()), err=True)
    sys.exit(ERROR)


@click.group(
    cls=LazyGroup,
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
