"""A repository with a history of one kind of message, in which the hooks are installed."""

import os
import sys
from pathlib import Path

import pytest
from repositories import Repository
from told import tell

from gitmerge_ai.repository import hook_installation


class Hooked(Repository):
    """A repository in which the hooks are installed."""

    def edited(self, *arguments: str, says: str = "done", **environment: str) -> str:
        """Run a git command that opens an editor, and give what the editor was given.

        The editor writes another message; "" keeps the one there is. What is given is "" where no
        editor was opened.
        """
        write = f"echo '{says}' > \"$1\"" if says else "true"
        editor = f'f() {{ cp "$1" seen; {write}; }}; f'
        self.git(*arguments, env={**os.environ, "GIT_EDITOR": editor, **environment})
        seen = self.path / "seen"
        text = self.read("seen") if seen.exists() else ""
        seen.unlink(missing_ok=True)
        return text

    def last(self) -> str:
        return self.git("log", "-1", "--format=%B").strip()


@pytest.fixture
def hooked(plain: Repository) -> Hooked:
    """Give a repository of typos, with one staged, in which the hooks are installed."""
    pages = [f"page{number}.md" for number in range(12)]
    tell(plain, ((f"Fix typo in {page}", {page: f"text of {page}\n"}) for page in pages))
    hook_installation.install(plain.path)
    plain.git("config", "gitmerge-ai.messageTimeout", "60")
    (plain.path / ".git" / "info" / "exclude").write_text("seen\n")
    plain.write({"page1.md": "text one\n"})
    plain.git("add", "-A")
    return Hooked(plain.path)


@pytest.fixture
def on_path(tmp_path: Path) -> str:
    """Give a PATH on which the commands are."""
    starts = {"gitmerge-ai": "gitmerge_ai.cli", "gitmerge-ai-hook": "gitmerge_ai.messages.hooks"}
    for name, module in starts.items():
        command = tmp_path / "bin" / name
        command.parent.mkdir(exist_ok=True)
        start = f"from {module} import main; main()"
        command.write_text(f"#!/bin/sh\nexec '{sys.executable}' -c '{start}' \"$@\"\n")
        command.chmod(0o755)
    return f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
