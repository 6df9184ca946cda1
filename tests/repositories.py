"""Real repositories for tests, and the files that they merge."""

import contextlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gitmerge_ai.cli import main
from gitmerge_ai.repository import installation

ROOT = Path(__file__).parent.parent

Content = str | bytes

COMMAND = [sys.executable, "-c", "from gitmerge_ai.cli import main; main()"]

UNPRIVILEGED = (
    ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
)
"""Before a command, takes from root what lets it write where nobody may."""

obeys_modes = pytest.mark.skipif(
    bool(UNPRIVILEGED) and not shutil.which("setpriv"), reason="root may write everywhere"
)

BASE = "import os\n\n\ndef first(a):\n    return call(a, 1)\n\n\ndef last(a):\n    return a\n"
OURS = BASE.replace("1", "2")
THEIRS = BASE.replace("call", "other")
RESOLVED = OURS.replace("call", "other")
"""Both sides change one line: a conflict to git, and two tokens to the engine."""

CLASHING = BASE.replace("1", "3")
"""With `OURS`, a conflict that nobody can resolve."""

THEIRS_ELSEWHERE = BASE.replace("return a\n", "return -a\n")
BY_LINES = OURS.replace("return a\n", "return -a\n")
"""Another change, which git merges with `OURS` alone."""


@dataclass(frozen=True)
class Repository:
    """A repository in a folder."""

    path: Path

    @classmethod
    def init(cls, path: Path, *options: str) -> "Repository":
        path.mkdir(parents=True, exist_ok=True)
        made = cls(path)
        made.git("init", "-q", "-b", "main", *options)
        return made

    def with_driver(self) -> "Repository":
        installation.install(installation.scope(False, self.path), installation.parts()["driver"])
        return self

    def git(self, *arguments: str | bytes, ok: bool = True, **options: object) -> str:
        """Run git here and give what it prints; `ok` says that it has to succeed."""
        done = self.run("git", *arguments, **options)
        words = os.fsdecode(done.stdout + done.stderr)
        assert (done.returncode == 0) is ok, f"git {arguments!r}: {done.returncode}\n{words}"
        return os.fsdecode(done.stdout)

    def run(self, *command: str | bytes, **options: object) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(  # type: ignore[call-overload, no-any-return]
            command, cwd=self.path, capture_output=True, check=False, **options
        )

    def write(self, files: dict[str, Content]) -> None:
        for name, content in files.items():
            file = self.path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)

    def read(self, name: str) -> str:
        return self.bytes_of(name).decode("utf-8", "surrogateescape")

    def bytes_of(self, name: str) -> bytes:
        return (self.path / name).read_bytes()

    def commit(self, message: str, files: dict[str, Content]) -> str:
        """Commit files and give the commit's name."""
        self.write(files)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD").strip()

    def diverge(
        self, base: dict[str, Content], ours: dict[str, Content], theirs: dict[str, Content]
    ) -> None:
        """Make the branches `main` (ours) and `side` (theirs) out of a base, and be on `main`."""
        self.commit("base", base)
        self.git("checkout", "-q", "-b", "side")
        self.commit("theirs", theirs)
        self.git("checkout", "-q", "main")
        self.commit("ours", ours)

    def pop(self, stashed: Content, ours: Content) -> "subprocess.CompletedProcess[bytes]":
        """Stash a change of `a.py`, which is `BASE`, commit another one, and pop the stash."""
        self.commit("base", {"a.py": BASE})
        self.write({"a.py": stashed})
        self.git("stash")
        self.commit("ours", {"a.py": ours})
        return self.run("git", "stash", "pop")

    def status(self) -> str:
        return self.git("status", "--porcelain")

    def leftovers(self) -> list[str]:
        """Give the files that a merge should have removed again."""
        names = [str(path.relative_to(self.path)) for path in self.path.rglob("*")]
        return [name for name in names if ".merge_file" in name or ".gitmerge-ai" in name]


def invoked(folder: Path, *arguments: str) -> Result:
    """Run the command in this process, which is quicker than one of its own."""
    with contextlib.chdir(folder):
        return CliRunner().invoke(main, arguments)


def gitmerge_ai(
    *arguments: str, cwd: Path, **options: object
) -> "subprocess.CompletedProcess[bytes]":
    """Run the command in a process of its own."""
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [*COMMAND, *arguments],
        cwd=cwd,
        capture_output=True,
        check=False,
        **options,
    )
