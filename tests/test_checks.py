"""Each check finds what it is there for, and lets a good merge pass."""

from collections.abc import Callable

import pytest

from gitmerge_ai.merging import checks
from gitmerge_ai.merging.pieces import Open, Pieces
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.syntax.tree import Source


def source(path: str, text: str) -> Source:
    row = for_path(path)
    assert row is not None
    return Source(row, text.encode())


TreeCheck = Callable[[list[Source], Source], str | None]


def run(check: TreeCheck, path: str, base: str, ours: str, theirs: str, merged: str) -> str | None:
    return check([source(path, t) for t in (base, ours, theirs)], source(path, merged))


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged", "fault"),
    [
        (b"a b", b"a b c", b"a b d", [b"a b c d"], None),
        (b"a b", b"a b c", b"a b d", [b"a b c"], "loses 'd'"),
        (b"a b", b"a b c", b"a b", [b"a b c c"], "doubles 'c'"),
        (b"a b", b"a b c", b"a b c", [b"a b c"], None),
        (b"a b", b"a b c", b"a b c", [b"a b c c"], None),
        (b"a b", b"a b c", b"a b c", [b"a b c c c"], "doubles 'c'"),
        (b"a b", b"b", b"a b", [b"b"], None),
        (b"a b", b"b", b"a b", [b"a b"], "doubles 'a'"),
        (b"a b", b"a b", b"a b", [b"a"], "loses 'b'"),
        (b"a b", b"a b", b"a b", [b"a b x"], "doubles 'x'"),
        (b"a a", b"a", b"a", [b""], None),
        (b"a a a a", b"a a", b"a a a", [b""], "loses 'a'"),
        (b"a", b"a a", b"", [b"a"], None),
        (b"f(a)", b"f(a, b)", b"f(a, c)", [b"f(a, b, c,)"], None),
        (b"a x", b"a y", b"a z", [b"a ", Open(b"x", b"y", b"z", "")], None),
        (b"a x", b"a y", b"a z w", [b"a ", Open(b"x", b"y", b"z", "")], "loses 'w'"),
    ],
)
def test_words_are_counted(
    base: bytes, ours: bytes, theirs: bytes, merged: Pieces, fault: str | None
) -> None:
    found = checks.lost_or_doubled(base, ours, theirs, merged)
    assert found == (fault and f"the merge {fault}")


def test_a_conflict_shows_lines_of_its_side_only() -> None:
    versions = (b"a\nx\n", b"a\ny\n", b"a\nz\n")
    assert checks.foreign_lines(versions, [b"a\n", Open(b"x\n", b"y\n", b"z\n", "")]) is None
    for other in (
        Open(b"y\n", b"y\n", b"z\n", ""),
        Open(b"x\n", b"z\n", b"z\n", ""),
        Open(b"x\n", b"y\n", b"x\n", ""),
    ):
        assert checks.foreign_lines(versions, [b"a\n", other])


@pytest.mark.parametrize(
    ("sides", "merged", "good"),
    [
        (("a\n", "b\n", "c\n"), "b\n", True),
        (("a\n", "b\n", "c\n"), "<<<<<<< ours\nb\n", False),
        (("<<<<<<< x\n", "<<<<<<< x\nb\n", "<<<<<<< x\nc\n"), "<<<<<<< x\nb\n", True),
        (("<<<<<<< x\n", "<<<<<<< x\nb\n", "<<<<<<< x\nc\n"), "b\n", False),
        (("a\n", "b\n", "c\n"), "    <<<<<<< shown\n", True),
    ],
)
def test_markers_neither_come_nor_go(sides: tuple[str, str, str], merged: str, good: bool) -> None:
    assert (checks.stray_markers(sides, merged, 7) is None) == good


def test_a_merge_has_no_more_parse_errors_than_its_versions() -> None:
    assert run(checks.parse_errors, "a.js", "f();\n", "g();\n", "f(1);\n", "g(1);\n") is None
    assert run(checks.parse_errors, "a.js", "f();\n", "g();\n", "f(1);\n", "g(1;\n")
    assert run(checks.parse_errors, "a.js", "f(;\n", "g(;\n", "f(1;\n", "g(1;\n") is None


def test_python_that_the_grammar_lets_pass_is_refused() -> None:
    good = "def f():\n    return 1\n"
    bad = "def f():\nreturn 1\n"
    assert run(checks.python_syntax, "a.py", good, good, good, good) is None
    assert run(checks.python_syntax, "a.py", good, good, good, bad)
    assert run(checks.python_syntax, "a.py", bad, bad, good, bad) is None
    assert run(checks.python_syntax, "a.js", "f();", "f();", "f();", "f(") is None


