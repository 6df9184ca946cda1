"""The merge of trees: what it carries along, what it leaves, and how it writes lists."""

import pytest

from gitmerge_ai.differ.lines import to_bytes
from gitmerge_ai.merging.indented import merge_indented
from gitmerge_ai.merging.pieces import Open, Pieces, is_open, text_of
from gitmerge_ai.merging.tree import merge_sources
from gitmerge_ai.syntax.grammar import OWN_EXTRAS, MissingGrammar, keywords
from gitmerge_ai.syntax.languages import for_path, table
from gitmerge_ai.syntax.tree import Node, Source


def source(path: str, text: str) -> Source:
    row = for_path(path)
    assert row is not None
    return Source(row, to_bytes(text))


def pieces(path: str, base: str, ours: str, theirs: str, *, by_token: bool = True) -> Pieces:
    versions = (source(path, text) for text in (base, ours, theirs))
    return merge_sources(*versions, by_token=by_token)


def merged(path: str, base: str, ours: str, theirs: str) -> str:
    found = pieces(path, base, ours, theirs)
    assert not is_open(found)
    return text_of(found).decode()


@pytest.mark.parametrize(
    ("path", "base", "ours", "theirs", "expected"),
    [
        (
            "a.py",
            "def f():\n    return 1\n\n\ndef g():\n    return 2\n",
            "def g():\n    return 2\n\n\ndef f():\n    return 1\n",
            "def f():\n    return 10\n\n\ndef g():\n    return 2\n",
            "def g():\n    return 2\n\n\ndef f():\n    return 10\n",
        ),
        (
            "A.java",
            "class A {\n  void f(int a) {\n    one();\n    two();\n  }\n}\n",
            "class A {\n  void g(int a) {\n    one();\n    two();\n  }\n}\n",
            "class A {\n  void f(int a) {\n    one();\n    three();\n  }\n}\n",
            "class A {\n  void g(int a) {\n    one();\n    three();\n  }\n}\n",
        ),
        (
            "a.json",
            '{"a": 1, "b": 2}\n',
            '{"a": 1, "b": 2, "c": 3}\n',
            '{"a": 1, "b": 2, "d": 4}\n',
            '{"a": 1, "b": 2, "c": 3, "d": 4}\n',
        ),
        (
            "a.ts",
            "import { a } from 'm';\n",
            "import { a, b } from 'm';\n",
            "import { a, c } from 'm';\n",
            "import { a, b, c } from 'm';\n",
        ),
        (
            "a.toml",
            '[p]\nname = "a"\nversion = "1"\nedition = "2"\n',
            '[p]\nname = "a"\n',
            '[p]\nname = "a"\nversion = "1"\nedition = "2"\nlicense = "M"\nrust = "1"\n',
            '[p]\nname = "a"\nlicense = "M"\nrust = "1"\n',
        ),
        (
            "a.go",
            "package a\n\nfunc f() {\n\tx()\n}\n",
            "package a\n\nfunc f() {\n\tx()\n}\n\nfunc g() {\n}\n",
            "package a\n\nfunc f() {\n\tx()\n}\n\nfunc h() {\n}\n",
            "package a\n\nfunc f() {\n\tx()\n}\n\nfunc g() {\n}\n\nfunc h() {\n}\n",
        ),
    ],
    ids=["moved", "renamed", "keys", "imports", "one member left", "functions"],
)
def test_both_changes_are_kept(path: str, base: str, ours: str, theirs: str, expected: str) -> None:
    assert merged(path, base, ours, theirs) == expected


@pytest.mark.parametrize(
    ("path", "base", "ours", "theirs"),
    [
        (
            "a.py",
            "def f():\n    return 1\n",
            "def f():\n    return 2\n",
            "def f():\n    return 3\n",
        ),
        ("a.py", "x = 1\ny = 2\n", "y = 2\n", "x = 3\ny = 2\n"),
        ("a.json", '{"a": 1}\n', '{"a": 1, "b": 2}\n', '{"a": 1, "b": 3}\n'),
        ("a.js", "a();\nb();\n", "a();\nx();\nb();\n", "a();\ny();\nb();\n"),
    ],
    ids=["one value twice", "deleted and changed", "one key with two values", "statements"],
)
def test_what_nobody_can_know_stays_open(path: str, base: str, ours: str, theirs: str) -> None:
    assert is_open(pieces(path, base, ours, theirs))
    assert is_open(pieces(path, base, theirs, ours))


