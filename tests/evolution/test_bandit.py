"""Operators are chosen by what has paid lately, and none is given up."""

import random
from collections import Counter

from gitmerge_ai.evolution.operators.bandit import JOINT, Bandit

SHARES = {"negate": 1.0, "swap": 1.0, "step": 1.0}


def chosen(bandit: Bandit, number: int = 600) -> Counter[str]:
    rng = random.Random(3)
    return Counter(bandit.choose(list(SHARES), rng) for _ in range(number))


def test_who_knows_nothing_goes_by_the_shares():
    counts = chosen(Bandit({**SHARES, "step": 8.0}))
    assert counts["step"] > counts["negate"] + counts["swap"]
    assert min(counts[name] for name in SHARES) > 0


def test_what_paid_is_chosen_and_nothing_is_given_up():
    bandit = Bandit(SHARES)
    bandit.learn([("negate", 0.0), ("swap", 1.0), ("step", 0.0)] * 20)
    counts = chosen(bandit)
    assert counts["swap"] > 3 * max(counts["negate"], counts["step"])
    assert min(counts[name] for name in SHARES) > 10


def test_what_paid_long_ago_is_forgotten():
    bandit = Bandit(SHARES)
    bandit.learn([("swap", 1.0)] * 20)
    bandit.learn([("swap", 0.0), ("negate", 0.0), ("negate", 1.0)] * 300)
    counts = chosen(bandit)
    assert counts["negate"] > counts["swap"]


def test_edits_made_together_share_the_credit():
    together, apart = Bandit(SHARES), Bandit(SHARES)
    together.learn([(JOINT.join(("swap", "step")), 1.0)] * 9)
    apart.learn([("swap", 1.0), ("step", 1.0)] * 9)
    assert chosen(together) == chosen(apart)


def test_who_learns_in_pieces_chooses_as_who_learns_at_once():
    children = [("negate", 1.0), ("swap", 0.0), ("swap", 1.0)] * 5
    once, resumed = Bandit(SHARES), Bandit(SHARES)
    once.learn(children)
    resumed.learn(children[:4])
    resumed.learn(children[4:])
    assert chosen(once) == chosen(resumed)
