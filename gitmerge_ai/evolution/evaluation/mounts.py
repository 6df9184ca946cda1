"""What of the file system code in the sandbox sees: bubblewrap's options, and the tools in homes.

The system is there, read-only. Homes, /run with the sockets of services, and the user's work tree
are empty; what the user's PATH needs out of them comes back, read-only. Nothing is mounted here.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ALWAYS_HIDDEN = ("/home", "/root", "/Users", "/run", "/var/run", "/media")
"""Where people's files and the sockets of services are."""

ALWAYS_READABLE = ("/run/current-system", "/run/opengl-driver", "/home/linuxbrew/.linuxbrew")
"""What systems keep there that programs need."""

BESIDE = ("lib", "lib64", "libexec", "include", "share", "pyvenv.cfg", "versions", "toolchains")
"""What programs in a folder `bin` need of the folder that it is in."""

PRIVATE = ("/tmp", "/var/tmp")
"""Where an evaluation has folders of its own in the place of the system's."""

MANAGERS = {
    "PYENV_ROOT": "~/.pyenv",
    "RBENV_ROOT": "~/.rbenv",
    "NODENV_ROOT": "~/.nodenv",
    "NVM_DIR": "~/.nvm",
    "VOLTA_HOME": "~/.volta",
    "ASDF_DATA_DIR": "~/.asdf",
    "SDKMAN_DIR": "~/.sdkman",
    "RUSTUP_HOME": "~/.rustup",
}
"""Managers of versions, whose programs look for their folder by this variable, else in the home: a
private home would hide it."""

NAMESPACES = (
    "--unshare-all",
    "--die-with-parent",
    *("--ro-bind", "/", "/"),
    *("--dev", "/dev"),
    *("--proc", "/proc"),
)


class Mount(NamedTuple):
    """A file or folder and where it is to be seen."""

    source: Path
    at: Path
    writable: bool = False


def bubblewrap_options(
    mounts: Sequence[Mount], hidden: Sequence[Path], readable: Sequence[Path]
) -> list[str]:
    """Give the options of bubblewrap for a file system with these mounts.

    Args:
        mounts: what is to be seen, where; later ones over earlier ones.
        hidden: folders to be empty, beside people's homes.
        readable: what is to be seen in them nevertheless, where it is.
    """
    empty = {path for path in (*map(Path, ALWAYS_HIDDEN), *hidden) if _is_folder(path)}
    back = [Mount(path, path) for path in (*map(Path, ALWAYS_READABLE), *readable)]
    # What is mounted on an outer folder hides what was mounted in it.
    steps = [
        *((path, ["--tmpfs", str(path)]) for path in empty),
        *((m.at, _bind(m)) for m in (*back, *mounts) if m.source.exists()),
    ]
    steps.sort(key=lambda step: len(step[0].parts))
    closed = [option for path in sorted(empty) for option in ("--remount-ro", str(path))]
    covered = {str(mount.at) for mount in mounts}
    options = [option for _, each in steps for option in each]
    return [*NAMESPACES, *options, *_unless(covered, closed), "--remount-ro", "/dev"]


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _bind(mount: Mount) -> list[str]:
    return ["--bind" if mount.writable else "--ro-bind", str(mount.source), str(mount.at)]


def _unless(covered: set[str], closed: list[str]) -> Iterator[str]:
    """Leave out folders that something writable was mounted on since."""
    for option, path in zip(closed[::2], closed[1::2], strict=True):
        if path not in covered:
            yield from (option, path)


def tools(hidden: Sequence[Path]) -> tuple[Path, ...]:
    """Find what the programs in PATH need of folders that are hidden.

    Args:
        hidden: folders to be empty, beside people's homes.
    """
    masked = [str(path) for path in (*map(Path, (*ALWAYS_HIDDEN, *PRIVATE)), *hidden)]
    wanted = {Path(folder): None for folder in managers().values() if _within(folder, masked)}
    folders = [Path(entry) for entry in os.get_exec_path() if os.path.isabs(entry)]
    folders += [Path(prefix) / "bin" for prefix in (sys.prefix, sys.base_prefix)]
    while folders:
        folder = folders.pop()
        if folder in wanted or not _within(folder, masked) or not folder.is_dir():
            continue
        wanted[folder] = None
        # A folder of programs right in a home has the home beside it.
        own = [] if str(folder.parent) in masked else [folder.parent / name for name in BESIDE]
        wanted.update(dict.fromkeys(path for path in own if path.exists()))
        folders.extend({Path(os.path.realpath(entry)).parent for entry in _links(folder)})
    return tuple(wanted)


def managers() -> dict[str, str]:
    """Find the folders of managers of versions, by their variables."""
    found = {name: os.environ.get(name) or home for name, home in MANAGERS.items()}
    folders = {name: os.path.expanduser(folder) for name, folder in found.items()}
    return {name: folder for name, folder in folders.items() if os.path.isdir(folder)}


def _within(path: str | Path, folders: Sequence[str]) -> bool:
    return any(os.path.commonpath((path, folder)) == folder for folder in folders)


def _links(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            yield from (entry.path for entry in entries if entry.is_symlink())
    except OSError:
        return
