"""Writes whole-file merge cases out of repositories' histories, for `benchmarks/merge.py`.

    python benchmarks/cases.py REPO... -o DIR [--limit N]

A case is a file that git left in conflict in a real merge: a folder with base.EXT, ours.EXT,
theirs.EXT, what people committed as expected.EXT, and meta.json on where it is from. Merges are
visited in an order drawn with a fixed seed, so a run on the same histories gives the same cases.
Prints how many cases each repository gave, by language.
"""

import hashlib
import json
import os
import random
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import click

from gitmerge_ai.merging.files import MAX_BYTES
from gitmerge_ai.repository.replay import ConflictedPath, Merge, Replay, Stage, replaying
from gitmerge_ai.training.mining.histories import name_of

SEED = 20
MOST_PER_MERGE = 6
SOURCE = {
    "python": (".py", ".pyi"),
    "java": (".java",),
    "javascript": (".js", ".jsx", ".mjs", ".cjs"),
    "typescript": (".ts", ".tsx", ".mts", ".cts"),
    "csharp": (".cs",),
    "go": (".go",),
    "rust": (".rs",),
    "c": (".c", ".h"),
    "cpp": (".cpp", ".cc", ".cxx", ".hpp", ".hh", ".hxx", ".ipp", ".inl"),
}
# All other files (documents, data, lists) share this part of a repository's cases.
OTHERS = 1 / 4
MARKER = re.compile(rb"^(?:<{7}|\|{7}|>{7})(?: |\r?$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Case:
    """One conflicted file: the three sides and what people committed."""

    merge: Merge
    path: str
    language: str
    base: bytes
    ours: bytes
    theirs: bytes
    expected: bytes

    @property
    def texts(self) -> dict[str, bytes]:
        """The four texts by the names of their files."""
        return {
            "base": self.base,
            "ours": self.ours,
            "theirs": self.theirs,
            "expected": self.expected,
        }

    @property
    def digest(self) -> bytes:
        """What two cases with the same texts share."""
        return b"".join(hashlib.sha256(text).digest() for text in self.texts.values())


def cases(replay: Replay, rng: random.Random) -> Iterator[Case]:
    """Give a repository's cases, merges in a drawn order, at most `MOST_PER_MERGE` of a merge."""
    merges = list(replay.merges())
    rng.shuffle(merges)
    for replayed in replay.replay(merges):
        paths = [path for path in replayed.conflicted if path.is_text_conflict]
        rng.shuffle(paths)
        given = 0
        for path in paths:
            case = read(replay, replayed.merge, path) if given < MOST_PER_MERGE else None
            if case:
                given += 1
                yield case


def read(replay: Replay, merge: Merge, path: ConflictedPath) -> Case | None:
    """Read a conflicted path as a case, or `None` where it is not fit to be one."""
    expected = replay.blob(f"{merge.commit}:{path.path}")
    sides = [content(replay, stage) for stage in (path.base, path.ours, path.theirs)]
    texts = [text for text in (*sides, expected) if text is not None]
    if len(texts) < 4 or any(is_unfit(text) for text in texts) or MARKER.search(texts[3]):
        return None
    base, ours, theirs, committed = texts
    if merges_cleanly(base, ours, theirs):
        return None
    return Case(merge, path.path, language(path.path), base, ours, theirs, committed)


def content(replay: Replay, stage: Stage | None) -> bytes | None:
    return replay.blob(stage.blob) if stage else b""


def is_unfit(text: bytes) -> bool:
    return len(text) > MAX_BYTES or b"\0" in text


def merges_cleanly(base: bytes, ours: bytes, theirs: bytes) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("ours", "base", "theirs")]
        for file, text in zip(files, (ours, base, theirs), strict=True):
            file.write_bytes(text)
        return (
            subprocess.run(["git", "merge-file", "-p", *files], capture_output=True).returncode == 0
        )


def language(path: str) -> str:
    suffix = PurePosixPath(path).suffix.lower()
    return next((name for name, suffixes in SOURCE.items() if suffix in suffixes), "other")


def extension(path: str) -> str:
    """Give the name's extension without its dot, the whole name where it has none."""
    name = PurePosixPath(path)
    return (name.suffix or name.name).lstrip(".")


def write(case: Case, folder: Path, repository: str, bases: tuple[str, ...]) -> None:
    folder.mkdir(parents=True)
    for name, text in case.texts.items():
        (folder / f"{name}.{extension(case.path)}").write_bytes(text)
    facts = {
        "repo": repository,
        "merge": case.merge.commit,
        "path": case.path,
        "ours": case.merge.ours,
        "theirs": case.merge.theirs,
        "base": list(bases),
    }
    (folder / "meta.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def export(repository: Path, out: Path, limit: int, seen: set[bytes]) -> Counter[str]:
    """Write a repository's cases; give how many by language."""
    name = name_of(repository)
    quota = {False: round(limit * OTHERS), True: limit - round(limit * OTHERS)}
    written: Counter[str] = Counter()
    of_merge: Counter[str] = Counter()
    with replaying(repository) as replay:
        for case in cases(replay, random.Random(f"{SEED} {name}")):
            is_source = case.language in SOURCE
            if case.digest in seen or not quota[is_source]:
                continue
            seen.add(case.digest)
            quota[is_source] -= 1
            short = case.merge.commit[:8]
            folder = out / case.language / f"{name}-{short}-{of_merge[short]}"
            of_merge[short] += 1
            write(case, folder, name.replace("+", "/", 1), replay.bases(case.merge))
            written[case.language] += 1
            if not quota[True]:
                break
    return written


@click.command()
@click.argument(
    "repositories", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="Where to.")
@click.option("--limit", default=120, show_default=True, help="Most cases of one repository.")
def main(repositories: tuple[Path, ...], out: Path, limit: int) -> None:
    """Write merge cases out of REPOSITORIES' histories."""
    seen: set[bytes] = set()
    for repository in repositories:
        written = export(repository, out, limit, seen)
        by_language = ", ".join(f"{name} {n}" for name, n in written.most_common())
        click.echo(f"{os.fspath(repository)}: {written.total()} ({by_language})")


if __name__ == "__main__":
    main()
