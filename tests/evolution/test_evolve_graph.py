"""The graph of a run in one process: what is recorded, found again, and what stays untouched."""

import json

import pytest
from graphs import FILES, PLAN, begun, child, opened
from repositories import Repository

from gitmerge_ai.evolution.graph import Graph, GraphError, Move, event, merit, rank, runs
from gitmerge_ai.evolution.values import Change, Evaluation, Objective
from gitmerge_ai.repository.index import RepositoryError

CELL = Move("island-0/3-1", None, None)


def test_a_run_begins_with_its_base(plain: Repository) -> None:
    graph = begun(plain)
    head = plain.git("rev-parse", "HEAD").strip()
    assert runs(plain.path) == ["run"]
    assert graph.plan == PLAN._replace(base=head)
    assert graph.base.commit == head
    assert (graph.base.generation, graph.base.parents, graph.base.summary) == (0, (), "base")
    assert graph.individuals[head].evaluation is None
    assert graph.best is None
    written = plain.git("show", "refs/gitmerge-ai/evolve/run/plan:run.json")
    assert json.loads(written)["goal"] == PLAN.goal
    assert plain.git("rev-parse", "refs/gitmerge-ai/evolve/run/plan^").strip() == head
    with pytest.raises(GraphError, match="already"):
        Graph.create(plain.path, PLAN)
    for name in ("", "a/b", ".a", "a.lock", "a b", "-a", "a..b"):
        with pytest.raises(RepositoryError, match="cannot be the name"):
            Graph.create(plain.path, PLAN._replace(name=name))
    with pytest.raises(GraphError, match="no commit nowhere"):
        Graph.create(plain.path, PLAN._replace(name="other", base="nowhere"))
    for name in ("other", "a b", "../run"):
        with pytest.raises(GraphError, match="no run"):
            Graph.open(plain.path, name)


def test_an_individual_is_a_commit_with_a_note(plain: Repository) -> None:
    graph = begun(plain)
    (plain.path / "pack.py").chmod(0o755)
    graph.record(graph.base, Evaluation("passed", {"bins": 9.0}))
    made = child(graph, 7.0, moves=[CELL])
    twice = child(graph, 6.0, [made.commit], moves=[CELL._replace(old=made.commit)])
    other = opened(plain.path)
    for each in (graph, other):
        record = each.individuals[twice.commit]
        assert record.individual == twice
        assert (twice.generation, twice.parents) == (2, (made.commit,))
        assert record.evaluation == Evaluation("passed", {"bins": 6.0})
        assert each.members(0) == {"3-1": twice.commit}
        assert each.members(1) == {}
        assert each.seen_tree(made.tree) == made.commit
        assert each.seen_tree("0" * 40) is None
        base = each.individuals[each.base.commit].evaluation
        assert base is not None
        assert base.scores == {"bins": 9.0}
    assert plain.git("show", f"{twice.commit}:pack.py") == "pack = 6.0\n"
    assert plain.git("show", f"{twice.commit}:docs/about.txt") == FILES["docs/about.txt"]
    who = plain.git("log", "-1", "--format=%an <%ae> %cn %s", twice.commit).strip()
    assert who == "edits-1 <run@gitmerge-ai.invalid> edits-1 Use 6.0 bins"
    shown = plain.git("notes", "--ref=gitmerge-ai/run", "show", twice.commit)
    assert [json.loads(line)["event"] for line in shown.splitlines()] == [
        "born",
        "placed",
        "scored",
    ]
    assert graph.refs.read("refs/gitmerge-ai/evolve/run/island-0/3-1") == twice.commit


def test_equal_work_is_an_equal_commit(plain: Repository) -> None:
    graph = begun(plain)
    change = Change({"pack.py": b"x\n"}, "tune", "")
    made = [graph.commit([graph.plan.base], change, "m\n", agent="edits-1", island=0) for _ in "ab"]
    assert made[0] == made[1]
    assert graph.write_tree(graph.plan.base, change.files) == made[0].tree
    assert made[0].commit not in graph.individuals


