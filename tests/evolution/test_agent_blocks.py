"""What a model wants changed is read as it says, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitmerge_ai.evolution.agents.blocks import Block, Malformed, applied, blocks

ANSWER = """\
Use best fit.

```python
**pack.py**
<<<<<<< SEARCH
    return first
=======
    return best
>>>>>>> REPLACE
```

new/file.py
<<<<<<< SEARCH
=======
made = 1
>>>>>>> REPLACE
"""

FILES = {"pack.py": b"def pack():\n    return first\n"}


def anything(path: str) -> bool:
    return True


def test_reads_blocks_among_words_and_fences() -> None:
    found = blocks(ANSWER)
    assert found == [
        Block("pack.py", "    return first\n", "    return best\n"),
        Block("new/file.py", "", "made = 1\n"),
    ]
    assert applied(found, FILES, anything) == {
        "pack.py": b"def pack():\n    return best\n",
        "new/file.py": b"made = 1\n",
    }


@pytest.mark.parametrize(
    "answer",
    [
        "I would use best fit.",
        "pack.py\n<<<<<<< SEARCH\na\n",
        "pack.py\n<<<<<<< SEARCH\na\n=======\nb\n",
        "<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n",
        "pack.py\n<<<<<<< SEARCH\na\n=======\nb\n=======\nc\n>>>>>>> REPLACE\n",
    ],
    ids=["none", "open", "half open", "no path", "two middles"],
)
def test_an_answer_that_is_not_clear_is_malformed(answer: str) -> None:
    with pytest.raises(Malformed):
        blocks(answer)


@pytest.mark.parametrize(
    ("block", "why"),
    [
        (Block("pack.py", "    return last\n", ""), "does not stand in it"),
        (Block("pack.py", "turn first\n", ""), "does not stand in it"),
        (Block("twice.py", "a\n", "b\n"), "2 times"),
        (Block("none.py", "a\n", "b\n"), "no file none.py"),
        (Block("pack.py", "", "b\n"), "searches nothing"),
        (Block("latin.py", "a\n", "b\n"), "UTF-8"),
    ],
)
def test_what_cannot_be_carried_out_is_malformed(block: Block, why: str) -> None:
    files = {**FILES, "twice.py": b"a\na\n", "latin.py": b"\xe9\na\n"}
    with pytest.raises(Malformed, match=why):
        applied([block], files, anything)


def test_a_file_is_made_only_where_one_may_be() -> None:
    with pytest.raises(Malformed, match="may not be written"):
        applied([Block(".env", "", "x\n")], FILES, lambda path: False)


def test_blocks_of_one_file_follow_each_other() -> None:
    found = [Block("f", "a\n", "b\n"), Block("f", "b\n", "c\n")]
    assert applied(found, {"f": b"a\n"}, anything) == {"f": b"c\n"}
    assert applied([found[0], Block("f", "b\n", "a\n")], {"f": b"a\n"}, anything) == {}


@given(
    before=st.text("ab \n", max_size=30),
    after=st.text("ab \n", max_size=30),
    ending=st.sampled_from(["\n", "\r\n"]),
    ended=st.booleans(),
)
def test_endings_stay_as_they_are(before: str, after: str, ending: str, ended: bool) -> None:
    text = f"{before}\nfind me\n{after}\nlast\n".replace("\n", ending)
    text = text if ended else text.removesuffix(ending)
    data = applied([Block("f", "find me\n", "x\ny\n")], {"f": text.encode()}, anything)["f"]
    assert data.decode() == text.replace("find me", f"x{ending}y")
