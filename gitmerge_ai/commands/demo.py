"""`gitmerge-ai demo`: a repository with conflicts, merged with and without gitmerge-ai."""

import json
import sys
import tempfile
from pathlib import Path

import click

from gitmerge_ai.commands.options import NEW_FOLDER
from gitmerge_ai.demo.story import Outcome, Story, StoryError, tell


@click.command()
@click.option(
    "--keep",
    type=NEW_FOLDER,
    help="Build the repository here, in a new or empty folder, not in a temporary one.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the outcomes as JSON.")
def demo(keep: Path | None, as_json: bool) -> None:
    """Build a repository with conflicts, merge it with and without gitmerge-ai, and show both.

    No configuration or repository of yours is touched. Exits with 0 when every file came out as it
    should, 1 otherwise, 2 on errors.
    """
    folder = (keep or Path(tempfile.mkdtemp(prefix="gitmerge-ai-demo-"))).absolute()
    if folder.is_dir() and any(folder.iterdir()):
        raise click.UsageError(f"--keep {keep}: the folder is not empty; name a new one")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        story = tell(folder)
    except StoryError as error:
        raise click.ClickException(f"{error}; what there is stands in {folder}") from error
    if as_json:
        click.echo(json.dumps(as_object(story), indent=2))
    else:
        from rich.console import Console

        from gitmerge_ai.demo.showing import show

        show(story, Console())
    sys.exit(0 if story.as_expected else 1)


def as_object(story: Story) -> dict[str, object]:
    """Give the demonstration as what `--json` prints.

    Args:
        story: what happened.
    """
    return {
        "repository": str(story.repository),
        "git": story.git,
        "as_expected": story.as_expected,
        "files": [_file(outcome) for outcome in story.outcomes],
    }


def _file(outcome: Outcome) -> dict[str, object]:
    return {
        "path": outcome.case.path,
        "shows": outcome.case.shows,
        "git_conflicts": outcome.git_conflicts,
        "conflicts": outcome.conflicts,
        "stages": list(outcome.stages),
        "left_because": outcome.case.left_because,
        "as_expected": outcome.as_expected,
    }
