"""The sandbox: what is run meets its bounds, sees no secret, and is gone afterwards."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from repositories import ROOT, Repository

from gitmerge_ai.evolution.evaluation import keeper
from gitmerge_ai.evolution.evaluation.sandbox import Ran, Sandbox, problem
from gitmerge_ai.evolution.evaluation.worktree import Worktree
from gitmerge_ai.evolution.values import Limits

HOG = "x = bytes(range(250)) * 300000; import time; time.sleep(60)"
"""Far below the bound by itself, and above it with three more."""
THREADS = """import threading, time
for _ in range(60): threading.Thread(target=time.sleep, args=[60]).start()"""
DAEMON = """import os
os.fork() or os.setsid() or os.fork() or os.execlp("sleep", "sleep", "61.25")"""

LIMITS = Limits(seconds=10, memory=200 << 20, disk=20 << 20, processes=20, output=10_000)

isolated_only = pytest.mark.skipif(bool(problem()), reason=f"bubblewrap {problem()}")

BOTH = [pytest.param(True, id="isolated", marks=isolated_only), pytest.param(False, id="bare")]


@pytest.fixture
def worktree(plain: Repository) -> Iterator[Worktree]:
    base = plain.commit("base", {"a.py": "A = 1\n"})
    plain.write({".env": "KEY=hidden\n"})
    made = Worktree(plain.path, base, "run")
    made.bring(plain.git("rev-parse", "HEAD^{tree}").strip())
    yield made
    made.close()


@pytest.fixture(params=BOTH)
def sandbox(worktree: Worktree, request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    made = Sandbox(worktree.place, isolated=request.param)
    yield made
    made.close()


@pytest.fixture
def isolated(worktree: Worktree) -> Iterator[Sandbox]:
    made = Sandbox(worktree.place, isolated=True)
    yield made
    made.close()


def run(sandbox: Sandbox, command: str, **limits: float) -> Ran:
    return sandbox.run(command, LIMITS._replace(**limits))


def python(code: str) -> str:
    return f"{sys.executable} -c '{code}'"


def living(mark: str) -> list[str]:
    """Give the processes with a word in their command line."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if mark in words.split("\0"):
                found.append(words)
    return found


def test_output_status_and_time(sandbox: Sandbox) -> None:
    ran = run(sandbox, "cat a.py; echo wrong >&2; exit 3")
    assert (ran.outcome, ran.status) == ("failed", 3)
    assert (ran.output, ran.errors) == ("A = 1\n", "wrong\n")
    assert run(sandbox, "exit 0").outcome == "passed"
    assert run(sandbox, "kill -SEGV $$").outcome == "crashed"
    assert 0.2 <= run(sandbox, "sleep 0.2").seconds < 5


@pytest.mark.parametrize(
    ("command", "outcome"),
    [
        ("sleep 60", "timeout"),
        ("exec >/dev/null 2>&1; sleep 60", "timeout"),
        ("yes", "output"),
        (f"{python(HOG)} & {python(HOG)} & {python(HOG)} & {python(HOG)} & wait", "memory"),
        ("for i in $(seq 40); do sleep 60 & done; wait", "processes"),
        (python(THREADS), "processes"),
        ("i=0; while :; do i=$((i+1)); head -c 100000 /dev/zero > f$i; done", "disk"),
        ("cd ~; i=0; while :; do i=$((i+1)); head -c 100000 /dev/zero > f$i; done", "disk"),
    ],
)
def test_a_bound_ends_it(sandbox: Sandbox, command: str, outcome: str) -> None:
    begun = time.monotonic()
    ran = run(sandbox, command, seconds=0.5 if outcome == "timeout" else 20)
    assert ran.outcome == outcome
    assert time.monotonic() - begun < 10
    assert len(ran.output) <= LIMITS.output + (1 << 16)


def test_one_file_cannot_fill_the_disk(sandbox: Sandbox) -> None:
    ran = run(sandbox, "head -c 100000000 /dev/zero > big")
    assert ran.outcome in {"disk", "failed"}
    assert (sandbox.place.tree / "big").stat().st_size <= LIMITS.disk


@pytest.mark.parametrize(
    "command",
    [
        "sleep 61.25 & exit 0",
        "setsid sleep 61.25 >/dev/null 2>&1 & exit 0",
        "(setsid setsid sleep 61.25 & ) ; setsid sh -c '(sleep 61.25 &)'; exit 0",
        python(DAEMON),
    ],
)
def test_nothing_that_it_started_lives_on(sandbox: Sandbox, command: str) -> None:
    assert run(sandbox, command).outcome == "passed"
    assert not living("61.25")


def test_what_ignores_signals_is_killed(sandbox: Sandbox) -> None:
    ran = run(sandbox, "trap '' TERM INT HUP; while :; do sleep 61.5; done", seconds=0.3)
    assert ran.outcome == "timeout"
    assert not living("61.5")


def test_fast_forking_is_ended(sandbox: Sandbox) -> None:
    """As a fork bomb, but one that would end by itself."""
    ran = run(sandbox, "f() { [ $1 -gt 0 ] && { f $(($1 - 1)) & f $(($1 - 1)) & }; sleep 9; }; f 7")
    assert ran.outcome == "processes"
    assert run(sandbox, "echo still here").output == "still here\n"


