"""Draws the pictures of docs/mergetool.md: from the root
`PYTHONPATH=tests python docs/pictures/mergetool.py`.

It makes a merge like a real one, opens it, presses keys and keeps what is on the screen.
"""

import asyncio
import os
import re
import tempfile
from pathlib import Path

from repositories import Repository

from gitmerge_ai.interface.mergetool.app import Mergetool
from gitmerge_ai.interface.mergetool.drafts import Drafts
from gitmerge_ai.interface.mergetool.loading import from_index
from gitmerge_ai.interface.mergetool.ranking import Means
from gitmerge_ai.interface.mergetool.saving import Files

ROOT = Path(__file__).parent.parent.parent

PICTURES = {
    "mergetool-wide": ((120, 36), ["n", "1"]),
    "mergetool-narrow": ((80, 24), ["n"]),
    "mergetool-deleted": ((80, 24), []),
    "mergetool-origins": ((100, 30), ["n", "n", "w"]),
}
"""For each picture the terminal's size and the keys that lead to it."""

BASE = '''"""Prices of a cart."""

from decimal import Decimal

RATE = Decimal("0.19")


def net(items):
    """Sum the prices up."""
    total = Decimal(0)
    for item in items:
        total += item.price
    return total


def tax(items, rate=RATE):
    return net(items) * rate


def shipping(items):
    # free above fifty
    if net(items) >= 50:
        return Decimal(0)
    return Decimal("4.90")


def label(items):
    return f"{net(items) + tax(items)} EUR"
'''

Change = tuple[str, tuple[str, str]]

OURS: list[Change] = [
    ("Count items that are bought more than once", ("item.price", "item.price * item.count")),
    ("Raise shipping to 5.90", ("4.90", "5.90")),
    ("Show the currency by its sign", ("} EUR", "} €")),
]

THEIRS: list[Change] = [
    ("Take rebates off", ("item.price", "item.price - item.rebate")),
    ("Charge heavy carts by weight", ('("4.90")', '("4.90") + weight(items) * PER_KILO')),
    ("Round to cents", ("{net(items) + tax(items)}", "{round(net(items) + tax(items), 2)}")),
]


def unfinished(folder: Path) -> Repository:
    """Make a repository in the middle of a merge."""
    repo = Repository.init(folder)
    code, style = "shop/prices.py", "shop/old.css"
    os.environ |= {"GIT_COMMITTER_NAME": "c", "GIT_COMMITTER_EMAIL": "c@example.com"}
    os.environ |= {"GIT_AUTHOR_EMAIL": "a@example.com", "GIT_AUTHOR_NAME": "Ada Moss"}
    repo.commit("Sum up prices", {code: BASE, style: "a { color: red }\n"})
    repo.git("branch", "feature")
    for branch, author, changes in (("main", "Ada Moss", OURS), ("feature", "Bo Lind", THEIRS)):
        repo.git("checkout", "-q", branch)
        os.environ["GIT_AUTHOR_NAME"] = author
        for subject, (old, new) in changes:
            repo.commit(subject, {code: repo.read(code).replace(old, new)})
    repo.commit("Make links blue", {style: "a { color: blue }\n"})
    repo.git("checkout", "-q", "main")
    repo.git("rm", "-q", style)
    repo.git("commit", "-q", "-m", "Drop the old style sheet")
    repo.git("merge", "feature", ok=False)
    return repo


async def draw(repo: Repository, size: tuple[int, int], keys: list[str]) -> str:
    """Open the merge, press keys and give the screen as SVG, with no font from a network."""
    files = Files(from_index(repo.path), repo.path, Drafts(None))
    app = Mergetool(files, "merge", 0.95, Means(repo.path))
    async with app.run_test(size=size) as pilot:
        for key in [*keys, ""]:
            while not app.view.ranked:
                await pilot.pause(0.1)
            if key:
                await pilot.press(key)
        await pilot.pause(1.0)
        svg = app.export_screenshot(title="gitmerge-ai mergetool")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def main() -> None:
    """Draw all pictures."""
    for name, (size, keys) in PICTURES.items():
        with tempfile.TemporaryDirectory() as folder:
            svg = asyncio.run(draw(unfinished(Path(folder)), size, keys))
        (ROOT / "docs" / "pictures" / f"{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
