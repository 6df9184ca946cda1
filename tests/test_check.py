"""`gitmerge-ai check`, on what is staged and on commits, in real repositories."""

import json
from pathlib import Path

import pytest
from repositories import Repository, gitmerge_ai

HEAD = "import os\n\n\ndef first(a):\n    return call(a)\n\n\n"
LAST = "def last(a):\n    b = other(a)\n    return b\n"
MINE = "\n\ndef mine(q):\n    z = q + 1\n    return z\n"
BASE = HEAD + LAST
OURS = BASE.replace("import os\n", "import os\nimport sys\n")
THEIRS = BASE + MINE
MERGED = OURS + MINE
CONFLICT = "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> side\n"


def check(repo: Repository, *arguments: str) -> tuple[int, list[str]]:
    done = gitmerge_ai("check", *arguments, cwd=repo.path)
    return done.returncode, done.stdout.decode().splitlines()


def merging(repo: Repository, name: str = "a.py") -> None:
    """Stop in a merge, all of which is staged."""
    repo.diverge({name: BASE}, {name: OURS}, {name: THEIRS})
    repo.git("merge", "-q", "--no-commit", "side")
    assert repo.read(name) == MERGED


def stage(repo: Repository, files: dict[str, str | bytes]) -> None:
    repo.write(files)
    repo.git("add", "-A")


def test_quiet_when_nothing_is_wrong(plain: Repository) -> None:
    merging(plain)
    assert check(plain) == (0, [])
    plain.git("commit", "-q", "-m", "merged")
    assert check(plain) == (0, [])
    assert check(plain, "--commit", "HEAD") == (0, [])


def test_before_the_first_commit(plain: Repository) -> None:
    stage(plain, {"a.py": "a = 1\n" + CONFLICT})
    assert check(plain) == (1, ["a.py:2: a conflict is left"])


@pytest.mark.parametrize("name", ["a.py", "with space/ü\tb.py"])
def test_what_a_merge_lost(plain: Repository, name: str) -> None:
    merging(plain, name)
    stage(plain, {name: OURS})
    status, said = check(plain)
    line = THEIRS.splitlines().index("def mine(q):") + 1
    words = f"theirs added function mine (line {line} there), which is not in the result"
    assert (status, said) == (1, [f"{name}: {words}"])
    plain.git("commit", "-q", "-m", "merged")
    assert check(plain) == (0, [])
    assert check(plain, "--commit", "HEAD") == (1, said)


def test_what_is_not_staged_does_not_count(plain: Repository) -> None:
    merging(plain)
    plain.write({"a.py": OURS})
    assert check(plain) == (0, [])


def test_a_file_of_theirs_that_is_gone(plain: Repository) -> None:
    plain.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS, "new.py": LAST})
    plain.git("merge", "-q", "--no-commit", "side")
    plain.git("rm", "-q", "-f", "new.py")
    assert check(plain) == (1, ["new.py: theirs added this file, which is not in the result"])
    stage(plain, {"moved.py": LAST})
    assert check(plain) == (0, [])


def test_a_file_that_they_renamed(plain: Repository) -> None:
    plain.commit("base", {"a.py": BASE})
    plain.git("checkout", "-q", "-b", "side")
    plain.git("mv", "a.py", "b.py")
    plain.commit("theirs", {"b.py": THEIRS})
    plain.git("checkout", "-q", "main")
    plain.commit("ours", {"a.py": OURS})
    plain.git("merge", "-q", "--no-commit", "side")
    assert check(plain) == (0, [])
    stage(plain, {"b.py": THEIRS})
    status, said = check(plain)
    assert (status, len(said)) == (1, 1)
    assert said[0].startswith("b.py: ours added 'import sys'")


@pytest.mark.parametrize("command", ["cherry-pick", "revert"])
def test_a_pick_that_lost_something(plain: Repository, command: str) -> None:
    clashing = THEIRS.replace("call(a)", "theirs(a)")
    plain.diverge({"a.py": BASE}, {"a.py": OURS.replace("call(a)", "ours(a)")}, {"a.py": clashing})
    if command == "revert":
        plain.git("checkout", "-q", "-b", "back", "side")
        plain.commit("more", {"a.py": clashing.replace("theirs(a)", "again(a)") + LAST})
        plain.git("revert", "--no-commit", "side", ok=False)
        stage(plain, {"a.py": plain.git("show", "HEAD:a.py")})
        assert check(plain)[0] == 0  # ours taken whole: a decision
        return
    plain.git("cherry-pick", "side", ok=False)
    stage(plain, {"a.py": OURS.replace("call(a)", "both(a)")})
    status, said = check(plain)
    assert status == 1
    assert "theirs added function mine" in said[0]


def test_a_file_that_no_longer_parses(plain: Repository) -> None:
    plain.commit("base", {"a.py": BASE, "bad.py": "def (:\n"})
    stage(plain, {"a.py": BASE + "def (:\n", "bad.py": "def (::\n"})
    line = len(BASE.splitlines()) + 1
    assert check(plain) == (1, [f"a.py:{line}: it parsed before and no longer does"])


def test_conflicts_that_stood_there_before(plain: Repository) -> None:
    plain.commit("base", {"a.py": CONFLICT})
    stage(plain, {"a.py": CONFLICT + "a = 1\n"})
    assert check(plain) == (0, [])


