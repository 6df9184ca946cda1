"""The messages of individuals: what was changed, by which operator, and what it scored."""

from gitmerge_ai.evolution.telling import SUBJECT, message
from gitmerge_ai.evolution.values import Change, Evaluation, Plan

PLAN = Plan("pack", "", "base")
BEFORE = {"pack.py": b"def first_fit(a):\n    return a + 1\n"}
FILES = {"pack.py": b"def first_fit(a):\n    return a + 2\n"}
SCORED = Evaluation("passed", {"bins": 210.5, "tests": 3})


def test_says_what_changed_and_what_it_scored() -> None:
    change = Change(FILES, "tune number", "tune number in line 2: 1 -> 2")
    assert message(PLAN, change, SCORED, BEFORE, "edits-1").splitlines() == [
        "Update first_fit: tune number in line 2: 1 -> 2",
        "",
        "Gitmerge-ai-run: pack",
        "Gitmerge-ai-agent: edits-1",
        "Gitmerge-ai-operator: tune number",
        "Gitmerge-ai-outcome: passed",
        "Gitmerge-ai-score: bins 210.5",
    ]


def test_what_failed_is_told_by_its_agent_alone() -> None:
    words = message(PLAN, Change(FILES, "swap", "swap a and 1"), Evaluation("timeout"), None, "e")
    assert words.startswith("Swap a and 1\n\n")
    assert "Gitmerge-ai-outcome: timeout\n" in words


def test_long_and_missing_summaries() -> None:
    long = "rewrite " + "everything " * 20
    subject, empty, body, *_ = message(PLAN, Change(FILES, "x", long), SCORED, None, "e").split(
        "\n"
    )
    assert len(subject) == SUBJECT
    assert (empty, body) == ("", long.strip())
    assert message(PLAN, Change(FILES, "x", ""), SCORED, None, "e").startswith("Change pack.py\n")
    several = message(PLAN, Change(FILES, "x", "Pack tighter\n\nBecause."), SCORED, None, "e")
    assert several.startswith("Pack tighter\n\nPack tighter\n\nBecause.\n\nGitmerge-ai-run")
