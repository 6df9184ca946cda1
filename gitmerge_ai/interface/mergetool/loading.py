"""Reads what there is to decide: from an index with unmerged paths, or from four files.

Every kind of conflict becomes an item that asks for what it is. Nothing is written here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from gitmerge_ai.differ.sequences import matches
from gitmerge_ai.interface.mergetool.session import Document, Item, Question
from gitmerge_ai.repository import index
from gitmerge_ai.repository.index import Stage, Unmerged
from gitmerge_ai.repository.moves import Move, moves_of, reason_of
from gitmerge_ai.resolving.ranking.paths import RENAMED, RENAMED_APART, chances
from gitmerge_ai.resolving.suggesting import with_base
from gitmerge_ai.text import encoding
from gitmerge_ai.text.encoding import Decoded
from gitmerge_ai.text.markers import Region, parse, regions
from gitmerge_ai.values import Labels, Resolution

LINK, SUBMODULE = 0o120000, 0o160000
EXECUTABLE = 0o100755

SIDES = ("ours", "theirs", "base")

NO_CONFLICTS = "no conflict markers in it"

PERSON = "person"
"""The stage of an answer of which nobody has counted how likely it is."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """An item and where it is from.

    file: in the work tree.
    decoded: the file's text and how it is encoded, `None` where it is not taken for a text.
    data: the file's content, `None` where there is none.
    unmerged: what the index says of the path, `None` where it was not asked.
    contents: whole versions by name, for answers that take one; empty where the index has them.
    """

    item: Item
    file: Path
    decoded: Decoded | None
    data: bytes | None
    unmerged: Unmerged | None
    contents: Mapping[str, bytes]


def answer(pattern: str, text: str = "") -> Resolution:
    """Give an answer to a question.

    Args:
        pattern: what is to be done.
        text: what the file would then look like.
    """
    return Resolution(text, PERSON, pattern, 1.0)


def from_index(root: Path, path: str = "") -> list[Loaded]:
    """Read all unmerged paths, or one.

    Args:
        root: the work tree.
        path: the one, from the root; "" for all.

    Raises:
        RepositoryError: git cannot give them.
        OSError: a file cannot be read.
    """
    unmerged = index.unmerged(root)
    moves = moves_of(root, unmerged)
    found = [
        loaded
        for one in unmerged
        if path in ("", one.path)
        for loaded in _of_path(root, one, moves)
    ]
    named = (each.item.regions[0].labels for each in found if isinstance(each.item, Document))
    labels = next(named, Labels("", "HEAD", ""))
    return [_labelled(each, labels) for each in found]


def from_files(base: Path, ours: Path, theirs: Path, merged: Path, path: str, size: int) -> Loaded:
    """Read what `git mergetool` gives: three versions and the file that is to be resolved.

    Args:
        base, ours, theirs: the versions; one that is not there is empty.
        merged: the file.
        path: what git calls it.
        size: length of its conflict markers.

    Raises:
        OSError: a file cannot be read.
    """
    names = {"base": base, "ours": ours, "theirs": theirs}
    contents = {side: file.read_bytes() if file.exists() else b"" for side, file in names.items()}
    return _of_content(path, merged, merged.read_bytes(), None, contents, size)


def _labelled(loaded: Loaded, labels: Labels) -> Loaded:
    """Name the sides of a question as the markers of texts name them."""
    item = loaded.item
    if isinstance(item, Document):
        return loaded
    return replace(loaded, item=replace(item, region=item.region._replace(labels=labels)))


def _of_path(root: Path, one: Unmerged, moves: Mapping[str, Move]) -> Iterator[Loaded]:
    file = root / one.path
    stages = {"base": one.base, "ours": one.ours, "theirs": one.theirs}
    present = [stage for stage in stages.values() if stage is not None]
    if any(stage.mode in (LINK, SUBMODULE) for stage in present):
        yield _special(root, file, one, stages)
        return
    data = file.read_bytes() if file.is_file() and not file.is_symlink() else None
    contents = {side: index.checked_out(root, one.path, stage) for side, stage in stages.items()}
    if one.ours is None or one.theirs is None:
        yield _one_sided(file, data, one, contents, moves)
        return
    if data is None:
        shown = _region({side: _shown(content) for side, content in contents.items()})
        answers = (*_whole(contents, ("ours", "theirs")), answer("deleted"))
        question = Question(one.path, "deleted from the work tree", shown, answers)
        yield Loaded(question, file, None, None, one, {})
    elif one.ours.blob != one.theirs.blob:
        size = index.marker_size(root, one.path)
        yield _of_content(one.path, file, data, one, contents, size)
    if data is not None and one.ours.mode != one.theirs.mode:
        yield _mode(file, data, one)


def _of_content(
    path: str,
    file: Path,
    data: bytes,
    unmerged: Unmerged | None,
    contents: dict[str, bytes],
    size: int,
) -> Loaded:
    """Make an item of a file that both sides have."""
    kept = {} if unmerged else contents
    if encoding.is_binary(data) or any(map(encoding.is_binary, contents.values())):
        region = _region({side: _shown(content) for side, content in contents.items()})
        answers = _whole(contents, ("ours", "theirs"), preview=False)
        return Loaded(Question(path, "binary", region, answers), file, None, data, unmerged, kept)
    decoded = encoding.decode(data)
    segments = parse(decoded.text, size)
    if regions(segments):
        base = encoding.decode(contents["base"]).text
        both_added = unmerged is not None and unmerged.base is None
        known = not both_added and bool(base)
        document = Document(
            path,
            tuple(with_base(segments, base) if known else segments),
            "both added" if both_added else "both modified",
            base if known else None,
        )
        return Loaded(document, file, decoded, data, unmerged, kept)
    region = _region({side: _shown(content) for side, content in contents.items()})
    answers = (answer("work tree", decoded.text), *_whole(contents, ("ours", "theirs")))
    return Loaded(Question(path, NO_CONFLICTS, region, answers), file, None, data, unmerged, kept)


def _one_sided(
    file: Path,
    data: bytes | None,
    one: Unmerged,
    contents: dict[str, bytes],
    moves: Mapping[str, Move],
) -> Loaded:
    """Ask about a path that one side, or both, no longer has."""
    there = {"base": one.base, "ours": one.ours, "theirs": one.theirs}
    shown = {side: _shown(content) if there[side] else "" for side, content in contents.items()}
    kept = [side for side in ("ours", "theirs") if there[side]]
    answers = [*_whole(contents, kept), answer("deleted")]
    if one.base is not None:
        answers += _whole(contents, ("base",))
    likely = _likely(one, shown, moves.get(one.path))
    weighed = [
        each._replace(stage="rules", confidence=likely[each.pattern])
        if each.pattern in likely
        else each
        for each in answers
    ]
    weighed.sort(key=lambda each: -likely.get(each.pattern, 0.0))
    if data is not None and data not in contents.values():
        weighed.insert(0, answer("work tree", _shown(data)))
    title = reason_of(one, moves)
    # Renamed apart, and changed at one place; git then makes the markers longer by one.
    if any(regions(parse(text)) for text in shown.values()):
        title += ", conflict markers in it"
    question = Question(one.path, title, _region(shown), tuple(weighed))
    return Loaded(question, file, None, data, one, {})


def _likely(one: Unmerged, shown: Mapping[str, str], move: Move | None) -> Mapping[str, float]:
    """Say how likely each answer is to what becomes of a path, nothing where that was not seen."""
    if move and move.deleted_by:
        return RENAMED[move.deleted_by]
    if move:
        return RENAMED_APART[next(side for side in move._fields if getattr(move, side) == one.path)]
    if one.base is None or (one.ours is None and one.theirs is None):
        return {}
    side, gone = ("theirs", "ours") if one.ours is None else ("ours", "theirs")
    before, after = shown["base"].splitlines(), shown[side].splitlines()
    edits = len(before) + len(after) - 2 * len(matches(before, after))
    return chances(gone, edits, len(before))


def _special(root: Path, file: Path, one: Unmerged, stages: dict[str, Stage | None]) -> Loaded:
    """Ask about a symbolic link or a submodule."""
    shown = {side: _described(root, stage) for side, stage in stages.items()}
    what = "a submodule" if any(s and s.mode == SUBMODULE for s in stages.values()) else ""
    what = what or "a symbolic link"
    if one.ours is None or one.theirs is None:
        title = f"{what}, {one.reason}"
    else:
        title = f"{what}, {'changed' if one.base else 'added'} by both"
    answers = [answer(side, shown[side]) for side in SIDES if stages[side]]
    if one.ours is None or one.theirs is None:
        answers.append(answer("deleted"))
    return Loaded(
        Question(one.path, title, _region(shown), tuple(answers)), file, None, None, one, {}
    )


def _mode(file: Path, data: bytes, one: Unmerged) -> Loaded:
    """Ask whether a file is to be executable."""
    stages = {"base": one.base, "ours": one.ours, "theirs": one.theirs}
    shown = {
        side: "" if stage is None else f"{_mode_in_words(stage)}\n"
        for side, stage in stages.items()
    }
    answers = tuple(answer(mode, f"{mode}\n") for mode in ("executable", "not executable"))
    question = Question(one.path, "its mode differs", _region(shown), answers)
    return Loaded(question, file, None, data, one, {})


def _mode_in_words(stage: Stage) -> str:
    return "executable" if stage.mode == EXECUTABLE else "not executable"


def _described(root: Path, stage: Stage | None) -> str:
    """Say where a link leads, or what commit a submodule is at."""
    if stage is None:
        return ""
    if stage.mode == SUBMODULE:
        return f"commit {stage.blob}\n"
    target = index.git(root, "cat-file", "blob", stage.blob)
    return encoding.decode(target).text + ("\n" if stage.mode == LINK else "")


def _whole(
    contents: Mapping[str, bytes],
    sides: Iterator[str] | tuple[str, ...] | list[str],
    *,
    preview: bool = True,
) -> tuple[Resolution, ...]:
    return tuple(answer(side, _shown(contents[side]) if preview else "") for side in sides)


def _region(shown: Mapping[str, str]) -> Region:
    return Region(shown["base"], shown["ours"], shown["theirs"], Labels())


def _shown(data: bytes) -> str:
    """Give a text to look at; of a binary its size."""
    if encoding.is_binary(data):
        return f"binary, {len(data):,} bytes\n"
    return encoding.decode(data).text
