"""Trees written from others: what stays as it was, and paths that lead out."""

import os

import pytest
from repositories import Repository

from gitmerge_ai.repository.index import RepositoryError, open_repository
from gitmerge_ai.repository.trees import with_files


@pytest.fixture
def there(plain: Repository) -> Repository:
    plain.write({"run.sh": "#!/bin/sh\n", "a/b/c.txt": "c\n", "a/d.txt": "d\n"})
    (plain.path / "run.sh").chmod(0o755)
    os.symlink("a", plain.path / "link")
    plain.commit("base", {})
    return plain


def listed(plain: Repository, files: dict[str, bytes | None]) -> dict[str, str]:
    repository = open_repository(plain.path)
    written = with_files(repository, repository.revparse_single("HEAD^{tree}"), files)
    lines = plain.git("ls-tree", "-r", written).splitlines()
    return {line.partition("\t")[2]: line.split()[0] for line in lines}


def test_what_is_not_named_stays(there: Repository) -> None:
    before = there.status()
    found = listed(there, {"run.sh": b"#!/bin/dash\n", "a/new.txt": b"", "x/y/z": b"z"})
    assert found == {
        "run.sh": "100755",
        "link": "120000",
        "a/b/c.txt": "100644",
        "a/d.txt": "100644",
        "a/new.txt": "100644",
        "x/y/z": "100644",
    }
    assert there.status() == before


def test_an_empty_folder_goes_with_its_last_file(there: Repository) -> None:
    assert set(listed(there, {"a/b/c.txt": None})) == {"run.sh", "link", "a/d.txt"}
    assert set(listed(there, {"a/b/c.txt": None, "a/d.txt": None})) == {"run.sh", "link"}
    assert "missing" not in listed(there, {"missing": None})


@pytest.mark.parametrize(
    "path",
    [
        "../out", "/out", "a//b", "a/./b", "a/../../b", "", "a/", ".git/config", "a/.GIT/hooks/x",
        ".git./config", "git~1/config", ".g\u200cit/config", ".git::$INDEX_ALLOCATION/x",
        "a\\..\\b", "a\0b", "link/d.txt", "link", "run.sh/x", "a", "a/b",
    ],
)  # fmt: skip
def test_paths_that_lead_out_are_refused(there: Repository, path: str) -> None:
    with pytest.raises(RepositoryError):
        listed(there, {path: b"x"})


def test_a_path_is_one_thing(there: Repository) -> None:
    for files in ({"n": b"", "n/m": b""}, {"n/m": b"", "n": b""}):
        with pytest.raises(RepositoryError):
            listed(there, files)
