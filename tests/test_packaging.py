"""What is built from a checkout holds all that runs, and runs without the checkout."""

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DEMO = [sys.executable, "-c", "from gitmerge_ai.cli import main; main()", "demo"]


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    """Build an sdist, and a wheel out of it, with what the development extra has installed."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="module")
def wheel(dist):
    return next(dist.glob("*.whl"))


@pytest.fixture(scope="module")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def tracked(folder):
    """Give the files of a folder in the checkout, by their paths in it."""
    paths = (path for path in (ROOT / folder).rglob("*") if path.is_file())
    return {p.relative_to(ROOT / folder).as_posix() for p in paths if p.suffix != ".pyc"}


def test_the_sdist_holds_what_the_wheel_is_built_from(dist):
    with tarfile.open(next(dist.glob("*.tar.gz"))) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    for folder in ("hooks", "models", "gitmerge_ai"):
        assert {f"{folder}/{name}" for name in tracked(folder)} <= inside
    assert {"pyproject.toml", "README.md", "LICENSE"} <= inside


def test_the_wheel_holds_the_package_the_hooks_and_the_models(names):
    assert {f"gitmerge_ai/{name}" for name in tracked("gitmerge_ai")} <= names
    for folder in ("hooks", "models"):
        assert {f"gitmerge_ai/_data/{folder}/{name}" for name in tracked(folder)} <= names
    assert "gitmerge_ai/py.typed" in names


def test_the_wheel_holds_nothing_else(names):
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"gitmerge_ai"}
    assert not [name for name in names if "__pycache__" in name]


def test_the_demo_runs_from_the_wheel(wheel, tmp_path):
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    done = subprocess.run(
        [*DEMO, "--json", "--keep", str(tmp_path / "kept")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["as_expected"] is True
    query = ["git", "config", "--get", "merge.gitmerge-ai.driver"]
    line = subprocess.run(query, cwd=tmp_path / "kept", capture_output=True, text=True).stdout
    assert str(site / "gitmerge_ai" / "driver.py") in line
