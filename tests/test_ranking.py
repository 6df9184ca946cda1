"""Boosted trees, calibration, decisions and what the classifier reads: the parts of ranking."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitmerge_ai.merging.advice import Merged
from gitmerge_ai.resolving.advising import UNLIKELY, UNLIKELY_IN_CODE, Learned
from gitmerge_ai.resolving.knowledge.decided import Decision, decided_features, labelled
from gitmerge_ai.resolving.proposing.candidates import Candidate, Context, candidates
from gitmerge_ai.resolving.ranking import boosting, calibration
from gitmerge_ai.resolving.ranking.arrays import GROUPS, NUMBERS, numbers_of, pools_of
from gitmerge_ai.resolving.ranking.boosting import Boosted, Tree, absent
from gitmerge_ai.resolving.ranking.calibration import Calibration, Outcome, Scaling
from gitmerge_ai.resolving.ranking.features import Scale
from gitmerge_ai.resolving.ranking.gate import worth_asking
from gitmerge_ai.resolving.ranking.paths import chances
from gitmerge_ai.resolving.ranking.ranker import applied_from, load
from gitmerge_ai.resolving.ranking.reading import PIECES, Edit, followed, read, side_of
from gitmerge_ai.sealed import UnreadableModel
from gitmerge_ai.text.markers import Region
from gitmerge_ai.values import Sides

STUMP = Tree(((0, 1.5, -1, -2, -3),), (0.1, 0.2, 0.3))
MODEL = Boosted((("length", absent("length")), ("is ours", absent("is ours"))), (STUMP,))


class Letters:
    """A vocabulary of letters, for tests: every sign is a piece."""

    start, end = 1, 2

    def __call__(self, words: list[str]) -> list[list[int]]:
        return [[ord(sign) % 1000 + 3 for sign in word] for word in words]


@pytest.mark.parametrize(
    ("features", "score"),
    [({"length": 1.5}, 0.1), ({"length": 1.6}, 0.2), ({}, 0.3), ({"other": 1.0}, 0.3)],
)
def test_a_tree_goes_low_high_or_where_nothing_is_known(
    features: dict[str, float], score: float
) -> None:
    assert MODEL.score(features) == score


def test_what_only_applies_sometimes_is_zero_where_it_is_absent() -> None:
    assert absent("is ours") == absent("none") == absent("extension .py") == 0
    assert math.isnan(absent("past known"))


def test_a_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    boosting.write(MODEL, tmp_path / "trees")
    found = boosting.read(tmp_path / "trees")
    assert found.trees == MODEL.trees
    assert [name for name, _ in found.columns] == ["length", "is ours"]


@given(st.integers(0, 2**16), st.integers(1, 255), st.booleans())
def test_a_damaged_model_is_said_to_be_one(at: int, by: int, cut: bool) -> None:
    data = bytearray(boosting.to_bytes(MODEL))
    at %= len(data)
    if cut:
        del data[at:]
    else:
        data[at] ^= by
    with pytest.raises(UnreadableModel):
        boosting.from_bytes(bytes(data))


def test_a_model_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"something else")
    for name in ("other", "missing"):
        with pytest.raises(UnreadableModel, match=name):
            boosting.read(tmp_path / name)


@given(st.floats(0.05, 4), st.floats(-4, 4), st.lists(st.floats(1e-9, 1), min_size=1, max_size=6))
def test_calibration_keeps_the_order(slope: float, shift: float, chances: list[float]) -> None:
    total = sum(chances) * 1.01
    ranked = sorted((chance / total for chance in chances), reverse=True)
    found = Calibration({"": Scaling(slope, shift)}, {}).chances("python", ranked)
    assert all(0 <= chance <= 1 for chance in found)
    assert found == sorted(found, reverse=True)
    assert sum(found) <= 1 + 1e-6


def outcomes(language: str, count: int, right: float, chance: float) -> list[Outcome]:
    return [Outcome(language, chance, at < right * count) for at in range(count)]


def test_a_ranker_that_is_too_sure_is_corrected() -> None:
    given_ = outcomes("python", 400, 0.6, 0.9) + outcomes("python", 400, 0.3, 0.5)
    scaling = calibration.fit(given_).of("python")
    assert scaling(0.9) == pytest.approx(0.6, abs=0.05)
    assert scaling(0.5) == pytest.approx(0.3, abs=0.05)


def test_a_language_that_is_never_right_often_enough_is_not_applied() -> None:
    given_ = outcomes("python", 300, 0.97, 0.98) + outcomes("java", 300, 0.9, 0.98)
    found = calibration.fit(given_)
    assert found.applies("python", found.of("python")(0.98), 0.5)
    assert not found.applies("java", 0.999, 0.5)
    assert not found.applies("cobol", 0.999, 0.5)


def test_too_few_outcomes_prove_nothing() -> None:
    assert not calibration.fit(outcomes("python", 20, 1.0, 0.99)).applied_from


def test_min_confidence_can_only_ask_for_more() -> None:
    found = Calibration({}, {"python": 0.9})
    assert found.applies("python", 0.95, 0.5)
    assert not found.applies("python", 0.95, 0.99)
    assert not found.applies("python", 0.85, 0.5)


def test_a_calibration_is_read_as_it_was_written(tmp_path: Path) -> None:
    known = Calibration({"": Scaling(1.5, -0.25)}, {"go": 0.97})
    calibration.write(known, tmp_path / "scale")
    assert calibration.read(tmp_path / "scale") == known
    (tmp_path / "scale").write_text(json.dumps({"scalings": 3}))
    with pytest.raises(UnreadableModel):
        calibration.read(tmp_path / "scale")


def decision(text: str, path: str = "a/b.py") -> Decision:
    return Decision(path, "x = 0\n", "x = 1\n", "x = 2\n", text)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("x = 1\n", "ours"),
        ("x=2", "theirs"),
        ("x = 0\n", "base"),
        ("x = 1\nx = 2\n", "both"),
        ("x = 2\n# why\nx = 1\n", "both"),
        ("x = 3\n", "other"),
    ],
)
def test_a_decision_in_a_word(text: str, label: str) -> None:
    assert labelled(decision(text)).label == label


def test_decisions_tell_by_file_folder_and_likeness() -> None:
    known = [labelled(decision("x = 2\n")), labelled(decision("y\n", "other/c.txt"))]
    found = decided_features("a/b.py", Region("x = 0\n", "x = 1\n", "x = 2\n"), known)
    assert found["decided file: theirs"] == found["decided folder: theirs"] == 1
    assert found["decided merge: theirs"] == found["decided merge: other"] == 0.5
    assert found["decided alike: theirs"] == 1
    assert found["decided last: other"] == 1
    assert decided_features("a/b.py", Region("", "", ""), []) == {}


def test_a_candidate_is_compared_with_the_decisions() -> None:
    region = Region("x = 0\n", "x = 1\n", "x = 22\n")
    known = [labelled(decision("x = 2\n")), labelled(decision("x = 2\n", "a/c.py"))]
    scale = Scale(region, Context(path="a/b.py", facts=decided_features("a/b.py", region, known)))
    ours, theirs = (scale.of(Candidate(text, ("x",))) for text in (region.ours, region.theirs))
    for scope in ("merge", "file", "weighted", "alike"):
        assert theirs[f"agrees {scope}"] > 0.5 > ours[f"agrees {scope}"]
    assert not [name for name in Scale(region, Context()).none() if name.startswith("agrees")]


def test_who_takes_the_longer_side_is_told() -> None:
    long = Decision("a.py", "", "x\n", "x and more\n", "x and more\n")
    found = decided_features("b.py", Region("", "much longer\n", "y\n"), [labelled(long)])
    assert found["decided longer: ours"] == 1
    assert found["decided longer: theirs"] == 0


REGION = Region("a = f(1)\n", "a = g(1)\n", "a = f(1, 2)\n")


def test_both_edits_are_read_in_their_places() -> None:
    reading = read(REGION, Context("before\n", "after\n", "m.py"), Letters())
    changed = {(word.text, word.edit) for word in reading.changed}
    assert changed == {
        ("f", Edit.OURS_DELETED),
        ("g", Edit.OURS_ADDED),
        (",", Edit.THEIRS_ADDED),
        ("2", Edit.THEIRS_ADDED),
    }
    assert len(reading.pieces) == len(reading.edits) == len(reading.at)
    assert {at for at in reading.at if at >= 0} == set(range(len(reading.changed)))


def test_a_candidate_follows_the_edits_that_it_has() -> None:
    reading = read(REGION, Context(), Letters())
    for text, ours, theirs in (
        (REGION.ours, True, False),
        (REGION.theirs, False, True),
        ("a = g(1, 2)\n", True, True),
        (REGION.base, False, False),
    ):
        follows = followed(reading, Candidate(text or "", ("x",)))
        sides = [side_of(word) for word in reading.changed]
        assert all(f == (theirs if side else ours) for f, side in zip(follows, sides, strict=True))


def test_without_a_base_the_sides_are_read_against_each_other() -> None:
    reading = read(Region(None, "x = 1\n", "x = 2\n"), Context(), Letters())
    assert {word.text for word in reading.changed} == {"1", "2"}


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_any_conflict_can_be_read(base: str, ours: str, theirs: str) -> None:
    region = Region(base, ours, theirs)
    reading = read(region, Context(), Letters())
    assert len(reading.pieces) <= PIECES
    assert all(-1 <= at < len(reading.changed) for at in reading.at)
    found = candidates(region, Context())
    follows = np.array([followed(reading, one) for one in found], np.bool_)
    sides = np.array([side_of(word) for word in reading.changed], np.int8)
    at = np.array(reading.at, np.int16)
    pools = pools_of(at, sides, follows.reshape(len(found), len(sides)))
    assert pools.shape == (len(found) + 1, GROUPS, len(at))
    sums = pools.sum(-1)
    assert np.all((sums == 0) | (abs(sums - 1) < 1e-5))
    assert not sums[-1].any()


def test_the_numbers_of_an_option_begin_with_the_trees_log_probability() -> None:
    found = numbers_of(np.array([1.0, 1.0, 1.0, 1.0]), 0, 1)
    assert found.shape == (4, NUMBERS)
    assert found[:, 0] == pytest.approx(math.log(0.25))
    assert found[-1, 3] == found[0, 4] == found[1, 5] == 1


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200))
def test_any_conflict_can_be_measured(base: str, ours: str, theirs: str) -> None:
    region, context = Region(base, ours, theirs), Context("a\n", "b\n", "x/test_y.py")
    scale = Scale(region, context)
    for one in candidates(region, context):
        assert all(math.isfinite(value) for value in scale.of(one).values())


def test_facts_are_features_of_every_option() -> None:
    scale = Scale(REGION, Context(facts={"past known": 1.0}))
    assert scale.of(Candidate("x", ("ours",)))["past known"] == scale.none()["past known"] == 1


@pytest.mark.parametrize(("model", "stage"), [("", "classifier"), ("none", "rules")])
def test_candidates_are_ranked_by_what_ships(model: str, stage: str) -> None:
    found = candidates(REGION, Context())
    ranker = load(model)
    assert ranker.stage == stage
    ranked = ranker.rank(REGION, Context(), found)
    assert sorted(one.text for one, _ in ranked) == sorted(one.text for one in found)
    assert 0.2 < sum(chance for _, chance in ranked) < 1
    chances = [chance for _, chance in ranked]
    assert chances == sorted(chances, reverse=True)


def test_a_folder_without_a_model_is_as_good_as_none(tmp_path: Path) -> None:
    found = candidates(REGION, Context())
    ranked = load(str(tmp_path)).rank(REGION, Context(), found)
    assert ranked == load().rank(REGION, Context(), found)


def stump(score: float) -> Tree:
    """Score a merged text, and nothing else."""
    return Tree(((0, 0.5, -1, -2, -1),), (0.0, score))


MERGED = Merged(Region("a b c\n", "a x c\n", "a b y\n"), "a x y\n", "", "", "a.py")


@pytest.mark.parametrize(
    ("path", "bound"), [("a.json", UNLIKELY), ("a", UNLIKELY), ("a.py", UNLIKELY_IN_CODE)]
)
@pytest.mark.parametrize("score", [-5, 0, 1, 2, 5])
def test_what_is_unlikely_among_all_candidates_is_doubted(
    tmp_path: Path, path: str, bound: float, score: float
) -> None:
    boosting.write(Boosted((("is merged", 0.0),), (stump(score),)), tmp_path / boosting.TREES)
    merged = MERGED._replace(path=path)
    count = len(candidates(merged.region, Context(path=path, merged=merged.text)))
    chance = math.exp(score) / (math.exp(score) + count)
    assert Learned(model=str(tmp_path)).unlikely(merged) is (chance < bound)


def test_what_was_indented_anew_is_not_doubted(tmp_path: Path) -> None:
    boosting.write(Boosted((("is merged", 0.0),), (stump(-5),)), tmp_path / boosting.TREES)
    learned = Learned(model=str(tmp_path))
    assert learned.unlikely(MERGED)
    shifted = MERGED._replace(region=Region("a b c\n", "  a x c\n", "a b y\n"))
    assert not learned.unlikely(shifted)


def test_nothing_learned_decides_where_that_is_switched_off(tmp_path: Path) -> None:
    assert applied_from("none", "java") is None
    boosting.write(Boosted((("is merged", 0.0),), ()), tmp_path / boosting.TREES)
    assert not Learned(model="none").unlikely(MERGED)
    assert not Learned(model=str(tmp_path)).unlikely(MERGED)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "asked"),
    [
        ("a = 1\n", "a = 2\n", "a = 3\n", True),
        ("a = 1\n", "if b:\n  a = 2\n", "if b:\n    a = 2\n", True),
        ("f(a, b, c)\n", "f(a,  b, c)\n", "g(c)\n", True),
        ("f(a)\n", "g(a)\n", "f(b)\n", False),
        ("", "a\n", "b\n", False),
        ("a\n" * 9000, "a\n" * 9001, "b\n", True),
        ("a\n" * 11_000, "a\n" * 11_001, "b\n", False),
    ],
)
def test_the_classifier_is_asked_where_it_can_be_sure(
    base: str, ours: str, theirs: str, asked: bool
) -> None:
    assert worth_asking(Sides(base, ours, theirs)) is asked


def test_what_one_side_deleted_stays_deleted_more_often_than_not() -> None:
    by_ours, by_theirs = (chances(side, 1, 100) for side in ("ours", "theirs"))
    assert next(iter(by_ours)) == next(iter(by_theirs)) == "deleted"
    assert by_ours["deleted"] > by_theirs["deleted"]
    assert next(iter(chances("theirs", 90, 100))) == "ours"
    assert all(sum(each.values()) <= 1 for each in (by_ours, by_theirs))
