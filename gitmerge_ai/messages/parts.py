"""What a change does, in parts: the values that are read off it and put into words."""

from typing import NamedTuple

MOST_NAMED = 200
"""Parts of which the names are told."""


class Part(NamedTuple):
    """One thing that a change does.

    action: "add", "remove", "rename", "move", "replace", "signature", "change" or "bump".
    kind: of what: "function", "class", …, "file", "folder", "word", "copyright year" or
        "dependency". name: what it is called now. path: where, "" where it is everywhere.
    before: the old name, path, word or version. after: the new version.
    """

    action: str
    kind: str
    name: str
    path: str
    before: str = ""
    after: str = ""


class Summary(NamedTuple):
    """The parts of a change, the most telling first, and what it is on the whole.

    `nature` is "tests", "docs", "formatting", "dependencies", "renames" or "code"; `text` is what
    the changed files hold, as far as it was looked at. `untouched` are the
    dependencies whose version stays, in the manifests among them.
    """

    parts: tuple[Part, ...] = ()
    nature: str = "code"
    text: str = ""
    untouched: frozenset[str] = frozenset()

    @property
    def bumps(self) -> tuple[Part, ...]:
        """The dependencies that get another version."""
        return tuple(part for part in self.parts if part.action == "bump")

    @property
    def named(self) -> tuple[str, ...]:
        """The names that the change is about, the most telling first; of very many, some."""
        return tuple(dict.fromkeys(part.name for part in self.parts[:MOST_NAMED]))
