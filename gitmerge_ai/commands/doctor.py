"""`gitmerge-ai doctor`: is it on, does it work, and what is in its way."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import click

from gitmerge_ai.repository import config, hook_installation, hook_managers, installation
from gitmerge_ai.repository.config import effective
from gitmerge_ai.syntax.languages import rows

LABELS_SINCE = (2, 44)
"""The git from which a merge driver is told the labels of conflict markers; before, they are found
out, as far as that goes."""

BASE = "import os\n\n\ndef f(a):\n    return g(a, 1)\n"
OURS = BASE.replace("1", "2")
THEIRS = BASE.replace("g(", "h(")
MERGED = OURS.replace("g(", "h(")
"""A file that git cannot merge, as both sides changed one line, and that the engine can."""

BARE_PATH = "/usr/bin:/bin:/usr/sbin:/sbin"
"""Where programs are found that no shell has started."""

GIT = which("git") or "git"

SIGNS = {"ok": "ok", "off": "off", "note": "note", "broken": "BROKEN"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: `state` is "ok", "off", "note" or "broken"."""

    check: str
    state: str
    text: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(as_json: bool) -> None:
    """Try a real merge with your configuration and say what is on, off, or in the way.

    Exits with 0 when git merges with gitmerge-ai here, with 1 when it does not.
    """
    findings = list(examine(Path.cwd()))
    working = all(finding.state in ("ok", "note") for finding in findings)
    if as_json:
        report = {"ok": working, "findings": [asdict(finding) for finding in findings]}
        click.echo(json.dumps(report, indent=2))
    else:
        for finding in findings:
            click.echo(f"{SIGNS[finding.state]:>6}  {finding.check}: {finding.text}")
    sys.exit(0 if working else 1)


def examine(folder: Path) -> Iterator[Finding]:
    """Make every check for a folder.

    Args:
        folder: where git would be run; it need not be in a repository.
    """
    yield _git()
    yield _configured(folder)
    yield from (Finding("in the way", "off", text) for text in installation.shadows(folder))
    if installation.git_dir(folder):
        yield from _other_drivers(folder)
        yield _hooks(folder)
    yield from _languages()
    yield _settings()
    yield _trial(folder)
    yield from _trial_without_path(folder)


