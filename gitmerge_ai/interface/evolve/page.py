"""A run as one HTML file that needs nothing else: no network, no other file.

What is known of the individuals is written into it as JSON; `page.js` and `drawing.js` draw it,
`page.css` says how it looks. The tables are written here. Changes and logs are bounded, so that a
run of thousands still opens at once: those of what lives, and of what that is from, go first.
"""

import json
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from gitmerge_ai.evolution.graph import Graph, Record, merit, objectives, rank
from gitmerge_ai.evolution.graph.lineage import ancestors
from gitmerge_ai.interface.evolve.figures import (
    Figures,
    Share,
    diffs,
    figures,
    is_better,
    plain,
    told,
)
from gitmerge_ai.interface.evolve.layout import rows
from gitmerge_ai.interface.plots import bar
from gitmerge_ai.interface.words import counted
from gitmerge_ai.text.printable import printable

LONGEST = 20_000
"""Characters of one change or log."""

MOST = 6_000_000
"""Characters of all changes, and of all logs."""

LISTED = 15
"""The best individuals that are listed."""

MEMBER, BEST, PROMOTED, PRUNED, DEAD, BETTER, LIVING = (1 << bit for bit in range(7))
"""What an individual is; `LIVING` is what is in the population, and all that is from."""


def page(graph: Graph) -> str:
    """Write the page.

    Args:
        graph: of the run.
    """
    found = figures(graph)
    known = sorted(
        graph.individuals.values(), key=lambda each: (each.individual.generation, each.time)
    )
    part = files("gitmerge_ai.interface.evolve")
    return Template(part.joinpath("page.html").read_text("utf-8")).substitute(
        style=part.joinpath("page.css").read_text("utf-8"),
        drawing=part.joinpath("drawing.js").read_text("utf-8"),
        script=part.joinpath("page.js").read_text("utf-8"),
        name=_text(found.run),
        goal=_text(found.goal),
        cards=_cards(found),
        operators=_table("operator", found.operators),
        agents=_table("agent", found.agents),
        best=_best(graph, known),
        data=_data(graph, known),
    )


def _data(graph: Graph, known: Sequence[Record]) -> str:
    """Write what is known of the individuals so that it can stand in a page."""
    number = {each.individual.commit: at for at, each in enumerate(known)}
    row = rows([each.individual for each in known])
    members = {each for ref, each in graph.population.items() if ref.startswith("island-")}
    roots = [each for each in (*members, graph.best or "") if each in number]
    living = {each for root in roots for each in ancestors(graph.individuals, root)}
    first = sorted(known, key=lambda each: (each.individual.commit not in living, -each.time))
    changes = _bounded(graph, first)
    logs = _logs(first)
    names = [name for name, _ in objectives(graph.plan)]
    values = {
        "run": graph.run,
        "objectives": [{"name": name, "lower": lower} for name, lower in objectives(graph.plan)],
        "individuals": [
            {
                "commit": one.commit,
                "parents": [number[parent] for parent in one.parents if parent in number],
                "generation": one.generation,
                "row": round(row[one.commit], 2),
                "island": one.island,
                "agent": one.agent or "–",
                "operator": one.operator,
                "summary": one.summary,
                "time": each.time,
                "outcome": each.evaluation.outcome if each.evaluation else "not evaluated",
                "scores": [
                    each.evaluation.scores.get(name) if each.evaluation else None for name in names
                ],
                "seconds": each.evaluation.seconds if each.evaluation else None,
                "validated": each.validation.outcome if each.validation else "",
                "flags": _flags(graph, each, members, living),
                "places": graph.places(one.commit),
                "comments": [[comment.by, comment.text] for comment in each.comments],
                "diff": changes.get(one.commit),
                "log": logs.get(one.commit),
            }
            for each in known
            for one in [each.individual]
        ],
    }
    written = json.dumps(plain(values), separators=(",", ":"))
    return written.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _flags(graph: Graph, record: Record, members: set[str], living: set[str]) -> int:
    commit = record.individual.commit
    told = {
        MEMBER: commit in members,
        BEST: commit == graph.best,
        PROMOTED: record.decision == "promoted",
        PRUNED: record.decision == "pruned",
        DEAD: not graph.alive(commit),
        BETTER: bool(record.individual.parents) and is_better(graph, record),
        LIVING: commit in living,
    }
    return sum(flag for flag, holds in told.items() if holds)


def _bounded(graph: Graph, known: Iterable[Record]) -> dict[str, str]:
    """Give changes, the first ones, as many as there is room for."""
    found: dict[str, str] = {}
    room = MOST
    for each in known:
        text = _cut(diffs(graph, [each])[each.individual.commit])
        room -= len(text)
        if room < 0:
            break
        found[each.individual.commit] = text
    return found


def _logs(known: Iterable[Record]) -> dict[str, str]:
    found: dict[str, str] = {}
    room = MOST
    for each in known:
        text = each.evaluation.feedback[-LONGEST:] if each.evaluation else ""
        room -= len(text)
        if room < 0:
            break
        found[each.individual.commit] = text
    return found


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n… {len(text) - LONGEST:,} more"


def _cards(found: Figures) -> str:
    cards = [
        (counted(found.children, "commit"), f"in {counted(found.generations, 'generation')}"),
        (f"{found.passed:,}", "passed every check"),
        (f"{found.members:,}", f"in the population, on {counted(found.islands, 'island')}"),
    ]
    if found.best:
        cards.insert(0, (told(found.scores), f"the best; the base has {told(found.base_scores)}"))
    return "".join(
        f'<div class="card"><strong>{_text(number)}</strong>{_text(words)}</div>'
        for number, words in cards
    )


def _table(title: str, shares: Sequence[Share]) -> str:
    heads = (title, "commits", "", "passed", "better than parents", "in the population", "best")
    lines = "".join(
        f'<tr><th scope="row">{_text(each.name or "–")}</th><td>{each.children:,}</td>'
        f"<td>{_bar(each)}</td><td>{each.passed:,}</td><td>{each.better:,}</td>"
        f"<td>{each.placed:,}</td><td>{_text(told(each.best))}</td></tr>"
        for each in shares
    )
    return _rows(heads, lines)


def _bar(share: Share) -> str:
    parts = {
        "better": share.better,
        "passed": share.passed - share.better,
        "failed": share.children - share.passed,
    }
    return bar(parts)


def _best(graph: Graph, known: Sequence[Record]) -> str:
    found = [
        each
        for each in known
        if merit(graph.plan, each.evaluation) > (0.0,) and graph.alive(each.individual.commit)
    ]
    found.sort(key=lambda each: rank(graph.plan, each), reverse=True)
    lines = "".join(
        f'<tr><th scope="row"><button type="button" data-commit="{each.individual.commit}">'
        f"{each.individual.commit[:10]}</button></th><td>{each.individual.generation}</td>"
        f"<td>{each.individual.island}</td><td>{_text(each.individual.agent or '–')}</td>"
        f"<td>{_text(each.individual.operator)}</td>"
        f"<td>{_text(told(each.evaluation.scores if each.evaluation else {}))}</td>"
        f'<td class="words">{_text(each.individual.summary)}</td></tr>'
        for each in found[:LISTED]
    )
    return _rows(("commit", "generation", "island", "agent", "operator", "scores", "change"), lines)


def _rows(heads: Sequence[str], lines: str) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def _text(text: Any) -> str:
    return escape(printable(str(text)))
