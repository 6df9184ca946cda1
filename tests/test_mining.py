"""Mining a merge: what people made of each of its conflict regions."""

import json
import os
import sys
from pathlib import Path

import pytest
from histories import BASE, OURS, TAKEN, THEIRS, change, merged, mined
from repositories import ROOT, Repository

from gitmerge_ai.training.mining.histories import Caps


def test_finds_what_people_made_of_each_region(
    plain: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "1700000000 +0000")
    commit = merged(plain)
    base = plain.git("merge-base", "main^1", "main^2").strip()
    summary, regions = mined(plain, tmp_path / "out")
    first, second = regions
    assert (first.base, first.ours, first.theirs) == ("line 5 = 5\n", "ours 5\n", "theirs 5\n")
    assert first.resolution == "ours 5\n"
    assert second.resolution == "theirs 20\nours 20\n"
    assert first.before == "".join(BASE.splitlines(keepends=True)[:5])
    assert second.before == first.before + "ours 5\n" + "".join(
        BASE.splitlines(keepends=True)[6:20]
    )
    assert second.after == "".join(BASE.splitlines(keepends=True)[21:])
    assert [(each.number, each.of_file, each.of_merge) for each in regions] == [
        (0, 2, 2),
        (1, 2, 2),
    ]
    assert (first.repository, first.path, first.language) == ("plain", "file.py", "python")
    assert first.kinds == ("content",)
    assert first.blobs == tuple(
        plain.git("rev-parse", f"{name}:file.py").strip() for name in (base, "main^1", "main^2")
    )
    facts = first.merge
    assert (facts.commit, facts.bases, facts.message) == (commit, (base,), "Merge the side\n")
    assert {facts.time, facts.ours_time, facts.theirs_time, facts.base_time} == {1700000000}
    assert facts.on_branch
    assert summary.counts == {
        "merges": {"found": 1, "run": 1, "conflicted": 1},
        "paths": {"content": 1},
        "files": {"read": 1},
        "regions": {"kept": 2},
    }


def test_drops_and_counts_a_region_that_does_not_align(plain: Repository, tmp_path: Path) -> None:
    merged(plain, change(TAKEN, at4="rewritten\n"))
    summary, regions = mined(plain, tmp_path / "out")
    assert [region.number for region in regions] == [1]
    assert summary.counts["regions"] == {"unaligned": 1, "kept": 1}


@pytest.mark.parametrize(
    ("committed", "why"),
    [
        (None, "gone"),
        (TAKEN + "<<<<<<< left\n=======\n>>>>>>> behind\n", "marked"),
        (TAKEN + "\0", "binary"),
        (TAKEN + "x" * 1_000_001, "large"),
    ],
    ids=["gone", "marked", "binary", "large"],
)
def test_says_why_a_file_is_of_no_use(
    plain: Repository, tmp_path: Path, committed: str | None, why: str
) -> None:
    merged(plain, committed)
    summary, regions = mined(plain, tmp_path / "out")
    assert regions == []
    assert summary.counts["files"] == {why: 1}


def test_an_added_file_gives_regions_as_git_leaves_them(plain: Repository, tmp_path: Path) -> None:
    plain.diverge({"README": ""}, {"file.py": OURS}, {"file.py": THEIRS})
    plain.git("merge", "-q", "side", ok=False)
    plain.commit("merge", {"file.py": TAKEN})
    _, regions = mined(plain, tmp_path / "out")
    assert [(each.base, each.ours, each.theirs) for each in regions] == [
        ("", "ours 5\n", "theirs 5\n"),
        ("", "ours 20\n", "theirs 20\n"),
    ]
    assert regions[0].kinds == ("add/add",)
    assert regions[0].blobs[0] == ""


def test_bytes_of_no_known_code_come_back(plain: Repository, tmp_path: Path) -> None:
    sides = [f"{text}\n".encode("latin-1") for text in ("Bär", "Löwe", "Kühe")]
    plain.diverge(*({"a.txt": side} for side in sides))
    plain.git("merge", "-q", "side", ok=False)
    plain.commit("merge", {"a.txt": sides[1]})
    _, [region] = mined(plain, tmp_path / "out")
    texts = (region.base, region.ours, region.theirs)
    assert [text.encode("utf-8", "surrogateescape") for text in texts] == sides


def test_tells_a_branch_from_other_refs(plain: Repository, tmp_path: Path) -> None:
    commit = merged(plain)
    plain.git("update-ref", "refs/pull/1/head", commit)
    plain.git("reset", "-q", "--hard", "HEAD^1")
    _, regions = mined(plain, tmp_path / "out")
    assert [region.merge.on_branch for region in regions] == [False, False]


@pytest.mark.parametrize("caps", [Caps(per_file=1), Caps(per_merge=1)], ids=["file", "merge"])
def test_caps_are_drawn(plain: Repository, tmp_path: Path, caps: Caps) -> None:
    merged(plain)
    summary, regions = mined(plain, tmp_path / "out", caps)
    assert len(regions) == 1
    assert regions[0].of_merge == 2
    assert summary.counts["regions"] == {"over a cap": 1, "kept": 1}


def test_cases_for_the_benchmarks(plain: Repository, tmp_path: Path) -> None:
    commit = merged(plain)
    script = [sys.executable, str(ROOT / "benchmarks" / "cases.py")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = plain.run(*script, str(plain.path), "-o", str(tmp_path / "out"), env=environment)
    assert done.returncode == 0, done.stderr
    case = tmp_path / "out" / "python" / f"plain-{commit[:8]}-0"
    texts = {"base": BASE, "ours": OURS, "theirs": THEIRS, "expected": TAKEN}
    assert {name: (case / f"{name}.py").read_text() for name in texts} == texts
    facts = json.loads((case / "meta.json").read_text())
    assert (facts["repo"], facts["merge"], facts["path"]) == ("plain", commit, "file.py")


def test_says_what_the_structured_merge_and_the_histories_tell(
    plain: Repository, tmp_path: Path
) -> None:
    base, ours, theirs = (
        f"def call(a):\n    return {text}\n\n\n{BASE}"
        for text in ("first(a, 1)", "first(a, 2)", "other(a, 1)")
    )
    both = base.replace("first(a, 1)", "other(a, 2)")
    plain.diverge(
        {"file.py": base},
        {"file.py": ours.replace("line 20 = 20", "line 20 = 21")},
        {"file.py": theirs.replace("line 20 = 20", "line 20 = 22")},
    )
    plain.git("merge", "-q", "side", ok=False)
    plain.commit("merge", {"file.py": both})
    _, [first, second] = mined(plain, tmp_path / "out")
    assert first.merged == first.resolution == "    return other(a, 2)\n"
    assert second.merged is None
    assert first.facts["past known"] == 1.0


def test_a_file_that_takes_long_is_not_merged(plain: Repository, tmp_path: Path) -> None:
    base, ours, theirs = (f"call({text})\n" for text in ("1, 2", "2, 2", "1, 3"))
    large = "".join(f"line = {number}\n" for number in range(30_000))
    plain.diverge({"a.py": base + large}, {"a.py": ours + large}, {"a.py": theirs + large})
    plain.git("merge", "-q", "side", ok=False)
    plain.commit("merge", {"a.py": "call(2, 3)\n" + large})
    _, [region] = mined(plain, tmp_path / "out")
    assert region.merged is None
