"""Imports point down the floors, torch stays where it belongs, and the driver starts light."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import gitmerge_ai

PACKAGE = Path(gitmerge_ai.__file__).parent

FLOORS = (
    {"values", "shipped", "sealed", "layers", "executors"},
    {"text"},
    {"syntax", "repository"},
    {"differ"},
    {"merging"},
    {"resolving"},
    {"messages"},
    {"training", "demo"},
    {"evolution"},
    {"interface"},
    {"commands"},
    {"cli", "driver"},
)
"""From the ground up. A package imports from itself and from floors below its own."""

FACE = {"gitmerge_ai": {"values", "merging"}}
"""What the public API, on top of it all, loads on first use."""

DOWNWARD_DRIVER = {("repository", "driver"), ("commands", "driver")}
"""`driver.py` is a script; those who name it in git's configuration import it for its path."""

HEAVY = {"torch", "transformers"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def owner(module: Path) -> str:
    """Give the package of the first level, or the module there, that a file belongs to."""
    first = module.relative_to(PACKAGE).parts[0]
    return "gitmerge_ai" if first == "__init__.py" else first.removesuffix(".py")


def imported(module: Path) -> Iterator[str]:
    """Give the full names that a module imports anywhere in it."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def first_level(name: str) -> str | None:
    """Give the package of ours that an imported name belongs to, if one."""
    parts = name.split(".")
    if parts[0] != "gitmerge_ai" or len(parts) < 2:
        return None
    there = PACKAGE / parts[1]
    return parts[1] if there.is_dir() or there.with_suffix(".py").is_file() else None


def floor(name: str) -> int:
    return next(at for at, names in enumerate(FLOORS) if name in names)


def test_every_package_has_a_floor():
    known = set().union(*FLOORS) | {"gitmerge_ai"}
    assert {owner(module) for module in modules()} <= known


@pytest.mark.parametrize("module", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(module):
    mine = owner(module)
    others = {first_level(name) for name in imported(module)} - {None, mine}
    if mine in FACE:
        assert others <= FACE[mine]
        return
    upward = {
        name
        for name in others
        if floor(name) >= floor(mine) and (mine, name) not in DOWNWARD_DRIVER
    }
    assert not upward, f"{mine} must not know {upward}"


def test_only_training_knows_torch():
    knowing = {
        owner(module)
        for module in modules()
        if any(name.split(".")[0] in HEAVY for name in imported(module))
    }
    assert knowing <= {"training"}


@pytest.mark.parametrize("package", ["values", "text", "syntax", "differ", "merging"])
def test_the_engine_has_no_dataclasses(package):
    """To import `dataclasses` takes a driver call 10 ms, and each class half a millisecond."""
    knowing = [
        module.name
        for module in modules()
        if owner(module) == package and any("dataclasses" in name for name in imported(module))
    ]
    assert not knowing


@pytest.mark.parametrize("entry", ["gitmerge_ai.driver", "gitmerge_ai.commands.driving"])
def test_the_driver_starts_without_anything_slow(entry):
    slow = "{'click', 'pygit2', 'git', 'tree_sitter', 'rich', 'subprocess', 'collections'}"
    code = f"import {entry}, sys; print(sorted({slow} & set(sys.modules)))"
    command = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        f"import sys; sys.path.append({str(PACKAGE.parent)!r}); {code}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_command_line_imports_a_command_only_when_it_is_called():
    slow = "{'pygit2', 'git', 'tree_sitter', 'rich', 'gitmerge_ai.merging'}"
    code = f"import gitmerge_ai.cli, sys; print(sorted({slow} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
