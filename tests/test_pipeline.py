"""The way of one merge: its styles, its limits, and what it says of what it did."""

import json
import subprocess
from pathlib import Path

import pytest

from gitmerge_ai.merging.files import merge_files, merge_files_guarded
from gitmerge_ai.merging.guard import Abandoned
from gitmerge_ai.merging.pipeline import merge
from gitmerge_ai.merging.report import CONFIDENCE
from gitmerge_ai.syntax.grammar import MissingGrammar
from gitmerge_ai.syntax.languages import table
from gitmerge_ai.values import Labels, MergeResult, Sides

LABELS = Labels("v1", "HEAD", "topic")
STYLES = ("merge", "diff3", "zdiff3")
OURS = "a\nmine\nz\n"
THEIRS = "a\nother\nz\n"


def git_merge_file(folder: Path, sides: Sides, *options: str) -> str:
    """What `git merge-file` prints for the same sides."""
    for name in ("base", "ours", "theirs"):
        (folder / name).write_bytes(getattr(sides, name).encode("utf-8", "surrogateescape"))
    labels = [x for name in ("ours", "base", "theirs") for x in ("-L", getattr(sides.labels, name))]
    command = ["git", "merge-file", "-p", *options, *labels, "ours", "base", "theirs"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return done.stdout.decode("utf-8", "surrogateescape")


@pytest.mark.parametrize("size", [7, 12])
@pytest.mark.parametrize("style", STYLES)
def test_a_conflict_is_written_as_git_would(style: str, size: int, tmp_path: Path) -> None:
    sides = Sides("a\nold\nz\n", OURS, THEIRS, "notes.unknown", LABELS)
    result = merge(sides, style=style, marker_size=size)
    options = [] if style == "merge" else [f"--{style}"]
    assert result.text == git_merge_file(tmp_path, sides, f"--marker-size={size}", *options)
    (conflict,) = result.conflicts
    first, after = conflict.span
    lines = result.text.splitlines()
    assert lines[first - 1] == "<" * size + " HEAD"
    assert lines[after - 2] == ">" * size + " topic"
    assert ("|" * size + " v1" in lines) == (style != "merge")


@pytest.mark.parametrize("style", STYLES)
def test_a_smaller_conflict_than_gits_has_the_style_asked_for(style: str) -> None:
    base = "def f():\n    return 1\n\n\ndef g():\n    a = 1\n    b = 2\n    return a\n"
    ours = base.replace("    a = 1\n    b = 2\n", "    a = 10\n    b = 20\n")
    theirs = base.replace("    a = 1\n    b = 2\n", "    a = 11\n    b = 2  # two\n")
    result = merge(Sides(base, ours, theirs, "a.py", LABELS), style=style, marker_size=9)
    (conflict,) = result.conflicts
    assert conflict.sides.labels == LABELS
    assert "<<<<<<<<< HEAD\n" in result.text
    assert ">>>>>>>>> topic\n" in result.text
    assert ("||||||||| v1\n" in result.text) == (style != "merge")
    assert conflict.sides.ours in ours
    assert conflict.sides.theirs in theirs


def test_a_conflict_tells_what_it_stands_in() -> None:
    base = "x = 1\n\n\ndef f():\n    return 1\n"
    sides = Sides(base, base.replace("return 1", "return 2"), base.replace("return 1", "return 3"))
    result = merge(sides, language="python", style="diff3")
    (conflict,) = result.conflicts
    assert conflict.sides.base == "    return 1\n"
    assert conflict.sides.ours == "    return 2\n"
    assert conflict.sides.theirs == "    return 3\n"
    before, after = conflict.context
    assert before.endswith("def f():\n")
    assert after == ""


def test_what_was_resolved_is_listed_where_it_stands() -> None:
    base = "x = f(a, b)\ny = 1\n"
    sides = Sides(base, "x = g(a, b)\ny = 1\n", "x = f(a, c)\ny = 1\n", "a.py")
    result = merge(sides)
    assert result.text == "x = g(a, c)\ny = 1\n"
    (resolution,) = result.resolutions
    assert resolution.span == (1, 2)
    assert resolution.text == "x = g(a, c)\n"
    assert resolution.pattern == "merged"
    assert 0 < resolution.confidence < 1
    assert resolution.sides is not None
    assert resolution.sides.base == "x = f(a, b)\n"


def test_lines_that_merge_need_no_resolution() -> None:
    sides = Sides("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n", "a.unknown")
    assert merge(sides) == MergeResult("A\nb\nc\nD\n")


MARKED = "intro\n<<<<<<< HEAD\nfirst\n=======\nsecond\n>>>>>>> topic\nouter\nx = 1\nend\n"


@pytest.mark.parametrize("path", ["a.txt", "a.md", "a.py"])
def test_markers_of_the_inputs_stay_where_they_are(path: str) -> None:
    ours = MARKED.replace("intro", "INTRO").replace("x = 1", "x = 2")
    result = merge(Sides(MARKED, ours, MARKED.replace("x = 1", "x = 3"), path))
    assert not result.clean
    assert result.text.count("<<<<<<< HEAD\nfirst\n=======\nsecond\n>>>>>>> topic\n") == 1
    assert "x = 2\n=======\nx = 3\n" in result.text


def test_an_underline_is_no_marker() -> None:
    base = "Title\n=======\n\none two three\n"
    ours, theirs = base.replace("one", "1"), base.replace("three", "3")
    assert merge(Sides(base, ours, theirs, "a.md")).text == "Title\n=======\n\n1 two 3\n"


def test_both_added_the_file() -> None:
    ours = "import a\n\n\ndef f():\n    pass\n"
    theirs = "import a\n\n\ndef g():\n    pass\n"
    result = merge(Sides("", ours, theirs, "a.py"))
    assert result.clean
    assert result.text.count("import a\n") == 1
    assert "def f" in result.text
    assert "def g" in result.text
    assert merge(Sides("", ours, ours, "a.py")) == MergeResult(ours)


def test_both_added_the_file_and_nothing_is_common(tmp_path: Path) -> None:
    sides = Sides("", "one\n", "two\n", "a.unknown", LABELS)
    assert merge(sides).text == git_merge_file(tmp_path, sides)


def test_one_side_emptied_the_file(tmp_path: Path) -> None:
    sides = Sides("a = 1\nb = 2\n", "", "a = 1\nb = 3\n", "a.py", LABELS)
    result = merge(sides)
    assert not result.clean
    assert result.text == git_merge_file(tmp_path, sides)


def test_an_unknown_language_merges_by_token() -> None:
    sides = Sides("alpha beta gamma\n", "alpha beta delta\n", "omega beta gamma\n", "a.unknown")
    result = merge(sides)
    assert result.text == "omega beta delta\n"
    assert [r.stage for r in result.resolutions] == ["token"]


def test_each_resolution_names_its_stage() -> None:
    members = "class A {\n  int a;\n}\n"
    tokens = "// one two three\n"
    apart = "\n" * 4
    base = members + apart + tokens
    ours = members.replace("}", "  int b;\n}") + apart + tokens.replace("one", "1")
    theirs = members.replace("}", "  int c;\n}") + apart + tokens.replace("three", "3")
    result = merge(Sides(base, ours, theirs, "A.java"))
    assert result.clean
    assert [r.stage for r in result.resolutions] == ["syntax", "token"]
    assert {r.confidence for r in result.resolutions} == {CONFIDENCE}


def test_lines_that_one_side_indented_are_merged_by_lines() -> None:
    base = "<<\n" + "".join(f"line {i}\n" for i in range(4))
    ours = base.replace("line", "    line")
    theirs = base.replace("line 2\n", "line 2\nmore\n")
    result = merge(Sides(base, ours, theirs, "a.unknown"))
    assert result.text == ours.replace("line 2\n", "line 2\n    more\n")
    assert [r.stage for r in result.resolutions] == ["lines"]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("path", ["a.unknown", "a.py"])
def test_what_both_sides_begin_with_stays_where_git_has_it(
    style: str, path: str, tmp_path: Path
) -> None:
    base, ours, theirs = "a\nold\nz\n", "a\none\nmine\nz\n", "a\none\nother\nz\n"
    sides = Sides(base, ours, theirs, path, LABELS)
    options = [] if style == "merge" else [f"--{style}"]
    assert merge(sides, style=style).text == git_merge_file(tmp_path, sides, *options)


def test_what_a_side_put_in_the_place_of_an_edited_function_is_in_the_conflict() -> None:
    old = "def old(a):\n    first(a)\n    second(a)\n    return a\n"
    new = "class New:\n    size = 3\n"
    base = f"import x\n\n\n{old}\n\ndef last():\n    return 2\n"
    theirs = base.replace("second(a)", "second(a, 1)")
    result = merge(Sides(base, base.replace(old, new), theirs, "a.py"), style="diff3")
    (conflict,) = result.conflicts
    shown = (conflict.sides.base, conflict.sides.ours, conflict.sides.theirs)
    assert shown == (old, new, old.replace("second(a)", "second(a, 1)"))


def test_a_language_can_be_named() -> None:
    base, ours, theirs = '{"a": 1}\n', '{"a": 1, "b": 2}\n', '{"a": 1, "c": 3}\n'
    assert not merge(Sides(base, ours, theirs, "data")).clean
    merged = merge(Sides(base, ours, theirs, "data"), language="json")
    assert json.loads(merged.text) == {"a": 1, "b": 2, "c": 3}


def test_a_missing_grammar_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    row = table()["python"]
    nowhere = row._replace(grammar="tree_sitter_nowhere")
    monkeypatch.setitem(table(), "python", nowhere)
    sides = Sides("x = 1\n", "x = 2\n", "x = 3\n", "a")
    try:
        note = merge(sides, language="python").note
    except MissingGrammar as missing:
        note = str(missing)
    assert "tree-sitter-nowhere" in note


@pytest.mark.parametrize(
    ("path", "command"),
    [("package-lock.json", "npm install"), ("uv.lock", "uv lock"), ("go.sum", "")],
)
def test_generated_files_are_left_to_git(path: str, command: str, tmp_path: Path) -> None:
    sides = Sides('{\n"v": 1\n}\n', '{\n"v": 2\n}\n', '{\n"v": 3\n}\n', path, LABELS)
    result = merge(sides)
    assert result.text == git_merge_file(tmp_path, sides)
    assert command in result.note


def notebook(*sources: str) -> str:
    cells = [
        {"cell_type": "markdown", "id": f"c{i}", "metadata": {}, "source": [source]}
        for i, source in enumerate(sources)
    ]
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1) + "\n"


