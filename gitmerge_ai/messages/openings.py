"""How a subject may go on: the tokens that could stand next, the most probable first.

What follows the last tokens here and anywhere, what the change holds, what the nearest subjects say
and how probable a network finds it are told apart as features of each token, and trees say how
probable they make it. The trees are
grown by `gitmerge_ai.training.messages`; without them the n-grams' own share counts.
"""

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from gitmerge_ai.messages import general, pointer, reading
from gitmerge_ai.messages.claims import Claims
from gitmerge_ai.messages.following import Evidence, Following
from gitmerge_ai.messages.memory import Asked, Memory, Remembered
from gitmerge_ai.messages.trees import shipped
from gitmerge_ai.messages.words import END, core, going_on, kind, pieces, tokens

FILE = "messages-openings.bin"

MOST = 40
"""Openings that are compared."""

UNFORESEEN = 0.05
"""For a word that is begun: the weight of words that never followed what stands before it."""

WHOLE = 1e-3
"""How probable it is at least that what was typed of a word is all of it."""

NEAR = 12
"""Earlier commits, the weightiest and the most alike, whose words are looked for."""

JOINING = frozenset("._/+-'")
"""Signs that may stand in a word: behind one, a word that was begun goes on."""

LATEST = 8
"""Subjects, the last ones, whose words are looked for; people do the same thing several times."""

LOOKED_AT = 100
"""Earlier commits, the weightiest, of which it counts what they have in common with the change."""

UNHEARD = 1e-4
LEAST = 1e-7
"""Added to shares before their logarithm is taken."""

KINDS = ("word", "sign", "version", "ticket", "code")

COMPARED = (
    *("share", "here", "two", "anywhere", "in use", "in the nearest", "rank in the change"),
    *("network", "in the closest"),
)
"""Features that also count by how much less they are than those of the best opening."""


class Opening(NamedTuple):
    """The tokens that go on from what was typed, the begun one included, and how probable."""

    tokens: tuple[str, ...]
    share: float


