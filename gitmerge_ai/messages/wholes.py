"""What the files of a large change have in common: a folder that came, went or moved, one word
replaced in all of them.

Told by paths and by words alone. What of it holds in the whole tree, git has to say.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from gitmerge_ai.messages.parts import Part
from gitmerge_ai.repository.commits import ChangedFile

FEW = 3
"""Files from which on something they have in common is looked for."""

MOSTLY = 0.8
"""The share of the files that has to have it."""

DEEPEST = 6
"""Folders, each in the other, that git is asked about."""

MOST_WORDS = 2
"""Different words that may be replaced for it to be the replacing that a change is about."""

_WORD = re.compile(rb"\w+")
_YEAR = re.compile(rb"(19|20)\d\d")


def folders(files: Sequence[ChangedFile]) -> Iterator[Part]:
    """Give the folders that may have come, gone or moved as a whole, the outermost first."""
    came = [file.path for file in files if file.was is None]
    went = [file.path for file in files if file.gone]
    for action, paths in (("add", came), ("remove", went)):
        for folder in _holding(paths, MOSTLY)[:DEEPEST] if len(paths) >= FEW else ():
            yield Part(action, "folder", folder, folder)
    moves = Counter(heads(file.was, file.path) for file in files if file.was)
    moves.pop(("", ""), None)
    (before, after), count = moves.most_common(1)[0] if moves else (("", ""), 0)
    into = f"{after}/".startswith(f"{before}/")
    if count >= max(FEW, MOSTLY * moves.total()) and before and after and not into:
        same = before.rpartition("/")[0] == after.rpartition("/")[0]
        yield Part("rename" if same else "move", "folder", after, after, before)


def is_covered(part: Part, folder: Part) -> bool:
    """Whether what happened to a folder tells what happened to a file."""
    if part.kind != "file":
        return False
    if not folder.before:
        return part.action == folder.action and part.path.startswith(f"{folder.path}/")
    inside = part.before.removeprefix(f"{folder.before}/")
    return part.before != inside and part.path == f"{folder.path}/{inside}"


def covering(paths: Sequence[str]) -> str:
    """Give the innermost folder that holds all paths, "" where none does."""
    return next(reversed(_holding(paths, 1.0)), "")


def _holding(paths: Sequence[str], share: float) -> list[str]:
    """Give the folders that hold such a share of all paths, the outermost first."""
    found = Counter(path[: at.start()] for path in paths for at in re.finditer("/", path))
    return sorted((f for f, count in found.items() if count >= share * len(paths)), key=len)


def heads(before: str, after: str) -> tuple[str, str]:
    """Give what of two paths differs, without the steps at their ends that are the same."""
    old, new = before.split("/"), after.split("/")
    while old and new and old[-1] == new[-1]:
        old.pop()
        new.pop()
    return "/".join(old), "/".join(new)


def replaced(texts: Iterable[tuple[bytes, bytes]]) -> Part | None:
    """Give the word that made room for another in nearly all files, `None` where none did.

    Args:
        texts: of files, before and after.
    """
    edited = [(_words(old), _words(new), old) for old, new in texts if old and new and old != new]
    if len(edited) < FEW:
        return None
    lost = [old - new for old, new, _ in edited]
    got = [new - old for old, new, _ in edited]
    before, after = (_in_nearly_all(each) for each in (lost, got))
    if not before or not after or max(len(before), len(after)) > MOST_WORDS:
        return None
    old, new = before[0], after[0]
    if sum(each[old] for each in lost) != sum(each[new] for each in got):
        return None
    name = new.decode("utf-8", "replace")
    if _YEAR.fullmatch(old) and _YEAR.fullmatch(new):
        by_law = all(b"opyright" in text for *_, text in edited)
        return Part("change", "copyright year", name, "") if by_law else None
    return Part("replace", "word", name, "", old.decode("utf-8", "replace"))


def _words(text: bytes) -> Counter[bytes]:
    return Counter(_WORD.findall(text))


def _in_nearly_all(found: Sequence[Counter[bytes]]) -> list[bytes]:
    """Give the words that nearly all counters hold, those in most of them first."""
    files = Counter(word for each in found for word in each)
    return [word for word, count in files.most_common() if count >= MOSTLY * len(found)]
