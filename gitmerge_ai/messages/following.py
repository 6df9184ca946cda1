"""What words follow others in the subjects of earlier commits: n-grams, weighed by likeness.

Every earlier commit counts as much as `memory` says, so that one model holds the nearest changes,
the latest ones and the author's own. A word that an earlier message took from its own change (a
name, a number) stands in it for "a word of the change": it is filled from the change that is asked
about, or not at all. So nothing stale is copied. Behind it stands what messages say anywhere.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from typing import NamedTuple

from gitmerge_ai.messages import general, words
from gitmerge_ai.messages.memory import Asked, Memory, Remembered, Weighed
from gitmerge_ai.messages.slots import Slots
from gitmerge_ai.messages.wording import Wording
from gitmerge_ai.messages.words import END, KINDS, START, core, kind

ORDERS = 4
"""Tokens before one that are looked at."""

BACKOFF = (0.5, 0.25, 0.06, 0.03, 0.02)
"""Weight of what shorter contexts say, after a context of no, one, two … tokens."""

OWN, ANYWHERE, WRITTEN = 0.35, 0.25, 0.1
"""Of the words that could stand anywhere, the shares of the change's own, of those that are in any
repository's messages, and of those that stand in the changed files, or in messages here."""

MESSAGES = 1000
"""Messages, the newest, that are searched for words."""

ENOUGH = 1.0
"""Weight of places with two tokens in common from which on those with one are not looked at."""

SKIPPING = 0.05
"""How much it counts what follows any word, beside what follows the very one."""

MOST_PLACES = 120
"""Places with a context that are looked at, those in the weightiest commits."""

GENERAL = 1.0
"""Weight of what follows a context in messages anywhere, beside what does so in this repository."""

_CLINGING = re.compile(r"[^\w\s(\[{<`#@&]")
_HOLDING = frozenset("([{`/@#.-")
"""Signs before which there is no space, and signs behind which there is none."""

_KINDS = frozenset(KINDS)

LOST = "\x03"
"""Counts for a version that followed where this change has none like it: what the others say does
not become surer by that."""

DEPENDENCY = "<code>"
"""What a dependency of the manifests counts as, where one has another version."""

SCOPE = "@"
"""Stands before names of people and of packages, which no change tells."""


_WAYS = ("here", "plain", "two", "three", "alike", "author")

SIDES = 200
"""Places whose evidence is told apart."""


class Evidence(NamedTuple):
    """What followed a context in earlier subjects, counted in one way: by token, and in all."""

    counts: Mapping[str, float]
    total: float

    def share(self, token: str) -> float:
        """Give how often a token followed, from 0 to 1; `nan` where nothing did."""
        return self.counts.get(token, 0.0) / self.total if self.total else math.nan


