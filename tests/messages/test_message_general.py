"""What messages say anywhere: how it is counted, kept, and what it says of a context."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitmerge_ai.messages import general
from gitmerge_ai.messages.general import General
from gitmerge_ai.messages.words import END, START
from gitmerge_ai.training.messages.counting import count

COMMON = ["Add support for pipes", "Add support for 1.2", "fix the README", "Fix the README"] * 3
SUBJECTS = {name: [*COMMON, f"Add {name}_only"] for name in ("a/a", "b/b", "c/c")}


@pytest.fixture(scope="module")
def counted() -> General:
    return General(*count(SUBJECTS))


def test_the_likeliest_follows(counted):
    following = counted.following([START, "add", "support"])
    assert max(following, key=lambda token: following[token]) == "for"
    assert counted.following([START, "add", "support", "for"])["<version>"] > 0.2
    assert counted.following(["pipes"])[END] > 0.5


def test_words_are_written_as_most_often_and_end_what_was_begun(counted):
    assert [word for word, _ in counted.beginning("re")] == ["README"]
    assert [word for word, _ in counted.beginning("suppo")] == ["support"]
    assert counted.share("support") > counted.share("nowhere") > 0


def test_what_one_repository_says_does_not_count(counted):
    assert not any("only" in word for word, _ in counted.beginning(""))


@given(st.lists(st.sampled_from([START, "add", "fix", "the", "support", "<version>", "?"])))
def test_shares_are_of_one(context):
    following = General(*count(SUBJECTS)).following(context)
    assert all(share >= 0 for share in following.values())
    assert sum(following.values()) <= 1 + 1e-9


def test_it_is_read_as_it_was_written(tmp_path, counted):
    file = tmp_path / general.FILE
    counts = count(SUBJECTS)
    general.write(*counts, file)
    first = file.read_bytes()
    general.write(*counts, file)
    assert file.read_bytes() == first
    assert general.read(file).following([START]) == counted.following([START])


def test_a_damaged_file_says_so(tmp_path):
    file = tmp_path / general.FILE
    general.write(*count(SUBJECTS), file)
    whole = file.read_bytes()
    changed = whole[:-1] + bytes([whole[-1] ^ 1])
    for broken in (b"", whole[:-20], changed, general.MARK + bytes(4), b"no n-grams"):
        file.write_bytes(broken)
        with pytest.raises(ValueError, match=general.FILE):
            general.read(file)
