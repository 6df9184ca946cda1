"""A chain of calls is a list of links to the merge, however deep the grammar sees it."""

import pytest

from gitmerge_ai.merging.chains import chained
from gitmerge_ai.merging.pipeline import merge
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.syntax.tree import Node, Source
from gitmerge_ai.values import Sides

LONG = 3_000


def first_chain(path: str, text: str) -> list[bytes] | None:
    row = for_path(path)
    assert row is not None
    waiting: list[Node] = [Source(row, text.encode()).root]
    while waiting:
        node = waiting.pop(0)
        if chain := chained(node):
            return [link.text for link in chain.nodes]
        waiting.extend(node.children)
    return None


@pytest.mark.parametrize(
    ("path", "text", "links"),
    [
        ("a.js", "x = a.b().c(1)?.d;", ["a", ".b()", ".c(1)", "?.d"]),
        ("a.js", "x = f(a).b();", ["f(a)", ".b()"]),
        ("a.py", "x = a.b().c(1)", ["a", ".b()", ".c(1)"]),
        ("a.rs", "fn f() { a.b()?.c::<X>(1); }", ["a", ".b()?", ".c::<X>(1)"]),
        ("a.cpp", "int x = a.b()->c(1);", ["a", ".b()", "->c(1)"]),
        ("a.js", "x = a\n  .b()\n  .c();", ["a", ".b()", ".c()"]),
    ],
)
def test_links(path: str, text: str, links: list[str]) -> None:
    found = first_chain(path, text)
    assert found is not None
    assert found == [link.encode() for link in links]


@pytest.mark.parametrize("text", ["x = a;", "x = f(a);", "x = a + b;", "x = [a, b];", "x = a.b.c;"])
def test_what_has_no_link_is_no_chain(text: str) -> None:
    assert first_chain("a.js", text) is None


def test_links_at_one_place_stay() -> None:
    base = "x = a.b().c().d();\n"
    ours, theirs = base.replace(".c()", ".c().k()"), base.replace(".c()", ".c().e()")
    assert not merge(Sides(base, ours, theirs, "a.js")).clean


@pytest.mark.parametrize(
    ("first", "part", "added"),
    [("a", ".m{}({})", ".n()"), ("a", " + v{}{}", " + w")],
    ids=["calls", "sums"],
)
def test_a_long_chain_is_merged(first: str, part: str, added: str) -> None:
    parts = [first, *(part.format(i, i) for i in range(LONG))]
    texts = []
    for at in (None, 5, LONG - 5, (5, LONG - 5)):
        places = at if isinstance(at, tuple) else (at,)
        grown = [p + added.replace("n", f"n{i}").replace("w", f"w{i}") if i in places else p
                 for i, p in enumerate(parts)]  # fmt: skip
        texts.append(f"x = {''.join(grown)};\n")
    assert merge(Sides(*texts[:3], "a.js")).text == texts[3]
