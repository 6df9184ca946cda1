"""`gitmerge-ai merge-file`: one merge of three files, as `git merge-file` does it."""

import json
import sys
from pathlib import Path

import click

from gitmerge_ai.merging.files import merge_files_guarded, merged_by_lines
from gitmerge_ai.merging.guard import Abandoned
from gitmerge_ai.repository import attributes, config
from gitmerge_ai.repository.line_merge import LineMergeError, line_merge, replace
from gitmerge_ai.resolving.advising import Learned
from gitmerge_ai.values import MergeResult, Resolution, Span

File = click.Path(exists=True, dir_okay=False)


@click.command("merge-file")
@click.argument("base", type=File)
@click.argument("ours", type=File)
@click.argument("theirs", type=File)
@click.option("-p", "--path", help="Name of the file in the repository; it tells the language.")
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write here, do not print.")
@click.option(
    "--conflict-style",
    type=click.Choice(config.STYLES),
    help="Style of conflicts; otherwise as git is configured.",
)
@click.option("--marker-size", type=click.IntRange(1, 200), default=7, help="Length of markers.")
@click.option(
    "-L",
    "--label",
    "labels",
    multiple=True,
    help="What markers call ours, base and theirs; up to three times, as for git merge-file.",
)
@click.option("--language", help="Language of the file, where its name does not tell.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def merge_file(
    base: str,
    ours: str,
    theirs: str,
    path: str | None,
    output: str | None,
    conflict_style: str | None,
    marker_size: int,
    labels: tuple[str, ...],
    language: str | None,
    as_json: bool,
) -> None:
    """Merge OURS and THEIRS, which both come from BASE, and print the result.

    Exits with 0 when it is clean, 1 when conflicts are left, 2 on errors. The files themselves
    are not changed.
    """
    if len(labels) > 3:
        raise click.UsageError("-L can be given three times: ours, base, theirs")
    of_ours, of_base, of_theirs = (*labels, *(ours, base, theirs)[len(labels) :])
    names = (of_base, of_ours, of_theirs)
    name = path or output or ours
    settings = config.read()
    style = conflict_style or settings.conflict_style
    contents = [Path(name).read_bytes() for name in (base, ours, theirs)]
    try:
        data, result = merge_files_guarded(
            *contents,
            path=name,
            labels=names,
            style=style,
            marker_size=marker_size,
            language=language or attributes.of_path(name).language,
            advice=Learned(settings.min_confidence, settings.model),
            timeout=settings.timeout,
        )
    except Abandoned as reason:
        try:
            _, data = line_merge(
                base, ours, theirs, labels=names, marker_size=marker_size, style=style
            )
        except LineMergeError as error:
            raise click.ClickException(f"{name}: {reason}; git has no result either") from error
        result = merged_by_lines(data, path=name, marker_size=marker_size, note=str(reason))
    if result.note:
        click.echo(f"gitmerge-ai: {name}: {result.note}", err=True)
    if output and Path(output).exists():
        replace(output, data)
    elif output:
        Path(output).write_bytes(data)
    if as_json:
        click.echo(json.dumps(as_object(result), indent=2))
    elif not output:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    sys.exit(0 if result.clean else 1)


def as_object(result: MergeResult) -> dict[str, object]:
    """Give a result as what `--json` prints; lines count from 1 and the last one is included.

    Args:
        result: of a merge.
    """
    conflicts = [
        {
            "base": each.sides.base,
            "ours": each.sides.ours,
            "theirs": each.sides.theirs,
            "node_kind": each.node_kind,
            **_lines(each.span),
        }
        for each in result.conflicts
    ]
    resolutions = [_resolution(each) for each in result.resolutions]
    return {
        "clean": result.clean,
        "text": result.text,
        "conflicts": conflicts,
        "resolutions": resolutions,
        "note": result.note,
    }


def _resolution(resolution: Resolution) -> dict[str, object]:
    return {
        "stage": resolution.stage,
        "pattern": resolution.pattern,
        "confidence": resolution.confidence,
        "text": resolution.text,
        **_lines(resolution.span),
        "alternatives": [_resolution(each) for each in resolution.alternatives],
    }


def _lines(span: Span | None) -> dict[str, int | None]:
    first, after = span or (None, None)
    return {"start_line": first, "end_line": None if after is None else after - 1}
