"""The files of the demonstration: what the two branches did to each, and how it should come out.

`files/` holds a folder for each with its versions `base`, `ours`, `theirs` and `expected`; a file
without `expected` is one that only a person can merge. Nothing is merged here.
"""

from dataclasses import dataclass
from pathlib import Path

FILES = Path(__file__).parent / "files"


@dataclass(frozen=True, slots=True)
class Case:
    """One file that both branches changed.

    folder: of its versions.
    path: in the repository.
    shows: what both branches changed, in a few words.
    left_because: why it is left to the person, "" where it is merged.
    """

    folder: str
    path: str
    shows: str
    left_because: str = ""

    @property
    def expected(self) -> bytes | None:
        """The merged file, or `None` where a conflict is to be left."""
        return None if self.left_because else self.version("expected")

    def version(self, name: str) -> bytes:
        """Give a version of the file.

        Args:
            name: "base", "ours", "theirs" or "expected".
        """
        return (FILES / self.folder / name).read_bytes()


CASES = (
    Case("cart", "shop/cart.py", "imports, methods, one line"),
    Case("report", "shop/report.py", "moved here, changed there"),
    Case("order", "api/Order.java", "imports, fields, methods"),
    Case("price", "web/price.ts", "import, members, one line"),
    Case("search", "web/search.js", "different tokens of one line"),
    Case("routes", "server/routes.go", "imports, fields, functions"),
    Case("stock", "engine/stock.rs", "traits, variants, methods"),
    Case("invoice", "desktop/Invoice.cs", "usings, properties, methods"),
    Case("package", "web/package.json", "scripts, dependencies"),
    Case("service", "deploy/service.yaml", "variables"),
    Case("changelog", "CHANGELOG.md", "entries"),
    Case("requirements", "requirements.txt", "requirements"),
    Case(
        "legacy",
        "shop/legacy.py",
        "changed here, deleted there",
        "only a person knows whether the change still matters once the function is gone",
    ),
    Case(
        "tax",
        "shop/tax.py",
        "one expression, two ways",
        "the two cannot both be right, and nothing in the file says which one is",
    ),
)
