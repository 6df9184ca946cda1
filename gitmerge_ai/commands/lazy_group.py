"""A group whose commands are imported only when they are called; it tells an error in one line."""

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

ERROR = 2
"""Exit status of every error that is told in one line."""

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is needed."""

    def __init__(
        self, *arguments: Any, table: Mapping[str, str], package: str, **options: Any
    ) -> None:
        """Make a group.

        Args:
            arguments, options: as for click's.
            table: every command and its line of help, in the order they are shown.
            package: where they are: a command `merge-file` is the object `merge_file` in a
                module of that name.
        """
        super().__init__(*arguments, **options)
        self.table = table
        self.package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names of all commands."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command.

        Raises:
            ClickException: its module cannot be imported.
        """
        if cmd_name not in self.table:
            return None
        name = cmd_name.replace("-", "_")
        try:
            command: click.Command = getattr(import_module(f"{self.package}.{name}"), name)
        except ImportError as error:
            raise click.ClickException(f"{cmd_name} cannot be loaded: {error}") from error
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete a command's name without importing one of them."""
        fitting = ((n, words) for n, words in self.table.items() if n.startswith(incomplete))
        commands = [CompletionItem(name, help=words) for name, words in fitting]
        return commands + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing one of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.table.items()))

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
