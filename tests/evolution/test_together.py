"""Several processes on one run: two clones with one remote, and the machines of a Ray cluster."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from repositories import ROOT, Repository
from toys import OPTIMISE, evolve, left_behind, sound, start, toy

from gitmerge_ai.evolution.graph import Graph

NONE = ("--sandbox", "none")
MANY = ("--evaluations", "12")

pytestmark = pytest.mark.usefixtures("temporary")


def test_two_clones_work_on_one_run(tmp_path: Path, temporary: Path) -> None:
    remote = Repository.init(tmp_path / "remote", "--bare")
    first = toy(Repository.init(tmp_path / "first"))
    first.git("remote", "add", "origin", str(remote.path))
    first.git("push", "-q", "origin", "main")
    shared = ("--remote", "origin", *NONE)
    running = [start(first, "run", *OPTIMISE, "--name", "s", "--agents", "1", *MANY, *shared)]
    Repository(tmp_path).git("clone", "-q", str(remote.path), "second")
    second = Repository(tmp_path / "second")
    running.append(start(second, "resume", "--run", "s", *shared))
    for each in running:
        each.communicate()
        assert each.returncode == 0
    for clone in (first, second, first):
        evolve(clone, "resume", "--run", "s", *shared)
    graphs = [Graph.open(each.path, "s") for each in (first, second)]
    assert set(graphs[0].individuals) == set(graphs[1].individuals)
    assert graphs[0].best == graphs[1].best
    assert len(graphs[0].individuals) > 12
    for graph in graphs:
        graph.close()
    assert sound(first)
    assert sound(second)
    assert remote.git("for-each-ref", "refs/heads").split()[-1] == "refs/heads/main"
    assert not left_behind(temporary)


@pytest.fixture
def two_nodes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Start a Ray cluster of two nodes with a core each."""
    pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    # Ray's sockets have a long name, too long for the folder of a test.
    monkeypatch.setenv("RAY_TMPDIR", "/tmp")
    cluster = Cluster()
    try:
        try:
            for _ in range(2):
                cluster.add_node(num_cpus=1)
            cluster.wait_for_nodes()
        except (Exception, SystemExit) as error:  # a machine with much else to do
            pytest.skip(str(error))
        monkeypatch.setenv("RAY_ADDRESS", cluster.address)
        yield
    finally:
        cluster.shutdown()


def test_a_cluster_of_two_nodes(two_nodes: None, plain: Repository, temporary: Path) -> None:
    toy(plain)
    options = ("--executor", "ray", "--agents", "2", "--evaluations", "24", *NONE)
    *_, last = events = evolve(plain, "run", *OPTIMISE, *options)
    assert last["evaluations"] >= 24
    assert {"edits-1", "edits-2"} <= {each.get("agent") for each in events}
    assert sound(plain)
    assert not left_behind(temporary)
