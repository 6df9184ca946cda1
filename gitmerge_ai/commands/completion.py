"""`gitmerge-ai completion`: what lets a shell complete commands, options and paths."""

import click
from click.shell_completion import get_completion_class

PROGRAM = "gitmerge-ai"
VARIABLE = "_GITMERGE_AI_COMPLETE"
"""Environment variable by which the shell asks; click makes it of the program's name."""


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print what lets SHELL complete commands, options and paths.

    \b
    bash: add to ~/.bashrc:   eval "$(gitmerge-ai completion bash)"
    zsh:  add to ~/.zshrc:    eval "$(gitmerge-ai completion zsh)"
    fish: gitmerge-ai completion fish > ~/.config/fish/completions/gitmerge-ai.fish
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise click.ClickException(f"this version of click does not know {shell}")
    source = kind(context.find_root().command, {}, PROGRAM, VARIABLE)
    click.echo(source.source_template % source.source_vars())
