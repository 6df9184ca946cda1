"""A plan as the JSON that its commit holds, and back."""

import json
from typing import Any, get_args, get_type_hints

from gitmerge_ai.evolution.values import Plan


class PlanError(ValueError):
    """This is no plan that this version understands; the message says why."""


def write(plan: Plan) -> bytes:
    """Write a plan."""
    return (json.dumps(_plain(plan), indent=2) + "\n").encode()


def read(data: bytes) -> Plan:
    """Read a plan.

    Raises:
        PlanError: something is missing, or is there that this version does not know: a bound on a
            run that is passed over would be no bound.
    """
    try:
        found: Plan = _made(Plan, json.loads(data))
    except (TypeError, ValueError, RecursionError) as error:
        raise PlanError(f"the plan cannot be read: {error}") from error
    return found


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {name: _plain(each) for name, each in value._asdict().items()}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _made(kind: Any, value: Any) -> Any:
    """Make a value of a kind: a named tuple, a tuple of one kind, or a plain value."""
    if hasattr(kind, "_fields"):
        if not isinstance(value, dict):
            raise ValueError(f"{value!r} is no {kind.__name__}")
        kinds = get_type_hints(kind)
        unknown = set(value) - set(kinds)
        if unknown:
            raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
        return kind(**{name: _made(kinds[name], each) for name, each in value.items()})
    inner = get_args(kind)
    if inner:
        if not isinstance(value, list):
            raise ValueError(f"{value!r} is no list")
        return tuple(_made(inner[0], each) for each in value)
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise ValueError(f"{value!r} is no {kind.__name__}")
    return value
