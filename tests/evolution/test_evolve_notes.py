"""Notes: what becomes of two, whoever wrote them, and that git reads and writes them too."""

import json
import random

import pytest
from graphs import begun, child, opened
from hypothesis import given
from hypothesis import strategies as st
from repositories import Repository

from gitmerge_ai.evolution.graph import events, notes, plans, records
from gitmerge_ai.evolution.graph.events import event
from gitmerge_ai.evolution.values import AgentPlan, Budget, Limits, Objective, Plan

NUMBERS = st.integers() | st.floats() | st.none() | st.text(max_size=3)

EVENTS = st.fixed_dictionaries(
    {
        "event": st.sampled_from(
            ["born", "scored", "comment", "pruned", "promoted", "placed", "spent"]
        ),
        "time": st.sampled_from([1.0, 2, 2.5, 3]) | NUMBERS,
    },
    optional={
        "generation": NUMBERS,
        "island": st.just(0),
        **{name: st.text(max_size=3) for name in ("agent", "operator", "summary", "text", "ref")},
        "scores": st.dictionaries(st.sampled_from("ab"), NUMBERS, max_size=2),
        **dict.fromkeys(("move", "tokens", "money", "seconds"), NUMBERS),
    },
)

LINES = EVENTS.map(lambda each: json.dumps(each).encode()) | st.binary(max_size=12)

NOTES = st.lists(LINES, max_size=6).map(b"\n".join)


@given(NOTES, NOTES, NOTES)
def test_notes_become_one_in_any_order(one: bytes, two: bytes, three: bytes) -> None:
    union = events.union
    assert union(one, two) == union(two, one)
    assert union(union(one, two), three) == union(one, union(two, three))
    assert union(union(one, two), two) == union(one, two)


@given(NOTES, st.randoms())
def test_what_is_known_does_not_depend_on_the_order(note: bytes, rng: random.Random) -> None:
    lines = note.splitlines() * 2
    rng.shuffle(lines)
    first, second = events.read(note), events.read(b"\n".join(lines))
    individual = records.individual("c", "t", (), first)
    assert records.individual("c", "t", (), second) == individual
    if individual:
        record = records.fold(individual, first)
        assert repr(records.fold(individual, second)) == repr(record)
        assert record.decision in ("promoted", "pruned", "")
        assert all(map(str, (record.comments, record.validation, record.spent, record.time)))
        assert str(record.placings)


def test_the_last_decision_and_the_last_score_hold() -> None:
    def at(time: float, kind: str, **facts: object) -> events.Event:
        return {"event": kind, "time": time, **facts}

    facts = {"generation": 1, "island": 0, "agent": "a", "operator": "o", "summary": ""}
    said = [
        at(5, "scored", outcome="passed", scores={"n": 2}),
        at(1, "born", **facts),
        at(4, "promoted"),
        at(3, "scored", outcome="failed", scores={}),
        at(2, "pruned"),
    ]
    found = events.read(events.text(said))
    individual = records.individual("c", "t", (), found)
    assert individual is not None
    record = records.fold(individual, found)
    assert record.decision == "promoted"
    assert record.evaluation is not None
    assert record.evaluation.scores == {"n": 2.0}


