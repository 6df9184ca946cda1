"""A program as an agent: what it leaves in its worktree is the change, and it is gone then."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from contexts import PLAN, context
from repositories import Repository

from gitmerge_ai.evolution.agents.command import CommandAgent
from gitmerge_ai.evolution.values import Change, Limits

FILES = {"pack.py": "def pack():\n    return 1\n", "old.py": "old\n", ".gitignore": "*.log\n"}
WORK = """\
import pathlib, sys
pathlib.Path("pack.py").write_text(f"# {sys.argv[1]}\\n")
pathlib.Path("new.py").write_text("new = 1\\n")
pathlib.Path("agent.log").write_text("thinking\\n")
pathlib.Path("old.py").unlink()
"""
CHANGED = {"pack.py": b"# make pack() use fewer bins\n", "new.py": b"new = 1\n", "old.py": None}


@pytest.fixture
def tree(plain: Repository) -> str:
    plain.commit("base", dict(FILES))
    return plain.git("rev-parse", "HEAD^{tree}").strip()


@pytest.fixture
def agents(plain: Repository) -> Iterator[list[CommandAgent]]:
    made: list[CommandAgent] = []
    yield made
    for agent in made:
        agent.close()
    assert plain.git("status", "--porcelain", "--ignored") == ""
    assert plain.git("worktree", "list").count("\n") == 1


def ran(
    plain: Repository, agents: list[CommandAgent], tree: str, command: str, **more: object
) -> Change | None:
    plan = PLAN._replace(base=plain.git("rev-parse", "HEAD").strip())
    agents.append(CommandAgent(plain.path, plan, command, **more))  # type: ignore[arg-type]
    return agents[-1](context(plan=plan, tree=tree))


def script(path: Path, text: str) -> str:
    (path / "agent.py").write_text(text)
    return f"{sys.executable} {path / 'agent.py'}"


def test_what_it_leaves_is_the_change(plain, agents, tree, tmp_path_factory) -> None:
    work = script(tmp_path_factory.mktemp("agent"), WORK)
    change = ran(plain, agents, tree, f"{work} {{goal}}")
    assert change is not None
    assert change.files == CHANGED
    assert agents[0](context(plan=agents[0].plan, tree=tree)) == change


def test_also_what_it_committed(plain, agents, tree, tmp_path_factory) -> None:
    work = script(tmp_path_factory.mktemp("agent"), WORK)
    commit = "git add -A && git -c user.name=a -c user.email=a@b commit -qm done"
    change = ran(plain, agents, tree, f"{work} {{goal}} && {commit}")
    assert change is not None
    assert change.files == CHANGED
    assert plain.git("log", "--format=%s", "--all") == "base\n"


def test_has_the_users_environment(plain, agents, tree, monkeypatch) -> None:
    monkeypatch.setenv("MODEL_KEY", "1234")
    change = ran(plain, agents, tree, 'echo "# $MODEL_KEY $HOME" > pack.py')
    assert change is not None
    assert change.files["pack.py"] == f"# 1234 {Path.home()}\n".encode()


@pytest.mark.parametrize(
    "command",
    ["exit 1", "true", "ln -s /etc/passwd pack2.py", "echo x > test_pack.py", "sleep 60"],
    ids=["fails", "does nothing", "links", "writes a test", "takes too long"],
)
def test_leaves_nothing_that_can_be_used(plain, agents, tree, command) -> None:
    assert ran(plain, agents, tree, command, limits=Limits(seconds=1)) is None


def test_what_was_tried_is_not_proposed(plain, agents, tree) -> None:
    plan = PLAN._replace(base=plain.git("rev-parse", "HEAD").strip())
    agents.append(CommandAgent(plain.path, plan, "echo x > pack.py"))
    assert agents[0](context(plan=plan, tree=tree, seen=({"pack.py": b"x\n"},))) is None
