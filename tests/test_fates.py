"""Paths that git leaves without conflict regions, and what people made of them."""

from pathlib import Path

from histories import BASE, OURS, TAKEN, mined
from repositories import Repository

from gitmerge_ai.training.mining.histories import Caps
from gitmerge_ai.training.mining.records import path_files, read_paths


def test_counts_what_became_of_deleted_files(plain: Repository, tmp_path: Path) -> None:
    plain.commit("base", {"kept": "a\n", "dropped": "a\n"})
    plain.git("checkout", "-q", "-b", "side")
    plain.git("rm", "-q", "kept", "dropped")
    plain.git("commit", "-q", "-m", "theirs")
    plain.git("checkout", "-q", "main")
    plain.commit("ours", {"kept": "b\n", "dropped": "b\n"})
    plain.git("merge", "-q", "side", ok=False)
    plain.git("rm", "-q", "dropped")
    plain.commit("merge", {"kept": "b\n"})
    summary, regions = mined(plain, tmp_path / "out")
    assert regions == []
    assert summary.counts["fates"] == {
        "modify/delete, not in theirs: ours": 1,
        "modify/delete, not in theirs: deleted": 1,
    }


def deleted(repo: Repository) -> None:
    """Merge a side that deleted three files which ours changed: one stays, two go."""
    repo.commit("base", {"kept.py": BASE, "dropped.py": BASE, "mended.py": BASE})
    repo.git("checkout", "-q", "-b", "side")
    repo.git("rm", "-q", "kept.py", "dropped.py", "mended.py")
    repo.git("commit", "-q", "-m", "theirs")
    repo.git("checkout", "-q", "main")
    repo.commit("ours", dict.fromkeys(("kept.py", "dropped.py", "mended.py"), OURS + "more\n"))
    repo.git("merge", "-q", "side", ok=False)
    repo.git("rm", "-q", "dropped.py")
    repo.commit("merge", {"kept.py": OURS + "more\n", "mended.py": TAKEN})


def test_keeps_paths_without_regions(plain: Repository, tmp_path: Path) -> None:
    deleted(plain)
    summary, regions = mined(plain, tmp_path / "out")
    assert regions == []
    assert summary.counts["other paths"] == {"kept": 3}
    [file] = path_files(tmp_path / "out")
    paths = {path.path: path for path in read_paths(file)}
    outcomes = {name: path.outcome for name, path in paths.items()}
    assert outcomes == {"dropped.py": "deleted", "kept.py": "ours", "mended.py": "changed"}
    kept = paths["kept.py"]
    assert (kept.kinds, kept.language, kept.of_merge) == (("modify/delete",), "python", 3)
    assert kept.modes == ("100644", "100644", "")
    assert kept.blobs == (
        *(plain.git("rev-parse", f"{at}:kept.py").strip() for at in ("main~2", "main^1")),
        "",
    )
    assert (kept.lines, kept.added, kept.removed) == ((30, 31, 0), (3, 0), (2, 0))
    assert kept.merge.message == "merge\n"


def test_a_binary_file_has_no_lines(plain: Repository, tmp_path: Path) -> None:
    plain.diverge({"a.bin": b"a\n\0"}, {"a.bin": b"b\n\0"}, {"a.bin": b"c\n\0"})
    plain.git("merge", "-q", "side", ok=False)
    plain.commit("merge", {"a.bin": b"c\n\0"})
    mined(plain, tmp_path / "out")
    [path] = read_paths(tmp_path / "out" / "plain.paths.jsonl.gz")
    assert (path.outcome, path.lines, path.added) == ("theirs", (0, 0, 0), (0, 0))
    assert "binary" in path.kinds


def test_caps_and_forks_hold_for_paths_too(plain: Repository, tmp_path: Path) -> None:
    deleted(plain)
    seen: set[bytes] = set()
    summary, _ = mined(plain, tmp_path / "out", Caps(per_merge=2), seen)
    assert summary.counts["other paths"] == {"over a cap": 1, "kept": 2}
    plain.git("clone", "-q", str(plain.path), str(tmp_path / "fork"))
    summary, _ = mined(Repository(tmp_path / "fork"), tmp_path / "out", Caps(per_merge=2), seen)
    assert summary.counts["other paths"] == {"over a cap": 1, "duplicate": 2}
    summary, _ = mined(plain, tmp_path / "few", Caps(per_repository=1))
    assert summary.counts["other paths"]["kept"] == 1
