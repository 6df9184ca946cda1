"""What a mergetool reads and writes of texts in conflict."""

import os
from pathlib import Path

import pytest
from opened import BASE, OURS, THEIRS, Opened, stopped
from unfinished import ten_conflicts

from gitmerge_ai.interface.mergetool.drafts import Drafts
from gitmerge_ai.interface.mergetool.loading import answer, from_files
from gitmerge_ai.interface.mergetool.ranking import by_hand
from gitmerge_ai.interface.mergetool.saving import Files, SaveError
from gitmerge_ai.interface.mergetool.session import Document


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_a_text_shows_its_base_in_every_style(plain, style):
    opened = stopped(plain, {"f": BASE}, {"f": OURS}, {"f": THEIRS}, style)
    assert opened.titles == [("f", "both modified")]
    assert [region.base for region in opened.session.item.regions] == ["one\n", "two\n"]


def test_a_decided_text_is_written_and_staged(plain):
    opened = stopped(plain, {"f": BASE}, {"f": OURS}, {"f": THEIRS})
    opened.take("ours", slot=0)
    opened.take("theirs", slot=1)
    assert opened.save() == "f: written and staged"
    assert plain.read("f") == "one ours\n\n\n\n\ntwo theirs\n"
    assert plain.status() == "M  f\n"
    assert opened.files.complete()


def test_a_text_can_be_written_half_way_and_then_is_not_staged(plain):
    opened = stopped(plain, {"f": BASE}, {"f": OURS}, {"f": THEIRS})
    before = plain.read("f")
    opened.take("ours", slot=0)
    assert opened.save() == "f: written, 1 conflict left"
    assert plain.status() == "UU f\n"
    first = before[: before.index("two") - len("\n\n\n\n<<<<<<< HEAD\n")]
    assert plain.read("f") == before.replace(first, "one ours\n")


def test_what_is_undone_after_saving_becomes_unmerged_again(plain):
    opened = stopped(plain, {"f": BASE}, {"f": OURS}, {"f": THEIRS})
    text, stages = plain.read("f"), plain.git("ls-files", "-s")
    opened.take("ours", slot=0)
    opened.take("ours", slot=1)
    opened.save()
    opened.session = opened.session.undo().undo()
    opened.save()
    assert (plain.read("f"), plain.git("ls-files", "-s")) == (text, stages)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "chosen"),
    [
        (b"one\r\n", b"o\r\n", b"t\r\n", b"o\r\nt\r\n"),
        (b"one", b"o", b"t", b"o\nt"),
        (b"\xe9\n", b"\xe9o\n", b"\xe9t\n", b"\xe9o\n\xe9t\n"),
        (b"\xef\xbb\xbfone\n", b"\xef\xbb\xbfo\n", b"\xef\xbb\xbft\n", None),
    ],
)
def test_bytes_come_out_as_they_went_in(plain, base, ours, theirs, chosen):
    around = b"top\xff\r\n\n\n\n\n", b"\n\n\n\n\x0cend"
    files = [{"f": around[0] + text + b"\n" + around[1]} for text in (base, ours, theirs)]
    opened = stopped(plain, *files)
    opened.take("ours+theirs")
    opened.save()
    data = plain.bytes_of("f")
    assert data.startswith(around[0])
    assert data.endswith(around[1])
    assert ours in data
    assert theirs in data
    assert chosen is None or chosen.rstrip() in data


def test_a_file_changed_by_something_else_is_not_written_over(plain):
    opened = stopped(plain, {"f": BASE}, {"f": OURS}, {"f": THEIRS})
    plain.write({"f": "mine\n"})
    opened.take("ours")
    with pytest.raises(SaveError, match="changed by something else"):
        opened.save()
    assert plain.read("f") == "mine\n"


def test_an_index_that_is_locked_leaves_it_to_be_saved_again(plain):
    opened = stopped(plain, {"f": BASE}, {"f": OURS}, {"f": THEIRS})
    opened.take("ours", slot=0)
    opened.take("ours", slot=1)
    lock = plain.path / ".git" / "index.lock"
    lock.touch()
    with pytest.raises(SaveError, match=r"index\.lock"):
        opened.save()
    assert not opened.files.complete()
    lock.unlink()
    opened.save()
    assert (plain.read("f"), opened.files.complete()) == (OURS, True)
    assert "UU" not in plain.status()


