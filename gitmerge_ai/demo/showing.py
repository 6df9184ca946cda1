"""Shows the demonstration: a table of both merges, a file before and after, and what to type next.

Rich draws it for a terminal and writes plain text elsewhere.
"""

from textwrap import indent

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from gitmerge_ai.demo.story import Outcome, Story
from gitmerge_ai.text.encoding import decode

SAMPLE = "web/price.ts"
"""The file whose text is shown before and after."""

WIDE = 110
"""Columns from which on before and after stand side by side."""


def show(story: Story, console: Console) -> None:
    """Write the whole demonstration.

    Args:
        story: what happened.
        console: where to.
    """
    merged = [outcome for outcome in story.outcomes if not outcome.conflicts]
    left = [outcome for outcome in story.outcomes if outcome.conflicts]
    console.print(
        f"A repository with two branches, main and feature, that changed the same lines in "
        f"{len(story.outcomes)} files.\nGit {story.git} merged them twice: alone, and with "
        "gitmerge-ai as its merge driver.\n",
        highlight=False,
    )
    console.print(_table(story))
    console.print()
    console.print(_sample(story, console))
    console.print(
        f"{len(merged)} files merged that git left in conflict, {len(left)} left:", highlight=False
    )
    for outcome in left:
        reason = outcome.case.left_because or "this should have been merged"
        console.print(Padding(f"{outcome.case.path}: {reason}", (0, 0, 0, 2)), highlight=False)
    console.print("\nThe repository stays where it is, its merge unfinished. Next:")
    for command, what in _next(story):
        console.print(Text(f"  {command:<28}{what}".rstrip()), soft_wrap=True)


def _table(story: Story) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("file", "git alone", "with gitmerge-ai"):
        table.add_column(name, no_wrap=True)
    table.add_column("what both changed")
    for outcome in story.outcomes:
        table.add_row(
            outcome.case.path,
            Text(_counted(outcome.git_conflicts), "red"),
            _result(outcome),
            outcome.case.shows,
        )
    return table


def _result(outcome: Outcome) -> Text:
    if not outcome.as_expected:
        return Text("not as expected", "bold red")
    if outcome.conflicts:
        return Text("left to you", "yellow")
    return Text("merged: " + ", ".join(outcome.stages), "green")


def _counted(conflicts: int) -> str:
    return "1 conflict" if conflicts == 1 else f"{conflicts or 'no'} conflicts"


def _sample(story: Story, console: Console) -> RenderableType:
    outcome = next(each for each in story.outcomes if each.case.path == SAMPLE)
    coloured = console.is_terminal
    before = _file(f"{SAMPLE} as git left it", outcome.by_git, coloured=coloured)
    after = _file(f"{SAMPLE} as gitmerge-ai merged it", outcome.merged, coloured=coloured)
    if console.width < WIDE:
        return Group(before, after)
    table = Table.grid(padding=(0, 4), expand=True)
    table.add_row(before, after)
    return table


def _file(title: str, content: bytes, *, coloured: bool) -> Group:
    text = indent(decode(content).text, "  ")
    code = Syntax(text, "typescript", theme="ansi_dark", background_color="default")
    return Group(Text(title, "bold"), code if coloured else Text(text))


def _next(story: Story) -> list[tuple[str, str]]:
    return [
        (f"cd {story.repository}", ""),
        ("git status", "what is merged and what waits for you"),
        ("git diff", "the conflicts that are left"),
        ("git merge --abort", "take the merge back"),
        ("git merge feature", "and merge again"),
        ("gitmerge-ai install", "switch it on in a repository of yours"),
    ]
