"""A run shared by two clones through a remote: nothing is lost, and nothing else is touched."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from graphs import PLAN, begun, child, opened
from repositories import ROOT, Repository

from gitmerge_ai.evolution.graph import Graph, GraphError, Move, event
from gitmerge_ai.evolution.graph.remote import Shared, bring
from gitmerge_ai.repository.index import RepositoryError

TOP = Move("island-0/top", None, None)
BEST = Move("best", None, None)

RUN = "refs/gitmerge-ai/evolve/run/"


@pytest.fixture
def bare(tmp_path: Path) -> Repository:
    return Repository.init(tmp_path / "bare.git", "--bare")


@pytest.fixture
def one(plain: Repository, bare: Repository) -> Graph:
    graph = begun(plain)
    plain.git("remote", "add", "origin", str(bare.path))
    plain.git("push", "-q", "origin", "main")
    return graph


def other_clone(bare: Repository, name: str = "other") -> Graph:
    path = bare.path.parent / name
    bare.git("clone", "-q", ".", str(path))
    bring(path, "origin", PLAN.name)
    return opened(path)


def refs_of(repository: Repository) -> dict[str, str]:
    lines = repository.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    return dict(line.split() for line in lines)  # type: ignore[misc]


def the_run(repository: Repository) -> dict[str, str]:
    return {ref: name for ref, name in refs_of(repository).items() if "gitmerge-ai" in ref}


def test_two_clones_find_the_same(one: Graph, bare: Repository, plain: Repository) -> None:
    first = child(one, 5.0, moves=[TOP, BEST]).commit
    assert Shared(one, "origin").sync() == (0, 4)
    assert the_run(bare) == the_run(plain)
    two = other_clone(bare)
    Shared(two, "origin").sync()
    assert two.individuals[first].evaluation == one.individuals[first].evaluation
    assert two.members(0) == {"top": first}
    better = child(two, 3.0, [first], moves=[TOP._replace(old=first), BEST._replace(old=first)])
    worse = child(one, 4.0, [first], moves=[TOP._replace(old=first), BEST._replace(old=first)])
    aside = child(one, 9.0, [first], moves=[Move("island-1/0", None, None)])
    one.annotate(first, event("comment", by="one", text="from one"))
    two.annotate(first, event("comment", by="two", text="from two"))
    for graph in (one, two, one, two):
        Shared(graph, "origin").sync()
    assert Shared(one, "origin").sync() == (0, 0)
    assert Shared(two, "origin").sync() == (0, 0)
    assert one.individuals == two.individuals
    assert {better.commit, worse.commit, aside.commit} < one.individuals.keys()
    assert dict(one.population) == dict(two.population)
    assert one.best == better.commit
    assert one.members(1) == {"0": aside.commit}
    assert {each.text for each in one.comments(first)} == {"from one", "from two"}
    assert the_run(bare) == the_run(plain)
    assert opened(plain.path).members(0) == {"top": better.commit}


def test_nothing_but_the_run_is_pushed_or_fetched(
    one: Graph, bare: Repository, plain: Repository
) -> None:
    plain.commit("not for everyone", {"secret.txt": "x\n"})
    plain.git("tag", "-a", "-m", "tag", "v1", one.plan.base)
    for setting in ("push.followTags=true", "fetch.prune=true", "push.default=matching"):
        plain.git("config", *setting.split("="))
    plain.git("config", "--add", "remote.origin.push", "+refs/heads/*:refs/heads/*")
    hook = plain.path / ".git" / "hooks" / "pre-push"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    before, there = refs_of(plain), refs_of(bare)
    bare.git("update-ref", "refs/heads/news", "refs/heads/main")
    child(one, 5.0, moves=[TOP])
    Shared(one, "origin").sync()
    untouched = {"refs/heads/main", "refs/tags/v1", "refs/remotes/origin/main"}
    after = refs_of(plain)
    assert {ref: after[ref] for ref in untouched} == {ref: before[ref] for ref in untouched}
    assert "refs/remotes/origin/news" not in after
    assert refs_of(bare)["refs/heads/main"] == there["refs/heads/main"]
    assert "refs/tags/v1" not in refs_of(bare)
    assert not (plain.path / ".git" / "FETCH_HEAD").exists()


def test_what_was_removed_stays_so(one: Graph, bare: Repository) -> None:
    first = child(one, 5.0, moves=[TOP]).commit
    Shared(one, "origin").sync()
    two = other_clone(bare)
    Shared(two, "origin").sync()
    assert one.move([TOP._replace(old=first)])
    Shared(one, "origin").sync()
    assert f"{RUN}island-0/top" not in refs_of(bare)
    Shared(two, "origin").sync()
    assert f"{RUN}island-0/top" not in refs_of(bare), "who has not heard of it puts nothing back"
    stranger = bare.git("rev-parse", "main").strip()
    bare.git("update-ref", f"{RUN}island-7/x", bare.git("write-tree").strip())
    bare.git("update-ref", f"{RUN}island-7/y", stranger)
    Shared(two, "origin").sync()
    assert refs_of(bare)[f"{RUN}island-7/y"] == stranger
    assert f"{RUN}island-7/x" in refs_of(bare)


def test_stop_reaches_everyone(one: Graph, bare: Repository) -> None:
    Shared(one, "origin").sync()
    two = other_clone(bare)
    Shared(one, "origin").stop()
    Shared(two, "origin").sync()
    assert two.stopped
    Shared(two, "origin").unstop()
    Shared(two, "origin").sync()
    assert not two.stopped
    assert f"{RUN}stop" not in refs_of(bare)
    Shared(one, "origin").sync()
    assert f"{RUN}stop" not in refs_of(bare), "only `stop` stops the others"


def test_errors_say_why(one: Graph, bare: Repository, plain: Repository) -> None:
    with pytest.raises(RepositoryError, match="nowhere"):
        Shared(one, "nowhere").sync()
    with pytest.raises(RepositoryError, match="cannot be a remote"):
        Shared(one, "--upload-pack=evil")
    with pytest.raises(GraphError, match="has no run other"):
        bring(plain.path, "origin", "other")
    hook = bare.path / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(GraphError, match="hook declined"):
        Shared(one, "origin").sync()
    hook.unlink()
    elsewhere = Repository.init(plain.path.parent / "elsewhere")
    Shared(begun(elsewhere, PLAN._replace(goal="another")), str(bare.path)).sync()
    with pytest.raises(GraphError, match="another run"):
        Shared(one, "origin").sync()


def test_processes_on_two_clones_lose_nothing(
    one: Graph, bare: Repository, plain: Repository
) -> None:
    Shared(one, "origin").sync()
    two = other_clone(bare)
    path = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
    worker = Path(__file__).with_name("graph_worker.py")
    folders = [plain.path, plain.path, Path(two.repository.workdir)]
    running = [
        subprocess.Popen(
            [sys.executable, worker, folder, f"worker-{at}", "4", "origin"],
            env={**os.environ, "PYTHONPATH": path},
            stdout=subprocess.PIPE,
        )
        for at, folder in enumerate(folders)
    ]
    recorded = [line for each in running for line in each.communicate()[0].decode().split()]
    assert [each.returncode for each in running] == [0, 0, 0]
    assert len(set(recorded)) == 12
    for graph in (one, two, one):
        Shared(graph, "origin").sync()
    assert set(recorded) == one.individuals.keys() - {one.plan.base}
    assert one.individuals == two.individuals
    assert dict(one.population) == dict(two.population)
    assert {each.text for each in one.comments(one.plan.base)} == set(recorded)
    for each in (plain, bare):
        assert each.git("fsck", "--strict", "--no-dangling") == ""
    assert the_run(bare) == the_run(plain)
