"""The classifier from mined conflicts to a merge: trained, exported, calibrated and used."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from histories import mined
from repositories import Repository, gitmerge_ai, invoked

torch = pytest.importorskip("torch")

from gitmerge_ai.resolving.advising import Learned  # noqa: E402
from gitmerge_ai.resolving.ranking import boosting, calibration, ranker  # noqa: E402
from gitmerge_ai.resolving.ranking.boosting import Boosted, Tree  # noqa: E402
from gitmerge_ai.resolving.ranking.calibration import Calibration, Scaling  # noqa: E402
from gitmerge_ai.resolving.ranking.network import Network  # noqa: E402
from gitmerge_ai.resolving.ranking.vocabulary import Vocabulary  # noqa: E402
from gitmerge_ai.training.learning import dataset, pretraining, training  # noqa: E402
from gitmerge_ai.training.learning.boosting import grow, scores_of  # noqa: E402
from gitmerge_ai.training.learning.evaluation import answers, by_network, figures  # noqa: E402
from gitmerge_ai.training.learning.exporting import export  # noqa: E402
from gitmerge_ai.training.learning.lessons import lessons_of  # noqa: E402
from gitmerge_ai.training.learning.mirroring import mirror  # noqa: E402
from gitmerge_ai.training.learning.model import Classifier  # noqa: E402
from gitmerge_ai.training.learning.pretraining import pretrain, texts_of  # noqa: E402
from gitmerge_ai.values import Conflict, MergeResult, Sides  # noqa: E402

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "value", "ours", "theirs", "=", "line"]


def conflict(number: int) -> tuple[str, str, str, str]:
    """Make a conflict that people settle by a rule that can be learned: theirs if it is longer."""
    base = f"value{number} = 0\n"
    long, short = f"value{number} = call({number}, other)\n", f"value{number} = {number + 1}\n"
    ours, theirs = (short, long) if number % 2 else (long, short)
    return base, ours, theirs, long


def history(repo: Repository, merges: int) -> None:
    for number in range(merges):
        base, ours, theirs, taken = conflict(number)
        name = f"f{number}.py"
        repo.diverge({name: base}, {name: ours}, {name: theirs})
        repo.git("merge", "-q", "side", ok=False)
        repo.commit(f"Merge side {number}", {name: taken})
        repo.git("branch", "-q", "-D", "side")


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small encoder that knows nothing, with a vocabulary of a few words and letters."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.pre_tokenizers import BertPreTokenizer
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("encoder")
    letters = [chr(at) for at in range(33, 127)]
    pieces = [*WORDS, *letters, *(f"##{sign}" for sign in letters)]
    vocabulary = {piece: at for at, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=256,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, encoder: Path) -> Path:
    """Mine and prepare a repository for each part of the split."""
    from gitmerge_ai.training.learning.preparing import prepare_one

    folder = tmp_path_factory.mktemp("mined")
    (folder / "tokenizer.json").write_bytes((encoder / "tokenizer.json").read_bytes())
    root = tmp_path_factory.mktemp("repositories")
    for name, merges in (
        ("mine", 24),
        ("other", 8),
        ("SFML+SFML", 8),
        ("diem+diem", 6),
    ):
        repo = Repository.init(root / name)
        history(repo, merges)
        mined(repo, folder)
        prepare_one(folder / f"{name}.jsonl.gz", encoder=encoder)
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, data: Path, encoder: Path) -> Path:
    out = tmp_path_factory.mktemp("run")
    settings = training.Settings(epochs=1, batch=8, every=2, threads=1)
    training.run(data, encoder, out, settings, rounds=5)
    return out


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory, run: Path, data: Path, encoder: Path) -> Path:
    from gitmerge_ai.training.learning.calibrating import calibrate

    out = tmp_path_factory.mktemp("model")
    export(run, encoder, out)
    calibrate(data, run, out)
    return out


def test_what_is_prepared_is_what_was_mined(data: Path) -> None:
    found = dataset.load([data / "mine.npz"])
    assert len(found) == 24
    assert {about[0] for about in found.about} == {"mine"}
    assert all(0 <= right < size for right, size in zip(found.right, found.sizes, strict=True))
    rights = [right in (ours, theirs) for right, ours, theirs in _three(found)]
    assert all(rights)
    assert all(
        len(one.follows) == size for one, size in zip(found.inputs, found.sizes, strict=True)
    )


def test_what_another_version_prepared_is_prepared_again(data: Path, tmp_path: Path) -> None:
    mined_file, out = tmp_path / "other.jsonl.gz", tmp_path / "other.npz"
    mined_file.write_bytes((data / "other.jsonl.gz").read_bytes())
    np.savez_compressed(out, **{**np.load(data / "other.npz"), "sizes": [], "format": 1})
    assert dataset.prepare(mined_file, Vocabulary(data / "tokenizer.json")) == 8
    assert len(dataset.load([out])) == 8


def _three(found: dataset.Dataset) -> list[tuple[int, int, int]]:
    return list(zip(found.right.tolist(), found.ours.tolist(), found.theirs.tolist(), strict=True))


def test_nothing_is_known_of_later_merges(data: Path) -> None:
    found = dataset.load([data / "mine.npz"])
    first = min(range(len(found)), key=lambda at: found.about[at][2])
    habits = [at for at, name in enumerate(found.columns) if name.startswith("habit")]
    assert np.isnan(found.facts[first, habits]).all()


def test_trees_score_one_by_one_as_all_at_once() -> None:
    draw = np.random.default_rng(1)
    table = draw.random((400, 3)).astype(np.float32)
    table[draw.random(table.shape) < 0.2] = np.nan
    sizes, right = np.full(100, 4), (np.nan_to_num(table[:, 0]).reshape(100, 4)).argmax(1)
    trees = grow(table, sizes, right, ["a", "b", "c"], rounds=20)
    whole = scores_of(trees, table)
    for row, score in zip(table.tolist(), whole, strict=True):
        known = {name: v for name, v in zip("abc", row, strict=True) if v == v}
        assert trees.score(known) == pytest.approx(score)
    assert (whole.reshape(100, 4).argmax(1) == right).mean() > 0.7


def test_training_logs_what_it_does_and_keeps_its_best(run: Path) -> None:
    lines = [json.loads(line) for line in (run / training.LOG).read_text().splitlines()]
    assert any("check" in line for line in lines)
    assert (run / training.BEST).exists()
    assert boosting.read(run / boosting.TREES).trees


def test_a_run_that_was_stopped_goes_on(data: Path, encoder: Path, run: Path) -> None:
    before = (run / training.LOG).read_text().count('"check"')
    training.run(data, encoder, run, training.Settings(epochs=1, batch=8, every=2, threads=1), 5)
    assert (run / training.LOG).read_text().count('"check"') == before


def pretrained(
    data: Path, encoder: Path, out: Path, steps: int, losses: list[float]
) -> dict[str, torch.Tensor]:
    """Pre-train on the code of one repository, and give the encoder's weights."""
    cut = Vocabulary(encoder / "tokenizer.json")
    prepared = dataset.load([data / "mine.npz"])
    texts = texts_of(prepared.inputs, [data / "mine.jsonl.gz"], cut)
    out.mkdir(exist_ok=True)
    pretrain(
        texts,
        encoder,
        out,
        steps=steps,
        batch=8,
        seed=1,
        device="cpu",
        log=lambda step, pretraining_loss: losses.append(pretraining_loss),
    )
    found: dict[str, torch.Tensor] = torch.load(out / "encoder.pt", weights_only=True)
    return found