class Openings:
    """What could stand next in the subject of one change."""

    def __init__(self, following: Following, memory: Memory, asked: Asked) -> None:
        """Look the change over once.

        Args:
            following: what words follow others.
            memory: what there was before.
            asked: the change.
        """
        self._following = following
        self._memory = memory
        self._asked = asked
        self._claims = Claims(asked.actions, asked.nature)
        self._ranked: dict[str, list[Opening]] = {}

    def ranked(self, typed: str) -> list[Opening]:
        """Give what could stand next, the most probable first.

        Where what was typed of a word may be all of it, the token behind it is an opening too.

        Args:
            typed: the beginning of a subject.
        """
        if typed not in self._ranked:
            self._ranked[typed] = self._rank(typed)
        return self._ranked[typed]

    def _rank(self, typed: str) -> list[Opening]:
        found = self.found(typed)
        trees = shipped(FILE)
        if trees is None or not found:
            return found
        scores = [trees.score(each) for each in self.features(typed, found)]
        best = max(scores)
        chances = [math.exp(score - best) for score in scores]
        total = sum(chances)
        ranked = [
            Opening(each.tokens, chance / total)
            for each, chance in zip(found, chances, strict=True)
        ]
        return sorted(ranked, key=lambda each: -each.share)

    def found(self, typed: str) -> list[Opening]:
        """Give what could stand next by n-grams alone, the most probable first."""
        context, stem = split_typed(typed)
        fitting: dict[str, float] = {}
        sources = [(self._following.after(context), 1.0)]
        if stem:
            sources.append((self._following.vocabulary(stem), UNFORESEEN))
            sources.append((self._following.written_behind(context), UNFORESEEN))
        begun = stem.lower()
        for source, weight in sources:
            for token, share in source.items():
                if token.lower().startswith(begun):
                    kept = going_on(stem, token)
                    fitting[kept] = fitting.get(kept, 0.0) + weight * share
        total = sum(fitting.values()) or 1.0
        openings: dict[tuple[str, ...], float] = {
            (token,): share / total for token, share in fitting.items() if token or typed
        }
        if stem.strip():
            whole = max(openings.pop((stem,), 0.0), WHOLE)
            behind = self._following.after((*context, stem))
            for token, share in self._following.written_behind((*context, stem)).items():
                openings[stem, token] = whole * UNFORESEEN * share
            for token, share in behind.items():
                if token != END:
                    openings[stem, token] = openings.get((stem, token), 0.0) + whole * share
        best = heapq.nlargest(MOST, openings.items(), key=itemgetter(1))
        return [Opening(path, share) for path, share in best if share > 0]

    def features(self, typed: str, openings: Sequence[Opening]) -> list[dict[str, float]]:
        """Give what is known of each opening.

        Args:
            typed: the beginning of a subject.
            openings: what could stand next, the most probable first.
        """
        context, stem = split_typed(typed)
        begun = stem.strip()
        before = {core(token) for token in context}
        places = {1: _Place.of(self._following, context)}
        if begun:
            places[2] = _Place.of(self._following, (*context, stem))
        known: dict[str, float] = {
            "typed": len(typed),
            "stem": len(begun),
            "tokens": len(context),
            "history": math.log1p(len(self._memory)),
            "nearest shares": self._closest.get(END, 0.0),
        }
        result = []
        for rank, each in enumerate(openings):
            word = core(each.tokens[-1])
            found = {
                **known,
                "rank": rank,
                "share": math.log(each.share + LEAST),
                "is behind": len(each.tokens) > 1,
                "more": len(word) - (len(begun) if len(each.tokens) == 1 else 0),
                "was said": word in before,
                **places[len(each.tokens)].features(each.tokens[-1]),
                **self._own(each.tokens[-1], word),
                **self._written(begun, context, each),
                **self._network((*context, *each.tokens[:-1]), each.tokens[-1]),
            }
            if len(each.tokens) > 1:
                found.update(self._begun(stem))
            result.append(found)
        for name in COMPARED:
            best = max((row[name] for row in result if not math.isnan(row[name])), default=0.0)
            for row in result:
                row[f"{name}, less than best"] = best - row[name]
        return result

    def _own(self, token: str, word: str) -> dict[str, float]:
        """Give what is known of a token wherever it stands."""
        slots, footprint = self._following.slots, self._asked.footprint
        files = len(footprint.paths) or 1
        return {
            "length": len(word),
            "is the end": token == END,
            "is spaced": token.startswith(" "),
            "is a word": word[:1].isalnum(),
            "kind": KINDS.index(kind(token)) if token else len(KINDS),
            "in use": math.log(self._used.get(word, 0.0) + UNHEARD),
            "in the nearest": self._alike.get(word, 0.0),
            "in the weightiest": self._weightiest.get(word, 0.0),
            "in the latest": self._latest.get(word, 0.0),
            "in the closest": self._closest.get(word, 0.0),
            "in subjects": math.log1p(self._memory.spread(word)),
            "in messages": math.log(general.shipped().share(word)),
            "added": math.log1p(self._added[word]),
            "removed": math.log1p(self._removed[word]),
            "in paths": self._steps[word] / files,
            "in names of files": self._files[word] / files,
            "rank in the change": slots.rank(word),
            "is of the change": slots.is_own(word),
            "claim holds": self._claims.holds(word),
        }

    def _written(self, begun: str, context: Sequence[str], opening: Opening) -> dict[str, float]:
        """Say how often files and messages have a word, if it is begun, and behind the last one."""
        *more, word = (token.strip() for token in opening.tokens)
        before = core(more[-1] if more else context[-1] if context else "")
        if not begun and not before:
            return {}
        found = {}
        for name, text in ("files", self._following.files), ("messages", self._following.messages):
            there, behind = text.beginning(begun), text.behind(before)
            found[f"in {name}"] = math.log1p(there[word]) if begun and not more else math.nan
            found[f"behind in {name}"] = math.log1p(_of(behind, word)) if before else math.nan
            found[f"all behind in {name}"] = math.log1p(behind.total())
        return found

    def _network(self, before: tuple[str, ...], token: str) -> dict[str, float]:
        """Give how probable the network finds a token behind others."""
        found = self._places and self._places.score(before, token)
        score, copied = found or (math.nan, math.nan)
        return {"network": score, "network copies": copied}

    @cached_property
    def _places(self) -> pointer.Places | None:
        network = pointer.shipped()
        if network is None:
            return None
        near = self._following.weighed[: reading.SUBJECTS]
        messages = self._memory.messages(reading.LATEST)
        read = reading.items(
            self._asked.footprint,
            (each.remembered.tokens[:-1] for each in near),
            reading.beginnings(message.partition("\n")[0] for message in messages),
        )
        return pointer.Places(network, read, reading.sizes(self._asked.footprint))

    def _begun(self, stem: str) -> dict[str, float]:
        """Give what is known of a word that was typed if it is whole."""
        word = core(stem)
        return {
            "whole, in use": math.log(self._used.get(word, 0.0) + UNHEARD),
            "whole, in subjects": math.log1p(self._memory.spread(word)),
            "whole, of the change": self._following.slots.is_own(word),
            "whole, in messages": math.log(general.shipped().share(word)),
        }

    @cached_property
    def _used(self) -> Mapping[str, float]:
        """How much the commits count that say a word, of all that there are."""
        return _said((each.remembered, each.weight) for each in self._following.weighed)

    @cached_property
    def _weightiest(self) -> Mapping[str, float]:
        weightiest = self._following.weighed[:NEAR]
        return _said((each.remembered, each.weight) for each in weightiest)

    @cached_property
    def _alike(self) -> Mapping[str, float]:
        likest = heapq.nlargest(NEAR, self._following.weighed, key=lambda each: each.likeness)
        return _said((each.remembered, each.likeness**2) for each in likest)

    @cached_property
    def _latest(self) -> Mapping[str, float]:
        """How many of the last subjects say a word."""
        return _said((each, 1.0) for each in self._memory.latest_said(LATEST))

    @cached_property
    def _closest(self) -> Mapping[str, float]:
        """How much of the change at most a commit shares that says a word; all say `END`."""
        found: dict[str, float] = {}
        for each in self._following.weighed[:LOOKED_AT]:
            for word in each.remembered.cores:
                found[word] = max(each.shared, found.get(word, 0.0))
        return found

    @cached_property
    def _added(self) -> Counter[str]:
        return _counted({word.lower(), *pieces(word)} for word in self._asked.footprint.added)

    @cached_property
    def _removed(self) -> Counter[str]:
        return _counted({word.lower(), *pieces(word)} for word in self._asked.footprint.removed)

    @cached_property
    def _steps(self) -> Counter[str]:
        return _counted(
            {path.lower(), *path.lower().split("/"), *pieces(path)}
            for path in self._asked.footprint.paths
        )

    @cached_property
    def _files(self) -> Counter[str]:
        names = (path.rpartition("/")[2] for path in self._asked.footprint.paths)
        return _counted(
            {name.lower(), name.lower().partition(".")[0], *pieces(name)} for name in names
        )


