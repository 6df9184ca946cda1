"""The message of a merge: what was merged, what was in conflict, and how that was resolved."""

import pytest
from repositories import BASE, CLASHING, OURS, THEIRS, Repository, gitmerge_ai

from gitmerge_ai.messages.merges import in_conflict
from gitmerge_ai.repository import hook_installation

RESOLVED = "Conflicts resolved automatically:\n- a.py: both kept, by syntax"
MERGED = "Merged:\n- Change what is called\n- Add a file"


@pytest.fixture
def diverged(repo: Repository) -> Repository:
    """Give a repository with the driver and two branches that change one file."""
    repo.commit("base", {"a.py": BASE, "b.txt": "one\n"})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("Change what is called", {"a.py": THEIRS})
    repo.commit("Add a file", {"more.txt": "more\n"})
    repo.git("checkout", "-q", "main")
    repo.commit("ours", {"a.py": OURS})
    return repo


def told(repo: Repository, status: int = 0) -> str:
    done = gitmerge_ai("message", "--merge", cwd=repo.path)
    assert done.returncode == status, done
    return (done.stderr if status else done.stdout).decode()


def test_a_merge_under_way_is_told(diverged):
    diverged.git("merge", "--no-commit", "side")
    assert told(diverged) == f"Merge branch 'side'\n\n{MERGED}\n\n{RESOLVED}\n"


def test_a_merge_that_was_made_is_told(diverged):
    diverged.git("merge", "-q", "-m", "Bring the side in", "side")
    assert told(diverged) == f"Bring the side in\n\n{MERGED}\n\n{RESOLVED}\n"


def test_what_was_left_to_the_person_is_told_apart(diverged):
    diverged.git("checkout", "-q", "side")
    diverged.commit("Change the text", {"b.txt": "theirs\n", "a.py": THEIRS})
    diverged.git("checkout", "-q", "main")
    diverged.commit("ours too", {"b.txt": "ours\n"})
    diverged.git("merge", "-q", "side", ok=False)
    diverged.write({"b.txt": "both\n"})
    diverged.git("add", "-A")
    said = told(diverged)
    assert said.endswith(f"{RESOLVED}\n\nConflicts resolved by hand:\n- b.txt\n")
    assert "#" not in said


def test_what_was_changed_since_is_not_said_to_be_resolved(diverged):
    diverged.git("merge", "--no-commit", "side")
    diverged.write({"a.py": CLASHING.replace("call", "neither")})
    diverged.git("add", "-A")
    assert "automatically" not in told(diverged)


def test_where_there_is_no_merge_that_is_said(diverged):
    assert told(diverged, status=2).startswith("gitmerge-ai: there is no merge under way")


@pytest.mark.parametrize("asked", [True, False])
def test_the_hook_writes_it_only_if_asked(diverged, asked):
    hook_installation.install(diverged.path)
    diverged.git("config", "gitmerge-ai.mergeMessages", str(asked).lower())
    diverged.git("merge", "-q", "--no-edit", "side")
    more = f"\n\n{MERGED}\n\n{RESOLVED}" if asked else ""
    assert diverged.git("log", "-1", "--format=%B").strip() == f"Merge branch 'side'{more}"


def test_what_the_person_says_stays_in_front_and_comments_below(diverged):
    hook_installation.install(diverged.path)
    diverged.git("config", "gitmerge-ai.mergeMessages", "true")
    diverged.git("merge", "-q", "-m", "Mine\n\nAnd why.", "side")
    said = diverged.git("log", "-1", "--format=%B")
    assert said.startswith("Mine\n\nAnd why.\n\nMerged:\n")


def test_a_rebase_is_no_merge(diverged):
    hook_installation.install(diverged.path)
    diverged.git("config", "gitmerge-ai.mergeMessages", "true")
    diverged.git("rebase", "-q", "main", "side")
    assert diverged.git("log", "-1", "--format=%B").strip() == "Add a file"


def test_conflicts_are_read_from_the_comment_of_git():
    text = "Merge\n\n# Conflicts:\n#\ta b.py\n#\tc\n#\n# more\n#\td\n"
    assert in_conflict(text, "#") == ["a b.py", "c"]
    assert in_conflict(text, ";") == []
    assert in_conflict("Merge\n\nConflicts:\n\ta\n", "#") == []
