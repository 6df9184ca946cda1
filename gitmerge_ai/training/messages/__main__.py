"""`python -m gitmerge_ai.training.messages`: learn what `message` knows beside a history.

Repositories that validate are left out by their folders' names, and so are those that figures are
asked for, so that all can be given. The others are parted in two: the larger part trains the
network, and the trees learn from the other one how far to trust it on what it has never seen.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

import click

from gitmerge_ai.messages import general, openings, pointer, ranking
from gitmerge_ai.messages.backtesting import Asking, asking
from gitmerge_ai.repository.commits import commits, names, subjects
from gitmerge_ai.resolving.ranking import boosting
from gitmerge_ai.training.learning.split import Part, part_of
from gitmerge_ai.training.messages import opening, pointing, reranking
from gitmerge_ai.training.messages.counting import count
from gitmerge_ai.training.messages.examples import examples
from gitmerge_ai.training.mining.histories import name_of

BARS = ("flask", "requests")
"""Repositories that figures are asked for, which therefore train nothing either."""

MOST = 5_000
"""Subjects of one repository that are counted, the newest."""

READ = 6_000
"""Commits of one repository that the network learns from, the newest."""

YOUNG = 100
"""Commits at the beginning of a repository that trees learn from."""

PARTED = 3
"""Of so many repositories, in order, the trees learn from one."""

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("repositories", nargs=-1, required=True, type=FOLDER)
@click.option("-o", "--out", required=True, type=FOLDER, help="models/, to ship what is learned.")
@click.option("--last", default=150, help="Commits of each repository that trees learn from.")
def main(repositories: tuple[Path, ...], out: Path, last: int) -> None:
    """Count n-grams, train the network and grow trees on REPOSITORIES.

    The trees are grown with what ships already, which is this if it is written there: those that
    rank proposals with those that rank openings, which have learned from other commits: older ones,
    and every other one of the first, by which the trees learn what little to make of a history that
    has hardly begun.
    """
    training = sorted(filter(_trains, repositories), key=name_of)
    counts = count({name_of(each): subjects(each, MOST) for each in training})
    general.write(*counts, out / general.FILE)
    strange = training[::PARTED]
    network = _trained([each for each in training if each not in strange])
    (out / pointer.FILE).write_bytes(network)
    pointer.shipped.cache_clear()
    older = (chain(islice(asking(each, 2 * last), last), _young(each, 0)) for each in strange)
    words = opening.grow(chain.from_iterable(map(opening.rows, older)))
    boosting.write(words, out / openings.FILE)
    newer = (chain(asking(each, last), _young(each, 1)) for each in strange)
    trees = reranking.grow(chain.from_iterable(map(reranking.rows, newer)))
    boosting.write(trees, out / ranking.FILE)


def _young(repository: Path, start: int) -> Iterator[Asking]:
    """Ask about every other one of the first commits of a repository."""
    return islice(asking(repository, YOUNG, young=True), start, None, 2)


def _trained(repositories: Sequence[Path]) -> bytes:
    """Train a network on repositories and give it as its file holds it."""
    found = {
        name_of(each): examples(commits(each, names(each, READ)[::-1])) for each in repositories
    }
    return pointer.to_bytes(pointing.train(found))


def _trains(repository: Path) -> bool:
    name = name_of(repository)
    return part_of(name) is not Part.VALID and not name.endswith(BARS)


if __name__ == "__main__":
    main()
