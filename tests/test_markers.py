"""Conflict markers: what git and Jujutsu write is read, and what is read is written again."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitmerge_ai.text.markers import (
    Region,
    Segment,
    has_markers,
    parse,
    regions,
    render,
    source,
    spans,
)
from gitmerge_ai.values import Labels

BASE = "one\ntwo\nthree\nfour\nfive\n"
OURS = "one\nTWO\nsame\nthree\nfour\nfive\n"
THEIRS = "one\n2\nsame\nthree\nfour\nfive!\n"


def merge_file(
    folder: Path, *options: str, texts: tuple[str, str, str] = (OURS, BASE, THEIRS)
) -> str:
    for name, text in zip(("ours", "base", "theirs"), texts, strict=True):
        (folder / name).write_bytes(text.encode())
    command = ["git", "merge-file", "-p", *options, "ours", "base", "theirs"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).stdout.decode()


def meaning(segments: list[Segment]) -> list[Segment]:
    """Leave out how conflicts were written."""
    return [s if isinstance(s, str) else s._replace(text="") for s in segments]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("size", [4, 7, 15])
@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("merge", (None, "TWO\n", "2\n")),
        ("diff3", ("two\n", "TWO\nsame\n", "2\nsame\n")),
        ("zdiff3", ("two\n", "TWO\n", "2\n")),
    ],
)
def test_reads_and_writes_what_git_writes(
    tmp_path: Path, style: str, expected: tuple[str | None, str, str], size: int, ending: str
) -> None:
    texts = tuple(t.replace("\n", ending) for t in (OURS, BASE, THEIRS))
    option = [] if style == "merge" else [f"--{style}"]
    text = merge_file(tmp_path, *option, f"--marker-size={size}", texts=texts)
    segments = parse(text)
    (region,) = regions(segments)
    got = (region.base, region.ours, region.theirs)
    assert got == tuple(t and t.replace("\n", ending) for t in expected)
    assert region.labels == Labels("" if style == "merge" else "base", "ours", "theirs")
    assert (region.size, region.certain) == (size, True)
    assert render(segments, style) == text
    assert "".join(map(source, segments)) == text


def test_diff3_written_as_zdiff3_is_what_git_writes(tmp_path: Path) -> None:
    as_diff3 = merge_file(tmp_path, "--diff3")
    assert render(parse(as_diff3), "zdiff3") == merge_file(tmp_path, "--zdiff3")
    assert "same" in regions(parse(as_diff3))[0].ours


def test_the_spans_are_the_lines_of_the_markers(tmp_path: Path) -> None:
    text = merge_file(tmp_path, "--diff3")
    ((first, last),) = spans(parse(text))
    found = text.splitlines()
    assert found[first - 1].startswith("<<<<<<< ")
    assert found[last - 1].startswith(">>>>>>> ")
    ((_, unended),) = spans(parse(text[: text.index(">>>>>>>")] + ">>>>>>> x"))
    assert unended == last


def test_a_text_without_final_newline_gets_one_before_a_marker(tmp_path: Path) -> None:
    text = merge_file(tmp_path, "--diff3", texts=("a\nb", "a\nc", "a\nd"))
    (region,) = regions(parse(text))
    assert (region.base, region.ours, region.theirs) == ("c\n", "b\n", "d\n")
    unended = Region("c", "b", "d", region.labels)
    assert render(["a\n", unended], "diff3") == text


def test_larger_markers_inside_the_base_are_its_text() -> None:
    base = "<<<<<<<<< x\na\n||||||||| y\nb\n=========\nc\n>>>>>>>>> z\n"
    text = f"<<<<<<< HEAD\no\n||||||| merged common ancestors\n{base}=======\nt\n>>>>>>> side\n"
    assert meaning(parse(text)) == [
        Region(base, "o\n", "t\n", Labels("merged common ancestors", "HEAD", "side"))
    ]


def test_markers_that_were_committed_nest_at_their_own_size() -> None:
    inner = "<<<<<<< a\n1\n=======\n2\n>>>>>>> b\n"
    text = f"<<<<<<< HEAD\n{inner}x\n||||||| base\n{inner}=======\n{inner}y\n>>>>>>> side\n"
    (region,) = regions(parse(text))
    assert (region.ours, region.base, region.theirs) == (inner + "x\n", inner, inner + "y\n")


def test_a_real_criss_cross_merge_is_read(tmp_path: Path) -> None:
    def git(*args: str) -> None:
        subprocess.run(["git", *args], cwd=tmp_path, check=False, capture_output=True)

    def commit(text: str, message: str) -> None:
        (tmp_path / "f").write_text(text)
        git("add", "f")
        git("commit", "-qm", message)

    git("init", "-q", "-b", "left")
    git("config", "user.name", "t")
    git("config", "user.email", "t@example.org")
    commit("start\n", "base")
    git("branch", "right")
    commit("left\n", "l")
    git("tag", "l")
    git("checkout", "-q", "right")
    commit("right\n", "r")
    git("tag", "r")
    git("merge", "-q", "l")
    commit("right merged\n", "rm")
    git("checkout", "-q", "left")
    git("merge", "-q", "r")
    commit("left merged\n", "lm")
    git("-c", "merge.conflictStyle=diff3", "merge", "-q", "right")
    (region,) = parse((tmp_path / "f").read_text())
    assert isinstance(region, Region)
    assert (region.ours, region.theirs) == ("left merged\n", "right merged\n")
    assert region.base is not None
    assert "<<<<<<<<< " in region.base
    assert ">>>>>>>>> " in region.base


@pytest.mark.parametrize(
    "text",
    [
        "Changes\n=======\n\ntext\n",
        "a\n=======\nb\n>>>>>>> x\n",
        "<<<<<<< x\na\n=======\n",
        "<<<<<<< x\na\n>>>>>>> y\n",
        ">>>>>>> x\na\n=======\n<<<<<<< y\n",
        "text:\n\n    <<<<<<< HEAD\n    a\n    =======\n    b\n    >>>>>>> x\n",
        "<<<<<<<x\na\n=======\nb\n>>>>>>>y\n",
        "cout\n<< a\n== b\n>> c\n",
        "",
    ],
)
def test_what_is_no_conflict_stays_text(text: str) -> None:
    assert parse(text) == ([text] if text else [])


def test_an_underline_inside_a_side_is_not_the_separator() -> None:
    ours, theirs = "Changes\n=======\n\n- ours\n", "Changes\n=======\n\n- theirs\n"
    text = f"<<<<<<< a\n{ours}=======\n{theirs}>>>>>>> b\n"
    (region,) = regions(parse(text))
    assert (region.ours, region.theirs) == (ours, theirs)
    assert region.certain


def test_two_possible_separators_are_told() -> None:
    text = "<<<<<<< a\nsome words here\n=======\nother words here\n=======\nend of it\n>>>>>>> b\n"
    (region,) = regions(parse(text))
    assert not region.certain


def test_short_markers_are_read_when_asked_for() -> None:
    text = "<< a\no\n==\nt\n>> b\n"
    assert meaning(parse(text, 2)) == [Region(None, "o\n", "t\n", Labels("", "a", "b"), 2)]
    assert parse(text, 7) == [text]


def test_an_opening_without_end_does_not_hide_the_next_conflict() -> None:
    text = "<<<<<<< shown in a text\n\n<<<<<<< a\no\n=======\nt\n>>>>>>> b\n"
    assert meaning(parse(text)) == [
        "<<<<<<< shown in a text\n\n",
        Region(None, "o\n", "t\n", Labels("", "a", "b")),
    ]


def test_many_openings_cost_little() -> None:
    text = "<<<<<<< a\n" * 50_000 + ">>>>>>> b\n" * 50_000
    assert parse(text) == [text]


JUJUTSU_DIFF = """\
<<<<<<< Conflict 1 of 1
%%%%%%% Changes from base to side #1
 apple