def test_files_that_are_named(plain: Repository) -> None:
    plain.commit("base", {"d/a.py": CONFLICT, "b.py": CONFLICT, "c.py": "c = 1\n"})
    assert check(plain) == (0, [])
    assert check(plain, "c.py", "d") == (1, ["d/a.py:1: a conflict is left"])
    done = gitmerge_ai("check", "a.py", "../b.py", cwd=plain.path / "d")
    assert [line.split(b":")[0] for line in done.stdout.splitlines()] == [b"b.py", b"d/a.py"]


def test_attributes_count(plain: Repository) -> None:
    stage(
        plain,
        {
            ".gitattributes": "a.py conflict-marker-size=9\nb gitmerge-ai-language=python\n",
            "a.py": CONFLICT,
            "b": 'TEXT = """\n' + CONFLICT + '"""\n',
            "c": 'TEXT = """\n' + CONFLICT + '"""\n',
        },
    )
    assert check(plain) == (1, ["c:2: a conflict is left"])


def test_binary_files_and_links_are_passed_over(plain: Repository) -> None:
    (plain.path / "link").symlink_to("<<<<<<< HEAD")
    stage(plain, {"a.bin": b"\0" + CONFLICT.encode(), "latin.txt": b"\xe9\n"})
    assert check(plain) == (0, [])


def test_a_file_that_is_too_large_is_passed_over(plain: Repository) -> None:
    stage(plain, {"a.py": CONFLICT + "# more\n" * 150_000, "b.py": CONFLICT})
    assert check(plain) == (1, ["b.py:1: a conflict is left"])


def test_fix_settles_a_conflict_and_stages_it(plain: Repository) -> None:
    ours, theirs = BASE.replace("other(a)", "other(a, 1)"), BASE.replace("other(a)", "new(a)")
    plain.diverge({"a.py": BASE}, {"a.py": ours}, {"a.py": theirs})
    plain.git("merge", "-q", "side", ok=False)
    plain.git("add", "a.py")
    assert check(plain)[0] == 1
    assert check(plain, "--fix") == (0, ["a.py: put right and staged"])
    assert plain.read("a.py") == BASE.replace("other(a)", "new(a, 1)")
    assert plain.status() == "M  a.py\n"


def test_fix_takes_out_a_second_copy(plain: Repository) -> None:
    merging(plain)
    stage(plain, {"a.py": MERGED + MINE})
    assert check(plain)[1] == [
        f"a.py:{len((MERGED + MINE).splitlines()) - 2}: function mine stands twice"
    ]
    assert check(plain, "--fix")[0] == 0
    assert plain.read("a.py") == MERGED


def test_fix_leaves_what_is_not_staged_alone(plain: Repository) -> None:
    merging(plain)
    stage(plain, {"a.py": MERGED + MINE})
    work = MERGED + MINE + "# more\n"
    plain.write({"a.py": work})
    assert check(plain, "--fix")[0] == 1
    assert plain.read("a.py") == work


def test_fix_never_decides_what_was_lost(plain: Repository) -> None:
    merging(plain)
    stage(plain, {"a.py": OURS})
    assert check(plain, "--fix")[0] == 1
    assert plain.read("a.py") == OURS


def test_as_json(plain: Repository) -> None:
    merging(plain)
    stage(plain, {"a.py": OURS})
    done = gitmerge_ai("check", "--json", cwd=plain.path)
    report = json.loads(done.stdout)
    (problem,) = report["problems"]
    assert (problem["kind"], problem["side"], problem["name"]) == (
        "lost",
        "theirs",
        "function mine",
    )
    assert problem["lines"].startswith("def mine(q):")
    assert report["fixed"] == []


@pytest.mark.parametrize("arguments", [["--commit", "nothing"], ["--commit", "HEAD", "--fix"]])
def test_errors_are_one_line(plain: Repository, arguments: list[str]) -> None:
    plain.commit("base", {"a.py": BASE})
    done = gitmerge_ai("check", *arguments, cwd=plain.path)
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)


def test_outside_a_repository(tmp_path: Path) -> None:
    done = gitmerge_ai("check", cwd=tmp_path)
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)


def test_a_criss_cross_alarms_only_where_every_base_says_so(plain: Repository) -> None:
    plain.diverge({"a.py": BASE}, {"a.py": OURS}, {"a.py": THEIRS})
    plain.git("branch", "first")
    plain.git("merge", "-q", "-m", "one", "side")
    plain.git("checkout", "-q", "side")
    plain.git("merge", "-q", "-m", "two", "first")
    plain.commit("more", {"a.py": MERGED.replace("b = other(a)", "b = better(a)")})
    plain.git("checkout", "-q", "main")
    plain.commit("else", {"a.py": MERGED.replace("call(a)", "call(a, 2)")})
    assert len(plain.git("merge-base", "--all", "main", "side").split()) == 2
    plain.git("merge", "-q", "--no-commit", "side")
    assert check(plain) == (0, [])
    stage(plain, {"a.py": plain.read("a.py").replace("b = better(a)", "b = other(a)")})
    assert check(plain)[0] == 1
