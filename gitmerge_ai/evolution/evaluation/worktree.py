"""A worktree outside the user's, which is brought to one tree after the other.

It has a git directory of its own, which borrows the objects of the user's repository and holds
nothing else of it: no configuration that may hold secrets, no hook, no branch, and nothing is
written into the user's. So `git describe` or `git ls-files` work in it, and whatever happens to
it, the user's repository has no trace of it.

Only what differs is written. What an evaluation left behind is found by what a file's status says
(its change time cannot be forged), put back or removed, never through a link that was put there.
"""

import fcntl
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from operator import attrgetter
from pathlib import Path

import pygit2
from pygit2.enums import FileMode

from gitmerge_ai.evolution.evaluation import keeper
from gitmerge_ai.evolution.evaluation.mounts import tools
from gitmerge_ai.evolution.evaluation.sandbox import BORROWED, Place

PREFIX = "gitmerge-ai-evolve-"
"""What the folders are called in the system's folder for temporary files, before the run's name."""

_LINK, _SUBMODULE, _PROGRAM = FileMode.LINK, FileMode.COMMIT, FileMode.BLOB_EXECUTABLE


class WorktreeError(Exception):
    """A worktree cannot be made; the message says why."""


_Status = tuple[int, int, int, int, int]
_status: Callable[[os.stat_result], _Status] = attrgetter(
    "st_mode", "st_ino", "st_size", "st_mtime_ns", "st_ctime_ns"
)
"""Gives what of a file's status changes whenever the file changes; its size is the third."""


