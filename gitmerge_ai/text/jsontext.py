"""JSON read and written so that what is not touched comes out as it went in.

Numbers keep their digits, and the writing keeps the file's indentation, its order of keys and
whether it escapes what is not ASCII. What Python would read but JSON does not know is refused.
"""

import json
import re
from typing import NamedTuple, TypeAlias


class Number(NamedTuple):
    """A number, by its digits."""

    digits: str


Value: TypeAlias = "bool | str | Number | list[Value] | dict[str, Value] | None"


class Style(NamedTuple):
    """How a file is written: what indents it (None: all on one line), and how."""

    indent: str | None
    ascii_only: bool
    newline: str
    final: str


def read(text: str) -> Value:
    """Read a text.

    Raises:
        ValueError: it is not JSON, a key stands twice in an object, or it nests too deep.
    """
    try:
        value: Value = json.loads(
            text.removeprefix("\ufeff"),
            parse_int=Number,
            parse_float=Number,
            parse_constant=_refuse,
            object_pairs_hook=_object,
        )
    except RecursionError as error:
        raise ValueError("it nests too deep") from error
    return value


def style_of(text: str) -> Style:
    """See how a text is written."""
    indented = re.search(r"[\[{]\r?\n([ \t]*)", text)
    newline = "\r\n" if "\r\n" in text else "\n"
    return Style(
        indented[1] if indented else None,
        text.isascii() and "\\u" in text,
        newline,
        text[len(text.rstrip()) :],
    )


def write(value: Value, style: Style) -> str:
    """Write a whole file."""
    return dump(value, style) + style.final


def dump(value: Value, style: Style, level: int = 0) -> str:
    """Write a value that stands `level` levels deep."""
    if isinstance(value, dict):
        items = [f"{_string(k, style)}: {dump(v, style, level + 1)}" for k, v in value.items()]
        return _enclose("{}", items, style, level)
    if isinstance(value, list):
        return _enclose("[]", [dump(v, style, level + 1) for v in value], style, level)
    if isinstance(value, Number):
        return value.digits
    return _string(value, style) if isinstance(value, str) else json.dumps(value)


def _enclose(brackets: str, items: list[str], style: Style, level: int) -> str:
    if not items:
        return brackets
    if style.indent is None:
        return brackets[0] + ", ".join(items) + brackets[1]
    inner = style.newline + style.indent * (level + 1)
    return (
        brackets[0]
        + inner
        + f",{inner}".join(items)
        + inner[: -len(style.indent) or None]
        + (brackets[1])
    )


def _string(text: str, style: Style) -> str:
    return json.dumps(text, ensure_ascii=style.ascii_only)


def _object(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _refuse(constant: str) -> Value:
    raise ValueError(f"{constant} is not JSON")
