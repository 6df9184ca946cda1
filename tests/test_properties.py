"""What a merge promises (DESIGN.md, section 5), over generated edits of real code.

Every law is looked at anew in the merged text, not in what the engine says of it.
"""

import os
from collections import Counter

import pytest
import strategies
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from strategies import Text, by_language, texts

from gitmerge_ai.differ.lines import git_merge, marker_size_free_of, to_bytes
from gitmerge_ai.differ.matching import words
from gitmerge_ai.differ.sequences import Change, diff3
from gitmerge_ai.merging import checks
from gitmerge_ai.merging.files import merge_files
from gitmerge_ai.merging.pieces import Open, Pieces
from gitmerge_ai.merging.pipeline import merge
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.syntax.tree import Node, Source
from gitmerge_ai.text import encoding, markers
from gitmerge_ai.text.lines import split
from gitmerge_ai.values import MergeResult, Sides

# More than the suite has time for are looked at by setting this.
EXAMPLES = int(os.environ.get("GITMERGE_AI_EXAMPLES", "6"))
merges = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

every_language = pytest.mark.parametrize("language", by_language())


def is_installed(sides: Sides) -> bool:
    """Whether a fixture's language can be read here; the rarer ones come with an extra."""
    row = for_path(sides.path, sides.ours)
    return row is None or strategies.has_grammar(row.name)


FIXTURES = [sides for sides in strategies.fixture_sides() if is_installed(sides)]
every_fixture = pytest.mark.parametrize("sides", FIXTURES, ids=lambda s: s.path)


def merged(sides: Sides) -> tuple[MergeResult, int]:
    """Merge with markers of a size that no input has, each conflict with its base."""
    size = marker_size_free_of(sides)
    return merge(sides, style="diff3", marker_size=size), size


def pieces_of(text: str, size: int) -> Pieces:
    return [
        to_bytes(s)
        if isinstance(s, str)
        else Open(to_bytes(s.base or ""), to_bytes(s.ours), to_bytes(s.theirs), "")
        for s in markers.parse(text, size)
    ]


def taking(text: str, size: int, side: str) -> str:
    """Resolve every conflict of a text to one side."""
    segments = markers.parse(text, size)
    return "".join(s if isinstance(s, str) else getattr(s, side) for s in segments)


def bare(lines: list[str]) -> Counter[str]:
    """Count lines without their white space at either end, which a merge may fit in."""
    return Counter(line.strip() for line in lines if line.strip())


@every_language
@merges
@given(st.data())
def test_a_generated_merge_keeps_its_promises(language: str, data: st.DataObject) -> None:
    keeps_its_promises(data.draw(strategies.sides(by_language()[language])))


@every_fixture
def test_the_merge_of_a_fixture_keeps_its_promises(sides: Sides) -> None:
    if sides.path.endswith(".ipynb"):
        pytest.skip("tests/test_notebook.py: outputs are dropped, and JSON has rules of its own")
    keeps_its_promises(sides)


def keeps_its_promises(sides: Sides) -> None:
    result, size = merged(sides)
    regions = markers.regions(markers.parse(result.text, size))
    assert len(regions) == len(result.conflicts)
    assert result.clean == (not regions)
    if result.text == git_merge(sides, style="diff3", marker_size=size)[1]:
        return
    loses_and_doubles_nothing(sides, result.text, size)
    shows_only_what_a_side_has(sides, regions)
    keeps_what_nobody_touched(sides, result.text, size)
    parses(sides, result.text, size)
    if result.clean:
        versions = (sides.base, sides.ours, sides.theirs)
        assert markers.has_markers(result.text) == any(map(markers.has_markers, versions))


def loses_and_doubles_nothing(sides: Sides, text: str, size: int) -> None:
    base, ours, theirs = map(to_bytes, (sides.base, sides.ours, sides.theirs))
    assert checks.lost_or_doubled(base, ours, theirs, pieces_of(text, size)) is None


def shows_only_what_a_side_has(sides: Sides, regions: list[markers.Region]) -> None:
    for region in regions:
        for shown, whole in (
            (region.base or "", sides.base),
            (region.ours, sides.ours),
            (region.theirs, sides.theirs),
        ):
            assert not bare(split(shown)) - bare(split(whole))


