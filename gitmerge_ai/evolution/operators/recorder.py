"""Runs inside of what is evaluated and notes which lines run, test by test where pytest runs them.

It is copied into a folder as `sitecustomize.py` and needs nothing but Python; `localisation` sets
the environment and reads what it writes: a JSON object a line, with the lines' counts by path, and
whether the test passed (null where there was no test, only a program). It is used once for a run,
never while candidates are judged.
"""

import atexit
import json
import os
import sys
import time
from types import FrameType
from typing import Any

OUT, ROOT, SECONDS = "GITMERGE_AI_SPECTRA", "GITMERGE_AI_ROOT", "GITMERGE_AI_SECONDS"
LOOK = 512
"""Lines between two looks at the clock."""


class Recorder:
    """Counts the lines that run under a folder."""

    def __init__(self, out: str, root: str, seconds: float) -> None:
        self.out = out
        self.root = os.path.join(os.path.realpath(root), "")
        self.seconds = seconds
        self.end = time.monotonic() + seconds
        self.files: dict[str, str | None] = {}
        self.counts: dict[str, dict[int, int]] = {}
        self.by_test = False
        self.left = LOOK

    def start(self) -> None:
        """Begin a test, or the program."""
        self.counts = {}
        sys.settrace(self.enter)

    def enter(self, frame: FrameType, event: str, argument: Any) -> Any:
        """Look whether a function's lines count."""
        name = frame.f_code.co_filename
        if name not in self.files:
            path = os.path.realpath(name)
            inside = path.startswith(self.root) and "site-packages" not in path
            self.files[name] = path[len(self.root) :] if inside else None
        return self.line if self.files[name] is not None else None

    def line(self, frame: FrameType, event: str, argument: Any) -> Any:
        """Count a line; when time is up, write what there is and stop."""
        if event == "line":
            lines = self.counts.setdefault(self.files[frame.f_code.co_filename] or "", {})
            lines[frame.f_lineno] = lines.get(frame.f_lineno, 0) + 1
            self.left -= 1
            if not self.left:
                self.left = LOOK
                if time.monotonic() > self.end:
                    self.write(False if self.by_test else None)
        return self.line

    def write(self, passed: bool | None) -> None:
        """Stop, and write what ran, if anything."""
        sys.settrace(None)
        if self.counts:
            with open(self.out, "a", encoding="utf-8") as file:
                file.write(json.dumps({"passed": passed, "lines": self.counts}) + "\n")
        self.counts = {}


def pytest_runtest_setup(item: Any) -> None:
    """Begin a test of pytest's, which calls this by its name."""
    RECORDER.by_test = True
    RECORDER.start()


def pytest_runtest_makereport(item: Any, call: Any) -> None:
    """End a test of pytest's."""
    skipped = call.excinfo is not None and call.excinfo.typename == "Skipped"
    if call.when == "call" or call.excinfo is not None:
        if skipped:
            RECORDER.counts = {}
        RECORDER.write(call.excinfo is None)


if OUT in os.environ:
    RECORDER = Recorder(os.environ[OUT], os.environ[ROOT], float(os.environ[SECONDS]))
    atexit.register(RECORDER.write, None)
    if not any("pytest" in word for word in sys.orig_argv):
        RECORDER.start()  # Else with the first test: what pytest does by itself takes long, noted.
