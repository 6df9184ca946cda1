"""The operator that orders what a loop goes through, so that it takes the best, not the first.

What the loop would go through is collected, each with its rank, and the loop goes through that,
sorted; equals keep the order they had. The rank is an expression on a line of its own, for the
other operators to grow.
"""

import random
import re
from collections.abc import Iterator, Sequence
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
    negated,
    slack,
)

_UP_TO = re.compile(rb"(\w+) < ([\w.]+(?:\([\w.]*\))?)(?: and (.+))?", re.DOTALL)
_ONE_MORE = re.compile(rb"(\w+) (?:\+= 1|= \1 \+ 1)")
"""The condition of a loop that counts, and the last statement in it, in languages with orders."""

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
    passage = _loop(site) or _counting(site) or _comprehension(site)
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
    """Read a loop through things."""
    each, things, body = map(site.node.child_by_field_name, ("left", "right", "body"))
    if not (each and things and body and body.named_children):
        return None
    wanted, rest = _taken_out(site, things.end_byte, body.named_children)
    behind = site.text[body.end_byte : site.node.end_byte]
    return _Passage(each.text or b"", things.text or b"", wanted, b"", rest + behind)


def _counting(site: Site) -> _Passage | None:
    """Read a loop that counts up to a number, or to what is wanted; the number is left in what
    counts where nothing is taken."""
    condition, body = map(site.node.child_by_field_name, ("condition", "body"))
    test = _UP_TO.fullmatch(condition.text or b"") if condition else None
    statements = body.named_children if body else []
    counted = _ONE_MORE.fullmatch(statements[-1].text or b"") if statements else None
    if not (condition and body and test and counted and test[1] == counted[1]):
        return None
    each, most, unwanted = test.groups()
    *held, last = statements
    lead, inner = (b"\n" + (indent(site.text, node) or b"") for node in (site.node, last))
    behind = site.text[body.end_byte : site.node.end_byte]
    behind = behind or b"%belse:%b%b = %b" % (lead, inner, each, most)
    if unwanted and not held:
        wanted, rest = negated(site, unwanted), b":" + inner + b"break"
    elif held and not unwanted:
        wanted, rest = _taken_out(site, condition.end_byte, held)
    else:
        return None
    return _Passage(each, b"range(%b, %b)" % (each, most), wanted, b"", rest + behind)


def _taken_out(site: Site, start: int, held: Sequence[Raw]) -> tuple[bytes, bytes]:
    """Give the condition that all of a body is under, and that it ends in, and the body without it,
    from the end of the loop's head on; no condition and the body where there is none."""
    guard = held[0]
    whole = b"", site.text[start : held[-1].end_byte]
    condition, then = map(guard.child_by_field_name, ("condition", "consequence"))
    if len(held) > 1 or guard.named_child_count != PAIR or not (condition and then):
        return whole
    first, last = (then.named_children or [guard])[0], (then.named_children or [guard])[-1]
    old, new = indent(site.text, first), indent(site.text, guard)
    if not is_leaving(last) or old is None or new is None:
        return whole
    inner = indented(site.text[first.start_byte : then.end_byte], old, new)
    return condition.text or b"", site.text[start : guard.start_byte] + inner


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