def test_nothing_of_the_users_is_touched(plain: Repository) -> None:
    plain.commit("before", dict(FILES))
    plain.write({"pack.py": "mine\n", "new.txt": "new\n"})
    plain.git("stash", "-q", "-u")
    plain.write({"pack.py": "staged\n"})
    plain.git("add", "pack.py")
    plain.write({"pack.py": "not staged\n"})

    def seen() -> list[str]:
        files = [".git/index", ".git/config", ".git/HEAD", ".git/logs/HEAD", "pack.py"]
        return [
            plain.git("status", "--porcelain"),
            plain.git("for-each-ref", "refs/heads", "refs/stash", "refs/tags"),
            plain.git("stash", "list"),
            *(repr(plain.bytes_of(each)) for each in files),
        ]

    before = seen()
    graph = Graph.create(plain.path, PLAN)
    made = child(graph, 1.0, moves=[CELL])
    graph.annotate(made.commit, event("comment", text="x"))
    graph.stop()
    graph.unstop()
    assert seen() == before
    assert plain.git("status", "--porcelain") == before[0]
    changed = plain.git("for-each-ref", "--format=%(refname)").split()
    mine = ("refs/gitmerge-ai/evolve/run/", "refs/notes/gitmerge-ai/run")
    assert all(ref.startswith((*mine, "refs/heads/", "refs/stash")) for ref in changed)


def test_a_move_from_elsewhere_is_refused(plain: Repository) -> None:
    graph = begun(plain)
    other = opened(plain.path)
    first = child(graph, 5.0, moves=[CELL])
    change = Change({"pack.py": b"y\n"}, "tune", "")
    late = other.commit([other.plan.base], change, "y\n", agent="edits-2", island=0)
    moves = [CELL._replace(new=late.commit), Move("best", None, late.commit)]
    assert not other.record(late, Evaluation("passed", {"bins": 4.0}), moves=moves)
    assert late.commit not in other.individuals
    assert other.members(0) == {"3-1": first.commit}, "it knows now what it is up against"
    assert other.record(
        late,
        Evaluation("passed", {"bins": 4.0}),
        moves=[moves[0]._replace(old=first.commit), moves[1]],
    )
    graph.refresh()
    assert graph.members(0) == {"3-1": late.commit}
    assert graph.best == late.commit
    assert graph.move([Move("best", late.commit, first.commit), Move("island-1/0", None, None)])
    assert graph.move([Move("island-0/3-1", late.commit, None)])
    other.refresh()
    assert (other.best, other.members(0)) == (first.commit, {})
    with pytest.raises(GraphError, match="member of the population"):
        graph.move([Move("../../../heads/main", None, late.commit)])


def test_only_what_is_new_is_read_again(plain: Repository) -> None:
    graph = begun(plain)
    made = [child(graph, float(at)) for at in range(5)]
    other = opened(plain.path)
    assert other.refresh() == ()
    new = child(graph, 9.0, [made[0].commit])
    graph.annotate(made[1].commit, event("comment", by="me", text="why?"))
    found = {record.individual.commit: record for record in other.refresh()}
    assert set(found) == {new.commit, made[1].commit}
    assert found[made[1].commit].comments[0].by == "me"
    assert other.individuals == graph.individuals


def test_what_is_read_while_writing_is_still_told(plain: Repository) -> None:
    graph = begun(plain)
    other = opened(plain.path)
    theirs = child(other, 1.0)
    own = child(graph, 2.0)
    assert {record.individual.commit for record in graph.refresh()} == {theirs.commit, own.commit}
    assert graph.refresh() == ()


def test_pruned_lineages_and_comments(plain: Repository) -> None:
    graph = begun(plain)
    one = child(graph, 5.0).commit
    two = child(graph, 4.0, [one]).commit
    cross = child(graph, 3.0, [child(graph, 6.0).commit, two]).commit
    below = child(graph, 2.0, [cross]).commit
    everyone = (one, two, cross, below)
    assert all(map(graph.alive, everyone))
    graph.annotate(two, event("pruned", by="me"), event("comment", by="me", text="wrong way"))
    graph.annotate(one, event("comment", by="me", text="start here"))
    assert [graph.alive(each) for each in everyone] == [True, False, False, False]
    assert [graph.alive(each) for each in everyone] == [True, False, False, False]
    assert [each.text for each in graph.comments(below)] == ["wrong way", "start here"]
    assert [each.text for each in graph.comments(one)] == ["start here"]
    graph.annotate(cross, event("promoted", by="me"))
    other = opened(plain.path)
    assert [other.alive(each) for each in everyone] == [True, False, True, True]
    assert not other.alive(child(other, 1.0, [two]).commit)


