"""Writes what was decided: atomically, only on request, and never over what it did not read.

What cannot be had back from the index is kept as an object of the repository before it is
replaced. A path is staged when all that was asked about it is decided.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from gitmerge_ai.interface.mergetool.drafts import Drafts
from gitmerge_ai.interface.mergetool.loading import SUBMODULE, Loaded
from gitmerge_ai.interface.mergetool.session import Choices, Document, text_of
from gitmerge_ai.repository import index
from gitmerge_ai.repository.conflict import set_index
from gitmerge_ai.repository.index import RepositoryError, Stage
from gitmerge_ai.repository.line_merge import replace
from gitmerge_ai.text import encoding
from gitmerge_ai.values import Resolution

CHANGED = "it was changed by something else meanwhile; quit and open it again"

Row = tuple[Resolution | None, ...]


class SaveError(Exception):
    """Something could not be written; the message says what and why. All is as it was."""


class Files:
    """The files of a session. It remembers what it read and wrote, and nothing else changes it.

    With `root`, files are written however much is decided, and staged when all is; without it, as
    `git mergetool` calls it, a file is written when all is decided, since git puts the old one
    back otherwise.
    """

    def __init__(self, loaded: Sequence[Loaded], root: Path | None, drafts: Drafts) -> None:
        self.loaded = tuple(loaded)
        self.root = root
        self.drafts = drafts
        self.written: list[Row] = [(None,) * len(each.item.regions) for each in loaded]
        self._on_disk = [each.data for each in loaded]

    def recalled(self) -> Choices:
        """Give the choices that an earlier session made and did not write."""
        return tuple(self.drafts.recall(each.item) for each in self.loaded)

    def keep(self, choices: Choices) -> None:
        """Keep what is not written, so that it is there again when the person comes back."""
        for each, row, written in zip(self.loaded, choices, self.written, strict=True):
            self.drafts.keep(each.item, row, written)

    def unwritten(self, choices: Choices) -> int:
        """Count the choices that differ from what is written."""
        pairs = zip(choices, self.written, strict=True)
        return sum(a != b for row, written in pairs for a, b in zip(row, written, strict=True))

    def following(self, at: int, choices: Choices) -> int | None:
        """Give the next item with something open or not written, `None` if there is none.

        Args:
            at: the item to look after; it comes last itself.
            choices: of all items.
        """
        count = len(self.loaded)
        order = [(at + step) % count for step in range(1, count + 1)]
        return next((o for o in order if None in choices[o] or choices[o] != self.written[o]), None)

    def complete(self) -> bool:
        """Whether everything is decided and written."""
        return not any(None in row for row in self.written)

    def save(self, at: int, choices: Choices) -> str:
        """Write one item and say in a line what was done.

        Args:
            at: which item.
            choices: of all items.

        Raises:
            SaveError: it could not be written.
        """
        loaded, row = self.loaded[at], choices[at]
        path, left = loaded.item.path, row.count(None)
        if self.root is None and left:
            return f"{path}: written when all is decided, {left} left; your choices are kept"
        if row == self.written[at]:
            return f"{path}: nothing new to write"
        before = self.written[at]
        try:
            said = self._write(at, row)
            self.written[at] = row
            said += self._stage(path) + _hint(loaded, row) if self.root else ""
        except (OSError, RepositoryError, UnicodeEncodeError) as error:
            self.written[at] = before
            raise SaveError(f"{path}: not saved: {error}") from error
        self.drafts.keep(loaded.item, row, row)
        return f"{path}: {said}"

    def _write(self, at: int, row: Row) -> str:
        loaded = self.loaded[at]
        if isinstance(loaded.item, Document):
            self._unchanged(at)
            assert loaded.decoded is not None
            text = text_of(loaded.item, row)
            data = encoding.encode(loaded.decoded._replace(text=text))
            self._put(at, data)
            left = row.count(None)
            return f"written, {left} conflict{'s' if left > 1 else ''} left" if left else "written"
        given = row[0]
        return self._open_again(at) if given is None else self._answer(at, given.pattern)

    def _open_again(self, at: int) -> str:
        """Put a file back as it was before its question was answered."""
        loaded = self.loaded[at]
        if loaded.data is not None and self._on_disk[at] != loaded.data:
            if _content(loaded.file) != self._on_disk[at]:
                raise RepositoryError(CHANGED)
            loaded.file.parent.mkdir(parents=True, exist_ok=True)
            loaded.file.write_bytes(loaded.data)
            self._on_disk[at] = loaded.data
        return "open again"

    def _answer(self, at: int, pattern: str) -> str:
        """Do what the answer to a question says."""
        loaded = self.loaded[at]
        if pattern == "work tree":
            return "kept as it stands"
        if pattern in ("executable", "not executable"):
            mode = loaded.file.stat().st_mode
            loaded.file.chmod(mode | 0o111 if pattern == "executable" else mode & ~0o111)
            return pattern
        self._unchanged(at)
        if self.root is None:
            self._put(at, loaded.contents[pattern])
            return f"{pattern} taken"
        backup = self._backed_up(at)
        if pattern == "deleted":
            index.git(self.root, *_LITERAL, "rm", "-q", "-f", "--", loaded.item.path)
        else:
            self._check_out(loaded, getattr(loaded.unmerged, pattern))
        self._on_disk[at] = _content(loaded.file)
        return f"{pattern if pattern == 'deleted' else f'{pattern} taken'}{backup}"

    def _check_out(self, loaded: Loaded, stage: Stage) -> None:
        """Put a version into the index and the work tree; a submodule is left where it is."""
        assert self.root is not None
        path = loaded.item.path
        entry = f"{stage.mode:06o},{stage.blob},{path}"
        index.git(self.root, "update-index", "--add", "--cacheinfo", entry)
        if stage.mode != SUBMODULE:
            index.git(self.root, "checkout-index", "-f", "-q", "--", path)

    def _stage(self, path: str) -> str:
        """Stage a path of which all is decided; one that is open again becomes unmerged again."""
        assert self.root is not None
        rows = [
            (each, row)
            for each, row in zip(self.loaded, self.written, strict=True)
            if each.item.path == path
        ]
        if any(None in row for _, row in rows):
            self._unmerge(rows[0][0])
            return ""
        patterns = [row[0].pattern for each, row in rows if row[0] and _is_question(each)]
        if not set(patterns) & {"deleted", "ours", "theirs", "base"}:
            index.add(self.root, path)
        for pattern, flag in (("executable", "+x"), ("not executable", "-x")):
            if pattern in patterns:
                index.git(self.root, "update-index", f"--chmod={flag}", "--", path)
        return " and staged"

    def _unmerge(self, loaded: Loaded) -> None:
        """Give a path the stages that it had; git's own way to do this needs a MERGE_HEAD."""
        assert self.root is not None
        assert loaded.unmerged is not None
        set_index(self.root, loaded.unmerged.path, loaded.unmerged.entries)

    def _unchanged(self, at: int) -> None:
        """Refuse to write over what somebody else wrote since the file was read."""
        loaded = self.loaded[at]
        if _content(loaded.file) != self._on_disk[at]:
            raise RepositoryError(CHANGED)

    def _put(self, at: int, data: bytes) -> None:
        replace(str(self.loaded[at].file), data)
        self._on_disk[at] = data

    def _backed_up(self, at: int) -> str:
        """Keep a file's content that no version has, and say where."""
        data, one = self._on_disk[at], self.loaded[at].unmerged
        if data is None or one is None or self.root is None:
            return ""
        stages = [stage for stage in (one.base, one.ours, one.theirs) if stage]
        if any(data == index.checked_out(self.root, one.path, stage) for stage in stages):
            return ""
        kept = index.git(self.root, "hash-object", "-w", "--stdin", stdin=data).decode()
        return f" (git show {kept[:12]} gives the file as it was)"


_LITERAL = ("--literal-pathspecs",)


def _hint(loaded: Loaded, row: Row) -> str:
    """Say what is left to be done by hand: git does not move a submodule by itself either."""
    stage = getattr(loaded.unmerged, row[0].pattern, None) if row[0] else None
    moved = isinstance(stage, Stage) and stage.mode == SUBMODULE
    return "; now run git submodule update" if moved else ""


def _is_question(loaded: Loaded) -> bool:
    return not isinstance(loaded.item, Document)


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() and not os.path.islink(file) else None
