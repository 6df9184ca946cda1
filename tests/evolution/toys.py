"""A small program to evolve, quick to run, and what a run must leave as it was."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from repositories import ROOT, Repository, gitmerge_ai

PROGRAM = '''\
def total(numbers):
    """Add what is not negative."""
    found = 100
    for number in numbers:
        if number > 3:
            found = found + number
    return found - 7
'''

SCORE = """\
from program import total
print(sum(abs(total(range(n)) - n * (n - 1) // 2) for n in range(6)))
"""

CHECK = """\
from program import total
assert isinstance(total([]), (int, float)), total([])
print("1 passed")
"""

TESTS = """\
from program import total
cases = {(): 0, (1,): 1, (5,): 5, (4, 5): 9, (1, 2, 3): 6}
failed = sum(total(list(case)) != wanted for case, wanted in cases.items())
print(f"{failed} failed, {len(cases) - failed} passed")
raise SystemExit(failed > 0)
"""

FILES = {"program.py": PROGRAM, "score.py": SCORE, "check.py": CHECK, "tests.py": TESTS}

OPTIMISE = (
    "--goal",
    "less",
    "--check",
    "python -S check.py",
    "--score",
    "lower:python -S score.py",
)
MEND = ("--goal", "mend it", "--until", "python -S tests.py")


def toy(repository: Repository) -> Repository:
    """Commit the program, and let there be something of everything that a run must not touch."""
    repository.commit("base", dict(FILES))
    repository.git("branch", "other")
    repository.write({"program.py": PROGRAM + "# stashed\n"})
    repository.git("stash", "-q")
    repository.write({"check.py": CHECK + "# staged\n", "untracked": "mine\n"})
    repository.git("add", "check.py")
    repository.write({"score.py": SCORE + "# changed\n"})
    return repository


def evolve(repository: Repository, *arguments: str, **options: Any) -> list[dict[str, Any]]:
    """Run `evolve` to its end and give its events."""
    done = gitmerge_ai("evolve", *arguments, "--json", cwd=repository.path, **options)
    words = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, words
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def start(repository: Repository, *arguments: str) -> "subprocess.Popen[bytes]":
    """Start a run that does not end by itself, and wait until it has a few children."""
    program = "from gitmerge_ai.cli import main; main()"
    running = subprocess.Popen(
        [sys.executable, "-c", program, "evolve", *arguments, "--json"],
        cwd=repository.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert running.stdout
    for _ in range(4):
        assert running.stdout.readline(), running.stderr and running.stderr.read()
    return running


def untouched(repository: Repository) -> dict[str, bytes]:
    """Give all of a repository that a run has no business with."""
    own = (".git/objects/", ".git/refs/gitmerge-ai/", ".git/refs/notes/gitmerge-ai/")
    found = {}
    for path in sorted(repository.path.rglob("*")):
        name = str(path.relative_to(repository.path))
        if path.is_file() and not name.startswith(own):
            found[name] = path.read_bytes()
    return found


def sound(repository: Repository) -> bool:
    """Whether git finds nothing wrong, and no lock or worktree was left."""
    done = subprocess.run(
        ["git", "fsck", "--strict", "--no-dangling"],
        cwd=repository.path,
        capture_output=True,
        check=False,
    )
    locks = list((repository.path / ".git").rglob("*.lock"))
    worktrees = repository.git("worktree", "list").splitlines()
    return done.returncode == 0 and not done.stderr and not locks and len(worktrees) == 1


def left_behind(temporary: Path) -> list[str]:
    """Give the folders of workers, and the processes that work in them."""
    folders = [path.name for path in temporary.glob("gitmerge-ai-evolve-*")]
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                words = (process / "cmdline").read_bytes().decode(errors="replace")
                environment = (process / "environ").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if str(temporary) in words + environment and "keeper" in words + environment:
                folders.append(words)
    return folders
