"""Merges branches in memory: which files would conflict, with git alone and with a driver.

Git itself merges (`git merge-tree`), with the repository's own attributes and the user's own
configuration, so a forecast is what a merge would do. What it writes on the way goes to a folder
that is gone afterwards; no work tree, index or ref is touched.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gitmerge_ai.repository.installation import DEFAULT, DRIVER, parts
from gitmerge_ai.repository.replay import ConflictedPath, replies


class ForecastError(Exception):
    """There is nothing to forecast; the message says why."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a merge with a branch would do.

    left: the paths in conflict with the driver on, each with git's names for what is wrong.
    resolved: paths that git alone would leave in conflict, and that come out clean with it.
    problem: why git could not merge at all, "" if it could.
    """

    branch: str
    commit: str
    left: tuple[ConflictedPath, ...] = ()
    resolved: tuple[str, ...] = ()
    problem: str = ""


def other_branches(folder: Path) -> list[str]:
    """Name the local branches that are not merged into the current commit, newest first.

    Raises:
        ForecastError: git cannot list them.
    """
    query = ["for-each-ref", "--sort=-committerdate", "--no-merged=HEAD"]
    done = _git(folder, *query, "--format=%(refname:short)", "refs/heads")
    if done.returncode:
        raise ForecastError(os.fsdecode(done.stderr).strip() or "git cannot list the branches")
    return os.fsdecode(done.stdout).split()


def forecast(folder: Path, branches: Sequence[str], jobs: int) -> Iterator[Forecast]:
    """Merge the current commit with each of several branches, and give what came of it in order.

    Args:
        folder: in the repository.
        branches: named in any way git knows.
        jobs: how many merges may run at once.

    Raises:
        ForecastError: a branch does not exist, or git is older than 2.38.
    """
    head, *tips = (_commit(folder, name) for name in ("HEAD", *branches))
    with _scratch(folder) as environment, ThreadPoolExecutor(jobs) as pool:
        running = [
            pool.submit(_merged, folder, environment, branch, head, tip)
            for branch, tip in zip(branches, tips, strict=True)
        ]
        for one in running:
            yield one.result()


def _merged(
    folder: Path, environment: dict[str, str], branch: str, head: str, tip: str
) -> Forecast:
    # Twice, rather than to ask which of git's conflicts would go: the answer is git's own.
    keys = dict(parts()["driver"].keys)
    with_driver = [f"{key}={value}" for key, value in keys.items()]
    options = ([f"{DEFAULT}=text", f"{DRIVER}={_FAILS}"], with_driver)
    outcomes = []
    for settings in options:
        merging = [part for each in settings for part in ("-c", each)]
        command = [*merging, "merge-tree", "--write-tree", "-z", "--stdin"]
        done = _git(
            folder,
            *command,
            "--allow-unrelated-histories",
            stdin=f"{head} {tip}\n",
            environment=environment,
        )
        reply = next(replies(done.stdout), None)
        if reply is None:
            words = os.fsdecode(done.stderr).strip().splitlines()
            return Forecast(branch, tip, problem=words[0] if words else "git could not merge it")
        outcomes.append(reply[1])
    alone, left = outcomes
    there = {one.path for one in left}
    resolved = tuple(one.path for one in alone if one.path not in there)
    return Forecast(branch, tip, left, resolved)


_FAILS = "git merge-file -p -q --marker-size=%L %A %O %B >%A.part; s=$?; mv %A.part %A; exit $s"
"""What a path gets whose attribute names the driver, where git is to merge alone."""


@contextmanager
def _scratch(folder: Path) -> Iterator[dict[str, str]]:
    """Give an environment in which git writes objects to a folder of its own."""
    said = _git(folder, "rev-parse", "--path-format=absolute", "--git-path", "objects")
    if said.returncode:
        raise ForecastError(f"{folder} is in no git repository")
    objects = os.fsdecode(said.stdout).removesuffix("\n")
    others = os.environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES", "")
    with tempfile.TemporaryDirectory(prefix="gitmerge-ai-forecast-") as place:
        yield {
            **os.environ,
            "GIT_OBJECT_DIRECTORY": place,
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": os.pathsep.join(filter(None, (objects, others))),
            "LC_ALL": "C",
        }


def _commit(folder: Path, name: str) -> str:
    done = _git(folder, "rev-parse", "-q", "--verify", "--end-of-options", f"{name}^{{commit}}")
    if done.returncode:
        raise ForecastError(f"there is no branch or commit {name}")
    return os.fsdecode(done.stdout).strip()


def _git(
    folder: Path,
    *arguments: str,
    stdin: str = "",
    environment: dict[str, str] | None = None,
) -> "subprocess.CompletedProcess[bytes]":
    command = ["git", "-C", os.fspath(folder), *arguments]
    return subprocess.run(
        command, input=stdin.encode(), env=environment, capture_output=True, check=False
    )
