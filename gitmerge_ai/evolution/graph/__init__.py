"""The state of a run, kept in git alone: refs are the population, notes are what is known.

| ref | what it names |
|---|---|
| `refs/gitmerge-ai/evolve/RUN/plan` | a commit on the base that holds the plan as `run.json` |
| `refs/gitmerge-ai/evolve/RUN/island-I/CELL` | an individual of the population |
| `refs/gitmerge-ai/evolve/RUN/best` | the best so far |
| `refs/gitmerge-ai/evolve/RUN/stop` | the plan, while all processes are to stop |
| `refs/notes/gitmerge-ai/RUN` | notes on the individuals; its history holds every one of them |

`state` is the graph itself; `events`, `records`, `plans` and `notes` are what it is written in;
`lineage` asks who descends from whom; `people` is what they may say to a run; `remote` shares one;
`applying` brings a winner in.
"""

from gitmerge_ai.evolution.graph.beginning import GraphError
from gitmerge_ai.evolution.graph.events import Event, event
from gitmerge_ai.evolution.graph.records import (
    Comment,
    Record,
    merit,
    objectives,
    ran,
    rank,
    standing,
)
from gitmerge_ai.evolution.graph.state import Graph, runs
from gitmerge_ai.repository.refs import Move

__all__ = [
    "Comment",
    "Event",
    "Graph",
    "GraphError",
    "Move",
    "Record",
    "event",
    "merit",
    "objectives",
    "ran",
    "rank",
    "runs",
    "standing",
]
