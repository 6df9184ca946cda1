"""Trees written without a work tree or an index: another tree, with some of its files changed.

Paths may come from a model: one that leaves the tree, reaches into git's own folder or through a
link is refused, and a link is never written.
"""

import re
from collections.abc import Mapping

import pygit2
from pygit2.enums import FileMode

from gitmerge_ai.repository.index import RepositoryError

_Files = dict[str, "bytes | _Files | None"]

_IGNORED = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
"""What some file systems leave out of names, so that `.g\u200cit` is `.git` to them."""

_REGULAR = (FileMode.BLOB, FileMode.BLOB_EXECUTABLE)


def with_files(
    repository: pygit2.Repository, tree: pygit2.Tree | None, files: Mapping[str, bytes | None]
) -> str:
    """Write a tree in which some files are other than in a given one, and give its name.

    A file that was there keeps its mode; a new one is a regular file.

    Args:
        repository: where it is written.
        tree: to start from, `None` for an empty one.
        files: what they hold by path from the root, `None` to remove one.

    Raises:
        RepositoryError: a path is none of a regular file inside the tree.
    """
    nested: _Files = {}
    for path, content in files.items():
        folder = nested
        *folders, name = _parts(path)
        for each in folders:
            inner = folder.setdefault(each, {})
            if not isinstance(inner, dict):
                raise RepositoryError(f"{path!r}: {each} is a file")
            folder = inner
        if name in folder:
            raise RepositoryError(f"{path!r} is a folder, or stands twice")
        folder[name] = content
    return str(_write(repository, tree, nested) or repository.TreeBuilder().write())


def _parts(path: str) -> list[str]:
    parts = path.split("/")
    if not is_text(path):
        raise RepositoryError(f"{path!r} is not UTF-8, as libgit2 writes names")
    for part in parts:
        if part in ("", ".", "..") or "\0" in part or "\\" in part or is_gits(part):
            raise RepositoryError(f"{path!r} is no path inside the repository")
    return parts


def is_text(name: str) -> bool:
    """Say whether a name, as Python has those of files, is UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_gits(name: str) -> bool:
    """Say whether some file system takes a name for `.git`."""
    plain = _IGNORED.sub("", name).split(":")[0].rstrip(". ").casefold()
    return plain == ".git" or re.fullmatch(r"git~\d+", plain) is not None


def _write(
    repository: pygit2.Repository, tree: pygit2.Tree | None, files: _Files
) -> pygit2.Oid | None:
    """Write a tree, and give its name; `None` if it is empty."""
    builder = repository.TreeBuilder(tree) if tree is not None else repository.TreeBuilder()
    for name, content in files.items():
        found = tree[name] if tree is not None and name in tree else None
        if isinstance(content, dict):
            if found is not None and not isinstance(found, pygit2.Tree):
                raise RepositoryError(f"{name} is no folder")
            written = _write(repository, found, content)
            mode = FileMode.TREE
        else:
            if found is not None and found.filemode not in _REGULAR:
                raise RepositoryError(f"{name} is no regular file")
            written = None if content is None else repository.create_blob(content)
            mode = FileMode(found.filemode) if found is not None else FileMode.BLOB
        if written is not None:
            builder.insert(name, written, mode)
        elif found is not None:
            builder.remove(name)
    return builder.write() if len(builder) else None
