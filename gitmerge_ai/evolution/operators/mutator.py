"""Edits of one file: all of them in order of likelihood, or one drawn at random.

Every text that is given out parses no worse than the one it was made of and differs from it in
more than white space. Which trees the run has had is the caller's to know.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from tree_sitter import Node as Raw

from gitmerge_ai.evolution.operators.edits import Edit
from gitmerge_ai.evolution.operators.fingerprint import fingerprint
from gitmerge_ai.evolution.operators.reading import Donor, Site, Text
from gitmerge_ai.evolution.operators.surroundings import in_loop
from gitmerge_ai.evolution.operators.table import BY_NAME, OPERATORS
from gitmerge_ai.syntax.language import Language
from gitmerge_ai.syntax.tree import Source

FADING = 0.5
"""How much less likely than the first the later edits of one operator at one place are: the
exponent of a power law."""

MOST = 400
"""Edits of one operator at one place that are looked at."""

LONGEST = 120
"""Characters that a line may grow to: who reads the result has to be able to."""

TRIES = 30
"""How often a place and an operator are drawn before it is given up."""

PLACES = 20
"""Places that an operator is tried at before another one is drawn."""


_LEAVING = re.compile(r"(break|continue)_statement")


class Ranked(NamedTuple):
    """An edit and how likely it is to pay, beside others of the same kind of list."""

    weight: float
    edit: Edit


class Mutator:
    """What can be done to one file."""

    def __init__(self, row: Language, text: bytes, foreign: tuple[Donor, ...] = ()) -> None:
        """Parse.

        Args:
            row: the language.
            text: the file.
            foreign: what other files of the language lend.

        Raises:
            MissingGrammar: the language's wheel is not installed.
        """
        self.row = row
        self.text = text
        self._read = Text(row, text, foreign)
        self._errors = self._read.source.error_count()
        self._own = fingerprint(row, text)
        self._names: dict[int, list[str]] = {}

    def ranked(self, suspicion: Mapping[int, float] | None, rng: random.Random) -> list[Ranked]:
        """Give all single edits with their weight, in the order of the text.

        Args:
            suspicion: by line; None is the same for each. Lines that are not in it are left out.
            rng: of what is drawn; equal ones give equal lists.
        """
        found = []
        for region in self._read.regions:
            for site in self._read.sites(region) if _touches(region, suspicion) else ():
                suspect = 1.0 if suspicion is None else suspicion.get(site.line, 0.0)
                for operator in OPERATORS if suspect else ():
                    for edit in islice(operator.edits(site, rng), MOST):
                        weight = suspect * operator.prior / (1 + edit.rank) ** FADING
                        found.append(Ranked(weight, edit))
        return found

    def draw(
        self,
        operator: Callable[[Sequence[str]], str],
        suspicion: Mapping[int, float] | None,
        rng: random.Random,
    ) -> Edit | None:
        """Draw an edit: a place by suspicion, an operator by its name, one of its edits.

        Args:
            operator: chooses among the names of operators.
            suspicion: as in `ranked`.
            rng: of the rest.
        """
        regions = [region for region in self._read.regions if _touches(region, suspicion)]
        for _ in range(TRIES if regions else 0):
            sizes = [region.end_byte - region.start_byte for region in regions]
            region = rng.choices(regions, sizes)[0]
            sites = self._read.sites(region)
            names = self._askable(region)
            if not names:
                continue
            chosen = BY_NAME[operator(names)]
            for site in _drawn_sites([s for s in sites if chosen.applies(s)], suspicion, rng):
                edits = list(islice(chosen.edits(site, rng), MOST))
                if edits:
                    return rng.choice(edits)
        return None

    def _askable(self, region: Raw) -> list[str]:
        """Name the operators that are asked about a place of a region, found once."""
        if region.start_byte not in self._names:
            kinds = {(site.role, site.shape): site for site in self._read.sites(region)}.values()
            names = [each.name for each in OPERATORS if any(map(each.applies, kinds))]
            self._names[region.start_byte] = names
        return self._names[region.start_byte]

    def made(self, edit: Edit) -> bytes | None:
        """Give the text with an edit made, None if it parses worse, is the same or too long."""
        if b"\r\n" in self.text:
            edit = edit._replace(new=re.sub(rb"\r?\n", b"\r\n", edit.new))
        text = edit.apply(self.text)
        grown = _longest(text, edit.start, edit.start + len(edit.new))
        if grown > max(LONGEST, _longest(self.text, edit.start, edit.end)):
            return None
        source = Source(self.row, text)
        worse = source.error_count() > self._errors or _leaves_nothing(source, edit)
        return None if worse or fingerprint(self.row, text) == self._own else text


def _leaves_nothing(source: Source, edit: Edit) -> bool:
    """Whether an edit has left a statement that leaves a loop outside of any."""
    root = source.tree.root_node
    waiting = [root.named_descendant_for_byte_range(edit.start, edit.start + len(edit.new)) or root]
    while waiting:
        node = waiting.pop()
        if _LEAVING.fullmatch(node.type) and not in_loop(node):
            return True
        waiting += node.named_children
    return False


def _longest(text: bytes, start: int, end: int) -> int:
    """Give the length of the longest line that a part of a text touches."""
    behind = text.find(b"\n", end)
    lines = text[text.rfind(b"\n", 0, start) + 1 : behind if behind >= 0 else len(text)]
    return max(map(len, lines.split(b"\n")))


def _touches(region: Raw, suspicion: Mapping[int, float] | None) -> bool:
    if suspicion is None:
        return True
    lines = range(region.start_point[0] + 1, region.end_point[0] + 2)
    return any(suspicion.get(line) for line in lines)


def _drawn_sites(
    sites: Sequence[Site], suspicion: Mapping[int, float] | None, rng: random.Random
) -> list[Site]:
    """Shuffle places, the likelier first: each has its weight as the rate of its time to come."""
    weights = [
        site.standing * (1.0 if suspicion is None else suspicion.get(site.line, 0.0))
        for site in sites
    ]
    timed = [(rng.expovariate(weight), at) for at, weight in enumerate(weights) if weight]
    return [sites[at] for _, at in sorted(timed)[:PLACES]]