def test_pretraining_tells_masked_words_and_goes_on_where_it_stopped(
    data: Path, encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pretraining, "RATE", 3e-3)
    losses: list[float] = []
    whole = pretrained(data, encoder, tmp_path / "whole", 80, losses)
    assert losses[-1] < losses[0] - 0.5
    monkeypatch.setattr(pretraining, "EVERY", 30)
    monkeypatch.setattr(pretraining, "batch_of", stopping(pretraining.batch_of, after=50))
    with pytest.raises(KeyboardInterrupt):
        pretrained(data, encoder, tmp_path / "stopped", 80, [])
    monkeypatch.undo()
    monkeypatch.setattr(pretraining, "RATE", 3e-3)
    again = pretrained(data, encoder, tmp_path / "stopped", 80, [])
    assert all(torch.allclose(whole[name], again[name], atol=1e-5) for name in whole)


def stopping(work: Callable[..., object], after: int) -> Callable[..., object]:
    """Let work be interrupted when it was done so many times."""
    left = iter(range(after))

    def stopped(*given: object) -> object:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return work(*given)

    return stopped


def test_what_was_pretrained_is_what_training_starts_from(
    data: Path, encoder: Path, tmp_path: Path
) -> None:
    settings = training.Settings(epochs=0.1, pretrain=3, batch=8, every=1, threads=1)
    training.run(data, encoder, tmp_path, settings, rounds=2)
    assert (tmp_path / "encoder.pt").exists()
    before = torch.load(tmp_path / "encoder.pt", weights_only=True)
    after = torch.load(tmp_path / training.BEST, weights_only=True)
    name = "bert.encoder.layer.0.output.dense.weight"
    fresh = Classifier(encoder).state_dict()[f"encoder.{name}"]
    moved = [torch.dist(one, before[name]) for one in (after[f"encoder.{name}"], fresh)]
    assert moved[0] < moved[1]


