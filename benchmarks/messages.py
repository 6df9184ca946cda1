"""Prints how commit messages are proposed on the last commits of repositories, beside a floor.

The floor is a quick retrieval baseline. With nothing typed it is the subject of the nearest earlier
change, by TF-IDF over the words of paths and changed lines. With a beginning typed it is n-grams of
earlier subjects, which count more where they are near, recent or by the same author, mixed with the
words of the change.

Many sites add the number of a request to a subject when they merge it. Nobody can know it before,
but the floor copies one, and three of the four signs are right. So where there are such numbers the
figures are printed again without them, in what is proposed and in what was written.

    python benchmarks/messages.py REPOSITORY... [--last N] [--young]
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from gitmerge_ai.interface.messages_text import table
from gitmerge_ai.messages.archive import without_host
from gitmerge_ai.messages.backtesting import SHARES, Answer, answers, figures, graded, walked
from gitmerge_ai.messages.measures import likeness
from gitmerge_ai.messages.question import Candidate
from gitmerge_ai.messages.ranking import form
from gitmerge_ai.messages.words import END, START, core, pieces, tokens
from gitmerge_ai.repository.commits import Commit
from gitmerge_ai.training.mining.histories import name_of

ORDERS = 3
"""Tokens before one that are looked at."""

BACKOFF = 0.4
"""Weight of a context that is one token shorter."""

NEAREST, NEAR, RECENT, LATELY, SAME_AUTHOR, OWN = 30, 8.0, 2.0, 100, 1.5, 0.3
"""Changes that count as near and how much more the nearest counts; how much more the latest counts
and after how many commits that has faded; how much more the same author counts; what a word of the
change counts."""

LONGEST = 16


@dataclass(slots=True)
class _Earlier:
    commit: Commit
    words: Counter[str]
    cut: list[str]


class Floor:
    """Earlier commits, and what they would propose."""

    def __init__(self) -> None:
        """Begin without any."""
        self._earlier: list[_Earlier] = []
        self._spread: Counter[str] = Counter()

    def add(self, commit: Commit) -> None:
        """Take in a commit."""
        words = _words(commit)
        self._spread.update(words.keys())
        self._earlier.append(_Earlier(commit, words, [*tokens(commit.subject), END]))

    def propose(self, commit: Commit, typed: Sequence[str]) -> list[list[str]]:
        """Give three rests of a commit's subject for each beginning, best first."""
        near = self._near(commit)
        weights = [self._weight(at, commit) for at in range(len(self._earlier))]
        for rank, (alike, at) in enumerate(near[:NEAREST]):
            weights[at] += NEAR * alike / (1 + rank)
        subjects = [self._earlier[at].commit.subject for _, at in near]
        return [
            self._continued(each, weights, _words(commit))
            if each
            else list(dict.fromkeys(subjects))[:3]
            for each in typed
        ]

    def _near(self, commit: Commit) -> list[tuple[float, int]]:
        """Rank earlier commits by the cosine of their words, by TF-IDF."""
        count = len(self._earlier)
        words = _words(commit)
        rarity = {w: math.log((1 + count) / (1 + self._spread[w])) + 1 for w in words}
        found = []
        for at, each in enumerate(self._earlier):
            shared = words.keys() & each.words.keys()
            product = sum(words[w] * each.words[w] * rarity[w] ** 2 for w in shared)
            norm = math.sqrt(sum(n * n for n in each.words.values())) or 1.0
            found.append((product / norm, at))
        most = max(found, default=(0.0, 0))[0] or 1.0
        return sorted(((p / most, at) for p, at in found), reverse=True)

    def _weight(self, at: int, commit: Commit) -> float:
        age = len(self._earlier) - 1 - at
        same = self._earlier[at].commit.author == commit.author
        return (1 + RECENT * math.pow(0.5, age / LATELY)) * (SAME_AUTHOR if same else 1.0)

    def _continued(self, typed: str, weights: list[float], own: Counter[str]) -> list[str]:
        """Continue greedily from each of the three best first tokens."""
        grams: dict[tuple[str, ...], dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for each, weight in zip(self._earlier, weights, strict=True):
            cores = [START, *map(core, each.cut)]
            for at, token in enumerate(each.cut):
                for order in range(min(ORDERS, at + 1) + 1):
                    grams[tuple(cores[at + 1 - order : at + 1])][token] += weight
        cut = tokens(typed)
        stem = cut.pop() if cut else ""
        first = {
            token: score
            for token, score in self._following(cut, grams, own).items()
            if token.lower().startswith(stem.lower()) and token != END
        }
        rests = []
        for token in sorted(first, key=lambda t: -first[t])[:3]:
            path = [*cut, token]
            while path[-1] != END and len(path) < LONGEST:
                found = self._following(path, grams, own)
                path.append(max(found, key=lambda t: found[t]))
            rests.append("".join(path[len(cut) :])[len(stem) :])
        return rests

    def _following(
        self,
        before: Sequence[str],
        grams: dict[tuple[str, ...], dict[str, float]],
        own: Counter[str],
    ) -> dict[str, float]:
        cores = [START, *map(core, before)]
        total = sum(own.values()) or 1
        result = {f" {word}": OWN * BACKOFF**ORDERS * n / total for word, n in own.items()}
        for order in range(min(ORDERS, len(cores)) + 1):
            found = grams.get(tuple(cores[len(cores) - order :]), {})
            whole = sum(found.values())
            for token, weight in found.items():
                share = BACKOFF ** (ORDERS - order) * weight / whole
                result[token] = result.get(token, 0.0) + share
        return result


def floor_answers(folder: Path, last: int, young: bool) -> Iterator[Answer]:
    """Give what the floor would have proposed, as `backtesting.answers` does."""
    found, start = walked(folder, last, young)
    floor, seen = Floor(), set[str]()
    for at, commit in enumerate(found):
        if at >= start:
            cuts = [len(commit.subject) * share // 100 for share in SHARES]
            rests = floor.propose(commit, [commit.subject[:cut] for cut in cuts])
            for share, cut, texts in zip(SHARES, cuts, rests, strict=True):
                typed = commit.subject[:cut]
                proposed = [Candidate(typed + text, "floor", 1.0) for text in texts]
                yield graded(commit, share, form(commit.subject) not in seen, proposed)
        floor.add(commit)
        seen.add(form(commit.subject))


def without_numbers(answer: Answer) -> Answer:
    """Compare anew, without the numbers that a site has added."""
    cut = len(answer.typed)
    written = without_host(answer.typed + answer.rest)[cut:]
    found = [without_host(each.text)[cut:] for each in answer.candidates[:1]]
    return answer._replace(worth={**answer.worth, **likeness("".join(found), written)})


def _words(commit: Commit) -> Counter[str]:
    footprint = commit.footprint
    found: Counter[str] = Counter()
    for word in (*footprint.added, *footprint.removed):
        found[word.lower()] += 1
    for path in footprint.paths:
        found.update(pieces(path))
    return found


@click.command()
@click.argument("repositories", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--last", default=300, help="Commits of each that are asked for.")
@click.option("--young", is_flag=True, help="Ask for the first so many, not the last.")
def main(repositories: tuple[Path, ...], last: int, young: bool) -> None:
    """Print the figures of each repository, and the floor's."""
    for repository in repositories:
        name = name_of(repository)
        floor = list(floor_answers(repository, last, young))
        ours = list(answers(repository, last, young))
        click.echo(table(f"{name}, the floor", figures(floor)))
        click.echo(table(name, figures(ours)))
        if any(without_host(each.typed + each.rest) != each.typed + each.rest for each in ours):
            for title, found in ((f"{name}, the floor", floor), (name, ours)):
                bare = figures([without_numbers(each) for each in found])
                click.echo(table(f"{title}, without a site's numbers", bare))


if __name__ == "__main__":
    main()
