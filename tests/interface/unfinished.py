"""Repositories in the middle of a merge or rebase, for the tests of the mergetool."""

from repositories import Repository

GAP = "\n\n\n\n"
"""Lines enough for git to make two conflicts of two changes."""

PRICES = f"""def net(items):
    return sum(item.price for item in items)
{GAP}
def tax(items):
    return net(items) * 0.19
{GAP}
def label(items):
    return net(items), "EUR"
{GAP}
def ship(items):
    return 5 if net(items) < 50 else 0
"""

FILES = {
    "prices.py": (PRICES, ["item.price for", "0.19", "EUR", "5 if"]),
    "notes.txt": (f"alpha\n{GAP}beta\n{GAP}gamma\n", ["alpha", "beta", "gamma"]),
    "cart.js": (f"function add(a) {{\n  return a.x;\n}}\n{GAP}let size = 10;\n", ["a.x", "10"]),
    "setup.cfg": ("[a]\nlevel = 1\n", ["level = 1"]),
}
"""Four files, and the ten words in them that both sides change."""


def changed(side: str) -> dict[str, str]:
    """Give the files as a side has them."""
    made = {}
    for name, (text, words) in FILES.items():
        for word in words:
            text = text.replace(
                word, f"{word}{SUFFIX[side]}" if name == "notes.txt" else WORDS[side][word], 1
            )
        made[name] = text
    return made


SUFFIX = {"ours": " and ours", "theirs": " and theirs"}

WORDS = {
    "ours": {
        "item.price for": "item.price * item.count for",
        "0.19": "0.20",
        "EUR": "euro",
        "5 if": "6 if",
        "a.x": "a.x + 1",
        "10": "20",
        "level = 1": "level = 2",
    },
    "theirs": {
        "item.price for": "item.price - item.rebate for",
        "0.19": "RATE",
        "EUR": "USD",
        "5 if": "7 if",
        "a.x": "a.y",
        "10": "30",
        "level = 1": "level = 3",
    },
}


def ten_conflicts(repo: Repository) -> Repository:
    """Stop a merge with ten conflicts in four files."""
    base = {name: text for name, (text, _) in FILES.items()}
    repo.diverge(base, changed("ours"), changed("theirs"))
    repo.git("merge", "side", ok=False)
    return repo