def test_no_secret_of_the_environment(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    again = Sandbox(sandbox.place, isolated=sandbox.isolated)
    ran = run(again, "env; cat /proc/$PPID/environ 2>/dev/null | tr '\\0' '\\n'; echo $HOME")
    again.close()
    assert "sk-very-secret" not in ran.output
    assert os.environ["HOME"] not in ran.output.splitlines()


@isolated_only
def test_no_file_of_the_user(isolated: Sandbox, plain: Repository) -> None:
    secret = Path(os.environ["HOME"]) / ".netrc"
    secret.write_text("password hidden")
    plain.git("config", "remote.origin.url", "https://me:hidden@example.com/")
    commands = [
        f"cat {secret} .env",
        "find /tmp /home /root $HOME -name .netrc -o -name .env 2>/dev/null",
        "git config --list",
        "grep -r hidden $(sed 's/gitdir: //' .git)",
    ]
    ran = run(isolated, "; ".join(commands))
    assert "hidden" not in ran.output
    assert str(secret) not in ran.output
    assert "core.repositoryformatversion" in ran.output


@isolated_only
def test_no_network(isolated: Sandbox) -> None:
    code = 'import socket; socket.create_connection(("127.0.0.1", PORT), 2)'
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        ran = run(isolated, python(code.replace("PORT", port)))
    assert "Connection refused" in ran.errors or "unreachable" in ran.errors


@isolated_only
def test_no_writing_elsewhere(isolated: Sandbox, plain: Repository, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    targets = ["/etc/x", "/usr/x", str(outside), f"{plain.path}/.git/config", "/home/x", "/run/x"]
    ran = run(isolated, "; ".join(f"(echo x > {target}) && echo {target}" for target in targets))
    # What it may write there is not what is there outside.
    assert not outside.exists()
    assert not {"/etc/x", "/usr/x", "/home/x", "/run/x"} & set(ran.output.split())
    assert "x" not in plain.read(".git/config").splitlines()
    assert run(isolated, "echo new > here && cat here").output == "new\n"


@isolated_only
def test_tools_are_there_wherever_they_are_kept(
    plain: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A virtual environment below /tmp, and a manager of versions in the home."""
    base = plain.commit("base", {"a.py": ""})
    tool, version = tmp_path / "venv" / "bin" / "tool", tmp_path / ".pyenv" / "version"
    for file, text in ((tool, '#!/bin/sh\ncat "$PYENV_ROOT/version"\n'), (version, "3.11\n")):
        file.parent.mkdir(parents=True)
        file.write_text(text)
    tool.chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")
    worktree = Worktree(plain.path, base, "run")
    worktree.bring(plain.git("rev-parse", "HEAD^{tree}").strip())
    sandbox = Sandbox(worktree.place, isolated=True)
    try:
        assert run(sandbox, "tool").output == "3.11\n"
        assert run(sandbox, f"echo x > {version}").outcome == "failed"
    finally:
        sandbox.close()
        worktree.close()


@isolated_only
def test_the_worktree_stands_where_the_users_does(isolated: Sandbox, plain: Repository) -> None:
    ran = run(isolated, "pwd; git rev-parse HEAD; git ls-files; git status --porcelain")
    head = plain.git("rev-parse", "HEAD").strip()
    assert ran.output.splitlines() == [str(plain.path), head, "a.py"]


def test_a_keeper_that_was_killed_leaves_nothing(worktree: Worktree) -> None:
    sandbox = Sandbox(worktree.place, isolated=False)
    ran = run(
        sandbox, "setsid setsid sleep 61.75 >/dev/null 2>&1 & sleep 0.1; kill -9 $PPID; sleep 9"
    )
    assert ran.outcome == "crashed"
    assert not living("61.75")
    assert run(sandbox, "echo again").output == "again\n"
    sandbox.close()


@pytest.mark.parametrize("isolated", BOTH)
def test_what_is_killed_takes_all_it_runs_along(
    tmp_path: Path, plain: Repository, isolated: bool
) -> None:
    plain.commit("base", {"a.py": ""})
    script = tmp_path / "script.py"
    script.write_text(
        "import sys; from pathlib import Path\n"
        "from gitmerge_ai.evolution.evaluation.sandbox import Sandbox\n"
        "from gitmerge_ai.evolution.evaluation.worktree import Worktree\n"
        "from gitmerge_ai.evolution.values import Limits\n"
        f"worktree = Worktree(Path({str(plain.path)!r}), 'HEAD', 'killed')\n"
        f"sandbox = Sandbox(worktree.place, isolated={isolated})\n"
        "sandbox.run('touch begun; setsid sleep 62.25 & sleep 62.25', Limits())\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, script], env=environment) as running:
        until = time.monotonic() + 20
        while len(living("62.25")) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        assert len(living("62.25")) >= 2
        running.send_signal(signal.SIGKILL)
    while living("62.25") and time.monotonic() < until:
        time.sleep(0.01)
    assert not living("62.25")


def test_descendants_are_found() -> None:
    with subprocess.Popen(["sh", "-c", "sleep 5 & wait"]) as child:
        until = time.monotonic() + 5
        while len(list(keeper.descendants(child.pid))) < 1 and time.monotonic() < until:
            time.sleep(0.01)
        [grandchild] = keeper.descendants(child.pid)
        assert grandchild in set(keeper.descendants(os.getpid()))
        child.kill()
        os.kill(grandchild, signal.SIGKILL)
