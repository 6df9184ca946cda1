"""The index of a repository's commits on disk: a database that any number of processes may use.

By name, and by what `archive.features` gives: words, paths, folders, symbols, words of subjects.
What it holds is bounded and can be read again from git at any time, so one that is broken is thrown
away. How it is brought up to date is not known here.
"""

import re
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from gitmerge_ai.messages.archive import Outline, features, length
from gitmerge_ai.repository.commits import Commit, Footprint
from gitmerge_ai.repository.common_dir import FOLDER, common_dir

FILE = "messages.db"

VERSION = 5
"""Of the tables, and of what the features of a commit are: another one is built anew."""

PATIENCE = 1.0
"""Seconds that another process is waited for."""

MOST_TIPS = 40
"""Commits of which is known that all before them has been read."""

SLACK = 1.25
"""How much larger than it may be the index grows before the oldest are taken out."""

AT_ONCE = 500
"""Values in one question to the database."""

NUMBERS = "I"

_TABLES = (
    "CREATE TABLE commits (number INTEGER PRIMARY KEY, name TEXT UNIQUE, author TEXT, time INTEGER,"
    " message TEXT, paths TEXT, added TEXT, removed TEXT, symbols TEXT,"
    " length INTEGER)",
    "CREATE INDEX by_time ON commits (time, number, author, length)",
    "CREATE TABLE features (feature TEXT PRIMARY KEY, numbers BLOB) WITHOUT ROWID",
    "CREATE TABLE tips (number INTEGER PRIMARY KEY, name TEXT UNIQUE)",
    f"PRAGMA user_version = {VERSION}",
)

_SUBJECT = "substr(message, 1, instr(message || char(10), char(10)) - 1)"

_IN_THE_WAY = {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}

_NAME = re.compile("[0-9a-f]{40,64}")

_SEPARATOR = "\n"


class BrokenIndexError(Exception):
    """The index cannot be used and is gone; the next one is built anew."""


