"""The checks that a merged text must pass before it is taken for clean (DESIGN.md, section 5).

Each check gives one line that says what is wrong, or None. They look at the four texts only, so
that a mistake of the merge cannot hide itself.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from itertools import pairwise

from tree_sitter import Node as Raw

from gitmerge_ai.differ.matching import words
from gitmerge_ai.merging.counts import bounds
from gitmerge_ai.merging.lists import commutative
from gitmerge_ai.merging.pieces import Open, Pieces, text_of
from gitmerge_ai.syntax.paths import fits
from gitmerge_ai.syntax.tree import Node, Source, is_string
from gitmerge_ai.text import markers

SEPARATING = frozenset(b",;")
"""Signs of which a merge may need one more or less than the counts of the sides give."""


_COMMENT = re.compile(rb"//|/\*|\*/|#|--|<!--|%|;;|\(\*|\{-")

_JUMP_WORD = re.compile(rb"(?i)\b(?:return|break|continue|throw|raise|goto|fallthrough|yield)")
_JUMP = re.compile(
    r"(?:return|break|continue|throw|raise|goto|jump|control_transfer)_(?:statement|expression)"
)
_BLOCK = re.compile(r"(?:^|_)(?:block|body|statements|statement_list|compound_statement|then)$")
_REACHED = re.compile(r"function|class|method|label|case|preproc|directive|_item$")
"""Kinds of nodes that count whatever stands before them."""

_NAMED = re.compile(rb"\w\w")

SMALLEST_SET = 8
"""Bytes below which no node holds two members that could be doubled."""


def lost_or_doubled(base: bytes, ours: bytes, theirs: bytes, merged: Pieces) -> str | None:
    """Count every word: what was added and deleted must add up, open regions left out.

    With `b`, `o`, `t` the counts of a word, a merge that keeps what both sides did has between
    `b + max` and `b + sum` of it where both added (they may have added the same), likewise where
    both deleted, and `b + (o - b) + (t - b)` where one added and the other deleted.
    """
    opens = [piece for piece in merged if isinstance(piece, Open)]
    shown = {line for piece in opens for side in piece.sides for line in side.splitlines()}
    b, o, t, m = map(words, _apart((base, ours, theirs, text_of(merged)), shown))
    for piece in opens:
        b.subtract(words(piece.base))
        o.subtract(words(piece.ours))
        t.subtract(words(piece.theirs))
    # What merge and sides have alike is as it should be.
    for word, _ in (m.items() ^ o.items()) | (m.items() ^ t.items()):
        low, high = bounds(b[word], o[word] - b[word], t[word] - b[word])
        slack = 4 if len(word) == 1 and word[0] in SEPARATING else 0
        if not low - slack <= m[word] <= high + slack:
            what = "loses" if m[word] < low else "doubles"
            return f"the merge {what} {word.decode(errors='replace')!r}"
    return None


def _apart(texts: Sequence[bytes], shown: Set[bytes]) -> list[bytes]:
    """Leave out the lines that stand equally often in all texts, which nobody lost or doubled.

    Args:
        texts: the versions and the merge.
        shown: lines that stand in conflicts; these stay.
    """
    versions = [text.splitlines() for text in texts]
    counts = [Counter(lines).items() for lines in versions]
    alike = {line for line, _ in set(counts[0]).intersection(*counts[1:])} - shown
    return [b"\n".join(line for line in lines if line not in alike) for lines in versions]


def comments_kept(versions: list[Source], merged: Source) -> str | None:
    """Count the words in comments, as `lost_or_doubled` counts all: code may not become one.

    Lines that a version has are taken for what they are there, since finding comments takes long.
    """
    known = {line.strip() for source in versions for line in source.text.splitlines()}
    lines = (line.strip() for line in merged.text.splitlines())
    if not any(line not in known and _COMMENT.search(line) for line in lines):
        return None
    b, o, t, m = (Counter(words(b"\n".join(source.comments()))) for source in (*versions, merged))
    for word in m.keys() | o.keys() | t.keys():
        low, high = bounds(b[word], o[word] - b[word], t[word] - b[word])
        if not low <= m[word] <= high:
            return f"{word.decode(errors='replace')!r} would come into a comment, or out of one"
    return None


def foreign_lines(versions: tuple[bytes, bytes, bytes], merged: Pieces) -> str | None:
    """A conflict that shows for a side what does not stand in that side."""
    known = [{line.strip() for line in text.splitlines()} for text in versions]
    for piece in merged:
        if isinstance(piece, Open):
            shown = (piece.base, piece.ours, piece.theirs)
            for text, lines in zip(shown, known, strict=True):
                if any(line.strip() not in lines for line in text.splitlines() if line.strip()):
                    return "a conflict would show lines that no side has"
    return None


def stray_markers(sides: tuple[str, str, str], merged: str, size: int) -> str | None:
    """A marker that no side has, or one that a side has and the merge lacks."""
    had = any(markers.has_markers(text, size) for text in sides)
    has = markers.has_markers(merged, size)
    if has == had:
        return None
    return "a conflict marker would stand in it" if has else "a marker of the inputs is gone"


def parse_errors(versions: list[Source], merged: Source) -> str | None:
    """More errors than any of the versions has."""
    before = max(version.error_count() for version in versions)
    after = merged.error_count()
    return None if after <= before else "the merge does not parse"


def python_syntax(versions: list[Source], merged: Source) -> str | None:
    """What Python's own parser refuses, and took in both sides; the grammar is more lenient."""
    if merged.row.name != "python" or compiles(merged.text):
        return None
    return "the merge is not Python" if all(compiles(v.text) for v in versions[1:]) else None


