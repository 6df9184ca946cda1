"""Strategies: who has children, who lives, and what becomes of those that people pruned."""

import random
from collections import Counter
from collections.abc import Iterator

import pytest
from graphs import PLAN, begun, child
from repositories import Repository

from gitmerge_ai.evolution.graph import Graph, Move, Record, event, people
from gitmerge_ai.evolution.learning import Learnt
from gitmerge_ai.evolution.selection import STRATEGIES
from gitmerge_ai.evolution.selection.evogit import EvoGit
from gitmerge_ai.evolution.selection.features import cell
from gitmerge_ai.evolution.selection.islands import Islands
from gitmerge_ai.evolution.selection.strategy import (
    AT_FIRST,
    BACK,
    BEST,
    Strategy,
    Turn,
    is_best,
    share_of_base,
)
from gitmerge_ai.evolution.values import FAILING, Budget, Change, Evaluation, Plan

AGENTS = ["edits-1", "edits-2"]


@pytest.fixture
def graph(plain: Repository) -> Iterator[Graph]:
    made = begun(plain)
    yield made
    made.close()


def start(graph: Graph, strategy: Strategy, bins: float = 10) -> None:
    scored = Evaluation("passed", {"bins": bins})
    moves = strategy.places(graph, Record(graph.base, scored), AGENTS)
    assert graph.record(graph.base, scored, (), moves)


def born(graph: Graph, strategy: Strategy, bins: float, *parents: str, **how: str) -> str:
    """Make a child and let the strategy place it."""
    made = child(graph, bins, parents, **how)
    record = graph.individuals[made.commit]
    if moves := strategy.moves(graph, record):
        assert graph.move(moves)
    return made.commit


def turn(agent: str = "edits-1", island: int = 0, seed: int = 0) -> Turn:
    return Turn(agent, island, random.Random(seed))


@pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES)
def test_begins_with_the_base(graph: Graph, strategy: Strategy) -> None:
    start(graph, strategy)
    for agent in AGENTS:
        for island in range(2):
            assert strategy.parent(graph, turn(agent, island)) == graph.plan.base
    assert strategy.partner(graph, turn(), graph.plan.base) is None


@pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES)
def test_who_was_pruned_has_no_offspring(graph: Graph, strategy: Strategy) -> None:
    start(graph, strategy)
    one = born(graph, strategy, 5)
    two = born(graph, strategy, 4, one, agent="edits-2")
    assert {strategy.parent(graph, turn(a, 0, seed)) for a in AGENTS for seed in range(40)} & {
        one,
        two,
    }
    graph.annotate(one, event("pruned", by="me"))
    for agent in AGENTS:
        for seed in range(20):
            assert strategy.parent(graph, turn(agent, 0, seed)) not in (one, two)
            assert strategy.partner(graph, turn(agent, 0, seed), graph.plan.base) not in (one, two)


def test_a_cell_keeps_the_best(graph: Graph) -> None:
    islands = Islands()
    start(graph, islands)
    better = born(graph, islands, 8, text="a = 1\n")
    name = cell(graph, graph.individuals[better])
    assert graph.members(0)[name] == better
    born(graph, islands, 9, text="a = 2\n")
    assert graph.members(0)[name] == better
    equal = born(graph, islands, 8, text="a = 3\n")
    assert graph.members(0)[name] == equal
    unlike = born(graph, islands, 9, text="a = 4\nb = 1\nc = 1\nd = 1\ne = 1\nf = 1\n")
    assert {equal, unlike, graph.plan.base} == set(graph.members(0).values())


def test_of_equals_the_one_that_has_grown_less_lives_and_is_chosen_first(graph: Graph) -> None:
    islands = Islands()
    start(graph, islands)
    length_of_base = len(graph.repository[graph.base.tree]["pack.py"].data)

    def one_line(more: int) -> str:
        return f"pack = {'1' * (length_of_base + more)}\n"

    short = born(graph, islands, 8, text=one_line(20))
    long = born(graph, islands, 8, short, text=one_line(32))
    assert long not in graph.members(0).values()
    shorter = born(graph, islands, 8, long, text=one_line(10))
    assert set(graph.members(0).values()) == {shorter, graph.plan.base}
    grown = [graph.individuals[each].individual.grown for each in (short, long, shorter)]
    assert grown == [28, 40, 18]
    wordy = born(graph, islands, 8, text="a = 1\n" * 9)
    assert wordy in graph.members(0).values()
    chosen = [islands.parent(graph, turn(seed=seed)) for seed in range(60)]
    assert chosen.count(shorter) > chosen.count(wordy) > 0


def test_what_was_promoted_stays_and_has_children(graph: Graph) -> None:
    islands = Islands()
    start(graph, islands)
    kept = born(graph, islands, 19, text="a = 1\n")
    people.promote(graph, kept, "me")
    born(graph, islands, 1, text="a = 2\n")
    assert kept in graph.members(0).values()
    assert kept in {islands.parent(graph, turn(seed=seed)) for seed in range(9)}


