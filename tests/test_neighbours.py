"""What the other conflicts of a file say of one of them."""

import json
import math
import random
import shutil
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from histories import merged, mined
from hypothesis import given
from hypothesis import strategies as st
from repositories import Repository, gitmerge_ai

from gitmerge_ai import shipped
from gitmerge_ai.resolving.knowledge.decided import Decision
from gitmerge_ai.resolving.knowledge.known import NOTHING, Known
from gitmerge_ai.resolving.ranking import neighbours
from gitmerge_ai.resolving.ranking.neighbours import (
    KINDS,
    MOST,
    MOST_IN_FILE,
    NEIGHBOURS,
    SHAPES,
    Options,
    Seen,
    Weights,
)
from gitmerge_ai.resolving.ranking.ranker import Ranker, damaged, load
from gitmerge_ai.resolving.suggesting import Suggestions, suggest
from gitmerge_ai.sealed import UnreadableModel
from gitmerge_ai.text.markers import Region

MODELS = shipped.folder("models")


def marked(base: str, ours: str, theirs: str) -> str:
    return f"<<<<<<< o\n{ours}\n||||||| b\n{base}\n=======\n{theirs}\n>>>>>>> t\n"


# Nobody knows which of these is taken; of the others it is clear.
OPEN = marked("size = 10", "size = 20", "size = 30")
THEIRS = marked("depth = 1", "depth = 1", "depth = 2")
OURS = marked("depth = 1", "depth = 2", "depth = 1")


def asked(*conflicts: str, model: str = "", known: Known = NOTHING) -> list[Suggestions]:
    text = "start = 0\n" + "".join(f"{one}between = {at}\n" for at, one in enumerate(conflicts))
    return suggest(text, path="a.py", top=48, model=model, known=known)


def chances(found: Suggestions) -> dict[str, float]:
    return {one.text: one.confidence for one in found.resolutions}


def weights(seed: int) -> Weights:
    draw = random.Random(seed)
    return {
        name: [round(draw.gauss(0, 0.2), 3) for _ in range(math.prod(shape))]
        for name, shape in SHAPES.items()
    }


def some_conflict(draw: random.Random, number: int) -> Seen:
    scores = [draw.gauss(0, 1) for _ in range(draw.randint(2, 9))]
    total = math.log(sum(map(math.exp, scores)))
    kinds = [*(draw.randrange(KINDS - 1) for _ in scores[1:]), KINDS - 1]
    words = frozenset(draw.sample("abcdefgh", draw.randint(1, 5)))
    return Seen(kinds, [one - total for one in scores], words, draw.choice((-1, 0, 1)), number)


def test_a_clear_conflict_of_the_file_draws_an_open_one_to_its_side() -> None:
    beside_theirs, beside_ours = (chances(asked(OPEN, one)[0]) for one in (THEIRS, OURS))
    for text, more, less in (
        ("size = 30\n", beside_theirs, beside_ours),
        ("size = 20\n", beside_ours, beside_theirs),
    ):
        assert more[text] > less[text] + 0.05


def test_a_decision_in_the_file_changes_the_order_of_those_that_are_open() -> None:
    decided = {
        side: Known(decisions=[Decision("a.py", "width = 1\n", *sides, text) for _ in range(2)])
        for sides in [("width = 2\n", "width = 3\n")]
        for side, text in zip(("ours", "theirs"), sides, strict=True)
    }
    for side, text in (("ours", "size = 20\n"), ("theirs", "size = 30\n")):
        found = asked(OPEN, OPEN, known=decided[side])
        assert [one.resolutions[0].text for one in found] == [text, text]


def test_a_conflict_alone_in_its_file_is_ranked_by_the_trees() -> None:
    assert asked(OPEN)[0].resolutions == _by_trees(OPEN)[0].resolutions
    assert asked(OPEN, THEIRS)[0].resolutions != _by_trees(OPEN, THEIRS)[0].resolutions


def _by_trees(*conflicts: str) -> list[Suggestions]:
    """Ask a model that has the trees that ship and nothing else."""
    with pytest.MonkeyPatch.context() as patch:
        ranker = load()
        alone = Ranker(ranker.stage, ranker.trees, ranker.calibration)
        patch.setattr("gitmerge_ai.resolving.suggesting.load", lambda model: alone)
        return asked(*conflicts)


def test_in_a_file_of_very_many_conflicts_the_trees_rank_alone() -> None:
    for count, alone in ((MOST_IN_FILE, False), (MOST_IN_FILE + 1, True)):
        draw = random.Random(1)
        file = [
            Options(
                Region("", f"{at}\n", "b\n"), (f"{at}\n", "b\n"), [draw.random() for _ in "abc"]
            )
            for at in range(count)
        ]
        assert (neighbours.read(MODELS / NEIGHBOURS).corrected(file) == file) is alone


def test_none_lets_the_trees_rank_alone() -> None:
    for found, by_trees in zip(
        asked(OPEN, THEIRS, model="none"), _by_trees(OPEN, THEIRS), strict=True
    ):
        assert chances(found) == chances(by_trees)
        assert {one.stage for one in found.resolutions} == {"rules"}


