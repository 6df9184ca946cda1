"""What an endpoint's language model would call a change, if one is configured.

It is shown how messages are written here, the nearest and the latest changes with theirs, and the
change: all of its parts, and as much of its text as there is room for. What it says is a proposal
among others: whatever is wrong with it, the others are there.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from gitmerge_ai.messages.conventions import Conventions
from gitmerge_ai.messages.parts import Part, Summary
from gitmerge_ai.messages.question import Draft, Proposer, Question
from gitmerge_ai.repository.commits import Commit, Footprint
from gitmerge_ai.repository.config import matching, number
from gitmerge_ai.repository.shown import staged_text, texts
from gitmerge_ai.text.secrets import looks_hidden

NEAREST, LATEST = 5, 5
"""Earlier changes that are shown."""

MOST_TEXT = 12_000
MOST_PARTS = 60
"""Characters of the change that are shown, and parts that are named one by one."""

MOST_PATHS, MOST_EARLIER = 8, 1_500
"""Paths of a change that are named, and characters of an earlier one that are shown."""

MOST_TOKENS = 600
"""Of an answer; a model that reasons first needs most of them for that."""

CONFIDENCE = 0.1
"""How sure an answer counts as where nothing else ranks it: small models are seldom right."""

LONGEST = 120
"""Characters of a subject; what is longer is no subject."""

SETTING = "gitmerge-ai.endpoint"
TRUST = "gitmerge-ai.endpointconfidence"
"""The settings that say whom to ask, and how sure the answers are, if the person knows."""

_TASK = """\
You write the subject line of git commits: one line that says what the change does, in the words and
the form that this repository uses. Answer with that line only. Name no version, ticket or person
that is not in the change or in the name of the branch."""

_FIRST_LINE = re.compile(r"\S[^\n]*")


def consulting(folder: Path, patience: float) -> Proposer | None:
    """Give a proposer that asks the endpoint; `None` where none is configured.

    Args:
        folder: in the work tree whose staged change is asked about.
        patience: seconds that it may take at most.
    """
    settings = matching(rf"^({re.escape(SETTING)}|{re.escape(TRUST)})$", folder)
    if not settings.get(SETTING):
        return None
    trust = number(settings.get(TRUST, ""), 1.0, 0.0)

    def by_endpoint(question: Question) -> Iterator[Draft]:
        text = _asked(folder, patience, question)
        if text:
            yield Draft(text, "endpoint", trust or CONFIDENCE, settled=bool(trust))

    return by_endpoint


def _asked(folder: Path, patience: float, question: Question) -> str:
    """Ask, and give a subject that goes on from what was typed; "" where there is none."""
    from gitmerge_ai.resolving.endpoint import EndpointError, Message, complete, configured

    with suppress(EndpointError):
        endpoint = configured(folder)
        if endpoint:
            shown = texts(folder, [each.name for each in examples(question)], MOST_EARLIER)
            staged = staged_text(folder, MOST_TEXT)
            said = [Message(*each) for each in conversation(question, staged, shown)]
            answer = complete(
                endpoint.within(patience), said, max_tokens=MOST_TOKENS, temperature=0.2
            )
            return usable(answer.text, question.typed)
    return ""


def conversation(
    question: Question, text: str, earlier: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Give what is said to the model, each with the role of who says it.

    Texts are shown as they are in git, where it can be seen what in them is a secret; words out of
    them are not.

    Args:
        question: what is asked.
        text: the change, as far as there is room.
        earlier: the texts of earlier ones, by the names of their commits.
    """
    yield "system", "\n".join([_TASK, *_habits(question.conventions)])
    for commit in examples(question):
        yield "user", f"{_outline(commit.footprint)}\n\n{earlier.get(commit.name, '')}"
        yield "assistant", commit.subject
    asked = question.asked
    lines = [_outline(asked.footprint)]
    if asked.branch:
        lines.append(f"Branch: {asked.branch}")
    lines += ["The change does this:", *_parts(question.summary), "", text]
    if question.typed:
        lines.append(f"The line begins with exactly this, go on from it: {question.typed}")
    yield "user", "\n".join(lines)


def examples(question: Question) -> list[Commit]:
    """Give the latest changes and the nearest ones, these last, none of them twice."""
    memory = question.memory
    weighed = sorted(memory.weigh(question.asked), key=lambda each: -each.likeness)
    alike = [each.remembered.number for each in weighed[:NEAREST] if each.likeness]
    nearest = memory.commits(alike[::-1])
    latest = [commit for commit in memory.latest(LATEST + NEAREST) if commit not in nearest]
    return [*latest[:LATEST][::-1], *nearest]


def usable(answer: str, typed: str) -> str:
    """Give the subject in an answer, what was typed unchanged in front; "" where it is none.

    Args:
        answer: what the model said.
        typed: what was typed of the subject.
    """
    found = _FIRST_LINE.search(answer)
    line = found[0].rstrip() if found else ""
    if len(line) > 1 and line[0] == line[-1] and line[0] in "\"'`":
        line = line[1:-1]
    if typed:
        same = line.lower().startswith(typed.lower())
        line = typed + line[len(typed) :] if same and len(line) > len(typed) else ""
    printable = line.isprintable() and not looks_hidden(line)
    return line if printable and len(line) <= max(LONGEST, len(typed) + LONGEST // 2) else ""


def _habits(known: Conventions) -> Iterator[str]:
    """Say in a line each how messages are written here."""
    if known.conventional:
        yield f"Begin with a type: {', '.join(sorted(known.types))}."
    if known.gitmoji:
        yield "Begin with a pictogram."
    if known.ticket:
        yield "Begin with the ticket, which the name of the branch holds."
    if known.capital is not None:
        yield f"The first word has {'a capital' if known.capital else 'no capital'}."
    if known.stop is not None:
        yield f"End {'with a' if known.stop else 'without a'} full stop."
    if known.tense:
        yield f"The verb is {known.tense}."
    yield f"At most {known.length} characters."


def _outline(footprint: Footprint) -> str:
    """Give where a change is."""
    paths = footprint.paths
    more = f" and {len(paths) - MOST_PATHS} more" if len(paths) > MOST_PATHS else ""
    return f"Files: {', '.join(paths[:MOST_PATHS])}{more}"


def _parts(summary: Summary) -> Iterator[str]:
    """Give what a change does, a line for each part; of very many, what is left is counted."""
    for part in summary.parts[:MOST_PARTS]:
        yield f"- {_part(part)}"
    for (action, kind), count in _counted(summary.parts[MOST_PARTS:]).items():
        yield f"- {action} {kind}: {count} more"


def _part(part: Part) -> str:
    change = f" from {part.before}" if part.before else ""
    change += f" to {part.after}" if part.after else ""
    return f"{part.action} {part.kind} {part.name}{change} in {part.path}"


def _counted(parts: tuple[Part, ...]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for part in parts:
        key = part.action, part.kind
        found[key] = found.get(key, 0) + 1
    return found
