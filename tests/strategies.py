"""Generated edits of real code: the texts of the fixtures, changed by lines and by tree nodes.

An edit is a few numbers, so that hypothesis can draw and shrink it; what it does to a text depends
on the text. Two lists of edits of one text are the two sides of a merge.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from hypothesis import strategies as st

from gitmerge_ai.syntax.grammar import MissingGrammar
from gitmerge_ai.syntax.language import Language
from gitmerge_ai.syntax.languages import for_path, table
from gitmerge_ai.syntax.tree import Node, Source
from gitmerge_ai.text import encoding
from gitmerge_ai.text.lines import split
from gitmerge_ai.values import Sides

FIXTURES = Path(__file__).parent.parent / "fixtures"
LONGEST = 6_000
"""Characters beyond which a text is left out: the properties do not need long ones."""


@dataclass(frozen=True)
class Text:
    """A file of a fixture, and what git would call it."""

    path: str
    text: str

    @property
    def row(self) -> Language | None:
        return for_path(self.path, self.text)


@cache
def texts() -> tuple[Text, ...]:
    """Give every version in every fixture, once, if its grammar is installed."""
    found = dict.fromkeys(text for case in cases() for text in case)
    short = (text for text in found if len(text.text) <= LONGEST)
    return tuple(text for text in short if text.row is None or has_grammar(text.row.name))


@cache
def cases() -> tuple[tuple[Text, Text, Text], ...]:
    """Give the base, ours and theirs of every fixture."""
    folders = sorted(path.parent for path in FIXTURES.rglob("about.txt"))
    return tuple(_case(folder) for folder in folders)


def _case(folder: Path) -> tuple[Text, Text, Text]:
    files = {path.name.partition(".")[0]: path for path in folder.iterdir()}
    path = f"{folder.name}.{files['base'].name.partition('.')[2]}"
    if "path" in files:
        path = files["path"].read_text().strip()
    base, ours, theirs = (
        Text(path, encoding.decode(files[name].read_bytes()).text)
        for name in ("base", "ours", "theirs")
    )
    return base, ours, theirs


@cache
def by_language() -> dict[str, tuple[Text, ...]]:
    """Give the texts of each language whose grammar is installed."""
    found: dict[str, list[Text]] = {}
    for text in texts():
        row = text.row
        if row is not None and text.text.strip() and has_grammar(row.name):
            found.setdefault(row.name, []).append(text)
    return {name: tuple(found[name]) for name in sorted(found)}


@cache
def has_grammar(name: str) -> bool:
    try:
        Source(table()[name], b"")
    except MissingGrammar:
        return False
    return True


@dataclass(frozen=True)
class Edit:
    """What is done to a text: which kind of edit, where, how much, and the number in new names."""

    kind: str
    at: int
    to: int
    size: int
    mark: int


def apply(edit: Edit, text: str, row: Language | None) -> str:
    """Edit a text; one that the edit does not fit stays as it is."""
    if edit.kind in _BY_LINE:
        lines = split(text)
        return "".join(_BY_LINE[edit.kind](lines, edit)) if lines else text
    if edit.kind in _WHOLE:
        return _WHOLE[edit.kind](text)
    if row is None:
        return text
    data = text.encode("utf-8", "surrogateescape")
    changed = _BY_NODE[edit.kind](data, _nodes(Source(row, data).root), edit)
    return changed.decode("utf-8", "surrogateescape")


def _delete_lines(lines: list[str], edit: Edit) -> list[str]:
    at = edit.at % len(lines)
    return lines[:at] + lines[at + edit.size :]


def _insert_line(lines: list[str], edit: Edit) -> list[str]:
    at = edit.at % len(lines)
    return [*lines[:at], _renamed(lines[edit.to % len(lines)], edit.mark), *lines[at:]]


def _duplicate_lines(lines: list[str], edit: Edit) -> list[str]:
    at = edit.at % len(lines)
    again = [_renamed(line, edit.mark) for line in lines[at : at + edit.size]]
    return lines[: at + edit.size] + again + lines[at + edit.size :]


def _swap_lines(lines: list[str], edit: Edit) -> list[str]:
    at = edit.at % len(lines)
    middle, end = at + edit.size, at + 2 * edit.size
    return lines[:at] + lines[middle:end] + lines[at:middle] + lines[end:]


def _move_lines(lines: list[str], edit: Edit) -> list[str]:
    at = edit.at % len(lines)
    moved, rest = lines[at : at + edit.size], lines[:at] + lines[at + edit.size :]
    to = edit.to % (len(rest) + 1)
    return rest[:to] + moved + rest[to:]


def _change_line(lines: list[str], edit: Edit) -> list[str]:
    at = edit.at % len(lines)
    return [*lines[:at], _renamed(lines[at], edit.mark), *lines[at + 1 :]]


def _reindent_lines(lines: list[str], edit: Edit) -> list[str]:
    at = edit.at % len(lines)
    block = [f"    {line}" if line.strip() else line for line in lines[at : at + edit.size]]
    return lines[:at] + block + lines[at + edit.size :]


def _renamed(line: str, mark: int) -> str:
    """Give the last word of a line a new name."""
    end = next((i + 1 for i in reversed(range(len(line))) if line[i].isalpha()), None)
    return line if end is None else f"{line[:end]}{mark}{line[end:]}"


def _nodes(root: Node) -> list[tuple[Node, Node]]:
    """Give every named node below the root, after its parent."""
    found = []
    stack = [root]
    while stack:
        parent = stack.pop()
        named = [child for child in parent.children if child.named]
        found += [(parent, child) for child in named]
        stack.extend(named)
    return found


Pair = tuple[Node, Node]


def _pick(nodes: list[Pair], at: int) -> Pair | None:
    return nodes[at % len(nodes)] if nodes else None


def _delete_node(data: bytes, nodes: list[Pair], edit: Edit) -> bytes:
    found = _pick(nodes, edit.at)
    if found is None:
        return data
    _, node = found
    return data[: node.start - len(node.lead)] + data[node.end :]


def _duplicate_node(data: bytes, nodes: list[Pair], edit: Edit) -> bytes:
    """Write a member once more, under another name, in the way its neighbours are written."""
    found = _pick([pair for pair in nodes if pair[1].signature() is not None] or nodes, edit.at)
    if found is None:
        return data
    parent, node = found
    siblings = [child for child in parent.children if child.named]
    after = next((child for child in parent.children if child.start >= node.end), None)
    between = b"" if after is None or after.named else after.full
    lead = siblings[1].lead if len(siblings) > 1 else node.lead or b"\n"
    again = between + lead + _named_anew(node, edit.mark)
    return data[: node.end] + again + data[node.end :]


def _named_anew(node: Node, mark: int) -> bytes:
    name = node.main.child("name")
    leaf = next((n for n in (name or node).tokens() if n.named and n.text[-1:].isalnum()), None)
    if leaf is None:
        return node.text
    at = leaf.end - node.start
    return node.text[:at] + str(mark).encode() + node.text[at:]


def _change_token(data: bytes, nodes: list[Pair], edit: Edit) -> bytes:
    leaves = [(p, n) for p, n in nodes if not n.children and n.text[-1:].isalnum()]
    found = _pick(leaves, edit.at)
    if found is None:
        return data
    _, node = found
    return data[: node.end] + str(edit.mark).encode() + data[node.end :]


def _swap_nodes(data: bytes, nodes: list[Pair], edit: Edit) -> bytes:
    pairs = [
        (a, b)
        for parent in dict.fromkeys(parent for parent, _ in nodes)
        for named in [[child for child in parent.children if child.named]]
        for a, b in pairwise(named)
    ]
    found = _pick(pairs, edit.at)
    if found is None:
        return data
    a, b = found
    return data[: a.start] + b.text + data[a.end : b.start] + a.text + data[b.end :]


def _move_node(data: bytes, nodes: list[Pair], edit: Edit) -> bytes:
    found = _pick([pair for pair in nodes if len(pair[0].children) > 2], edit.at)
    if found is None:
        return data
    parent, node = found
    others = [child for child in parent.children if child.named and child is not node]
    if not others:
        return data
    to = others[edit.to % len(others)].end
    start = node.start - len(node.lead)
    if to >= node.end:
        return data[:start] + data[node.end : to] + node.full + data[to:]
    return data[:to] + node.full + data[to:start] + data[node.end :]


_BY_LINE: dict[str, Callable[[list[str], Edit], list[str]]] = {
    "delete lines": _delete_lines,
    "insert line": _insert_line,
    "duplicate lines": _duplicate_lines,
    "swap lines": _swap_lines,
    "move lines": _move_lines,
    "change line": _change_line,
    "reindent lines": _reindent_lines,
}
_BY_NODE: dict[str, Callable[[bytes, list[Pair], Edit], bytes]] = {
    "delete node": _delete_node,
    "duplicate node": _duplicate_node,
    "change token": _change_token,
    "swap nodes": _swap_nodes,
    "move node": _move_node,
}
_WHOLE: dict[str, Callable[[str], str]] = {
    "convert to CRLF": lambda text: text.replace("\r\n", "\n").replace("\n", "\r\n"),
    "drop final newline": lambda text: text.removesuffix("\n").removesuffix("\r"),
}
KINDS = tuple(kind for kind in (*_BY_LINE, *_BY_NODE) for _ in range(3)) + tuple(_WHOLE)
"""Edits of the whole file are drawn more rarely."""

NEAR = 12
"""Numbers up to here name places, so that the two sides often meet at one."""


def edits(marks: int) -> st.SearchStrategy[list[Edit]]:
    """Give lists of edits whose new names begin with a number of their own."""
    places = st.one_of(st.integers(0, NEAR), st.integers(0, 400))
    one = st.builds(
        Edit,
        kind=st.sampled_from(KINDS),
        at=places,
        to=places,
        size=st.integers(1, 4),
        mark=st.integers(marks, marks + 99),
    )
    return st.lists(one, min_size=1, max_size=4)


def edited(text: Text, changes: list[Edit], *, sound: bool) -> str:
    """Apply edits one after the other.

    Args:
        text: what they start from.
        changes: the edits.
        sound: whether to pass over edits that break the syntax.
    """
    result = text.text
    for edit in changes:
        changed = apply(edit, result, text.row)
        if not sound or errors(text.row, changed) <= errors(text.row, result):
            result = changed
    return result


def errors(row: Language | None, text: str) -> int:
    """Count the parse errors of a text."""
    data = text.encode("utf-8", "surrogateescape")
    return Source(row, data).error_count() if row else 0


@st.composite
def sides(
    draw: st.DrawFn,
    choice: tuple[Text, ...],
    sound: st.SearchStrategy[bool] = st.booleans(),  # noqa: B008
) -> Sides:
    """Give two edited versions of one of some texts, which `sound` edits leave as well-formed."""
    text, keeps_syntax = draw(st.sampled_from(choice)), draw(sound)
    ours = edited(text, draw(edits(100)), sound=keeps_syntax)
    theirs = edited(text, draw(edits(200)), sound=keeps_syntax)
    return Sides(text.text, ours, theirs, text.path)


def fixture_sides() -> Iterator[Sides]:
    """Give the sides of every fixture."""
    for base, ours, theirs in cases():
        yield Sides(base.text, ours.text, theirs.text, base.path)