def test_a_file_that_cannot_be_encoded_is_not_written(plain):
    utf16 = [text.encode("utf-16") for text in (BASE, OURS, THEIRS)]
    plain.write({".gitattributes": "f text working-tree-encoding=UTF-16\n"})
    opened = stopped(plain, *({"f": data} for data in utf16))
    before = plain.bytes_of("f")
    strange = answer("edited", "\udcff\n")
    opened.session = opened.session.decide({(0, 0): strange, (0, 1): strange})
    with pytest.raises(SaveError):
        opened.save()
    assert plain.bytes_of("f") == before
    opened.session = opened.session.undo()
    opened.take("ours", slot=0)
    opened.take("theirs", slot=1)
    opened.save()
    assert plain.bytes_of("f").decode("utf-16") == "one ours\n\n\n\n\ntwo theirs\n"


def test_choices_that_are_not_written_are_there_again(plain):
    opened = stopped(plain, {"f": BASE}, {"f": OURS}, {"f": THEIRS})
    before = plain.read("f")
    opened.take("theirs", slot=1)
    again = Opened.of(plain)
    assert again.session.choices == opened.session.choices
    assert again.session.undo().left() == 2
    assert plain.read("f") == before


def test_written_choices_are_not_made_again_for_what_is_left(plain):
    same = "<<\n" + BASE.replace("two", "one")
    ours, theirs = same.replace("one", "ours"), same.replace("one", "theirs")
    opened = stopped(plain, {"f": same}, {"f": ours}, {"f": theirs})
    opened.take("ours", slot=0)
    opened.save()
    assert Opened.of(plain).session.left() == 1


def test_drafts_of_another_conflict_and_broken_ones_are_not_used(plain):
    opened = stopped(plain, {"f": BASE}, {"f": OURS}, {"f": THEIRS})
    opened.take("theirs")
    plain.write({"f": plain.read("f").replace("one ours", "one mine")})
    assert Opened.of(plain).session.left() == 2
    (draft,) = (plain.path / ".git" / "drafts").glob("*.json")
    draft.write_text('{"version": 1, "conflicts": [5]}')
    assert Opened.of(plain).session.left() == 2
    os.utime(draft, (0, 0))
    Opened.of(plain)
    assert not draft.exists()


def test_drafts_are_gone_once_all_is_written(plain):
    opened = stopped(plain, {"f": BASE}, {"f": OURS}, {"f": THEIRS})
    opened.take("theirs", slot=0)
    opened.take("theirs", slot=1)
    opened.save()
    assert not list((plain.path / ".git" / "drafts").iterdir())


# Every other kind of conflict


# As git mergetool calls it


def four(folder: Path, merged: bytes, ours: bytes = b"o\n", theirs: bytes = b"t\n") -> Files:
    contents = {"base": b"b\n", "ours": ours, "theirs": theirs, "merged": merged}
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    paths = [folder / name for name in contents]
    return Files([from_files(*paths, "f", 7)], None, Drafts(folder / "drafts"))


MARKED = b"x\r\n<<<<<<< a\no\n=======\nt\n>>>>>>> b\nlast"


def test_four_files_are_written_only_when_all_is_decided(tmp_path):
    files = four(tmp_path, MARKED + b"\n" + MARKED)
    item = files.loaded[0].item
    assert isinstance(item, Document)
    choices = ((by_hand(item.regions[0], "theirs"), None),)
    assert "written when all is decided" in files.save(0, choices)
    assert (tmp_path / "merged").read_bytes() == MARKED + b"\n" + MARKED
    choices = ((*choices[0][:1], by_hand(item.regions[1], "ours")),)
    assert files.save(0, choices) == "f: written"
    assert (tmp_path / "merged").read_bytes() == b"x\r\nt\nlast\nx\r\no\nlast"
    assert files.complete()


@pytest.mark.parametrize(("pattern", "data"), [("ours", b"\0o"), ("theirs", b"\0t")])
def test_a_binary_of_four_files_is_copied(tmp_path, pattern, data):
    files = four(tmp_path, b"\0o", b"\0o", b"\0t")
    files.save(0, ((answer(pattern),),))
    assert (tmp_path / "merged").read_bytes() == data


def test_a_whole_merge_is_written_file_by_file(plain):
    opened = Opened.of(ten_conflicts(plain))
    assert [len(item.regions) for item in opened.session.items] == [2, 3, 4, 1]
    for at, slot in opened.session.places():
        opened.take("theirs", at, slot)
    for at in range(4):
        opened.save(at)
    assert opened.files.complete()
    assert plain.git("diff", "--cached", "side") == ""
