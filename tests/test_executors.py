"""Executors: the same results wherever the work runs, and a plain word where it cannot."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path

import pytest
from repositories import ROOT, Repository, gitmerge_ai

from gitmerge_ai.executors import EXECUTORS, NoExecutor, local, on_ray


def check(executor: Executor) -> None:
    assert list(executor.map(divmod, [7, 8, 9], [2, 3, 4])) == [(3, 1), (2, 2), (2, 1)]
    with pytest.raises(ValueError, match=r"^invalid literal"):
        executor.submit(int, "x").result()
    assert executor.submit(int, "ff", base=16).result() == 255


def test_processes_of_this_machine() -> None:
    with local(1) as executor:
        check(executor)
        assert executor.submit(os.getpid).result() != os.getpid()


def test_processes_end_when_they_are_left_alone(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import os, signal\n"
        "from gitmerge_ai.executors import local\n"
        "if __name__ == '__main__':\n"
        "    with local(1) as executor:\n"
        "        executor.submit(int).result()\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    # The pipe ends when the last process that holds it does.
    done = subprocess.run(
        [sys.executable, script], env=environment, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == -signal.SIGKILL


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Executor]:
    """Start a Ray cluster of one core."""
    pytest.importorskip("ray")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    running = on_ray(1)
    try:
        executor = running.__enter__()
    except NoExecutor as error:  # a machine with much else to do
        pytest.skip(str(error))
    try:
        yield executor
    finally:
        running.__exit__(None, None, None)


def test_tasks_of_a_ray_cluster(cluster: Executor) -> None:
    check(cluster)
    assert cluster.submit(os.getpid).result() != os.getpid()
    # One core: while the first waits, the others have not begun.
    waiting, *others = [cluster.submit(os.getpid) for _ in range(20)]
    assert others[-1].cancel()
    assert waiting.result()


def test_every_executor_is_an_option_of_mine(tmp_path: Path) -> None:
    done = gitmerge_ai("mine", "--help", cwd=tmp_path)
    assert f"--executor [{'|'.join(sorted(EXECUTORS))}]".encode() in done.stdout


def test_says_what_to_install_where_ray_is_not(tmp_path: Path) -> None:
    Repository.init(tmp_path / "some")
    (tmp_path / "ray.py").write_text("raise ImportError\n")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))}
    arguments = ("mine", "some", "-o", "out", "--executor", "ray")
    done = gitmerge_ai(*arguments, cwd=tmp_path, env=environment)
    assert done.returncode == 2
    [line] = done.stderr.decode().splitlines()
    assert line.endswith("Ray is not installed: pip install 'gitmerge-ai[ray]'")