@pytest.mark.parametrize("fanout", [0, 2, 4])
def test_all_ways_in_which_git_lays_notes_out_are_read(plain: Repository, fanout: int) -> None:
    graph = begun(plain)
    made = child(graph, 3.0)
    commit = made.commit
    plain.git("notes", "--ref=gitmerge-ai/run", "append", "-m", "look here", commit)
    blob = plain.git("notes", "--ref=gitmerge-ai/run", "list", commit).strip()
    parts = [commit[at : at + 2] for at in range(0, fanout, 2)] + [commit[fanout:]]
    tree, mode, kind = blob, "100644", "blob"
    for part in reversed(parts):
        line = f"{mode} {kind} {tree}\t{part}\n".encode()
        tree, mode, kind = plain.git("mktree", input=line).strip(), "040000", "tree"
    tip = graph.refs.read(graph.notes_ref)
    assert tip
    moved = plain.git("commit-tree", "-p", tip, "-m", "laid out anew", tree).strip()
    plain.git("update-ref", graph.notes_ref, moved)
    graph.refresh()
    assert [each.text for each in graph.comments(commit)] == ["look here"]
    graph.annotate(commit, event("comment", by="me", text="and here"))
    again = opened(plain.path)
    assert {each.text for each in again.comments(commit)} == {"look here", "and here"}
    assert plain.git("notes", "--ref=gitmerge-ai/run", "show", commit).count('"born"') == 1
    assert len(plain.git("notes", "--ref=gitmerge-ai/run", "list").split()) == 2


def test_only_changed_folders_are_read(plain: Repository) -> None:
    graph = begun(plain)

    many = {f"{at:040x}"[::-1]: b"x\n" for at in range(600)}
    tree = notes.add(graph.repository, None, many)
    new = notes.add(graph.repository, tree, {"f" * 40: b"y\n"})
    found = list(notes.changed(tree, new))
    assert found == ["f" * 40]
    assert set(notes.changed(None, tree)) == set(many)


def test_broken_and_foreign_notes_are_kept_and_do_no_harm(plain: Repository) -> None:
    graph = begun(plain)
    made = child(graph, 3.0)
    broken = [b'{"event": "scored", "time": 1e999', b"[]", b'{"event": 3}', b"\xff\xfe", b"plain"]
    broken += [b'{"event": "born", "time": 0}', b'{"event":"scored","time":9e9,"scores":[1]}']
    broken += [b"{" * 20_000, b'{"event": "pruned", "time": "soon"}']
    tip = graph.refs.read(graph.notes_ref)
    assert tip
    repository = graph.repository
    tree = repository[tip].tree  # type: ignore[attr-defined]
    foreign = {made.commit: b"\n".join(broken), "0" * 40: b"on nothing\n"}
    foreign[str(repository[made.commit].tree_id)] = b"on a tree\n"  # type: ignore[attr-defined]
    new = notes.add(repository, tree, foreign)
    builder = repository.TreeBuilder(new)
    builder.insert("readme", repository.create_blob(b"no note"), 0o100644)
    line = plain.git("commit-tree", "-p", tip, "-m", "x", str(builder.write())).strip()
    plain.git("update-ref", graph.notes_ref, line)
    for each in (graph, opened(plain.path)):
        each.refresh()
        record = each.individuals[made.commit]
        assert record.evaluation is not None
        assert record.evaluation.scores == {"bins": 3.0}
        assert record.decision == ""
        assert "plain" in [one.text for one in record.comments]
        assert len(each.individuals) == 2
    graph.annotate(made.commit, event("comment", text="still"))
    shown = plain.run("git", "notes", "--ref=gitmerge-ai/run", "show", made.commit).stdout
    assert all(one in shown for one in broken)


def test_a_plan_is_written_and_read() -> None:
    plan = Plan(
        "run",
        "fewer “bins”",
        "abc",
        checks=("pytest -q",),
        objectives=(Objective("n", "score", True),),
        agents=(AgentPlan("endpoint", "m", 2), AgentPlan("edits")),
        limits=Limits(1.5),
        budget=Budget(money=0.5),
    )
    assert plans.read(plans.write(plan)) == plan
    assert plans.read(b'{"name": "n", "goal": "g", "base": "b"}') == Plan("n", "g", "b")
    for data in (b"", b"[]", b"{}", b'{"name": 1, "goal": "", "base": ""}', b"[" * 99_999):
        with pytest.raises(plans.PlanError):
            plans.read(data)
    newer = plans.write(plan).replace(b'"seed"', b'"most_disk"')
    with pytest.raises(plans.PlanError, match="most_disk"):
        plans.read(newer)
