"""Operators on expressions: each gives the texts that one place could become, likelier ones first.

A row of `table` says which places an operator is asked about. What is drawn at random comes from
the generator that is passed in, so equal ones give equal texts.
"""

import random
from collections.abc import Iterator
from itertools import combinations

from tree_sitter import Node as Raw

from gitmerge_ai.evolution.operators.edits import Made, Splice
from gitmerge_ai.evolution.operators.reading import Site
from gitmerge_ai.evolution.operators.shapes import SIGNS, shape
from gitmerge_ai.evolution.operators.surroundings import assigned
from gitmerge_ai.evolution.operators.writing import (
    DRAWS,
    PRIMARY,
    adapted,
    bound,
    compared,
    conditions,
    drawn,
    drawn_condition,
    drawn_near,
    drawn_value,
    fill,
    fitted,
    near,
    negated,
    slack,
)

_LIKELY = {
    "<": ("<=", ">", ">="),
    "<=": ("<", ">=", ">"),
    ">": (">=", "<", "<="),
    ">=": (">", "<=", "<"),
    "==": ("!=", "<=", ">="),
    "+": ("-", "*"),
    "-": ("+", "*"),
    "*": ("/", "+", "**"),
    "/": ("//", "*"),
    "//": ("/", "%"),
    "^": ("&", "|"),
    "&": ("|", "^"),
    "|": ("&", "^"),
}
"""What people mistake for one another; the rest of a sign's group comes after."""

_KIN = (
    *(("any", "all"), ("min", "max"), ("sum", "max", "min"), ("append", "extend", "insert")),
    *(("floor", "ceil", "round"), ("left", "right"), ("first", "last"), ("start", "end")),
    *(("startswith", "endswith"), ("lower", "upper"), ("add", "discard", "remove", "update")),
    *(("push", "unshift"), ("pop", "shift", "popleft"), ("next", "prev"), ("prefix", "suffix")),
)
"""Names that stand for one another."""


def sign(site: Site, rng: random.Random) -> Iterator[Made]:
    """Another operator of the same group."""
    own = site.own.decode()
    group = next(group for group in SIGNS if own in group)
    for other in dict.fromkeys((*_LIKELY.get(own, ()), *group)):
        if other != own:
            yield other.encode()


def negate(site: Site, rng: random.Random) -> Iterator[Made]:
    """The opposite of a condition."""
    yield fitted(site, negated(site, site.own))


def boundary(site: Site, rng: random.Random) -> Iterator[Made]:
    """A comparison with a number, its sign and the number moved together."""
    children = site.node.children
    if len(children) != 3 or shape(children[2]) != "number":
        return
    left, old = site.text[site.node.start_byte : children[1].start_byte], children[1].text
    for number in near(children[2].text or b""):
        for other in (b"<=", b"<", b">", b">=", b"=="):
            if other != old:
                yield left + other + b" " + number


def number(site: Site, rng: random.Random) -> Iterator[Made]:
    """Another number: one more, one less, twice, none, one of the region, or one near it."""
    pool = [value.text for value in site.scope.values if value.shape == "number"]
    yield from (new for new in dict.fromkeys((*near(site.own), *pool)) if new != site.own)
    if site.role != "datum":  # What others of a table are is likelier than any.
        found = (drawn_near(site.own, rng) for _ in range(2 * DRAWS))
        yield from (new for new in found if new != site.own)


def step(site: Site, rng: random.Random) -> Iterator[Made]:
    """One more or one less."""
    yield fitted(site, bound(site) + b" + 1")
    yield fitted(site, bound(site) + b" - 1")


def rename(site: Site, rng: random.Random) -> Iterator[Made]:
    """Another name in scope."""
    yield from (name for name in site.scope.names if name != site.own)


def call_other(site: Site, rng: random.Random) -> Iterator[Made]:
    """Another function or member: its kin, then those of the region."""
    own = site.own
    kin = [name.encode() for family in _KIN if own.decode() in family for name in family]
    others = site.scope.members if site.role == "member" else site.scope.callees
    yield from (name for name in dict.fromkeys((*kin, *others)) if name != own)


def swap(site: Site, rng: random.Random) -> Iterator[Made]:
    """Two arguments, or the two sides of an operator, in each other's place."""
    for members in _members(site):
        for left, right in combinations(members, 2):
            if left.text != right.text:
                yield _exchanged(site, left, right)


def hoist(site: Site, rng: random.Random) -> Iterator[Made]:
    """Only a part of it: an operand, an argument, what is indexed."""
    yield from (part.text for part in _parts(site.node) if part.text and part.text != site.own)


def replace(site: Site, rng: random.Random) -> Iterator[Made]:
    """Another expression of the region, those of its own shape first."""
    own, values = site.own, site.scope.values
    alike = [value for value in values if value.shape == site.shape]
    others = [value for value in values if value.shape != site.shape]
    if site.role == "target":
        others = [value for value in others if value.shape in ("name", "access")]
    if site.shape in ("name", "number"):
        alike = []  # `rename` and `number` give these.
    for value in (*alike, *others):
        if value.text != own:
            yield value.text if value.shape in PRIMARY else fitted(site, value.text)


