"""What a mergetool reads and writes, with every kind of conflict that git leaves."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from repositories import Repository
from unfinished import ten_conflicts

from gitmerge_ai.interface.mergetool.drafts import Drafts
from gitmerge_ai.interface.mergetool.loading import answer, from_files, from_index
from gitmerge_ai.interface.mergetool.ranking import by_hand
from gitmerge_ai.interface.mergetool.saving import Files, SaveError
from gitmerge_ai.interface.mergetool.session import Document, Question, Session

BASE = "one\n\n\n\n\ntwo\n"
OURS = BASE.replace("one", "one ours").replace("two", "two ours")
THEIRS = BASE.replace("one", "one theirs").replace("two", "two theirs")


@dataclass
class Opened:
    """A repository's unmerged paths as the mergetool has them."""

    repo: Repository
    files: Files
    session: Session

    @classmethod
    def of(cls, repo: Repository) -> "Opened":
        files = Files(from_index(repo.path), repo.path, Drafts(repo.path / ".git" / "drafts"))
        session = Session.begin(tuple(each.item for each in files.loaded))
        return cls(repo, files, session.restored(files.recalled()))

    def take(self, pattern: str, at: int = 0, slot: int = 0) -> None:
        item = self.session.items[at]
        if isinstance(item, Question):
            chosen = next(each for each in item.answers if each.pattern == pattern)
        else:
            chosen = by_hand(item.regions[slot], pattern)
        self.session = self.session.decide({(at, slot): chosen})
        self.files.keep(self.session.choices)

    def save(self, at: int = 0) -> str:
        return self.files.save(at, self.session.choices)

    @property
    def titles(self) -> list[tuple[str, str]]:
        return [(item.path, item.title) for item in self.session.items]

    def answers(self, at: int = 0) -> list[str]:
        item = self.session.items[at]
        assert isinstance(item, Question)
        return [each.pattern for each in item.answers]


def stopped(repo: Repository, base: dict, ours: dict, theirs: dict, style: str = "merge") -> Opened:
    repo.git("config", "merge.conflictStyle", style)
    repo.diverge(base, ours, theirs)
    repo.git("merge", "side", ok=False)
    return Opened.of(repo)


def commit_tree(repo: Repository, branch: str, *commands: tuple[str, ...]) -> None:
    """Change a branch with shell commands and commit."""
    repo.git("checkout", "-q", branch)
    for command in commands:
        done = repo.run(*command)
        assert done.returncode == 0, done.stderr
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", f"on {branch}")


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


def test_deleted_by_theirs_asks_to_keep_or_to_delete(plain):
    plain.commit("base", {"f": BASE})
    plain.git("branch", "side")
    plain.commit("ours", {"f": OURS})
    commit_tree(plain, "side", ("git", "rm", "-q", "f"))
    plain.git("checkout", "-q", "main")
    plain.git("merge", "side", ok=False)
    opened = Opened.of(plain)
    assert opened.titles == [("f", "deleted by theirs, changed by ours")]
    assert opened.answers() == ["deleted", "ours", "base"]
    opened.take("deleted")
    assert opened.save() == "f: deleted and staged"
    assert not (plain.path / "f").exists()
    assert plain.status() == "D  f\n"


def test_a_deletion_can_be_taken_back_after_saving(plain):
    test_deleted_by_theirs_asks_to_keep_or_to_delete(plain)
    plain.git("reset", "-q", "--hard")
    plain.git("merge", "side", ok=False)
    stages = plain.git("ls-files", "-s")
    opened = Opened.of(plain)
    opened.take("deleted")
    opened.save()
    opened.session = opened.session.undo()
    opened.save()
    assert (plain.read("f"), plain.git("ls-files", "-s")) == (OURS, stages)
    opened.take("ours")
    opened.save()
    assert (plain.read("f"), plain.status()) == (OURS, "")


def test_an_edited_file_is_offered_as_it_stands_and_kept_when_replaced(plain):
    test_deleted_by_theirs_asks_to_keep_or_to_delete(plain)
    plain.git("reset", "-q", "--hard")
    plain.git("merge", "side", ok=False)
    plain.write({"f": "my own\n"})
    opened = Opened.of(plain)
    assert opened.answers()[0] == "work tree"
    opened.take("base")
    said = opened.save()
    assert plain.read("f") == BASE
    blob = said.split("git show ")[1].split()[0]
    assert plain.git("show", blob) == "my own\n"
    opened.session = opened.session.undo()
    opened.save()
    opened.take("work tree")
    opened.save()
    assert (plain.read("f"), plain.status()) == ("my own\n", "M  f\n")


def test_added_by_both_is_a_text_without_a_base(plain):
    plain.commit("base", {"other": "x\n"})
    opened = stopped(plain, {"g": "x\n"}, {"f": OURS}, {"f": THEIRS})
    assert opened.titles == [("f", "both added")]
    assert {region.base for region in opened.session.item.regions} == {None}


