"""What every test stands on: a git that knows no configuration but what the test gives it."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings
from repositories import Repository

# A machine that is busy is slow.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # What runs in the background of a shell ignores Ctrl-C, and so would all that the tests start.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _own_git(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path_factory.mktemp("home")
    for key in [key for key in os.environ if key.startswith("GIT")]:
        monkeypatch.delenv(key)
    values = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A U Thor",
        "GIT_AUTHOR_EMAIL": "author@example.com",
        "GIT_COMMITTER_NAME": "C O Mitter",
        "GIT_COMMITTER_EMAIL": "committer@example.com",
        "GIT_EDITOR": "true",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": "file",
        "LC_ALL": "C.UTF-8",
    }
    for key, value in values.items():
        monkeypatch.setenv(key, value)


@pytest.fixture
def plain(tmp_path: Path) -> Repository:
    """Give an empty repository in which git merges alone."""
    return Repository.init(tmp_path / "plain")


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    """Give an empty repository in which git merges with the driver."""
    return Repository.init(tmp_path / "repo").with_driver()


@pytest.fixture
def dated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is committed twice have one name."""
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z")
