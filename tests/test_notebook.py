"""Notebooks merge cell by cell and are valid JSON whatever happens."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gitmerge_ai.merging.notebook import merge_notebook
from gitmerge_ai.values import Sides

Cell = dict[str, Any]


def code(source: str, name: str = "", outputs: list[Any] | None = None, count: Any = None) -> Cell:
    cell: Cell = {"cell_type": "code", "execution_count": count}
    if name:
        cell["id"] = name
    cell |= {
        "metadata": {},
        "outputs": outputs or [],
        "source": source.splitlines(keepends=True),
    }
    return cell


def words(source: str) -> Cell:
    return {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}


def output(text: str) -> Cell:
    return {"name": "stdout", "output_type": "stream", "text": [text]}


def notebook(*cells: Cell, **metadata: Any) -> str:
    whole = {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def merged(base: str, ours: str, theirs: str) -> tuple[Any, str]:
    result = merge_notebook(Sides(base, ours, theirs, "a.ipynb"))
    assert result is not None
    assert result.clean
    return json.loads(result.text), result.text


def sources(whole: Any) -> list[str]:
    return ["".join(cell["source"]) for cell in whole["cells"]]


LOAD = "import pandas as pd\n\nframe = pd.read_csv('a.csv')\nframe.head()"


def test_cells_that_both_sides_add_are_kept_ours_first() -> None:
    whole, text = merged(
        notebook(code(LOAD)),
        notebook(code(LOAD), code("frame.plot()")),
        notebook(code(LOAD), words("# Summary\n"), code("frame.describe()")),
    )
    assert sources(whole) == [LOAD, "frame.plot()", "# Summary\n", "frame.describe()"]
    assert text == json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def test_additions_of_other_ids_are_not_one() -> None:
    whole, _ = merged(
        notebook(code(LOAD, "a")),
        notebook(code(LOAD, "a"), code("frame.plot()", "b")),
        notebook(code(LOAD, "a"), code("frame.sum()", "c")),
    )
    assert sources(whole) == [LOAD, "frame.plot()", "frame.sum()"]


def test_the_same_addition_stands_once() -> None:
    whole, _ = merged(
        notebook(code(LOAD)),
        notebook(code(LOAD), code("frame.plot()")),
        notebook(code(LOAD), code("frame.plot()")),
    )
    assert sources(whole) == [LOAD, "frame.plot()"]


def test_sources_are_merged_by_lines() -> None:
    whole, _ = merged(
        notebook(code(LOAD, "a")),
        notebook(code(LOAD.replace("a.csv", "b.csv"), "a")),
        notebook(code("import numpy as np\n" + LOAD, "a")),
    )
    assert sources(whole) == ["import numpy as np\n" + LOAD.replace("a.csv", "b.csv")]


def test_a_cell_is_found_again_without_an_id_and_in_another_place() -> None:
    whole, _ = merged(
        notebook(code(LOAD), words("# Plots"), code("frame.plot()")),
        notebook(words("# Plots"), code("frame.plot()"), code(LOAD)),
        notebook(code(LOAD + "\nframe.info()"), words("# Plots"), code("frame.plot()")),
    )
    assert sources(whole) == ["# Plots", "frame.plot()", LOAD + "\nframe.info()"]


def test_a_deleted_cell_is_gone_if_only_its_outputs_changed() -> None:
    whole, _ = merged(
        notebook(code(LOAD), code("1 + 1")),
        notebook(code(LOAD)),
        notebook(code(LOAD), code("1 + 1", outputs=[output("2")], count=7)),
    )
    assert sources(whole) == [LOAD]


def test_outputs_that_both_sides_changed_are_cleared() -> None:
    whole, _ = merged(
        notebook(code("f()", "a", [output("1")], 1)),
        notebook(code("f()", "a", [output("2")], 2)),
        notebook(code("f()", "a", [output("3")], 3)),
    )
    assert whole["cells"][0]["outputs"] == []
    assert whole["cells"][0]["execution_count"] is None


def test_outputs_stay_with_the_source_that_gave_them() -> None:
    whole, _ = merged(
        notebook(code("f()", "a", [output("1")], 1)),
        notebook(code("f(2)", "a", [output("2")], 2)),
        notebook(code("f()", "a", [output("1")], 1), words("# New")),
    )
    assert whole["cells"][0]["outputs"] == [output("2")]
    assert whole["cells"][0]["execution_count"] == 2


def test_outputs_of_another_source_are_cleared() -> None:
    whole, _ = merged(
        notebook(code("f()", "a", [output("1")], 1)),
        notebook(code("g()", "a", [output("1")], 1)),
        notebook(code("f()", "a", [output("3")], 5)),
    )
    assert sources(whole) == ["g()"]
    assert whole["cells"][0]["outputs"] == []


def test_metadata_is_merged_by_key() -> None:
    whole, _ = merged(
        notebook(code(LOAD), authors=["a"]),
        notebook(code(LOAD), authors=["a"], title="T", language_info={"version": "3.11.1"}),
        notebook(code(LOAD), authors=["b"], language_info={"version": "3.12.0"}),
    )
    assert whole["metadata"] == {
        "authors": ["b"],
        "title": "T",
        "language_info": {"version": "3.11.1"},
    }


def test_a_contradiction_stands_as_two_cells_and_is_reported() -> None:
    result = merge_notebook(
        Sides(
            notebook(code("n = 1", "a")),
            notebook(code("n = 2", "a")),
            notebook(code("n = 3", "a")),
            "a.ipynb",
        )
    )
    assert result is not None
    assert len(result.conflicts) == 1
    assert result.conflicts[0].sides.ours == "n = 2"
    whole = json.loads(result.text)
    marker, *cells = whole["cells"]
    assert marker["metadata"] == {"gitmerge-ai": {"conflict": "marker"}}
    assert sources({"cells": cells}) == ["n = 2", "n = 3"]
    assert [c["metadata"]["gitmerge-ai"]["conflict"] for c in cells] == ["ours", "theirs"]
    names = [cell["id"] for cell in whole["cells"]]
    assert len(set(names)) == 3
    first, end = result.conflicts[0].span
    lines = "".join(result.text.splitlines(keepends=True)[first - 1 : end - 1])
    assert json.loads(lines.rstrip().rstrip(",")) == marker


def test_a_cell_that_one_side_deleted_and_the_other_changed_is_kept() -> None:
    result = merge_notebook(
        Sides(
            notebook(code(LOAD, "a"), code("x", "b")),
            notebook(code("x", "b")),
            notebook(code(LOAD + "\n", "a"), code("x", "b")),
            "a.ipynb",
        )
    )
    assert result is not None
    assert len(result.conflicts) == 1
    assert LOAD + "\n" in sources(json.loads(result.text))


def test_metadata_that_both_changed_is_kept_twice() -> None:
    result = merge_notebook(
        Sides(notebook(title="a"), notebook(title="b"), notebook(title="c"), "a.ipynb")
    )
    assert result is not None
    assert len(result.conflicts) == 1
    metadata = json.loads(result.text)["metadata"]
    assert metadata["title"] == "b"
    assert metadata["gitmerge-ai"]["theirs"]["metadata"]["title"] == "c"


def test_an_addition_on_both_sides_of_the_whole_file() -> None:
    result = merge_notebook(
        Sides("", notebook(code(LOAD)), notebook(code(LOAD), code("x")), "a.ipynb")
    )
    assert result is not None
    assert result.clean
    assert sources(json.loads(result.text)) == [LOAD, "x"]


def test_the_file_is_written_as_it_was() -> None:
    base = '{"cells": [], "metadata": {"a": 1e-05, "b": "\\u00e9"}, "nbformat": 4}'
    ours = base.replace('"nbformat": 4', '"nbformat": 4, "x": 1.50')
    theirs = base.replace("[]", '[{"cell_type": "raw", "metadata": {}, "source": "\\u00fc"}]')
    result = merge_notebook(Sides(base, ours, theirs, "a.ipynb"))
    assert result is not None
    assert result.text == theirs.replace('"nbformat": 4', '"nbformat": 4, "x": 1.50')


def test_what_is_no_notebook_is_left() -> None:
    good = notebook(code("x"))
    for bad in ("", "<<<<<<< ours\n", "[]", '{"cells": 1}', '{"cells": [1]}', '{"cells": NaN}'):
        assert merge_notebook(Sides(good, good.replace("x", "y"), bad, "a.ipynb")) is None
    assert merge_notebook(Sides(good, '{"cells": [], "cells": []}', good, "a.ipynb")) is None
    assert merge_notebook(Sides(good, "[" * 100_000, good, "a.ipynb")) is None


some_source = st.lists(
    st.sampled_from(["a = 1\n", "b = 2\n", "# é\n", "\n", "print(a)"]), max_size=4
)
some_output = st.lists(st.sampled_from([output("1"), output("2")]), max_size=1)
some_cell = st.one_of(
    st.builds(words, st.builds("".join, some_source)),
    st.builds(
        code,
        st.builds("".join, some_source),
        st.sampled_from(["", "c1", "c2", "c3"]),
        some_output,
        st.sampled_from([None, 1, 2]),
    ),
)
some_notebook = st.builds(
    lambda cells, title: notebook(*cells, title=title),
    st.lists(some_cell, max_size=5),
    st.sampled_from(["x", "y", "z"]),
)


@settings(max_examples=150, deadline=None)
@given(some_notebook, some_notebook, some_notebook)
def test_always_a_notebook(base: str, ours: str, theirs: str) -> None:
    result = merge_notebook(Sides(base, ours, theirs, "a.ipynb"))
    assert result is not None
    whole = json.loads(result.text)
    assert all({"cell_type", "metadata", "source"} <= cell.keys() for cell in whole["cells"])
    names = [cell["id"] for cell in whole["cells"] if "id" in cell]
    assert len(names) == len(set(names))
    assert "<<<<<<<" not in result.text


@settings(max_examples=100, deadline=None)
@given(some_notebook, some_notebook)
def test_a_side_that_did_nothing_does_not_count(base: str, side: str) -> None:
    ids = [cell.get("id") for cell in json.loads(side)["cells"]]
    if len({i for i in ids if i}) < len([i for i in ids if i]):
        return  # not a notebook that any tool writes
    for sides in (Sides(base, side, base, "a.ipynb"), Sides(base, base, side, "a.ipynb")):
        result = merge_notebook(sides)
        assert result is not None
        assert result.clean
        assert sources(json.loads(result.text)) == sources(json.loads(side))
