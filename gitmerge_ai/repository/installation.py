"""What `install` writes into git's configuration, and how it is taken back.

The driver is named by `merge.default`, which git uses for paths whose `merge` attribute says
nothing. So the attributes that a repository has (`binary`, `-merge`, `merge=union`, another
driver) go before it, as they should; a line `* merge=gitmerge-ai` in `info/attributes` would
override them all.
"""

import os
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import gitmerge_ai.driver
from gitmerge_ai.repository.config import ConfigError, Scope, effective
from gitmerge_ai.repository.process import capture

NAME = "gitmerge-ai"
DEFAULT = "merge.default"
DRIVER = f"merge.{NAME}.driver"
TOOL = "merge.tool"

CHOOSING = (DEFAULT, TOOL)
"""Keys that choose one of several: they are ours only while they name us."""

GIT_ALONE = (
    "git merge-file -p -q -L ours -L base -L theirs --marker-size=%L %A %O %B >%A~; s=$?; "
    "test $s -lt 128 && mv -f %A~ %A; rm -f %A~; test $s = 0"
)
"""What the shell does where Python, or this package, is gone or was killed. Whatever goes wrong in
it ends as a conflict; git takes even "command not found" for one, with our side unmarked in %A."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that can be switched on: the keys that it needs, in the order they are written."""

    name: str
    keys: tuple[tuple[str, str], ...]


def driver_line(python: str, script: str) -> str:
    """Give the shell line that git runs for a file, with git's placeholders in it.

    Args:
        python: the interpreter.
        script: path of `driver.py`.
    """
    command, path = (shlex.quote(each).replace("%", "%%") for each in (python, script))
    return (
        f"if test -x {command} && test -f {path}; then "
        f"{command} -I -S {path} %O %A %B %L %P %S %X %Y; "
        f"case $? in 0) exit 0;; {gitmerge_ai.driver.CONFLICTS_LEFT}) exit 1;; esac; fi; "
        f"echo '{NAME} could not run, so git merges alone; try: {NAME} doctor' >&2; {GIT_ALONE}"
    )


def parts() -> dict[str, Part]:
    """Give what can be installed, by name."""
    line = driver_line(sys.executable, os.path.abspath(gitmerge_ai.driver.__file__))
    driver = Part(
        "driver",
        (
            (f"merge.{NAME}.name", "merge by lines, then by syntax and token"),
            (DRIVER, line),
            # A merge of two merge bases has nobody to ask; git's own markers in it keep
            # differing resolutions of the same conflict apart.
            (f"merge.{NAME}.recursive", "text"),
            (DEFAULT, NAME),
        ),
    )
    mergetool = Part(
        "mergetool",
        (
            (f"mergetool.{NAME}.cmd", mergetool_line(sys.executable)),
            (f"mergetool.{NAME}.trustExitCode", "true"),
            (TOOL, NAME),
        ),
    )
    return {part.name: part for part in (driver, mergetool)}


def mergetool_line(python: str) -> str:
    """Give the shell line that `git mergetool` runs for a file.

    Args:
        python: the interpreter; a package in the current folder does not count to it.
    """
    start = "from gitmerge_ai.cli import main; main()"
    files = '"$BASE" "$LOCAL" "$REMOTE" "$MERGED"'
    return f"{shlex.quote(python)} -P -c {shlex.quote(start)} mergetool {files}"


def without_other_tool(part: Part, folder: Path) -> tuple[Part, str]:
    """Leave `merge.tool` out of a part where it names another tool, and give that tool.

    Args:
        part: the mergetool's.
        folder: where git would be run.
    """
    chosen = effective(TOOL, folder)
    if not chosen or chosen[0] == NAME:
        return part, ""
    return Part(part.name, tuple(pair for pair in part.keys if pair[0] != TOOL)), chosen[0]


def scope(everywhere: bool, folder: Path) -> Scope:
    """Give the configuration that is written to.

    Args:
        everywhere: the user's rather than the repository's.
        folder: in the repository.

    Raises:
        ConfigError: the folder is in no repository.
    """
    if not everywhere and git_dir(folder) is None:
        raise ConfigError(f"{folder} is in no git repository; go to one, or use --global")
    return Scope("global" if everywhere else "local", str(folder))


def git_dir(folder: Path) -> Path | None:
    """Give the git directory that a folder belongs to."""
    command = ["git", "-C", str(folder), "rev-parse", "--absolute-git-dir"]
    status, output = capture(command, errors="drop")
    return Path(os.fsdecode(output.removesuffix(b"\n"))) if status == 0 else None


def install(where: Scope, part: Part) -> list[str]:
    """Write the keys of a part, and give the names of those that were not so already.

    Raises:
        ConfigError: another default driver is set there, or git could not write.
    """
    other = where.get(DEFAULT)
    if DEFAULT in dict(part.keys) and other not in (None, NAME):
        raise ConfigError(
            f"merge.default is {other!r} in the {where.name} configuration; to let {NAME} take "
            f"its place run: git config --{where.name} --unset merge.default"
        )
    changed = [(key, value) for key, value in part.keys if where.get(key) != value]
    for key, value in changed:
        where.set(key, value)
    return [key for key, _ in changed]


def uninstall(where: Scope, part: Part) -> list[str]:
    """Remove the keys of a part, and give the names of those that were there.

    Raises:
        ConfigError: git could not write.
    """
    there = [key for key, value in part.keys if _ours(key, where.get(key))]
    for key in reversed(there):
        where.unset(key)
    return there


def _ours(key: str, value: str | None) -> bool:
    return value is not None and (key not in CHOOSING or value == NAME)


def shadows(folder: Path) -> Iterator[str]:
    """Tell in a sentence each what keeps git from using the driver in a folder."""
    default = effective(DEFAULT, folder)
    if default and default[0] != NAME:
        yield f"merge.default is {default[0]!r}, set in {default[1]}"
    if default and default[0] == NAME and not effective(DRIVER, folder):
        yield f"merge.default names {NAME}, but {DRIVER} is not set"
