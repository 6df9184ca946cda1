"""Stopped merges as the mergetool has them, without a screen."""

from dataclasses import dataclass

from repositories import Repository

from gitmerge_ai.interface.mergetool.drafts import Drafts
from gitmerge_ai.interface.mergetool.loading import from_index
from gitmerge_ai.interface.mergetool.ranking import by_hand
from gitmerge_ai.interface.mergetool.saving import Files
from gitmerge_ai.interface.mergetool.session import Question, Session

BASE = "one\n\n\n\n\ntwo\n"
OURS = BASE.replace("one", "one ours").replace("two", "two ours")
THEIRS = BASE.replace("one", "one theirs").replace("two", "two theirs")


@dataclass
class Opened:
    """A repository's unmerged paths as the mergetool has them."""

    repo: Repository
    files: Files
    session: Session

    @classmethod
    def of(cls, repo: Repository) -> "Opened":
        files = Files(from_index(repo.path), repo.path, Drafts(repo.path / ".git" / "drafts"))
        session = Session.begin(tuple(each.item for each in files.loaded))
        return cls(repo, files, session.restored(files.recalled()))

    def take(self, pattern: str, at: int = 0, slot: int = 0) -> None:
        item = self.session.items[at]
        if isinstance(item, Question):
            chosen = next(each for each in item.answers if each.pattern == pattern)
        else:
            chosen = by_hand(item.regions[slot], pattern)
        self.session = self.session.decide({(at, slot): chosen})
        self.files.keep(self.session.choices)

    def save(self, at: int = 0) -> str:
        return self.files.save(at, self.session.choices)

    @property
    def titles(self) -> list[tuple[str, str]]:
        return [(item.path, item.title) for item in self.session.items]

    def answers(self, at: int = 0) -> list[str]:
        item = self.session.items[at]
        assert isinstance(item, Question)
        return [each.pattern for each in item.answers]


def stopped(repo: Repository, base: dict, ours: dict, theirs: dict, style: str = "merge") -> Opened:
    repo.git("config", "merge.conflictStyle", style)
    repo.diverge(base, ours, theirs)
    repo.git("merge", "side", ok=False)
    return Opened.of(repo)


def commit_tree(repo: Repository, branch: str, *commands: tuple[str, ...]) -> None:
    """Change a branch with shell commands and commit."""
    repo.git("checkout", "-q", branch)
    for command in commands:
        done = repo.run(*command)
        assert done.returncode == 0, done.stderr
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", f"on {branch}")
