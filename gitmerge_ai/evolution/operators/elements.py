"""Operators on data, lists of constants: each gives the texts that one element could become.

A table is edited as code is, its rows as statements. What is not of an element's kind is not put
in its place, and two elements are taken for a pair, whose number is not to change.
"""

import random
from collections.abc import Iterator
from itertools import pairwise

from tree_sitter import Node as Raw

from gitmerge_ai.evolution.operators.edits import Made, Splice
from gitmerge_ai.evolution.operators.reading import Site
from gitmerge_ai.evolution.operators.shapes import PAIR, is_list


def drop(site: Site, rng: random.Random) -> Iterator[Made]:
    """Nothing, and no comma either."""
    if len(_elements(site)) > PAIR:
        before, behind = site.node.prev_named_sibling, site.node.next_named_sibling
        start = before.end_byte if before and not behind else site.node.start_byte
        yield Splice(start, behind.start_byte if behind else site.node.end_byte, b"")


def repeat(site: Site, rng: random.Random) -> Iterator[Made]:
    """Another element of the list before it, or behind it."""
    elements = _elements(site)
    if len(elements) > PAIR:
        between = site.text[elements[0].end_byte : elements[1].start_byte]
        for text in _texts(elements):
            yield text + between + site.own
            yield site.own + between + text


def replace(site: Site, rng: random.Random) -> Iterator[Made]:
    """Another element of the list in its place."""
    alike = [each for each in _elements(site) if each.type == site.node.type]
    yield from (text for text in _texts(alike) if text != site.own)


def move(site: Site, rng: random.Random) -> Iterator[Made]:
    """It at another place of the list, those in between one place further."""
    elements = _elements(site)
    at = next((n for n, each in enumerate(elements) if each == site.node), 0)
    for other in range(len(elements) if len(elements) > PAIR else 0):
        # To swap neighbours is to move the first of them.
        if other > at or other < at - 1:
            yield _moved(site.text, elements, at, other)


def _moved(text: bytes, elements: list[Raw], at: int, other: int) -> Splice:
    """Take an element out and put it back where another one is; what is between them stays."""
    low, high = min(at, other), max(at, other)
    told = [each.text or b"" for each in elements[low : high + 1]]
    told.insert(other - low, told.pop(at - low))
    ends = pairwise(elements[low : high + 1])
    between = [text[one.end_byte : next_one.start_byte] for one, next_one in ends]
    parts = (part for both in zip(told, [*between, b""], strict=True) for part in both)
    return Splice(elements[low].start_byte, elements[high].end_byte, b"".join(parts))


def _elements(site: Site) -> list[Raw]:
    """Give the elements of the list that a place is one of."""
    around = site.node.parent
    return around.named_children if around and is_list(around) else []


def _texts(elements: list[Raw]) -> list[bytes]:
    return list(dict.fromkeys(each.text or b"" for each in elements))
