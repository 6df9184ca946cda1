"""A real terminal for tests: a program in a pseudo-terminal, and the screen that it draws."""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import pyte

PATIENCE = 120.0
"""Seconds to wait for something that has to come; a machine that is busy is slow."""

KEYS = {"enter": "\r", "escape": "\x1b", "down": "\x1b[B", "up": "\x1b[A", "tab": "\t"}


def _unsized() -> dict[str, str]:
    """Give the environment without a terminal's size, which programs ask for first.

    Readline sets it unseen when it is imported, and so for all processes that run tests at once.
    """
    return {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}


class Terminal:
    """A program that runs in a terminal of some size."""

    def __init__(
        self, *command: str, cwd: Path, columns: int = 80, rows: int = 24, **env: str
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.status: int | None = None
        self.raw = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
            os.execvpe(command[0], command, {**_unsized(), **terminal, **env})
        self._size(columns, rows)

    @classmethod
    def mergetool(cls, *arguments: str, cwd: Path, **options: object) -> "Terminal":
        start = "from gitmerge_ai.cli import main; main()"
        command = (sys.executable, "-c", start, "mergetool", *arguments)
        return cls(*command, cwd=cwd, **options)  # type: ignore[arg-type]

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.status is None:
            os.kill(self.pid, 9)
            os.waitpid(self.pid, 0)
        os.close(self.fd)

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def until(self, *wanted: str | Callable[[str], bool]) -> str:
        """Read what the program draws until the screen has every wanted text."""
        end = time.monotonic() + PATIENCE
        text = self.text
        while not all(w(text) if callable(w) else w in text for w in wanted):
            assert self._read(end), f"{wanted} never came:\n{text}"
            text = self.text
        return text

    def press(self, *keys: str) -> None:
        for key in keys:
            os.write(self.fd, KEYS.get(key, key).encode())

    def resize(self, columns: int, rows: int) -> None:
        self.screen.resize(rows, columns)
        self._size(columns, rows)

    def ended(self) -> int:
        """Wait for the end, and give the exit status."""
        end = time.monotonic() + PATIENCE
        while self._read(end):
            pass
        assert time.monotonic() < end, f"it never ended:\n{self.text}"
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status

    def _size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self, end: float) -> bool:
        """Draw what comes next; say whether anything did before the end."""
        if not select.select([self.fd], [], [], max(0.0, end - time.monotonic()))[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # the program has closed the terminal
            return False
        self.raw += data
        self.stream.feed(data)
        return bool(data)