def keeps_what_nobody_touched(sides: Sides, text: str, size: int) -> None:
    """A line that stands in all three, in one order, stands in the result."""
    base = split(sides.base)
    stable = [
        base[i]
        for chunk in diff3(base, split(sides.ours), split(sides.theirs))
        if chunk.change is Change.NOBODY
        for i in chunk.base
    ]
    shown = bare(split(taking(text, size, "ours"))) | bare(split(taking(text, size, "theirs")))
    assert not bare(stable) - shown


def parses(sides: Sides, text: str, size: int) -> None:
    """With either side in its conflicts it parses as well as they do, and doubles no name."""
    row = for_path(sides.path, sides.ours)
    if row is None:
        return
    versions = [Source(row, to_bytes(t)) for t in (sides.base, sides.ours, sides.theirs)]
    for side in ("ours", "theirs"):
        tree = Source(row, to_bytes(taking(text, size, side)))
        assert tree.error_count() <= max(version.error_count() for version in versions)
        assert checks.doubled_declarations(versions, tree) is None


@every_language
@settings(merges, max_examples=max(2, EXAMPLES // 2))
@given(st.data())
def test_either_side_may_be_ours(language: str, data: st.DataObject) -> None:
    agrees_both_ways(data.draw(strategies.sides(by_language()[language], sound=st.just(True))))


@every_fixture
def test_either_side_of_a_fixture_may_be_ours(sides: Sides) -> None:
    agrees_both_ways(sides)


def agrees_both_ways(sides: Sides) -> None:
    """Both ways are clean or neither is, and clean ones say the same in some order."""
    there, _ = merged(sides)
    back, _ = merged(Sides(sides.base, sides.theirs, sides.ours, sides.path))
    assert there.clean == back.clean
    if there.clean:
        assert words(to_bytes(there.text)) == words(to_bytes(back.text))


two_texts = st.sampled_from(texts()).flatmap(
    lambda text: st.tuples(
        st.just(text), strategies.edits(100).map(lambda e: strategies.edited(text, e, sound=False))
    )
)


@settings(merges, max_examples=20 * EXAMPLES)
@given(two_texts)
@example((Text("a.py", ""), "\ufeffx = 1\r\ny = 2"))
@example((Text("a.txt", "<<<<<<< a\n=======\n>>>>>>> b\n"), ""))
def test_what_one_side_alone_did_is_the_merge(pair: tuple[Text, str]) -> None:
    text, y = pair
    x = text.text
    for sides in (Sides(x, x, y), Sides(x, y, x), Sides(x, y, y)):
        expected = y
        result = merge(Sides(sides.base, sides.ours, sides.theirs, text.path))
        assert (result.text, result.clean) == (expected, True)
        base, ours, theirs, wanted = map(to_bytes, (sides.base, sides.ours, sides.theirs, expected))
        data, _ = merge_files(base, ours, theirs, path=text.path)
        assert data == wanted


@pytest.mark.parametrize("sides", FIXTURES, ids=lambda s: s.path)
def test_the_identities_hold_for_every_fixture(sides: Sides) -> None:
    for x, y in ((sides.base, sides.ours), (sides.ours, sides.theirs), ("", sides.base)):
        assert merge(Sides(x, x, y, sides.path)).text == y
        assert merge(Sides(x, y, x, sides.path)).text == y
        assert merge(Sides(x, y, y, sides.path)).text == y


def written(node: Node) -> bytes:
    """Write a node from its children down to its tokens."""
    return b"".join(c.lead + written(c) for c in node.children) if node.children else node.text


@every_language
def test_every_text_is_in_its_tree(language: str) -> None:
    for text in by_language()[language]:
        in_its_tree(text, text.text)


@every_language
@merges
@given(st.data())
def test_every_edited_text_is_in_its_tree(language: str, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(by_language()[language]))
    in_its_tree(text, strategies.edited(text, data.draw(strategies.edits(100)), sound=False))


def in_its_tree(text: Text, content: str) -> None:
    row = text.row
    assert row is not None
    source = Source(row, to_bytes(content))
    assert source.root.lead + written(source.root) + source.tail == source.text


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_the_bytes_of_an_encoding_come_back(codec: str) -> None:
    base = "name = 'é'\na = 1\nb = 2\n".encode(codec)
    ours = "name = 'é'\na = 10\nb = 2\n".encode(codec)
    theirs = "name = 'é'\na = 1\nb = 20\n".encode(codec)
    data, result = merge_files(base, ours, theirs, path="a.py")
    assert result.clean
    assert data == "name = 'é'\na = 10\nb = 20\n".encode(codec)
    assert encoding.decode(data).text == result.text
