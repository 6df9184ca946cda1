"""Small texts that operators share: negations, numbers, conditions, parentheses, indentation.

What a language writes differently comes from its dialect. It decides nothing about where.
"""

import random
import re
from collections.abc import Iterator

from tree_sitter import Node as Raw

from gitmerge_ai.evolution.operators.reading import Site
from gitmerge_ai.evolution.operators.shapes import shape
from gitmerge_ai.evolution.operators.surroundings import condition_above

DRAWS = 6
"""How many texts an operator draws at random where there are too many to try each."""

PRIMARY = frozenset(("name", "number", "call", "access", "string", "holder"))
"""Shapes that bind as tightly as can be."""

WITHIN = 0.4
"""The share of drawn conditions that are true between two numbers."""

_LOOSE = re.compile(
    r"argument.*|.*_statement|assignment|parenthesized_expression|.*subscript.*|element_reference"
    r"|return.*|augmented_assignment|list|array|tuple|.*declarator|block|condition"
)
_NUMBER = re.compile(rb"\d[\d_]*(\.\d+)?([eE][+-]?\d+)?")
_NUMERIC = ("name", "access", "other")
_SIGNS = (b"+", b"-", b"-", b"*", b"/")
_INDENTED = re.compile(rb"\n(\t| {2,8})\S")
_SPACING = (b"<", b"<=", b">", b">=")


def fill(template: str, **parts: bytes) -> bytes:
    """Fill a template of a dialect."""
    texts = {name: part.decode(errors="surrogateescape") for name, part in parts.items()}
    return template.format(**texts).encode(errors="surrogateescape")


def negated(site: Site, text: bytes) -> bytes:
    """Give the opposite of a condition, a negation taken away where there is one."""
    lead = site.dialect.negation.partition("{")[0].strip("( ").encode()
    for sign in (lead + b" ", lead):
        if text.startswith(sign) and not re.search(rb" (and|or|&&|\|\|) ", text):
            return text[len(sign) :]
    return fill(site.dialect.negation, e=text if _is_bare(text) else b"(" + text + b")")


def bound(site: Site) -> bytes:
    """Give a place's own text, in parentheses unless it binds as tightly as can be."""
    own = site.own
    return own if site.shape in PRIMARY else b"(" + own + b")"


def fitted(site: Site, text: bytes) -> bytes:
    """Put a new text into parentheses unless nothing binds around the place."""
    parent = site.node.parent
    loose = parent is None or _LOOSE.fullmatch(parent.type) or _is_bare(text)
    return text if loose else b"(" + text + b")"


