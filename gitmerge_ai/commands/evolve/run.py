"""`gitmerge-ai evolve run`: a new run."""

import re
from collections.abc import Sequence
from pathlib import Path

import click

from gitmerge_ai.commands.evolve.working import with_how, worked_on
from gitmerge_ai.evolution.agents import kinds
from gitmerge_ai.evolution.graph import runs
from gitmerge_ai.evolution.running import How, begin, proceed
from gitmerge_ai.evolution.selection import STRATEGIES
from gitmerge_ai.evolution.selection.features import DEFAULT
from gitmerge_ai.evolution.selection.voting import parse_vote
from gitmerge_ai.evolution.values import AgentPlan, Budget, Limits, Objective, Plan
from gitmerge_ai.executors import cores

LIMITS = Limits()

_SCORE = re.compile(
    r"(?:(?!lower:|higher:)(?P<name>[A-Za-z][\w-]*):)?(?:(?P<way>lower|higher):)?(?P<command>.*)",
    re.DOTALL,
)

Texts = tuple[str, ...]


@click.command()
@click.option("--goal", required=True, metavar="TEXT", help="What is wanted, in words.")
@click.option(
    "--check", "checks", multiple=True, metavar="COMMAND", help="Has to exit 0 for every commit."
)
@click.option(
    "--score",
    "scores",
    multiple=True,
    metavar="[NAME:][lower:]COMMAND",
    help="Prints the number to optimise, as the last one or as JSON; more is better unless said.",
)
@click.option("--lower", is_flag=True, help="Less is better in every --score.")
@click.option(
    "--until",
    multiple=True,
    metavar="COMMAND",
    help="Tests that fail now: the fewer fail the better, and the run ends when all pass.",
)
@click.option(
    "--quick",
    multiple=True,
    metavar="[NAME:][lower:]COMMAND",
    help="A cheap score that is run first; who is worse in it than its parent goes no further.",
)
@click.option(
    "--validate",
    multiple=True,
    metavar="COMMAND",
    help="Has to exit 0 for a commit to become the best; nothing is selected by it otherwise.",
)
@click.option(
    "--path",
    "paths",
    multiple=True,
    metavar="PATH",
    help="May be edited; all code but tests and what the commands name if not given.",
)
@click.option("--agents", type=click.IntRange(1), help="Agents that need no model.")
@click.option(
    "--agent",
    "agent",
    multiple=True,
    metavar="KIND[:ARGUMENT][:N]",
    help="edits:4, endpoint:MODEL:2, or command:LINE with {goal} in it.",
)
@click.option("--strategy", type=click.Choice(sorted(STRATEGIES)), default="islands")
@click.option("--islands", type=click.IntRange(1), default=2, show_default=True)
@click.option(
    "--feature",
    "features",
    multiple=True,
    metavar="NAME",
    help=f"Of the archive: a score's name, or of {', '.join(DEFAULT)}, which are the default.",
)
@click.option("--crossover", type=click.FloatRange(0, 1), default=0.25, show_default=True)
@click.option("--repeats", type=click.IntRange(1), default=1, help="Of a score that is close.")
@click.option("--vote", default="", metavar="WAY[:N]", help="ahead, confidence or behaviour.")
@click.option("--generations", type=click.IntRange(0), default=0, help="Ends the run.")
@click.option("--minutes", type=click.FloatRange(0), default=0.0, help="Ends the run.")
@click.option("--evaluations", type=click.IntRange(0), default=0, help="Ends the run.")
@click.option("--tokens", type=click.IntRange(0), default=0, help="That models may take in all.")
@click.option("--money", type=click.FloatRange(0), default=0.0, help="That models may cost in all.")
@click.option(
    "--timeout", type=click.FloatRange(0.1), default=LIMITS.seconds, help="Seconds of a command."
)
@click.option("--memory", type=click.IntRange(16), default=LIMITS.memory >> 20, help="MB of it.")
@click.option("--disk", type=click.IntRange(1), default=LIMITS.disk >> 20, help="MB it may write.")
@click.option("--processes", type=click.IntRange(1), default=LIMITS.processes)
@click.option("--seed", type=int, default=0)
@click.option("--base", default="HEAD", show_default=True, help="The commit to begin with.")
@click.option("--name", metavar="NAME", help="Of the run; a number if not given.")
@with_how
def run(
    goal: str,
    checks: Texts,
    scores: Texts,
    lower: bool,
    until: Texts,
    quick: Texts,
    validate: Texts,
    paths: Texts,
    agents: int | None,
    agent: Texts,
    strategy: str,
    islands: int,
    features: Texts,
    crossover: float,
    repeats: int,
    vote: str,
    generations: int,
    minutes: float,
    evaluations: int,
    tokens: int,
    money: float,
    timeout: float,
    memory: int,
    disk: int,
    processes: int,
    seed: int,
    base: str,
    name: str | None,
    how: How,
    as_json: bool,
) -> None:
    """Begin a run and work on it until a budget is spent, or Ctrl-C.

    Every commit of a run is kept in refs and notes of its own; no branch, work tree or index is
    touched. What is run is kept from the network and from your files where bubblewrap is there.
    """
    if not scores and not until:
        raise click.UsageError("there is nothing to optimise: give --score or --until")
    folder = Path.cwd()
    with worked_on(as_json) as watch:
        plan = Plan(
            name=name or _free(folder),
            goal=goal,
            base=base,
            checks=checks,
            objectives=_objectives(scores, "score", lower),
            validate=validate,
            until=until,
            quick=_objectives(quick, "quick", lower),
            paths=paths,
            agents=_agents(agents, agent),
            strategy=strategy,
            islands=islands,
            features=features,
            crossover=crossover,
            repeats=repeats,
            vote=_vote(vote),
            limits=LIMITS._replace(
                seconds=timeout, memory=memory << 20, disk=disk << 20, processes=processes
            ),
            budget=Budget(generations, minutes * 60, evaluations, tokens, money),
            seed=seed,
        )
        begin(folder, plan, watch, isolated=how.isolated)
        proceed(folder, plan.name, how, watch)


def _objectives(given: Sequence[str], default: str, lower: bool) -> tuple[Objective, ...]:
    """Read scores.

    Raises:
        UsageError: two have one name, or one has no command.
    """
    found: list[Objective] = []
    for number, text in enumerate(given, 1):
        match = _SCORE.fullmatch(text)
        assert match
        name = match["name"] or (default if number == 1 else f"{default}-{number}")
        way = match["way"] or ("lower" if lower else "higher")
        found.append(Objective(name, match["command"].strip(), way == "lower"))
    names = [each.name for each in found]
    if len(set(names)) < len(names) or not all(each.command for each in found):
        raise click.UsageError("every score needs a name of its own and a command")
    return tuple(found)


def _agents(number: int | None, given: Sequence[str]) -> tuple[AgentPlan, ...]:
    if given and number:
        raise click.UsageError("give --agents, for edits alone, or --agent for each kind")
    if not given:
        return (AgentPlan("edits", "", number or cores()),)
    try:
        return tuple(map(kinds.parse, given))
    except kinds.AgentError as error:
        raise click.UsageError(str(error)) from error


def _vote(text: str) -> str:
    try:
        if text:
            parse_vote(text)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    return text


def _free(folder: Path) -> str:
    """Find a number that no run has."""
    taken = set(runs(folder))
    return next(name for name in map(str, range(1, len(taken) + 2)) if name not in taken)
