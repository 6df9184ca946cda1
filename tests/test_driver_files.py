"""The driver and what a file may be: its name, attributes, mode, encoding and line endings."""

import sys
from pathlib import Path

import pytest
from repositories import BASE, CLASHING, OURS, RESOLVED, THEIRS, Repository


@pytest.mark.parametrize(
    "name", ["with space.py", 'it\'s "quoted".py', "$(touch pwned);`x`.py", "-n.py", "ü/é.py"]
)
def test_names_that_a_shell_could_trip_over(repo: Repository, name: str) -> None:
    repo.diverge({name: BASE}, {name: OURS}, {name: THEIRS})
    repo.git("merge", "-q", "side")
    assert repo.read(name) == RESOLVED
    assert not (repo.path / "pwned").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="other file systems refuse such names")
@pytest.mark.parametrize("theirs", [THEIRS, CLASHING])
def test_a_name_that_is_not_utf8(repo: Repository, theirs: str) -> None:
    name = "caf\udce9.py"
    repo.diverge({name: BASE}, {name: OURS}, {name: theirs})
    repo.git("merge", "-q", "side", ok=theirs == THEIRS)
    assert (repo.read(name) == RESOLVED) is (theirs == THEIRS)


@pytest.mark.parametrize(
    ("attribute", "clean", "expected"),
    [
        ("binary", False, OURS),
        ("-merge", False, OURS),
        ("merge=union", True, None),
        ("merge", False, None),
        ("merge=text", False, None),
        ("merge=gitmerge-ai", True, RESOLVED),
    ],
)
def test_attributes_of_the_repository_go_first(
    repo: Repository, attribute: str, clean: bool, expected: str | None
) -> None:
    attributes = {".gitattributes": f"*.py {attribute}\n"}
    repo.diverge({"a.py": BASE, **attributes}, {"a.py": OURS}, {"a.py": THEIRS})
    repo.git("merge", "-q", "side", ok=clean)
    assert repo.read("a.py") != RESOLVED or expected == RESOLVED
    if expected is not None:
        assert repo.read("a.py") == expected


def test_generated_files_are_left_to_git(repo: Repository) -> None:
    attributes = {".gitattributes": "a.py linguist-generated\n"}
    repo.diverge({"a.py": BASE, **attributes}, {"a.py": OURS}, {"a.py": THEIRS})
    repo.git("merge", "-q", "side", ok=False)
    assert "<<<<<<< HEAD" in repo.read("a.py")


def test_the_language_attribute(repo: Repository) -> None:
    attributes = {".gitattributes": "recipe gitmerge-ai-language=python\n"}
    repo.diverge({"recipe": BASE, **attributes}, {"recipe": OURS}, {"recipe": THEIRS})
    repo.git("merge", "-q", "side")
    assert repo.read("recipe") == RESOLVED


def test_binary_file_is_left_as_git_leaves_it(tmp_path: Path) -> None:
    results = []
    for repository in (
        Repository.init(tmp_path / "plain"),
        Repository.init(tmp_path / "with").with_driver(),
    ):
        repository.diverge({"b": b"\0a\n"}, {"b": b"\0b\n"}, {"b": b"\0c\n"})
        done = repository.run("git", "merge", "side")
        assert b"Cannot merge binary files: b (HEAD vs. side)" in done.stdout + done.stderr
        results.append((done.returncode, repository.bytes_of("b"), repository.status()))
    assert results[0] == results[1]
    assert results[0][1] == b"\0b\n"


def test_mode_changes_survive(repo: Repository) -> None:
    repo.commit("base", {"a.py": BASE})
    repo.git("checkout", "-q", "-b", "side")
    repo.git("update-index", "--chmod=+x", "a.py")
    (repo.path / "a.py").chmod(0o755)
    repo.commit("theirs", {"a.py": THEIRS})
    repo.git("checkout", "-q", "main")
    repo.commit("ours", {"a.py": OURS})
    repo.git("merge", "-q", "side")
    assert repo.read("a.py") == RESOLVED
    assert repo.git("ls-files", "-s", "a.py").startswith("100755")


def test_symbolic_links_are_git_s_own(repo: Repository) -> None:
    link = repo.path / "link"
    link.symlink_to("base")
    repo.commit("base", {})
    for branch, target in (("side", "theirs"), ("main", "ours")):
        repo.git("checkout", "-q", "-B", branch, "HEAD" if branch == "side" else "side~")
        link.unlink()
        link.symlink_to(target)
        repo.commit(branch, {})
    repo.git("merge", "-q", "side", ok=False)
    assert link.is_symlink()


def test_carriage_returns_and_no_final_newline(repo: Repository) -> None:
    def dos(text: str) -> str:
        return text.replace("\n", "\r\n").removesuffix("\r\n")

    repo.git("config", "core.autocrlf", "false")
    repo.diverge({"a.py": dos(BASE)}, {"a.py": dos(OURS)}, {"a.py": dos(THEIRS)})
    repo.git("merge", "-q", "side")
    assert repo.bytes_of("a.py") == dos(RESOLVED).encode()


def test_one_side_converted_the_line_endings(repo: Repository) -> None:
    repo.git("config", "core.autocrlf", "false")
    repo.diverge({"a.py": BASE}, {"a.py": OURS.replace("\n", "\r\n")}, {"a.py": THEIRS})
    repo.git("merge", "-q", "side")
    assert repo.bytes_of("a.py") == RESOLVED.replace("\n", "\r\n").encode()


def test_a_file_in_no_known_encoding(repo: Repository) -> None:
    note = b"# caf\xe9\n"
    repo.diverge(
        {"a.py": note + BASE.encode()},
        {"a.py": note + OURS.encode()},
        {"a.py": note + THEIRS.encode()},
    )
    repo.git("merge", "-q", "side")
    assert repo.bytes_of("a.py") == note + RESOLVED.encode()