def test_only_the_statement_in_question_stays_open() -> None:
    base = "def f():\n    a = 1\n    b = 2\n    c = 3\n"
    ours = base.replace("a = 1", "a = 10").replace("c = 3", "c = 30")
    theirs = base.replace("a = 1", "a = 11").replace("b = 2", "b = 20")
    found = [p for p in pieces("a.py", base, ours, theirs) if isinstance(p, Open)]
    assert [(p.ours.strip(), p.theirs.strip()) for p in found] == [(b"a = 10", b"a = 11")] or [
        (p.ours, p.theirs) for p in found
    ] == [(b"10", b"11")]


def test_a_parse_error_elsewhere_does_not_matter() -> None:
    base = "def f(a):\n    return a\n\n\ndef g(:\n    pass\n\n\nx = [1, 2]\n"
    ours = base.replace("[1, 2]", "[1, 2, 3]")
    theirs = base.replace("[1, 2]", "[0, 1, 2]")
    assert merged("a.py", base, ours, theirs) == base.replace("[1, 2]", "[0, 1, 2, 3]")


def test_what_is_added_to_a_block_that_moved_in_takes_its_indentation() -> None:
    base = "class A {\n  int a;\n}\n"
    ours = "class A {\n    int a;\n    int b;\n}\n"
    theirs = "class A {\n  int a;\n\n  void f() {\n    g();\n  }\n}\n"
    result = merged("A.java", base, ours, theirs)
    assert "    int a;\n    int b;\n" in result
    assert "\n    void f() {\n" in result


def test_an_empty_base_merges_what_both_added() -> None:
    ours = "import a\nimport b\n"
    theirs = "import a\nimport c\n"
    assert merged("a.py", "", ours, theirs) == "import a\nimport b\nimport c\n"


def leaves(node: Node) -> list[bytes]:
    return [leaf.text for leaf in node.tokens()]


def test_comments_belong_to_what_they_stand_at() -> None:
    root = source("a.py", "# of f\ndef f():\n    pass\n\n# alone\n\nx = 1  # of x\n").root
    assert [child.kind for child in root.children] == [
        "function_definition",
        "comment",
        "expression_statement",
    ]
    assert root.children[0].is_group
    assert root.children[2].text == b"x = 1  # of x"
    assert b"# of f" in leaves(root.children[0])


def test_nodes_are_the_same_but_for_white_space_between_tokens() -> None:
    one = source("a.js", "f(a, b);\n").root
    other = source("a.js", "f(a,\n  b);\n").root
    string = source("a.js", "f('a  b');\n").root
    assert one.same_as(other)
    assert not string.same_as(source("a.js", "f('a b');\n").root)


def test_a_signature_is_what_siblings_are_told_apart_by() -> None:
    text = "class A {\n  void f(int a) {}\n  void f(int b) {}\n  void f(long a) {}\n  int x;\n}\n"
    body = source("A.java", text).root.children[0].child("body")
    assert body is not None
    signatures = [child.signature() for child in body.children if child.named]
    assert signatures[0] == signatures[1] != signatures[2]
    assert signatures[0] is not None
    assert signatures[3] not in signatures[:3]


def test_errors_are_counted() -> None:
    assert source("a.py", "x = 1\n").error_count() == 0
    assert source("a.py", "x = (1\ny = ]\n").error_count() > 0


def test_a_deep_tree_is_walked_without_recursion() -> None:
    deep = "(" * 3_000 + ")" * 3_000
    assert b"".join(leaves(source("a.py", f"x = {deep}\n").root)).replace(b" ", b"") == (
        b"x=" + to_bytes(deep)
    )


def test_a_missing_grammar_is_named() -> None:
    row = table()["python"]
    gone = row._replace(grammar="tree_sitter_nil")
    with pytest.raises(MissingGrammar, match="install tree-sitter-nil"):
        Source(gone, b"")
    with pytest.raises(MissingGrammar, match=r"gitmerge-ai\[languages\]"):
        keywords("tree_sitter_nil:language")


def test_a_grammar_with_an_extra_of_its_own_names_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OWN_EXTRAS, "tree_sitter_nowhere", "nowhere")
    with pytest.raises(MissingGrammar, match=r"tree-sitter-nowhere, or gitmerge-ai\[nowhere\]$"):
        keywords("tree_sitter_nowhere:language")
    assert OWN_EXTRAS["tree_sitter_cmake"] == "cmake"


def test_keywords_are_the_grammars_words() -> None:
    words = keywords(table()["python"].grammar)
    assert {"def", "return", "None", "lambda"} - words <= {"None"}
    assert not any(not word.isalpha() for word in words)


def test_a_region_within_lines_is_merged_by_whole_lines() -> None:
    region = Open(b"\n  a();\n  b();", b"\n    a();\n    b();", b"\n  a();\n  b();\n  c();", "")
    merged = merge_indented(region)
    assert merged is not None
    assert text_of(merged) == b"\n    a();\n    b();\n    c();"