class Index:
    """A repository's commits, oldest first by when they were written."""

    def __init__(self, database: sqlite3.Connection, file: Path | None) -> None:
        """Take a database that has the tables, and where it is (`None`: in memory)."""
        self._database = database
        self._file = file
        self._outlines: Sequence[Outline] = ()

    @property
    def is_kept(self) -> bool:
        """Whether it is there again for the next process."""
        return self._file is not None

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def outlines(self) -> Sequence[Outline]:
        """Give all commits, oldest first."""
        if not self._outlines:
            rows = self._rows("SELECT number, author, length FROM commits ORDER BY time, number")
            with self._checked():
                self._outlines = [
                    Outline(int(n), str(author), int(size)) for n, author, size in rows
                ]
        return self._outlines

    def postings(self, features: Iterable[str]) -> Mapping[str, Sequence[int]]:
        """Give for each feature the commits that have it; one that none has is left out."""
        rows = self._among("SELECT feature, numbers FROM features WHERE feature", features)
        with self._checked():
            return {feature: array(NUMBERS, numbers) for feature, numbers in rows}

    def counts(self, features: Iterable[str]) -> Mapping[str, int]:
        """Give for each feature how many commits have it; one that none has is left out."""
        rows = self._among("SELECT feature, length(numbers) FROM features WHERE feature", features)
        with self._checked():
            return {feature: size // array(NUMBERS).itemsize for feature, size in rows}

    def commits(self, numbers: Sequence[int]) -> Sequence[Commit]:
        """Give commits, in the order they are asked for."""
        columns = "number, name, author, time, message, paths, added, removed, symbols"
        rows = self._among(f"SELECT {columns} FROM commits WHERE number", numbers)
        with self._checked():
            found = {number: _commit(*rest) for number, *rest in rows}
            return [found[number] for number in numbers]

    def subjects(self, numbers: Sequence[int]) -> Sequence[str]:
        """Give the subjects of commits, in the order they are asked for."""
        rows = self._among(f"SELECT number, {_SUBJECT} FROM commits WHERE number", numbers)
        with self._checked():
            found = {number: str(subject) for number, subject in rows}
            return [found[number] for number in numbers]

    def paths(self, numbers: Sequence[int]) -> Sequence[Sequence[str]]:
        """Give the paths that commits change, in the order they are asked for."""
        rows = self._among("SELECT number, paths FROM commits WHERE number", numbers)
        with self._checked():
            found = {number: paths.split(_SEPARATOR) for number, paths in rows}
            return [found[number] for number in numbers]

    def messages(self, most: int) -> Sequence[str]:
        """Give the messages of the newest commits, newest first."""
        newest = "SELECT message FROM commits ORDER BY time DESC, number DESC LIMIT ?"
        return [str(message) for (message,) in self._rows(newest, (most,))]

    def known(self, names: Iterable[str]) -> set[str]:
        """Give those of the names whose commits are here."""
        return {name for (name,) in self._among("SELECT name FROM commits WHERE name", names)}

    def tips(self) -> list[str]:
        """Give the commits before which nothing is missing, the latest first."""
        rows = self._rows("SELECT name FROM tips ORDER BY number DESC")
        return [name for (name,) in rows if _NAME.fullmatch(str(name))]

    def add(self, commits: Sequence[Commit], tip: str | None, most: int) -> None:
        """Take in commits, in one step.

        Args:
            commits: oldest first; those that are here already stay as they are.
            tip: the commit before which now nothing is missing, if so.
            most: commits that may be kept.

        Raises:
            BrokenIndexError: the index cannot be used.
            OSError: it could not be written, and is as it was.
        """
        try:
            self._database.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OSError(f"the index is not to be written: {error}") from error
        try:
            with self._checked():
                self._insert(commits)
                if tip:
                    self._database.execute("INSERT OR REPLACE INTO tips (name) VALUES (?)", (tip,))
                    self._database.execute(
                        "DELETE FROM tips WHERE number <= (SELECT max(number) FROM tips) - ?",
                        (MOST_TIPS,),
                    )
                self._shrink(most)
                self._database.execute("COMMIT")
                self._outlines = ()
        except BaseException:
            with suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")
            raise

    def _insert(self, commits: Sequence[Commit]) -> None:
        known = self.known(commit.name for commit in commits)
        ((number,),) = self._rows("SELECT coalesce(max(number), 0) FROM commits")
        found: dict[str, array[int]] = {}
        for commit in commits:
            if commit.name in known:
                continue
            number += 1
            self._database.execute(
                "INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _row(number, commit)
            )
            for feature in features(commit):
                found.setdefault(feature, array(NUMBERS)).append(number)
        before = self.postings(found)
        self._database.executemany(
            "INSERT OR REPLACE INTO features VALUES (?, ?)",
            (
                (feature, bytes(array(NUMBERS, before.get(feature, ())) + numbers))
                for feature, numbers in found.items()
            ),
        )

    def _shrink(self, most: int) -> None:
        """Take out the oldest where there are far too many."""
        ((count,),) = self._rows("SELECT count(*) FROM commits")
        if count <= most * SLACK:
            return
        oldest = "SELECT number FROM commits ORDER BY time, number LIMIT ?"
        gone = {number for (number,) in self._rows(oldest, (count - most,))}
        self._database.execute(f"DELETE FROM commits WHERE number IN ({oldest})", (count - most,))
        for feature, blob in list(self._rows("SELECT feature, numbers FROM features")):
            kept = array(NUMBERS, (n for n in array(NUMBERS, blob) if n not in gone))
            if kept:
                self._database.execute(
                    "UPDATE features SET numbers = ? WHERE feature = ?", (bytes(kept), feature)
                )
            else:
                self._database.execute("DELETE FROM features WHERE feature = ?", (feature,))

    def _among(self, question: str, values: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        given = list(values)
        for start in range(0, len(given), AT_ONCE):
            some = given[start : start + AT_ONCE]
            yield from self._rows(f"{question} IN ({','.join('?' * len(some))})", some)

    def _rows(self, question: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._checked():
            return self._database.execute(question, values).fetchall()

    @contextmanager
    def _checked(self) -> Iterator[None]:
        """Throw the index away where it turns out to be broken."""
        try:
            yield
        except (
            sqlite3.Error,
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
            OverflowError,
        ) as error:
            self.close()
            if self._file and not _will_pass(error):
                self._file.unlink(missing_ok=True)
            raise BrokenIndexError(f"the index of commits: {error}") from error


def opened(git_dir: Path) -> Index:
    """Open the index of a repository; where that cannot be, an empty one in memory.

    Args:
        git_dir: of the repository or of one of its work trees.
    """
    file = common_dir(git_dir) / FOLDER / FILE
    for _ in range(2):
        try:
            file.parent.mkdir(exist_ok=True)
            return Index(_prepared(file), file)
        except (OSError, ValueError, sqlite3.Error) as error:
            if isinstance(error, OSError) or _will_pass(error):
                break
            with suppress(OSError):
                file.unlink(missing_ok=True)
    return Index(_prepared(":memory:"), None)


def _will_pass(error: Exception) -> bool:
    """Whether the file is not to blame: another process has it, or it may not be written."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _IN_THE_WAY


def _prepared(file: Path | str) -> sqlite3.Connection:
    """Open a database and see that it has the tables."""
    database = sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)
    try:
        # What is lost when the machine stops in the midst of writing is read from git again.
        database.execute("PRAGMA synchronous = OFF")
        if _version(database) != VERSION:
            database.execute("BEGIN IMMEDIATE")
            if _version(database) != VERSION:
                _build(database)
            database.execute("COMMIT")
    except BaseException:
        database.close()
        raise
    return database


def _version(database: sqlite3.Connection) -> int:
    ((found,),) = database.execute("PRAGMA user_version")
    return int(found)


def _build(database: sqlite3.Connection) -> None:
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (name,) in tables:
        database.execute(f'DROP TABLE "{name}"')
    for statement in _TABLES:
        database.execute(statement)


def _row(number: int, commit: Commit) -> tuple[object, ...]:
    footprint = commit.footprint
    return (
        number,
        commit.name,
        commit.author,
        commit.time,
        commit.message,
        *map(_SEPARATOR.join, footprint),
        length(footprint),
    )


def _commit(name: str, author: str, time: int, message: str, *lists: str) -> Commit:
    footprint = Footprint(*(tuple(text.split(_SEPARATOR)) if text else () for text in lists))
    return Commit(str(name), str(author), int(time), str(message), footprint)