class Worktree:
    """One worker's worktree; `close` removes it.

    Attributes:
        place: the folders of it, for a sandbox.
        tree: the name of the tree that it is at, "" before the first.
        size: bytes that its files take.
    """

    def __init__(self, repository: Path, base: str, run: str) -> None:
        """Make the folders; nothing is checked out yet.

        Args:
            repository: the user's, or any folder in it.
            base: the commit that HEAD is to name.
            run: the run's name.

        Raises:
            WorktreeError: they cannot be made.
        """
        try:
            user = pygit2.Repository(os.fspath(repository))
            root, self._lock = _make_root(run)
        except (OSError, pygit2.GitError) as error:
            raise WorktreeError(f"no worktree can be made: {error}") from error
        self.place = _place(root, user)
        self._top = os.fspath(self.place.tree)
        self.tree = ""
        self.size = 0
        for folder in (self.place.tree, self.place.home, self.place.tmp, self.place.shm):
            folder.mkdir(mode=0o700)
        _make_git_directory(self.place, user, base)
        self._repository = user
        self._files: dict[str, tuple[str, int]] = {}
        self._statuses: dict[str, _Status] = {}
        self._folders = _folders(())
        self._filtered = False
        self._link()
        self._filtering = pygit2.Repository(os.fspath(self.place.tree))

    def bring(self, tree: str) -> None:
        """Make it hold exactly the files of a tree.

        Args:
            tree: its object name.

        Raises:
            WorktreeError: it cannot be written.
        """
        changed = self._retarget(tree)
        for path in changed:
            self._statuses.pop(path, None)
        # Attributes say how the other files are written.
        if any(map(_is_attributes, changed)):
            self._filtered = any(map(_is_attributes, self._files))
            self._statuses = {}
        try:
            self.restore(untracked=True)
            self._write_index(tree)
        except OSError as error:
            raise WorktreeError(f"the worktree cannot be written: {error}") from error
        self.tree = tree

    def _retarget(self, tree: str) -> set[str]:
        """Take another tree for the one that is wanted, and give the paths that differ."""
        before = dict(self._files)
        after = self._repository[tree]
        assert isinstance(after, pygit2.Tree)
        if not self.tree:
            self._files = dict(_entries(self._repository, tree))
            self._folders = _folders(self._files)
            return set(self._files)
        known = self._repository[self.tree]
        assert isinstance(known, pygit2.Tree)
        changed = set[str]()
        for delta in known.diff_to_tree(after, context_lines=0).deltas:
            for path in {delta.old_file.path, delta.new_file.path}:
                changed.add(path)
                before.pop(path, None)
                with suppress(KeyError):
                    entry = after[path]
                    if entry.filemode != FileMode.TREE:
                        before[path] = str(entry.id), entry.filemode
        if before.keys() != self._files.keys():
            self._folders = _folders(before)
        self._files = before
        return changed

    def restore(self, *, untracked: bool) -> None:
        """Put back every file that is not as it was written.

        Args:
            untracked: whether to remove what does not belong to the tree, too, and what is in the
                private folders.
        """
        if untracked:
            for folder in (self.place.home, self.place.tmp, self.place.shm):
                _empty(folder)
        self._sweep(untracked)
        missing = self._files.keys() - self._statuses.keys()
        for path in sorted(missing, key=lambda path: not _is_attributes(path)):
            self._write(path)
        self._link()
        self.size = sum(status[2] + 2 * keeper.ENTRY for status in self._statuses.values())

    def _link(self) -> None:
        """Say where the git directory is."""
        where = f"gitdir: {self.place.git}\n".encode()
        self._put(f"{self._top}/.git", where, FileMode.BLOB)

    def _sweep(self, untracked: bool) -> None:
        """Take away what stands in the way of a file or, perhaps, belongs to none."""
        found: dict[str, _Status] = {}
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            names = self._folders[folder]
            before = f"{folder}/" if folder else ""
            with os.scandir(f"{self._top}/{folder}") as entries:
                for entry in entries:
                    path = before + entry.name
                    if path in self._folders:
                        if entry.is_dir(follow_symlinks=False):
                            _open_up(entry.path, entry.stat(follow_symlinks=False))
                            waiting.append(path)
                        else:
                            os.unlink(entry.path)
                    elif entry.name in names:
                        known = self._statuses.get(path)
                        if known and known == _status(entry.stat(follow_symlinks=False)):
                            found[path] = known
                        else:
                            _remove(entry.path)
                    elif untracked and path != ".git":
                        _remove(entry.path)
        self._statuses = found

    def _write(self, path: str) -> None:
        blob, mode = self._files[path]
        file = f"{self._top}/{path}"
        if mode == _SUBMODULE:
            os.makedirs(file, exist_ok=True)
        else:
            content = self._content(path, blob, mode)
            try:
                self._put(file, content, mode)
            except FileNotFoundError:
                os.makedirs(os.path.dirname(file))
                self._put(file, content, mode)
        self._statuses[path] = _status(os.lstat(file))

    def _content(self, path: str, blob: str, mode: int) -> bytes:
        filtered = self._filtered and mode != _LINK
        found = (self._filtering if filtered else self._repository)[blob]
        assert isinstance(found, pygit2.Blob)
        if not filtered:
            return found.data
        with pygit2.BlobIO(found, as_path=path) as stream:
            data: bytes = stream.read()
            return data

    def _put(self, file: str, content: bytes, mode: int) -> None:
        """Write a file as a new one: what stands there may be a link to elsewhere."""
        _remove(file)
        if mode == _LINK:
            os.symlink(content, os.fsencode(file))
            return
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with open(os.open(file, flags, 0o755 if mode == _PROGRAM else 0o644), "wb") as opened:
            opened.write(content)

    def _write_index(self, tree: str) -> None:
        # A new one: what evaluated code did to the last one is not read.
        file = self.place.git / "index"
        _remove(os.fspath(file))
        index = pygit2.Index(os.fspath(file))
        found = self._repository[tree]
        assert isinstance(found, pygit2.Tree)
        index.read_tree(found)
        index.write()

    def close(self) -> None:
        """Remove it."""
        _remove(os.fspath(self.place.root))
        os.close(self._lock)


def _place(root: Path, user: pygit2.Repository) -> Place:
    """Lay out a worker's folders; code finds the worktree in the place of the user's."""
    tree = root / "tree"
    shown = Path(os.path.realpath(user.workdir)) if user.workdir else tree
    common = _common_dir(user)
    # Of a worktree beside the main one, that one is not to be seen either.
    main = common.parent if common.name == ".git" else common
    hidden = tuple(dict.fromkeys((main, shown) if user.workdir else (main,)))
    objects = common / "objects"
    return Place(
        root,
        tree,
        root / "home",
        root / "tmp",
        root / "shm",
        root / "git",
        objects,
        shown,
        hidden,
        (*tools(hidden), *_alternates(objects)),
    )


def _common_dir(user: pygit2.Repository) -> Path:
    with suppress(OSError):
        shared = (Path(user.path) / "commondir").read_text().strip()
        return Path(os.path.realpath(Path(user.path) / shared))
    return Path(os.path.realpath(user.path))


