"""Merges folders of cases with this tool, with git, and with others, and tells how it came out.

    python benchmarks/merge.py CASES_DIR... [--also NAME='tool {base} {ours} {theirs} {path}']

A case is a folder, at any depth, with base.EXT, ours.EXT, theirs.EXT (also left.EXT, right.EXT;
without base it is an add/add) and expected.EXT. Its path is the "path" of a meta.json, or what
path.txt says, or EXT itself where that is a file's whole name (base.go.mod, base.Makefile), or
file.EXT.

Outcomes: "exact", "space" (equal tokens, white space apart), "left" (a conflict is left),
"different" (clean, but not what people committed), "crashed". Where `expected` holds markers the
case expects this conflict: "exact" and "space" compare it, whatever its labels say, and a clean
result is "different".
"""

import json
import os
import re
import shlex
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path, PurePosixPath

import click

from gitmerge_ai.merging.files import merge_files
from gitmerge_ai.merging.guard import Abandoned
from gitmerge_ai.merging.linerules import rule_for
from gitmerge_ai.resolving.advising import Learned
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.text import markers
from gitmerge_ai.values import Labels

OURSELVES = "gitmerge-ai"
DRIVER = Path(__file__).parents[1] / "gitmerge_ai" / "driver.py"
DRIVER_EXITS = {0: True, 1: False, 10: False}
OUTCOMES = ("exact", "space", "left", "different", "crashed")
NAMES = {"left": "ours", "right": "theirs"}
TIMEOUT = 60.0
GAVE_UP = "left as git has it: "
TOKEN = re.compile(r"\w+|[^\w\s]")
LABELS = ("base", "ours", "theirs")


@dataclass(frozen=True, slots=True)
class Case:
    """A case folder: its name, the path its file had, and its four texts."""

    name: str
    folder: Path
    path: str
    base: bytes
    ours: bytes
    theirs: bytes
    expected: bytes

    @property
    def style(self) -> str:
        """The conflict style that `expected` is written in."""
        regions = markers.regions(markers.parse(decoded(self.expected), 7))
        return "diff3" if any(region.base is not None for region in regions) else "merge"

    @property
    def language(self) -> str:
        """The language or the line rule by the tables, else the extension or the name."""
        row = for_path(self.path, decoded(self.ours)) or rule_for(self.path)
        name = PurePosixPath(self.path)
        return row.name if row else name.suffix or name.name


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool gave: the text, whether it called it clean, and what it said."""

    text: bytes
    clean: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """The outcome of one case with one tool."""

    case: str
    folder: str
    language: str
    tool: str
    outcome: str
    seconds: float
    note: str = ""


class Crash(Exception):
    """A tool gave no result."""


Tool = Callable[[Case, dict[str, Path]], Answer]


def read_cases(root: Path) -> Iterator[Case]:
    """Give the cases in a folder, at any depth, in order of their names."""
    for folder, _, names in sorted(os.walk(root)):
        case = read_case(Path(folder), root, names)
        if case:
            yield case


def read_case(folder: Path, root: Path, names: list[str]) -> Case | None:
    files = {}
    extension = ""
    for name in sorted(names):
        stem, _, rest = name.partition(".")
        side = NAMES.get(stem.lower(), stem.lower())
        if side in ("base", "ours", "theirs", "expected"):
            files[side] = (folder / name).read_bytes()
            extension = rest
    if not {"ours", "theirs", "expected"} <= files.keys():
        return None
    relative = folder.absolute().relative_to(root.absolute().parent).as_posix()
    path = named_path(folder) or path_of(extension)
    return Case(relative, folder, path, **{"base": b"", **files})


def named_path(folder: Path) -> str:
    """Give the path that the case itself names."""
    if (folder / "meta.json").exists():
        return str(json.loads((folder / "meta.json").read_text(encoding="utf-8")).get("path", ""))
    if (folder / "path.txt").exists():
        return (folder / "path.txt").read_text(encoding="utf-8").strip()
    return ""


def path_of(extension: str) -> str:
    """Guess a path from what follows "base." in a file's name."""
    if "." in extension:
        return extension
    guesses = (extension, f"file.{extension}", f".{extension}")
    known = (guess for guess in guesses if extension and (for_path(guess) or rule_for(guess)))
    return next(known, f"file.{extension}".rstrip("."))


def decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def comparable(data: bytes, style: str) -> str:
    """Write a text's conflicts in one style under one set of labels."""
    segments = markers.parse(decoded(data), 7)
    if not markers.regions(segments):
        return decoded(data)
    return markers.render(segments, style, Labels(*LABELS))


