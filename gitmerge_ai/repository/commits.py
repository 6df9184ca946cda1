"""Commits and what is staged, each with a footprint: the paths and words that its change touches.

Read by the user's own git, many commits in one process. A footprint is bounded, whatever the size
of the change: it serves to find changes that are alike, and never to apply one.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple

from gitmerge_ai.repository.changes import changes_in
from gitmerge_ai.repository.process import capture, start

MOST_PATHS = 200
MOST_LINES = 400
LONGEST_LINE = 400
MOST_WORDS = 120
MOST_SYMBOLS = 20
"""What of one change is looked at: paths, lines of each side, bytes of a line, words of a side, and
declarations."""

MOST_UNREADABLE = 50
"""Commits that git cannot show, after which no more are read."""

MOST_READ = 20_000
"""Lines that git shows of one change which are read at all."""

_WORD = re.compile(
    rb"v?\d+(?:\.\d+)+(?:[.-]?[A-Za-z]+\d*)?|\d{4}-\d\d-\d\d|[A-Za-z_\x80-\xff][\w\x80-\xff]+(?:[-/][\w\x80-\xff]+)*"
)

_SYMBOL = re.compile(
    rb"\b(?:class|def|enum|fn|fun|func|function|impl|interface|module|object|record|struct|sub|trait"
    rb"|type|union)\s+(?:\([^)]*\)\s*|<[^>]*>\s*)?([A-Za-z_]\w+)|([A-Za-z_]\w+)\s*\("
)
_NO_SYMBOLS = frozenset((b"if", b"for", b"while", b"switch", b"return", b"catch", b"sizeof"))
"""What is declared on the line that git shows beside a hunk, and what looks so."""

_SHOWN = ["-p", "-U0", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color"]
_SHOWN += ["--src-prefix=a/", "--dst-prefix=b/", "--ignore-submodules=dirty", "--submodule=short"]

_OF_SUBMODULE = b"Subproject commit "
"""What git shows instead of the lines of a submodule; the hash behind it is no word."""

_HEADER = "--format=%x00%H%x1f%ae%x1f%at%x1f%B%x00"


class CommitsError(Exception):
    """Git could not tell of commits; the message says why."""


class Footprint(NamedTuple):
    """What a change touches: its paths, the words on the lines it added and removed, its symbols.

    Words stand by how often they occur, the most frequent first. Symbols are the declarations that
    git names as being around the changed lines.
    """

    paths: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is changed."""
        return not self.paths


class Commit(NamedTuple):
    """A commit: its name, its author's address, when it was written, its message, its change."""

    name: str
    author: str
    time: int
    message: str
    footprint: Footprint

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0]


class ChangedFile(NamedTuple):
    """A file of a change: its path, the one it had (`None`: it was not there), and its blobs.

    A blob is `None` where there is no regular file; `gone` says that there is none at all.
    """

    path: str
    was: str | None
    before: str | None
    after: str | None
    gone: bool = False


class Position(NamedTuple):
    """Where a work tree is: its git directory, its commit, its branch ("" where there is none)."""

    git_dir: Path
    head: str
    branch: str


class Staged(NamedTuple):
    """What would be committed: its footprint, its files, and the address of who would be author."""

    footprint: Footprint
    files: list[ChangedFile]
    author: str


def position(folder: Path) -> Position | None:
    """Say where a work tree is; `None` outside of a repository."""
    return locate(folder)()


def locate(folder: Path) -> Callable[[], Position | None]:
    """Let git find out where a work tree is; what is given back waits for it, as `position`."""
    asked = ["rev-parse", "--absolute-git-dir", "HEAD", "--symbolic-full-name", "HEAD"]
    found = start([*git_in(folder), *asked], errors="drop")

    def finish() -> Position | None:
        status, said = found()
        git_dir, *rest = os.fsdecode(said).split("\n")
        if status == 0 and len(rest) > 1:
            name = rest[1].removeprefix("refs/heads/")
            return Position(Path(git_dir), rest[0], "" if name == "HEAD" else name)
        return Position(Path(git_dir), "", branch(folder)) if os.path.isabs(git_dir) else None

    return finish


