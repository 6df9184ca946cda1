"""Runs in repositories that are unlike most: what they do there, and what they leave as it was."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from graphs import begun, child
from repositories import COMMAND, UNPRIVILEGED, Repository, gitmerge_ai, invoked, obeys_modes
from toys import FILES, OPTIMISE, sound, untouched

from gitmerge_ai.evolution.graph import Graph
from gitmerge_ai.evolution.graph.people import promote, prune
from gitmerge_ai.evolution.running import RunEvent, begin
from gitmerge_ai.evolution.values import Budget, Evaluation, Objective, Plan
from gitmerge_ai.evolution.working import Job, Worker, work
from gitmerge_ai.executors import local
from gitmerge_ai.repository.index import RepositoryError

PLAN = Plan(
    "run",
    "less",
    "HEAD",
    objectives=(Objective("score", "python -S score.py", lower=True),),
    budget=Budget(evaluations=3),
)

pytestmark = pytest.mark.usefixtures("temporary")


def heard(event: RunEvent) -> None:
    """Hear of a warning, and do nothing."""


@contextmanager
def bred(repository: Repository, plan: Plan = PLAN) -> Iterator[Graph]:
    """Run a population in this process until its budget is spent, and give its graph."""
    begin(repository.path, plan, heard, isolated=False)
    worker = Worker(Job(repository.path, plan.name, 0, 1, 60.0, isolated=False))
    try:
        worker.take_turns(60.0)
        assert len(worker.graph.individuals) > plan.budget.evaluations
        yield worker.graph
    finally:
        worker.close()


def commits(graph: Graph) -> list[str]:
    return [each for each in graph.individuals if each != graph.plan.base]


def test_a_shallow_clone(plain: Repository, tmp_path: Path) -> None:
    plain.commit("first", {"program.py": "old\n"})
    plain.commit("second", dict(FILES))
    Repository(tmp_path).git("clone", "-q", "--depth", "1", f"file://{plain.path}", "shallow")
    shallow = Repository(tmp_path / "shallow")
    with bred(shallow):
        pass
    assert sound(shallow)
    assert (shallow.path / ".git" / "shallow").exists()


def test_a_submodule_in_the_tree_stays(plain: Repository, tmp_path: Path) -> None:
    inner = Repository.init(tmp_path / "inner")
    inner.commit("inner", {"code.py": "value = 1\n"})
    allowed = ("-c", "protocol.file.allow=always")
    plain.git(*allowed, "submodule", "add", "-q", str(inner.path), "lib/inner")
    plain.commit("base", dict(FILES))
    before = plain.git("ls-tree", "-r", "HEAD", "lib", ".gitmodules")
    with bred(plain) as graph:
        for commit in commits(graph):
            assert plain.git("ls-tree", "-r", commit, "lib", ".gitmodules") == before
    assert sound(plain)


NAMES = (
    "con.py",
    "a:b.py",
    "tail. ",
    'quo"te*.py',
    "back\\slash.py",
    "new\nline",
    "UPPER",
    "upper",
)


def test_names_that_other_systems_do_not_like(plain: Repository) -> None:
    odd = [*NAMES, os.fsdecode(b"latin-\xe9.py"), "ü.py"]
    plain.commit("base", {**FILES, **{f"odd/{name}": f"a = {name!r:.1}'\n" for name in odd}})
    before = plain.git("ls-tree", "-z", "--name-only", "HEAD", "odd/")
    with bred(plain) as graph:
        for commit in commits(graph):
            assert plain.git("ls-tree", "-z", "--name-only", commit, "odd/") == before
    assert sound(plain)


def test_a_bare_repository(plain: Repository, tmp_path: Path) -> None:
    plain.commit("base", dict(FILES))
    Repository(tmp_path).git("clone", "-q", "--bare", str(plain.path), "bare.git")
    bare = Repository(tmp_path / "bare.git")
    with bred(bare):
        pass
    done = invoked(bare.path, "evolve", "apply", "best")
    assert done.exit_code in (0, 1), done.output
    assert bare.git("fsck", "--strict", "--no-dangling") == ""


def test_in_the_middle_of_a_rebase(plain: Repository) -> None:
    plain.commit("base", dict(FILES))
    plain.diverge({"a": "1\n"}, {"a": "2\n"}, {"a": "3\n"})
    assert plain.run("git", "rebase", "side").returncode
    before = untouched(plain)
    assert any("rebase-merge" in name for name in before)
    with bred(plain):
        pass
    assert untouched(plain) == before
    plain.git("rebase", "--abort")
    assert sound(plain)


def test_objects_are_pruned_in_the_middle_of_a_turn(plain: Repository) -> None:
    plain.commit("base", dict(FILES))
    begin(plain.path, PLAN, heard, isolated=False)
    worker = Worker(Job(plain.path, "run", 0, 1, 60.0, isolated=False))
    evaluate = worker.evaluator.evaluate

    def pruned(*given: object) -> object:
        found = evaluate(*given)  # type: ignore[arg-type]
        plain.git("gc", "-q", "--prune=now")
        return found

    worker.evaluator.evaluate = pruned  # type: ignore[assignment, method-assign]
    worker.take_turns(60.0)
    worker.close()
    graph = Graph.open(plain.path, "run")
    assert len(graph.individuals) == 4
    for commit in commits(graph):
        plain.git("cat-file", "-e", f"{commit}:program.py")
    graph.close()
    assert sound(plain)


@pytest.mark.parametrize(
    "make",
    [
        ("init", "-q", "--object-format=sha256"),
        ("config", "extensions.refStorage", "reftable"),
    ],
    ids=["sha256", "reftable"],
)
def test_what_cannot_be_read_is_said_in_one_line(tmp_path: Path, make: tuple[str, ...]) -> None:
    folder = Repository(tmp_path / "odd")
    folder.path.mkdir()
    folder.git("init", "-q", *make[2:] if make[0] == "init" else ())
    folder.commit("base", dict(FILES))
    if make[0] == "config":
        folder.git("config", "core.repositoryFormatVersion", "1")
        folder.git(*make)
    before = untouched(folder)
    for command in (("run", *OPTIMISE), ("status",), ("resume",)):
        done = invoked(folder.path, "evolve", *command)
        assert done.exit_code == 2
        assert done.output.startswith("gitmerge-ai: ")
        assert len(done.output.splitlines()) == 1
    assert untouched(folder) == before


@obeys_modes
def test_a_repository_that_may_not_be_written(plain: Repository, temporary: Path) -> None:
    plain.commit("base", dict(FILES))
    folders = [folder for folder in plain.path.rglob("*") if folder.is_dir()]
    for folder in folders:
        folder.chmod(0o555)
    try:
        options = ("--agents", "1", "--sandbox", "none", "--evaluations", "2")
        done = subprocess.run(
            [*UNPRIVILEGED, *COMMAND, "evolve", "run", *OPTIMISE, *options],
            cwd=plain.path,
            capture_output=True,
            check=False,
        )
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert done.returncode == 2
    *_, last = done.stderr.decode().splitlines()
    assert last.startswith("gitmerge-ai: ")
    assert last.endswith("Permission denied")
    assert not plain.git("for-each-ref", "refs/gitmerge-ai", "refs/notes")
    assert not list(temporary.glob("gitmerge-ai-evolve-*"))


FULL = """\
set -e
mount -t tmpfs -o size=4m tmpfs "$1"
cp -r "$2/." "$1"
cd "$1"
shift 2
head -c $(($(df -k --output=avail . | tail -n 1) - 250))k /dev/zero > filler
status=0
"$@" || status=$?
rm filler
git fsck --strict --no-dangling
git for-each-ref refs/heads
exit $status
"""


@pytest.mark.skipif(
    not shutil.which("unshare")
    or subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode,
    reason="no file system of one's own can be mounted",
)
def test_a_full_disk(plain: Repository, tmp_path: Path, temporary: Path) -> None:
    plain.commit("base", dict(FILES))
    place = tmp_path / "full"
    place.mkdir()
    options = ("--agents", "1", "--sandbox", "none", "--minutes", "1", "--json")
    command = [*COMMAND, "evolve", "run", *OPTIMISE, *options]
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", FULL, "sh", str(place), str(plain.path), *command],
        capture_output=True,
        check=False,
    )
    words = done.stderr.decode()
    assert done.returncode == 2, words
    assert "refs/heads/main" in done.stdout.decode()
    assert words.splitlines()[-1].startswith("gitmerge-ai: ")
    assert "No space left" in words
    assert not list(temporary.glob("gitmerge-ai-evolve-*"))


def test_what_libgit2_cannot_read_is_said_by_the_process_that_asked(plain: Repository) -> None:
    plain.commit("base", dict(FILES))
    begin(plain.path, PLAN, heard, isolated=False)
    blob = plain.git("rev-parse", "HEAD:program.py").strip()
    place = plain.path / ".git" / "objects" / blob[:2] / blob[2:]
    place.chmod(0o644)
    place.write_bytes(b"broken")
    job = Job(plain.path, "run", 0, 1, 60.0, isolated=False)
    with local(1) as executor, pytest.raises(RepositoryError, match="object"):
        executor.submit(work, job).result()


def test_the_status_of_a_run_that_only_the_remote_has(plain: Repository, tmp_path: Path) -> None:
    plain.commit("base", dict(FILES))
    remote = Repository.init(tmp_path / "remote", "--bare")
    plain.git("push", "-q", str(remote.path), "main")
    Repository(tmp_path).git("clone", "-q", "-b", "main", str(remote.path), "second")
    second = Repository(tmp_path / "second")
    done = invoked(second.path, "evolve", "status", "--remote", "origin")
    assert (done.exit_code, done.output) == (2, "gitmerge-ai: origin has no run\n")
    Graph.create(plain.path, PLAN).close()
    assert not invoked(plain.path, "evolve", "status", "--remote", str(remote.path)).exit_code
    done = invoked(second.path, "evolve", "status", "--remote", "origin")
    assert not done.exit_code, done.output
    assert "run" in done.output
    Graph.create(plain.path, PLAN._replace(name="other")).close()
    named = ("--run", "other", "--remote", str(remote.path))
    assert not invoked(plain.path, "evolve", "status", *named).exit_code
    Repository(tmp_path).git("clone", "-q", "-b", "main", str(remote.path), "third")
    done = invoked(tmp_path / "third", "evolve", "status", "--remote", "origin")
    assert done.output == "gitmerge-ai: origin has several runs, say --run: other, run\n"


def test_an_empty_repository(plain: Repository) -> None:
    done = gitmerge_ai("evolve", "run", *OPTIMISE, cwd=plain.path)
    assert (done.returncode, done.stderr) == (2, b"gitmerge-ai: there is no commit HEAD\n")


def test_a_clock_that_goes_back(plain: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = begun(plain)
    made = child(graph, 1.0).commit
    promote(graph, made, "me")
    earlier = time.time() - 3600
    monkeypatch.setattr(time, "time", lambda: earlier)
    prune(graph, made, "me")
    again = Graph.open(plain.path, graph.run)
    for each in (graph, again):
        assert each.individuals[made].decision == "pruned"
        assert not each.alive(made)
    assert again.record(again.individuals[made].individual, Evaluation("failed"))
    assert again.individuals[made].evaluation == Evaluation("failed")
    promote(again, made, "me")
    graph.refresh()
    assert graph.alive(made)
    graph.close()
    again.close()
