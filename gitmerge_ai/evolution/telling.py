"""The message of an individual's commit: what it changed, by which operator, and what it scored."""

from collections.abc import Iterator, Mapping

from gitmerge_ai.evolution.values import TESTS, Change, Evaluation, Plan
from gitmerge_ai.messages.change import summarise
from gitmerge_ai.messages.conventions import Conventions
from gitmerge_ai.messages.phrasing import phrases
from gitmerge_ai.repository.commits import ChangedFile

SUBJECT = 72
"""Characters of a subject."""

READ = 60_000
"""Bytes of a file's two versions up to which its declarations are compared for the message."""

TRAILER = "Gitmerge-ai-"


def message(
    plan: Plan,
    change: Change,
    evaluation: Evaluation,
    before: Mapping[str, bytes] | None,
    agent: str,
) -> str:
    """Write the message of a commit.

    Args:
        plan: of the run.
        change: what the commit changes.
        evaluation: what running it gave.
        before: the files that are changed, as the first parent has them, for one that is worth the
            time of saying more; else `None`.
        agent: who made it.
    """
    summary = change.summary.strip() or "change " + ", ".join(sorted(change.files))
    phrase = _phrase(change, before) if before is not None else ""
    subject = _subject(f"{phrase}: {summary}" if phrase else summary)
    if len(subject) > SUBJECT or "\n" in summary:
        subject = _cut(_subject(phrase or summary.splitlines()[0]))
        body = [summary, ""]
    else:
        body = []
    return "\n".join([subject, "", *body, *_trailers(plan, change, evaluation, agent), ""])


def _subject(words: str) -> str:
    return words[:1].upper() + words[1:]


def _cut(line: str) -> str:
    return line if len(line) <= SUBJECT else line[: SUBJECT - 1].rstrip() + "…"


def _phrase(change: Change, before: Mapping[str, bytes]) -> str:
    """Say what is changed as the message generator does, where that is quick."""
    files, contents = [], {}
    for path, after in change.files.items():
        old = before.get(path)
        if max(len(old or b""), len(after or b"")) > READ:
            return ""
        names = [f"{path} {side}" for side in ("before", "after")]
        contents.update(
            {name: text for name, text in zip(names, (old, after), strict=True) if text is not None}
        )
        was, now = (
            None if text is None else name for name, text in zip(names, (old, after), strict=True)
        )
        files.append(ChangedFile(path, path if was else None, was, now, now is None))
    found = next(phrases(summarise(files, contents), Conventions()), None)
    return found[0] if found else ""


def _trailers(plan: Plan, change: Change, evaluation: Evaluation, agent: str) -> Iterator[str]:
    yield f"{TRAILER}run: {plan.name}"
    yield f"{TRAILER}agent: {agent}"
    yield f"{TRAILER}operator: {change.operator}"
    yield f"{TRAILER}outcome: {evaluation.outcome}"
    for name, value in evaluation.scores.items():
        if name != TESTS:
            yield f"{TRAILER}score: {name} {value:g}"
