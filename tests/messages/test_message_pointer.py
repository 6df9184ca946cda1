"""The network that says what could stand next: what it reads, learns, and says without PyTorch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitmerge_ai.messages import openings, pointer, reading
from gitmerge_ai.messages.pointer import LONGEST, Network, Places, Words, from_bytes, to_bytes
from gitmerge_ai.messages.words import END, KINDS, START, context, tokens
from gitmerge_ai.repository.commits import Commit, Footprint
from gitmerge_ai.sealed import UnreadableModel, sealed
from gitmerge_ai.training.messages.examples import EARLIEST, Example, examples

torch = pytest.importorskip("torch")
pointing = pytest.importorskip("gitmerge_ai.training.messages.pointing")

SAID = (END, START, *KINDS, "add", "fix", "the", "parser", "tests")
FOOTPRINT = Footprint(("src/parser.py", "tests/test_it.py"), ("parse_line", "tests"), ("old",))
HISTORY = [tokens("Fix the parser"), tokens("Add tests for #12")]


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(3)
    words = Words(SAID, ["src", "py"])
    made = pointing.Pointer(words).eval()
    with torch.no_grad():
        for name, found in made.named_parameters():
            if name.endswith("weight") and found.dim() > 1:
                found.normal_(0, 0.3)
        for rows in (made.own.weight, made.behind.weight):
            rows[-1] = 0
    return words, made


@pytest.fixture(scope="module")
def data(model) -> bytes:
    words, made = model
    return to_bytes(made.weights(words))


@pytest.fixture
def places(data) -> Places:
    read = reading.items(FOOTPRINT, HISTORY, ["fix", "add"])
    return Places(Network(from_bytes(data)), read, reading.sizes(FOOTPRINT))


@pytest.mark.parametrize(
    "typed", ["", "Fix", "Fix the parse_line of", "Add tests for a new parser"]
)
def test_it_says_without_pytorch_what_it_says_with_it(model, places, typed):
    words, made = model
    before = tuple(tokens(typed))
    example = Example([*before], reading.items(FOOTPRINT, HISTORY, ["fix", "add"]), [])
    found = pointing.laid_out(words, {"a/a": [example._replace(sizes=reading.sizes(FOOTPRINT))]})
    some = [torch.from_numpy(x) for x in (found.read, found.before, found.roles, found.sizes)]
    with torch.no_grad():
        spoken, copied = made(*some, torch.from_numpy(found.typed))
        said = spoken[0, len(before)] @ made.own.weight[: len(SAID)].T + made.biases
    own = {word: said[number].item() for number, word in enumerate(SAID)}
    there = dict(zip(found.marks[0].tolist(), copied[0, len(before)].tolist(), strict=True))
    strange = places.score(before, " zebra")
    assert strange.score == strange.copied == pointer.LEAST
    assert places.score(before, END).score == pytest.approx(own[END], abs=0.15)
    assert places.score(before, " old").score == pytest.approx(
        there[pointer.check_sum("old")], abs=0.15
    )
    assert places.score(before, " 3.1").score == pytest.approx(own["<version>"], abs=0.15)
    assert places.score(before, " the").score > max(own["the"], pointer.LEAST) - 0.15


def test_behind_more_tokens_than_were_trained_nothing_is_said(places):
    assert places.score(("word",) * (LONGEST - 1), "fix") is not None
    assert places.score(("word",) * LONGEST, "fix") is None


def test_a_change_of_nothing_and_no_history_can_be_asked(data):
    places = Places(Network(from_bytes(data)), [], reading.sizes(Footprint()))
    assert places.score((), "Fix").score > pointer.LEAST


def test_a_damaged_file_says_so_and_openings_do_without(tmp_path, data, monkeypatch):
    file = tmp_path / pointer.FILE
    rest = data[len(pointer.MARK) + 4 :]
    damaged = [b"", data[:-9], data[:-1] + bytes([data[-1] ^ 1]), b"no network"]
    damaged += [sealed(pointer.MARK, each) for each in (b"", rest[:-4], rest + b"more")]
    for each in damaged:
        file.write_bytes(each)
        with pytest.raises(UnreadableModel, match=pointer.FILE):
            pointer.read(file)
    file.write_bytes(data)
    assert isinstance(pointer.read(file), Network)
    monkeypatch.setattr(pointer, "place", lambda _: str(tmp_path / "nowhere"))
    pointer.shipped.cache_clear()
    assert pointer.shipped() is None
    pointer.shipped.cache_clear()


def test_the_same_weights_give_the_same_bytes(data):
    assert to_bytes(from_bytes(data)) == data


def test_it_learns_to_copy_what_a_change_adds():
    torch.manual_seed(1)
    commits = (made(number, f"Add thing{number}", f"thing{number}") for number in range(300))
    words, found = Words(SAID, []), {"a/a": list(examples(commits))}
    trained = pointing.fit(words, pointing.laid_out(words, found), 1, passes=60)
    network = Network(trained.weights(words))
    new = Footprint(("lib.py",), ("zebra", "other"), ())
    read = reading.items(new, [tokens("Add thing7"), tokens("Add thing8")], ["add"])
    places = Places(network, read, reading.sizes(new))
    copied = places.score(("Add",), " zebra")
    assert copied.score > places.score(("Add",), " thing7").score
    assert copied.score > places.score(("Add",), " fix").score
    assert places.score((), "Add").score > places.score((), "zebra").score
    assert abs(copied.score) < 2  # So the sum over all is near one, though nobody normed it.


def test_an_example_reads_nothing_of_its_own_subject_or_of_later_ones():
    commits = [made(number, f"Say word{number}", f"name{number}") for number in range(60)]
    found = list(examples(commits))
    assert len(found) == 60 - EARLIEST
    for number, each in enumerate(found, EARLIEST):
        read = {item.word for item in each.items if item.role >= reading.HISTORY}
        assert read & {f"word{earlier}" for earlier in range(number)}
        assert not read & {f"word{later}" for later in range(number, 60)}


def test_the_nearest_subject_is_of_a_change_that_shares_most():
    commits = [made(number, f"Say word{number}", f"name{number}") for number in range(40)]
    alike = commits[3].footprint._replace(added=("else",))
    asked = Commit("x", "other@x", 0, "Now", alike._replace(paths=("dir3/file3.py",)))
    *_, last = examples([*commits, asked])
    first = [item.word for item in last.items if item.role == reading.HISTORY + 1]
    assert first == ["word3"]


def test_words_that_change_are_read_with_their_roles():
    found = {item.word: item.role for item in reading.items(FOOTPRINT, HISTORY, ["fix"])[::-1]}
    assert found["parse_line"] == reading.ADDED
    assert found["old"] == reading.REMOVED
    assert found["parser.py"] == found["parser"] == reading.STEM
    assert found["src"] == reading.PIECE
    assert found[".py"] == reading.ENDING
    assert found["#12"] == reading.HISTORY + 3


@given(
    st.lists(st.text(max_size=12), max_size=30),
    st.lists(st.text(max_size=12), max_size=90),
    st.lists(st.lists(st.text(max_size=9), max_size=20), max_size=9),
)
def test_what_is_read_is_bounded(paths, words, history):
    some = Footprint(tuple(paths), tuple(words), tuple(words[::2]), tuple(words[:9]))
    read = reading.items(some, history, words)
    assert len(read) <= pointing.ITEMS
    assert all(0 <= item.role < reading.ROLES for item in read)
    assert len(reading.sizes(some)) == reading.SIZES
    assert all(abs(size) < 4 for size in reading.sizes(some))


def test_words_said_are_those_of_several_repositories():
    one = Example(tokens("Add support for zebra"), [], [0.0] * reading.SIZES)
    other = Example(tokens("Add support for 1.2"), [], [0.0] * reading.SIZES)
    found = {f"x/{n}": [other] * 5 for n in range(4)} | {"y/y": [one] * 50}
    words = pointing.vocabulary(found)
    assert list(words.said[: 2 + len(KINDS)]) == [END, START, *KINDS]
    assert {"add", "support", "for"} <= set(words.said)
    assert "zebra" not in words.said
    assert words.number_said("zebra") is None
    assert words.number("zebra") >= len(words)


def test_openings_know_what_the_network_says(repo_question):
    found = repo_question.found("")
    features = repo_question.features("", found)
    assert all("network" in each and "network, less than best" in each for each in features)


@pytest.fixture
def repo_question(data, monkeypatch) -> openings.Openings:
    from gitmerge_ai.messages.following import Following
    from gitmerge_ai.messages.memory import Asked, Memory

    monkeypatch.setattr(pointer, "shipped", lambda: Network(from_bytes(data)))
    memory = Memory(made(number, f"Fix word{number}", f"name{number}") for number in range(9))
    asked = Asked(FOOTPRINT, "someone@x")
    return openings.Openings(Following(memory, asked, memory.weigh(asked)), memory, asked)


def made(number: int, subject: str, word: str) -> Commit:
    paths = (f"dir{number}/file{number}.py",)
    return Commit(f"{number:040}", "someone@x", number, subject, Footprint(paths, (word,), ()))


def test_an_empty_token_ends_a_subject():
    assert context(END) == END
