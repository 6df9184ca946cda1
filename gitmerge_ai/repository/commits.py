"""Commits and what is staged, each with a footprint: the paths and words that its change touches.

Read by the user's own git, many commits in one process. A footprint is bounded, whatever the size
of the change: it serves to find changes that are alike, and never to apply one.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import IO, NamedTuple

from gitmerge_ai.repository.changes import changes_in
from gitmerge_ai.repository.process import capture

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

_TO_BE_READ = ["-p", "-M", "--no-ext-diff", "--no-textconv", "--no-color"]
_TO_BE_READ += ["--ignore-submodules=all"]

MOST_SHOWN = 2_000_000
"""Bytes of a change that may be shown to be read."""

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


def position(folder: Path) -> Position | None:
    """Say where a work tree is; `None` outside of a repository."""
    asked = ["rev-parse", "--absolute-git-dir", "HEAD", "--symbolic-full-name", "HEAD"]
    status, said = capture([*_git(folder), *asked], errors="drop")
    git_dir, *rest = os.fsdecode(said).split("\n")
    if status == 0 and len(rest) > 1:
        name = rest[1].removeprefix("refs/heads/")
        return Position(Path(git_dir), rest[0], "" if name == "HEAD" else name)
    return Position(Path(git_dir), "", branch(folder)) if os.path.isabs(git_dir) else None


def names(folder: Path, most: int, revision: str = "HEAD", known: Sequence[str] = ()) -> list[str]:
    """Give the names of the newest commits that are no merges; none in an empty repository.

    Args:
        folder: in the repository.
        most: how many.
        revision: where to start.
        known: commits that are left out with all before them; those that are gone do not count.
    """
    command = [*_git(folder), "rev-list", "--no-merges", f"-{most}", "--ignore-missing", revision]
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
    status, said = capture([*_git(folder), *asked, "--encoding=UTF-8", "--"], errors="drop")
    found = said.decode("utf-8", "replace").split("\0") if status == 0 else []
    return [each.replace("\r\n", "\n").strip() for each in found]


def staged_text(folder: Path, most: int) -> str:
    """Give what is staged as git shows it, as far as there is room; "" where git fails.

    Args:
        folder: in the work tree.
        most: characters; every file gets its share of them.
    """
    return _shared(_shown([*_git(folder), "diff", "--cached", *_TO_BE_READ, "--"]), most)


def texts(folder: Path, wanted: Sequence[str], most: int) -> dict[str, str]:
    """Give the changes of commits as git shows them, as far as there is room.

    Args:
        folder: in the repository.
        wanted: full names.
        most: characters of each; every file gets its share of them.
    """
    if not wanted:
        return {}
    asked = ["show", "--no-show-signature", "--format=%x00%H%x00", *_TO_BE_READ, *wanted]
    fields = _shown([*_git(folder), *asked, "--"]).split("\0")
    pairs = ((n, t) for n, t in pairwise(fields) if n in wanted)
    return {name: _shared(text, most) for name, text in pairs}


def _shown(command: list[str]) -> str:
    import subprocess  # takes long, and a hook has no need of it

    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=1 << 16
    ) as process:
        assert process.stdout
        found = process.stdout.read(MOST_SHOWN).decode("utf-8", "replace")
        process.kill()
    return found


def _shared(text: str, most: int) -> str:
    """Cut a change down, every file of it by as much as its share allows."""
    files = re.split(r"^(?=diff --git )", text, flags=re.MULTILINE)[1:]
    share = most // max(1, len(files))
    return "".join(each if len(each) <= share else f"{each[:share]}…\n" for each in files)[:most]


def subjects(folder: Path, most: int) -> list[str]:
    """Give the subjects of the newest commits that are no merges, the newest first.

    Args:
        folder: in the repository.
        most: how many.
    """
    command = [*_git(folder), "log", "--no-merges", f"-{most}", "--encoding=UTF-8", "--format=%s"]
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

    command = [*_git(folder), "log", "--no-walk=unsorted", "--stdin", "--root", "--encoding=UTF-8"]
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


def staged(folder: Path, amend: bool = False) -> Footprint:
    """Give the footprint of what would be committed.

    Args:
        folder: in the work tree.
        amend: whether the commit would take the place of the last one.

    Raises:
        CommitsError: git could not compare.
    """
    against = ["HEAD~"] if amend else []
    command = [*_git(folder), "diff", "--cached", *_SHOWN, *against, "--"]
    status, shown = capture(command, errors="drop", most=MOST_READ)
    if status > 0:
        said = capture(command, errors="join", most=1)[1]
        words = " ".join(os.fsdecode(said).split())
        raise CommitsError(f"git diff: {words or status}")
    return _footprint(BytesIO(shown))


def changed_files(folder: Path, commit: str | None = None) -> list[ChangedFile]:
    """List the files of a commit's change, or of what is staged; none where git fails.

    Args:
        folder: in the repository.
        commit: its name; `None` for what is staged.
    """
    shown = ["--raw", "-z", "-M", "--no-abbrev", "--no-ext-diff", "--ignore-submodules=all"]
    command = ["diff-tree", "-r", "--root", "--no-commit-id", *shown, commit] if commit else None
    status, output = capture(
        [*_git(folder), *(command or ["diff", "--cached", *shown, "--"])], errors="drop"
    )
    return [
        ChangedFile(one.new or one.old or "", one.old, one.before, one.after, one.new is None)
        for one in (changes_in(output) if status == 0 else ())
    ]


def changed_lines(folder: Path, commit: str | None, path: str) -> str:
    """Give the change of a file as git shows it, each line with the one above and below it.

    Args:
        folder: in the repository.
        commit: whose change; `None` for what is staged.
        path: of the file.
    """
    shown = [*_TO_BE_READ, "-U1"]
    command = ["diff-tree", "--root", "--no-commit-id", *shown, commit] if commit else None
    asked = command or ["diff", "--cached", *shown]
    status, output = capture(
        [*_git(folder), *asked, "--", f":(top,literal){path}"], errors="drop", most=MOST_READ
    )
    return output.decode("utf-8", "replace") if status <= 0 else ""


def is_there(folder: Path, path: str, commit: str | None) -> bool:
    """Whether there is a file or folder in a commit, or in what is staged (`None`)."""
    listed = (
        ["ls-tree", "--name-only", "--full-tree", commit] if commit else ["ls-files", "--full-name"]
    )
    exact = [path] if commit else [f":(top,literal){path}"]
    return bool(capture([*_git(folder), *listed, "--", *exact], errors="drop", most=1)[1])


def author(folder: Path) -> str:
    """Give the address that a commit would be by, "" where git does not know."""
    status, said = capture([*_git(folder), "var", "GIT_AUTHOR_IDENT"], errors="drop")
    return (
        said.decode("utf-8", "replace").rpartition("<")[2].partition(">")[0] if not status else ""
    )


def branch(folder: Path) -> str:
    """Give the name of the branch, "" where none is checked out."""
    status, said = capture([*_git(folder), "symbolic-ref", "--short", "-q", "HEAD"], errors="drop")
    return "" if status else said.decode("utf-8", "replace").strip()


def _git(folder: Path) -> list[str]:
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
