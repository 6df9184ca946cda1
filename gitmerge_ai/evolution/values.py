"""What passes between the parts of a run: the plan, an individual, a change, an evaluation.

Immutable, and each can be written to and read from JSON, as notes and the plan's commit hold it.
Nothing here touches git or runs anything.
"""

from collections.abc import Mapping
from typing import NamedTuple

FAILING = "failing"
"""The objective of a repair: how many tests of the plan's `until` commands fail."""

TESTS = "tests"
"""Beside the objectives in an evaluation's scores: how many tests its commands ran, if they say."""


class Objective(NamedTuple):
    """One number that a run optimises.

    name: as screens show it. command: a shell command; the last number of its output is the score,
    or its last line is a JSON object of name to number. lower: whether less is better.
    """

    name: str
    command: str
    lower: bool = False


class Limits(NamedTuple):
    """What one evaluation may use, its children included.

    seconds: of the clock. memory, disk, output: in bytes. processes: at once.
    """

    seconds: float = 60.0
    memory: int = 1 << 30
    disk: int = 1 << 28
    processes: int = 64
    output: int = 1 << 20


class Budget(NamedTuple):
    """Where a run ends, whichever comes first; 0 is no bound.

    money is in the endpoint's currency, at the prices the plan's agents give.
    """

    generations: int = 0
    seconds: float = 0.0
    evaluations: int = 0
    tokens: int = 0
    money: float = 0.0


class AgentPlan(NamedTuple):
    """A kind of agent and how many of it: `edits:4`, `endpoint:qwen:2`, `command:aider …`.

    kind: "edits", "endpoint" or "command". argument: the model's name, or the command line.
    number: how many of them work at once.
    """

    kind: str
    argument: str = ""
    number: int = 1


class Plan(NamedTuple):
    """All that was asked of a run. Kept as `run.json` in the commit that its `plan` ref names.

    name: of the run, a single component of a ref. goal: in words. base: the commit it started from.
    checks: shell commands that must all exit 0, on the base too. validate: held-out checks for
    would-be winners. until: for repairs, shell commands that fail on the base; how many of their
    tests fail is the objective `FAILING`, and the run ends when an individual passes them all.
    quick: cheap stand-ins for objectives; who is worse in one than its parent is not run further.
    paths: pathspecs of what may be edited; empty is every program the base holds in a
    language that is parsed. strategy: "islands" or "evogit". features: of the archive, by name.
    vote: how agents decide between proposals, "" for not at all; see `selection.voting`.
    crossover: share of the children that cross two individuals over. seed: of all that is random.
    """

    name: str
    goal: str
    base: str
    checks: tuple[str, ...] = ()
    objectives: tuple[Objective, ...] = ()
    validate: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    quick: tuple[Objective, ...] = ()
    paths: tuple[str, ...] = ()
    agents: tuple[AgentPlan, ...] = (AgentPlan("edits"),)
    strategy: str = "islands"
    islands: int = 2
    features: tuple[str, ...] = ()
    crossover: float = 0.25
    repeats: int = 1
    vote: str = ""
    limits: Limits = Limits()
    budget: Budget = Budget()
    seed: int = 0


class Individual(NamedTuple):
    """A commit of the population: where it comes from.

    commit, tree: object names. parents: the individuals it was made from, the base for a first
    one. generation: 0 for the base, else one more than the latest parent's. agent: its name, such
    as "edits-1". operator: what made it, such as "negate" or "crossover". summary: in words.
    grown: by how many bytes its files together are longer than the base's.
    """

    commit: str
    tree: str
    parents: tuple[str, ...]
    generation: int
    island: int
    agent: str
    operator: str
    summary: str = ""
    grown: int = 0


class Evaluation(NamedTuple):
    """What running an individual gave.

    outcome: "passed", or why not: "failed", "timeout", "memory", "disk", "output", "processes",
    "crashed", or "worse" for one that a quick score already turned down. scores: by objective's
    name, empty unless it passed. behaviour: equal for equal results on the checks. seconds: of the
    clock. feedback: the end of what it printed.
    """

    outcome: str
    scores: Mapping[str, float] = {}
    behaviour: str = ""
    seconds: float = 0.0
    feedback: str = ""

    @property
    def passed(self) -> bool:
        """Whether every check held and every objective gave a number."""
        return self.outcome == "passed"


class Change(NamedTuple):
    """What an agent proposes: the files it writes, or removes (`None`), by path from the root.

    operator, summary: as in `Individual`. tokens, money: what a model took for it. confidence: how
    likely who proposes it takes it to be right, where votes are weighed.
    """

    files: Mapping[str, bytes | None]
    operator: str
    summary: str
    tokens: int = 0
    money: float = 0.0
    confidence: float = 1.0
