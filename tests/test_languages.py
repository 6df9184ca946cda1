"""Every row of the table agrees with the grammar that it names."""

import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from tree_sitter import Language as Grammar

from gitmerge_ai.syntax.language import Language
from gitmerge_ai.syntax.languages import for_path, rows
from gitmerge_ai.syntax.paths import Pattern, pattern, steps

DOCUMENT = Path(__file__).parent.parent / "docs" / "languages.md"
PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"
ROWS = list(rows())


def by_name(row: Language) -> str:
    return row.name


def grammar(row: Language) -> Grammar:
    module, _, function = row.grammar.partition(":")
    found = pytest.importorskip(module) if row.extra else import_module(module)
    return Grammar(getattr(found, function)())


def kinds(of: Grammar) -> set[str]:
    return {of.node_kind_for_id(i) or "" for i in range(of.node_kind_count)}


def fields(of: Grammar) -> set[str]:
    return {of.field_name_for_id(i) or "" for i in range(1, of.field_count + 1)}


def kinds_of_row(row: Language) -> Iterator[str]:
    yield from row.signatures
    for rule in row.commutative:
        yield from rule.parent.split("/")
    for named in (row.attached, row.comments, row.atoms, row.sorted_members):
        yield from named


@pytest.mark.parametrize("row", ROWS, ids=by_name)
def test_kinds_are_in_the_grammar(row: Language) -> None:
    assert set(kinds_of_row(row)) <= kinds(grammar(row))


def steps_of_row(row: Language) -> Iterator[Pattern]:
    for paths in row.signatures.values():
        for path in (path.partition("~")[0].rstrip("/") for path in paths):
            yield from steps(path or ".")
    for rule in row.commutative:
        yield from (pattern(kind) for group in rule.children for kind in group if kind != "*")
        for path in rule.distinct:
            yield from steps(path)


@pytest.mark.parametrize("row", ROWS, ids=by_name)
def test_steps_are_in_the_grammar(row: Language) -> None:
    of = grammar(row)
    known = kinds(of) | fields(of) | {"."}
    asked = list(steps_of_row(row))
    for step in asked:
        asked.extend(steps(step.where) if step.where else ())
    assert {step.kind for step in asked} <= known


@pytest.mark.parametrize("row", ROWS, ids=by_name)
def test_a_parent_has_one_rule(row: Language) -> None:
    parents = [rule.parent for rule in row.commutative]
    assert len(parents) == len(set(parents))


def test_names_and_paths_are_of_one_row() -> None:
    for of_row in (
        lambda row: (row.name,),
        lambda row: row.extensions,
        lambda row: row.filenames,
        lambda row: row.interpreters,
    ):
        found = [key.lower() for row in ROWS for key in of_row(row)]
        assert sorted(found) == sorted(set(found))


def test_extensions_begin_with_a_dot() -> None:
    assert all(ext.startswith(".") for row in ROWS for ext in row.extensions)


@pytest.mark.parametrize("row", ROWS, ids=by_name)
def test_wheel_is_a_dependency(row: Language) -> None:
    project = tomllib.loads(PYPROJECT.read_text())["project"]
    optional = project["optional-dependencies"]
    extras = optional["languages"] + optional["cmake"]
    listed = extras if row.extra else project["dependencies"]
    names = {re.split(r"[^\w-]", wheel)[0].lower() for wheel in listed}
    assert row.grammar.partition(":")[0].replace("_", "-") in names


@pytest.mark.parametrize("row", ROWS, ids=by_name)
def test_row_is_documented(row: Language) -> None:
    assert f"`{row.name}`" in DOCUMENT.read_text()


@pytest.mark.parametrize("row", ROWS, ids=by_name)
def test_a_path_finds_its_row(row: Language) -> None:
    for extension in row.extensions:
        assert for_path(f"some/where.old/file{extension}") is row
    for filename in row.filenames:
        assert for_path(f"some/where/{filename}") is row


def test_an_interpreter_finds_its_row() -> None:
    found = for_path("bin/tool", "#!/usr/bin/env python3\nprint(1)\n")
    assert found is not None
    assert found.name == "python"
    assert for_path("bin/tool", "print(1)\n") is None