@pytest.mark.parametrize(
    ("path", "base", "doubled"),
    [
        ("A.java", "class A {\n  int a;\n}\n", "class A {\n  int a;\n  int a;\n}\n"),
        ("a.json", '{"name": 1}\n', '{"name": 1, "name": 1}\n'),
        ("a.go", "package a\n\nfunc f() {}\n", "package a\n\nfunc f() {}\n\nfunc f() {}\n"),
    ],
)
def test_a_declaration_stands_once(path: str, base: str, doubled: str) -> None:
    assert run(checks.doubled_declarations, path, base, base, base, base) is None
    assert run(checks.doubled_declarations, path, base, base, base, doubled)
    assert run(checks.doubled_declarations, path, base, doubled, base, doubled) is None


def test_overloads_are_no_doubles() -> None:
    base = "class A {\n  void f(int a) {}\n}\n"
    merged = "class A {\n  void f(int a) {}\n  void f(long a) {}\n}\n"
    assert run(checks.doubled_declarations, "A.java", base, base, base, merged) is None


def test_a_string_is_not_indented_anew() -> None:
    with_string = 'def f():\n    s = """\n    one\n"""\n'
    shifted = 'def f():\n    s = """\n        one\n"""\n'
    base = "def f():\n    pass\n"
    assert run(checks.shifted_strings, "a.py", base, with_string, base, with_string) is None
    assert run(checks.shifted_strings, "a.py", base, with_string, base, shifted)
    moved = "def f():\n        one()\n"
    assert run(checks.shifted_strings, "a.py", base, "def f():\n    one()\n", base, moved) is None


@pytest.mark.parametrize(
    ("versions", "merged", "clean"),
    [
        ([b"a()\nb()\n", b"xx()\nb()\n", b"a()\nxx()\nb()\n"], b"xx()\nxx()\nb()\n", False),
        ([b"a()\n", b"xx()\na()\n", b"a()\nxx()\n"], b"xx()\na()\nxx()\n", True),
        ([b"xx\nxx\n", b"xx\nxx\na\n", b"b\nxx\nxx\n"], b"b\nxx\nxx\na\n", True),
        ([b"a {\n}\n", b"a {\n{\n}\n}\n", b"a {\n}\nb\n"], b"a {\n{\n}\n}\nb\n", True),
    ],
)
def test_no_line_stands_twice_in_a_row(versions: list[bytes], merged: bytes, clean: bool) -> None:
    assert (checks.repeated_lines(versions, merged) is None) == clean


@pytest.mark.parametrize(
    ("path", "base", "ours", "theirs", "merged", "clean"),
    [
        ("a.py", "f()\n", "return f()\n", "f()\ng()\n", "return f()\ng()\n", False),
        ("a.py", "f()\n", "h()\nf()\n", "f()\ng()\n", "h()\nf()\ng()\n", True),
        ("a.py", "return f()\ng()\n", "return f()\ng(1)\n", "return f()\ng()\n# h\n",
         "return f()\ng(1)\n# h\n", True),
        ("A.java", "f();", "throw f();", "f(); g();", "throw f(); g();", False),
        ("a.js", "f();", "return f();", "f(); function g(){}", "return f(); function g(){}", True),
        ("a.go", "f()", "return f()", "f(); g()", "return f(); g()", False),
        ("a.rs", "f();", "return f();", "f(); g();", "return f(); g();", False),
        ("a.c", "f();", "return f();", "f(); g();", "return f(); g();", False),
    ],
)  # fmt: skip
def test_nothing_comes_to_stand_behind_a_jump(
    path: str, base: str, ours: str, theirs: str, merged: str, clean: bool
) -> None:
    frames = {
        "a.py": "def w():\n    {}",
        "A.java": "class A {{ void w() {{ {} }} }}",
        "a.js": "function w() {{ {} }}",
        "a.go": "package a\nfunc w() {{ {} }}\n",
        "a.rs": "fn w() {{ {} }}",
        "a.c": "void w() {{ {} }}",
    }
    texts = [t.rstrip().replace("\n", "\n    ") for t in (base, ours, theirs, merged)]
    whole = [frames[path].format(text) for text in texts]
    fault = run(checks.unreachable, path, whole[0], whole[1], whole[2], whole[3])
    assert (fault is None) == clean
