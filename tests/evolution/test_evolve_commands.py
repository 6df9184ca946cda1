"""What people do with a run: look at it, steer it, bring its winner in."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from graphs import PLAN, begun, child, opened
from repositories import Repository

from gitmerge_ai.cli import main
from gitmerge_ai.evolution.graph import Graph, Move, event, people, rank
from gitmerge_ai.evolution.graph.applying import apply
from gitmerge_ai.evolution.graph.story import story
from gitmerge_ai.evolution.values import Change, Evaluation
from gitmerge_ai.repository.index import RepositoryError


def called(arguments: tuple[str, ...], cwd: Path, status: int) -> Result:
    """Run a command in this process, which spares the time that a new one takes to start."""
    with contextlib.chdir(cwd):
        done = CliRunner().invoke(main, ["evolve", *arguments])
    assert done.exit_code == status, done.output
    return done


def evolve(*arguments: str, cwd: Path, status: int = 0) -> str:
    return called(arguments, cwd, status).output


def values(*arguments: str, cwd: Path) -> Any:
    return json.loads(called((*arguments, "--json"), cwd, 0).stdout)


@pytest.fixture
def graph(plain: Repository) -> Graph:
    """Give a run: a line of three, the last one the best, and one that failed."""
    plain.git("config", "user.name", "Ada")
    graph = begun(plain, PLAN._replace(checks=("pytest -q",), validate=("pytest more",)))
    graph.record(graph.base, Evaluation("passed", {"bins": 9.0, "tests": 2.0}))
    one = child(graph, 8.0, moves=[Move("island-0/a", None, None)])
    two = child(graph, 7.0, [one.commit], moves=[Move("island-0/b", None, None)], agent="edits-2")
    moves = [Move("island-1/a", None, None), Move("best", None, None)]
    child(graph, 6.0, [two.commit], moves=moves, operator="negate")
    change = Change({"pack.py": b"broken(\n"}, "negate", "Break \x1b[31mit")
    made = graph.commit([one.commit], change, "Break\n", agent="edits-1", island=0)
    graph.record(made, Evaluation("failed", feedback="Error: \x1b]0;title\x07 <b>\n"))
    return graph


def folder(graph: Graph) -> Path:
    return Path(graph.repository.workdir)


def names(graph: Graph) -> list[str]:
    return sorted(graph.individuals, key=lambda one: graph.individuals[one].individual.summary)


def test_status(graph: Graph) -> None:
    said = evolve("status", cwd=folder(graph))
    assert "4 commits in 3 generations, 3 passed; 3 in the population on 2 islands" in said
    assert "bins 6 (base 9, less is better)" in said
    found = values("status", cwd=folder(graph))
    assert (found["children"], found["passed"], found["best"]) == (4, 3, graph.best)
    shares = {each["name"]: each for each in found["operators"]}
    assert {key: shares["negate"][key] for key in ("children", "passed", "better", "placed")} == {
        "children": 2,
        "passed": 1,
        "better": 1,
        "placed": 1,
    }
    assert shares["tune"]["best"] == {"bins": 7.0}


def test_the_graph_has_what_lives_and_where_it_is_from(graph: Graph) -> None:
    said = evolve("graph", cwd=folder(graph))
    rows = [line for line in said.splitlines() if line.startswith(("* ", "| * "))]
    assert len(rows) == 4
    assert "bins 6 [best] bins 6.0 (negate, edits-1)" in rows[0]
    assert "bins 9 base" in rows[3]
    assert "--all" in said
    everything = evolve("graph", "--all", cwd=folder(graph))
    assert "failed Break" in everything
    assert "\x1b" not in everything
    assert evolve("graph", "-n", "1", cwd=folder(graph)).count("* ") == 1
    assert len(values("graph", cwd=folder(graph))) == 5


def test_the_graph_ends_with_the_base(plain: Repository) -> None:
    plain.commit("long before", {"x": "x\n"})
    graph = begun(plain)
    child(graph, 3.0, moves=[Move("island-0/a", None, None)])
    said = evolve("graph", cwd=plain.path).splitlines()
    assert [line.split(" ", 2)[2] for line in said if line.startswith("* ")] == [
        "bins 3 bins 3.0 (tune, edits-1)",
        "not evaluated base",
    ]


def test_show(graph: Graph) -> None:
    said = evolve("show", cwd=folder(graph))
    assert f"{graph.best} bins 6.0" in said
    assert "-pack = 7.0\n+pack = 6.0" in said
    assert "in the population as best, island-1/a" in said
    failed = next(one for one, each in graph.individuals.items() if "Break" in str(each))
    said = evolve("show", failed[:8], cwd=folder(graph))
    assert "Error: \ufffd]0;title\ufffd <b>" in said
    assert "+broken(" in said
    found = values("show", "island-0/b", cwd=folder(graph))
    assert (found["evaluation"]["scores"], found["better"]) == ({"bins": 7.0}, True)
    assert values("show", "base", cwd=folder(graph))["diff"] == ""


def test_what_is_not_there_is_said(graph: Graph, tmp_path: Path) -> None:
    for name in ("abcdef0", "ab", "island-9/x"):
        assert "no individual" in evolve("show", name, cwd=folder(graph), status=2)
    assert "no run other" in evolve("status", "--run", "other", cwd=folder(graph), status=2)
    bare = Repository.init(tmp_path / "without")
    assert "no run in this" in evolve("status", cwd=bare.path, status=2)
    bare.commit("x", {"x": "x"})
    assert "no run in this" in evolve("stop", cwd=bare.path, status=2)


def test_people_have_a_say(graph: Graph) -> None:
    path = folder(graph)
    one, two, best = names(graph)[4:1:-1]
    assert evolve("comment", two, "keep", "it", "stable", cwd=path)
    assert values("prune", two, cwd=path) == {
        "run": "run",
        "pruned": two,
        "freed": ["island-0/b", "island-1/a"],
        "best": one,
    }
    graph.refresh()
    assert [graph.alive(each) for each in (one, two, best)] == [True, False, False]
    assert graph.best == one
    assert [(each.by, each.text) for each in graph.comments(best)] == [("Ada", "keep it stable")]
    assert evolve("promote", best[:9], cwd=path)
    graph.refresh()
    assert graph.alive(best)
    assert best in graph.members(0).values()
    assert evolve("stop", cwd=path)
    assert graph.stopped
    assert "nothing to say" in evolve("comment", two, " ", cwd=path, status=2)


def test_prune_leaves_no_best_where_nothing_else_is(graph: Graph) -> None:
    people.prune(graph, graph.plan.base, "me")
    assert graph.best is None
    assert not any(graph.members(island) for island in (0, 1))
    assert "nothing better" in evolve("apply", cwd=folder(graph), status=1)


def test_apply_squashed(graph: Graph, plain: Repository) -> None:
    plain.write({"pack.py": "my own\n"})
    before = plain.status(), plain.git("rev-parse", "HEAD"), plain.git("symbolic-ref", "HEAD")
    said = evolve("apply", cwd=plain.path)
    assert "evolve/run is" in said
    assert "held-out checks" in said
    after = plain.status(), plain.git("rev-parse", "HEAD"), plain.git("symbolic-ref", "HEAD")
    assert before == after
    assert plain.read("pack.py") == "my own\n"
    shown = plain.git("log", "-1", "--format=%P%n%an%n%B", "evolve/run")
    parents, author, subject, *_ = shown.splitlines()
    assert (parents, author, subject) == (graph.plan.base, "A U Thor", "Use fewer bins")
    assert "bins: 6, from 9 (less is better)." in shown
    assert "These checks hold: pytest -q." in shown
    assert "The held-out checks were not run." in shown
    assert shown.count("\n- ") == 3
    assert f"Gitmerge-ai-commit: {graph.best}" in shown
    assert plain.git("show", "evolve/run:pack.py") == "pack = 6.0\n"
    assert "already" in evolve("apply", cwd=plain.path)


def test_apply_with_lineage(graph: Graph, plain: Repository) -> None:
    found = values("apply", "--lineage", "--branch", "better", cwd=plain.path)
    parents = plain.git("log", "-1", "--format=%P", "better").split()
    assert parents == [graph.plan.base, graph.best]
    assert found["branch"] == "better"
    assert plain.git("rev-list", "--count", f"{graph.plan.base}..better").strip() == "4"


def test_apply_overwrites_nothing(graph: Graph, plain: Repository) -> None:
    plain.git("branch", "evolve/run")
    before = plain.git("rev-parse", "evolve/run")
    assert "another branch" in evolve("apply", cwd=plain.path, status=2)
    assert plain.git("rev-parse", "evolve/run") == before
    for branch in ("main/x", "-f", "a b", "a..b", "HEAD.lock"):
        with pytest.raises(RepositoryError):
            apply(graph, graph.best or "", branch, squash=True)
    assert "not pass" in evolve("apply", names(graph)[0], "--branch", "worse", cwd=plain.path)


def test_a_long_story_is_cut(plain: Repository) -> None:
    goal = "make it " + "so much " * 20 + "better\nand also\x00 this"
    graph = begun(plain, PLAN._replace(goal=goal))
    parent = graph.plan.base
    for at in range(40):
        parent = child(graph, float(at), [parent]).commit
    graph.annotate(parent, event("comment", by="", text="a\nb"))
    lines = story(graph, graph.individuals[parent]).splitlines()
    assert len(lines[0]) <= 72
    assert lines[0].endswith("…")
    assert not lines[1]
    assert "- 10 earlier steps" in lines
    assert "> a b" in lines
    assert apply(graph, parent, "story", squash=True).made


def test_runs_are_shared_by_name(graph: Graph, plain: Repository, tmp_path: Path) -> None:
    Repository.init(tmp_path / "bare.git", "--bare")
    plain.git("remote", "add", "origin", str(tmp_path / "bare.git"))
    plain.git("push", "-q", "origin", "main")
    evolve("status", "--remote", "origin", cwd=plain.path)
    plain.git("clone", "-q", str(tmp_path / "bare.git"), str(tmp_path / "other"))
    other = tmp_path / "other"
    assert "bins 6" in evolve("status", "--run", "run", "--remote", "origin", cwd=other)
    evolve("comment", "best", "well done", "--remote", "origin", cwd=other)
    evolve("stop", "--remote", "origin", cwd=other)
    said = evolve("show", "--remote", "origin", cwd=plain.path)
    assert "well done" in said
    assert opened(plain.path).stopped
    best = max(graph.individuals.values(), key=lambda each: rank(graph.plan, each))
    assert best.individual.commit == graph.best