def outcome(case: Case, answer: Answer) -> str:
    conflict_expected = bool(markers.regions(markers.parse(decoded(case.expected), 7)))
    given, expected = (comparable(text, case.style) for text in (answer.text, case.expected))
    if answer.clean == conflict_expected:
        return "different" if answer.clean else "left"
    if given == expected:
        return "exact"
    if TOKEN.findall(given) == TOKEN.findall(expected):
        return "space"
    return "different" if answer.clean else "left"


def call(command: list[str], folder: Path, style: str) -> subprocess.CompletedProcess[bytes]:
    """Run a tool in a repository of its own, away from the user's configuration.

    Raises:
        Crash: it did not end in time.
    """
    settings = {"merge.conflictStyle": style}
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    environment["GIT_CONFIG_COUNT"] = str(len(settings))
    for at, (key, value) in enumerate(settings.items()):
        environment |= {f"GIT_CONFIG_KEY_{at}": key, f"GIT_CONFIG_VALUE_{at}": value}
    try:
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Crash(f"no result in {TIMEOUT:g} s") from error


def by_driver(case: Case, files: dict[str, Path]) -> Answer:
    """Run the script that git runs."""
    sides = [str(files[side]) for side in LABELS]
    command = [sys.executable, "-I", "-S", str(DRIVER), *sides, "7", case.path, *LABELS]
    done = call(command, files["ours"].parent, case.style)
    said = decoded(done.stderr).strip()
    if done.returncode not in DRIVER_EXITS:
        raise Crash(f"exit {done.returncode}: {said[-200:]}")
    return Answer(files["ours"].read_bytes(), DRIVER_EXITS[done.returncode], said)


def by_command(command: list[str], case: Case, files: dict[str, Path]) -> Answer:
    """Run a command that prints the result and exits with 0 where it is clean."""
    known = {"path": case.path, **{side: str(path) for side, path in files.items()}}
    words = [word.format_map(known) for word in command]
    done = call(words, files["ours"].parent, case.style)
    said = decoded(done.stderr).strip()
    marked = markers.has_markers(decoded(done.stdout))
    if not 0 <= done.returncode < 128 or (done.returncode and not marked):
        raise Crash(f"exit {done.returncode}: {said[-200:]}")
    return Answer(done.stdout, done.returncode == 0, said)


GIT = partial(by_command, ["git", "merge-file", "-p", "{ours}", "{base}", "{theirs}"])
MERGE_FILE = partial(
    by_command,
    [
        *(sys.executable, "-c", "from gitmerge_ai.cli import main; main()", "merge-file"),
        *("{base}", "{ours}", "{theirs}", "-p", "{path}"),
    ],
)


def in_process(case: Case, files: dict[str, Path]) -> Answer:
    """Call the library, which is quick but has no limit of memory; for tuning.

    Raises:
        Crash: the engine raised, or took longer than the driver would let it.
    """

    def stop(*_: object) -> None:
        raise TimeoutError("it took longer than 10 s")

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 10)
    try:
        data, result = merge_files(
            case.base,
            case.ours,
            case.theirs,
            path=case.path,
            labels=LABELS,
            style=case.style,
            advice=Learned(),
        )
    except Abandoned as reason:
        git = GIT(case, files)
        return Answer(git.text, git.clean, f"{GAVE_UP}{reason}")
    except Exception as error:
        at = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(at.filename).name}:{at.lineno}"
        raise Crash(f"{type(error).__name__}: {error} ({where})") from error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return Answer(data, result.clean, f"{GAVE_UP}{result.note}" if result.note else "")


def lay_out(case: Case, folder: Path) -> dict[str, Path]:
    """Write the three sides where a tool may change them."""
    files = {side: folder / f"{side}{PurePosixPath(case.path).suffix}" for side in LABELS}
    for side, file in files.items():
        file.write_bytes(getattr(case, side))
    return files


def measure(case: Case, tools: dict[str, Tool]) -> list[Record]:
    """Run one case through every tool."""
    records = []
    with tempfile.TemporaryDirectory() as folder:
        call(["git", "init", "-q"], Path(folder), "merge")
        for name, tool in tools.items():
            files = lay_out(case, Path(folder))
            start = time.perf_counter()
            try:
                answer = tool(case, files)
                seconds = time.perf_counter() - start
                what, note = outcome(case, answer), answer.note
            except Crash as crash:
                seconds = time.perf_counter() - start
                what, note = "crashed", str(crash)
            folder_name = str(case.folder)
            records.append(Record(case.name, folder_name, case.language, name, what, seconds, note))
    return records


