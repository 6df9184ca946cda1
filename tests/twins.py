"""A repository with the driver and its twin without, and all that makes git merge in them."""

from collections.abc import Callable
from pathlib import Path

from repositories import Repository

Act = Callable[[Repository], None]


def merge(repo: Repository) -> None:
    repo.run("git", "merge", "-q", "side")


def pull(repo: Repository) -> None:
    repo.run("git", "pull", "-q", "--no-rebase", ".", "side")


def rebase(repo: Repository) -> None:
    repo.run("git", "rebase", "-q", "side")


def cherry_pick(repo: Repository) -> None:
    repo.run("git", "cherry-pick", "side")


def revert(repo: Repository) -> None:
    """`side~` is the base of both: with ours checked out, reverting `side` on `side2` merges."""
    repo.git("checkout", "-q", "-b", "reverting", "side")
    files = repo.git("diff", "--name-only", "side~", "main").split()
    repo.git("checkout", "-q", "main~", "--", *files)
    repo.git("commit", "-q", "-m", "to be reverted", "--allow-empty")
    repo.git("checkout", "-q", "main", "--", *files)
    repo.git("commit", "-q", "-m", "ours again")
    repo.run("git", "revert", "--no-edit", "HEAD~")


def stash_pop(repo: Repository) -> None:
    repo.git("checkout", "-q", "--detach", "main~")
    repo.git("checkout", "-q", "side", "--", ".")
    repo.git("reset", "-q")
    repo.git("stash", "push", "-q")
    repo.git("checkout", "-q", "main")
    repo.run("git", "stash", "pop")


def stash_apply_of_an_older_one(repo: Repository) -> None:
    repo.git("checkout", "-q", "--detach", "main~")
    repo.git("checkout", "-q", "side", "--", ".")
    repo.git("reset", "-q")
    repo.git("stash", "push", "-q")
    repo.write({"other": "x\n"})
    repo.git("stash", "push", "-q", "-u")
    repo.git("checkout", "-q", "main")
    repo.run("git", "stash", "apply", "1")


def am(repo: Repository) -> None:
    patch = repo.git("format-patch", "-1", "side", "--stdout")
    repo.run("git", "am", "-q", "-3", input=patch.encode("utf-8", "surrogateescape"))


def rebase_by_patches(repo: Repository) -> None:
    repo.run("git", "rebase", "-q", "--apply", "side")


def apply(repo: Repository) -> None:
    patch = repo.git("diff", "main~", "side")
    repo.run("git", "apply", "-3", input=patch.encode("utf-8", "surrogateescape"))


ACTS = [merge, pull, rebase, cherry_pick, revert, stash_pop, stash_apply_of_an_older_one]
OTHER_ACTS = [am, rebase_by_patches, apply]


def both(tmp_path: Path, **config: str) -> tuple[Repository, Repository]:
    """Give a repository with the driver and its twin without, with dates that are the same."""
    twins = Repository.init(tmp_path / "repo").with_driver(), Repository.init(tmp_path / "plain")
    for twin in twins:
        for key, value in config.items():
            twin.git("config", key.replace("__", "."), value)
    return twins


def state(repo: Repository) -> tuple[dict[str, bytes], str]:
    """Give all work files and the index."""
    files = {
        str(path.relative_to(repo.path)): path.read_bytes()
        for path in repo.path.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }
    return files, repo.git("ls-files", "-s")
