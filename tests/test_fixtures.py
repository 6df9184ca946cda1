"""Every folder under fixtures/ merges to exactly what its expected file says."""

from pathlib import Path

import pytest

from gitmerge_ai.merging.files import merge_files
from gitmerge_ai.syntax.languages import for_path

FIXTURES = Path(__file__).parent.parent / "fixtures"
CASES = sorted(path.parent for path in FIXTURES.rglob("about.txt"))


def versions(case: Path) -> dict[str, Path]:
    return {path.name.partition(".")[0]: path for path in case.iterdir()}


def in_git_path(case: Path) -> str:
    """What git would call the file: its language is told by the extension, or by the name."""
    if (case / "path.txt").exists():
        return (case / "path.txt").read_text().strip()
    _, _, extension = versions(case)["base"].name.partition(".")
    return f"{case.name}.{extension}"


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.relative_to(FIXTURES).as_posix())
def test_merges_as_expected(case: Path) -> None:
    files = versions(case)
    base, ours, theirs, expected = (
        files[name].read_bytes() for name in ("base", "ours", "theirs", "expected")
    )
    path = in_git_path(case)
    row = for_path(path)
    if row and row.extra:
        pytest.importorskip(row.grammar.partition(":")[0])
    data, result = merge_files(base, ours, theirs, path=path, labels=("base", "ours", "theirs"))
    assert data.decode(errors="surrogateescape") == expected.decode(errors="surrogateescape")
    assert result.clean == (b"<<<<<<<" not in expected)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.relative_to(FIXTURES).as_posix())
def test_says_in_one_line_what_it_shows(case: Path) -> None:
    about = (case / "about.txt").read_text()
    assert about.count("\n") == 1
    assert len(about) > 20