@given(st.integers(0, 499), st.integers(1, 500))
def test_the_nearest_conflicts_are_looked_at_and_no_more(at: int, count: int) -> None:
    found = neighbours.beside(at % count, count)
    assert len(found) == min(MOST, count - 1)
    distances = [abs(one - at % count) for one in found]
    assert distances == sorted(distances)
    assert 0 not in distances
    left = set(range(count)) - {at % count, *found}
    assert all(abs(one - at % count) >= max(distances) for one in left)


def test_weights_are_read_as_they_were_written() -> None:
    data = neighbours.to_bytes([weights(1), weights(2)])
    draw = random.Random(3)
    asked_, *others = (some_conflict(draw, number) for number in range(4))
    found = neighbours.from_bytes(data).scores(asked_, others)
    same = neighbours.Neighbours([weights(1), weights(2)]).scores(asked_, others)
    assert found == pytest.approx(same, abs=1e-5)
    assert found != pytest.approx(asked_.logs, abs=1e-2)


@given(st.integers(0, 2**17), st.integers(1, 255), st.booleans())
def test_damage_is_noticed(at: int, by: int, cut: bool) -> None:
    data = bytearray((MODELS / NEIGHBOURS).read_bytes())
    at %= len(data)
    if cut:
        del data[at:]
    else:
        data[at] ^= by
    with pytest.raises(UnreadableModel):
        neighbours.from_bytes(bytes(data))


def test_a_file_without_weights_is_no_model() -> None:
    with pytest.raises(UnreadableModel):
        neighbours.from_bytes(neighbours.to_bytes([]))


def test_with_a_damaged_file_the_trees_rank_alone_and_it_is_said(tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(MODELS, model)
    assert damaged(str(model)) == []
    (model / NEIGHBOURS).write_bytes((MODELS / NEIGHBOURS).read_bytes()[:-4])
    repo = Repository.init(tmp_path / "repo")
    repo.git("config", "gitmerge-ai.model", str(model))
    (repo.path / "a.py").write_text(f"{OPEN}between = 0\n{THEIRS}")
    done = gitmerge_ai("suggest", "a.py", "--json", "--top", "48", cwd=repo.path)
    assert done.returncode == 0
    assert done.stderr.decode().splitlines() == [
        f"{model / NEIGHBOURS} is damaged: the ranking does without it"
    ]
    told = json.loads(done.stdout)[0]["suggestions"]
    text = f"{OPEN}between = 0\n{THEIRS}"
    by_trees = suggest(text, path="a.py", top=48, model="none")[0]
    assert {one["text"]: one["confidence"] for one in told} == chances(by_trees)


def test_what_runs_says_what_was_trained() -> None:
    torch = pytest.importorskip("torch")
    from gitmerge_ai.training.learning.files import InFile
    from gitmerge_ai.training.learning.neighbours import Transformer, laid_out

    model = Transformer().eval()
    torch.nn.init.normal_(model.correct.weight, std=0.3)
    torch.nn.init.normal_(model.correct.bias, std=0.3)
    draw = random.Random(5)
    files = []
    for size in (2, 5, 3, 1, 4):
        first, *others = (some_conflict(draw, number) for number in range(size))
        files.append(InFile(first, others))
    with torch.no_grad():
        trained = model.scores(laid_out(files, np.zeros(5, np.int64))).tolist()
    running = neighbours.from_bytes(neighbours.to_bytes([model.weights()]))
    for row, file in zip(trained, (one for one in files if one.others), strict=True):
        expected = running.scores(*file)
        assert row[: len(expected)] == pytest.approx(expected, abs=1e-4)
        assert all(score < -1e8 for score in row[len(expected) :])


class Letters:
    """A vocabulary of letters: every sign is a piece."""

    start, end = 1, 2

    def __call__(self, words: Sequence[str]) -> list[list[int]]:
        return [[ord(sign) % 1000 + 3 for sign in word] for word in words]


def test_mined_conflicts_are_learned_from_in_their_files(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from gitmerge_ai.training.learning import dataset
    from gitmerge_ai.training.learning import neighbours as learning
    from gitmerge_ai.training.learning.files import in_files

    repo = Repository.init(tmp_path / "mine")
    for number in range(3):
        merged(repo, name=f"file{number}.py")
        repo.git("branch", "-q", "-D", "side")
    mined(repo, tmp_path / "data")
    file = tmp_path / "data" / "mine.npz"
    dataset.prepare(dataset.mined_of(file), Letters())
    data = dataset.load([file])
    scores = np.log(np.arange(1.0, len(data.table) + 1))
    found = in_files(data, [file], scores)
    assert [len(one.others) for one in found] == [1] * len(data)
    assert all(a.others[0] is b.asked for a, b in pairwise(found) if a.asked.number == 0)
    out = tmp_path / "run"
    out.mkdir()
    learning.train([found, found], data.right, out, seed=1)
    first = (out / NEIGHBOURS).read_bytes()
    (out / NEIGHBOURS).unlink()
    torch.rand(1)
    learning.train([found, found], data.right, out, seed=1)
    assert (out / NEIGHBOURS).read_bytes() == first
    learning.train([found], data.right, out, seed=9)  # it is done
    assert (out / NEIGHBOURS).read_bytes() == first
    neighbours.read(out / NEIGHBOURS)
