"""A repository with a history of one kind of message, in which the hooks are installed."""

import os

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
