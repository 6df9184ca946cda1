"""How many mis-merges `check` finds, and how often it alarms on merges as people committed them.

    python benchmarks/losses.py REPOSITORY... [--merges N] [--show]

Merges of two parents are drawn from each history with a fixed seed. Each is looked at as it was
committed: what is said then counts as a false alarm, though some of it is true. Then one mis-merge
of each kind is planted in one file that both sides changed, and it is counted how many are named:
a stretch of lines that one side added is taken out, a declaration that one side added stands
twice, a stretch that one side deleted is put back.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from gitmerge_ai.differ.sequences import matches
from gitmerge_ai.merging.declared import declarations
from gitmerge_ai.merging.files import MAX_BYTES
from gitmerge_ai.merging.problems import Candidate, Problem, problems
from gitmerge_ai.repository.merged import MergedError, contents, merge_bases, merged_files
from gitmerge_ai.repository.replay import Merge, replaying
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.syntax.tree import Source

SEED = 4
MOST_FILES = 300
"""Files that a merge may have to be looked at; with more, two histories were joined."""

LEAST = 10
"""Characters, white space left out, that a planted stretch has to have."""


@dataclass
class Figures:
    """What is counted for a repository."""

    merges: int = 0
    alarmed: int = 0
    conflicted: int = 0
    alarmed_conflicted: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)


@click.command()
@click.argument("repositories", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--merges", default=50, show_default=True, help="Of each repository.")
@click.option("--show", is_flag=True, help="Print every alarm, and every plant not found.")
@click.option("--conflicted", is_flag=True, help="Only merges that git leaves in conflict.")
def main(repositories: tuple[Path, ...], merges: int, show: bool, conflicted: bool) -> None:
    total = Figures()
    for repository in repositories:
        figures = measure(repository, merges, show, conflicted)
        report(repository.name, figures)
        add(total, figures)
    report("all", total)


def measure(repository: Path, merges: int, show: bool, only_conflicted: bool) -> Figures:
    figures = Figures()
    chance = random.Random(f"{SEED} {repository.name}")
    with replaying(repository) as replay:
        every = list(replay.merges())
        chance.shuffle(every)
        for done in replay.replay(iter(every)):
            if figures.merges == merges:
                break
            if done.failed or (only_conflicted and not done.conflicted):
                continue
            files = read(repository, done.merge)
            if files is None:
                continue
            figures.merges += 1
            figures.conflicted += bool(done.conflicted)
            said = problems(files)
            if said:
                figures.alarmed += 1
                figures.alarmed_conflicted += bool(done.conflicted)
                figures.kinds.update(problem.kind for problem in said)
            if show:
                for problem in said:
                    tell(f"{done.merge.commit[:10]} {'C' if done.conflicted else ' '}", problem)
            plant_all(files, said, figures, chance, show)
    return figures


def read(repository: Path, merge: Merge) -> list[Candidate] | None:
    """Read what a merge could have gone wrong in; `None` where it cannot be judged."""
    bases = merge_bases(repository, merge.ours, merge.theirs)
    if len(bases) != 1:
        return None
    try:
        found = merged_files(repository, bases[0], merge.ours, merge.theirs, merge.commit)
        if len(found) > MOST_FILES:
            return None
        blobs = (blob for file in found for blob in file.blobs)
        data = contents(repository, blobs, MAX_BYTES)
    except MergedError:
        return None
    return [
        Candidate(
            file.path,
            *(
                None if blob is None else data.get(blob)
                for blob in (file.base, file.ours, file.theirs, file.result)
            ),
            merged=True,
        )
        for file in found
        if data.keys() >= set(file.blobs)
    ]


def plant_all(
    files: list[Candidate],
    said: list[Problem],
    figures: Figures,
    chance: random.Random,
    show: bool,
) -> None:
    both = [
        file
        for file in files
        if file.base
        and file.ours
        and file.theirs
        and file.result
        and b"\0" not in file.result
        and len({file.base, file.ours, file.theirs}) == 3
    ]
    for kind, plant in PLANTS.items():
        chance.shuffle(both)
        found = ((file, list(plant(file))) for file in both)
        file, options = next(((file, texts) for file, texts in found if texts), (None, []))
        if file is None:
            continue
        text = chance.choice(options)
        spoilt = file._replace(result=text)
        figures.planted[kind] += 1
        before = {(p.kind, p.text) for p in said}
        new = [p for p in problems([spoilt]) if (p.kind, p.text) not in before]
        if new:
            figures.found[kind] += 1
        elif show:
            click.echo(f"   not found: {kind} in {file.path}")


def hunks(base: list[bytes], side: list[bytes]) -> Iterator[tuple[range, range]]:
    i = j = 0
    for at, to in [*matches(base, side), (len(base), len(side))]:
        if (at, to) != (i, j):
            yield range(i, at), range(j, to)
        i, j = at + 1, to + 1


def lines_of(file: Candidate) -> tuple[list[bytes], list[list[bytes]], list[bytes]]:
    base, *sides, result = (
        (text or b"").splitlines(keepends=True)
        for text in (file.base, file.ours, file.theirs, file.result)
    )
    return base, sides, result


def size(lines: list[bytes]) -> int:
    return sum(len(line.strip()) for line in lines)


def find(result: list[bytes], stretch: list[bytes]) -> int | None:
    """Find where a stretch stands, if it does so once."""
    n = len(stretch)
    places = [at for at in range(len(result) - n + 1) if result[at : at + n] == stretch]
    return places[0] if len(places) == 1 else None


def dropped(file: Candidate) -> Iterator[bytes]:
    base, sides, result = lines_of(file)
    for side in sides:
        for old, new in hunks(base, side):
            stretch = [side[at] for at in new]
            if old or size(stretch) < LEAST:
                continue
            at = find(result, stretch)
            if at is not None:
                yield b"".join(result[:at] + result[at + len(stretch) :])


def doubled(file: Candidate) -> Iterator[bytes]:
    base, sides, result = lines_of(file)
    row = for_path(file.path, (file.result or b"").decode(errors="replace"))
    if row is None:
        return
    for side in sides:
        source = Source(row, b"".join(side))
        for _, new in hunks(base, side):
            for one in declarations(source, new):
                stretch = [side[at] for at in one.lines]
                at = find(result, stretch)
                if at is not None:
                    end = at + len(stretch)
                    yield b"".join([*result[:end], b"\n", *stretch, *result[end:]])


def resurrected(file: Candidate) -> Iterator[bytes]:
    base, sides, result = lines_of(file)
    for side in sides:
        for old, new in hunks(base, side):
            stretch = [base[at] for at in old]
            if new or not old or size(stretch) < LEAST or find(result, stretch) is not None:
                continue
            before = base[max(0, old.start - 3) : old.start]
            at = find(result, before)
            if before and at is not None:
                end = at + len(before)
                yield b"".join(result[:end] + stretch + result[end:])


PLANTS = {"dropped": dropped, "doubled": doubled, "resurrected": resurrected}


def add(total: Figures, more: Figures) -> None:
    for name in ("merges", "alarmed", "conflicted", "alarmed_conflicted"):
        setattr(total, name, getattr(total, name) + getattr(more, name))
    for name in ("kinds", "planted", "found"):
        getattr(total, name).update(getattr(more, name))


def tell(where: str, problem: Problem) -> None:
    click.echo(f"   {where} {problem.path}:{problem.line}: {problem.kind}: {problem.text}")


def report(name: str, figures: Figures) -> None:
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(figures.kinds.items()))
    click.echo(
        f"{name}: {figures.merges} merges ({figures.conflicted} in conflict), alarms on "
        f"{figures.alarmed} ({figures.alarmed_conflicted} in conflict){f': {kinds}' * bool(kinds)}"
    )
    found, planted = figures.found.total(), figures.planted.total()
    by_kind = ", ".join(
        f"{kind} {figures.found[kind]} of {count}"
        for kind, count in sorted(figures.planted.items())
    )
    click.echo(f"{name}: planted {planted}, found {found} ({by_kind})")


if __name__ == "__main__":
    main()
