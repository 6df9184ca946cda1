"""How much a proposed subject is worth: trees over what is known of it and of the other proposals.

The worth is what a proposal had in common with what people then wrote, from 0 to 1, on average over
proposals like it; so it is also what says how sure a proposal is. The trees are grown by
`gitmerge_ai.training.messages`; without them a proposer's own confidence counts.
"""

import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from gitmerge_ai.messages import general
from gitmerge_ai.messages.claims import Claims
from gitmerge_ai.messages.conventions import tense_of
from gitmerge_ai.messages.memory import Weighed
from gitmerge_ai.messages.openings import split_typed
from gitmerge_ai.messages.question import Draft, Question
from gitmerge_ai.messages.slots import Slots
from gitmerge_ai.messages.trees import shipped
from gitmerge_ai.messages.words import END, START, context, core, tokens

FILE = "messages-trees.bin"

RANKED = ("history", "nearest", "change", "endpoint")
"""Who the trees rank, but for what is settled. Others are as sure as they say."""

NEAR = 12
"""Earlier commits, the weightiest, that a proposal is compared with."""

UNHEARD = 1e-4
"""Added to what is probable before its logarithm is taken."""

MANY = 20
"""Files and occurrences are counted up to here."""


class Ranker:
    """What all drafts for a question are compared with."""

    def __init__(self, question: Question, slots: Slots) -> None:
        """Look the question over once."""
        self._question = question
        self._slots = slots
        self._near = question.memory.weigh(question.asked)[:NEAR] if len(question.memory) else []
        self._weight = sum(each.weight for each in self._near) or 1.0
        self._grams = [grams(each.remembered.cores[:-1]) for each in self._near]
        self._forms = [form(each.remembered.subject) for each in self._near]
        lengths = sorted(len(each.remembered.subject) for each in self._near)
        self._usual = _median(lengths) if lengths else 50.0
        self._claims = Claims(question.asked.actions, question.asked.nature)
        self._shared = dict(self._common())

    def features(self, drafts: Sequence[Draft]) -> list[dict[str, float]]:
        """Give the features of each draft, among them how it stands beside the others."""
        found = [{**self._shared, **draft.clues, **self._own(draft)} for draft in drafts]
        following = [self._next(draft) for draft in drafts]
        shares = _next_shares(drafts, following)
        for each, word in zip(found, following, strict=True):
            each["next share"] = math.log(shares.get(word, 0.0) + UNHEARD)
        for name in ("next share", "history first", "history score", "near votes", "near likeness"):
            best = max((each.get(name, -math.inf) for each in found), default=0.0)
            for each in found:
                if name in each:
                    each[f"{name}, less than best"] = best - each[name]
        shown: dict[str, float] = {}
        for draft, word in zip(drafts, following, strict=True):
            if draft.source == "change":
                shown[word] = max(draft.confidence, shown.get(word, 0.0))
        for each, word in zip(found, following, strict=True):
            each["drafts that go on so"] = sum(other == word for other in following)
            each["next as the change says"] = shown.get(word, 0.0)
        return found

    def _common(self) -> Mapping[str, float]:
        """Give what is known of the question whatever the draft."""
        question, near = self._question, self._near
        _, stem = split_typed(question.typed)
        asked = question.asked
        authors = sum(e.weight for e in near if e.remembered.author == asked.author)
        natures = ("tests", "docs", "formatting", "dependencies", "renames")
        return {
            "typed": len(question.typed),
            "stem": len(stem.strip()),
            "is within a word": bool(stem.strip()),
            "history": min(len(question.memory), 4000),
            "usual length": self._usual,
            "likest": near[0].likeness if near else 0.0,
            "nearest shares": max((each.shared for each in near), default=0.0),
            "weight of all": self._weight,
            "author": authors / self._weight,
            "files": min(len(asked.footprint.paths), MANY),
            "parts": min(len(question.summary.parts), MANY),
            **{f"is {each}": question.summary.nature == each for each in natures},
        }

    def _own(self, draft: Draft) -> dict[str, float]:
        question, slots = self._question, self._slots
        rest = draft.text[len(question.typed) :]
        cut = [core(token) for token in tokens(rest)]
        words = [each for each in cut if each[:1].isalnum()]
        whole = [core(token) for token in tokens(draft.text)]
        following = self._next(draft)
        anywhere = general.shipped()
        before = [context(token) for token in split_typed(question.typed)[0]]
        ends = anywhere.following([context(token) for token in tokens(draft.text)])
        count = len(words) or 1
        low = draft.text.lower()
        said = grams(whole)
        alike = [dice(said, other) for other in self._grams]
        shape = form(draft.text)
        names = question.summary.named[:5]
        votes = sum(e.weight for e in self._near if self._goes_on(e, draft, following))
        tense = tense_of(whole[0]) if whole else None
        held = [share for share in map(self._claims.holds, whole) if not math.isnan(share)]
        return {
            "is history": draft.source == "history",
            "is nearest": draft.source == "nearest",
            "is change": draft.source == "change",
            "length": len(draft.text) / self._usual,
            "rest": len(rest),
            "words": len(words),
            "words of the change": sum(map(slots.is_own, words)) / count,
            "words in use": sum(map(question.memory.is_common, words)) / count,
            "words anywhere": sum(math.log(anywhere.share(each)) for each in words) / count,
            "names said": sum(name.lower() in low for name in names),
            "ends so anywhere": ends.get(END, 0.0),
            "next is of the change": slots.is_own(following),
            "next is in use": question.memory.is_common(following),
            "next anywhere": math.log(anywhere.share(following)),
            "next follows anywhere": math.log(
                anywhere.following((START, *before)).get(following, 0.0) + UNHEARD
            ),
            "next rank in the change": slots.rank(following),
            "next length": len(following),
            "near votes": votes / self._weight,
            "near likeness": sum(a * e.weight for a, e in zip(alike, self._near, strict=True))
            / self._weight,
            "likest near": max(alike, default=0.0),
            "closest near": max(
                (a * e.shared for a, e in zip(alike, self._near, strict=True)), default=0.0
            ),
            "likeness to nearest": alike[0] if alike else 0.0,
            "claims": len(held),
            "claims hold at least": min(held, default=math.nan),
            "claims hold at most": max(held, default=math.nan),
            "said before": sum(shape == other for other in self._forms),
            "is in tense": question.conventions.tense is not None
            and tense == question.conventions.tense,
        }

    def _next(self, draft: Draft) -> str:
        """Give the word that a draft goes on with, whole even where its beginning was typed."""
        before, _ = split_typed(self._question.typed)
        cut = tokens(draft.text)[len(before) :]
        return next((core(each) for each in cut if each.strip()), "")

    def _goes_on(self, earlier: Weighed, draft: Draft, word: str) -> bool:
        """Whether an earlier subject has a word where the draft has it, or at all behind others."""
        cores = earlier.remembered.cores
        return (word in cores) if self._question.typed else cores[0] == word


