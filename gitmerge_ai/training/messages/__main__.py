"""`python -m gitmerge_ai.training.messages`: learn what `message` knows beside a history.

Repositories that validate or test are left out by their folders' names, so that all can be given.
"""

from itertools import chain, islice
from pathlib import Path

import click

from gitmerge_ai.messages import general, openings, ranking
from gitmerge_ai.messages.backtesting import asking
from gitmerge_ai.repository.commits import subjects
from gitmerge_ai.resolving.ranking import boosting
from gitmerge_ai.training.learning.split import Part, part_of
from gitmerge_ai.training.messages import opening, reranking
from gitmerge_ai.training.messages.counting import count
from gitmerge_ai.training.mining.histories import name_of

BARS = ("flask", "requests")
"""Repositories that figures are asked for, which therefore train nothing either."""

MOST = 5_000
"""Subjects of one repository that are counted, the newest."""

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("repositories", nargs=-1, required=True, type=FOLDER)
@click.option("-o", "--out", required=True, type=FOLDER, help="models/, to ship what is learned.")
@click.option("--last", default=60, help="Commits of each repository that are asked about.")
def main(repositories: tuple[Path, ...], out: Path, last: int) -> None:
    """Count n-grams and grow trees on REPOSITORIES.

    The trees are grown with what ships already, which is this if it is written there: those that
    rank proposals with those that rank openings, which have learned from other, older commits.
    """
    training = [each for each in repositories if _trains(each)]
    counts = count({name_of(each): subjects(each, MOST) for each in training})
    general.write(*counts, out / general.FILE)
    older = (islice(asking(each, 2 * last), last) for each in training)
    words = opening.grow(chain.from_iterable(map(opening.rows, older)))
    boosting.write(words, out / openings.FILE)
    newer = (asking(each, last) for each in training)
    trees = reranking.grow(chain.from_iterable(map(reranking.rows, newer)))
    boosting.write(trees, out / ranking.FILE)


def _trains(repository: Path) -> bool:
    name = name_of(repository)
    return part_of(name) is Part.TRAIN and not name.endswith(BARS)


if __name__ == "__main__":
    main()