def test_two_runs_with_one_seed_are_alike(data: Path, encoder: Path, tmp_path: Path) -> None:
    settings = training.Settings(epochs=0.5, batch=8, every=1, threads=1)
    states = []
    for name in ("one", "two"):
        training.run(data, encoder, tmp_path / name, settings, rounds=3)
        states.append(torch.load(tmp_path / name / training.BEST, weights_only=True))
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])


def test_a_run_that_was_stopped_ends_as_one_that_was_not(
    data: Path, encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = training.Settings(epochs=2, batch=8, every=2, threads=1)
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    training.run(data, encoder, whole, settings, rounds=3)
    with monkeypatch.context() as patch:
        patch.setattr(training, "mirror", stopping(training.mirror, after=6))
        with pytest.raises(KeyboardInterrupt):
            training.run(data, encoder, stopped, settings, rounds=3)
    assert (stopped / training.CHECKPOINT).exists()
    training.run(data, encoder, stopped, settings, rounds=3)
    for name in (training.CHECKPOINT, training.BEST):
        states = [torch.load(run / name, weights_only=True) for run in (whole, stopped)]
        one, other = (state.get("model", state) for state in states)
        assert all(torch.equal(one[part], other[part]) for part in one)


def test_evaluating_needs_no_torch(model: Path, data: Path) -> None:
    script = (
        "import sys, pathlib\n"
        "from gitmerge_ai.training.learning.reporting import report\n"
        "found = report(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), 'test', 0.9)\n"
        "sys.exit('torch' in sys.modules or set(found['figures']) != {'trees', 'network'})\n"
    )
    subprocess.run([sys.executable, "-c", script, str(data), str(model)], check=True)


def test_the_exported_network_says_what_the_trained_one_does(
    data: Path, encoder: Path, run: Path, model: Path
) -> None:
    trees = boosting.read(model / boosting.TREES)
    found = dataset.load([data / "mine.npz"], [name for name, _ in trees.columns])
    facts = dataset.known(found, history=False, habits=False)
    lessons = lessons_of(found, scores_of(trees, dataset.seen_with(found, facts=facts)))
    trained = Classifier(encoder)
    trained.load_state_dict(torch.load(run / training.BEST, weights_only=True))
    trained.eval()
    exported = list(by_network(Network(model))(lessons))
    for at, scores in enumerate(exported):
        with torch.no_grad():
            wanted, _, _ = trained.scores(training.batched(lessons, [at]))
        assert scores == pytest.approx(wanted[0].numpy(), abs=0.2)  # eight bits


def test_figures_count_what_is_right(data: Path, model: Path) -> None:
    trees = boosting.read(model / boosting.TREES)
    found = dataset.load([data / "diem+diem.npz"], [name for name, _ in trees.columns])
    told = figures(answers(found, trees, "texts", by_network(Network(model))))
    assert told["regions"] == 6
    assert told["any"] == 100
    assert told["ours"] + told["theirs"] == 100


def test_a_conflict_read_with_its_sides_exchanged_twice_is_itself(data: Path) -> None:
    for one in dataset.load([data / "mine.npz"]).inputs:
        twice = mirror(mirror(one))
        assert all(np.array_equal(a, b) for a, b in _arrays(one, twice))
        assert not np.array_equal(mirror(one).sides, one.sides)


def _arrays(one: dataset.Input, other: dataset.Input) -> list[tuple[object, object]]:
    return [(getattr(one, name), getattr(other, name)) for name in one.__slots__]


def test_commands_train_export_and_evaluate(data: Path, encoder: Path, tmp_path: Path) -> None:
    run, model = tmp_path / "run", tmp_path / "model"
    start = ["--start", str(encoder)]
    called("train", data, "-o", run, "--epochs", "0.5", "--rounds", "3", "-j", "1", *start)
    exporting = ("export", run, "--data", data, "-o", model, *start)
    assert invoked(tmp_path, *map(str, exporting)).exit_code == 0
    told = json.loads(called("evaluate", data, "--model", model, "--json"))
    assert told["figures"]["network"]["texts"][""]["regions"] == 6
    shown = invoked(tmp_path, "evaluate", str(data), "--model", str(model))
    assert "top-1" in shown.stdout


def called(*arguments: str | Path, cwd: Path = Path()) -> str:
    done = gitmerge_ai(*map(str, arguments), cwd=cwd)
    assert done.returncode == 0, done.stderr.decode()
    return str(done.stdout.decode())


MARKED = "<<<<<<< ours\nx = 1\n||||||| base\nx = 0\n=======\nx = 2\n>>>>>>> theirs\n"


def test_suggest_ranks_by_the_model_that_is_set(tmp_path: Path, model: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(MARKED)
    repo = Repository.init(tmp_path)
    for setting, stage in ((str(model), "classifier"), ("none", "rules")):
        repo.git("config", "gitmerge-ai.model", setting)
        told = json.loads(called("suggest", file, "--json", cwd=tmp_path))
        assert {one["stage"] for one in told[0]["suggestions"]} == {stage}


@pytest.fixture
def sure(model: Path, tmp_path: Path) -> Path:
    """Make a model that is sure of whatever it puts first, in Python."""
    folder = tmp_path / "sure"
    folder.mkdir()
    for file in model.iterdir():
        (folder / file.name).symlink_to(file)
    for name in (ranker.CALIBRATION, boosting.TREES):
        (folder / name).unlink()
    ours_first = Boosted((("is ours", 0.0),), (Tree(((0, 0.5, -1, -2, -1),), (0.0, 6.0)),))
    boosting.write(ours_first, folder / boosting.TREES)
    scale = Calibration({"": Scaling(1.0, 30.0)}, {"python": 0.9})
    calibration.write(scale, folder / ranker.CALIBRATION)
    return folder


def left_open() -> tuple[Sides, MergeResult]:
    sides = Sides("x = 0\n", "x = 1\n", "x = 2\n", "a.py")
    text = f"before = 1\n{MARKED}after = 2\n"
    return sides, MergeResult(text, (Conflict(sides, ("", ""), "", (2, 9)),))


def test_what_the_classifier_is_sure_of_is_applied(sure: Path) -> None:
    sides, result = left_open()
    found = Learned(0.9, str(sure)).finish(sides, result)
    assert found.clean
    (resolution,) = found.resolutions
    assert resolution.stage == "classifier"
    assert found.text == f"before = 1\n{resolution.text}after = 2\n"
    assert resolution.span == (2, 3)
    assert resolution.alternatives


@pytest.mark.parametrize(("least", "path"), [(1.0, "a.py"), (0.9, "a.java"), (0.9, "a.unknown")])
def test_what_it_is_not_sure_of_stays(sure: Path, least: float, path: str) -> None:
    sides, result = left_open()
    assert Learned(least, str(sure)).finish(sides._replace(path=path), result) == result


def test_what_would_not_parse_stays(sure: Path) -> None:
    sides = Sides("x = (0\n", "x = (1\n", "x = (2\n", "a.py")
    text = "<<<<<<< ours\nx = (1\n=======\nx = (2\n>>>>>>> theirs\n"
    whole = Sides("x = 0\n", "x = (1\n+ 1)\n", "x = (2\n+ 1)\n", "a.py")
    result = MergeResult(f"{text}", (Conflict(sides, ("", ""), "", (1, 6)),))
    assert Learned(0.9, str(sure)).finish(whole, result) == result


def test_the_driver_applies_it_and_says_so_in_the_journal(plain: Repository, sure: Path) -> None:
    plain.with_driver()
    for key, value in (("model", str(sure)), ("minConfidence", "0.9")):
        plain.git("config", f"gitmerge-ai.{key}", value)
    plain.diverge({"a.py": "x = 0\n"}, {"a.py": "x = 1\n"}, {"a.py": "x = 2\n"})
    plain.git("merge", "-q", "side")
    told = called("review", "--json", cwd=plain.path)
    assert '"classifier"' in told
    plain.git("config", "gitmerge-ai.model", "none")
    plain.git("reset", "-q", "--hard", "HEAD^")
    assert plain.git("merge", "-q", "side", ok=False)
    assert "<<<<<<<" in (plain.path / "a.py").read_text()


def test_loading_the_network_tells_nobody_and_writes_nothing(model: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    start = (
        "import sys, pathlib\n"
        "from gitmerge_ai.resolving.ranking.network import Network\n"
        "Network(pathlib.Path(sys.argv[1]))\n"
        "links = [p for p in pathlib.Path('/proc/self/fd').iterdir() if p.is_socket()]\n"
        "sys.exit(bool(links))\n"
    )
    clean = {"HOME": str(home), "TMPDIR": str(home), "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-B", "-c", start, str(model)], env=clean, check=False)
    assert done.returncode == 0
    assert list(home.iterdir()) == []
