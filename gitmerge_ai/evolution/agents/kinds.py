"""The table of the kinds of agents, and what stands for them in a plan and in a run."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from gitmerge_ai.evolution.agents.context import Agent
from gitmerge_ai.evolution.values import AgentPlan, Plan


class AgentError(Exception):
    """There is no such agent, or it cannot work; the message says why."""


def parse(text: str) -> AgentPlan:
    """Read what `--agent` says: `edits:4`, `endpoint:MODEL:2`, `command:aider --message {goal}`.

    Args:
        text: a kind; behind a colon a model or a command line, and for those kinds that are not
            command lines, how many.

    Raises:
        AgentError: it makes no sense.
    """
    kind, _, rest = text.partition(":")
    if kind not in KINDS:
        raise AgentError(f"{text!r} is no agent: it begins with one of {', '.join(KINDS)}")
    if kind == "command":
        if not rest.strip():
            raise AgentError("command: needs the command line to run")
        return AgentPlan(kind, rest.strip())
    argument, _, number = rest.rpartition(":")
    if not number.isdigit():
        argument, number = rest, "1"
    if int(number) < 1 or (kind == "edits" and argument):
        raise AgentError(f"{text!r} is no agent: edits takes a number, from 1")
    return AgentPlan(kind, argument, int(number))


def names(plan: Plan) -> list[tuple[str, AgentPlan]]:
    """Name every agent of a plan, each with its kind.

    Args:
        plan: of the run.
    """
    found: list[tuple[str, AgentPlan]] = []
    for each in plan.agents:
        for _ in range(each.number):
            number = 1 + sum(other.kind == each.kind for _, other in found)
            found.append((f"{each.kind}-{number}", each))
    return found


def make(repository: Path, plan: Plan, kind: AgentPlan) -> Agent:
    """Make an agent.

    Args:
        repository: the user's.
        plan: of the run.
        kind: what agent.

    Raises:
        AgentError: it cannot work.
    """
    return KINDS[kind.kind](repository, plan, kind.argument)


def _edits(repository: Path, plan: Plan, argument: str) -> Agent:
    from gitmerge_ai.evolution.agents.edits import Edits

    return Edits()


def _endpoint(repository: Path, plan: Plan, argument: str) -> Agent:
    from gitmerge_ai.evolution.agents.endpoint import asking, named
    from gitmerge_ai.resolving.endpoint import EndpointError, configured

    try:
        model, price = named(argument)
        endpoint = configured(repository)
    except (ValueError, EndpointError) as error:
        raise AgentError(str(error)) from error
    if endpoint is None:
        raise AgentError("no endpoint is configured: git config gitmerge-ai.endpoint URL")
    return asking(replace(endpoint, model=model) if model else endpoint, price)


def _command(repository: Path, plan: Plan, argument: str) -> Agent:
    from gitmerge_ai.evolution.agents.command import CommandAgent

    return CommandAgent(repository, plan, argument)


KINDS: Mapping[str, Callable[[Path, Plan, str], Agent]] = {
    "edits": _edits,
    "endpoint": _endpoint,
    "command": _command,
}