def report(records: list[Record]) -> str:
    """Write a table for each tool: the outcomes by language, and the times."""
    lines = []
    by_tool = defaultdict(list)
    for record in records:
        by_tool[record.tool].append(record)
    for tool, of_tool in by_tool.items():
        head = "".join(f"{name:>10}" for name in ("cases", *OUTCOMES, "median ms", "95% ms"))
        lines.append(f"{tool:<20}{head}")
        by_language = defaultdict(list)
        for record in of_tool:
            by_language[record.language].append(record)
        ordered = sorted(by_language.items(), key=lambda item: (-len(item[1]), item[0]))
        lines += [row(f"  {language}", some) for language, some in ordered]
        lines += [row("  all", of_tool), *reasons(of_tool), ""]
    return "\n".join(lines)


def row(name: str, records: list[Record]) -> str:
    counts = Counter(record.outcome for record in records)
    times = [1000 * record.seconds for record in records]
    cells = [len(records), *(counts[name] for name in OUTCOMES)]
    spread = statistics.quantiles(times, n=20, method="inclusive")[18] if times[1:] else times[0]
    tail = f"{statistics.median(times):>10.1f}{spread:>10.1f}"
    return f"{name:<20}" + "".join(f"{cell:>10}" for cell in cells) + tail


def reasons(records: list[Record]) -> list[str]:
    """Count why files were left as git has them, and why tools crashed."""
    notes = [r.note.partition(GAVE_UP)[2] for r in records if GAVE_UP in r.note]
    crashes = [f"crashed: {r.note}" for r in records if r.outcome == "crashed"]
    counted = Counter(notes + crashes).most_common(10)
    return [f"    {count} x {note.splitlines()[0]}" for note, count in counted if note]


def changes(before: list[Record], after: list[Record]) -> Iterator[str]:
    """Tell which cases have another outcome than in an earlier run."""
    old = {(record.tool, record.case): record.outcome for record in before}
    changed = defaultdict(list)
    for record in after:
        was = old.get((record.tool, record.case), record.outcome)
        if was != record.outcome:
            changed[f"{record.tool}: {was} -> {record.outcome}"].append(record.folder)
    for what, folders in sorted(changed.items()):
        yield f"{what} ({len(folders)})"
        yield from (f"  {folder}" for folder in folders)


def named_tools(how: str, also: tuple[str, ...]) -> dict[str, Tool]:
    ourselves: dict[str, Tool] = {
        "driver": by_driver,
        "merge-file": MERGE_FILE,
        "in-process": in_process,
    }
    tools: dict[str, Tool] = {OURSELVES: ourselves[how], "git merge-file": GIT}
    for item in also:
        name, _, command = item.partition("=")
        if not command:
            raise click.UsageError(f"--also {item}: give NAME='command with {{base}} …'")
        tools[name] = partial(by_command, shlex.split(command))
    return tools


@click.command()
@click.argument("roots", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--also", multiple=True, help="Another tool: NAME='command {base} {ours} {theirs}'.")
@click.option("--driver", "how", flag_value="driver", default="driver", help="As git runs it.")
@click.option("--merge-file", "how", flag_value="merge-file", help="As a person runs it.")
@click.option("--in-process", "how", flag_value="in-process", help="Without a process; quick.")
@click.option("--jobs", default=1, show_default=True, help="At once; more than 1 blurs times.")
@click.option("--limit", type=int, help="Only so many cases, spread over all.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="Write every outcome here.")
@click.option("--compare", type=click.Path(exists=True, path_type=Path), help="An earlier --json.")
@click.option("--list", "listed", type=click.Choice(OUTCOMES), help="Print these cases' folders.")
def main(
    roots: tuple[Path, ...],
    also: tuple[str, ...],
    how: str,
    jobs: int,
    limit: int | None,
    out: Path | None,
    compare: Path | None,
    listed: str | None,
) -> None:
    """Merge the cases in ROOTS and print the outcomes of every tool by language."""
    cases = [case for root in roots for case in read_cases(root)]
    if limit and limit < len(cases):
        cases = [cases[at * len(cases) // limit] for at in range(limit)]
    work = partial(measure, tools=named_tools(how, also))
    with ProcessPoolExecutor(jobs) as pool:
        records = [record for of_case in pool.map(work, cases, chunksize=4) for record in of_case]
    click.echo(report(records))
    if out:
        out.write_text(json.dumps([asdict(record) for record in records], indent=1) + "\n")
    if compare:
        before = [Record(**item) for item in json.loads(compare.read_text())]
        click.echo("\n".join(changes(before, records)) or "no case changed")
    if listed:
        chosen = (r for r in records if (r.tool, r.outcome) == (OURSELVES, listed))
        click.echo("\n".join(record.folder for record in chosen))


if __name__ == "__main__":
    main()
