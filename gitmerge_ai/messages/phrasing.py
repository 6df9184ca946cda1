"""What a change does, in the words that a repository's messages use.

A phrase says only what the syntax trees show; why something was done is not known here.
"""

from collections.abc import Iterator, Sequence

from gitmerge_ai.messages.change import Part, Summary
from gitmerge_ai.messages.conventions import Conventions

VERBS = {
    "add": ("add", "added"),
    "remove": ("remove", "removed"),
    "rename": ("rename", "renamed"),
    "move": ("move", "moved"),
    "signature": ("change", "changed"),
    "change": ("update", "updated"),
    "bump": ("bump", "bumped"),
    "reformat": ("reformat", "reformatted"),
}
"""For each action the verb, imperative and past."""

TYPES = {
    "tests": ("test", "tests"),
    "docs": ("docs", "doc"),
    "formatting": ("style", "refactor"),
    "dependencies": ("build", "deps", "chore"),
    "renames": ("refactor", "chore"),
}
"""For what a change is on the whole, the types of conventional commits that may name it."""

SURE = {"bump": 0.15, "rename": 0.15, "move": 0.12, "add": 0.1, "remove": 0.1, "signature": 0.08}
"""How sure a phrase about an action is to say the point of a change that has one such part."""

LEAST_SURE = 0.04


PICTOGRAMS = {
    "add": (":sparkles:", "\u2728"),
    "remove": (":fire:", "\U0001f525"),
    "rename": (":truck:", "\U0001f69a"),
    "move": (":truck:", "\U0001f69a"),
    "signature": (":recycle:", "\u267b"),
    "change": (":recycle:", "\u267b"),
    "bump": (":arrow_up:", "\u2b06"),
    "reformat": (":art:", "\U0001f3a8"),
    "tests": (":white_check_mark:", "\u2705"),
    "docs": (":memo:", "\U0001f4dd"),
}
"""For what a change does, or is on the whole, the pictogram, by its name and as itself."""


def phrases(summary: Summary, known: Conventions, ticket: str = "") -> Iterator[tuple[str, float]]:
    """Give subjects for a change and how sure each is, the most telling first.

    Where subjects begin with a ticket or a pictogram and there is no fitting one, none is given.

    Args:
        summary: what the change does.
        known: how the repository writes.
        ticket: that the branch is for.
    """
    if known.ticket and not ticket:
        return
    for action in dict.fromkeys(part.action for part in summary.parts):
        parts = [part for part in summary.parts if part.action == action]
        if summary.nature == "formatting":
            action = "reformat"
        sure = SURE.get(action, LEAST_SURE) / len(parts)
        verb = VERBS[action][known.tense == "past"]
        begun = _begun(action, summary, known, ticket)
        if begun is not None:
            phrase = styled(f"{verb} {_object(action, parts)}", summary, known)
            yield f"{begun}{phrase}", max(sure, LEAST_SURE)


def _begun(action: str, summary: Summary, known: Conventions, ticket: str) -> str | None:
    """Give what stands before the words: ticket and pictogram, `None` if one is wanted in vain."""
    sign = ""
    if known.gitmoji:
        fitting = (*PICTOGRAMS.get(summary.nature, ()), *PICTOGRAMS[action])
        sign = next((each for each in fitting if each in known.pictograms), "")
        if not sign:
            return None
        sign += " "
    return (known.ticket_form.format(ticket) if known.ticket else "") + sign


def styled(phrase: str, summary: Summary, known: Conventions) -> str:
    """Dress a phrase as a subject: type and scope, capital, full stop."""
    kind = _type(summary, known)
    if known.conventional and kind:
        return f"{kind}{_scope(summary, known)}: {phrase}"
    if known.capital or (known.capital is None and known.tense is None):
        phrase = phrase[0].upper() + phrase[1:]
    return f"{phrase}." if known.stop else phrase


def _object(action: str, parts: Sequence[Part]) -> str:
    first = parts[0]
    if len(parts) > 2:
        return _many(action, parts)
    names = " and ".join(_name(part) for part in parts)
    if len(parts) == 1 and action == "bump":
        ends = (("from", first.before), ("to", first.after))
        return names + "".join(f" {word} {version}" for word, version in ends if version)
    if len(parts) == 1 and action == "rename":
        before = first.before.rpartition("/")[2] if first.kind == "file" else first.before
        return f"{before} to {names}"
    if len(parts) == 1 and action == "move":
        return f"{names} to {first.path}"
    return f"the signature of {names}" if action == "signature" else names


def _many(action: str, parts: Sequence[Part]) -> str:
    """Name the parts of a large change by what they have in common."""
    if action == "bump":
        return f"{len(parts)} dependencies"
    kinds = {part.kind for part in parts}
    noun = _plural(kinds.pop()) if len(kinds) == 1 else "declarations"
    places = {part.path for part in parts}
    if len(places) == 1 and noun != "files":
        return f"{len(parts)} {noun} in {places.pop()}"
    folders = {path.rpartition("/")[0] for path in places}
    where = f" in {folders.pop()}" if len(folders) == 1 and "" not in folders else ""
    return f"{len(parts)} {noun}{where}"


def _plural(noun: str) -> str:
    return noun + ("es" if noun.endswith("s") else "s")


def _name(part: Part) -> str:
    return part.name.rpartition("/")[2] if part.kind == "file" else part.name


def _type(summary: Summary, known: Conventions) -> str | None:
    """Choose a type that is in use; a change of code may be of any, so only additions are sure."""
    wanted = TYPES.get(summary.nature, ())
    if not wanted and summary.parts and summary.parts[0].action == "add":
        wanted = ("feat",)
    return next(
        (each for each in wanted if each in known.types), "refactor" if not wanted else None
    )


def _scope(summary: Summary, known: Conventions) -> str:
    places = {step for part in summary.parts for step in part.path.split("/")[:-1]}
    found = sorted(known.scopes & places)
    return f"({found[0]})" if len(found) == 1 else ""
