"""Which files are sets of lines, and how their lines are read.

A table: patterns of paths, and a rule each. Lines are read into units: a member or a heading, with
the comments above it and the lines that continue it. What cannot be read so is not touched.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from gitmerge_ai.text.lines import split
from gitmerge_ai.text.names import matches


class LineSetRule(NamedTuple):
    """How the lines of a kind of file are to be taken.

    Expressions are texts, which are compiled where a file is of this kind.

    name: in a word.
    member: what a member looks like; one of its groups names it. Lines after it that are indented
        deeper belong to it.
    heading: what opens a section. Its group `level` says by its length how deep; `under` is the
        sign that a title is underlined with.
    comment: what a line looks like that belongs to the member after it.
    escaped: whether a backslash at its end continues a line.
    independent: whether a line that both sides replaced may have two lines in its place.
    sort: whether additions are put in order where the file is in order.
    fold: what makes one name of several spellings.
    note: what to run after a merge, "" if nothing.
    """

    name: str
    member: str
    heading: str | None = None
    comment: str | None = None
    escaped: bool = False
    independent: bool = False
    sort: bool = False
    fold: Callable[[str], str] = str
    note: str = ""

    def order(self, name: str) -> str:
        """By what members are sorted."""
        return name.casefold()


class Unit(NamedTuple):
    """A member or a heading, with what belongs to it.

    lead: the blank lines before it. text: its lines. key: the headings that it stands under, and
    its name. heads: of a heading, the headings that what follows stands under; else empty.
    """

    lead: str
    text: str
    key: tuple[tuple[str, ...], str]
    heads: tuple[str, ...] = ()


def read(rule: LineSetRule, text: str) -> tuple[Sequence[Unit], str] | None:
    """Read the units of a text.

    Args:
        rule: how its lines are to be taken.
        text: whole lines.

    Returns:
        The units and the blank lines after them; None if a line is not what the rule knows.
    """
    reader = _Reader(rule)
    lines = split(text)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\r\n" if "\r\n" in text else "\n"
    if rule.heading and "(?P<under>" in rule.heading:
        lines = _with_underlines(lines)
    return (reader.units, reader.lead) if all(map(reader.take, lines)) and reader.done else None


def _with_underlines(lines: list[str]) -> list[str]:
    """Make one line of a title and the line under it."""
    joined: list[str] = []
    for line in lines:
        if joined and joined[-1].strip() and re.fullmatch(_UNDERLINE, line.rstrip()):
            joined[-1] += line
        else:
            joined.append(line)
    return joined


class _Reader:
    """Takes lines one by one and makes units of them."""

    def __init__(self, rule: LineSetRule) -> None:
        self.rule = rule
        self.units: list[Unit] = []
        self.lead = ""
        self.comments = ""
        self.open = False
        self.indent = 0
        self.under: list[tuple[int, str]] = []

    @property
    def done(self) -> bool:
        """Whether no comment waits for its member."""
        return not self.comments

    def take(self, line: str) -> bool:
        """Take a line; False if the rule does not know it."""
        rule, bare = self.rule, line.rstrip()
        if self.open or (bare and self._continues(line)):
            self._extend(line)
            return True
        if not bare:
            self.lead += self.comments + line
            self.comments = ""
            return not self.lead.strip()
        if rule.comment and re.match(rule.comment, line):
            self.comments += line
            return True
        if rule.heading and (found := re.match(rule.heading, bare)):
            self._head(found, line)
            return True
        if found := re.match(rule.member, bare):
            self._add(line, (self._section, rule.fold(found[found.lastgroup or 0].strip())))
            self.indent = _indent(line)
            self.open = rule.escaped and bare.endswith("\\")
            return True
        return False

    @property
    def _section(self) -> tuple[str, ...]:
        return tuple(name for _, name in self.under)

    def _continues(self, line: str) -> bool:
        last = self.units[-1] if self.units else None
        if last is None or last.heads or self.lead or self.comments:
            return False
        return _indent(line) > self.indent

    def _add(self, line: str, key: tuple[tuple[str, ...], str], *, heads: bool = False) -> None:
        text = self.comments + line
        self.units.append(Unit(self.lead, text, key, self._section if heads else ()))
        self.lead = self.comments = ""

    def _head(self, found: re.Match[str], line: str) -> None:
        groups = found.groupdict()
        level = _UNDERLINES.find(groups.get("under") or "") + len(groups.get("level") or "1")
        while self.under and self.under[-1][0] >= level:
            self.under.pop()
        key = (self._section, found[0].strip())
        self.under.append((level, found[0].strip()))
        self._add(line, key, heads=True)

    def _extend(self, line: str) -> None:
        last = self.units[-1]
        self.units[-1] = Unit(last.lead, last.text + line, last.key, last.heads)
        self.open = self.open and line.rstrip().endswith("\\")


def _indent(line: str) -> int:
    line = line.expandtabs()
    return len(line) - len(line.lstrip())


def _package(name: str) -> str:
    """Spell a Python package's name as the index does."""
    return re.sub(r"[-_.]+", "-", name).lower()