def test_the_better_have_more_children(graph: Graph) -> None:
    islands = Islands()
    start(graph, islands)
    best = born(graph, islands, 2, text="a = 1\n")
    born(graph, islands, 5, text="a = 4\nb = 1\nc = 1\nd = 1\ne = 1\nf = 1\n")
    chosen = Counter(islands.parent(graph, turn(seed=seed)) for seed in range(200))
    assert set(chosen) == set(graph.members(0).values())
    assert chosen.most_common(1)[0][0] == best


def test_features(graph: Graph) -> None:
    start(graph, Islands())
    made = child(graph, 5, text="a = 1\n")
    record = graph.individuals[made.commit]
    assert cell(graph, graph.individuals[graph.plan.base]).startswith("size=0,files=0,behaviour=")
    assert cell(graph, record).startswith("size=2,files=1,behaviour=")
    graph.plan = graph.plan._replace(features=("bins", "files", "other"))
    assert cell(graph, record) == "bins=+5,files=1,other=none"


def test_evogit_a_child_replaces_its_parent_if_no_worse(graph: Graph) -> None:
    evogit = EvoGit()
    start(graph, evogit)
    base = graph.plan.base
    assert born(graph, evogit, 11) not in graph.members(0).values()
    better = born(graph, evogit, 9)
    assert graph.members(0) == {"agent=edits-1": better, "agent=edits-2": base}
    assert evogit.parent(graph, turn("edits-1")) == better
    assert evogit.parent(graph, turn("edits-2")) == base
    assert evogit.partner(graph, turn("edits-2"), base) == better


def test_evogit_a_merge_beats_both(graph: Graph) -> None:
    evogit = EvoGit()
    start(graph, evogit)
    one, two = born(graph, evogit, 9), born(graph, evogit, 8, agent="edits-2")
    for bins in (9, 8, 8.5):
        merged = born(graph, evogit, bins, one, two, text=f"x = {bins}\n")
        assert merged not in graph.members(0).values()
    merged = born(graph, evogit, 7.5, one, two)
    assert graph.members(0)["agent=edits-1"] == merged


def test_the_best(graph: Graph) -> None:
    start(graph, Islands())
    assert is_best(graph, graph.individuals[child(graph, 5).commit])


def test_a_repair_goes_back_to_the_base_and_nearly_always_while_nothing_is_better(
    graph: Graph,
) -> None:
    start(graph, Islands())
    assert share_of_base(graph) == 0
    graph.plan = graph.plan._replace(until=("false",))
    assert share_of_base(graph) == AT_FIRST
    made = child(graph, 5)
    assert graph.move([Move(BEST, graph.best, made.commit)])
    assert share_of_base(graph) == BACK
    people.prune(graph, graph.plan.base, "me")
    assert share_of_base(graph) == 0


def test_what_is_learnt(plain: Repository) -> None:
    plan = PLAN._replace(budget=Budget(generations=3, evaluations=4, tokens=100))
    graph = begun(plain, plan)
    start(graph, Islands())
    learnt = Learnt(graph)
    assert learnt.left() == (100, None)
    one = child(graph, 8, operator="swap", more=[event("spent", tokens=30, money=0.5)])
    child(graph, 12, [one.commit], operator="negate")
    learnt.take(graph.individuals.values())
    learnt.take(graph.individuals.values())
    assert [(each.operator, each.gain) for each in learnt.past] == [("swap", 0.2), ("negate", -0.5)]
    assert (learnt.evaluations, learnt.generation, learnt.spent) == (2, 2, (30, 0.5))
    assert (learnt.left(), learnt.over(graph)) == ((70, None), "")
    two = child(graph, 7, [child(graph, 9).commit])
    learnt.take(graph.individuals.values())
    assert learnt.over(graph) == "the budget of evaluations is spent"
    graph.annotate(two.commit, event("spent", tokens=80, money=0))
    learnt.take([graph.individuals[two.commit]])
    assert learnt.left() == (0, None)
    graph.close()


def test_a_repair_is_over_when_nothing_fails(plain: Repository) -> None:
    plan = Plan("run", "", "HEAD", until=("./test",))
    graph = begun(plain, plan)
    for failing, over in ((2, ""), (0, "every test passes")):
        made = graph.commit(
            [graph.plan.base],
            Change({"pack.py": b"%d" % failing}, "tune", ""),
            "x",
            agent="edits-1",
            island=0,
        )
        moves = [Move("best", graph.best, made.commit)]
        assert graph.record(made, Evaluation("passed", {FAILING: failing}), (), moves)
        assert Learnt(graph).over(graph) == over
    graph.close()
