"""Draws the pictures of docs/review.md and docs/backtest.md: from the root
`PYTHONPATH=tests python docs/pictures/pages.py`, with chromium on the path.

The review is that of the demonstration's merge. The backtest is one of a repository in which the
cases under fixtures/ were merged, most as they should be, some by taking one side.
"""

import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from repositories import Repository, gitmerge_ai

from gitmerge_ai.demo.story import tell

ROOT = Path(__file__).parent.parent.parent

TAKEN = {4: "ours", 9: "theirs"}
"""Which of ten merges people settled by a side; the others became what is expected."""

YEARS = range(2019, 2026)


def review(folder: Path, page: Path) -> None:
    """Merge what the demonstration merges, commit it, and write its review."""
    repo = Repository(folder / "shop")
    repo.path.mkdir()
    tell(repo.path)
    repo.git("checkout", "-q", "--ours", ".")
    repo.git("commit", "-q", "-a", "--no-edit")
    done = gitmerge_ai("review", "--html", str(page), cwd=repo.path)
    assert done.returncode == 0, done.stderr


def backtest(folder: Path, page: Path) -> None:
    """Merge the fixtures one by one as people might have, and write their backtest."""
    repo = Repository.init(folder / "fixtures")
    repo.commit("Begin", {"README": "Merges of all kinds\n"})
    cases = sorted(path.parent for path in (ROOT / "fixtures").rglob("about.txt"))
    for number, case in enumerate(cases):
        year = YEARS[number * len(YEARS) // len(cases)]
        date = f"{year}-06-01T12:00:00 +0000"
        os.environ |= {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        texts = {file.name.partition(".")[0]: file for file in case.iterdir()}
        people = texts[TAKEN.get(number % 10, "expected")].read_bytes()
        if b"<<<<<<<" in people:
            people = texts["ours"].read_bytes()
        _, _, ending = texts["base"].name.partition(".")
        name = f"{case.parent.name}/{case.name}.{ending}"
        base, ours, theirs = ({name: texts[side].read_bytes()} for side in SIDES)
        repo.commit("base", base)
        repo.git("checkout", "-q", "-B", "side")
        repo.commit("theirs", theirs)
        repo.git("checkout", "-q", "main")
        repo.commit("ours", ours)
        repo.run("git", "merge", "-q", "side")
        repo.write({name: people})
        repo.git("add", "-A")
        repo.git("commit", "-q", "--allow-empty", "-m", f"merge {name}")
    done = gitmerge_ai("backtest", str(repo.path), "--html", str(page), cwd=folder)
    assert done.returncode == 0, done.stderr


SIDES = ("base", "ours", "theirs")

PICTURES: dict[str, tuple[Callable[[Path, Path], None], tuple[int, int]]] = {
    "review": (review, (960, 980)),
    "backtest": (backtest, (1200, 1500)),
}
"""For each picture what writes its page, and how much of that is shown."""


def main() -> None:
    """Draw both."""
    os.environ |= {f"GIT_{who}_NAME": "Ada Moss" for who in ("AUTHOR", "COMMITTER")}
    os.environ |= {f"GIT_{who}_EMAIL": "a@example.com" for who in ("AUTHOR", "COMMITTER")}
    for name, (write, (width, height)) in PICTURES.items():
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "page.html"
            write(Path(folder), page)
            options = [
                "--headless",
                "--no-sandbox",
                "--hide-scrollbars",
                "--force-color-profile=srgb",
            ]
            options += [f"--window-size={width},{height}"]
            options += [f"--screenshot={ROOT / 'docs' / 'pictures' / name}.png"]
            subprocess.run(["chromium", *options, page.as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    main()
