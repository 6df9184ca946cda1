"""An agent that asks a language model: the goal, how it went so far, and the code that matters.

Any server that speaks OpenAI's chat completions will do. The model answers with blocks that say
what to search and what to put there. An answer that cannot be carried out is thrown away and the
model is told why, a few times; it is never repaired by guess. What the answers cost is counted,
the discarded ones too.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from gitmerge_ai.evolution.agents.blocks import FORMAT, Malformed, applied, blocks
from gitmerge_ai.evolution.agents.context import Agent, Context
from gitmerge_ai.evolution.agents.relevance import relevant
from gitmerge_ai.evolution.evaluation.confinement import Unconfined, confined, editable
from gitmerge_ai.evolution.values import Change, Evaluation, Plan
from gitmerge_ai.resolving.endpoint import (
    CHARACTERS,
    Answer,
    Endpoint,
    EndpointError,
    Message,
    complete,
)

TRIES = 3
"""Answers that are asked for, until one can be carried out."""

MOST_TOKENS = 4096
"""Of one answer."""

SHOWN = 24_000
"""Characters of code that a model is shown."""

LISTED = 200
"""Paths that it is told of, beside."""

TEMPERATURE = 0.8
"""A population lives on its members being different."""

SYSTEM = f"""\
You improve a program. You are given a goal, how the present version did, and parts of its code.
Make one small, purposeful change that brings it nearer to the goal, unlike what was tried.
Answer with a line that says what the change does, then with one or more blocks of this form:

{FORMAT}
Copy what you search exactly, with its indentation. To make a new file leave the search empty.
Write nothing else."""

_SUMMARY = 72


class Price(NamedTuple):
    """What a million tokens cost that are read, and that are written."""

    reading: float = 0.0
    writing: float = 0.0

    def of(self, answer: Answer) -> float:
        """Give what an answer cost."""
        read, written = answer.prompt_tokens, answer.completion_tokens
        return (read * self.reading + written * self.writing) / 1e6


def named(argument: str) -> tuple[str, Price]:
    """Read what a plan says of an endpoint agent: `MODEL` or `MODEL@READING/WRITING`.

    Args:
        argument: of the agent; the prices are for a million tokens.

    Raises:
        ValueError: the prices make no sense.
    """
    model, found, prices = argument.partition("@")
    if not found:
        return model, Price()
    reading, _, writing = prices.partition("/")
    price = Price(float(reading), float(writing or reading))
    if not all(0 <= each < float("inf") for each in price):
        raise ValueError(f"no prices: {prices}")
    return model, price


def asking(endpoint: Endpoint, price: Price) -> Agent:
    """Give the agent that asks an endpoint.

    Args:
        endpoint: whom to ask.
        price: what that costs.
    """

    def propose(context: Context) -> Change | None:
        return _Conversation(endpoint, price, context).change()

    return propose


class _Conversation:
    """Asks until an answer can be carried out, or the tries or the budget are used up."""

    def __init__(self, endpoint: Endpoint, price: Price, context: Context) -> None:
        self.endpoint = endpoint
        self.price = price
        self.context = context
        self.messages = [Message("system", SYSTEM), Message("user", question(context))]
        self.operator = f"endpoint:{endpoint.model}" if endpoint.model else "endpoint"
        self.tokens = 0
        self.money = 0.0

    def change(self) -> Change | None:
        """Give the change, one without files where only tokens were spent."""
        for _ in range(TRIES):
            allowed = self._allowed()
            if allowed <= 0:
                break
            try:
                answer = self._asked(allowed)
            except EndpointError:
                break
            try:
                return self._read(answer)
            except (Malformed, Unconfined) as error:
                again = f"That cannot be used: {error}. Answer again, in the form that was asked."
                self.messages += [Message("assistant", answer.text), Message("user", again)]
        return self._spent({}, "no usable answer") if self.tokens else None

    def _asked(self, most: int) -> Answer:
        answer = complete(
            self.endpoint,
            self.messages,
            max_tokens=most,
            temperature=TEMPERATURE,
            seed=self.context.rng.randrange(1 << 31),
        )
        self.tokens += answer.prompt_tokens + answer.completion_tokens
        self.money += self.price.of(answer)
        return answer

    def _allowed(self) -> int:
        """Give how many tokens the next answer may have, with what is read for it paid for."""
        reading = sum(len(each.content) for each in self.messages) // CHARACTERS
        bounds = [MOST_TOKENS]
        if self.context.tokens_left is not None:
            bounds.append(self.context.tokens_left - self.tokens - reading)
        if self.context.money_left is not None:
            left = self.context.money_left - self.money - reading * self.price.reading / 1e6
            if left < 0:
                return 0
            if self.price.writing:
                bounds.append(int(left * 1e6 / self.price.writing))
        return min(bounds)

    def _read(self, answer: Answer) -> Change:
        if answer.cut:
            raise Malformed("it is too long and was cut")
        text = answer.restored()
        may_write = editable(self.context.plan)
        others = self.context.others
        # A file that exists and is not among those to be edited is not to be made anew either.
        files = applied(
            blocks(text), self.context.files, lambda path: may_write(path) and path not in others
        )
        confined(files, lambda path: None)
        if not files:
            raise Malformed("it changes nothing")
        if self.context.seen(files):
            raise Malformed("this was tried before; change something else")
        return self._spent(files, _summary(text, files))

    def _spent(self, files: Mapping[str, bytes | None], summary: str) -> Change:
        return Change(files, self.operator, summary, self.tokens, self.money)


def question(context: Context) -> str:
    """Put what an agent knows into words for a model.

    Args:
        context: of the change that is asked for.
    """
    plan, found = context.plan, context.evaluation
    texts = {path: data.decode("utf-8", "replace") for path, data in context.files.items()}
    feedback = found.feedback if found else ""
    about = "\n".join((plan.goal, feedback, *context.comments))
    parts = relevant(texts, about, context.suspicion, SHOWN)
    sections = [
        ("Goal", plan.goal),
        ("How it is judged", _judged(plan)),
        ("How the present version did", _told(found)),
        ("What people say of it", "\n".join(context.comments)),
        ("Files that may be edited", "\n".join(sorted(texts)[:LISTED])),
        *((f"{part.path}, from line {part.line}", part.text) for part in parts),
    ]
    return "\n\n".join(f"## {title}\n{body.rstrip()}" for title, body in sections if body.strip())


def _judged(plan: Plan) -> str:
    musts = [f"must succeed: {command}" for command in (*plan.checks, *plan.until)]
    scores = [
        f"{'lower' if each.lower else 'higher'} is better: {each.name}, by {each.command}"
        for each in plan.objectives
    ]
    return "\n".join(musts + scores)


def _told(found: Evaluation | None) -> str:
    if found is None:
        return ""
    scores = ", ".join(f"{name} {score:g}" for name, score in found.scores.items())
    return "\n".join(filter(None, (f"{found.outcome} {scores}".strip(), found.feedback)))


def _summary(text: str, files: Mapping[str, bytes | None]) -> str:
    """Take the line that says what the change does, or name the files."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    words = re.sub(r"[*`#]+", "", first).strip().rstrip(".:")
    if not words or words in files or first.startswith("<"):
        return f"Change {', '.join(sorted(files))}"[:_SUMMARY]
    return words if len(words) <= _SUMMARY else words[: _SUMMARY - 1] + "…"
