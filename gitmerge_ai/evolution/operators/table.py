"""The table of operators: what each is called, where it is asked, and how likely it is to help.

To add one, write a function of a `Site` in `expressions`, `elements` or `statements` and give it a
row.
"""

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

from gitmerge_ai.evolution.operators import elements, expressions, ordering, statements
from gitmerge_ai.evolution.operators.edits import Edit, Made, edit
from gitmerge_ai.evolution.operators.reading import Site


class Operator(NamedTuple):
    """One row.

    name: as lineage and screens show it. make: gives what a place becomes. roles, shapes: of the
    places where it is asked; no shapes are all. prior: how likely an edit of it is to mend a
    fault, beside the other rows. share: how often it is drawn until it is known what pays.
    """

    name: str
    make: Callable[[Site, random.Random], Iterator[Made]]
    roles: tuple[str, ...]
    shapes: tuple[str, ...] = ()
    prior: float = 1.0
    share: float = 1.0

    def applies(self, site: Site) -> bool:
        """Whether it is asked about a place."""
        return site.role in self.roles and (not self.shapes or site.shape in self.shapes)

    def edits(self, site: Site, rng: random.Random) -> Iterator[Edit]:
        """Give its edits of a place, the likelier ones first."""
        made = self.make(site, rng) if self.applies(site) else ()
        yield from (edit(self.name, site, one, rank) for rank, one in enumerate(made))


_VALUE = ("value",)
_PLACE = ("value", "target")
_LINE = ("statement",)
_DATA = ("datum",)
_NUMERIC = ("name", "access", "call", "number", "other")
_HELD = ("name", "holder", "access", "call", "other", "string")
_PAIRS = ("call", "access", "holder", "other")

OPERATORS = (
    Operator("change sign", expressions.sign, ("sign",), prior=8, share=1.5),
    Operator("negate", expressions.negate, _VALUE, ("condition",), prior=4, share=0.5),
    Operator("move boundary", expressions.boundary, _VALUE, ("condition",), prior=2, share=0.5),
    Operator("tune number", expressions.number, (*_VALUE, *_DATA), ("number",), prior=4, share=5),
    Operator("step", expressions.step, _VALUE, ("name", "access", "call", "other"), prior=4),
    Operator("rename", expressions.rename, _PLACE, ("name", "holder"), prior=6, share=1.5),
    Operator("call other", expressions.call_other, ("callee", "member"), prior=6, share=0.5),
    Operator("swap operands", expressions.swap, (*_PLACE, *_DATA), _PAIRS, prior=5),
    Operator("take part", expressions.hoist, _VALUE, (*_HELD, "condition"), prior=4, share=2),
    Operator("replace value", expressions.replace, _PLACE, prior=3, share=1.5),
    Operator("borrow value", expressions.borrow, _VALUE, prior=0.3, share=0.2),
    Operator("renew value", expressions.renew, _VALUE, _NUMERIC, prior=0.3, share=2),
    Operator("add term", expressions.arithmetic, _VALUE, _NUMERIC, prior=3, share=3),
    Operator("apply function", expressions.known, _VALUE, _NUMERIC, prior=3, share=2),
    Operator("reshape", expressions.shapes, _VALUE, _HELD, prior=2, share=0.2),
    Operator("join condition", expressions.connect, _VALUE, ("condition",), prior=4, share=1),
    Operator("narrow", expressions.narrow, _VALUE, ("condition",), prior=0.2, share=2),
    Operator("change condition", expressions.decide, _VALUE, ("condition",), prior=3, share=1),
    Operator("choose", expressions.choose, _VALUE, _NUMERIC, prior=0.3, share=4),
    Operator("choose by", expressions.fork, _VALUE, ("condition",), prior=0.1),
    Operator("drop element", elements.drop, _DATA, prior=1, share=0.5),
    Operator("repeat element", elements.repeat, _DATA, prior=0.5, share=0.5),
    Operator("replace element", elements.replace, _DATA, prior=0.5, share=0.5),
    Operator("move element", elements.move, _DATA, prior=0.5, share=2),
    Operator("delete statement", statements.delete, _LINE, prior=4),
    Operator("swap statements", statements.swap, _LINE, prior=3, share=0.3),
    Operator("insert statement", statements.insert, _LINE, prior=2, share=0.5),
    Operator("replace statement", statements.replace, _LINE, prior=2, share=0.3),
    Operator("assign", statements.assign, _LINE, prior=2, share=0.3),
    Operator("call method", statements.call, _LINE, prior=2, share=0.1),
    Operator("guard", statements.guard, _LINE, prior=1, share=0.5),
    Operator("leave early", statements.leave, _LINE, prior=1, share=1),
    Operator("stop", statements.stop, _LINE),
    Operator("put in order", ordering.order, _LINE, prior=0.3, share=4),
    Operator("unwrap", statements.unwrap, _LINE, prior=2, share=0.5),
    Operator("borrow statement", statements.borrow, _LINE, prior=0.3, share=0.2),
)
"""Every operator."""

BY_NAME = {operator.name: operator for operator in OPERATORS}