def test_modes_are_asked_for_beside_the_text(plain):
    plain.commit("base", {"x": "x\n"})
    plain.git("branch", "side")
    plain.commit("ours", {"f": "ours\n"})
    plain.git("checkout", "-q", "side")
    plain.write({"f": "theirs\n"})
    commit_tree(plain, "side", ("chmod", "+x", "f"))
    plain.git("checkout", "-q", "main")
    plain.git("merge", "side", ok=False)
    opened = Opened.of(plain)
    assert opened.titles == [("f", "both added"), ("f", "its mode differs")]
    opened.take("ours", at=0)
    opened.save(0)
    assert plain.status() == "AA f\n"
    opened.take("executable", at=1)
    opened.save(1)
    assert plain.git("ls-files", "-s").startswith("100755")
    assert (plain.status(), os.access(plain.path / "f", os.X_OK)) == ("M  f\n", True)


def test_links_are_asked_for_by_their_target(plain):
    for branch in ("base", "side", "main"):
        commands = [("ln", "-sfn", f"to-{branch}", "link")]
        if branch == "base":
            plain.commit("root", {"x": "x\n"})
            commit_tree(plain, "main", *commands)
            plain.git("branch", "side")
        else:
            commit_tree(plain, branch, *commands)
    plain.git("merge", "side", ok=False)
    opened = Opened.of(plain)
    assert opened.titles == [("link", "a symbolic link, changed by both")]
    assert opened.session.region.theirs == "to-side\n"
    opened.take("theirs")
    opened.save()
    assert (plain.path / "link").readlink() == Path("to-side")
    assert plain.status() == "M  link\n"


def test_submodules_are_asked_for_by_their_commit(plain, tmp_path):
    module = Repository.init(tmp_path / "module")
    names = [module.commit(name, {"f": f"{name}\n"}) for name in ("base", "ours")]
    module.git("checkout", "-q", "-b", "other", names[0])
    names.append(module.commit("theirs", {"f": "theirs\n"}))
    plain.commit("root", {"x": "x\n"})
    plain.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(module.path), "m")
    for branch, name in zip(("main", "side", "main"), (names[0], names[2], names[1]), strict=True):
        commit_tree(plain, branch, ("git", "-C", "m", "checkout", "-q", name))
        if name == names[0]:
            plain.git("branch", "side")
    plain.git("merge", "side", ok=False)
    opened = Opened.of(plain)
    assert opened.titles == [("m", "a submodule, changed by both")]
    assert names[1] in opened.session.region.ours
    opened.take("theirs")
    assert opened.save() == "m: theirs taken and staged; now run git submodule update"
    assert names[2] in plain.git("ls-files", "-s", "m")


def test_binaries_are_taken_whole(plain):
    opened = stopped(plain, {"f": b"\0b"}, {"f": b"\0ours"}, {"f": b"\0theirs"})
    assert opened.titles == [("f", "binary")]
    assert opened.session.region.ours == "binary, 5 bytes\n"
    opened.take("theirs")
    opened.save()
    assert plain.bytes_of("f") == b"\0theirs"
    assert plain.status() == "M  f\n"


def test_renamed_apart_leaves_three_questions(plain):
    plain.commit("base", {"f": BASE})
    plain.git("branch", "side")
    commit_tree(plain, "main", ("git", "mv", "f", "ours"))
    commit_tree(plain, "side", ("git", "mv", "f", "theirs"))
    plain.git("checkout", "-q", "main")
    plain.git("merge", "side", ok=False)
    opened = Opened.of(plain)
    assert opened.titles == [
        ("f", "deleted or moved on both sides"),
        ("ours", "added by ours alone, after a rename"),
        ("theirs", "added by theirs alone, after a rename"),
    ]
    opened.take("deleted", at=0)
    opened.take("ours", at=1)
    opened.take("deleted", at=2)
    for at in range(3):
        opened.save(at)
    assert plain.status() == ""
    assert (plain.read("ours"), (plain.path / "theirs").exists()) == (BASE, False)


def test_a_text_that_was_resolved_by_hand_is_kept_as_it_stands(plain):
    stopped(plain, {"f": BASE}, {"f": OURS}, {"f": THEIRS})
    plain.write({"f": "by hand\n"})
    opened = Opened.of(plain)
    assert opened.titles == [("f", "no conflict markers in it")]
    opened.take("work tree")
    assert opened.save() == "f: kept as it stands and staged"
    assert (plain.read("f"), plain.status()) == ("by hand\n", "M  f\n")


def test_a_text_that_is_gone_from_the_work_tree_can_be_had_back(plain):
    stopped(plain, {"f": BASE}, {"f": OURS}, {"f": THEIRS})
    (plain.path / "f").unlink()
    opened = Opened.of(plain)
    assert opened.titles == [("f", "deleted from the work tree")]
    opened.take("theirs")
    plain.write({"f": "made meanwhile\n"})
    with pytest.raises(SaveError, match="changed by something else"):
        opened.save()
    assert plain.read("f") == "made meanwhile\n"
    (plain.path / "f").unlink()
    opened.save()
    assert plain.read("f") == THEIRS


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
