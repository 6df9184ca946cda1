"""Counts the n-grams of many repositories' subjects, for `gitmerge_ai.messages.general`.

A repository counts by its number of subjects, up to a limit, and what only one of them says does
not count at all: it would be that repository's business.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from gitmerge_ai.messages.archive import without_host
from gitmerge_ai.messages.general import ORDER, Grams
from gitmerge_ai.messages.words import END, KINDS, START, context, tokens

WORDS = 12_000
FEWEST_REPOSITORIES = 3
"""Tokens that are kept, and repositories that one has to be in."""

FEWEST = (0, 4, 4)
WIDEST = (0, 60, 12)
"""By length of the context: how often an n-gram has to be there, and tokens kept behind one."""

Gram = tuple[int, ...]


class Counts(NamedTuple):
    """What `general.write` takes."""

    tokens: list[str]
    counts: list[int]
    grams: Grams


def count(subjects: Mapping[str, Iterable[str]]) -> Counts:
    """Count.

    Args:
        subjects: of each repository, by its name.
    """
    cut = {
        name: [tokens(without_host(one)) for one in ones] for name, ones in sorted(subjects.items())
    }
    forms, words = _vocabulary(cut)
    numbers = {word: number for number, word in enumerate(words)}
    seen: list[dict[Gram, Counter[int]]] = [defaultdict(Counter) for _ in range(ORDER)]
    where: Counter[tuple[Gram, int]] = Counter()
    for ones in cut.values():
        here: set[tuple[Gram, int]] = set()
        for one in ones:
            line = [numbers.get(each, -1) for each in (START, *map(context, one), END)]
            for at in range(1, len(line)):
                for length in range(1, min(ORDER, at + 1)):
                    before = tuple(line[at - length : at])
                    if -1 not in before:
                        seen[length][before][line[at]] += 1
                        here.add((before, line[at]))
        where.update(here)
    grams: dict[Gram, list[int]] = {}
    for length in range(1, ORDER):
        for before, after in sorted(seen[length].items()):
            kept = [
                (token, times)
                for token, times in after.most_common()
                if token >= 0 and times >= FEWEST[length] and where[before, token] > 1
            ][: WIDEST[length]]
            if kept:
                flat = [number for pair in kept for number in pair]
                grams[before] = [after.total(), len(after), *flat]
    return Counts([forms[word] for word in words], list(words.values()), Grams.of(grams))


def _vocabulary(
    cut: Mapping[str, Sequence[Sequence[str]]],
) -> tuple[dict[str, str], dict[str, int]]:
    """Give how each token is written most often, and how often it is there."""
    written: dict[str, Counter[str]] = defaultdict(Counter)
    spread: Counter[str] = Counter()
    for ones in cut.values():
        here = set()
        for one in ones:
            for at, token in enumerate((START, *one, END)):
                word = context(token)
                shown = word if word in KINDS else token.strip(" ")
                # A capital at the start says nothing of how a word is written elsewhere.
                written[word][shown] += 100 if at > 1 else 1
                here.add(word)
        spread.update(here)
    common = {
        word: 1 + forms.total() // 100
        for word, forms in written.items()
        if spread[word] >= FEWEST_REPOSITORIES
    }
    top = sorted(common, key=lambda word: (-common[word], word))[:WORDS]
    forms = {word: written[word].most_common(1)[0][0] for word in top}
    return forms, {word: common[word] for word in top}