def renew(site: Site, rng: random.Random) -> Iterator[Made]:
    """A new expression of what is in scope."""
    found = (fitted(site, drawn_value(site, rng)) for _ in range(DRAWS))
    yield from (text for text in found if text != site.own)


def borrow(site: Site, rng: random.Random) -> Iterator[Made]:
    """An expression from elsewhere in the repository."""
    yield from (fitted(site, text) for text in adapted(site, "value", rng))


def arithmetic(site: Site, rng: random.Random) -> Iterator[Made]:
    """A name or a number added, taken away, multiplied or divided by."""
    own = bound(site)
    for name in site.scope.plain:
        if name != site.own:
            yield fitted(site, own + b" - " + name)
            yield fitted(site, own + b" + " + name)
    for _ in range(DRAWS):
        term, other = drawn_value(site, rng), drawn_value(site, rng)
        template = rng.choice((b"%b + %b * %b", b"%b - %b * %b", b"%b / (%b + %b)"))
        yield fitted(site, template % (own, term, other))
        yield fitted(site, rng.choice((b"%b * %b", b"%b + %b", b"%b - %b")) % (own, term))


def known(site: Site, rng: random.Random) -> Iterator[Made]:
    """A known function of it: the greater, the lesser, the absolute value, a power."""
    numbers = (value.text for value in site.scope.values if value.shape == "number")
    pool = dict.fromkeys((*assigned(site), b"0", *numbers, *site.scope.plain))
    for template in site.dialect.growths:
        if "{x}" in template:
            yield from (fill(template, e=site.own, x=other) for other in pool if other != site.own)
        elif "{c}" in template:
            yield from (fitted(site, fill(template, e=bound(site), c=c)) for c in (b"2", b"3"))
        else:
            yield fill(template, e=site.own)


def shapes(site: Site, rng: random.Random) -> Iterator[Made]:
    """It as a list, a part of it, its length: what values that are no numbers become."""
    for template in site.dialect.shapes:
        for name in site.scope.names if "{n}" in template else (b"",):
            if name != site.own:
                yield fill(template, e=bound(site), n=name)


def connect(site: Site, rng: random.Random) -> Iterator[Made]:
    """A condition, and or or another one."""
    for other in conditions(site, rng, slack(site.node)):
        if other != site.own:
            for template in (site.dialect.disjunction, site.dialect.conjunction):
                yield fitted(site, fill(template, e=other, q=site.own))
                yield fitted(site, fill(template, e=site.own, q=other))


def narrow(site: Site, rng: random.Random) -> Iterator[Made]:
    """A comparison, but only where what it leaves over is within bounds, or outside of some."""
    much = slack(site.node)
    for _ in range(2 * DRAWS if much else 0):
        template = site.dialect.conjunction
        yield fitted(site, fill(template, e=site.own, q=compared(site, much, rng)))


def decide(site: Site, rng: random.Random) -> Iterator[Made]:
    """Another condition."""
    yield from (fitted(site, text) for text in conditions(site, rng) if text != site.own)


def choose(site: Site, rng: random.Random) -> Iterator[Made]:
    """It on a condition, else another expression; or the other way round."""
    for _ in range(2 * DRAWS if site.dialect.choice else 0):
        near_it = fitted(site, bound(site) + rng.choice((b" + ", b" - ")) + drawn(rng))
        turned = fitted(site, drawn(rng) + b" - " + bound(site))
        parts = [site.own, rng.choice((drawn_value(site, rng), near_it, turned))]
        rng.shuffle(parts)
        # What is said of a number is always true or never.
        condition = drawn_condition(site, rng, b"" if site.shape == "number" else bound(site))
        yield fitted(site, fill(site.dialect.choice, e=parts[0], x=parts[1], q=condition))


def fork(site: Site, rng: random.Random) -> Iterator[Made]:
    """One of two values by it, where it is what a name is given."""
    for _ in range(2 * DRAWS if site.dialect.choice and assigned(site) else 0):
        parts = [drawn_value(site, rng) for _ in range(2)]
        yield fitted(site, fill(site.dialect.choice, e=parts[0], x=parts[1], q=site.own))


def _members(site: Site) -> Iterator[list[Raw]]:
    """Give what stands side by side in a place: arguments, operands, indices."""
    children = [child for child in site.node.named_children if child.type != "comment"]
    if site.shape == "access":
        yield children[1:]
    elif site.shape != "call":
        yield children
    for child in children:
        if "argument" in child.type:
            yield child.named_children


def _parts(node: Raw) -> Iterator[Raw]:
    """Give the expressions right below a node, those in its argument lists too."""
    for index, child in enumerate(node.children):
        if "argument" in child.type or child.type == "parenthesized_expression":
            yield from _parts(child)
        elif child.is_named and node.field_name_for_child(index) not in ("function", "attribute"):
            yield child


def _exchanged(site: Site, left: Raw, right: Raw) -> Splice:
    """Two nodes of a text in each other's place."""
    between = site.text[left.end_byte : right.start_byte]
    parts = (right.text or b"", between, left.text or b"")
    return Splice(left.start_byte, right.end_byte, b"".join(parts))