def compiles(text: bytes) -> bool:
    """Say whether Python's own parser takes a text."""
    import warnings
    from _ast import PyCF_ONLY_AST  # `ast` itself takes a while to import

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "", "exec", PyCF_ONLY_AST)
        except (SyntaxError, ValueError, RecursionError):
            return False
    return True


def doubled_declarations(versions: list[Source], merged: Source) -> str | None:
    """A member that stands twice in one set, and did so in no version.

    Only what the merged tree has and no version has is looked at, level by level.
    """
    here, there = [merged.root], [version.root for version in versions]
    while here:
        doubled = [found for found in map(_doubled, here) if found]
        if doubled:
            known: Counter[object] = Counter()
            for node in there:
                known |= _doubled(node)
            if any(count > known[one] for found in doubled for one, count in found.items()):
                return "a declaration would stand twice"
        below, below_versions = _children(here), _children(there)
        texts = {child.text for child in below}
        known_texts = {child.text for child in below_versions}
        here = [child for child in below if child.text not in known_texts]
        there = [child for child in below_versions if child.text not in texts]
    return None


def repeated_lines(versions: list[bytes], merged: bytes) -> str | None:
    """A line that stands twice in a row and did so in no version: both sides wrote it."""
    known: Counter[bytes] = Counter()
    for text in versions:
        known |= _repeated(text)
    if any(count > known[line] for line, count in _repeated(merged).items()):
        return "a line that both sides wrote would stand twice"
    return None


def _repeated(text: bytes) -> Counter[bytes]:
    lines = [line.strip() for line in text.splitlines()]
    return Counter(line for line, after in pairwise(lines) if line == after and _NAMED.search(line))


def unreachable(versions: list[Source], merged: Source) -> str | None:
    """A statement behind a `return` or the like, where no version has so many."""
    dead = _dead_code(merged)
    if dead and dead > max(map(_dead_code, versions)):
        return "what one side added would stand behind a jump of the other's"
    return None


@lru_cache(maxsize=8)
def _dead_code(source: Source) -> int:
    """Count the jumps that something stands behind in the same block."""
    return sum(_is_followed(source, jump) for jump in _jumps(source))


def _jumps(source: Source) -> Iterator[Raw]:
    """Find jumps by their first words; a query takes longer to make than a file to parse."""
    root = source.tree.root_node
    for word in _JUMP_WORD.finditer(source.text):
        raw = root.descendant_for_byte_range(*word.span())
        while raw is not None and raw.start_byte == word.start():
            if _JUMP.fullmatch(raw.type):
                yield raw
            raw = raw.parent


def _is_followed(source: Source, jump: Raw) -> bool:
    statement = jump
    if statement.parent and statement.parent.type == "expression_statement":
        statement = statement.parent
    after = statement.next_named_sibling
    while after and after.type in source.row.comments:
        after = after.next_named_sibling
    if after is None or statement.parent is None or _REACHED.search(after.type):
        return False
    return bool(_BLOCK.search(statement.parent.type))


def shifted_strings(versions: list[Source], merged: Source) -> str | None:
    """A line inside a string whose indentation no version has: layout must not reach into data."""
    known = {line for version in versions for line in version.text.splitlines()}
    bare = {line.strip() for line in known}
    at = 0
    for line in merged.text.splitlines(keepends=True):
        if line.rstrip(b"\r\n") not in known and line.strip() in bare and _in_string(merged, at):
            return "a string would be indented anew"
        at += len(line)
    return None


def _in_string(source: Source, at: int) -> bool:
    raw = source.tree.root_node.descendant_for_byte_range(at, at)
    while raw is not None:
        if raw.start_byte < at and is_string(raw.type):
            return True
        raw = raw.parent
    return False


_NONE: Counter[object] = Counter()


def _children(nodes: list[Node]) -> list[Node]:
    return [
        child.main
        for node in nodes
        for child in node.children
        if child.named and child.end - child.start >= SMALLEST_SET
    ]


def _doubled(node: Node) -> Counter[object]:
    """Count the signatures that stand more than once in a set."""
    rule = commutative(node)
    if rule is None:
        return _NONE
    members = Counter(
        child.signature()
        for child in node.children
        if any(fits(child, group) for group in rule.children)
    )
    return Counter({s: count for s, count in members.items() if s is not None and count > 1})
