"""Files that a merge left and a person edited: what is clean stays, whatever it is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gitmerge_ai.resolving.unfinished import How, resolve
from gitmerge_ai.text.markers import Region, parse, regions, render, source
from gitmerge_ai.values import Labels

HOW = How("a.py")
CONFLICTS = [
    Region("f(a, b)\n", "g(a, b)\n", "f(a, c)\n"),
    Region("", "import x\n", "import y\n"),
    Region("a = 1\n", "a = 2\n", "a = 3\n"),
    Region("x = [1]\n", "x = [0, 1]\n", "x = [1, 2]\n"),
]
LABELS = Labels("base", "HEAD", "side")


def marked(*segments: str | Region, style: str = "diff3") -> bytes:
    return render(segments, style, LABELS).encode()


def in_order(parts: list[str], text: str) -> bool:
    at = 0
    for part in parts:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


line = st.sampled_from(
    ["", "value = 1", "def f(a):", "    return a", "# note", "import os", "x\ty  "]
)
clean = st.lists(line, min_size=1, max_size=5).map(lambda rows: "".join(f"{row}\n" for row in rows))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(clean, st.sampled_from(CONFLICTS)), min_size=1, max_size=3), clean)
def test_clean_text_is_never_touched(pairs: list[tuple[str, Region]], last: str) -> None:
    segments = [segment for pair in pairs for segment in pair]
    data = marked(*segments, last)
    found = resolve(data, None, HOW)
    assert found.resolved + found.left == len(pairs)
    text = (found.data or data).decode()
    assert in_order([text for text, _ in pairs] + [last], text)
    assert text.startswith(pairs[0][0])
    assert text.endswith(last)
    assert len(regions(parse(text))) == found.left
    for region in regions(parse(text)):
        assert source(region) in data.decode()


def test_only_what_can_be_defended_is_settled() -> None:
    data = marked("a = 0\n", CONFLICTS[0], "between = 1\n", CONFLICTS[2], "last = 1\n")
    found = resolve(data, None, HOW)
    assert (found.resolved, found.left) == (1, 1)
    assert found.data is not None
    text = found.data.decode()
    assert "g(a, c)\n" in text
    assert marked(CONFLICTS[2]).decode() in text


def test_a_conflict_with_two_possible_separators_is_left() -> None:
    text = "<<<<<<< a\nold words here\n||||||| b\nold\n=======\nsome\n=======\nmore\n>>>>>>> c\n"
    found = resolve(text.encode(), None, HOW)
    assert (found.data, found.left) == (None, 1)


def test_markers_that_cannot_be_read_are_told() -> None:
    found = resolve(b"a\n<<<<<<< x\nb\n", None, HOW)
    assert (found.data, found.left) == (None, 1)
    assert "markers" in found.note


def test_a_binary_file_is_told() -> None:
    found = resolve(b"\0<<<<<<< a\n=======\n>>>>>>> b\n", None, HOW)
    assert (found.data, found.note) == (None, "a binary file")


def test_a_file_in_utf16_stays_in_utf16() -> None:
    text = marked("a = 0\n", CONFLICTS[0], "last = 1\n").decode()
    found = resolve(b"\xff\xfe" + text.encode("utf-16-le"), None, HOW)
    assert found.data == b"\xff\xfe" + "a = 0\ng(a, c)\nlast = 1\n".encode("utf-16-le")


def test_a_missing_final_newline_stays_missing() -> None:
    data = marked("a = 0\n", CONFLICTS[0], "last = 1")
    assert resolve(data, None, HOW).data == b"a = 0\ng(a, c)\nlast = 1"


def test_the_base_of_the_whole_file_serves_merge_style() -> None:
    data = marked("a = 0\n", CONFLICTS[0], "last = 1\n", style="merge")
    assert resolve(data, None, HOW).data is None
    found = resolve(data, None, HOW, base="a = 0\nf(a, b)\nlast = 1\n")
    assert found.data == b"a = 0\ng(a, c)\nlast = 1\n"