def _median(ordered: Sequence[int]) -> float:
    """Do as `statistics.median`, without what that imports."""
    half = len(ordered) // 2
    return (ordered[half] + ordered[-1 - half]) / 2


def _next_shares(drafts: Sequence[Draft], following: Sequence[str]) -> dict[str, float]:
    """Sum up how probable history says each next word is, over the drafts that go on with it."""
    openings = {
        (word, draft.clues["history first"])
        for draft, word in zip(drafts, following, strict=True)
        if "history first" in draft.clues
    }
    shares: dict[str, float] = {}
    for word, chance in openings:
        shares[word] = shares.get(word, 0.0) + math.exp(chance)
    return shares


def grams(cores: Sequence[str]) -> frozenset[str]:
    """Give words and pairs of them."""
    pairs = (f"{one} {two}" for one, two in pairwise(cores))
    return frozenset((*cores, *pairs))


def dice(one: frozenset[str], other: frozenset[str]) -> float:
    """Say how much two sets have in common, from 0 to 1 (Dice, 1945)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def form(subject: str) -> str:
    """Give what two subjects that say the same have in common."""
    return re.sub(r"\d", "0", subject.lower())


def worths(drafts: Sequence[Draft], ranker: Ranker) -> list[float]:
    """Say how much each draft is worth, from 0 to 1.

    Args:
        drafts: all that there are for a question.
        ranker: of the question.
    """
    trees = shipped(FILE)
    if trees is None:
        return [draft.confidence for draft in drafts]
    return [
        _share(trees.score(each))
        if draft.source in RANKED and not draft.settled
        else draft.confidence
        for draft, each in zip(drafts, ranker.features(drafts), strict=True)
    ]


def _share(score: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))
