"""Lines as git counts them, and line endings that one side converted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitmerge_ai.text.lines import conversion, dominant, split
from gitmerge_ai.values import MergeResult, Resolution, Sides

texts = st.text(alphabet="ab\n\r\f\u2028", max_size=20)


@given(texts)
def test_lines_join_to_the_text(text: str) -> None:
    lines = split(text)
    assert "".join(lines) == text
    assert all(line.count("\n") == 1 and line.endswith("\n") for line in lines[:-1])
    assert all(lines)


@pytest.mark.parametrize(
    ("text", "ending"),
    [("", ""), ("a", ""), ("a\n", "\n"), ("a\r\n", "\r\n"), ("a\nb\r\nc\r\n", "\r\n"), ("\r", "")],
)
def test_dominant(text: str, ending: str) -> None:
    assert dominant(text) == ending


LF, CRLF, NONE = "a\nb\n", "a\r\nb\r\n", "a"
MOSTLY_LF, MOSTLY_CRLF = "a\nb\nc\r\n", "a\r\nb\r\nc\n"


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "ending"),
    [
        (LF, LF, LF, None),
        (CRLF, CRLF, CRLF, None),
        (MOSTLY_LF, MOSTLY_LF, LF, None),
        (LF, CRLF, LF, "\r\n"),
        (LF, LF, CRLF, "\r\n"),
        (CRLF, LF, CRLF, "\n"),
        (CRLF, LF, LF, "\n"),
        (LF, CRLF, CRLF, "\r\n"),
        (LF, CRLF, MOSTLY_LF, "\r\n"),
        (LF, MOSTLY_CRLF, LF, None),
        (LF, CRLF, MOSTLY_CRLF, None),
        (LF, CRLF, NONE, "\r\n"),
        (LF, NONE, CRLF, "\r\n"),
        (LF, NONE, NONE, None),
        (NONE, LF, LF, None),
        (NONE, LF, CRLF, "\n"),
        (NONE, CRLF, LF, "\r\n"),
    ],
)
def test_conversion(base: str, ours: str, theirs: str, ending: str | None) -> None:
    found = conversion(Sides(base, ours, theirs))
    assert (found and found.ending) == ending


def test_a_result_is_converted_in_all_its_parts() -> None:
    found = conversion(Sides(LF, CRLF, LF))
    assert found
    offered = Resolution("x\n", "rules", "ours", 0.5)
    resolution = Resolution("y\n", "syntax", "merged", 1, (offered,), Sides("a\n", "b\n", "c\n"))
    result = found.after(MergeResult("y\nz\n", (), (resolution,)))
    assert result.text == "y\r\nz\r\n"
    assert result.resolutions[0].text == "y\r\n"
    assert result.resolutions[0].alternatives[0].text == "x\r\n"
    assert result.resolutions[0].sides == Sides("a\r\n", "b\r\n", "c\r\n")
    assert found.before(Sides(LF, CRLF, LF)) == Sides(LF, LF, LF)