def near(text: bytes) -> Iterator[bytes]:
    """Give the numbers next to one."""
    if text.isdigit():
        value = int(text)
        steps = (value + 1, max(0, value - 1), 0, 1, 2 * value, value // 2)
        yield from dict.fromkeys(b"%d" % new for new in steps if new != value)
    elif _NUMBER.fullmatch(text):
        yield from (b"%.4g" % (float(text) * factor) for factor in (1.1, 0.9, 2, 0.5))


def drawn(rng: random.Random) -> bytes:
    """Draw a number, small ones more often."""
    if rng.random() < 0.25:
        return b"%.3g" % abs(rng.gauss(0, 1))
    return b"%d" % round(10 ** rng.uniform(0, 2.3))


def drawn_near(text: bytes, rng: random.Random) -> bytes:
    """Draw a number near another one; what is none stays as it is."""
    if text.isdigit():
        return b"%d" % max(0, round(rng.gauss(int(text), 1 + 0.3 * int(text))))
    if _NUMBER.fullmatch(text):
        return b"%.4g" % abs(rng.gauss(1, 0.3) * float(text))
    return text


def drawn_value(site: Site, rng: random.Random) -> bytes:
    """Draw an expression: a number, what stands in the region, or two of them and a sign."""
    names = site.scope.plain
    values = (each for each in site.scope.values if each.shape in _NUMERIC)
    own = [each.text for each in values if each.shape != "name" or each.text in names]
    kind = rng.random()
    if kind < 0.3 or not names:
        return rng.choice((b"", b"-")) + drawn(rng)
    if kind < 0.6:
        return rng.choice((b"", b"-")) + rng.choice(names)
    if kind < 0.75:
        return rng.choice(own or names)
    left = rng.choice(names)
    right = rng.choice((rng.choice(names), drawn(rng)))
    return b"(%b %b %b)" % (left, rng.choice(_SIGNS), right)


def drawn_condition(site: Site, rng: random.Random, own: bytes = b"") -> bytes:
    """Draw a comparison of what is in scope, of a value at hand, or of by how much the condition
    holds that the place is under."""
    own = own or margin(site)
    names = site.scope.plain
    kind = rng.random()
    if own and kind < 0.4:
        left = own
    elif names and kind < 0.6:
        left = rng.choice((*names, *filter(names.__contains__, site.scope.assigned)))
    elif len(names) > 1 and kind < 0.8:
        left = b" - ".join(rng.sample(names, 2))
    else:
        left = drawn_value(site, rng)
    return compared(site, left, rng)


def compared(site: Site, left: bytes, rng: random.Random) -> bytes:
    """Draw a comparison of an expression with one number, or with two."""
    if rng.random() < WITHIN:
        low, high = sorted((drawn(rng), drawn(rng)), key=float)
        inside = fill(site.dialect.within, c=low, e=left, x=high)
        return fill(site.dialect.test, e=rng.choice((inside, negated(site, inside))))
    right = drawn(rng) if rng.random() < 0.7 else drawn_value(site, rng)
    return fill(site.dialect.test, e=b" ".join((left, rng.choice(_SPACING), right)))


def conditions(site: Site, rng: random.Random, own: bytes = b"") -> Iterator[bytes]:
    """Give conditions that can be made of what is in scope, or of a value at hand, likelier ones
    first."""
    yield from site.scope.conditions()
    sign = b"is" if site.dialect.nothing == "None" and site.dialect.idle else b"=="
    for held in dict.fromkeys(_objects(site.node)):
        yield b" ".join((held, sign, site.dialect.nothing.encode()))
    for name in site.scope.names:
        yield fill(site.dialect.negation, e=name)
        yield name
        yield fill(site.dialect.test, e=name + b" == 0")
    yield from (drawn_condition(site, rng, own) for _ in range(2 * DRAWS))


def slack(node: Raw) -> bytes:
    """Give by how much a comparison holds, nothing for what is none."""
    children = node.children
    if len(children) != 3 or children[1].text not in _SPACING:
        return b""
    left, right = (_unbroken(children[at]) for at in (0, 2))
    return right + b" - " + left if b"<" in (children[1].text or b"") else left + b" - " + right


def adapted(site: Site, role: str, rng: random.Random) -> Iterator[bytes]:
    """Draw texts from elsewhere, their names that are not in scope here changed for such as are."""
    donors = [donor for donor in site.scope.foreign if donor.role == role]
    names = site.scope.names
    for donor in (rng.choice(donors) for _ in range(DRAWS if donors and names else 0)):
        changes = {name: rng.choice(names) for name in sorted(donor.names.difference(names))}
        parts = re.split(rb"(\b[A-Za-z_]\w*\b)", donor.text)
        yield b"".join(changes.get(part, part) for part in parts)


def margin(site: Site) -> bytes:
    """Give by how much the condition holds that a place is under, nothing if it is under none."""
    condition = condition_above(site.node)
    return slack(condition) if condition else b""


def indented(text: bytes, old: bytes, new: bytes) -> bytes:
    """Move all lines of a text but the first from one indentation to another."""
    first, *rest = text.split(b"\n")
    moved = (new + line[len(old) :] if line.startswith(old) else line for line in rest)
    return b"\n".join((first, *moved))


def indenting(text: bytes) -> bytes:
    """Give what a text indents by, as its first indented line shows it."""
    found = _INDENTED.search(text)
    return found[1] if found else b"    "


def _unbroken(node: Raw) -> bytes:
    text = node.text or b""
    return text if shape(node) in PRIMARY else b"(" + text + b")"


def _is_bare(text: bytes) -> bool:
    return bool(re.fullmatch(rb"[\w.]+(\([^()]*\)|\[[^\[\]]*\])?", text))


def _objects(node: Raw) -> Iterator[bytes]:
    """Give what stands before a dot at or below a node, the innermost first."""
    for child in node.named_children:
        yield from _objects(child)
    held = node.child_by_field_name("object")
    if held is not None and held.text:
        yield held.text
