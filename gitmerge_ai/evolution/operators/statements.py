"""Operators on statements: each gives the texts that one statement's place could become.

Only statements on lines of their own are moved about, and lines keep the indentation of the place
they come to. Texts that hold more than one line and a string are left alone: white space in them
may be data.
"""

import random
import re
from collections.abc import Iterator

from gitmerge_ai.evolution.operators.edits import Made, Splice
from gitmerge_ai.evolution.operators.reading import BLOCK, WORD, Site, indent
from gitmerge_ai.evolution.operators.shapes import is_leaving
from gitmerge_ai.evolution.operators.surroundings import in_loop, just_assigned
from gitmerge_ai.evolution.operators.writing import adapted, conditions, fill, indented, indenting

_CONTROL = re.compile(r"(if|while|for|unless|with|try|else|elif|until).*")
_END = re.compile(rb"[ \t]*(\r?\n|\Z)")
LINES = 4
"""Lines that a statement may have that is put elsewhere."""


def delete(site: Site, rng: random.Random) -> Iterator[Made]:
    """Nothing, or the statement that does nothing where one has to be."""
    siblings = site.node.parent.named_child_count if site.node.parent else 0
    rest = _END.match(site.text, site.node.end_byte)
    if siblings < 2 and site.dialect.idle:
        yield site.dialect.idle.encode()
    elif site.indent is None or rest is None:
        yield b""
    else:
        yield Splice(site.node.start_byte - len(site.indent), rest.end(), b"")


def swap(site: Site, rng: random.Random) -> Iterator[Made]:
    """It and the next one in each other's place."""
    behind = site.node.next_named_sibling
    if site.indent is None or behind is None or indent(site.text, behind) != site.indent:
        return
    between = site.text[site.node.end_byte : behind.start_byte]
    parts = (behind.text or b"", between, site.own)
    yield Splice(site.node.start_byte, behind.end_byte, b"".join(parts))


def insert(site: Site, rng: random.Random) -> Iterator[Made]:
    """Another statement of the region before or behind it, as it is or with one name changed."""
    for text in _donors(site):
        yield from _beside(site, text)
    for text in _donors(site):
        for other in _renamed(site, text):
            yield from _beside(site, other)


def replace(site: Site, rng: random.Random) -> Iterator[Made]:
    """Another statement of the region in its place."""
    if site.indent is not None and b"\n" not in site.own:
        yield from (text for text in _donors(site) if text != site.own)


def assign(site: Site, rng: random.Random) -> Iterator[Made]:
    """A name gets the value of another one, before or behind it."""
    template = site.dialect.assign + site.dialect.statement
    for name in site.scope.assigned:
        for other in site.scope.names:
            if other != name:
                yield from _beside(site, fill(template, n=name, e=other))


def call(site: Site, rng: random.Random) -> Iterator[Made]:
    """A value is added to or taken out of another one, before or behind it."""
    for template in site.dialect.methods:
        for receiver in site.scope.names:
            for name in site.scope.names if "{n}" in template else (b"",):
                if name != receiver:
                    text = fill(template + site.dialect.statement, r=receiver, n=name)
                    yield from _beside(site, text)


def guard(site: Site, rng: random.Random) -> Iterator[Made]:
    """It, but only on a condition."""
    if site.indent is None or _is_fragile(site.own) or not site.dialect.guard:
        return
    body = indented(site.own, site.indent, site.indent + indenting(site.text))
    found = conditions(site, rng, just_assigned(site))
    yield from (_guarded(site, condition, body) for condition in found)


def leave(site: Site, rng: random.Random) -> Iterator[Made]:
    """The function or the turn of a loop ends before it, on a condition."""
    words = site.dialect.leave if in_loop(site.node) else site.dialect.leave[:1]
    for condition in conditions(site, rng, just_assigned(site)) if words else ():
        for word in words:
            yield from _before(site, _guarded(site, condition, word.encode()))


def stop(site: Site, rng: random.Random) -> Iterator[Made]:
    """It, and with that the loop that it is in, or this turn of it, ends."""
    last = site.node.next_named_sibling is None and not is_leaving(site.node)
    if site.indent is not None and last and in_loop(site.node):
        yield from (
            site.own + b"\n" + site.indent + word.encode() for word in site.dialect.leave[1:]
        )


def unwrap(site: Site, rng: random.Random) -> Iterator[Made]:
    """What a condition or a loop holds, without it."""
    if site.indent is None or not _CONTROL.fullmatch(site.node.type) or _is_fragile(site.own):
        return
    for body in site.node.children:
        inner = [child for child in body.named_children if BLOCK.fullmatch(body.type)]
        lead = indent(site.text, inner[0]) if inner else None
        if lead is not None:
            held = site.text[inner[0].start_byte : inner[-1].end_byte]
            yield indented(held, lead, site.indent)


def borrow(site: Site, rng: random.Random) -> Iterator[Made]:
    """A statement from elsewhere in the repository before, behind or in place of it."""
    for text in adapted(site, "statement", rng):
        yield from _beside(site, text)
        if b"\n" not in site.own:
            yield text


def _donors(site: Site) -> list[bytes]:
    """Give the short statements of the region, indented as the place is."""
    return [
        indented(text, lead, site.indent or b"")
        for lead, text in site.scope.statements
        if text.count(b"\n") < LINES and not _is_fragile(text)
    ]


def _beside(site: Site, text: bytes) -> Iterator[Made]:
    """A statement and another one before or behind it."""
    yield from _before(site, text)
    if site.indent is not None and not is_leaving(site.node):
        yield site.own + b"\n" + site.indent + text


def _before(site: Site, text: bytes) -> Iterator[Made]:
    """A statement and another one before it."""
    if site.indent is not None:
        yield text + b"\n" + site.indent + site.own


def _guarded(site: Site, condition: bytes, body: bytes) -> bytes:
    """A body that runs on a condition, indented as the place is."""
    lead = site.indent or b""
    head, rest = fill(site.dialect.guard, q=condition, body=b"\n").split(b"\n", 1)
    closing = rest.strip()
    lines = (head, lead + indenting(site.text) + body, lead + closing)
    return b"\n".join(lines if closing else lines[:2])


def _renamed(site: Site, text: bytes) -> Iterator[bytes]:
    """Give a statement with each of its names changed for each other one."""
    names = set(site.scope.names)
    for found in WORD.finditer(text):
        if found[0] in names:
            for other in site.scope.names:
                if other != found[0]:
                    yield text[: found.start()] + other + text[found.end() :]


def _is_fragile(text: bytes) -> bool:
    return b"\n" in text and any(quote in text for quote in (b'"""', b"'''", b"`", b"<<"))
