"""The guard: whatever the work does, the caller gets its bytes or a reason, and lives on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from gitmerge_ai.merging.guard import Abandoned, run, run_all

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def test_gives_the_bytes() -> None:
    assert run(lambda: b"x" * 1_000_000, timeout=10) == b"x" * 1_000_000


def test_time_is_limited() -> None:
    def forever() -> bytes:
        while True:
            pass

    start = time.monotonic()
    with pytest.raises(Abandoned, match=r"longer than 0\.2 s"):
        run(forever, timeout=0.2)
    assert time.monotonic() - start < 5


def test_memory_is_limited() -> None:
    with pytest.raises(Abandoned, match="not enough memory"):
        run(lambda: bytes(3 << 30), timeout=10)


def _raise() -> bytes:
    raise ValueError("odd\ninput")


def _crash() -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def _leave() -> bytes:
    sys.exit(0)


def _recurse() -> bytes:
    return _recurse()


def _vanish() -> bytes:
    os._exit(3)


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (_raise, "^ValueError: odd$"),
        (_crash, "ended by a signal"),
        (_leave, "SystemExit"),
        (_recurse, "RecursionError"),
        (_vanish, "status 3"),
    ],
)
def test_every_end_has_a_reason(work: Callable[[], bytes], words: str) -> None:
    with pytest.raises(Abandoned, match=words):
        run(work, timeout=10)


def test_several_works_share_a_child_until_one_ends_it() -> None:
    def who() -> bytes:
        return str(os.getpid()).encode()

    first, second, raised, third, crashed, last = run_all(
        [who, who, _raise, who, _crash, who], timeout=10
    )
    assert first == second
    assert len({os.getpid(), int(first), int(third), int(last)}) == 4
    assert str(raised) == "ValueError: odd"
    assert "ended by a signal" in str(crashed)


def test_each_of_several_works_has_the_whole_time() -> None:
    def while_away() -> bytes:
        end = time.monotonic() + 0.3
        while time.monotonic() < end:
            pass
        return b"done"

    assert run_all([while_away] * 3, timeout=0.7) == [b"done"] * 3


def test_standard_output_stays_the_callers(capfd: pytest.CaptureFixture[str]) -> None:
    def talk() -> bytes:
        os.write(1, b"noise\n")
        return b"done"

    assert run(talk, timeout=10) == b"done"
    assert capfd.readouterr() == ("", "noise\n")


def test_no_child_is_left() -> None:
    alone = "import os; from gitmerge_ai.merging.guard import run; run(bytes, timeout=10); "
    done = subprocess.run([sys.executable, "-c", alone + "os.waitpid(-1, 0)"], capture_output=True)
    assert b"ChildProcessError" in done.stderr