class _Place(NamedTuple):
    """What followed the tokens before a place, counted in several ways."""

    here: Mapping[str, Evidence]
    anywhere: Mapping[str, float]
    mixed: Mapping[str, float]

    @classmethod
    def of(cls, following: Following, context: tuple[str, ...]) -> "_Place":
        here = following.evidence(context)
        anywhere = following.anywhere(context, here["here"].counts)
        return cls(here, anywhere, following.after(context))

    def features(self, token: str) -> dict[str, float]:
        """Give how often a token followed."""
        shares = {way: found.share(token) for way, found in self.here.items()}
        return {
            **{way: math.log(share + UNHEARD) for way, share in shares.items()},
            **{f"all {way}": math.log(self.here[way].total + 0.01) for way in ALL_OF},
            "anywhere": math.log(self.anywhere.get(token, 0.0) + UNHEARD),
            "mixed": math.log(self.mixed.get(token, 0.0) + UNHEARD),
        }


ALL_OF = ("here", "plain", "two", "alike")
"""Ways of counting of which it also counts how much there is."""


def split_typed(typed: str) -> tuple[tuple[str, ...], str]:
    """Part what was typed into whole tokens and the beginning of one, which may be whole too."""
    found = tokens(typed)
    if not found:
        return (), ""
    whole = 2 if len(found) > 1 and found[-1] in JOINING and found[-2][-1:].isalnum() else 1
    return tuple(found[:-whole]), "".join(found[-whole:])


def _of(words: Mapping[str, int], word: str) -> int:
    """Give how often a word is there, as it is or in small letters."""
    return words.get(word, 0) or words.get(word.lower(), 0)


def _said(commits: Iterable[tuple[Remembered, float]]) -> dict[str, float]:
    """Give for each word the share of the commits, by their weight, whose subjects say it."""
    result: dict[str, float] = {}
    total = 0.0
    for each, weight in commits:
        total += weight
        for word in set(each.cores):
            result[word] = result.get(word, 0.0) + weight
    return {word: weight / total for word, weight in result.items()} if total else {}


def _counted(groups: Iterable[set[str]]) -> Counter[str]:
    return Counter(word for group in groups for word in group)
