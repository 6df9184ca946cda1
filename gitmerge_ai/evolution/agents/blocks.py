"""Reads what a model wants changed: blocks that say what to search in a file and what to put there.

A block is the file's path on a line, then

    <<<<<<< SEARCH
    lines as they stand in the file
    =======
    lines to put in their place
    >>>>>>> REPLACE

and an answer may have several, for several files. Nothing is repaired by guess: what is searched
has to stand in the file exactly once, or the whole answer is malformed.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

FORMAT = """\
path/of/the/file
<<<<<<< SEARCH
lines exactly as they stand in the file, enough of them to stand there only once
=======
the lines to put in their place
>>>>>>> REPLACE
"""
"""A block, as a model is told to write it."""

_OPENING = re.compile(r"<{7} ?SEARCH\s*")
_MIDDLE = re.compile(r"={7}\s*")
_CLOSING = re.compile(r">{7} ?REPLACE\s*")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})[\w+-]*\s*")
_DECORATION = " \t*`#:"


class Malformed(Exception):
    """An answer that cannot be used; the message tells the model why."""


class Block(NamedTuple):
    """What to search in which file, and what to put there; nothing to search makes a new file."""

    path: str
    search: str
    replace: str


def blocks(answer: str) -> list[Block]:
    """Read the blocks of an answer.

    Args:
        answer: the model's; what stands around blocks does not count.

    Raises:
        Malformed: there is none, or one that does not end.
    """
    found = list(_read(iter(answer.splitlines(keepends=True))))
    if not found:
        raise Malformed("there is no SEARCH/REPLACE block in it")
    return found


def _read(lines: Iterator[str]) -> Iterator[Block]:
    path = ""
    for line in lines:
        if _OPENING.fullmatch(line):
            if not path:
                raise Malformed("a block has no path on the line before it")
            search = _until(lines, _MIDDLE, path)
            yield Block(path, search, _until(lines, _CLOSING, path))
        elif line.strip() and not _FENCE.fullmatch(line):
            path = line.strip().strip(_DECORATION)


def _until(lines: Iterator[str], end: "re.Pattern[str]", path: str) -> str:
    collected: list[str] = []
    for line in lines:
        if end.fullmatch(line):
            return "".join(collected)
        # A second middle could be the text's own; which of them is meant would be a guess.
        if _OPENING.fullmatch(line) or _MIDDLE.fullmatch(line):
            break
        collected.append(line)
    raise Malformed(f"a block for {path} does not end as it should")


def applied(
    found: list[Block], files: Mapping[str, bytes], may_write: Callable[[str], bool]
) -> dict[str, bytes]:
    """Carry blocks out, one after the other.

    Args:
        found: what to do.
        files: those that may be edited, by path.
        may_write: whether a file may be made at a path.

    Returns:
        The files that are different then.

    Raises:
        Malformed: one of them cannot be carried out.
    """
    changed: dict[str, bytes] = {}
    for block in found:
        before = changed.get(block.path, files.get(block.path))
        changed[block.path] = _replaced(block, before, may_write)
    return {path: data for path, data in changed.items() if files.get(path) != data}


def _replaced(block: Block, before: bytes | None, may_write: Callable[[str], bool]) -> bytes:
    if before is None:
        if block.search.strip():
            raise Malformed(f"there is no file {block.path} that may be edited")
        if not may_write(block.path):
            raise Malformed(f"{block.path} may not be written")
        return block.replace.encode()
    try:
        text = before.decode()
    except UnicodeDecodeError:
        raise Malformed(f"{block.path} is not in UTF-8") from None
    ending = "\r\n" if "\r\n" in text else "\n"
    search, replace = (
        part.replace("\r\n", "\n").replace("\n", ending) for part in (block.search, block.replace)
    )
    if not search.strip():
        raise Malformed(f"a block for {block.path}, which exists, searches nothing")
    # A file need not end its last line, where a block always does.
    whole = text if text.endswith(ending) else text + ending
    number = _count(whole, search)
    if number != 1:
        times = "does not stand in it" if not number else f"stands in it {number} times"
        raise Malformed(f"what a block searches in {block.path} {times}")
    at = _find(whole, search)
    result = whole[:at] + replace + whole[at + len(search) :]
    return (result if whole == text else result.removesuffix(ending)).encode()


def _count(text: str, search: str) -> int:
    return sum(1 for _ in re.finditer(f"(?m)^(?={re.escape(search)})", text))


def _find(text: str, search: str) -> int:
    found = re.search(f"(?m)^(?={re.escape(search)})", text)
    assert found
    return found.start()