def names(folder: Path, most: int, revision: str = "HEAD", known: Sequence[str] = ()) -> list[str]:
    """Give the names of the newest commits that are no merges; none in an empty repository.

    Args:
        folder: in the repository.
        most: how many.
        revision: where to start.
        known: commits that are left out with all before them; those that are gone do not count.
    """
    command = [*git_in(folder), "rev-list", "--no-merges", f"-{most}", "--ignore-missing", revision]
    command += ["--not", *known] if known else []
    status, output = capture([*command, "--"], errors="drop")
    return output.decode().split() if status == 0 else []


def messages(folder: Path, most: int) -> list[str]:
    """Give the newest messages that are not of merges, newest first; none where git fails.

    Args:
        folder: in the repository.
        most: how many.
    """
    asked = ["log", "-z", "--no-merges", "--no-show-signature", f"-{most}", "--format=%B"]
    status, said = capture([*git_in(folder), *asked, "--encoding=UTF-8", "--"], errors="drop")
    found = said.decode("utf-8", "replace").split("\0") if status == 0 else []
    return [each.replace("\r\n", "\n").strip() for each in found]


def subjects(folder: Path, most: int) -> list[str]:
    """Give the subjects of the newest commits that are no merges, the newest first.

    Args:
        folder: in the repository.
        most: how many.
    """
    command = [*git_in(folder), "log", "--no-merges", f"-{most}", "--encoding=UTF-8", "--format=%s"]
    status, output = capture(command, errors="drop")
    return output.decode("utf-8", "replace").splitlines() if status == 0 else []


def commits(folder: Path, wanted: Sequence[str]) -> Iterator[Commit]:
    """Read commits, in the order they are asked for; to stop early ends git.

    Git ends at a change that it cannot read, of a file that a clone lacks say: such a commit is
    given with what was read of it, and the others after it all the same.

    Args:
        folder: in the repository.
        wanted: full names.
    """
    for _ in range(MOST_UNREADABLE):
        if not wanted:
            return
        read = 0
        for commit in _readable(folder, wanted):
            read += 1
            yield commit
        wanted = wanted[max(read, 1) :]