def _git() -> Finding:
    words = subprocess.run(["git", "version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)\.(\d+)\S*", words)
    if found and (int(found[1]), int(found[2])) < LABELS_SINCE:
        since = ".".join(map(str, LABELS_SINCE))
        text = (
            f"{found[0]}; before {since} a conflict in a renamed file is labelled without its path"
        )
        return Finding("git", "note", text)
    return Finding("git", "ok", found[0] if found else words.strip())


def _configured(folder: Path) -> Finding:
    default = effective(installation.DEFAULT, folder)
    line = effective(installation.DRIVER, folder)
    if not default or not line:
        return Finding("driver", "off", "not installed here; run: gitmerge-ai install")
    current = dict(installation.parts()["driver"].keys)[installation.DRIVER]
    if line[0] != current:
        text = f"{line[1]} was written by another installation; to use this one: install again"
        return Finding("driver", "note", text)
    return Finding("driver", "ok", f"installed in {line[1]}")


def _other_drivers(folder: Path) -> Iterator[Finding]:
    """Count the files whose attributes name another way to merge."""
    files = subprocess.run(["git", "ls-files", "-z"], cwd=folder, capture_output=True, check=True)
    command = ["git", "check-attr", "-z", "--stdin", "merge"]
    done = subprocess.run(command, cwd=folder, input=files.stdout, capture_output=True, check=True)
    values = os.fsdecode(done.stdout).split("\0")[2::3]
    ways = Counter(each for each in values if each not in ("unspecified", installation.NAME))
    for way, count in ways.most_common():
        name = {"unset": "-merge (binary)", "set": "merge (git alone)"}.get(way, f"merge={way}")
        said = _said_in(folder, way)
        text = f"{count} of {len(values)} files keep {name}{f', as {said} says' if said else ''}"
        all_of_them = count == len(values) > 1
        yield Finding("attributes", "off" if all_of_them else "note", text)


def _said_in(folder: Path, way: str) -> str:
    """Name the files of attributes that choose a way to merge."""
    root = hook_installation.work_tree(folder) or folder
    shared = effective("core.attributesFile", folder)
    user = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser() / "git"
    places = {
        ".gitattributes": root / ".gitattributes",
        "info/attributes in the git directory": (installation.git_dir(folder) or root)
        / "info"
        / "attributes",
        "your own attributes file": Path(shared[0]).expanduser() if shared else user / "attributes",
    }
    word = {"unset": r"(?:-merge|binary)", "set": "merge"}.get(way, f"merge={re.escape(way)}")
    line = re.compile(rf"(?m)^[^#\n]*\s{word}(?:\s|$)")
    found = [
        name
        for name, file in places.items()
        if file.is_file() and line.search(file.read_text(errors="replace"))
    ]
    return " and ".join(found)


def _hooks(folder: Path) -> Finding:
    manager = hook_managers.manager(folder)
    found = hook_installation.hooks(folder)
    on = [hook.name for hook in found if hook.state == "on"]
    old = [hook.name for hook in found if hook.state in ("old", "replaced")]
    if old:
        text = f"{', '.join(old)}: not as this installation wrote it; run: {_INSTALL_HOOKS}"
        return Finding("hooks", "note", text)
    if manager and manager.mentioned:
        return Finding("hooks", "ok", f"{manager.name} runs gitmerge-ai, by {manager.where}")
    if manager:
        text = f"{manager.name} decides here and does not run it; see: {_INSTALL_HOOKS}"
        return Finding("hooks", "note", text)
    if on:
        return Finding("hooks", "ok", f"{', '.join(on)} in {found[0].file.parent}")
    return Finding("hooks", "note", f"not installed; to have commits looked at: {_INSTALL_HOOKS}")


_INSTALL_HOOKS = "gitmerge-ai install --hooks"


def _languages() -> Iterator[Finding]:
    known = [row for row in rows() if not row.extra]
    missing = [row.name for row in known if not find_spec(row.grammar.partition(":")[0])]
    if missing:
        text = f"no grammar for {', '.join(missing)}; install gitmerge-ai again"
        yield Finding("languages", "broken", text)
    else:
        yield Finding("languages", "ok", f"{len(known)} with their grammars")


def _settings() -> Finding:
    settings = config.read()
    text = f"conflict style {settings.conflict_style}, timeout {settings.timeout:g} s a file"
    return Finding("settings", "ok", text)


def _trial(folder: Path) -> Finding:
    """Merge in a repository of its own, with what is configured for the folder."""
    merged, words = _tried(folder, _outside())
    if merged == MERGED:
        return Finding("trial merge", "ok", "a conflict that git alone leaves was resolved")
    if "<<<<<<<" in merged and not words:
        return Finding("trial merge", "off", "git merged alone and left the conflict")
    return Finding("trial merge", "broken", words or f"it gave {merged!r}")


def _trial_without_path(folder: Path) -> Iterator[Finding]:
    """Merge as a program with windows does, which knows nothing of a shell's PATH."""
    if os.name != "posix" or not effective(installation.DRIVER, folder):
        return
    merged, words = _tried(folder, {**_outside(), "PATH": BARE_PATH})
    if merged == MERGED:
        yield Finding("from a GUI", "ok", f"it works with nothing but {BARE_PATH} to find programs")
    elif _tried(folder, _outside())[0] == MERGED:
        text = f"it does not work without your shell's PATH: {words or 'git merged alone'}"
        yield Finding("from a GUI", "broken", text)


def _tried(folder: Path, environment: dict[str, str]) -> tuple[str, str]:
    """Give what `_merge` gives, with what is configured for the folder."""
    keys = (installation.DEFAULT, installation.DRIVER, f"merge.{installation.NAME}.recursive")
    values = [(key, effective(key, folder)) for key in keys]
    options = [f"{key}={value[0]}" for key, value in values if value]
    with tempfile.TemporaryDirectory(prefix="gitmerge-ai-") as place:
        return _merge(Path(place), options, environment)


def _merge(place: Path, options: list[str], environment: dict[str, str]) -> tuple[str, str]:
    """Give the merged text of the trial, and what gitmerge-ai said about it."""
    always = ["user.name=doctor", "user.email=doctor@localhost", "commit.gpgSign=false"]
    always += [f"core.hooksPath={os.devnull}", "merge.conflictStyle=merge", "rerere.enabled=false"]
    settings = [part for option in (*always, *options) for part in ("-c", option)]
    file = place / "trial.py"

    def git(*arguments: str) -> str:
        command = [GIT, *settings, *arguments]
        return subprocess.run(
            command, cwd=place, env=environment, capture_output=True, text=True, check=False
        ).stderr

    def commit(text: str, branch: str, *start: str) -> None:
        git("checkout", "-q", "-b", branch, *start)
        file.write_text(text)
        git("add", file.name)
        git("commit", "-q", "-m", branch)

    git("init", "-q", "--template=")
    commit(BASE, "base")
    commit(THEIRS, "theirs")
    commit(OURS, "ours", "base")
    said = git("merge", "-q", "--no-edit", "theirs").splitlines()
    return file.read_text(), "; ".join(line for line in said if installation.NAME in line)


def _outside() -> dict[str, str]:
    """Give the environment without what ties git to the repository it was called in."""
    return {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("GIT_") or key.startswith(("GIT_CONFIG", "GIT_EXEC"))
    }