_HASH = r"\s*#"
_UNDERLINES = '=-~^"*+'
_UNDERLINE = r"([=\-~^\"*+])\1{2,}"

REQUIREMENTS = LineSetRule(
    "requirements",
    member=r"(?P<key>[A-Za-z0-9][\w.-]*)\s*(?:\[[^]]*\])?\s*(?:[<>=!~;@(#\\].*)?$|(?P<option>-.*)$",
    comment=_HASH,
    escaped=True,
    sort=True,
    fold=_package,
)
GO_MOD = LineSetRule(
    "go.mod",
    member=r"\s*(?:(?:require|exclude)\s+)?(?P<key>[^\s()/]+[^\s()]*)\s+v\d\S*(?:\s*//.*)?$",
    comment=r"\s*//",
    sort=True,
    note="go mod tidy",
)
GO_SUM = LineSetRule(
    "go.sum",
    member=r"(?P<key>\S+ v\S+) h1:\S+$",
    independent=True,
    sort=True,
    note="go mod tidy",
)
# A pattern that begins with `!` takes back an earlier one, so it is not known to the rule.
IGNORE = LineSetRule("ignore", member=r"(?P<key>[^!\s].*)", comment=_HASH, sort=True)
# The last match wins, here and among owners, so these are never sorted.
ATTRIBUTES = LineSetRule(
    "attributes",
    member=r"(?P<key>\S+)\s+\S.*",
    comment=_HASH,
)
OWNERS = LineSetRule(
    "owners",
    member=r"(?P<key>[^\s\[^]\S*)(?:\s.*)?$",
    heading=r"\^?\[.*\]",
    comment=_HASH,
)
INI = LineSetRule(
    "ini",
    # `key = value`, a word alone, or in a value of several lines a requirement.
    member=(
        r"(?P<key>[^\s=:\[#;][^=:]*?)\s*[=:].*|(?P<word>[\w.-]+)$"
        r"|[ \t]+(?P<item>[A-Za-z0-9][\w.-]*)(?:\[[^]]*\])?\s*(?:[<>=!~;].*)?$"
    ),
    heading=r"\[.*\]",
    comment=r"\s*[#;]",
)
PROPERTIES = LineSetRule(
    "properties",
    member=r"(?:export\s+)?(?P<key>[^\s=:#!][^=:]*?)\s*[=:].*",
    comment=r"\s*[#!]",
    escaped=True,
)
CHANGELOG = LineSetRule(
    "changelog",
    member=r"(?P<key>\s*(?:[-*+•]|\d+[.)])\s+\S.*)",
    heading=r"(?s)(?P<level>#{1,6})\s+\S.*|.+\n(?P<under>[=\-~^\"*+])(?P=under){2,}",
)
NAMES = LineSetRule("names", member=r"(?P<key>\S.*)", comment=_HASH, sort=True)


def _documents(*names: str) -> tuple[str, ...]:
    return tuple(name + suffix for name in names for suffix in ("", ".md", ".rst", ".txt"))


TABLE: tuple[tuple[LineSetRule, tuple[str, ...]], ...] = (
    (
        REQUIREMENTS,
        (
            *("requirements*.txt", "requirements*.in", "*requirements.txt", "*requirements.in"),
            *(
                "constraints*.txt",
                "*constraints.txt",
                "*/requirements/*.txt",
                "*/requirements/*.in",
            ),
        ),
    ),
    (GO_MOD, ("go.mod",)),
    (GO_SUM, ("go.sum", "go.work.sum")),
    (IGNORE, (".*ignore", "*.gitignore", "info/exclude")),
    (ATTRIBUTES, (".gitattributes", "*.gitattributes")),
    (OWNERS, ("CODEOWNERS",)),
    (
        INI,
        (
            *("*.ini", "*.cfg", ".editorconfig", "*.conf", ".flake8", ".pylintrc", ".coveragerc"),
            *(
                ".gitconfig",
                ".gitmodules",
                ".npmrc",
                ".hgrc",
                "*.desktop",
                "*.service",
                "*.pylintrc",
            ),
        ),
    ),
    (PROPERTIES, ("*.properties", ".env", ".env.*", "*.env")),
    (CHANGELOG, _documents("changelog", "changes", "news", "history", "release?notes")),
    (NAMES, (*_documents("authors", "contributors", "thanks"), ".mailmap", "linguas")),
)


def rule_for(path: str) -> LineSetRule | None:
    """Find the rule of a path; names of any case will do.

    Args:
        path: as git names it, with slashes.
    """
    whole = f"/{path}".lower()
    name = whole.rpartition("/")[2]
    for rule, patterns in TABLE:
        for pattern in patterns:
            if matches(whole if "/" in pattern else name, pattern.lower()):
                return rule
    return None
