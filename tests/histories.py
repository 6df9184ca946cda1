"""Repositories with merges in them, and what mining makes of them."""

from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

from repositories import Repository

from gitmerge_ai.training.mining.histories import Caps, Selection, collect, name_of, start
from gitmerge_ai.training.mining.records import MinedRegion, Summary, read

BASE = "".join(f"line {number} = {number}\n" for number in range(30))


def change(text: str, **lines: str) -> str:
    """Replace lines, named `at5`, of a text."""
    rows = text.splitlines(keepends=True)
    for name, line in lines.items():
        rows[int(name.removeprefix("at"))] = line
    return "".join(rows)


OURS = change(BASE, at5="ours 5\n", at20="ours 20\n")
THEIRS = change(BASE, at5="theirs 5\n", at20="theirs 20\n")
TAKEN = change(BASE, at5="ours 5\n", at20="theirs 20\nours 20\n")


def merged(repo: Repository, committed: str | None = TAKEN, name: str = "file.py") -> str:
    """Merge two branches in conflict as people would: the result is `committed`."""
    repo.diverge({name: BASE}, {name: OURS}, {name: THEIRS})
    repo.git("merge", "-q", "side", ok=False)
    if committed is None:
        repo.git("rm", "-q", "-f", name)
        return repo.commit("Merge the side", {"other": ""})
    return repo.commit("Merge the side", {name: committed})


def mined(
    repo: Repository,
    out: Path,
    caps: Caps | None = None,
    seen: set[bytes] | None = None,
    selection: Selection | None = None,
    executor: Executor | None = None,
) -> tuple[Summary, list[MinedRegion]]:
    """Mine a repository, in threads of this process if nothing else is said."""
    out.mkdir(exist_ok=True)
    with executor or ThreadPoolExecutor(2) as running:
        started = start(repo.path, out, executor=running, caps=caps or Caps(), selection=selection)
        known = set() if seen is None else seen
        summary = collect(started, seen=known, advance=lambda merges: None)
    return summary, list(read(out / f"{name_of(repo.path)}.jsonl.gz"))
