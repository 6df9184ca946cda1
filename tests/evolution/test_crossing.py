"""Crossover: what both parents did is in the child, and a choice is drawn by how likely it is."""

import random
from collections import Counter

import pygit2
import pytest
from repositories import BASE, CLASHING, OURS, RESOLVED, THEIRS, THEIRS_ELSEWHERE, Repository

from gitmerge_ai.evolution.selection.crossing import crossed
from gitmerge_ai.evolution.values import Change

Files = dict[str, str]


def tips(repository: Repository, seed: int) -> Change | None:
    """Cross the two branches."""
    names = [repository.git("rev-parse", name).strip() for name in ("main", "side")]
    opened = pygit2.Repository(str(repository.path))
    return crossed(opened, names[0], names[1], random.Random(seed))


def cross(repository: Repository, base: Files, ours: Files, theirs: Files) -> Change | None:
    repository.diverge(base, ours, theirs)
    return tips(repository, 0)


def test_both_sides_changes_are_in_it(plain: Repository) -> None:
    change = cross(plain, {"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS, "b.py": "B = 1\n"})
    assert change
    assert change.files == {"a.py": RESOLVED.encode(), "b.py": b"B = 1\n"}
    assert change.operator == "crossover"


def test_changes_in_different_places(plain: Repository) -> None:
    change = cross(plain, {"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS_ELSEWHERE})
    assert change
    assert change.files == {"a.py": OURS.replace("return a\n", "return -a\n").encode()}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"a.py": OURS}, {"a.py": OURS, "b": ""}),
        ({"a.py": OURS, "b": ""}, {"a.py": OURS}),
    ],
)
def test_nothing_new_is_no_child(plain: Repository, ours: Files, theirs: Files) -> None:
    assert cross(plain, {"a.py": BASE}, ours, theirs) is None


def test_no_child_of_an_ancestor(plain: Repository) -> None:
    first = plain.commit("base", {"a.py": BASE})
    second = plain.commit("next", {"a.py": OURS})
    opened = pygit2.Repository(str(plain.path))
    assert crossed(opened, first, second, random.Random(0)) is None
    assert crossed(opened, second, first, random.Random(0)) is None


def test_what_is_left_open_is_drawn(plain: Repository) -> None:
    extra = {"b.py": "B = 1\n"}
    plain.diverge({"a.py": BASE}, {"a.py": OURS, "c": ""}, {"a.py": CLASHING, **extra})
    drawn: Counter[bytes | None] = Counter()
    for seed in range(12):
        change = tips(plain, seed)
        assert change
        assert change.files["b.py"] == b"B = 1\n"
        drawn[change.files.get("a.py", OURS.encode())] += 1
    assert {OURS.encode(), CLASHING.encode()} <= set(drawn)
    assert not any(b"<<<<" in (text or b"") for text in drawn)


def test_what_one_deleted_and_the_other_changed(plain: Repository) -> None:
    base = {"a.py": BASE, "b.py": BASE}
    plain.diverge(base, {"a.py": OURS, "d": ""}, {"c.py": ""})
    plain.git("checkout", "-q", "side")
    plain.git("rm", "-q", "a.py")
    plain.git("commit", "-q", "-m", "gone")
    found = [tips(plain, seed) for seed in range(10)]
    assert {change.files.get("a.py", OURS.encode()) for change in found if change} == {
        None,
        OURS.encode(),
    }


def test_equal_seeds_give_equal_children(plain: Repository) -> None:
    plain.diverge({"a.py": BASE}, {"a.py": OURS, "x": ""}, {"a.py": CLASHING, "y": ""})
    for seed in range(2):
        assert tips(plain, seed) == tips(plain, seed)
