"""The files of a tree, read when they are asked for."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

import pygit2
from pygit2.enums import FileMode

_REGULAR = (FileMode.BLOB, FileMode.BLOB_EXECUTABLE)


class TreeFiles(Mapping[str, bytes]):
    """The regular files of a tree whose paths are wanted."""

    def __init__(
        self, repository: pygit2.Repository, tree: str, wanted: Callable[[str], bool]
    ) -> None:
        """Read nothing yet.

        Args:
            repository: where the tree is.
            tree: its object name.
            wanted: which paths.
        """
        self._repository = repository
        self._tree = tree
        self._wanted = wanted

    @cached_property
    def _blobs(self) -> dict[str, pygit2.Oid]:
        found = self._repository[self._tree]
        assert isinstance(found, pygit2.Tree)
        return {
            path: entry.id
            for path, entry in _entries(found)
            if entry.filemode in _REGULAR and self._wanted(path)
        }

    def __getitem__(self, path: str) -> bytes:
        """Read a file."""
        blob = self._repository[self._blobs[path]]
        assert isinstance(blob, pygit2.Blob)
        return blob.data

    def __iter__(self) -> Iterator[str]:
        """Give the paths."""
        return iter(self._blobs)

    def __len__(self) -> int:
        """Count the files."""
        return len(self._blobs)


def mode_of(repository: pygit2.Repository, tree: str) -> Callable[[str], int | None]:
    """Give what tells the mode of a path in a tree, `None` where nothing is.

    Args:
        repository: where the tree is.
        tree: its object name.
    """
    found = repository[tree]
    assert isinstance(found, pygit2.Tree)

    def mode(path: str) -> int | None:
        try:
            return int(found[path].filemode)
        except (KeyError, ValueError):
            return None

    return mode


def growth(tree: pygit2.Tree, files: Mapping[str, bytes | None]) -> int:
    """Give by how many bytes a tree grows where some of its files are written, or removed (`None`).

    Args:
        tree: as it was.
        files: by path.
    """
    before = (tree[path] for path in files if path in tree)
    sizes = [each.size for each in before if isinstance(each, pygit2.Blob)]
    return sum(len(content or b"") for content in files.values()) - sum(sizes)


def _entries(tree: pygit2.Tree, before: str = "") -> Iterator[tuple[str, pygit2.Object]]:
    for entry in tree:
        path = f"{before}{entry.name}"
        if isinstance(entry, pygit2.Tree):
            yield from _entries(entry, f"{path}/")
        else:
            yield path, entry
