"""Programs that are run: what they are given to read, how much of what they print is read."""

import sys
import time

import pytest

from gitmerge_ai.repository import process
from gitmerge_ai.repository.process import AT_ONCE, capture, start


@pytest.fixture(params=["spawned", "by subprocess"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Go both ways: where programs can be spawned, and where they cannot."""
    if request.param == "by subprocess":
        monkeypatch.delattr(process.os, "posix_spawnp")


pytestmark = pytest.mark.usefixtures("_way")


@pytest.mark.parametrize("size", [1, AT_ONCE, AT_ONCE + 1, 1 << 20])
def test_what_is_given_is_read_to_its_end(size: int) -> None:
    given = b"x\n" * size
    assert capture(["cat"], given=given[:size]) == (0, given[:size])


def test_of_many_lines_the_first_are_read_and_the_program_ended() -> None:
    begun = time.monotonic()
    status, output = capture(["yes"], most=3)
    assert (status, output) == (-9, b"y\n" * 3)
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("most", [2, 3, None])
def test_as_many_lines_as_there_are(most: int | None) -> None:
    assert capture(["printf", r"1\n2\n"], most=most) == (0, b"1\n2\n")


def test_no_line_is_ended_by_the_one_that_has_no_end() -> None:
    assert capture(["printf", "1"], most=1) == (0, b"1")


def test_given_and_most_together() -> None:
    given = b"".join(b"%d\n" % number for number in range(500))
    for text in (given, given * 1000):
        assert capture(["cat"], given=text, most=2)[1] == b"0\n1\n"


def test_standard_error() -> None:
    both = [sys.executable, "-c", "import sys; print(1, flush=True); sys.stderr.write('2\\n')"]
    assert capture(both, errors="join") == (0, b"1\n2\n")
    assert capture(both, errors="drop") == (0, b"1\n")


def test_there_is_something_else_to_be_done_while_it_runs() -> None:
    finish = start(["cat"], given=b"later")
    others = [start(["printf", str(number)]) for number in range(3)]
    assert [other()[1] for other in others] == [b"0", b"1", b"2"]
    assert finish() == (0, b"later")


def test_what_is_not_there_cannot_be_started() -> None:
    with pytest.raises(FileNotFoundError):
        capture(["there-is-no-such-program"], given=b"x")