def test_who_is_better(plain: Repository) -> None:
    graph = begun(plain)
    worse, better = child(graph, 5.0).commit, child(graph, 4.0).commit
    change = Change({"pack.py": b"?\n"}, "tune", "")
    failed = graph.commit([worse], change, "m\n", agent="a", island=0)
    graph.record(failed, Evaluation("failed"))

    def order() -> list[str]:
        return sorted(graph.individuals, key=lambda one: rank(graph.plan, graph.individuals[one]))

    assert order()[-2:] == [worse, better]
    plan = graph.plan._replace(until=("pytest",), objectives=(Objective("speed", "./time"),))
    first = Evaluation("passed", {"failing": 1.0, "speed": 9.0})
    assert merit(plan, first) < merit(plan, Evaluation("passed", {"failing": 0.0, "speed": 1.0}))
    assert merit(plan, first) > merit(plan, Evaluation("passed", {"failing": 1.0}))
    assert merit(plan, first) > merit(plan, Evaluation("failed", {"failing": 0.0})) == (0.0,)


def test_what_a_killed_process_began_is_finished(plain: Repository) -> None:
    """Git moves the notes first; a process that is killed there leaves the population behind."""
    graph = begun(plain)
    first = child(graph, 5.0, moves=[CELL, Move("best", None, None)]).commit
    moves = [CELL._replace(old=first), Move("best", first, None)]
    second = child(graph, 4.0, moves=moves).commit
    prefix = "refs/gitmerge-ai/evolve/run/"
    plain.git("update-ref", f"{prefix}island-0/3-1", first, second)
    plain.git("update-ref", "-d", f"{prefix}best")
    again = opened(plain.path)
    assert again.members(0) == {"3-1": second}
    assert again.best is None, "what the notes do not tell of is left alone"
    graph.refresh()
    assert graph.members(0) == {"3-1": second}


def test_notes_that_are_gone_leave_a_run_that_begins_anew(plain: Repository) -> None:
    graph = begun(plain)
    first = child(graph, 5.0, moves=[CELL]).commit
    plain.git("update-ref", "-d", graph.notes_ref)
    again = opened(plain.path)
    assert set(again.individuals) == {again.plan.base}
    assert again.members(0) == {}, "of what is there nothing is known"
    with pytest.raises(GraphError, match="no individual"):
        again.annotate("0" * 40, event("comment", text="on nothing"))
    again.annotate(again.plan.base, event("comment", text="anew"))
    made = child(again, 4.0, moves=[CELL._replace(old=first)])
    graph.refresh()
    assert graph.members(0) == {"3-1": made.commit}


def test_stop(plain: Repository) -> None:
    graph = begun(plain)
    other = opened(plain.path)
    assert not other.stopped
    graph.stop()
    graph.stop()
    assert other.stopped
    assert other.members(0) == {}
    other.unstop()
    assert not graph.stopped


def test_everything_needed_survives_gc(plain: Repository) -> None:
    graph = begun(plain)
    parent = graph.plan.base
    for at in range(20):
        moves = [CELL._replace(old=parent if at else None)]
        parent = child(graph, 20.0 - at, [parent], moves=moves).commit
    for at in range(5):
        child(graph, 50.0 + at)
    plain.git("gc", "-q", "--prune=now", "--aggressive")
    plain.git("checkout", "-q", "--orphan", "elsewhere")
    plain.commit("unrelated", {"x": "x\n"})
    plain.git("branch", "-D", "main")
    plain.git("reflog", "expire", "--expire=now", "--all")
    plain.git("gc", "-q", "--prune=now")
    assert plain.git("fsck", "--strict", "--connectivity-only") == ""
    again = opened(plain.path)
    assert again.individuals == graph.individuals
    assert len(again.individuals) == 26
    for commit in again.individuals:
        plain.git("ls-tree", "-r", commit)
    child(graph, 1.0, [parent])
    again.refresh()
    assert len(again.individuals) == 27


def test_a_linked_work_tree_and_a_bare_clone(plain: Repository) -> None:
    graph = begun(plain)
    made = child(graph, 5.0)
    plain.git("worktree", "add", "-q", "../linked", "-b", "linked")
    linked = opened(plain.path.parent / "linked")
    assert linked.individuals == graph.individuals
    child(linked, 4.0, [made.commit])
    graph.refresh()
    assert linked.individuals == graph.individuals
    plain.git("clone", "-q", "--mirror", ".", "../bare.git")
    bare = opened(plain.path.parent / "bare.git")
    assert bare.individuals == graph.individuals
    child(bare, 3.0, [made.commit])
