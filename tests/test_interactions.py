"""Edits that are about one thing are left to the person; those that only share a node are not."""

import pytest

from gitmerge_ai.merging.pipeline import merge
from gitmerge_ai.values import Sides

# path, base, ours, theirs
TOGETHER = [
    ("a.js", "x = c ? a : b;", "x = !c ? a : b;", "x = c ? b : a;"),
    ("a.js", "x = p == q ? a : b;", "x = p != q ? a : b;", "x = p == q ? b : a;"),
    ("a.js", "if (c) a();\nelse b();", "if (!c) b();\nelse a();", "if (c) a(1);\nelse b();"),
    ("a.js", "if (c) a();\nelse b();", "if (!c) a();\nelse b();", "if (c) a();\nelse d();"),
    ("a.py", "x = a if c else b", "x = b if c else a", "x = a if not c else b"),
    ("a.py", "x = a if n > 3 else b", "x = a if n <= 3 else b", "x = b if n > 3 else a"),
    ("a.kt", "val x = if (c) a else b", "val x = if (!c) a else b", "val x = if (c) b else a"),
    ("a.rb", "x = c ? a : b", "x = !c ? a : b", "x = c ? b : a"),
    ("a.c", "int x = c ? a : b;", "int x = !c ? a : b;", "int x = c ? b : a;"),
    (
        "a.rs",
        "fn f() { match x { A => a(), B => b(), C => c() } }",
        "fn f() { match x { B => a(), A => b(), C => c() } }",
        "fn f() { match x { A => b(), B => a(), C => c() } }",
    ),
    (
        "a.go",
        "package a\n\nfunc f() {\n\tfor i := 0; i < n; i++ {\n\t}\n}",
        "package a\n\nfunc f() {\n\tfor i := 1; i < n; i++ {\n\t}\n}",
        "package a\n\nfunc f() {\n\tfor i := 0; i <= n; i++ {\n\t}\n}",
    ),
]

APART = [
    ("a.js", "x = c ? a : b;", "x = d ? a : b;", "x = c ? a : e;", "x = d ? a : e;"),
    (
        "a.js",
        "x = c ? a : b;",
        "x = c && d ? a : b;",
        "x = c ? a(1) : b;",
        "x = c && d ? a(1) : b;",
    ),
    ("a.py", "x = a if c else b", "x = a if d else b", "x = a if c else e", "x = a if d else e"),
    (
        "a.c",
        "void f() { for (int i = 0; i < n; i++) g(i); }",
        "void f() { for (long i = 0; i < n; i++) g(i); }",
        "void f() { for (int i = 0; i < n; ++i) g(i); }",
        "void f() { for (long i = 0; i < n; ++i) g(i); }",
    ),
]


@pytest.mark.parametrize("exchanged", [False, True])
@pytest.mark.parametrize(("path", "base", "ours", "theirs"), TOGETHER)
def test_what_undoes_the_other_sides_edit_stays(
    path: str, base: str, ours: str, theirs: str, exchanged: bool
) -> None:
    first, second = (theirs, ours) if exchanged else (ours, theirs)
    result = merge(Sides(f"{base}\n", f"{first}\n", f"{second}\n", path), style="diff3")
    assert not result.clean
    assert result.conflicts[0].sides.base.strip() in base


@pytest.mark.parametrize(("path", "base", "ours", "theirs", "merged"), APART)
def test_edits_of_two_parts_of_a_node_go_together(
    path: str, base: str, ours: str, theirs: str, merged: str
) -> None:
    result = merge(Sides(f"{base}\n", f"{ours}\n", f"{theirs}\n", path))
    assert result.text == f"{merged}\n"


def test_an_exchange_by_both_sides_is_one() -> None:
    base, ours = "x = c ? a : b;\ny();\n", "x = c ? b : a;\ny();\n"
    assert merge(Sides(base, ours, ours.replace("y", "z"), "a.js")).text == ours.replace("y", "z")