def _alternates(objects: Path) -> tuple[Path, ...]:
    with suppress(OSError):
        lines = (objects / "info" / "alternates").read_text().splitlines()
        return tuple(objects / line for line in lines if line and not line.startswith("#"))
    return ()


def _make_git_directory(place: Place, user: pygit2.Repository, base: str) -> None:
    common = _common_dir(user)
    for folder in ("objects/info", "refs"):
        (place.git / folder).mkdir(parents=True)
    borrowed = place.root / BORROWED
    borrowed.symlink_to(place.objects)
    (place.git / "objects" / "info" / "alternates").write_text(f"{borrowed}\n")
    (place.git / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = false\n")
    (place.git / "HEAD").write_text(f"{base}\n")
    (place.git / "packed-refs").write_text("".join(_tags(user)))
    with suppress(OSError):
        shutil.copyfile(common / "shallow", place.git / "shallow")


def _tags(user: pygit2.Repository) -> Iterator[str]:
    """List the tags, for versions that are made of them."""
    listing = ["for-each-ref", "--format=%(objectname) %(refname)", "refs/tags"]
    done = subprocess.run(
        ["git", "--git-dir", user.path, *listing], capture_output=True, check=False
    )
    yield os.fsdecode(done.stdout)


def _is_attributes(path: str) -> bool:
    return path.rpartition("/")[2] == ".gitattributes"


def _folders(files: Iterable[str]) -> dict[str, set[str]]:
    """Give the folders that files are in, "" for the top, and what stands in each."""
    folders: dict[str, set[str]] = {"": set()}
    for path in files:
        parent, _, name = path.rpartition("/")
        while name and name not in folders.setdefault(parent, set()):
            folders[parent].add(name)
            parent, _, name = parent.rpartition("/")
    return folders


def _entries(
    repository: pygit2.Repository, tree: str, before: str = ""
) -> Iterator[tuple[str, tuple[str, int]]]:
    found = repository[tree]
    assert isinstance(found, pygit2.Tree)
    for entry in found:
        path = before + os.fsdecode(entry.raw_name or b"")
        if entry.filemode == FileMode.TREE:
            yield from _entries(repository, str(entry.id), f"{path}/")
        else:
            yield path, (str(entry.id), entry.filemode)


def remove_stale() -> list[Path]:
    """Remove the folders of workers that are no more, of whatever run, and give them."""
    removed = []
    for root in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if not _is_own(root):
            continue
        lock = _hold(root / "lock")
        if lock is not None:
            _remove(os.fspath(root))
            os.close(lock)
            removed.append(root)
    return removed


def _make_root(run: str) -> tuple[Path, int]:
    """Make a folder and lock it, unless another process took it for a stale one in between."""
    while True:
        root = Path(os.path.realpath(tempfile.mkdtemp(prefix=f"{PREFIX}{run}-")))
        with suppress(FileNotFoundError):
            lock = _hold(root / "lock")
            if lock is not None and os.fstat(lock).st_nlink:
                return root, lock


def _is_own(root: Path) -> bool:
    with suppress(OSError):
        facts = root.lstat()
        return stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.getuid()
    return False


def _hold(file: Path) -> int | None:
    """Lock a file for as long as this process lives; `None` if another does."""
    opened = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(opened)
        return None
    return opened


def _empty(folder: Path) -> None:
    if folder.is_symlink() or not folder.is_dir():
        _remove(os.fspath(folder))
        folder.mkdir(mode=0o700)
        return
    _open_up(os.fspath(folder), folder.lstat())
    with os.scandir(folder) as entries:
        for entry in entries:
            _remove(entry.path)


def _open_up(folder: str, facts: os.stat_result) -> None:
    if facts.st_mode & stat.S_IRWXU != stat.S_IRWXU:
        os.chmod(folder, 0o755)


def _remove(path: str) -> None:
    """Remove what is there, folders with all in them, links as links, whatever may be read."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
    except (IsADirectoryError, PermissionError):
        facts = os.lstat(path)
        if not stat.S_ISDIR(facts.st_mode):
            raise
        _open_up(path, facts)
        with os.scandir(path) as entries:
            for entry in entries:
                _remove(entry.path)
        os.rmdir(path)