def test_notebooks_are_merged_by_cell() -> None:
    base, ours, theirs = notebook("a", "b"), notebook("A", "b"), notebook("a", "B")
    result = merge(Sides(base, ours, theirs, "n.ipynb"))
    assert result.clean
    assert [cell["source"] for cell in json.loads(result.text)["cells"]] == [["A"], ["B"]]


def test_a_conflicting_notebook_is_still_a_notebook() -> None:
    sides = Sides(notebook("a"), notebook("mine"), notebook("other"), "n.ipynb")
    result = merge(sides)
    assert not result.clean
    text = json.dumps(json.loads(result.text))
    assert "mine" in text
    assert "other" in text


def or_git(sides: Sides, *, timeout: float = 1.5) -> bytes | None:
    """Merge as the driver does; None stands for git's own result."""
    versions = (text.encode() for text in (sides.base, sides.ours, sides.theirs))
    labels = (sides.labels.base, sides.labels.ours, sides.labels.theirs)
    try:
        return merge_files_guarded(*versions, path=sides.path, labels=labels, timeout=timeout)[0]
    except Abandoned:
        return None


def numbered(count: int, form: str) -> str:
    return "".join(form.format(i=i) + "\nkeep = 0\n" for i in range(count))


def test_ten_thousand_conflicts_end_in_gits_result(tmp_path: Path) -> None:
    base, ours, theirs = (numbered(10_000, form) for form in ("a{i} = 1", "a{i} = 2", "a{i} = 3"))
    sides = Sides(base, ours, theirs, "a.unknown", LABELS)
    merged = or_git(sides)
    assert merged is None or merged.decode() == git_merge_file(tmp_path, sides)


