"""Bytes to text and back, and what a merge keeps of a file that is not in its text."""

import codecs
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from repositories import BASE, CLASHING, OURS, RESOLVED, THEIRS

from gitmerge_ai.merging.files import MAX_BYTES, merge_files
from gitmerge_ai.merging.guard import Abandoned
from gitmerge_ai.text.encoding import MARKS, Decoded, decode, encode, foreign

anything = st.builds(
    bytes.__add__,
    st.sampled_from([b"", *(bom for bom, _ in MARKS)]),
    st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode("utf-16-le")),
)


@given(anything)
def test_every_byte_comes_back(data: bytes) -> None:
    assert encode(decode(data)) == data


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", Decoded("")),
        ("é".encode(), Decoded("é")),
        (b"caf\xe9", Decoded("caf\udce9")),
        (codecs.BOM_UTF8 + b"a", Decoded("a", "utf-8", codecs.BOM_UTF8)),
        ("\ufeffaé".encode("utf-16-le"), Decoded("aé", "utf-16-le", codecs.BOM_UTF16_LE)),
        ("\ufeffaé".encode("utf-16-be"), Decoded("aé", "utf-16-be", codecs.BOM_UTF16_BE)),
        ("\ufeffa".encode("utf-32-le"), Decoded("a", "utf-32-le", codecs.BOM_UTF32_LE)),
        (b"\xff\xfea", Decoded("\udcff\udcfea")),
    ],
)
def test_what_is_read(data: bytes, expected: Decoded) -> None:
    assert decode(data) == expected


def test_foreign_bytes() -> None:
    assert foreign(decode(b"caf\xe9").text)
    assert not foreign(decode("café".encode()).text)
    assert not foreign("")


def _merged(write: Callable[[str], bytes], base: str = BASE, theirs: str = THEIRS) -> bytes:
    data, result = merge_files(write(base), write(OURS), write(theirs), path="a.py")
    assert result.clean
    return data


@pytest.mark.parametrize(
    "write",
    [
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: ("\ufeff" + text).encode("utf-16-le"),
        lambda text: ("\ufeff" + text).encode("utf-16-be"),
        lambda text: b"# caf\xe9 \x81\n" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: text.replace("\n\n\n", "\r\n\n\n").encode(),
    ],
    ids=["bom", "utf-16-le", "utf-16-be", "latin-1", "crlf", "no final newline", "mixed"],
)
def test_a_merge_keeps_what_all_sides_have(write: Callable[[str], bytes]) -> None:
    assert _merged(write) == write(RESOLVED)


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize(
    "convert",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: ("\ufeff" + text).encode("utf-16-le"),
    ],
    ids=["crlf", "bom", "utf-16"],
)
def test_a_merge_keeps_what_one_side_converted(side: int, convert: Callable[[str], bytes]) -> None:
    versions = [OURS.encode(), THEIRS.encode()]
    versions[side] = convert((OURS, THEIRS)[side])
    data, result = merge_files(BASE.encode(), *versions, path="a.py")
    assert result.clean
    assert data == convert(RESOLVED)


def test_conflicts_get_the_ending_too() -> None:
    ours = OURS.replace("\n", "\r\n").encode()
    data, result = merge_files(BASE.encode(), ours, CLASHING.encode(), path="a.py")
    assert not result.clean
    assert data.count(b"\n") == data.count(b"\r\n")
    assert result.conflicts[0].sides.theirs.endswith("\r\n")


@pytest.mark.parametrize(
    "versions",
    [
        (b"# caf\xe9\n" + BASE.encode(), "# café\n".encode() + OURS.encode(), None),
        (BASE.encode(), codecs.BOM_UTF8 + OURS.encode(), ("\ufeff" + THEIRS).encode("utf-16-le")),
        (BASE.encode(), b"\0" + OURS.encode(), None),
        (BASE.encode(), OURS.encode() + b"#" * MAX_BYTES, None),
    ],
    ids=["one side to utf-8", "three encodings", "binary", "too large"],
)
def test_what_is_left_to_git(versions: tuple[bytes, bytes, bytes | None]) -> None:
    base, ours, theirs = versions
    note = base[: -len(BASE)] if len(base) > len(BASE) else b""
    with pytest.raises(Abandoned):
        merge_files(base, ours, theirs or note + THEIRS.encode(), path="a.py")


@given(anything, anything)
def test_what_needs_no_merge_is_given_byte_for_byte(x: bytes, y: bytes) -> None:
    for base, ours, theirs, expected in ((x, x, y, y), (x, y, x, y), (x, y, y, y)):
        data, result = merge_files(base, ours, theirs, path="a.txt")
        assert data == expected
        assert result.clean