class Following:
    """The subjects of the commits that count for one change."""

    def __init__(self, memory: Memory, asked: Asked, weighed: Sequence[Weighed]) -> None:
        """Prepare.

        Args:
            memory: what there was before.
            asked: the change.
            weighed: what `memory` said of it.
        """
        self.slots = Slots(memory, asked)
        self._author = asked.author
        self._memory = memory
        self.files = Wording(asked.text)
        self.weighed = [self._classed(each) for each in weighed] if asked.bumps else weighed
        self._general = general.shipped()
        self._behind: dict[str, list[tuple[Weighed, int]]] = defaultdict(list)
        for each in self.weighed:
            for at, before in enumerate((START, *each.remembered.contexts[:-1])):
                self._behind[before].append((each, at))
        self._known: dict[tuple[str, ...], dict[str, float]] = {}
        second = (each.remembered.tokens[1] for each in weighed if len(each.remembered.tokens) > 1)
        opened = Counter(token for token in second if core(token) == "(")
        # What stands between the type of a conventional commit and its scope.
        self._before_scope = opened.most_common(1)[0][0][:-1] if opened else " "

    @cached_property
    def messages(self) -> Wording:
        """The words of the latest messages, with what stands below their subjects."""
        return Wording("\n".join(self._memory.messages(MESSAGES)))

    def vocabulary(self, stem: str) -> dict[str, float]:
        """Give all tokens that could stand anywhere, those of the change among them."""
        space = " " if stem.startswith(" ") else ""
        counts: dict[str, float] = {}
        begun = stem.strip().lower()
        for each in self.weighed:
            for token, word in zip(each.remembered.tokens, each.remembered.cores, strict=True):
                if word.startswith(begun) and self._may_be_said(token):
                    bare = space + token.strip()
                    counts[bare] = counts.get(bare, 0.0) + each.weight
        total = sum(counts.values()) or 1.0
        rest = 1 - OWN - ANYWHERE - 2 * WRITTEN
        shares = {token: rest * weight / total for token, weight in counts.items()}
        anywhere = dict(self._general.beginning(stem.strip().lower())) if stem.strip() else {}
        anywhere_total = sum(anywhere.values()) or 1.0
        for word, share in anywhere.items():
            if kind(word) in ("word", "sign"):
                token = space + word
                shares[token] = shares.get(token, 0.0) + ANYWHERE * share / anywhere_total
        for name, share in self._written("beginning", begun):
            word = space + name
            shares[word] = shares.get(word, 0.0) + WRITTEN * share
        names = self.slots.words()
        rank_total = sum(1 / (3 + rank) for rank in range(len(names)))
        for rank, name in enumerate(names):
            word = space + name
            shares[word] = shares.get(word, 0.0) + OWN / (3 + rank) / rank_total
        return shares

    def written_behind(self, context: tuple[str, ...]) -> dict[str, float]:
        """Give what stands behind a word in the changed files and in messages, if it may be said.

        Args:
            context: tokens, of which the last one is that word.
        """
        shares: dict[str, float] = {}
        before = core(context[-1]) if context else ""
        for word, share in self._written("behind", before) if before else ():
            token = f" {word}"
            shares[token] = shares.get(token, 0.0) + share / 2
        return shares

    def _written(self, way: str, asked: str) -> Iterator[tuple[str, float]]:
        """Give what the files and the messages have, each with its share there.

        Args:
            way: a method of `Wording`.
            asked: of it.
        """
        for text in (self.files, self.messages):
            found: Counter[str] = getattr(text, way)(asked)
            for word, count in found.items():
                if self.slots.allows(word) if text is self.files else self._may_be_said(word):
                    yield word, count / found.total()

    def _may_be_said(self, token: str) -> bool:
        """Whether a word of another message may be said; with a capital it may be a name of that.

        Then it has to be usual, here or anywhere, or in this change.
        """
        word = core(token)
        if not self.slots.allows(token):
            return False
        if token.strip() == word or self.slots.is_own(word):
            return True
        return self._memory.is_common(word) or self._general.share(word) > general.LEAST

    def after(self, context: tuple[str, ...]) -> dict[str, float]:
        """Give the tokens that could follow others, with their probabilities."""
        cores = self._cores(context)
        if cores not in self._known:
            self._known[cores] = self._interpolated(cores)
        return self._known[cores]

    def evidence(self, context: tuple[str, ...]) -> Mapping[str, Evidence]:
        """Give what followed a context, told apart by what was counted.

        Returns:
            by name: all places by their weight ("here"), each alike ("plain"), those with one more
            token in common and with two ("two", "three"), by likeness to the change ("alike"), and
            those by the author ("author").
        """
        cores = self._cores(context)
        counts: dict[str, defaultdict[str, float]] = {each: defaultdict(float) for each in _WAYS}
        for each, at in self._behind.get(cores[-1], [])[:SIDES]:
            length = _shared(each.remembered, at, cores)
            worth = (
                each.weight,
                1.0,
                each.weight * (length > 1),
                each.weight * (length > 2),
                each.likeness**2,
                each.weight * (each.remembered.author == self._author),
            )
            for token, share in self.slots.filled(each.remembered, at):
                for way, weight in zip(_WAYS, worth, strict=True):
                    if weight:
                        counts[way][token] += weight * share
        return {way: Evidence(found, sum(found.values())) for way, found in counts.items()}

    def _interpolated(self, cores: tuple[str, ...]) -> dict[str, float]:
        orders: list[dict[str, float]] = [{} for _ in range(len(cores) + 1)]
        evidence = self._count(orders, cores, cores[-2:]) if len(cores) > 1 else 0.0
        if evidence < ENOUGH:
            evidence += self._count(orders, cores, cores[-1:])
        if evidence < ENOUGH and len(cores) > 1:
            evidence += self._count_filled(orders[1], cores)
        if evidence < ENOUGH and len(cores) > 2 and cores[-1][:1].isalnum():
            evidence += self._count_skipping(orders[0], cores)
        result: dict[str, float] = {}
        for order, found in enumerate(orders):
            total = sum(found.values())
            if not total:
                continue
            rest = BACKOFF[order] / (BACKOFF[order] + total) if result else 0.0
            result = {t: p * rest for t, p in result.items()}
            for token, weight in found.items():
                result[token] = result.get(token, 0.0) + (1 - rest) * weight / total
        share = GENERAL / (GENERAL + evidence)
        result = {t: p * (1 - share) for t, p in result.items() if t != LOST}
        for token, p in self._anywhere(cores, result).items():
            result[token] = result.get(token, 0.0) + share * p
        return result or {END: 1.0}

    def _count(
        self, orders: list[dict[str, float]], cores: tuple[str, ...], known: tuple[str, ...]
    ) -> float:
        """Count what follows the places where the last tokens are known ones.

        Args:
            orders: counted into, by how many tokens of the context are there.
            cores: the context.
            known: its last tokens, one or two. Those of one that two are known of are left out.

        Returns:
            the weight of all places.
        """
        weight = 0.0
        for each, at in self._places(known):
            length = _shared(each.remembered, at, cores) if len(known) > 1 else 1
            counted = orders[len(known) : length + 1]
            filled = self.slots.filled(each.remembered, at)
            if not filled and kind(each.remembered.tokens[at]) == "version":
                filled = ((LOST, 1.0),)
            for token, share in filled:
                part = each.weight * share
                weight += part
                for found in counted:
                    found[token] = found.get(token, 0.0) + part
        return weight

    def _count_filled(self, counted: dict[str, float], cores: tuple[str, ...]) -> float:
        """Count what follows the places that the last token may have filled.

        Behind "Add export" stands what stood behind "Add search", if the one is to this change what
        the other was to its own.

        Args:
            counted: into which.
            cores: the context.

        Returns:
            the weight of all places.
        """
        weight = 0.0
        for each, at in self._behind.get(cores[-2], [])[:MOST_PLACES]:
            remembered = each.remembered
            if at + 1 >= len(remembered.tokens) or remembered.contexts[at] == cores[-1]:
                continue
            filled = self.slots.filled(remembered, at)
            fits = sum(share for token, share in filled if words.context(token) == cores[-1])
            for token, share in self.slots.filled(remembered, at + 1) if fits else ():
                part = each.weight * fits * share
                weight += part
                counted[token] = counted.get(token, 0.0) + part
        return weight

    def _count_skipping(self, counted: dict[str, float], cores: tuple[str, ...]) -> float:
        """Count what follows any word that stands where the last token does.

        Behind "fix(" and whatever name stands "): ".

        Args:
            counted: into which.
            cores: the context.

        Returns:
            the weight of all places, as far as they count.
        """
        weight = 0.0
        for each, at in self._behind.get(cores[-2], [])[:MOST_PLACES]:
            remembered = each.remembered
            if at + 1 >= len(remembered.tokens) or not remembered.cores[at][:1].isalnum():
                continue
            for token, share in self.slots.filled(remembered, at + 1):
                part = SKIPPING * each.weight * share
                weight += part
                counted[token] = counted.get(token, 0.0) + part
        return weight

    def _places(self, known: tuple[str, ...]) -> list[tuple[Weighed, int]]:
        """Give where one or two tokens are followed, as far as these places are looked at."""
        *more, last = known
        places = self._behind.get(last, [])
        if more:
            alike = (p for p in places if _before(p[0].remembered, p[1], 2) == more[0])
            return list(islice(alike, MOST_PLACES))
        return places[:MOST_PLACES]

    def anywhere(self, context: tuple[str, ...], here: Mapping[str, float]) -> dict[str, float]:
        """Give what follows others in any repository's messages, written as it is here.

        Args:
            context: the tokens before.
            here: what follows them here, and how often.
        """
        return self._anywhere(self._cores(context), here)

    def _classed(self, each: Weighed) -> Weighed:
        """Give an earlier commit with all dependencies alike: one never named goes on as others."""
        remembered = each.remembered
        pairs = zip(remembered.cores, remembered.contexts, strict=True)
        contexts = tuple(self._class(word, context) for word, context in pairs)
        return each._replace(remembered=remembered._replace(contexts=contexts))

    def _class(self, word: str, context: str) -> str:
        return DEPENDENCY if self.slots.is_dependency(word) else context

    def _cores(self, context: tuple[str, ...]) -> tuple[str, ...]:
        """Give of the tokens before one those that are looked at, as they count."""
        looked_at = context[-ORDERS:]
        contexts = (self._class(core(token), words.context(token)) for token in looked_at)
        return (START, *contexts)[-ORDERS:]

    def _anywhere(self, cores: tuple[str, ...], here: Mapping[str, float]) -> dict[str, float]:
        result: dict[str, float] = {}
        anywhere = self._general.following(cores)
        forms = _likeliest(here) if anywhere else {}
        for token, share in anywhere.items():
            space = "" if cores[-1] == START or cores[-1] in _HOLDING else " "
            if token == "(" and len(cores) > 1 and cores[-2] == START:
                space = self._before_scope
            if token in _KINDS:
                if cores[-1] == SCOPE:
                    continue
                for name, part in self.slots.of_kind(token[1:-1], space):
                    result[name] = result.get(name, 0.0) + share * part
                continue
            shown = forms.get(token.lower())
            if shown is None:
                shown = token if _clings(token) else space + token
            result[shown] = result.get(shown, 0.0) + share
        return result


@lru_cache(maxsize=20_000)
def _clings(token: str) -> bool:
    return not token or bool(_CLINGING.match(token))


def _likeliest(tokens: Mapping[str, float]) -> dict[str, str]:
    """Give for each token, as `core` gives it, the form of it that is the most probable."""
    found: dict[str, str] = {}
    for token, p in tokens.items():
        known = found.setdefault(core(token), token)
        if p >= tokens[known]:
            found[core(token)] = token
    return found


def _shared(remembered: Remembered, at: int, cores: tuple[str, ...]) -> int:
    """Count the tokens before a place that are those of a context; one is known to be."""
    length = 1
    while length < len(cores) and _before(remembered, at, length + 1) == cores[-1 - length]:
        length += 1
    return length


def _before(remembered: Remembered, at: int, steps: int) -> str | None:
    """Give the token so many steps before a place, `None` where there is none."""
    place = at - steps
    return remembered.contexts[place] if place >= 0 else START if place == -1 else None
