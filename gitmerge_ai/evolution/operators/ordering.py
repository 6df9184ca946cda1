"""The operator that orders what a loop goes through, so that it takes the best, not the first.

What the loop would go through is collected, each with its rank, and the loop goes through that,
sorted; equals keep the order they had. The rank is an expression on a line of its own, for the
other operators to grow.
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node as Raw

from gitmerge_ai.evolution.operators.edits import Made
from gitmerge_ai.evolution.operators.reading import WORD, Site, indent
from gitmerge_ai.evolution.operators.shapes import PAIR, is_leaving
from gitmerge_ai.evolution.operators.writing import (
    DRAWS,
    compared,
    drawn_value,
    fill,
    indented,
    indenting,
    margin,
    slack,
)

_RANKED, _RANK = b"ranked", b"rank = "
"""What the templates of dialects call the collection, and how they give a rank."""


class _Passage(NamedTuple):
    """How a statement goes through things.

    each: what one of them is called. things: the expression that gives them. wanted: the condition
    on which one is taken, empty if that is said elsewhere. before, behind: the rest of the
    statement.
    """

    each: bytes
    things: bytes
    wanted: bytes
    before: bytes
    behind: bytes


def order(site: Site, rng: random.Random) -> Iterator[Made]:
    """The best first: by what a comparison leaves over, a name, or something drawn; or, where there
    is such an order already, by something else."""
    lead = site.indent
    if site.dialect.orders and site.own.startswith(_RANK):
        yield from (_RANK + rank for rank in _ranks(site, b"", rng) if _RANK + rank != site.own)
    if not site.dialect.orders or lead is None or _RANKED in site.own:
        return
    passage = _loop(site) or _comprehension(site)
    if passage is None:
        return
    template = site.dialect.orders[bool(passage.wanted)]
    step = indenting(site.text).decode()
    template = template.replace("\t", step).replace("\n", "\n" + lead.decode())
    for rank in dict.fromkeys(_ranks(site, passage.each, rng)):
        head = fill(template, n=passage.each, e=passage.things, q=passage.wanted, x=rank)
        collecting, _, through = head.rpartition(b"\n" + lead)
        yield b"".join((collecting, b"\n", lead, passage.before, through, passage.behind))


def _ranks(site: Site, each: bytes, rng: random.Random) -> Iterator[bytes]:
    """Give what to order by; the least comes first."""
    slacks = (margin(site), *map(slack, _outside_of_loops(site.node)))
    for much in dict.fromkeys(filter(None, slacks)):
        yield much
        yield b"-(" + much + b")"
        yield from (compared(site, much, rng) for _ in range(2 * DRAWS))
    for name in WORD.findall(each):
        yield name
        yield b"-" + name
    yield from (drawn_value(site, rng) for _ in range(DRAWS))


def _outside_of_loops(node: Raw) -> Iterator[Raw]:
    """Give a node and those below it, but for what other loops hold."""
    yield node
    for child in node.children:
        if child.type != "for_statement":
            yield from _outside_of_loops(child)


def _loop(site: Site) -> _Passage | None:
    """Read a loop; a condition that all of its body is under, and that it ends in, moves out."""
    node = site.node
    each, things, body = map(node.child_by_field_name, ("left", "right", "body"))
    if not (each and things and body and body.named_children):
        return None
    rest = site.text[things.end_byte : node.end_byte]
    wanted = b""
    guard = body.named_children[0]
    condition, then = map(guard.child_by_field_name, ("condition", "consequence"))
    alone = body.named_child_count == 1 and guard.named_child_count == PAIR
    if alone and condition and then and then.named_children and is_leaving(then.named_children[-1]):
        first = then.named_children[0]
        old, new = indent(site.text, first), indent(site.text, guard)
        if old is not None and new is not None:
            wanted = condition.text or b""
            inner = indented(site.text[first.start_byte : then.end_byte], old, new)
            lead = site.text[things.end_byte : guard.start_byte]
            rest = lead + inner + site.text[body.end_byte : node.end_byte]
    return _Passage(each.text or b"", things.text or b"", wanted, b"", rest)


def _comprehension(site: Site) -> _Passage | None:
    """Read the first comprehension of a statement without a body."""
    if any(child.type == "block" for child in site.node.children):
        return None
    clause = next(_clauses(site.node), None)
    around = clause.parent if clause else None
    each = clause.child_by_field_name("left") if clause else None
    things = clause.child_by_field_name("right") if clause else None
    if not (clause and around and each and things):
        return None
    clauses = around.named_children[1:]
    conditions = clauses[1:]
    if clauses[0] != clause or any(one.type != "if_clause" for one in conditions):
        return None
    wanted = b" and ".join(one.named_children[0].text or b"" for one in conditions)
    before = site.text[site.node.start_byte : clause.start_byte]
    behind = site.text[clauses[-1].end_byte : site.node.end_byte]
    return _Passage(each.text or b"", things.text or b"", wanted, before, behind)


def _clauses(node: Raw) -> Iterator[Raw]:
    for child in node.named_children:
        if child.type == "for_in_clause":
            yield child
        yield from _clauses(child)