-grape
+grapefruit
 orange
+++++++ Contents of side #2
APPLE
GRAPE
ORANGE
>>>>>>> Conflict 1 of 1 ends
"""

JUJUTSU_LABELLED = """\
<<<<<<< conflict 1 of 1
+++++++ qpvuntsm 1111 "ours"
APPLE
GRAPE
ORANGE
%%%%%%% diff from: zzzz 0000 "base"
\\\\\\\\\\\\\\        to: rlvkpnrz 2222 "theirs"
 apple
-grape
+grapefruit
 orange
>>>>>>> conflict 1 of 1 ends
"""

JUJUTSU_SNAPSHOT = """\
<<<<<<< Conflict 1 of 1
+++++++ Contents of side #1
apple
grapefruit
orange
------- Contents of base
apple
grape
orange
+++++++ Contents of side #2
APPLE
GRAPE
ORANGE
>>>>>>> Conflict 1 of 1 ends
"""

SMALL, CAPITAL = "apple\ngrapefruit\norange\n", "APPLE\nGRAPE\nORANGE\n"


@pytest.mark.parametrize(
    ("text", "ours", "theirs"),
    [
        (JUJUTSU_DIFF, SMALL, CAPITAL),
        (JUJUTSU_LABELLED, CAPITAL, SMALL),
        (JUJUTSU_SNAPSHOT, SMALL, CAPITAL),
    ],
)
def test_jujutsus_styles_are_read(text: str, ours: str, theirs: str) -> None:
    segments = parse(f"before\n{text}after\n")
    assert segments[0] == "before\n"
    assert segments[2] == "after\n"
    (region,) = regions(segments)
    assert (region.base, region.ours, region.theirs) == ("apple\ngrape\norange\n", ours, theirs)


def test_jujutsu_tells_of_a_missing_newline() -> None:
    text = JUJUTSU_SNAPSHOT.replace("side #2\n", "side #2 (no terminating newline)\n")
    (region,) = regions(parse(text))
    assert region.theirs == CAPITAL.rstrip("\n")


def test_three_sides_of_jujutsu_are_left_alone() -> None:
    third = "+++++++ Contents of side #3\nx\n>>>>>>> "
    text = JUJUTSU_DIFF.replace(">>>>>>> ", third)
    assert parse(text) == [text]
    assert has_markers(text)


plain_lines = st.lists(
    st.text("abc =<>|", max_size=6).filter(lambda s: len(set(s[:4])) != 1), max_size=4
)
texts = plain_lines.map(lambda found: "".join(f"{line}\n" for line in found))
labels = st.builds(Labels, *[st.sampled_from(["", "HEAD", "a b", "x:y"])] * 3)
conflicts = st.builds(
    Region, texts, texts, texts, labels, st.integers(5, 12), st.just(""), st.just(True)
)


@given(st.lists(st.tuples(texts.filter(bool), conflicts), max_size=3))
def test_what_is_written_is_read_again(pairs: list[tuple[str, Region]]) -> None:
    segments = [segment for pair in pairs for segment in pair]
    text = render(segments, "diff3")
    assert meaning(parse(text)) == segments
    assert render(parse(text), "diff3") == text
    without = [
        Region(None, s.ours, s.theirs, Labels("", s.labels.ours, s.labels.theirs), s.size)
        if isinstance(s, Region)
        else s
        for s in segments
    ]
    assert meaning(parse(render(segments, "merge"))) == without


@given(st.text("<>|=%+-\\ a\n\r", max_size=200))
def test_nothing_is_lost_whatever_stands_in_a_file(text: str) -> None:
    assert "".join(map(source, parse(text))) == text