def _readable(folder: Path, wanted: Sequence[str]) -> Iterator[Commit]:
    """Read commits up to the first that git cannot show as a whole."""
    import subprocess
    from threading import Thread

    command = [
        *git_in(folder),
        "log",
        "--no-walk=unsorted",
        "--stdin",
        "--root",
        "--encoding=UTF-8",
    ]
    with subprocess.Popen(
        [*command, _HEADER, *_SHOWN],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdin
        assert process.stdout
        feeding = Thread(target=_feed, args=(process.stdin, wanted), daemon=True)
        feeding.start()
        try:
            yield from _read(process.stdout)
        finally:
            process.kill()
            feeding.join()


def look(folder: Path) -> Callable[[], Staged]:
    """Let git look at what is staged, and give what waits for it: there may be other work to do.

    Args:
        folder: in the work tree.

    Raises:
        CommitsError: by what is given back: git could not compare.
    """
    patch, raw, identity = _patch(folder), _raw(folder, None), _identity(folder)
    return lambda: Staged(files=raw(), author=identity(), footprint=patch())


def changed_files(folder: Path, commit: str) -> list[ChangedFile]:
    """List the files of a commit's change; none where git fails.

    Args:
        folder: in the repository.
        commit: its name.
    """
    return _raw(folder, commit)()


def _patch(folder: Path) -> Callable[[], Footprint]:
    command = [*git_in(folder), "diff", "--cached", *_SHOWN, "--"]
    found = start(command, errors="drop", most=MOST_READ)

    def finish() -> Footprint:
        status, shown = found()
        if status > 0:
            said = capture(command, errors="join", most=1)[1]
            words = " ".join(os.fsdecode(said).split())
            raise CommitsError(f"git diff: {words or status}")
        return _footprint(BytesIO(shown))

    return finish


def _raw(folder: Path, commit: str | None) -> Callable[[], list[ChangedFile]]:
    shown = ["--raw", "-z", "-M", "--no-abbrev", "--no-ext-diff", "--ignore-submodules=all"]
    command = ["diff-tree", "-r", "--root", "--no-commit-id", *shown, commit] if commit else None
    found = start(
        [*git_in(folder), *(command or ["diff", "--cached", *shown, "--"])], errors="drop"
    )

    def finish() -> list[ChangedFile]:
        status, output = found()
        return [
            ChangedFile(one.new or one.old or "", one.old, one.before, one.after, one.new is None)
            for one in (changes_in(output) if status == 0 else ())
        ]

    return finish


def _identity(folder: Path) -> Callable[[], str]:
    found = start([*git_in(folder), "var", "GIT_AUTHOR_IDENT"], errors="drop")

    def finish() -> str:
        status, said = found()
        line = b"" if status else said
        return line.decode("utf-8", "replace").rpartition("<")[2].partition(">")[0]

    return finish


def is_there(folder: Path, path: str, commit: str | None) -> bool:
    """Whether there is a file or folder in a commit, or in what is staged (`None`)."""
    listed = (
        ["ls-tree", "--name-only", "--full-tree", commit] if commit else ["ls-files", "--full-name"]
    )
    exact = [path] if commit else [f":(top,literal){path}"]
    return bool(capture([*git_in(folder), *listed, "--", *exact], errors="drop", most=1)[1])


def branch(folder: Path) -> str:
    """Give the name of the branch, "" where none is checked out."""
    status, said = capture(
        [*git_in(folder), "symbolic-ref", "--short", "-q", "HEAD"], errors="drop"
    )
    return "" if status else said.decode("utf-8", "replace").strip()


def git_in(folder: Path) -> list[str]:
    """Give the beginning of a command that only reads."""
    return ["git", "-C", os.fspath(folder), "-c", "core.quotePath=false", "--no-optional-locks"]


def _feed(stdin: IO[bytes], wanted: Sequence[str]) -> None:
    try:
        with stdin:
            stdin.write("".join(f"{name}\n" for name in wanted).encode())
    except OSError:
        return  # Git was ended before it had read all.


def _read(output: IO[bytes]) -> Iterator[Commit]:
    """Read what git prints: a header between NULs, then the lines of the change."""
    head: list[bytes] = []
    lines: list[bytes] = []
    in_head = False
    for line in output:
        if not in_head and line.startswith(b"\0") and line.count(b"\x1f") >= 3:
            if head:
                yield _commit(head, lines)
            head, lines, in_head = [], [], True
            line = line[1:]
        if not in_head:
            if len(lines) < MOST_READ:
                lines.append(line)
            continue
        text, end, _ = line.partition(b"\0")
        head.append(text)
        in_head = not end
    if head:
        yield _commit(head, lines)


def _commit(head: list[bytes], lines: list[bytes]) -> Commit:
    name, author, time, message = b"".join(head).decode("utf-8", "replace").split("\x1f", 3)
    message = message.replace("\r\n", "\n").strip()
    return Commit(name, author, int(time or 0), message, _footprint(lines))


def _footprint(lines: Iterable[bytes]) -> Footprint:
    paths: list[str] = []
    sides: dict[bytes, list[bytes]] = {b"+": [], b"-": []}
    around: dict[bytes, None] = {}
    in_header = False
    for line in lines:
        start = line[:1]
        if line.startswith(b"diff --git "):
            in_header = True
            if len(paths) < MOST_PATHS:
                named = line[11:].rstrip(b"\n")
                paths.append(named[2 : len(named) // 2].decode("utf-8", "replace"))
        elif start == b"@":
            in_header = False
            if len(around) < MOST_SYMBOLS:
                around[line[:LONGEST_LINE].partition(b" @@ ")[2]] = None
        elif start in sides and not in_header and len(sides[start]) < MOST_LINES:
            if line.startswith(_OF_SUBMODULE, 1):
                continue
            sides[start].append(line[1:LONGEST_LINE])
    return Footprint(tuple(paths), _words(sides[b"+"]), _words(sides[b"-"]), _symbols(around))


def _symbols(around: Iterable[bytes]) -> tuple[str, ...]:
    """Give what the lines that git shows beside hunks declare."""
    named = (name for line in around for pair in _SYMBOL.findall(line) for name in pair if name)
    names = dict.fromkeys(name for name in named if name not in _NO_SYMBOLS)
    return tuple(name.decode() for name in names)[:MOST_SYMBOLS]


def _words(lines: list[bytes]) -> tuple[str, ...]:
    found = Counter(_WORD.findall(b"\n".join(lines)))
    return tuple(word.decode("utf-8", "replace") for word, _ in found.most_common(MOST_WORDS))
