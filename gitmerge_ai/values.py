"""The values that every part of a merge passes on: immutable, without behaviour beyond a property.

Named tuples, here and in all that the engine is made of: a driver call that had to make dataclasses
of them would spend a quarter of its time on that. To change one, `_replace` it.

Texts are decoded strings as `gitmerge_ai.text` gives them: bytes that are not valid in the file's
encoding are kept as surrogate escapes, so that nothing is lost on the way through.
"""

from typing import NamedTuple

Span = tuple[int, int]
"""First line (1-based) and the line after the last one, in the merged text."""


class Labels(NamedTuple):
    """What git calls the three versions in conflict markers (`%S`, `%X`, `%Y`)."""

    base: str = "base"
    ours: str = "ours"
    theirs: str = "theirs"


class Sides(NamedTuple):
    """The three versions of one text. An empty base is an add/add."""

    base: str
    ours: str
    theirs: str
    path: str = ""
    labels: Labels = Labels()


class Conflict(NamedTuple):
    """A region that is left for the person.

    `sides` holds the three texts of the region, whole lines each; `context` the clean lines before
    and after it; `node_kind` the syntax node it stands in ("" where there is no grammar); `span`
    the lines of the merged text from its opening to its closing marker.
    """

    sides: Sides
    context: tuple[str, str]
    node_kind: str
    span: Span


class Resolution(NamedTuple):
    """What replaces a conflict of git's, and why it can be defended.

    `stage` is who resolved it: "lines", "syntax", "token", "lineset", "notebook", "rules",
    "classifier", "endpoint" or "person". `pattern` is the merge pattern in a word ("merged",
    "ours", "theirs", "ours+theirs", "union", …); `confidence` the probability, between 0 and 1,
    that it is what the person would commit; `span` where it stands in the merged text, or
    `None` for one that is only offered; `alternatives` the runners-up, best first.
    """

    text: str
    stage: str
    pattern: str
    confidence: float
    alternatives: tuple["Resolution", ...] = ()
    sides: Sides | None = None
    span: Span | None = None


class MergeResult(NamedTuple):
    """A merged text, with markers where `conflicts` are left.

    `note` says in one line why a file was left as git had it, "" otherwise.
    """

    text: str
    conflicts: tuple[Conflict, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    note: str = ""

    @property
    def clean(self) -> bool:
        """Whether nothing is left for the person."""
        return not self.conflicts