def nested(depth: int, inside: str) -> str:
    return "x = " + "[" * depth + inside + "]" * depth + "\n"


@pytest.mark.parametrize("depth", [200, 20_000])
def test_deep_nesting_ends_in_a_merge_or_in_gits_result(depth: int, tmp_path: Path) -> None:
    sides = Sides(*(nested(depth, text) for text in ("1, 2", "10, 2", "1, 20")), "a.js", LABELS)
    merged = or_git(sides)
    git = git_merge_file(tmp_path, sides)
    assert merged is None or merged.decode() in (git, nested(depth, "10, 20"))


@pytest.mark.parametrize("path", ["a.js", "a.unknown", "a.json"])
def test_a_very_long_line_ends_in_a_merge_or_in_gits_result(path: str, tmp_path: Path) -> None:
    base = "[" + ", ".join(str(i) for i in range(60_000)) + "]\n"
    ours, theirs = base.replace("[0,", "[-1,"), base.replace("59999]", "60001]")
    sides = Sides(base, ours, theirs, path, LABELS)
    merged = or_git(sides)
    both = ours.replace("59999]", "60001]")
    assert merged is None or merged.decode() in (git_merge_file(tmp_path, sides), both)


def test_binary_and_oversized_files_are_left_to_git() -> None:
    with pytest.raises(Abandoned, match="binary"):
        merge_files(b"a\0b\n", b"a\0c\n", b"a\0d\n", path="a.bin")
    large = b"x" * 1_000_001
    with pytest.raises(Abandoned, match="1 MB"):
        merge_files(large, large + b"a", large + b"b", path="a.txt")


def test_bytes_of_no_encoding_come_back() -> None:
    base, ours, theirs = b"\xff = f(a, b)\n", b"\xff = g(a, b)\n", b"\xff = f(a, c)\n"
    data, result = merge_files(base, ours, theirs, path="a.unknown")
    assert result.clean
    assert data == b"\xff = g(a, c)\n"
