"""Learning from histories: counts and trees, and what they make of a ranking."""

from itertools import chain

import pytest
from click.testing import CliRunner
from repositories import Repository

from gitmerge_ai.messages import general, openings, pointer, ranking
from gitmerge_ai.messages.backtesting import asking
from gitmerge_ai.messages.proposing import drafts
from gitmerge_ai.messages.ranking import Ranker
from gitmerge_ai.messages.slots import Slots
from gitmerge_ai.resolving.ranking import boosting
from gitmerge_ai.training.messages import opening
from gitmerge_ai.training.messages.examples import EARLIEST
from gitmerge_ai.training.messages.growing import Row, tabled
from gitmerge_ai.training.messages.reranking import grow, rows


@pytest.fixture
def repo(plain: Repository) -> Repository:
    for number in range(6):
        plain.commit(f"Fix typo in page{number}.md", {f"page{number}.md": f"text {number}\n"})
        plain.commit(f"Add parser{number}", {f"parser{number}.py": f"def f{number}(): ...\n"})
    return plain


def test_rows_are_drafts_with_their_worth(repo):
    found = list(chain.from_iterable(rows(asking(repo.path, 4))))
    assert all(0 <= row.worth <= 1 for row in found)
    assert any(row.worth == 1 for row in found)
    assert all(
        isinstance(value, bool | int | float) for r in found for value in r.features.values()
    )


def test_trees_tell_good_drafts_from_bad_ones():
    given = [
        [Row({"sense": n, "noise": n * at % 5}, float(n > 3)) for n in range(7)] for at in range(99)
    ]
    trees = grow(given, rounds=40)
    good, bad = ({"sense": float(n), "noise": 1.0} for n in (6, 1))
    assert trees.score(good) > 0 > trees.score(bad)


def test_one_opening_at_each_place_is_what_was_written(repo):
    found = list(opening.rows(asking(repo.path, 4)))
    assert len(found) > 4 * 3
    assert all(sum(row.worth for row in each) <= 1 for each in found)
    assert sum(row.worth for each in found for row in each) > len(found) / 2


def test_trees_tell_how_a_subject_goes_on():
    given = [[Row({"sense": n, "noise": n * at % 5}, n == 5) for n in range(7)] for at in range(99)]
    trees = opening.grow(given, rounds=40)
    shown = [trees.score({"sense": float(n), "noise": 1.0}) for n in range(7)]
    assert max(shown) == shown[5]


def test_a_feature_that_only_some_have_is_absent_in_others():
    table = tabled([[Row({"b": 1.0}, 0.5)], [], [Row({"a": 2.0}, 1.0), Row({"a": 3, "b": 4}, 0)]])
    assert table.columns == ["a", "b"]
    assert str(table.lines.tolist()) == "[[nan, 1.0], [2.0, nan], [3.0, 4.0]]"
    assert (table.worth.tolist(), table.sizes.tolist()) == ([0.5, 1.0, 0.0], [1, 2])


def test_there_is_nothing_to_learn_from_nothing():
    with pytest.raises(ValueError, match="no commit"):
        grow([])


def test_a_draft_that_history_agrees_on_has_more_votes(repo):
    *_, last = asking(repo.path, 1)
    slots = Slots(last.question.memory, last.question.asked)
    found = drafts(last.question, slots)
    features = Ranker(last.question, slots).features(found)
    votes = {
        draft.text.split()[0]: each["near votes"]
        for draft, each in zip(found, features, strict=True)
    }
    assert votes["Add"] > votes["Update"] if "Update" in votes else votes["Add"] > 0


def test_the_command_learns_all_that_ships(tmp_path, monkeypatch):
    pytest.importorskip("torch")
    command = pytest.importorskip("gitmerge_ai.training.messages.__main__")
    monkeypatch.setattr(pointer, "place", lambda _: str(tmp_path / "out"))
    (tmp_path / "out").mkdir()
    folders = []
    for name in ("one", "other", "third"):
        repo = Repository.init(tmp_path / name)
        for number in range(EARLIEST + 8):
            repo.commit(f"Add file{number} to {name}", {f"file{number}.py": f"x = {number}\n"})
        folders.append(str(repo.path))
    asked = [*folders, "-o", str(tmp_path / "out"), "--last", "3"]
    found = CliRunner().invoke(command.main, asked, catch_exceptions=False)
    pointer.shipped.cache_clear()
    assert found.exit_code == 0
    network = pointer.read(tmp_path / "out" / pointer.FILE)
    assert len(network.words) > 0
    assert general.read(tmp_path / "out" / general.FILE).share("add") > general.LEAST
    for file in (openings.FILE, ranking.FILE):
        trees = boosting.read(tmp_path / "out" / file)
        assert "network" in dict(trees.columns) or file == ranking.FILE
        assert trees.trees
