"""Keeps choices that are not written yet, in the git directory, for when the person comes back.

A draft holds for exactly the conflicts that it was made for; on any doubt it is not used. Nothing
depends on it: what cannot be written or read is done without.
"""

import hashlib
import json
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from gitmerge_ai.interface.mergetool.session import Item, Question
from gitmerge_ai.values import Resolution

VERSION = 1

MOST_AGE = 30 * 86400
"""Seconds after which a draft is removed."""

Row = tuple[Resolution | None, ...]


class Drafts:
    """A folder of drafts, a file for each item."""

    def __init__(self, folder: Path | None) -> None:
        """Look at a folder, which need not be there.

        Args:
            folder: `None` keeps nothing.
        """
        self.folder = folder
        with suppress(OSError):
            for file in folder.glob("*.json") if folder else ():
                if time.time() - file.stat().st_mtime > MOST_AGE:
                    file.unlink()

    def keep(self, item: Item, row: Row, written: Row) -> None:
        """Keep the choices of an item that are not in its file.

        Args:
            item: the item.
            row: its choices.
            written: those that its file holds.
        """
        if self.folder is None:
            return
        file = self._file(item)
        regions = zip(_keys(item), row, written, strict=True)
        opened = [(key, choice) for key, choice, done in regions if done is None]
        with suppress(OSError):
            if not any(choice for _, choice in opened):
                file.unlink(missing_ok=True)
                return
            self.folder.mkdir(parents=True, exist_ok=True)
            content = {"version": VERSION, "conflicts": [_entry(*pair) for pair in opened]}
            temporary = file.with_suffix(f".{os.getpid()}")
            temporary.write_text(json.dumps(content), encoding="ascii")
            temporary.replace(file)

    def recall(self, item: Item) -> Row:
        """Give the choices that were kept for an item, nothing chosen where there are none.

        Args:
            item: the item as it is now.
        """
        nothing: Row = (None,) * len(item.regions)
        if self.folder is None:
            return nothing
        try:
            content = json.loads(self._file(item).read_text(encoding="ascii"))
            if content["version"] != VERSION:
                return nothing
            found = content["conflicts"]
            same = [entry["key"] for entry in found] == _keys(item)
            return tuple(map(_choice, found)) if same else nothing
        except (OSError, ValueError, KeyError, TypeError):
            return nothing

    def _file(self, item: Item) -> Path:
        assert self.folder is not None
        name = f"{item.title if isinstance(item, Question) else ''}\0{item.path}"
        return self.folder / f"{_hash(name)}.json"


def _keys(item: Item) -> Sequence[str]:
    return [_hash("\0".join((r.base or "", r.ours, r.theirs))) for r in item.regions]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _entry(key: str, choice: Resolution | None) -> dict[str, object]:
    if choice is None:
        return {"key": key}
    return {
        "key": key,
        "text": choice.text,
        "stage": choice.stage,
        "pattern": choice.pattern,
        "confidence": choice.confidence,
    }


def _choice(entry: dict[str, object]) -> Resolution | None:
    if "text" not in entry:
        return None
    text, stage, pattern = (str(entry[key]) for key in ("text", "stage", "pattern"))
    return Resolution(text, stage, pattern, float(str(entry["confidence"])))
